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

#include <stet/patch/equal.hpp>
#include <stet/schema/leaves.hpp>

#include <cstddef>
#include <type_traits>

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

template <class V, class Node>
constexpr void walk_pairs(const V& a, const V& b, std::size_t first, std::size_t last, std::size_t shift, Node& node) {
    using E = std::remove_cv_t<typename V::value_type>;
    if constexpr (contiguous<V>) {
        const E* const from = a.data();
        const E* const to = b.data() + shift;
        for (std::size_t at = first; (at = skip_equal(from, to, at, last)) < last; ++at)
            walk_inside(from[at], to[at], [&] { return node.element(at, at + shift); });
    } else {
        auto from = nth(a, first);
        auto to = nth(b, first + shift);
        for (std::size_t at = first; at < last; ++at, ++from, ++to)
            walk_inside(*from, *to, [&] { return node.element(at, at + shift); });
    }
}

// By position: what is equal at both ends stays; between, elements are compared in pairs and the rest came or went.
template <class V, class Node>
constexpr void walk_positions(const V& a, const V& b, Node& node) {
    const std::size_t from = a.size();
    const std::size_t to = b.size();
    const std::size_t less = from < to ? from : to;
    if (from == to) return walk_pairs(a, b, 0, from, 0, node);
    std::size_t head = 0;
    if constexpr (contiguous<V>) {
        while ((head = skip_equal(a.data(), b.data(), head, less)) < less &&
               detail::same(a.data()[head], b.data()[head]))
            ++head;
    } else {
        auto x = a.begin();
        auto y = b.begin();
        for (; head < less && detail::same(*x, *y); ++head, ++x, ++y) {
        }
    }
    std::size_t tail = 0;
    if constexpr (requires { a.rbegin(); }) {
        auto x = a.rbegin();
        auto y = b.rbegin();
        for (; tail < less - head && detail::same(*x, *y); ++tail, ++x, ++y) {
        }
    }
    walk_pairs(a, b, head, less - tail, 0, node);
    for (std::size_t at = less - tail; at < from - tail; ++at) node.erased(at, less - tail, *nth(a, at));
    for (std::size_t at = less - tail; at < to - tail; ++at) node.inserted(less - tail, at, *nth(b, at));
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
        if (!same_bytes(a, b)) walk_pairs(a, b, 0, a.size(), 0, node);
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
