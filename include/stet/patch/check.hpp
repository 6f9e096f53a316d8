#pragma once
// `check(value, patch)`: only the rules that the patch can break. Elements that it does not touch are not looked at.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/patch.hpp>
#include <stet/schema/check.hpp>

#include <cstddef>
#include <type_traits>

namespace stet {
namespace detail {

template <class T>
struct Touched {
    const LeafMask<T>& mask;
    STET_ALWAYS_INLINE constexpr bool operator()(LeafRange leaves) const { return mask.touches(leaves); }
};

// ---- of a flat struct: what differs between before and after

template <class V, class Where, class Sink>
constexpr void check_different(const V& before, const V& after, const Where& where, Sink& sink);

template <class T>
struct CheckDifferent {
    const T& before;
    template <std::size_t L, class V, class Where, class Sink>
    constexpr void leaf(const V& after, const Where& where, Sink& sink) const {
        check_different(get_leaf<L>(before), after, where, sink);
    }
    template <class Key, IndexPath Path, class Tag, class V, class Where, class Sink>
    constexpr void keys(const V& after, const Where& where, Sink& sink) const {
        const V& old = get_at<Path>(before);
        bool changed = old.size() != after.size();
        auto from = old.begin();
        for (auto to = after.begin(); !changed && to != after.end(); ++from, ++to) changed = !same_key<Key>(*from, *to);
        if (changed) check_unique<Key, Tag>(after, where, sink);
    }
};

template <class V, class Where, class Sink>
constexpr void check_different(const V& before, const V& after, const Where& where, Sink& sink) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (!has_rules<V>()) return;
    else if constexpr (kind == Kind::structure && reflectable<V>) {
        const LeafMask<V> mask = changed_leaves(before, after);
        check_structure<V, IndexPath{}>(after, where, Touched<V>{mask}, CheckDifferent<V>{before}, sink);
    } else if constexpr (kind == Kind::array) {
        for (std::size_t i = 0; i < after.size(); ++i) check_different(before[i], after[i], where.at(i), sink);
    } else if constexpr (kind == Kind::optional) {
        if (before.has_value() && after.has_value()) check_different(*before, *after, where.content(), sink);
        else check_inside(after, where, sink);
    } else {
        if (!detail::same(before, after)) check_inside(after, where, sink);
    }
}

// ---- of any other: what the records say; in <stet/patch/check_records.hpp>, because it needs the heap

template <class T, class InstanceRules, class Sink>
void check_records(const T& value, const Patch<T>& patch, const InstanceRules& instance, Sink& sink);

// Rules of the type and of the instance, on a value that a patch led to.
template <class T, class InstanceRules, class Sink>
constexpr void check_change(const T& value, const Patch<T>& patch, const InstanceRules& instance, Sink& sink) {
    if constexpr (flat<T>) {
        check_value(value, instance, Touched<T>{patch.leaves()}, CheckDifferent<T>{patch.before()}, sink);
    } else {
        check_records(value, patch, instance, sink);
    }
}

}  // namespace detail

/// The violations that a patch can have caused in the value that it led to: rules that read a field which it touches,
/// and rules of elements which it touches. O(what changed), whatever else there is.
template <class T>
constexpr ViolationsOf<T> check(const T& value, const Patch<T>& patch) {
    ViolationsOf<T> found;
    if constexpr (versionable<T>) {
        detail::Collect sink(found);
        detail::check_change(value, patch, Rules<>{}, sink);
    }
    return found;
}

}  // namespace stet
