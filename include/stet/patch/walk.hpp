#pragma once
// The one walk over two values: it finds what differs and tells it to a node, which stands for a place in the value and
// knows what to do with changes there: write them into records, or show them to a visitor.
//
//   value(before, after)                one value became another
//   replaced(before, after)             a variant holds another alternative now
//   leaf<T, L>() / element(old, now) / entry(key) / content<V, I>()
//                                       the node of something inside: a field, an element, a map's value, what an
//                                       optional or variant holds
//   inserted(old, now, e) / erased(old, now, e)     positions before and after
//   entry_added(key, v) / entry_removed(key, v)     of a map
//   member_added(key) / member_removed(key)         of a set
//   appeared(v) / vanished(v)                       of an optional

#include <stet/heap.hpp>
#include <stet/patch/equal.hpp>
#include <stet/patch/script.hpp>
#include <stet/schema/leaves.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace stet::detail {

template <class Key, class V, class Node>
constexpr void walk(const V& a, const V& b, Node&& node);

// A leaf without anything inside that could be told apart.
template <class V>
inline constexpr bool is_plain =
    kind_v<V> == Kind::number || kind_v<V> == Kind::enumeration || kind_v<V> == Kind::text || kind_v<V> == Kind::opaque;

/// Is a change in a value of this type written and shown as one? (A struct without fields never changes.)
template <class V>
constexpr bool is_one_value() {
    if constexpr (kind_v<V> == Kind::structure) return is_indivisible<V> || leaf_count<V> == 0;
    else return is_plain<V>;
}
template <class V>
inline constexpr bool is_whole = is_one_value<V>();

// One leaf of a struct; its node is made only where something differs. Returns nothing: the node knows.
template <class T, std::size_t L, class V, class Node>
STET_ALWAYS_INLINE constexpr void walk_leaf(const V& a, const V& b, Node& node) {
    if constexpr (leaf_marks<T, L>.transient) return;
    else if constexpr (is_whole<V> || leaf_marks<T, L>.indivisible) {
        if (!detail::same(a, b)) node.template leaf<T, L>().value(a, b);
    } else walk<decltype(leaf_key<T, L>())>(a, b, node.template leaf<T, L>());
}

// Something inside a container; `node` makes its node.
template <class V, class MakeNode>
STET_ALWAYS_INLINE constexpr void walk_inside(const V& a, const V& b, const MakeNode& node) {
    if constexpr (is_whole<V>) {
        if (!detail::same(a, b)) node().value(a, b);
    } else walk<NotKeyed>(a, b, node());
}

template <class V, class Node>
constexpr void walk_structure(const V& a, const V& b, Node& node) {
    if (same_bytes(a, b)) return;
    zip_leaves<V>([&]<std::size_t L>(const auto& x, const auto& y) STET_INLINE_LAMBDA { walk_leaf<V, L>(x, y, node); },
                  a, b);
}

// The standard's advance costs a header that is larger than this library.
template <class V>
constexpr auto nth(V& sequence, std::size_t index) {
    auto at = sequence.begin();
    if constexpr (requires { at += 1; }) at += static_cast<decltype(at - at)>(index);
    else
        while (index-- > 0) ++at;
    return at;
}

// The elements of an array or sequence by position; of a list, where each of them is.
template <class V>
concept indexable = contiguous<V> || requires(const V& all) { all.begin()[0]; };
template <class V, bool = indexable<V>>
struct Elements {
    using E = std::remove_cv_t<typename V::value_type>;
    static constexpr auto begin(const V& all) {
        if constexpr (contiguous<V>) return static_cast<const E*>(all.data());
        else return all.begin();
    }
    decltype(begin(std::declval<const V&>())) at;

    constexpr explicit Elements(const V& all) : at(begin(all)) {}
    constexpr const E& operator[](std::size_t i) const { return at[static_cast<std::ptrdiff_t>(i)]; }
};
template <class V>
struct Elements<V, false> {
    using E = std::remove_cv_t<typename V::value_type>;
    Run<const E*> at;

    constexpr explicit Elements(const V& all) : at(all.size()) {
        std::size_t i = 0;
        for (const E& element : all) at[i++] = &element;
    }
    constexpr const E& operator[](std::size_t i) const { return *at[i]; }
};

// Elements of two values, to be compared.
template <class V>
struct TwoElements {
    using E = typename Elements<V>::E;
    static constexpr bool as_bytes = contiguous<V> && std::is_trivially_copyable_v<E>;
    Elements<V> a, b;

    constexpr std::size_t run(std::size_t x, std::size_t y, std::size_t most) const {
        std::size_t count = 0;
        for (; count < most && detail::same(a[x + count], b[y + count]); ++count)
            if constexpr (as_bytes) count = skip_equal(a.at + x, b.at + y, count + 1, most) - 1;
        return count;
    }
    constexpr std::size_t run_before(std::size_t x, std::size_t y, std::size_t most) const {
        std::size_t count = 0;
        for (; count < most && detail::same(a[x - count - 1], b[y - count - 1]); ++count)
            if constexpr (as_bytes) count = skip_equal_before(a.at + x, b.at + y, count + 1, most) - 1;
        return count;
    }
    template <class Node>
    constexpr void walk(std::size_t x, std::size_t y, std::size_t count, Node& node) const {
        for (std::size_t i = 0; i < count; ++i) {
            if constexpr (contiguous<V>) i = skip_equal(a.at + x, b.at + y, i, count);
            if (i == count) return;
            walk_inside(a[x + i], b[y + i], [&] { return node.element(x + i, y + i); });
        }
    }
};

// Can `all` hold more than it will have in the end, where elements come before others go?
template <class V>
constexpr bool has_room(const V& all, std::size_t size) {
    if constexpr (std::is_trivially_copyable_v<V>) return false;
    else if constexpr (requires { all.max_size(); })
        return all.max_size() > size && all.max_size() - size > script_limit;
    else return true;
}

// Without a key: by a shortest edit script. What it replaces is compared in pairs, and the rest came or went.
template <class V, class Node>
constexpr void walk_positions(const V& a, const V& b, Node& node) {
    const std::size_t from = a.size();
    const std::size_t to = b.size();
    const std::size_t less = from < to ? from : to;
    if constexpr (!indexable<V>)
        if (from == to && detail::same(a, b)) return;
    const TwoElements<V> both{Elements<V>(a), Elements<V>(b)};
    const std::size_t head = both.run(0, 0, less);
    if (head == from && head == to) return;
    const auto replaced = [&](std::size_t x, std::size_t x_end, std::size_t y, std::size_t y_end) {
        const std::size_t count = x_end - x < y_end - y ? x_end - x : y_end - y;
        both.walk(x, y, count, node);
        for (x += count; x < x_end; ++x) node.erased(x, y + count, both.a[x]);
        for (y += count; y < y_end; ++y) node.inserted(x_end, y, both.b[y]);
    };
    if (has_room(a, from + to - less)) {
        if constexpr (!std::is_trivially_copyable_v<V>)
            EditScript<TwoElements<V>, decltype(replaced)>(both, replaced).run(head, from, to);
    } else {
        const std::size_t tail = both.run_before(from, to, less - head);
        replaced(head, from - tail, head, to - tail);
    }
}

// By identity, where the schema says `keyed_by`; in <stet/patch/identity.hpp>, because it needs the heap.
template <class Key>
struct Identities;

template <class V, class Node>
constexpr void walk_variant(const V& a, const V& b, Node& node) {
    if (a.index() != b.index()) return node.replaced(a, b);
    alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
        if (a.index() == I) walk<NotKeyed>(*get_if<I>(&a), *get_if<I>(&b), node.template content<V, I>());
    });
}

template <class V, class Node>
constexpr void walk_sorted(const V& a, const V& b, Node& node) {
    const auto less = a.key_comp();
    auto from = a.begin();
    auto to = b.begin();
    const auto key = [](const auto& item) -> const typename V::key_type& {
        if constexpr (map_like<V>) return item.first;
        else return item;
    };
    const auto removed = [&] {
        if constexpr (map_like<V>) node.entry_removed(from->first, from->second);
        else node.member_removed(*from);
        ++from;
    };
    const auto added = [&] {
        if constexpr (map_like<V>) node.entry_added(to->first, to->second);
        else node.member_added(*to);
        ++to;
    };
    while (from != a.end() || to != b.end()) {
        if (to == b.end()) removed();
        else if (from == a.end()) added();
        else if (detail::same(key(*from), key(*to)) || (!less(key(*from), key(*to)) && !less(key(*to), key(*from)))) {
            if constexpr (map_like<V>) walk_inside(from->second, to->second, [&] { return node.entry(from->first); });
            ++from;
            ++to;
        } else if (less(key(*from), key(*to))) removed();
        else added();
    }
}

template <class V, class Node>
constexpr void walk_hashed(const V& a, const V& b, Node& node) {
    for (const auto& item : a) {
        if constexpr (map_like<V>) {
            const auto found = b.find(item.first);
            if (found == b.end()) node.entry_removed(item.first, item.second);
            else walk_inside(item.second, found->second, [&] { return node.entry(item.first); });
        } else if (b.find(item) == b.end()) node.member_removed(item);
    }
    for (const auto& item : b) {
        if constexpr (map_like<V>) {
            if (a.find(item.first) == a.end()) node.entry_added(item.first, item.second);
        } else if (a.find(item) == a.end()) node.member_added(item);
    }
}

template <class Key, class V, class Node>
constexpr void walk(const V& a, const V& b, Node&& node) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (is_whole<V>) {
        if (!detail::same(a, b)) node.value(a, b);
    } else if constexpr (kind == Kind::structure) walk_structure(a, b, node);
    else if constexpr (kind == Kind::array) {
        if (!same_bytes(a, b)) TwoElements<V>{Elements<V>(a), Elements<V>(b)}.walk(0, 0, a.size(), node);
    } else if constexpr (kind == Kind::sequence) {
        if constexpr (std::is_same_v<Key, NotKeyed> || std::is_trivially_copyable_v<V>) walk_positions(a, b, node);
        else {
            constexpr bool with_heap = requires { sizeof(Identities<Key>); };
            static_assert(with_heap, "stet: comparing a keyed sequence needs the heap; include <stet/stet.hpp>");
            if constexpr (with_heap) Identities<Key>::walk(a, b, node);
        }
    } else if constexpr (kind == Kind::optional) {
        if (a.has_value() && b.has_value()) walk<NotKeyed>(*a, *b, node.template content<V, 0>());
        else if (a.has_value()) node.vanished(*a);
        else if (b.has_value()) node.appeared(*b);
    } else if constexpr (kind == Kind::variant) walk_variant(a, b, node);
    else if constexpr (sorted_keys<V>) walk_sorted(a, b, node);
    else walk_hashed(a, b, node);
}

}  // namespace stet::detail
