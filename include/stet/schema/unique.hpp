#pragma once
// What `keyed_by` asks of a sequence: that no two of its elements have the same key.

#include <stet/heap.hpp>
#include <stet/schema/leaves.hpp>
#include <stet/schema/rule.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet::detail {

/// The rule that a key implies.
template <class Key, class E>
struct UniqueKey;
template <auto Member, class E>
struct UniqueKey<KeyedBy<Member>, E> {
    static constexpr std::string_view name = "keyed_by";
    static void expected(const Writer& out) {
        out << "must have a unique ";
        if constexpr (kind_v<E> == Kind::structure) out << shown_path<E, resolve<E>(field<Member>)>();
        else out << "key";
    }
};
template <class Key, class E>
inline constexpr UniqueKey<Key, E> unique_key{};

/// Are a `V`'s elements identified by this key? (Those of an array are by their position.)
template <class Key, class V>
constexpr bool keyed_elements() {
    if constexpr (is_keyed_by<Key>) return kind_v<V> == Kind::sequence;
    else return false;
}

/// The leaves of an element that its key consists of.
template <class Key, class E>
inline constexpr LeafRange key_leaves{};
template <auto Member, class E>
inline constexpr LeafRange key_leaves<KeyedBy<Member>, E> = leaf_range<E, resolve<E>(field<Member>)>;

template <class Key, class E>
constexpr bool same_key(const E& a, const E& b) {
    if constexpr (requires { Key::key(a) < Key::key(b); })
        return !(Key::key(a) < Key::key(b)) && !(Key::key(b) < Key::key(a));
    else return static_cast<bool>(Key::key(a) == Key::key(b));
}

// Heap sort: the standard's sort costs more to compile than all that sorts with it.
template <class X, class Less>
constexpr void heap_sort(X* items, std::size_t size, const Less& less) {
    const auto sink = [&](std::size_t root, std::size_t end) {
        for (std::size_t child = 0; (child = 2 * root + 1) < end; root = child) {
            if (child + 1 < end && less(items[child], items[child + 1])) ++child;
            if (!less(items[root], items[child])) return;
            std::swap(items[root], items[child]);
        }
    };
    for (std::size_t i = size / 2; i-- > 0;) sink(i, size);
    for (std::size_t end = size; end > 1;) {
        std::swap(items[0], items[--end]);
        sink(0, end);
    }
}

// Of many elements: by sorting them. A function of its own, since it allocates.
template <class Key, class V, class Found>
STET_NO_INLINE constexpr void find_many_duplicates(const V& all, const Found& found) {
    struct Standing {
        const typename V::value_type* element;
        std::size_t index;
    };
    const std::size_t size = all.size();
    const Run<Standing> all_of_them(size);
    Standing* const items = all_of_them.data();
    std::size_t index = 0;
    for (const auto& element : all) {
        items[index] = {&element, index};
        ++index;
    }
    const auto key = [](const Standing& place) -> const auto& { return Key::key(*place.element); };
    heap_sort(items, size, [&](const Standing& a, const Standing& b) {
        return key(a) < key(b) || (!(key(b) < key(a)) && a.index < b.index);
    });
    std::size_t count = 0;  // of those found, which take the places in front
    for (std::size_t i = 1; i < size; ++i)
        if (!(key(items[i - 1]) < key(items[i]))) items[count++] = items[i];
    heap_sort(items, count, [](const Standing& a, const Standing& b) { return a.index < b.index; });
    for (std::size_t i = 0; i < count; ++i) found(items[i].index, *items[i].element);
}

/// Calls `found(index, element)` for each element that has the key of one before it, in order. O(elements) where keys
/// ascend; otherwise O(n log n), and of many elements with an allocation.
template <class Key, class V, class Found>
constexpr void find_duplicates(const V& all, const Found& found) {
    using E = typename V::value_type;
    constexpr std::size_t few = 32;
    constexpr bool ordered = requires(const E& element) { Key::key(element) < Key::key(element); };
    if constexpr (ordered) {
        const E* before = nullptr;
        bool ascending = true;
        for (const E& element : all) {
            ascending = before == nullptr || Key::key(*before) < Key::key(element);
            if (!ascending) break;
            before = &element;
        }
        if (ascending) return;
        if constexpr (!std::is_trivially_copyable_v<V>)  // in place they are few, and there may be no heap
            if (all.size() > few) return find_many_duplicates<Key>(all, found);
    }
    std::size_t index = 0;
    for (const E& element : all) {
        for (const E& other : all) {
            if (&other == &element) break;
            if (!same_key<Key>(other, element)) continue;
            found(index, element);
            break;
        }
        ++index;
    }
}

/// Tells `sink` of each element that has the key of one before it; `where` is the sequence.
template <class Key, class Tag, class V, class Where, class Sink>
constexpr void check_unique(const V& all, const Where& where, Sink& sink) {
    using E = typename V::value_type;
    find_duplicates<Key>(all, [&](std::size_t index, const E& element) {
        sink.add(where.at(index), unique_key<Key, E>, Key::key(element), Severity::error, Tag{});
    });
}

}  // namespace stet::detail
