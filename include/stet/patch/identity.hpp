#pragma once
// Sequences whose elements have a key: elements are matched by identity, so that an insertion in front changes nothing
// behind it. What changed places is erased and inserted; as few as possible are (longest increasing subsequence).

#include <stet/late.hpp>
#include <stet/patch/walk.hpp>
#include <stet/schema/unique.hpp>
#include <stet/vector.hpp>

#include <cstddef>
#include <cstdint>

namespace stet::detail {

template <class V>
using IndexesOf = HeapVector<late<std::uint32_t, V>>;
inline constexpr std::uint32_t no_partner = 0xFFFFFFFFU;

template <class Indexes, class Less>
void sort_indexes(Indexes& items, const Less& less) {
    heap_sort(items.data(), items.size(), less);
}

// Positions of elements, ordered by key; `unique` is false where a key occurs twice.
template <class Key, class E>
struct KeyOrder {
    IndexesOf<E> order;
    bool unique = true;

    KeyOrder(const HeapVector<const E*>& elements, std::size_t first, std::size_t last) {
        order.reserve(last - first);
        for (std::size_t i = first; i < last; ++i) order.push_back(static_cast<std::uint32_t>(i));
        sort_indexes(order,
                     [&](std::uint32_t x, std::uint32_t y) { return Key::key(*elements[x]) < Key::key(*elements[y]); });
        for (std::size_t i = 1; i < order.size() && unique; ++i)
            unique = Key::key(*elements[order[i - 1]]) < Key::key(*elements[order[i]]);
    }
};

// Of the positions in `partner`, those that keep their order: a longest increasing subsequence.
// (A template so that it is compiled where it is used only, as everything here.)
template <class Index>
HeapVector<late<bool, Index>> keep_order(const HeapVector<Index>& partner) {
    HeapVector<Index> ends;  // position of the last element of the best run of each length
    HeapVector<Index> before(partner.size(), no_partner);
    for (Index j = 0; j < partner.size(); ++j) {
        if (partner[j] == no_partner) continue;
        std::size_t low = 0;
        std::size_t high = ends.size();
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            if (partner[ends[middle]] < partner[j]) low = middle + 1;
            else high = middle;
        }
        if (low > 0) before[j] = ends[low - 1];
        if (low == ends.size()) ends.push_back(j);
        else ends[low] = j;
    }
    HeapVector<late<bool, Index>> kept(partner.size(), false);
    if (!ends.empty())
        for (Index j = ends.back(); j != no_partner; j = before[j]) kept[j] = true;
    return kept;
}

template <class Key, class V, class Node>
void walk_identities(const V& a, const V& b, Node& node) {
    using E = typename V::value_type;
    const auto same_key = [](const E& x, const E& y) { return detail::same(Key::key(x), Key::key(y)); };
    const std::size_t from = a.size();
    const std::size_t to = b.size();

    std::size_t head = 0;  // most edits leave every element where it is
    if constexpr (contiguous<V>) {
        const std::size_t less = from < to ? from : to;
        for (;; ++head) {
            head = skip_equal(a.data(), b.data(), head, less);
            if (head == less || !same_key(a.data()[head], b.data()[head])) break;
            walk<NotKeyed>(a.data()[head], b.data()[head], node.element(head, head));
        }
        if (head == from && head == to) return;
    }

    HeapVector<const E*> was;
    HeapVector<const E*> now;
    was.reserve(from);
    now.reserve(to);
    for (const E& element : a) was.push_back(&element);
    for (const E& element : b) now.push_back(&element);

    const KeyOrder<Key, E> old_order(was, head, from);
    const KeyOrder<Key, E> new_order(now, head, to);
    IndexesOf<V> partner(to, no_partner);  // of each new element, the old one with its key
    if (old_order.unique && new_order.unique) {
        auto x = old_order.order.begin();
        for (const std::uint32_t y : new_order.order) {
            while (x != old_order.order.end() && Key::key(*was[*x]) < Key::key(*now[y])) ++x;
            if (x != old_order.order.end() && same_key(*was[*x], *now[y])) partner[y] = *x;
        }
    } else {  // keys that are no identity: by position
        for (std::size_t j = head; j < to && j < from; ++j) partner[j] = static_cast<std::uint32_t>(j);
    }
    const auto kept = keep_order(partner);
    HeapVector<late<bool, V>> stays(from, false);
    for (std::size_t j = head; j < to; ++j)
        if (kept[j]) stays[partner[j]] = true;

    std::size_t i = head;
    std::size_t j = head;
    while (i < from || j < to) {
        if (i < from && !stays[i]) {
            node.erased(i, j, *was[i]);
            ++i;
        } else if (j < to && !kept[j]) {
            node.inserted(i, j, *now[j]);
            ++j;
        } else {
            walk<NotKeyed>(*was[i], *now[j], node.element(i, j));
            ++i;
            ++j;
        }
    }
}

template <class Key>
struct Identities {
    template <class V, class Node>
    static void walk(const V& a, const V& b, Node& node) {
        walk_identities<Key>(a, b, node);
    }
};

}  // namespace stet::detail
