#pragma once
// The rules that written changes can have broken: a walk along the records and the value that they led to.

#include <stet/patch/check.hpp>
#include <stet/patch/read_records.hpp>
#include <stet/patch/record_patch.hpp>

#include <cstddef>
#include <type_traits>

namespace stet::detail {

// The leaves' insides are checked while the records are read, so not again with the struct; but for those inside a leaf
// that is written as one although it opens for its rules.
template <class T, std::size_t L>
inline constexpr bool opens_for_rules = leaf_marks<T, L>.indivisible && opens<leaf_type<T, L>>();
template <class T>
struct CheckedAlready {
    template <std::size_t L, class V, class Where, class Sink>
    void leaf(const V& value, const Where& where, Sink& sink) const {
        if constexpr (opens_for_rules<T, L>) check_inside(value, where, sink);
    }
    template <class Key, IndexPath Path, class Tag, class V, class Where, class Sink>
    void keys(const V& value, const Where& where, Sink& sink) const {
        if constexpr (opens_for_rules<T, leaf_range<T, Path>.first>) check_unique<Key, Tag>(value, where, sink);
    }
};

// The leaves whose elements have a key.
template <class T>
inline constexpr LeafMask<T> keyed_leaves = [] {
    LeafMask<T> mask;
    for_each_leaf<T>([&]<std::size_t L>() {
        if constexpr (kind_v<leaf_type<T, L>> == Kind::sequence)
            if constexpr (keyed_elements<decltype(leaf_key<T, L>()), leaf_type<T, L>>()) mask.set(L);
    });
    return mask;
}();

// Do these changes of a sequence give any of its elements another key than it had?
template <class Key, class V>
bool brings_keys(ChangeReader changes) {
    using E = std::remove_cv_t<typename V::value_type>;
    for (bool more = true; more;) {
        const Lead lead = changes.lead();
        more = lead.more();
        const EditKind edit = changes.kind(lead);
        if (edit == EditKind::added) return true;
        if (edit == EditKind::removed) changes.reader.read<E>();
        else if constexpr (is_whole<E>) {
            const auto& replaced = changes.reader.read<Replaced<E>>();
            if (!same_key<Key>(replaced.before, replaced.after)) return true;
        } else {
            for (bool inner = true; inner;) {
                const Lead leaf = changes.lead();
                inner = leaf.more();
                if (leaf.number() - key_leaves<Key, E>.first < key_leaves<Key, E>.count) return true;
                with_leaf<E>(leaf.number(), [&]<std::size_t L>() {
                    show<leaf_marks<E, L>.indivisible, leaf_type<E, L>>(changes, PassBy{});
                });
            }
        }
    }
    return false;
}

template <bool Indivisible, class V, class Where, class Sink>
void check_written(ChangeReader& changes, const V& value, const Where& where, Sink& sink);
template <class V, class Where, class Sink>
void check_edits(ChangeReader& changes, const V& value, const Where& where, Sink& sink);

// Where all changes of a struct's leaves are only bytes in whole words, and none has rules inside, they can be passed
// by without asking which leaf it is: the branch would cost more than the check.
template <class T>
constexpr bool all_leaves_are_words() {
    bool all = true;
    for_each_leaf<T>([&]<std::size_t L>() {
        using V = leaf_type<T, L>;
        if constexpr (written_whole<V, leaf_marks<T, L>.indivisible> && std::is_trivially_copyable_v<V>)
            all = all && !has_rules<V>() && alignof(V) <= Records::word && sizeof(Replaced<V>) < 65536;
        else all = false;
    });
    return all;
}
template <class T>
constexpr bool leaves_are_words() {
    if constexpr (kind_v<T> != Kind::structure || written_whole<T, false>) return false;
    else return all_leaves_are_words<T>();
}

// A container of such structs.
template <class V>
constexpr bool holds_words() {
    if constexpr (kind_v<V> != Kind::sequence && kind_v<V> != Kind::array) return false;
    else return leaves_are_words<typename V::value_type>();
}
template <class T>
struct LeafSizes {
    std::uint16_t of[leaf_count<T>];
    constexpr bool equal() const {
        for (const std::uint16_t size : of)
            if (size != of[0]) return false;
        return true;
    }
};
template <class T>
inline constexpr LeafSizes<T> leaf_sizes = []<std::size_t... L>(std::index_sequence<L...>) {
    return LeafSizes<T>{{Records::whole_words(sizeof(Replaced<leaf_type<T, L>>))...}};
}(std::make_index_sequence<leaf_count<T>>{});

template <class T>
STET_ALWAYS_INLINE LeafMask<T> pass_by_words(ChangeReader& changes) {
    constexpr const LeafSizes<T>& sizes = leaf_sizes<T>;
    LeafMask<T> mask;
    for (bool more = true; more;) {
        const Lead lead = changes.lead();
        more = lead.more();
        mask.set(lead.number());
        changes.reader.skip(sizes.equal() ? sizes.of[0] : sizes.of[lead.number()]);
    }
    return mask;
}

// Reads the records of a struct's leaves and says which there are.
template <class T, class Where, class Sink>
STET_ALWAYS_INLINE LeafMask<T> check_leaves(ChangeReader& changes, const T& value, const Where& where, Sink& sink) {
    LeafMask<T> mask;
    for (bool more = true; more;) {
        const Lead lead = changes.lead();
        more = lead.more();
        mask.set(lead.number());
        with_leaf<T>(lead.number(), [&]<std::size_t L>() STET_INLINE_LAMBDA {
            using V = leaf_type<T, L>;
            constexpr Marks marks = leaf_marks<T, L>;
            if constexpr (keyed_leaves<T>[L]) {
                using Key = decltype(leaf_key<T, L>());
                if (marks.indivisible || brings_keys<Key, V>(changes))
                    check_unique<Key, PathTag<path_text_v<T, leaf_table<T>.path[L]>>>(
                        get_leaf<L>(value), where.named(leaf_path<T, L>(), L, marks.secret), sink);
            }
            // a field that is marked indivisible opens for its rules all the same: they are asked with the struct's
            if constexpr (!has_rules<V>() || opens_for_rules<T, L>) show<marks.indivisible, V>(changes, PassBy{});
            else {
                const V& leaf = get_leaf<L>(value);
                const auto here = where.named(leaf_path<T, L>(), L, marks.secret);
                // here and not in a function of its own: the reader stays in registers
                if constexpr (holds_words<V>() && !marks.indivisible) check_edits(changes, leaf, here, sink);
                else check_written<marks.indivisible>(changes, leaf, here, sink);
            }
        });
    }
    return mask;
}

// What is there now in an element, entry or optional that was changed or added.
template <class V, class Where, class Sink>
STET_ALWAYS_INLINE void check_content(ChangeReader& changes, EditKind edit, const V& value, const Where& where,
                                      Sink& sink) {
    if (edit == EditKind::added) {
        changes.reader.read<V>();
        check_inside(value, where, sink);
    } else if constexpr (leaves_are_words<V>()) {
        check_structure<V, IndexPath{}>(value, where, Touched<V>{pass_by_words<V>(changes)}, CheckedAlready<V>{}, sink);
    } else check_written<false>(changes, value, where, sink);
}

template <class V, class Where, class Sink>
STET_ALWAYS_INLINE void check_edits(ChangeReader& changes, const V& value, const Where& where, Sink& sink) {
    constexpr Kind kind = kind_v<V>;
    using E = std::remove_cv_t<typename V::value_type>;
    Positions at(changes.inverted);
    for (bool more = true; more;) {
        const Lead lead = changes.lead();
        const EditKind edit = changes.kind(lead);
        more = lead.more();
        if constexpr (kind == Kind::map) {
            const auto& key = changes.reader.read<typename V::key_type>();
            if (edit == EditKind::removed) changes.reader.read<typename V::mapped_type>();
            else check_content(changes, edit, value.find(key)->second, entry_at(where, key), sink);
        } else if constexpr (kind == Kind::set) {
            const auto& key = changes.reader.read<typename V::key_type>();
            if (edit == EditKind::added) check_inside(key, member_at(where, key), sink);
        } else if constexpr (kind == Kind::optional) {
            if (edit == EditKind::removed) changes.reader.read<E>();
            else check_content(changes, edit, *value, where.content(), sink);
        } else {
            at.enter(lead);
            if (edit == EditKind::removed) changes.reader.read<E>();
            else check_content(changes, edit, *nth(value, at.after()), where.at(at.after()), sink);
        }
    }
}

template <bool Indivisible, class V, class Where, class Sink>
void check_written(ChangeReader& changes, const V& value, const Where& where, Sink& sink) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (!has_rules<V>()) show<Indivisible, V>(changes, PassBy{});
    else if constexpr (written_whole<V, Indivisible>) {
        changes.reader.read<Replaced<V>>();
        check_inside(value, where, sink);
    } else if constexpr (kind == Kind::structure) {
        const LeafMask<V> mask = check_leaves(changes, value, where, sink);
        check_structure<V, IndexPath{}>(value, where, Touched<V>{mask}, CheckedAlready<V>{}, sink);
    } else if constexpr (kind == Kind::variant) {
        const Lead lead = changes.lead();
        if (lead.kind() != EditKind::changed) {
            changes.reader.read<Replaced<V>>();
            check_inside(value, where, sink);
        } else {
            alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
                if (lead.number() == I) check_written<false>(changes, *get_if<I>(&value), where.content(), sink);
            });
        }
    } else check_edits(changes, value, where, sink);
}

// Whether any rule is broken, not where and which: most checks find nothing, and a way that nobody asks for need not
// be built.
struct Notice {
    using Where = Nowhere;
    bool broken = false;
    template <class Rule, class V, class Tag>
    void add(Nowhere, const Rule&, const V&, Severity, Tag) {
        broken = true;
    }
};

// One leaf, known when it is compiled.
template <std::size_t L>
struct TouchedLeaf {
    STET_ALWAYS_INLINE constexpr bool operator()(LeafRange leaves) const { return L - leaves.first < leaves.count; }
};

/// Can a change of the one value at the end of a way be checked by what the way says, without the records?
template <class T, class Way>
constexpr bool checked_by_way() {
    if constexpr (Way::several || Way::root_leaf == not_found || Way::structs > 2) return false;
    else if constexpr (Way::structs == 1) return !keyed_leaves<T>[Way::root_leaf];
    else if constexpr (requires { typename Way::Struct; }) return !keyed_leaves<T>[Way::root_leaf];
    else return false;
}
/// Does a value break any rule that reads this one? `around` is what the way's last part is a part of.
template <class T, class Way>
bool breaks_rules(const T& value, [[maybe_unused]] const void* around) {
    Notice notice;
    check_value(value, Rules<>{}, TouchedLeaf<Way::root_leaf>{}, CheckedAlready<T>{}, notice);
    if constexpr (Way::structs == 2) {
        using Struct = typename Way::Struct;
        if constexpr (has_rules<Struct>())
            check_structure<Struct, IndexPath{}>(*static_cast<const Struct*>(around), Nowhere{},
                                                 TouchedLeaf<Way::leaf>{}, CheckedAlready<Struct>{}, notice);
    }
    return notice.broken;
}

// Apart, so that who changes nothing that is ruled there pays nothing for it.
template <class T, class P, class Sink>
STET_NO_INLINE void check_insides(const T& value, const P& patch, Sink& sink) {
    ChangeReader changes = patch.changes();
    check_leaves(changes, value, typename Sink::Where{}, sink);
}
template <class T, class P, class InstanceRules, class Sink>
void check_all_records(const T& value, const P& patch, const InstanceRules& instance, Sink& sink) {
    check_value(value, instance, Touched<T>{patch.leaves()}, CheckedAlready<T>{}, sink);
    if constexpr (has_rules<T>())
        if (patch.touches_rules_inside() || (keyed_leaves<T>.any() && patch.leaves().intersects(keyed_leaves<T>)))
            check_insides(value, patch, sink);
}
template <class T, class P, class InstanceRules, class Sink>
STET_NO_INLINE void collect_with_paths(const T& value, const P& patch, const InstanceRules& instance, Sink& sink) {
    check_all_records(value, patch, instance, sink);
}
template <class T, class InstanceRules, class Sink>
void check_records(const T& value, const Patch<T>& patch, const InstanceRules& instance, Sink& sink) {
    Notice notice;
    check_all_records(value, patch, instance, notice);
    if (notice.broken) collect_with_paths(value, patch, instance, sink);
}

}  // namespace stet::detail
