#pragma once
// A struct flattened into its leaves: nested structs open, everything else is one leaf with a number, a path, a type and
// attributes. All later floors speak of leaves by number.

#include <stet/schema/schema.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stet {
namespace detail {

template <class T>
constexpr std::size_t most_leaves() {
    if constexpr (!opens<T>()) return 1;
    else {
        std::size_t sum = 0;
        for_each_field<T>([&]<std::size_t I>() { sum += most_leaves<field_type<T, I>>(); });
        return sum;
    }
}

/// A run of leaves: those of one field.
struct LeafRange {
    std::size_t first = 0;
    std::size_t count = 0;
    constexpr bool contains(std::size_t leaf) const { return leaf >= first && leaf < first + count; }
};

template <std::size_t Capacity>
struct LeafTable {
    IndexPath path[Capacity > 0 ? Capacity : 1]{};
    Marks marks[Capacity > 0 ? Capacity : 1]{};
    std::size_t size = 0;

    constexpr void add(const IndexPath& at, const Marks& said) {
        path[size] = at;
        marks[size++] = said;
    }
    // Of a field that is a leaf, or holds leaves, or lies inside an indivisible leaf.
    constexpr LeafRange range(const IndexPath& at) const {
        LeafRange found;
        for (std::size_t leaf = 0; leaf < size; ++leaf) {
            if (!path[leaf].starts_with(at) && !at.starts_with(path[leaf])) continue;
            if (found.count++ == 0) found.first = leaf;
        }
        return found;
    }
};

template <class Root, class T, bool Marked, IndexPath At, std::size_t Capacity>
constexpr void collect_leaves(LeafTable<Capacity>& table) {
    for_each_field<T>([&]<std::size_t I>() {
        constexpr IndexPath here = At.then(I);
        constexpr Marks marks = [] {
            if constexpr (Marked) return marks_at<Root, At.then(I)>();
            else return Marks{};
        }();
        if constexpr (opens<field_type<T, I>>() && !marks.indivisible)
            collect_leaves<Root, field_type<T, I>, Marked, here>(table);
        else table.add(here, marks);
    });
}

template <class T>
constexpr auto make_leaf_table() {
    LeafTable<most_leaves<T>()> table;
    collect_leaves<T, T, any_schema<T>(), IndexPath{}>(table);
    return table;
}

template <class T>
inline constexpr auto leaf_table = make_leaf_table<T>();

}  // namespace detail

/// The number of leaves of `T`: nested structs count with all of theirs.
template <class T>
inline constexpr std::size_t leaf_count = detail::leaf_table<std::remove_cv_t<T>>.size;

/// Leaf number `L` of a value.
template <std::size_t L, class T>
constexpr auto& get_leaf(T& value) {
    return detail::get_at<detail::leaf_table<std::remove_cv_t<T>>.path[L]>(value);
}

/// The type of leaf number `L`.
template <class T, std::size_t L>
using leaf_type = typename detail::TypeAt<std::remove_cv_t<T>, detail::leaf_table<std::remove_cv_t<T>>.path[L]>::type;

/// The path of leaf number `L`: `"llm.model"`.
template <class T, std::size_t L>
constexpr std::string_view leaf_path() {
    return detail::path_text_v<std::remove_cv_t<T>, detail::leaf_table<std::remove_cv_t<T>>.path[L]>.view();
}

namespace detail {

template <class T, std::size_t L>
inline constexpr Marks leaf_marks = leaf_table<T>.marks[L];

template <class T, std::size_t L>
constexpr auto leaf_key() {
    if constexpr (any_schema<T>()) return key_at<T, leaf_table<T>.path[L]>();
    else return NotKeyed{};
}

/// Calls `f.operator()<L>()` for each leaf number of `T`.
template <class T, class F>
constexpr void for_each_leaf(F&& f) {
    [&]<std::size_t... L>(std::index_sequence<L...>) {
        (f.template operator()<L>(), ...);
    }(std::make_index_sequence<leaf_count<T>>{});
}

/// Calls `f.operator()<L>()` for the one leaf number that is `leaf`, found by halving.
template <class T, class F, std::size_t First = 0, std::size_t Last = leaf_count<T>>
constexpr auto with_leaf(std::size_t leaf, F&& f) {
    if constexpr (First + 1 == Last) {
        return f.template operator()<First>();
    } else {
        constexpr std::size_t middle = First + (Last - First) / 2;
        if (leaf < middle) return with_leaf<T, F, First, middle>(leaf, static_cast<F&&>(f));
        return with_leaf<T, F, middle, Last>(leaf, static_cast<F&&>(f));
    }
}

/// One bit for each leaf of `T`.
template <class T>
class LeafMask {
public:
    static constexpr std::size_t words = (leaf_count<T> + 63) / 64;

    constexpr void set(std::size_t leaf) { words_[leaf / 64] |= std::uint64_t{1} << (leaf % 64); }
    constexpr void set_if(std::size_t leaf, bool changed) {
        words_[leaf / 64] |= static_cast<std::uint64_t>(changed) << (leaf % 64);
    }
    constexpr void set(LeafRange range) {
        for (std::size_t leaf = range.first; leaf < range.first + range.count; ++leaf) set(leaf);
    }
    constexpr bool operator[](std::size_t leaf) const { return (words_[leaf / 64] >> (leaf % 64)) & 1U; }
    constexpr bool any() const {
        std::uint64_t all = 0;
        for (const std::uint64_t word : words_) all |= word;
        return all != 0;
    }
    constexpr bool intersects(const LeafMask& other) const {
        std::uint64_t both = 0;
        for (std::size_t i = 0; i < words_count; ++i) both |= words_[i] & other.words_[i];
        return both != 0;
    }
    static constexpr LeafMask all() {
        LeafMask mask;
        mask.set(LeafRange{0, leaf_count<T>});
        return mask;
    }
    constexpr bool operator==(const LeafMask&) const = default;

private:
    static constexpr std::size_t words_count = words > 0 ? words : 1;
    std::uint64_t words_[words_count]{};
};

}  // namespace detail
}  // namespace stet
