#pragma once
// What is wrong with a struct or its schema, each reason in one sentence. This header includes nothing, and headers
// that people include have it first: compilers print the way to a header above every sentence that stands in it.

namespace stet {

/// Why a type cannot be read field by field; the last four: why it can be read, but not compared or restored.
enum class Unreadable {
    no,
    not_a_class,
    union_type,
    not_an_aggregate,
    too_many_fields,
    many_fields,
    base_class,
    c_array,
    union_member,
    reference_member,
    bit_field,
    volatile_member,
    unknown,
    pointer_member,
    incomparable_member,
    not_copyable,
    not_assignable
};

namespace detail {

/// An answer that the compiler shows with the type that is to blame.
template <class Type, Unreadable Why>
struct Verdict {
    static constexpr bool ok = Why == Unreadable::no;
    template <Unreadable Reason>
    static constexpr bool not_because = Why != Reason;
};

// One sentence for each reason, and only one: whoever asks goes on with the answer as a condition.
template <class V>
constexpr bool require() {
    using enum Unreadable;
    static_assert(V::template not_because<not_a_class>,
                  "stet: T is not a struct; put the value into a struct of one field");
    static_assert(V::template not_because<union_type>, "stet: T is a union; write std::variant instead");
    static_assert(
        V::template not_because<not_an_aggregate>,
        "stet: T is no aggregate (it has constructors, private members or virtual functions); list its members: "
        "static constexpr auto members() { return stet::members<&T::a, &T::b>; }");
    static_assert(V::template not_because<many_fields>,
                  "stet: T has more than 50 fields; include <stet/reflect/many_fields.hpp> before it, or group some of "
                  "them into a nested struct");
    static_assert(V::template not_because<too_many_fields>,
                  "stet: T has more than 100 fields; group some of them into a nested struct");
    static_assert(V::template not_because<base_class>, "stet: T has a base class; make the base a member instead");
    static_assert(V::template not_because<c_array>, "stet: T has a C array; write std::array instead");
    static_assert(V::template not_because<union_member>, "stet: T has a union as a member; write std::variant instead");
    static_assert(V::template not_because<reference_member>,
                  "stet: T has a reference as a member; hold the value, or an index or name that finds it");
    static_assert(V::template not_because<bit_field>,
                  "stet: T has a bit-field; write an integer of the next size, or a bool, instead");
    static_assert(V::template not_because<volatile_member>,
                  "stet: T has a volatile member; keep settings in a plain struct and copy them to the device");
    static_assert(V::template not_because<unknown>,
                  "stet: T cannot be read; list its members: static constexpr auto members() { return "
                  "stet::members<&T::a, &T::b>; }");
    static_assert(
        V::template not_because<pointer_member>,
        "stet: T has a pointer, and what it points at is not part of the value; hold the value, an index or a "
        "name, mark the field stet::transient, or specialise stet::is_opaque for a handle whose == is enough");
    static_assert(V::template not_because<incomparable_member>,
                  "stet: T has a member that is neither a struct nor a container and has no ==; give it an operator==, "
                  "list its members, or mark the field stet::transient");
    static_assert(V::template not_because<not_copyable>,
                  "stet: T cannot be copied, so no revision of it can be kept; hold the value itself instead of a "
                  "unique_ptr, mutex or stream, or move that member out of T");
    static_assert(
        V::template not_because<not_assignable>,
        "stet: T cannot be assigned to, so it cannot be restored; make its members neither const nor references");
    return V::ok;
}

/// Why `field<...>` is nowhere in a struct.
enum class Missing { no, no_such_field, inside_container, of_another_struct };

template <Missing Why, class>
constexpr bool require_field() {
    using enum Missing;
    static_assert(Why != no_such_field,
                  "stet: no such field; the nearest existing name is in NoSuchField<wrong, nearest>");
    static_assert(
        Why != inside_container,
        "stet: this path goes on inside a container, where only the run time knows what exists; write it as text: "
        "settings.set(\"limits[gpt-4].rate\", value), or, of a Stored, change it in commit([](auto& s) { ... }); a "
        "rule for it stands in the schema() of the element, or as "
        "stet::each(rule) at the container");
    static_assert(Why != of_another_struct,
                  "stet: this member belongs to another struct; name the members from the outside in: "
                  "field<&Settings::llm, &Llm::model>");
    return Why == no;
}

template <bool SameMeaning, class Changed>
constexpr bool require_same_meaning() {
    static_assert(SameMeaning,
                  "stet: migrations: a field became one that does not hold all that it held, see Changed<older, "
                  "newer>; give the newer struct a "
                  "static constexpr auto migrated(const Before& old), which may start with stet::by_name<Newer>(old)");
    return SameMeaning;
}

template <bool TakesCursor>
constexpr bool require_edits() {
    static_assert(TakesCursor,
                  "stet: edit takes a function on a stet::Edit<T>&: [](auto& edit) { edit.set(field<\"x\">, 1); }");
    return TakesCursor;
}

/// Why a rule cannot stand where it stands, or a schema is none.
enum class Misfit { no, rule, each, cross_check, item, no_schema, not_static, not_constexpr };

template <Misfit Why, class, class...>
constexpr bool require_fit() {
    static_assert(
        Why != Misfit::rule,
        "stet: this rule cannot read its field: in_range, min and max need a number, length and not_empty a text "
        "or container, one_of values that compare with the field; for the elements of a container write "
        "stet::each(rule)");
    static_assert(Why != Misfit::each,
                  "stet: each(rule) stands at a field that has elements: an array, sequence, set, map or optional");
    static_assert(Why != Misfit::item,
                  "stet: fields(...) takes declarations, field<&T::port>(rule...), and checks over several fields");
    static_assert(Why != Misfit::no_schema, "stet: schema() must return stet::fields(...)");
    static_assert(Why != Misfit::not_static, "stet: schema() must be static: write static constexpr auto schema()");
    static_assert(Why != Misfit::not_constexpr,
                  "stet: schema() must be a constant expression: write static constexpr auto schema(), and call in it "
                  "only what is constexpr");
    static_assert(Why != Misfit::cross_check,
                  "stet: the predicate of this check does not take the types of the fields that it names");
    return Why == Misfit::no;
}

}  // namespace detail
}  // namespace stet
