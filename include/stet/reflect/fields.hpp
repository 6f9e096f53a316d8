#pragma once
// The fields of a struct: how many, of which type, and each of them of a value. The only header that includes PFR.

#include <stet/config.hpp>
#include <stet/reflect/kinds.hpp>
#include <stet/reflect/probe.hpp>

#include <boost/pfr/core.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace stet {

/// The members of a class that is no aggregate, in their order; see `Members`.
template <auto... Pointers>
struct MemberList {
    static constexpr std::size_t size = sizeof...(Pointers);
};
template <auto... Pointers>
inline constexpr MemberList<Pointers...> members{};

template <class A, class B>
struct Members<std::pair<A, B>> {
    static constexpr auto list = members<&std::pair<A, B>::first, &std::pair<A, B>::second>;
};

/// Can `T` be read field by field? True for aggregates that PFR can take apart and for classes that list their members.
template <class T>
concept reflectable = detail::listed<T> || detail::unreadable_v<T> == Unreadable::no;

namespace detail {

template <class T>
inline constexpr Unreadable why_not_reflectable = listed<T> ? Unreadable::no : unreadable_v<T>;
template <class T>
    requires listed<T>
inline constexpr Unreadable why_not_reflectable<T> = Unreadable::no;

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
    static_assert(V::template not_because<not_a_class>, "stet: T is not a struct; put the value into a struct of one field");
    static_assert(V::template not_because<union_type>, "stet: T is a union; write std::variant instead");
    static_assert(V::template not_because<not_an_aggregate>,
                  "stet: T is no aggregate (it has constructors, private members or virtual functions); list its members: "
                  "static constexpr auto members() { return stet::members<&T::a, &T::b>; }");
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
    static_assert(V::template not_because<pointer_member>,
                  "stet: T has a pointer, and what it points at is not part of the value; hold the value, an index or a "
                  "name, mark the field stet::transient, or specialise stet::is_opaque for a handle whose == is enough");
    static_assert(V::template not_because<incomparable_member>,
                  "stet: T has a member that is neither a struct nor a container and has no ==; give it an operator==, "
                  "list its members, or mark the field stet::transient");
    static_assert(V::template not_because<not_copyable>,
                  "stet: T cannot be copied, so no revision of it can be kept; hold the value itself instead of a "
                  "unique_ptr, mutex or stream, or move that member out of T");
    static_assert(V::template not_because<not_assignable>,
                  "stet: T cannot be assigned to, so it cannot be restored; make its members neither const nor references");
    return V::ok;
}

template <class T>
constexpr auto member_list() {
    if constexpr (listed_inside<T>) return T::members();
    else return std::remove_cv_t<decltype(Members<T>::list)>{};
}

template <std::size_t I, auto First, auto... Rest>
constexpr auto nth_pointer(MemberList<First, Rest...>) {
    if constexpr (I == 0) return First;
    else return nth_pointer<I - 1>(members<Rest...>);
}

template <class T>
constexpr std::size_t count_of_fields() {
    if constexpr (listed<T>) return decltype(member_list<T>())::size;
    else if constexpr (reflectable<T>) return count_fields<T>();
    else return 0;
}

// References to all fields. PFR is told the count that the probe found: its own count crashes g++ 12 on a struct such as
// { std::vector<int> v{1, 2}; }, and asking twice would cost twice. (PFR's public functions have no place for a count.)
// A class that lists its members stands for its own tuple.
template <class T>
STET_ALWAYS_INLINE constexpr decltype(auto) tie_fields(T& value) {
    namespace pfr = boost::pfr::detail;
    if constexpr (listed<std::remove_cv_t<T>>) return (value);
    else return pfr::tie_as_tuple(value, pfr::size_t_<count_fields<std::remove_cv_t<T>>()>{});
}

template <std::size_t I, class Reference>
STET_ALWAYS_INLINE constexpr Reference tied(const boost::pfr::detail::sequence_tuple::base_from_member<I, Reference>& member) {
    return member.value;
}
template <std::size_t I, class T>
    requires listed<std::remove_cv_t<T>>
STET_ALWAYS_INLINE constexpr auto& tied(T& value) {
    return value.*(nth_pointer<I>(member_list<std::remove_cv_t<T>>()));
}

}  // namespace detail

/// The number of fields of `T` (of itself: nested structs count as one).
template <class T>
inline constexpr std::size_t field_count = detail::count_of_fields<std::remove_cv_t<T>>();

/// Field number `I` of a value.
template <std::size_t I, class T>
STET_ALWAYS_INLINE constexpr auto& get_field(T& value) {
    return detail::tied<I>(detail::tie_fields(value));
}

/// The type of field number `I`.
template <class T, std::size_t I>
using field_type = std::remove_cvref_t<decltype(get_field<I>(std::declval<std::remove_cv_t<T>&>()))>;

namespace detail {

/// Calls `f.operator()<I>()` for each field number of `T`.
template <class T, class F>
constexpr void for_each_field(F&& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (f.template operator()<I>(), ...);
    }(std::make_index_sequence<field_count<T>>{});
}

// Fields that need no thought: nothing opens, nothing has a schema, nothing can be refused. Asked for all of them at
// once, because templates are not free.
template <class V>
inline constexpr bool is_scalar = std::is_arithmetic_v<V> || std::is_enum_v<V>;
template <class T>
inline constexpr bool all_scalars = []<std::size_t... I>(std::index_sequence<I...>) {
    return (is_scalar<field_type<T, I>> && ...);
}(std::make_index_sequence<field_count<T>>{});

/// Does `T` open into its fields?
template <class T>
constexpr bool opens() {
    if constexpr (is_indivisible<T> || kind_v<T> != Kind::structure) return false;
    else return reflectable<T>;
}

}  // namespace detail
}  // namespace stet
