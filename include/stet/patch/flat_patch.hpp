#pragma once
// The patch of a flat struct: which leaves changed, and both values. No heap; works in constant expressions.

#include <stet/error.hpp>
#include <stet/patch/visit.hpp>
#include <stet/schema/check.hpp>

#include <cstddef>
#include <type_traits>

namespace stet {
namespace detail {

template <class T>
struct MarkChanged {
    LeafMask<T>& mask;

    template <class F>
    STET_ALWAYS_INLINE constexpr bool skip(const F& a, const F& b) const {
        return same_bytes(a, b);
    }
    template <std::size_t L, class V>
    STET_ALWAYS_INLINE constexpr void operator()(const V& a, const V& b) const {
        if constexpr (!leaf_marks<T, L>.transient) mask.set_if(L, !detail::same(a, b));
    }
};

template <class T>
constexpr LeafMask<T> changed_leaves(const T& from, const T& to) {
    LeafMask<T> mask;
    if (!same_bytes(from, to)) zip_leaves<T>(MarkChanged<T>{mask}, from, to);
    return mask;
}

template <class T>
constexpr void copy_leaves(const LeafMask<T>& mask, const T& from, T& to) {
    zip_leaves<T>(
        [&]<std::size_t L>(const auto& a, auto& b) STET_INLINE_LAMBDA {
            if (mask[L]) b = a;
        },
        from, to);
}

template <class T>
class FlatPatch {
public:
    constexpr FlatPatch(const T& from, const T& to) : mask_(changed_leaves(from, to)), before_(from), after_(to) {}
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
    constexpr std::size_t misfit(const T& value) const {
        return changed_leaves(value, before_).first_common(mask_);
    }
    constexpr void carry_out(T& value) const { copy_leaves(mask_, after_, value); }
    constexpr void take_back(T& value) const { copy_leaves(mask_, before_, value); }

private:
    LeafMask<T> mask_;
    T before_;
    T after_;
};

}  // namespace detail
}  // namespace stet
