#pragma once
// A struct flattened into its leaves: nested structs open, everything else is one leaf with a number, a path, a type
// and attributes. All later floors speak of leaves by number.

#include <stet/schema/schema.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace stet {
namespace detail {

template <class T>
constexpr std::size_t most_leaves();
template <class T>
constexpr std::size_t most_leaves_inside() {
    if constexpr (all_scalars<T>) return field_count<T>;
    else {
        std::size_t sum = 0;
        for_each_field<T>([&]<std::size_t I>() { sum += most_leaves<field_type<T, I>>(); });
        return sum;
    }
}
template <class T>
constexpr std::size_t most_leaves() {
    if constexpr (opens<T>()) return most_leaves_inside<T>();
    else return 1;
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
    constexpr std::size_t find(const IndexPath& at) const {
        const std::size_t leaf = first_from(at);
        return leaf < size && path[leaf] == at ? leaf : not_found;
    }
    // Of a field that is a leaf, or holds leaves, or lies inside an indivisible leaf.
    constexpr LeafRange range(const IndexPath& at) const {
        LeafRange found{first_from(at), 0};
        while (found.first + found.count < size && path[found.first + found.count].starts_with(at)) ++found.count;
        if (found.count > 0) return found;
        if (found.first > 0 && at.starts_with(path[found.first - 1])) return {found.first - 1, 1};
        return {};
    }

private:
    // They stand in the order of their paths.
    constexpr std::size_t first_from(const IndexPath& at) const {
        std::size_t low = 0;
        std::size_t high = size;
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            if (path[middle].before(at)) low = middle + 1;
            else high = middle;
        }
        return low;
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
    LeafTable<most_leaves_inside<T>()> table;
    if constexpr (all_scalars<T> && !has_schema<T>) {
        for (std::size_t i = 0; i < field_count<T>; ++i) table.add(IndexPath{}.then(i), Marks{});
    } else {
        collect_leaves<T, T, any_schema<T>(), IndexPath{}>(table);
    }
    return table;
}

template <class T>
inline constexpr auto leaf_table = make_leaf_table<T>();

/// The leaves of a field.
template <class T, IndexPath Path>
inline constexpr LeafRange leaf_range = leaf_table<T>.range(Path);

}  // namespace detail

/// The number of leaves of `T`: nested structs count with all of theirs.
template <class T>
inline constexpr std::size_t leaf_count = detail::leaf_table<std::remove_cv_t<T>>.size;

/// Leaf number `L` of a value.
template <std::size_t L, class T>
STET_ALWAYS_INLINE constexpr auto& get_leaf(T& value) {
    constexpr const detail::IndexPath& path = detail::leaf_table<std::remove_cv_t<T>>.path[L];
    if constexpr (path.depth == 1) return get_field<path.index[0]>(value);
    else return detail::get_at<detail::leaf_table<std::remove_cv_t<T>>.path[L]>(value);
}

/// The type of leaf number `L`.
template <class T, std::size_t L>
using leaf_type = std::remove_cvref_t<decltype(get_leaf<L>(std::declval<std::remove_cv_t<T>&>()))>;

/// The path of leaf number `L`: `"llm.model"`; as numbers with STET_NO_NAMES.
template <class T, std::size_t L>
constexpr std::string_view leaf_path() {
    constexpr detail::IndexPath path = detail::leaf_table<std::remove_cv_t<T>>.path[L];
    if constexpr (path.depth == 1 && detail::keeps_names) return field_name<T, path.index[0]>();
    else return detail::shown_path<std::remove_cv_t<T>, path>();
}

namespace detail {

template <class T, std::size_t L>
inline constexpr Marks leaf_marks = leaf_table<T>.marks[L];

template <class T, std::size_t L>
constexpr auto leaf_key() {
    if constexpr (any_schema<T>()) return key_at<T, leaf_table<T>.path[L]>();
    else return NotKeyed{};
}

// Leaf by leaf through one or more values of the same struct at once: `f.operator()<L>(leaf of each value...)`. Every
// struct on the way is taken apart once (and not at all if `f.skip(struct of each value...)`), and nothing is left as a
// function of its own: templates are compiled for each struct of each user, at -O0 too.
template <class Root, IndexPath At, class F, class... V>
STET_ALWAYS_INLINE constexpr void zip_fields(F& f, V&... values);

template <class Root, IndexPath Path, class F, class First, class... V>
STET_ALWAYS_INLINE constexpr void zip_field(F& f, First& first, V&... values) {
    constexpr std::size_t leaf = leaf_table<Root>.find(Path);
    if constexpr (leaf != not_found) f.template operator()<leaf>(first, values...);
    else if constexpr (requires { f.skip(first, values...); }) {
        if (!f.skip(first, values...)) zip_fields<Root, Path>(f, first, values...);
    } else zip_fields<Root, Path>(f, first, values...);
}
template <class Root, IndexPath At, std::size_t... I, class F, class... Tied>
STET_ALWAYS_INLINE constexpr void zip_tied([[maybe_unused]] F& f, std::index_sequence<I...>,
                                           [[maybe_unused]] Tied&&... tuples) {
    [[maybe_unused]] const auto field = [&]<std::size_t J>()
                                            STET_INLINE_LAMBDA { zip_field<Root, At.then(J)>(f, tied<J>(tuples)...); };
    (field.template operator()<I>(), ...);
}
template <class Root, IndexPath At, class F, class... V>
STET_ALWAYS_INLINE constexpr void zip_fields(F& f, V&... values) {
    using T = std::remove_cv_t<std::common_type_t<V...>>;
    zip_tied<Root, At>(f, std::make_index_sequence<field_count<T>>{}, tie_fields(values)...);
}
template <class T, class F, class... V>
STET_ALWAYS_INLINE constexpr void zip_leaves(F f, V&... values) {
    zip_fields<T, IndexPath{}>(f, values...);
}

template <std::size_t First, class F, std::size_t... L>
STET_ALWAYS_INLINE constexpr void for_leaves_from(F& f, std::index_sequence<L...>) {
    (f.template operator()<First + L>(), ...);
}
/// Calls `f.operator()<L>()` for each leaf number of `T`. Clang folds no more than 256 at once.
template <class T, std::size_t First = 0, class F>
constexpr void for_each_leaf(F&& f) {
    constexpr std::size_t left = leaf_count<T> - First;
    constexpr std::size_t most = 200;
    for_leaves_from<First>(f, std::make_index_sequence<(left < most ? left : most)>{});
    if constexpr (left > most) for_each_leaf<T, First + most>(f);
}

// Which leaves may be asked for: those that a patch can speak of, or all.
enum class Among : bool { seen, all };

/// The first leaf that is not transient; 0 if there is none.
template <class T>
inline constexpr std::size_t first_seen = [] {
    for (std::size_t leaf = 0; leaf < leaf_table<T>.size; ++leaf)
        if (!leaf_table<T>.marks[leaf].transient) return leaf;
    return std::size_t{0};
}();

/// Calls `f.operator()<L>()` for the one leaf number that is `leaf`, found by halving. What a transient leaf holds is
/// asked for nothing, so that `f` is not made for it unless `Which` says so.
template <class T, Among Which = Among::seen, class F, std::size_t First = 0, std::size_t Last = leaf_count<T>>
STET_ALWAYS_INLINE constexpr auto with_leaf(std::size_t leaf, F&& f) {
    if constexpr (First + 1 == Last) {
        if constexpr (Which == Among::all || !leaf_marks<T, First>.transient) return f.template operator()<First>();
        else return decltype(f.template operator()<first_seen<T>>())();
    } else {
        constexpr std::size_t middle = First + (Last - First) / 2;
        if (leaf < middle) return with_leaf<T, Which, F, First, middle>(leaf, static_cast<F&&>(f));
        return with_leaf<T, Which, F, middle, Last>(leaf, static_cast<F&&>(f));
    }
}

// For who knows the number at run time only.
template <class T>
struct LeafPaths {
    std::string_view of[leaf_count<T> > 0 ? leaf_count<T> : 1];
};
template <class T>
inline constexpr LeafPaths<T> leaf_paths = []<std::size_t... L>(std::index_sequence<L...>) {
    return LeafPaths<T>{{leaf_path<T, L>()...}};
}(std::make_index_sequence<leaf_count<T>>{});

/// One bit for each leaf of `T`.
template <class T>
class LeafMask {
    using Word = std::size_t;
    static constexpr std::size_t width = 8 * sizeof(Word);

public:
    static constexpr std::size_t words = (leaf_count<T> + width - 1) / width;

    constexpr void set(std::size_t leaf) { words_[leaf / width] |= Word{1} << (leaf % width); }
    constexpr void reset(std::size_t leaf) { words_[leaf / width] &= ~(Word{1} << (leaf % width)); }
    constexpr void set_if(std::size_t leaf, bool changed) {
        words_[leaf / width] |= static_cast<Word>(changed) << (leaf % width);
    }
    constexpr void set(LeafRange range) {
        for (std::size_t i = 0; i < words_count; ++i) words_[i] |= bits(range, i);
    }
    constexpr bool operator[](std::size_t leaf) const { return (words_[leaf / width] >> (leaf % width)) & 1U; }
    constexpr bool any() const {
        Word all = 0;
        for (const Word word : words_) all |= word;
        return all != 0;
    }
    constexpr bool intersects(const LeafMask& other) const {
        Word both = 0;
        for (std::size_t i = 0; i < words_count; ++i) both |= words_[i] & other.words_[i];
        return both != 0;
    }
    STET_ALWAYS_INLINE constexpr bool touches(LeafRange leaves) const {
        Word both = 0;
        for (std::size_t i = 0; i < words_count; ++i) both |= words_[i] & bits(leaves, i);
        return both != 0;
    }
    constexpr LeafMask operator&(const LeafMask& other) const {
        LeafMask both;
        for (std::size_t i = 0; i < words_count; ++i) both.words_[i] = words_[i] & other.words_[i];
        return both;
    }
    constexpr LeafMask operator|(const LeafMask& other) const {
        LeafMask either;
        for (std::size_t i = 0; i < words_count; ++i) either.words_[i] = words_[i] | other.words_[i];
        return either;
    }
    /// The first leaf that is in both; leaf_count if there is none.
    constexpr std::size_t first_common(const LeafMask& other) const {
        for (std::size_t i = 0; i < words_count; ++i)
            if (const Word both = words_[i] & other.words_[i]; both != 0)
                return i * width + static_cast<std::size_t>(std::countr_zero(both));
        return leaf_count<T>;
    }
    static constexpr LeafMask all() {
        LeafMask mask;
        mask.set(LeafRange{0, leaf_count<T>});
        return mask;
    }
    constexpr bool operator==(const LeafMask&) const = default;

private:
    static constexpr std::size_t words_count = words > 0 ? words : 1;
    // Of a range, those in one word. Of a constant one, a constant.
    STET_ALWAYS_INLINE static constexpr Word bits(LeafRange range, std::size_t word) {
        const std::size_t begin = word * width;
        const std::size_t end = range.first + range.count;
        if (range.count == 0 || end <= begin || range.first >= begin + width) return 0;
        const std::size_t from = range.first > begin ? range.first - begin : 0;
        const std::size_t to = end - begin < width ? end - begin : width;
        return (~Word{0} >> (width - (to - from))) << from;
    }

    Word words_[words_count]{};
};

}  // namespace detail
}  // namespace stet
