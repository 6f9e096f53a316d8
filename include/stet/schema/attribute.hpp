#pragma once
// Attributes: what a schema says about a field beside its rules.

#include <cstddef>
#include <type_traits>

namespace stet {

/// Never shown: text, errors and audit write it as dots. It is stored and restored like any other field.
struct Secret {};
/// Not versioned: a diff does not see it, undo and rollback leave it as it is.
struct Transient {};
/// Compared, merged and replaced as one value although it could be opened.
struct Indivisible {};
/// How far two numbers may be apart and still be shown as equal; diff and the laws stay exact.
struct Tolerance {
    double limit;
};
/// Elements of a sequence that have an identity: the member `Key`, unique in the sequence.
template <auto Key>
struct KeyedBy {
    template <class Element>
    static constexpr const auto& key(const Element& element) {
        return element.*Key;
    }
};

inline constexpr Secret secret{};
inline constexpr Transient transient{};
inline constexpr Indivisible indivisible{};
constexpr Tolerance tolerance(double limit) { return {limit}; }
template <auto Key>
inline constexpr KeyedBy<Key> keyed_by{};

namespace detail {

struct NotKeyed {};

template <class>
inline constexpr bool is_keyed_by = false;
template <auto Key>
inline constexpr bool is_keyed_by<KeyedBy<Key>> = true;

template <class T>
concept attribute = std::is_same_v<T, Secret> || std::is_same_v<T, Transient> || std::is_same_v<T, Indivisible> ||
                    std::is_same_v<T, Tolerance> || is_keyed_by<T>;

/// The attributes of one field, added up.
struct Marks {
    double tolerance = 0;
    bool secret = false;
    bool transient = false;
    bool indivisible = false;

    constexpr void add(Secret) { secret = true; }
    constexpr void add(Transient) { transient = true; }
    constexpr void add(Indivisible) { indivisible = true; }
    constexpr void add(Tolerance t) { tolerance = t.limit; }
    template <class Other>
    constexpr void add(const Other&) {}
    constexpr void add(const Marks& outer) {
        secret = secret || outer.secret;
        transient = transient || outer.transient;
        indivisible = indivisible || outer.indivisible;
        if (tolerance <= 0) tolerance = outer.tolerance;
    }
};

}  // namespace detail
}  // namespace stet
