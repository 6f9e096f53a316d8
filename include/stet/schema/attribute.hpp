#pragma once
// Attributes: what a schema says about a field beside its rules.

#include <cstddef>
#include <cstdint>
#include <string_view>
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

/// The name that it had in an older struct: what was stored under that comes here.
struct RenamedFrom {
    std::string_view path;
};

/// Whose value stands where two changes meet: as an attribute always, given to `resolve` once.
enum class Side : std::uint8_t { ours, theirs, base };
/// How a merge decides by itself where both sides changed a field.
enum class Favour : std::uint8_t { nobody, ours, theirs, sum, max, min, all };
struct MergeAs {
    Favour favour;
};
template <class F>
struct MergeBy {
    F decide;
};

inline constexpr Secret secret{};
inline constexpr Transient transient{};
inline constexpr Indivisible indivisible{};
constexpr Tolerance tolerance(double limit) { return {limit}; }
template <auto Key>
inline constexpr KeyedBy<Key> keyed_by{};
/// `renamed_from("max_msgs")`: a path as it stood in an older struct; see `migrations`.
constexpr RenamedFrom renamed_from(std::string_view path) { return {path}; }
/// Where both sides changed the field, this one's value stands, and there is no conflict.
inline constexpr Side ours = Side::ours;
inline constexpr Side theirs = Side::theirs;
/// Counters: what both sides added is added up. The greater, or the lesser, of two numbers.
inline constexpr MergeAs merge_by_sum{Favour::sum};
inline constexpr MergeAs merge_by_max{Favour::max};
inline constexpr MergeAs merge_by_min{Favour::min};
/// Containers: what only one side erased stays if the other one changed it.
inline constexpr MergeAs merge_by_union{Favour::all};
/// `merge_by([](const V& base, const V& ours, const V& theirs) { return ...; })`, for fields that change as one value.
template <class F>
constexpr MergeBy<F> merge_by(F decide) {
    return {decide};
}

namespace detail {

struct NotKeyed {};

template <class>
inline constexpr bool is_keyed_by = false;
template <auto Key>
inline constexpr bool is_keyed_by<KeyedBy<Key>> = true;

template <class>
inline constexpr bool is_merge_by = false;
template <class F>
inline constexpr bool is_merge_by<MergeBy<F>> = true;

template <class T>
concept attribute = std::is_same_v<T, Secret> || std::is_same_v<T, Transient> || std::is_same_v<T, Indivisible> ||
                    std::is_same_v<T, Tolerance> || std::is_same_v<T, MergeAs> || std::is_same_v<T, Side> ||
                    std::is_same_v<T, RenamedFrom> || is_keyed_by<T> || is_merge_by<T>;

/// The attributes of one field, added up.
struct Marks {
    double tolerance = 0;
    bool secret = false;
    bool transient = false;
    bool indivisible = false;
    Favour favour = Favour::nobody;

    constexpr void add(Secret) { secret = true; }
    constexpr void add(Transient) { transient = true; }
    constexpr void add(Indivisible) { indivisible = true; }
    constexpr void add(Tolerance t) { tolerance = t.limit; }
    constexpr void add(MergeAs merge) { favour = merge.favour; }
    constexpr void add(Side side) { favour = side == Side::theirs ? Favour::theirs : Favour::ours; }
    template <class Other>
    constexpr void add(const Other&) {}
};

}  // namespace detail
}  // namespace stet
