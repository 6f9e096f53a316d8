#pragma once
// The rules that written changes can have broken: a walk along the records and the value that they led to.

#include <stet/patch/check.hpp>
#include <stet/patch/read_records.hpp>
#include <stet/patch/record_patch.hpp>

#include <cstddef>
#include <type_traits>

namespace stet::detail {

// Reads on, past what nobody asked for.
struct PassBy {
    template <class V>
    void value(const V&, const V&) const {}
    template <class V>
    void replaced(const V&, const V&) const {}
    template <class T, std::size_t L>
    PassBy leaf() const {
        return {};
    }
    PassBy element(std::size_t, std::size_t) const { return {}; }
    template <class Key>
    PassBy entry(const Key&) const {
        return {};
    }
    template <class V, std::size_t>
    PassBy content() const {
        return {};
    }
    template <class E>
    void inserted(std::size_t, std::size_t, const E&) const {}
    template <class E>
    void erased(std::size_t, std::size_t, const E&) const {}
    template <class Key, class V>
    void entry_added(const Key&, const V&) const {}
    template <class Key, class V>
    void entry_removed(const Key&, const V&) const {}
    template <class Key>
    void member_added(const Key&) const {}
    template <class Key>
    void member_removed(const Key&) const {}
    template <class V>
    void appeared(const V&) const {}
    template <class V>
    void vanished(const V&) const {}
};

// The leaves' insides are checked while the records are read, so not again with the struct.
struct CheckedAlready {
    template <std::size_t, class V, class Sink>
    void leaf(const V&, const PathView&, Sink&) const {}
};

template <bool Indivisible, class V, class Sink>
void check_written(ChangeReader& changes, const V& value, const PathView& where, Sink& sink);

// Where all changes of a struct's leaves are only bytes, and none has rules inside, they can be passed by without
// asking which leaf it is: the branch would cost more than the check.
template <class T>
constexpr bool leaves_are_bytes() {
    bool all = true;
    for_each_leaf<T>([&]<std::size_t L>() {
        using V = leaf_type<T, L>;
        all =
            all && written_whole<V, leaf_marks<T, L>.indivisible> && std::is_trivially_copyable_v<V> && !has_rules<V>();
    });
    return all;
}
template <class T>
struct LeafSizes {
    std::uint16_t size[leaf_count<T> > 0 ? leaf_count<T> : 1];
    std::uint16_t align[leaf_count<T> > 0 ? leaf_count<T> : 1];
};
template <class T>
inline constexpr LeafSizes<T> leaf_sizes = []<std::size_t... L>(std::index_sequence<L...>) {
    return LeafSizes<T>{{static_cast<std::uint16_t>(sizeof(Replaced<leaf_type<T, L>>))...},
                        {static_cast<std::uint16_t>(alignof(Replaced<leaf_type<T, L>>))...}};
}(std::make_index_sequence<leaf_count<T>>{});

// Reads the records of a struct's leaves and says which there are.
template <class T, class Sink>
LeafMask<T> check_leaves(ChangeReader& changes, const T& value, const PathView& where, Sink& sink) {
    LeafMask<T> mask;
    for (std::uint32_t n = changes.count(); n > 0; --n) {
        const std::size_t leaf = changes.leaf();
        mask.set(leaf);
        if constexpr (leaves_are_bytes<T>() && sizeof(T) < 16384) {
            changes.reader.skip(leaf_sizes<T>.size[leaf], leaf_sizes<T>.align[leaf]);
            continue;
        }
        with_leaf<T>(leaf, [&]<std::size_t L>() {
            constexpr Marks marks = leaf_marks<T, L>;
            // a field that is marked indivisible opens for its rules all the same: they are asked with the struct's
            constexpr bool with_struct = marks.indivisible && opens<leaf_type<T, L>>();
            if constexpr (has_rules<leaf_type<T, L>>() && !with_struct)
                check_written<marks.indivisible>(changes, get_leaf<L>(value),
                                                 where.named(leaf_path<T, L>(), L, marks.secret), sink);
            else show<marks.indivisible, leaf_type<T, L>>(changes, PassBy{});
        });
    }
    return mask;
}

template <class V, class Sink>
void check_edits(ChangeReader& changes, const V& value, const PathView& where, Sink& sink) {
    constexpr Kind kind = kind_v<V>;
    using E = std::remove_cv_t<typename V::value_type>;
    for (std::uint32_t n = changes.count(); n > 0; --n) {
        const Edit edit = changes.edit();
        if constexpr (kind == Kind::map) {
            const auto& key = changes.reader.read<typename V::key_type>();
            const PathView here = entry_at(where, key);
            if (edit.kind == EditKind::changed) {
                check_written<false>(changes, value.find(key)->second, here, sink);
            } else {
                changes.reader.read<typename V::mapped_type>();
                if (edit.kind == EditKind::added) check_inside(value.find(key)->second, here, sink);
            }
        } else if constexpr (kind == Kind::set) {
            const auto& key = changes.reader.read<typename V::key_type>();
            if (edit.kind == EditKind::added) check_inside(key, member_at(where, key), sink);
        } else if constexpr (kind == Kind::optional) {
            if (edit.kind == EditKind::changed) {
                check_written<false>(changes, *value, where.content(), sink);
            } else {
                changes.reader.read<E>();
                if (edit.kind == EditKind::added) check_inside(*value, where.content(), sink);
            }
        } else {
            if (edit.kind == EditKind::changed) {
                check_written<false>(changes, *nth(value, edit.new_index), where.at(edit.new_index), sink);
            } else {
                changes.reader.read<E>();
                if (edit.kind == EditKind::added)
                    check_inside(*nth(value, edit.new_index), where.at(edit.new_index), sink);
            }
        }
    }
}

template <bool Indivisible, class V, class Sink>
void check_written(ChangeReader& changes, const V& value, const PathView& where, Sink& sink) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (!has_rules<V>()) show<Indivisible, V>(changes, PassBy{});
    else if constexpr (written_whole<V, Indivisible>) {
        changes.reader.read<Replaced<V>>();
        check_inside(value, where, sink);
    } else if constexpr (kind == Kind::structure) {
        const LeafMask<V> mask = check_leaves(changes, value, where, sink);
        check_structure<V, IndexPath{}>(value, where, Touched<V>{mask}, CheckedAlready{}, sink);
    } else if constexpr (kind == Kind::variant) {
        changes.count();
        if (changes.reader.read<Edit>().kind != EditKind::changed) {
            changes.reader.read<Replaced<V>>();
            check_inside(value, where, sink);
        } else {
            const std::uint32_t index = changes.leaf();
            alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
                if (index == I) check_written<false>(changes, *get_if<I>(&value), where.content(), sink);
            });
        }
    } else check_edits(changes, value, where, sink);
}

template <class T>
constexpr bool insides_have_rules() {
    bool any = false;
    for_each_leaf<T>([&]<std::size_t L>() { any = any || has_rules<leaf_type<T, L>>(); });
    return any;
}

template <class T>
constexpr bool touches_ruled_insides(const LeafMask<T>& touched) {
    bool any = false;
    for_each_leaf<T>([&]<std::size_t L>() {
        if constexpr (has_rules<leaf_type<T, L>>()) any = any || touched[L];
    });
    return any;
}

template <class T, class InstanceRules, class Sink>
void check_records(const T& value, const Patch<T>& patch, const InstanceRules& instance, Sink& sink) {
    if constexpr (insides_have_rules<T>()) {
        if (touches_ruled_insides(patch.leaves())) {
            ChangeReader changes = patch.changes();
            check_leaves(changes, value, PathView{}, sink);
        }
    }
    check_value(value, instance, Touched<T>{patch.leaves()}, CheckedAlready{}, sink);
}

}  // namespace stet::detail
