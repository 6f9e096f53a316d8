#pragma once
// A number that stands for the names and types of a struct, the same from every compiler: stored values carry it, so
// that a store written by another struct is noticed.

#include <stet/reflect/enums.hpp>
#include <stet/reflect/fields.hpp>
#include <stet/reflect/names.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace stet {

/// Specialise with a name for an opaque type, so that two of them are told apart: `"date"`.
template <class T>
inline constexpr std::string_view opaque_name = "opaque";

namespace detail {

// FNV-1a over our own spelling of the types.
struct Spelling {
    std::uint64_t hash = 14695981039346656037ULL;

    constexpr void add(std::string_view text) {
        for (const char c : text) add_byte(static_cast<unsigned char>(c));
        add_byte(0);
    }
    constexpr void add(std::uint64_t number) {
        for (int i = 0; i < 8; ++i) add_byte(static_cast<unsigned char>((number >> (8 * i)) & 0xFF));
    }
    constexpr void add_byte(unsigned char byte) { hash = (hash ^ byte) * 1099511628211ULL; }
};

template <class T, class... Around>
constexpr void spell(Spelling& out);

template <class T, class... Around>
constexpr std::size_t depth_of() {  // of a type that contains itself: how far out it stands
    std::size_t depth = 0;
    std::size_t found = 0;
    ((++depth, found = std::is_same_v<T, Around> ? depth : found), ...);
    return found;
}

template <class T, class... Around>
constexpr void spell_structure(Spelling& out) {
    out.add("struct");
    for_each_field<T>([&]<std::size_t I>() {
        out.add(field_name<T, I>());
        spell<field_type<T, I>, T, Around...>(out);
    });
    out.add("end");
}

template <class T, class... Around>
constexpr void spell(Spelling& out) {
    constexpr Kind kind = kind_v<T>;
    if constexpr (constexpr std::size_t depth = depth_of<T, Around...>(); depth > 0) {
        out.add("itself");
        out.add(depth);
    } else if constexpr (std::is_same_v<T, bool>) out.add("bool");
    else if constexpr (kind == Kind::number) {
        out.add(std::is_floating_point_v<T> ? "float" : std::is_signed_v<T> ? "int" : "unsigned");
        out.add(sizeof(T));
    } else if constexpr (kind == Kind::enumeration) {
        out.add("enum");
        for (std::size_t i = 0; i < enumerators; ++i) {
            if (enum_names<T>.name[i].empty()) continue;
            out.add(i);
            out.add(enum_names<T>.name[i]);
        }
        spell<std::underlying_type_t<T>>(out);
    } else if constexpr (kind == Kind::text) out.add("text");
    else if constexpr (kind == Kind::array) {
        out.add("array");
        out.add(std::tuple_size<T>::value);
        spell<std::remove_cv_t<typename T::value_type>, T, Around...>(out);
    } else if constexpr (kind == Kind::optional || kind == Kind::sequence || kind == Kind::set) {
        out.add(kind == Kind::optional ? "optional" : kind == Kind::set ? "set" : "sequence");
        spell<std::remove_cv_t<typename T::value_type>, T, Around...>(out);
    } else if constexpr (kind == Kind::map) {
        out.add("map");
        spell<typename T::key_type, T, Around...>(out);
        spell<typename T::mapped_type, T, Around...>(out);
    } else if constexpr (kind == Kind::variant) {
        out.add("variant");
        alternatives<T>::for_each_index([&]<std::size_t, class A>() { spell<A, T, Around...>(out); });
        out.add("end");
    } else if constexpr (kind == Kind::structure && reflectable<T>) spell_structure<T, Around...>(out);
    else {
        out.add(opaque_name<T>);
        out.add(sizeof(T));
    }
}

template <class T>
constexpr std::uint64_t make_fingerprint() {
    static_assert(require<Verdict<T, why_not_reflectable<T>>>());
    Spelling out;
    if constexpr (reflectable<T>) spell<T>(out);
    return out.hash;
}

}  // namespace detail

/// Stands for the names, order and types of all fields of `T`, nested ones and enumerators included.
template <class T>
inline constexpr std::uint64_t fingerprint = detail::make_fingerprint<T>();

}  // namespace stet
