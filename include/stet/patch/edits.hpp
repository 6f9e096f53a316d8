#pragma once
// The edits of one node of a patch, where each is read and where it stands before and after: for who must look at the
// edits of two patches at once.

#include <stet/late.hpp>
#include <stet/patch/identity.hpp>
#include <stet/patch/read_records.hpp>
#include <stet/patch/record_format.hpp>
#include <stet/vector.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace stet::detail {

template <class V>
using content_of = typename ElementOf<V>::type;

/// One edit: `at` reads what stands behind its lead and, in a map or set, behind its key.
struct EditAt {
    EditKind kind;
    std::size_t before;  // position before all edits; or the number of a leaf or alternative
    std::size_t after;   // position after all edits
    const void* key;
    ChangeReader at;

    template <class V>
    const V& value() const {
        ChangeReader reader = at;
        return reader.reader.read<V>();
    }
    /// Of what is written as one value; a text is a `TextChange`.
    template <class V>
    const V& before_of() const {
        static_assert(!splices<V>);
        const auto& replaced = value<Replaced<V>>();
        return at.inverted ? replaced.after : replaced.before;
    }
    template <class V>
    const V& after_of() const {
        static_assert(!splices<V>);
        const auto& replaced = value<Replaced<V>>();
        return at.inverted ? replaced.before : replaced.after;
    }
    /// What a changed value is before or after the change, given what it is on the other side of it.
    template <bool Indivisible, class V>
    void make(V& value) const {
        ChangeReader reader = at;
        carry_out<Trust::known, Indivisible>(reader, value);
    }
    template <bool Indivisible, class V>
    void take_back(V& value) const {
        ChangeReader reader = at;
        reader.inverted = !reader.inverted;
        carry_out<Trust::known, Indivisible>(reader, value);
    }
    /// Writes the changes inside it again.
    template <bool Indivisible, class V, class Node>
    void copy(Node&& node) const {
        ChangeReader reader = at;
        show<Indivisible, V>(reader, static_cast<Node&&>(node));
    }
};
using Edits = HeapVector<EditAt>;
template <class V>
using EditsOf = HeapVector<late<EditAt, V>>;

/// The edits of the node at which a reader stands.
template <class V>
EditsOf<V> read_edits(ChangeReader changes) {
    constexpr Kind kind = kind_v<V>;
    EditsOf<V> edits;
    Positions at(changes.inverted);
    for (bool more = true; more;) {
        const Lead lead = changes.lead();
        more = lead.more();
        EditAt edit{changes.kind(lead), lead.number(), lead.number(), nullptr, changes};
        if constexpr (kind == Kind::structure) {
            with_leaf<V>(lead.number(), [&]<std::size_t L>() {
                show<leaf_marks<V, L>.indivisible, leaf_type<V, L>>(changes, PassBy{});
            });
        } else if constexpr (kind == Kind::variant) {
            if (edit.kind != EditKind::changed) changes.reader.read<Replaced<V>>();
            else
                alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
                    if (lead.number() == I) show<false, A>(changes, PassBy{});
                });
        } else if constexpr (kind == Kind::set) {
            edit.key = &changes.reader.read<typename V::key_type>();
        } else {
            using E = content_of<V>;
            if constexpr (kind == Kind::map) {
                edit.key = &changes.reader.read<typename V::key_type>();
                edit.at = changes;
            } else if constexpr (kind != Kind::optional) {
                at.enter(lead);
                edit.before = at.before();
                edit.after = at.after();
            }
            if (edit.kind == EditKind::changed) show<false, E>(changes, PassBy{});
            else changes.reader.read<E>();
        }
        edits.push_back(edit);
    }
    return edits;
}

// ---- edits of two patches, side by side

/// Calls `f(a, b)` for each leaf number or array position in either; the one that lacks it is nullptr.
template <class List, class F>
void pair_by_number(const List& a, const List& b, F&& f) {
    auto x = a.begin();
    auto y = b.begin();
    while (x != a.end() || y != b.end()) {
        if (y == b.end() || (x != a.end() && x->before < y->before)) f(&*x++, nullptr);
        else if (x == a.end() || y->before < x->before) f(nullptr, &*y++);
        else f(&*x++, &*y++);
    }
}

/// The key of an edit of a map or set.
template <class V>
const typename V::key_type& key_of(const EditAt& edit) {
    return *static_cast<const typename V::key_type*>(edit.key);
}

// How the keys of a container can be put into an order: its own one, by hash, or not at all; with functions that are as
// good as those of the container, because they hold nothing.
template <class V>
concept orders_keys = sorted_keys<V> && stateless<typename V::key_compare>;
template <class V>
concept hashes_keys = requires {
    typename V::hasher;
    typename V::key_equal;
} && stateless<typename V::hasher> && stateless<typename V::key_equal>;

/// The edits of a map or set, to be found by key.
template <class V>
class KeyedEdits {
public:
    explicit KeyedEdits(const EditsOf<V>& edits) : edits_(edits) {
        for (std::uint32_t i = 0; i < edits.size(); ++i) order_.push_back(i);
        if constexpr (!orders_keys<V> && hashes_keys<V>) {
            for (const EditAt& edit : edits) hashes_.push_back(hash(edit));
            sort_indexes(order_, [&](std::uint32_t x, std::uint32_t y) { return hashes_[x] < hashes_[y]; });
        }
    }
    const EditAt* find(const EditAt& wanted) const {
        for (std::size_t i = first(wanted); i < order_.size(); ++i) {
            const EditAt& found = edits_[order_[i]];
            if (equivalent(found, wanted)) return &found;
            if constexpr (orders_keys<V>) return nullptr;
            else if constexpr (hashes_keys<V>)
                if (hashes_[order_[i]] != hash(wanted)) return nullptr;
        }
        return nullptr;
    }

private:
    // Where the search begins: no edit before it has the key.
    std::size_t first(const EditAt& wanted) const {
        if constexpr (!orders_keys<V> && !hashes_keys<V>) return 0;
        else {
            std::size_t low = 0;
            std::size_t high = order_.size();
            while (low < high) {
                const std::size_t middle = (low + high) / 2;
                if (less(order_[middle], wanted)) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }
    bool less(std::uint32_t i, const EditAt& wanted) const {
        if constexpr (orders_keys<V>) return typename V::key_compare{}(key_of<V>(edits_[i]), key_of<V>(wanted));
        else return hashes_[i] < hash(wanted);
    }
    static bool equivalent(const EditAt& x, const EditAt& y) {
        if constexpr (orders_keys<V>) {
            const typename V::key_compare before{};
            return !before(key_of<V>(x), key_of<V>(y)) && !before(key_of<V>(y), key_of<V>(x));
        } else if constexpr (hashes_keys<V>) return typename V::key_equal{}(key_of<V>(x), key_of<V>(y));
        else return detail::same(key_of<V>(x), key_of<V>(y));
    }
    static std::size_t hash(const EditAt& edit) { return typename V::hasher{}(key_of<V>(edit)); }

    const EditsOf<V>& edits_;
    IndexesOf<V> order_;
    HeapVector<late<std::size_t, V>> hashes_;
};

/// Calls `f(a, b)` for each key in either, in the order of the keys where they have one.
template <class V, class F>
void pair_by_key(const EditsOf<V>& a, const EditsOf<V>& b, F&& f) {
    const KeyedEdits<V> in_a(a);
    const KeyedEdits<V> in_b(b);
    auto y = b.begin();
    for (const EditAt& x : a) {
        if constexpr (orders_keys<V>) {
            for (; y != b.end() && typename V::key_compare{}(key_of<V>(*y), key_of<V>(x)); ++y)
                if (in_a.find(*y) == nullptr) f(nullptr, &*y);
        }
        f(&x, in_b.find(x));
    }
    for (; y != b.end(); ++y)
        if (in_a.find(*y) == nullptr) f(nullptr, &*y);
}

}  // namespace stet::detail
