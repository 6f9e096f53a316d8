#pragma once
// Changes carried out in place so that nothing can fail on the way, nor on the way back: what needs memory is made
// before, and what a change takes out of the value is kept.

#include <stet/patch/read_records.hpp>
#include <stet/patch/record_format.hpp>
#include <stet/schema/fit.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace stet::detail {

// Memory of two allocators that are not equal must not change places.
template <class V, class... Around>
constexpr bool swaps_memory() {
    if constexpr ((std::is_same_v<V, Around> || ...)) return true;
    else if constexpr (requires { typename V::allocator_type; }) return std::is_empty_v<typename V::allocator_type>;
    else if constexpr (requires { typename V::value_type; })
        return swaps_memory<typename V::value_type, V, Around...>();
    else {
        bool all = true;
        if constexpr (kind_v<V> == Kind::variant)
            alternatives<V>::for_each_index(
                [&]<std::size_t, class A>() { all = all && swaps_memory<A, V, Around...>(); });
        else if constexpr (kind_v<V> == Kind::structure)
            for_each_leaf<V>([&]<std::size_t L>() { all = all && swaps_memory<leaf_type<V, L>, V, Around...>(); });
        return all;
    }
}
template <class V>
concept nothrow_swappable = std::is_nothrow_swappable_v<V> && swaps_memory<V>();
template <class E>
inline constexpr bool moves = std::is_nothrow_move_constructible_v<E> && std::is_nothrow_move_assignable_v<E>;
// Containers with an allocator keep what the standard asks of its own: inserting one element, at the end of a sequence
// or anywhere in a map or set, has no effect if it throws; and erasing throws nothing. Of others a copy is changed.
template <class V>
concept keeps_promises = requires { typename V::allocator_type; };
// There is room again for what was erased.
template <class V>
concept keeps_room = keeps_promises<V> && requires(V& container, std::size_t count) {
    container.capacity();
    container.reserve(count);
};
// An entry or member is taken out as a node, and put back.
template <class V>
concept extracts =
    keeps_promises<V> && requires(V& container) { container.insert(container.extract(container.begin())); };

template <class V>
concept sorts_keys = sorted_keys<V> && stateless<typename V::key_compare>;
// Of a hashed container: whether there is room for more can be asked.
template <class V>
concept keeps_buckets =
    stateless<typename V::hasher> && stateless<typename V::key_equal> && requires(V& container, std::size_t count) {
        container.reserve(count);
        container.bucket_count();
        container.max_load_factor();
    };

/// Is it possible for all of a value? `Around` are the structs that it stands in, for types that hold themselves.
template <class V, class... Around>
constexpr bool can_exchange();
template <class T, std::size_t L, class... Around>
constexpr bool can_exchange_leaf() {
    if constexpr (leaf_marks<T, L>.indivisible) return nothrow_swappable<leaf_type<T, L>>;
    else return can_exchange<leaf_type<T, L>, T, Around...>();
}
template <class T, class... Around>
constexpr bool can_exchange_leaves() {
    bool all = true;
    for_each_leaf<T>([&]<std::size_t L>() { all = all && can_exchange_leaf<T, L, Around...>(); });
    return all;
}
template <class V, class... Around>
constexpr bool can_exchange_alternatives() {
    bool all = true;
    alternatives<V>::for_each_index([&]<std::size_t I, class A>() { all = all && can_exchange<A, Around...>(); });
    return all;
}
template <class V, class... Around>
constexpr bool can_exchange() {
    constexpr Kind kind = kind_v<V>;
    if constexpr (is_whole<V>) return nothrow_swappable<V>;
    else if constexpr (kind == Kind::structure) {
        if constexpr ((std::is_same_v<V, Around> || ...)) return true;
        else return can_exchange_leaves<V, Around...>();
    } else if constexpr (kind == Kind::variant) {
        return nothrow_swappable<V> && can_exchange_alternatives<V, Around...>();
    } else if constexpr (kind == Kind::array) {
        return can_exchange<std::remove_cv_t<typename V::value_type>, Around...>();
    } else if constexpr (kind == Kind::optional) {
        using E = std::remove_cv_t<typename V::value_type>;
        return moves<E> && can_exchange<E, Around...>();
    } else if constexpr (kind == Kind::sequence) {
        return keeps_room<V> && moves<typename V::value_type> && can_exchange<typename V::value_type, Around...>();
    } else if constexpr (extracts<V> && std::is_default_constructible_v<V>) {
        if constexpr (!std::is_empty_v<typename V::allocator_type> || !(sorts_keys<V> || keeps_buckets<V>))
            return false;
        else if constexpr (kind == Kind::map) return can_exchange<typename V::mapped_type, Around...>();
        else return true;
    } else return false;
}

// ---- before: all that needs memory, in the order in which it is needed

template <bool Indivisible, class V>
void prepare_exchange(ChangeReader& changes, V& value, Records& kept);

// Room for so many more, of which the next ones, too, may find some left.
template <class V>
void make_room(V& value, std::size_t more) {
    const std::size_t size = value.size() + more;
    if constexpr (requires { value.capacity(); }) {
        if (size > value.capacity()) value.reserve(size < 2 * value.capacity() ? 2 * value.capacity() : size);
    } else if constexpr (keeps_buckets<V>) {
        const double room = static_cast<double>(value.bucket_count()) * static_cast<double>(value.max_load_factor());
        if (static_cast<double>(size) + 1 > room) value.reserve(2 * size);
    }
}

template <class V>
void prepare_whole(ChangeReader& changes, Records& kept) {
    const auto& replaced = changes.reader.read<Replaced<V>>();
    kept.write<V>(changes.inverted ? replaced.before : replaced.after);
}
template <class V>
void prepare_edits(ChangeReader& changes, V& value, Records& kept) {
    constexpr Kind kind = kind_v<V>;
    using E = typename ElementOf<V>::type;
    Positions at(changes.inverted);
    std::size_t added = 0;
    for (bool more = true; more;) {
        const Lead lead = changes.lead();
        const EditKind edit = changes.kind(lead);
        more = lead.more();
        if constexpr (kind == Kind::map || kind == Kind::set) {
            const auto& key = changes.reader.read<typename V::key_type>();
            if (edit == EditKind::changed) {
                if constexpr (kind == Kind::map) prepare_exchange<false>(changes, value.find(key)->second, kept);
                continue;
            }
            V& one = kept.write<V>();
            make_room(one, 1);
            if constexpr (kind == Kind::map) {
                const E& mapped = changes.reader.read<E>();
                if (edit == EditKind::added) one.try_emplace(key, mapped);
            } else if (edit == EditKind::added) one.insert(key);
        } else if constexpr (kind == Kind::optional) {
            if (edit == EditKind::changed) prepare_exchange<false>(changes, *value, kept);
            else kept.write<E>(changes.reader.read<E>());
        } else {
            at.enter(lead);
            if (edit == EditKind::changed) prepare_exchange<false>(changes, *nth(value, at.before()), kept);
            else kept.write<E>(changes.reader.read<E>());
        }
        added += edit == EditKind::added ? 1 : 0;
    }
    if constexpr (kind != Kind::optional)
        if (added > 0) make_room(value, added);
}
template <bool Indivisible, class V>
void prepare_exchange(ChangeReader& changes, V& value, Records& kept) {
    if constexpr (splices<V>) {
        const Lead lead = changes.lead();
        if (lead.kind() == EditKind::changed) return prepare_whole<V>(changes, kept);
        std::size_t more = 0;
        each_splice(changes, lead, [&](const Splice& splice) { more += splice.inserted.size(); });
        make_room(value, more);
    } else if constexpr (written_whole<V, Indivisible>) prepare_whole<V>(changes, kept);
    else if constexpr (kind_v<V> == Kind::structure) {
        for (bool more = true; more;) {
            const Lead lead = changes.lead();
            more = lead.more();
            with_leaf<V>(lead.number(), [&]<std::size_t L>() {
                prepare_exchange<leaf_marks<V, L>.indivisible>(changes, get_leaf<L>(value), kept);
            });
        }
    } else if constexpr (kind_v<V> == Kind::variant) {
        const Lead lead = changes.lead();
        if (lead.kind() != EditKind::changed) return prepare_whole<V>(changes, kept);
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (lead.number() == I) prepare_exchange<false>(changes, *get_if<I>(&value), kept);
        });
    } else prepare_edits(changes, value, kept);
}

// ---- and then: the same way again, forwards or back

template <bool Indivisible, class V>
void exchange(ChangeReader& changes, V& value, Records::Reader& kept) noexcept;

template <class X>
X& kept_next(Records::Reader& kept) {
    return const_cast<X&>(kept.read<X>());
}
template <class V>
void exchange_whole(ChangeReader& changes, V& value, Records::Reader& kept) {
    changes.reader.read<Replaced<V>>();
    using std::swap;
    swap(value, kept_next<V>(kept));
}
template <class V>
void exchange_edits(ChangeReader& changes, V& value, Records::Reader& kept) {
    constexpr Kind kind = kind_v<V>;
    using E = typename ElementOf<V>::type;
    Positions at(changes.inverted);
    for (bool more = true; more;) {
        const Lead lead = changes.lead();
        const EditKind edit = changes.kind(lead);
        more = lead.more();
        if constexpr (kind == Kind::map || kind == Kind::set) {
            const auto& key = changes.reader.read<typename V::key_type>();
            if (edit == EditKind::changed) {
                if constexpr (kind == Kind::map) exchange<false>(changes, value.find(key)->second, kept);
                continue;
            }
            V& one = kept_next<V>(kept);
            if constexpr (kind == Kind::map) changes.reader.read<E>();
            if (edit == EditKind::added) value.insert(one.extract(one.begin()));
            else one.insert(value.extract(value.find(key)));
        } else if constexpr (kind == Kind::optional) {
            if (edit == EditKind::changed) {
                exchange<false>(changes, *value, kept);
                continue;
            }
            changes.reader.read<E>();
            E& content = kept_next<E>(kept);
            if (edit == EditKind::added) value.emplace(std::move(content));
            else {
                content = std::move(*value);
                value.reset();
            }
        } else {
            at.enter(lead);
            const auto here = nth(value, at.after());
            if (edit == EditKind::changed) {
                exchange<false>(changes, *here, kept);
                continue;
            }
            changes.reader.read<E>();
            E& element = kept_next<E>(kept);
            if constexpr (kind == Kind::sequence) {
                if (edit == EditKind::added) value.insert(here, std::move(element));
                else {
                    element = std::move(*here);
                    value.erase(here);
                }
            }
        }
    }
}
template <bool Indivisible, class V>
void exchange(ChangeReader& changes, V& value, Records::Reader& kept) noexcept {
    if constexpr (splices<V>) {
        const Lead lead = changes.lead();
        if (lead.kind() == EditKind::changed) return exchange_whole(changes, value, kept);
        each_splice(changes, lead, [&](const Splice& splice) {
            value.replace(splice.after, splice.erased.size(), splice.inserted.data(), splice.inserted.size());
        });
    } else if constexpr (written_whole<V, Indivisible>) exchange_whole(changes, value, kept);
    else if constexpr (kind_v<V> == Kind::structure) {
        for (bool more = true; more;) {
            const Lead lead = changes.lead();
            more = lead.more();
            with_leaf<V>(lead.number(), [&]<std::size_t L>() {
                exchange<leaf_marks<V, L>.indivisible>(changes, get_leaf<L>(value), kept);
            });
        }
    } else if constexpr (kind_v<V> == Kind::variant) {
        const Lead lead = changes.lead();
        if (lead.kind() != EditKind::changed) return exchange_whole(changes, value, kept);
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (lead.number() == I) exchange<false>(changes, *get_if<I>(&value), kept);
        });
    } else exchange_edits(changes, value, kept);
}

}  // namespace stet::detail
