#pragma once
// One declaration per struct that says everything about its fields; all other parts of the library read it.

#include <stet/reflect/field.hpp>
#include <stet/reflect/sentences.hpp>
#include <stet/schema/attribute.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace stet {

/// What `static constexpr auto schema()` returns: declarations of fields and checks over several of them.
template <class... Items>
struct Schema {
    detail::Pack<Items...> items;
};

/// Puts declarations together: `return stet::fields(stet::field<&S::port>(stet::in_range(1, 65535)), ...);`
template <class... Items>
constexpr Schema<Items...> fields(Items... items) {
    return {detail::make_pack(items...)};
}

/// For a struct that cannot be edited: specialise with a `static constexpr auto schema()`, beside the struct itself.
template <class T>
struct SchemaFor;

namespace detail {

template <class T>
concept schema_inside = requires { T::schema(); };
template <class T>
concept schema_outside = requires { SchemaFor<T>::schema(); };

template <class T>
constexpr auto read_schema() {
    if constexpr (schema_inside<T>) return T::schema();
    else if constexpr (schema_outside<T>) return SchemaFor<T>::schema();
    else return Schema<>{};
}

template <class>
inline constexpr bool is_schema = false;
template <class... Items>
inline constexpr bool is_schema<const Schema<Items...>> = true;

// What nobody could read without a value, or in a constant expression, would be ignored without a word.
template <class T>
constexpr Misfit misfit_of_schema() {
    if constexpr (!schema_inside<T> && !schema_outside<T>) {
        if constexpr (requires(T& value) { value.schema(); }) return Misfit::not_static;
        else if constexpr (requires { requires is_schema<const decltype(T::schema)>; }) return Misfit::not_static;
        else return Misfit::no;
    } else if constexpr (!is_schema<const decltype(read_schema<T>())>) return Misfit::no_schema;
    else if constexpr (!requires { typename std::bool_constant<(static_cast<void>(read_schema<T>()), true)>; })
        return Misfit::not_constexpr;
    else return Misfit::no;
}

}  // namespace detail

/// Does `T` say something about its fields? `static_assert(stet::has_schema<T>)` behind a struct finds a misspelt
/// schema().
template <class T>
concept has_schema = std::is_class_v<T> && (detail::schema_inside<T> || detail::schema_outside<T>) &&
                     detail::misfit_of_schema<T>() == detail::Misfit::no;

namespace detail {

template <class T>
constexpr auto usable_schema() {
    if constexpr (is_schema<const decltype(read_schema<T>())>) return read_schema<T>();
    else return Schema<>{};
}

// In static storage, so that a violation can point at its rule.
template <class T>
inline constexpr auto schema_v = usable_schema<T>();

template <class>
inline constexpr bool is_declaration = false;
template <class FieldType, class... Said>
inline constexpr bool is_declaration<Declaration<FieldType, Said...>> = true;

/// Where the field of a declaration is.
template <class T, class FieldType, class... Said>
constexpr IndexPath declared_at(const Declaration<FieldType, Said...>&) {
    return resolve<T>(FieldType{});
}

// Has `T`, or a struct inside it that it opens into, a schema?
template <class T>
constexpr bool any_schema() {
    require_fit<misfit_of_schema<T>(), T>();
    if constexpr (has_schema<T>) return true;
    else if constexpr (!opens<T>()) return false;
    else if constexpr (all_scalars<T>) return false;
    else {
        bool found = false;
        for_each_field<T>([&]<std::size_t I>() {
            if constexpr (opens<field_type<T, I>>()) found = found || any_schema<field_type<T, I>>();
        });
        return found;
    }
}

// What an item of a schema says of a field, read once: to ask each item again at each leaf would cost their product.
struct Declared {
    IndexPath path;
    Marks marks;
    std::string_view renamed_from{};
    bool of_field = false;  // and not a check over several
    bool tolerates = false;
    bool keyed = false;
    bool merged = false;

    template <class Said>
    constexpr void add(const Said& said) {
        marks.add(said);
        tolerates = tolerates || std::is_same_v<Said, Tolerance>;
        keyed = keyed || is_keyed_by<Said>;
        merged = merged || is_merge_by<Said>;
        if constexpr (std::is_same_v<Said, RenamedFrom>) renamed_from = said.path;
    }
    // What was said before, by a struct inside or further up, gives way.
    constexpr void say(Marks& all) const {
        all.secret = all.secret || marks.secret;
        all.transient = all.transient || marks.transient;
        all.indivisible = all.indivisible || marks.indivisible;
        if (tolerates) all.tolerance = marks.tolerance;
        if (marks.favour != Favour::nobody) all.favour = marks.favour;
    }
};
template <std::size_t Size>
struct Declarations {
    Declared all[Size > 0 ? Size : 1]{};
};
template <class T>
constexpr auto read_declarations() {
    Declarations<decltype(schema_v<T>.items)::size> read;
    std::size_t next = 0;
    schema_v<T>.items.for_each([&]<class Item>(const Item& item) {
        Declared& here = read.all[next++];
        if constexpr (is_declaration<Item>) {
            here.of_field = true;
            here.path = declared_at<T>(item);
            item.said.for_each([&](const auto& said) { here.add(said); });
        }
    });
    return read;
}
template <class T>
inline constexpr auto declarations = read_declarations<T>();

/// The attributes of the field at `Path`: its own and those of the structs around it.
template <class T, IndexPath Path>
consteval Marks marks_at() {
    Marks marks;
    if constexpr (Path.depth > 1) marks = marks_at<field_type<T, Path.index[0]>, Path.without_first()>();
    if constexpr (has_schema<T>)
        for (const Declared& one : declarations<T>.all)
            if (one.of_field && Path.starts_with(one.path)) one.say(marks);
    return marks;
}

// Which attribute is asked for.
struct AsksKey {
    template <class Said>
    static constexpr bool is = is_keyed_by<Said>;
    static constexpr bool in(const Declared& one) { return one.keyed; }
};
struct AsksMergeBy {
    template <class Said>
    static constexpr bool is = is_merge_by<Said>;
    static constexpr bool in(const Declared& one) { return one.merged; }
};

// That attribute among what a schema says of one field.
template <class Asks, std::size_t I, class... Said>
constexpr auto find_said(const Pack<Said...>& said) {
    if constexpr (I == sizeof...(Said)) return NotKeyed{};
    else if constexpr (Asks::template is<std::remove_cvref_t<decltype(said.template get<I>())>>)
        return said.template get<I>();
    else return find_said<Asks, I + 1>(said);
}

// The first item that has it.
template <class Asks, class T>
constexpr std::size_t item_that_says(const IndexPath& path) {
    if constexpr (has_schema<T>) {
        std::size_t at = 0;
        for (const Declared& one : declarations<T>.all) {
            if (one.of_field && one.path == path && Asks::in(one)) return at;
            ++at;
        }
    }
    return not_found;
}
/// The one attribute of this kind that the field at `Path` has, or NotKeyed.
template <class Asks, class T, IndexPath Path>
constexpr auto said_at() {
    constexpr std::size_t item = item_that_says<Asks, T>(Path);
    if constexpr (item != not_found) return find_said<Asks, 0>(schema_v<T>.items.template get<item>().said);
    else if constexpr (Path.depth > 1) return said_at<Asks, field_type<T, Path.index[0]>, Path.without_first()>();
    else return NotKeyed{};
}
/// How the elements of the sequence at `Path` are identified: a KeyedBy, or NotKeyed.
template <class T, IndexPath Path>
constexpr auto key_at() {
    return said_at<AsksKey, T, Path>();
}

}  // namespace detail
}  // namespace stet
