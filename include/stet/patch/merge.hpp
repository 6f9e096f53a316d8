#pragma once
// `merge`, `rebase` and `resolve`: two changes of one base brought together. There is one merge in the library; revert
// and concurrent updates go through it.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/check.hpp>
#include <stet/patch/flat_merge.hpp>
#include <stet/patch/patch.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace stet {

namespace detail {

template <class T>
class RecordMerge;  // in <stet/patch/merge_records.hpp>, because it needs the heap

template <class T>
constexpr auto merge_base() {
    if constexpr (flat<T>) return std::type_identity<FlatMerge<T>>{};
    else {
        constexpr bool with_heap = requires { sizeof(RecordMerge<T>); };
        static_assert(with_heap,
                      "stet: merge: T has a field that needs the heap; include <stet/stet.hpp>, or make T flat: no "
                      "strings and no growing containers");
        if constexpr (with_heap) return std::type_identity<RecordMerge<T>>{};
        else return std::type_identity<NoPatch>{};
    }
}

}  // namespace detail

/// Two patches of one base: what theirs adds to ours, and where they meet.
///
/// - `patch()`: to be applied to what ours led to; where a conflict is open, ours stands.
/// - `conflicts()`: a list; of a flat struct one that needs no heap.
/// - `clean()`: is everything decided?
/// - `ours()`, `theirs()`: the two patches.
template <class T>
class Merge : public decltype(detail::merge_base<T>())::type {
    using Base = typename decltype(detail::merge_base<T>())::type;

public:
    using Base::Base;
};

/// Two values of one base brought together.
template <class T>
class Merged : public Merge<T> {
public:
    constexpr Merged(T our, Merge<T> made)
        : Merge<T>(std::move(made)),
          value_(patched(std::move(our), this->patch())),
          violations_(stet::check(std::as_const(value_))) {}

    constexpr Merged(const T& base, const T& our, const T& their)
        requires flat<T>
        : Merge<T>(base, our, their, typename Merge<T>::Later{}), value_(our), violations_(stet::check(changed())) {}

    /// Where a conflict is open, ours stands.
    constexpr const T& value() const& { return value_; }
    constexpr T&& value() && { return std::move(value_); }
    /// Rules that the result breaks, though neither side may: `ours()` and `theirs()` say who changed what.
    constexpr const ViolationsOf<T>& violations() const { return violations_; }
    /// Is everything decided, and does the result keep its rules?
    constexpr explicit operator bool() const { return this->clean() && !violations_.refuse(); }

private:
    constexpr const T& changed() {
        this->bring_into(value_);
        return value_;
    }
    static constexpr T patched(T value, const Patch<T>& patch) {
        detail::Apply::trusted(patch, value);
        return value;
    }

    T value_;
    ViolationsOf<T> violations_;
};

namespace detail {

struct Rebase {
    template <class T>
    constexpr Merge<T> operator()(Patch<T> their, Patch<T> our) const {
        return Merge<T>(std::move(our), std::move(their));
    }
};

struct MergeValues {
    template <class T>
        requires flat<T>
    constexpr Merged<T> operator()(const T& base, const T& our, const T& their) const {
        return Merged<T>(base, our, their);
    }
    template <class T>
        requires(!flat<T>)
    constexpr Merged<T> operator()(const T& base, T our, const T& their) const {
        Merge<T> made(diff(base, std::as_const(our)), diff(base, their));
        return Merged<T>(std::move(our), std::move(made));
    }
};

struct Resolve {
    /// One side for each open conflict, in order; those without one stay open.
    template <class T>
    constexpr Merge<T> operator()(const Merge<T>& made, const typename Merge<T>::Sides& chosen) const {
        return Merge<T>(made.ours(), made.theirs(), chosen);
    }
    template <class T, std::same_as<Side>... Each>
    constexpr Merge<T> operator()(const Merge<T>& made, Each... chosen) const {
        return (*this)(made, typename Merge<T>::Sides{chosen...});
    }
    /// `choose(const Conflict&)` names the side.
    template <class T, class Choose>
        requires requires(Choose& choose, const Merge<T>& made) {
            { choose(made.conflicts()[0]) } -> std::same_as<Side>;
        }
    constexpr Merge<T> operator()(const Merge<T>& made, Choose&& choose) const {
        typename Merge<T>::Sides chosen;
        for (const auto& conflict : made.conflicts())
            if (conflict.severity() == ConflictSeverity::critical) chosen.push_back(choose(conflict));
        return (*this)(made, chosen);
    }
    /// The same for values.
    template <class T, class... Chosen>
    constexpr Merged<T> operator()(const Merged<T>& made, Chosen&&... chosen) const {
        const Merge<T>& conflicts = made;
        T value = made.value();
        Apply::undo(made.patch(), value);
        return Merged<T>(std::move(value), (*this)(conflicts, std::forward<Chosen>(chosen)...));
    }
};

}  // namespace detail

/// `rebase(theirs, ours)`: two patches of one base; what theirs still adds when ours was first. O(what both touch).
inline constexpr detail::Rebase rebase{};

/// `merge(base, ours, theirs)`: both changes of a value, field by field; what only one side changed is taken, what both
/// changed in the same way is no conflict.
inline constexpr detail::MergeValues merge{};

/// `resolve(merge, Side::theirs, Side::ours)`, one for each open conflict; or a function that says for each.
inline constexpr detail::Resolve resolve{};

}  // namespace stet
