#pragma once
// The patch of a flat struct: which leaves changed, and both values. No heap; works in constant expressions.

#include <stet/patch/visit.hpp>
#include <stet/result.hpp>
#include <stet/schema/check.hpp>
#include <stet/schema/hidden.hpp>

#include <cstddef>
#include <type_traits>

namespace stet::detail {

template <class T>
struct MarkChanged {
    LeafMask<T>& mask;

    template <class F>
    STET_ALWAYS_INLINE constexpr bool skip([[maybe_unused]] const F& a, [[maybe_unused]] const F& b) const {
        if constexpr (STET_BARE && sizeof(F) <= 64) return false;  // a call takes as long, and more room
        else return same_bytes(a, b);
    }
    template <std::size_t L, class V>
    STET_ALWAYS_INLINE constexpr void operator()(const V& a, const V& b) const {
        if constexpr (!leaf_marks<T, L>.transient) mask.set_if(L, !detail::same(a, b));
    }
};

// Where it is likely that something changed: asking for all bytes at once would only wait for them.
template <class T>
constexpr LeafMask<T> likely_changed_leaves(const T& from, const T& to) {
    LeafMask<T> mask;
    zip_leaves<T>(MarkChanged<T>{mask}, from, to);
    return mask;
}
template <class T>
STET_ALWAYS_INLINE constexpr LeafMask<T> changed_leaves(const T& from, const T& to) {
    return same_bytes(from, to) ? LeafMask<T>{} : likely_changed_leaves(from, to);
}

template <class T>
constexpr void copy_leaves(const LeafMask<T>& mask, const T& from, T& to) {
    zip_leaves<T>(
        [&]<std::size_t L>(const auto& a, auto& b) STET_INLINE_LAMBDA {
            if (mask[L]) b = a;
        },
        from, to);
}

// A leaf in which a change can lie: what else is there stays, and need not be as it was, as in a patch with records.
template <class V>
inline constexpr bool has_inside = kind_v<V> == Kind::array || kind_v<V> == Kind::optional;

template <class T>
constexpr bool any_inside() {
    bool any = false;
    for_each_leaf<T>(
        [&]<std::size_t L>() { any = any || (has_inside<leaf_type<T, L>> && !leaf_marks<T, L>.indivisible); });
    return any;
}

/// Makes what differs between `before` and `after` in `value`, or (`To` is const) asks whether it is as before.
template <bool Indivisible, class V, class To>
constexpr bool change_inside(To& value, const V& before, const V& after) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (!Indivisible && kind == Kind::structure && !is_whole<V>) {
        bool ok = true;
        for_each_leaf<V>([&]<std::size_t L>() {
            if constexpr (!leaf_marks<V, L>.transient)
                ok = ok && change_inside<leaf_marks<V, L>.indivisible, leaf_type<V, L>>(
                               get_leaf<L>(value), get_leaf<L>(before), get_leaf<L>(after));
        });
        return ok;
    } else if constexpr (!Indivisible && kind == Kind::array && contiguous<V>) {
        using E = std::remove_cv_t<typename V::value_type>;
        if constexpr (STET_BARE && sizeof(V) <= 64) {  // looking ahead would take as long, and more room
            for (std::size_t at = 0; at < before.size(); ++at)
                if (!change_inside<false, E>(value.data()[at], before.data()[at], after.data()[at])) return false;
            return true;
        }
        for (std::size_t at = 0; (at = skip_equal(before.data(), after.data(), at, before.size())) < before.size();
             ++at)
            if (!change_inside<false, E>(value.data()[at], before.data()[at], after.data()[at])) return false;
        return true;
    } else {
        if (detail::same(before, after)) return true;
        if constexpr (!Indivisible && kind == Kind::optional)
            if (before.has_value() && after.has_value())
                return value.has_value() &&
                       change_inside<false, std::remove_cv_t<typename V::value_type>>(*value, *before, *after);
        if constexpr (std::is_const_v<To>) return detail::same(value, before);
        else {
            value = after;
            return true;
        }
    }
}

// Are all members of a flat value seen? A class that lists its own may have others.
template <class V>
constexpr bool lists_none() {
    constexpr Kind kind = kind_v<V>;
    bool all = true;
    if constexpr (kind == Kind::structure) {
        if constexpr (listed<V>) return false;
        else if constexpr (reflectable<V>)
            for_each_field<V>([&]<std::size_t I>() { all = all && lists_none<field_type<V, I>>(); });
    } else if constexpr (kind == Kind::map) {
        all = lists_none<typename V::key_type>() && lists_none<typename V::mapped_type>();
    } else if constexpr (kind == Kind::variant) {
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() { all = all && lists_none<A>(); });
    } else if constexpr (kind == Kind::array || kind == Kind::optional || kind == Kind::sequence || kind == Kind::set) {
        all = lists_none<std::remove_cv_t<typename V::value_type>>();
    }
    return all;
}

// What most values are: in every byte what the patch was made from. Then they become what it leads to as a whole, of
// which its leaves are all that differs; unless there is something that no patch sees.
template <class T>
constexpr bool becomes_whole(const T& before, const T& after, T& value) {
    if constexpr (!hides<T>() && lists_none<T>())
        if (same_bytes(value, before)) return value = after, true;
    return false;
}

template <class T>
constexpr void make_changes(const LeafMask<T>& mask, const T& before, const T& after, T& value) {
    if (becomes_whole(before, after, value)) return;
    if constexpr (!any_inside<T>()) copy_leaves(mask, after, value);
    else
        zip_leaves<T>(
            [&]<std::size_t L, class V>(const V& from, const V& to, V& at) {
                if (!mask[L]) return;
                if constexpr (has_inside<V>) change_inside<leaf_marks<T, L>.indivisible, V>(at, from, to);
                else at = to;
            },
            before, after, value);
}

template <class T>
constexpr std::size_t first_misfit(const LeafMask<T>& mask, const T& before, const T& after, const T& value) {
    if constexpr (!any_inside<T>()) return changed_leaves(value, before).first_common(mask);
    else {
        LeafMask<T> bad = changed_leaves(value, before) & mask;
        if (!bad.any()) return leaf_count<T>;
        const LeafMask<T> differ = bad;
        zip_leaves<T>(
            [&]<std::size_t L, class V>(const V& from, const V& to, const V& at) {
                if constexpr (has_inside<V>)
                    if (differ[L] && change_inside<leaf_marks<T, L>.indivisible, V>(at, from, to)) bad.reset(L);
            },
            before, after, value);
        return bad.first_common(mask);
    }
}

template <class T>
class FlatPatch {
public:
    constexpr FlatPatch(const T& from, const T& to) : mask_(changed_leaves(from, to)), before_(from), after_(to) {}
    /// `mask` has all leaves in which they differ.
    constexpr FlatPatch(const T& from, const T& to, const LeafMask<T>& mask) : mask_(mask), before_(from), after_(to) {}

    constexpr bool empty() const { return !mask_.any(); }
    constexpr const LeafMask<T>& leaves() const { return mask_; }
    constexpr const T& before() const { return before_; }
    constexpr const T& after() const { return after_; }

    template <class F>
    constexpr void visit(F&& f) const {
        const PathView root;
        VisitNode<std::remove_reference_t<F>> node(f, root);
        for_each_leaf<T>([&]<std::size_t L>() {
            if (mask_[L]) walk_leaf<T, L>(get_leaf<L>(before_), get_leaf<L>(after_), node);
        });
    }

    constexpr FlatPatch inverse() const { return FlatPatch(after_, before_, mask_); }

    /// The leaf at which `value` is not as it was before; leaf_count where it fits.
    constexpr std::size_t misfit(const T& value) const { return first_misfit(mask_, before_, after_, value); }
    /// The same, and carries it out where it fits.
    constexpr std::size_t apply(T& value) const {
        if (becomes_whole(before_, after_, value)) return leaf_count<T>;
        const std::size_t leaf = misfit(value);
        if (leaf == leaf_count<T>) carry_out(value);
        return leaf;
    }
    constexpr void carry_out(T& value) const { make_changes(mask_, before_, after_, value); }
    constexpr void take_back(T& value) const { make_changes(mask_, after_, before_, value); }

private:
    LeafMask<T> mask_;
    T before_;
    T after_;
};

}  // namespace stet::detail
