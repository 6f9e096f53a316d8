#pragma once
// `merge`, `rebase` and `resolve`: two changes of one base brought together. There is one merge in the library; revert
// and concurrent updates go through it.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/check_records.hpp>
#include <stet/patch/conflict.hpp>
#include <stet/patch/merge_records.hpp>
#include <stet/patch/patch.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet {

/// Two patches of one base: what theirs adds to ours, and where they meet.
template <class T>
class Merge {
public:
    Merge(Patch<T> our, Patch<T> their, const detail::SidesOf<T>* chosen = nullptr)
        : ours_(std::move(our)), theirs_(std::move(their)), patch_(theirs_) {
        detail::Settlement<Conflict> found(chosen);
        if constexpr (flat<T>) {
            const auto more = detail::rebase_records<T>(detail::as_records(theirs_), detail::as_records(ours_), found);
            T value = ours_.after();
            detail::copy_leaves(theirs_.leaves() & untouched(), theirs_.before(), value);
            const T before = value;
            more.template carry_out<detail::Trust::known>(value);
            patch_ = Patch<T>(before, value);
        } else {
            patch_ = Patch<T>(detail::rebase_records<T>(theirs_, ours_, found));
        }
        conflicts_ = found.take();
    }

    /// To be applied to what ours led to; where a conflict is open, ours stands.
    const Patch<T>& patch() const { return patch_; }
    const detail::ConflictsOf<T>& conflicts() const { return conflicts_; }
    /// Is everything decided?
    bool clean() const {
        for (const Conflict& conflict : conflicts_)
            if (conflict.open()) return false;
        return true;
    }
    const Patch<T>& ours() const { return ours_; }
    const Patch<T>& theirs() const { return theirs_; }

private:
    detail::LeafMask<T> untouched() const {
        detail::LeafMask<T> mask;
        for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf) mask.set_if(leaf, !ours_.leaves()[leaf]);
        return mask;
    }

    Patch<T> ours_, theirs_, patch_;
    detail::ConflictsOf<T> conflicts_;
};

/// Two values of one base brought together.
template <class T>
class Merged : public Merge<T> {
public:
    Merged(T our, Merge<T> made) : Merge<T>(std::move(made)), value_(std::move(our)) {
        detail::Apply::trusted(this->patch(), value_);
        violations_ = Violations(stet::check(std::as_const(value_)));
    }

    /// Where a conflict is open, ours stands.
    const T& value() const& { return value_; }
    T&& value() && { return std::move(value_); }
    /// Rules that the result breaks, though neither side may: `ours()` and `theirs()` say who changed what.
    const Violations& violations() const { return violations_; }
    /// Is everything decided, and does the result keep its rules?
    explicit operator bool() const { return this->clean() && !violations_.refuse(); }

private:
    T value_;
    Violations violations_;
};

namespace detail {

struct Rebase {
    template <class T>
    Merge<T> operator()(Patch<T> their, Patch<T> our) const {
        return Merge<T>(std::move(our), std::move(their));
    }
};

struct MergeValues {
    template <class T>
    Merged<T> operator()(const T& base, T our, const T& their) const {
        Merge<T> made(diff(base, std::as_const(our)), diff(base, their));
        return Merged<T>(std::move(our), std::move(made));
    }
};

struct Resolve {
    /// One side for each open conflict, in order; those without one stay open.
    template <class T>
    Merge<T> operator()(const Merge<T>& made, const SidesOf<T>& chosen) const {
        return Merge<T>(made.ours(), made.theirs(), &chosen);
    }
    template <class T, std::same_as<Side>... Sides>
    Merge<T> operator()(const Merge<T>& made, Sides... chosen) const {
        return (*this)(made, SidesOf<T>{chosen...});
    }
    /// `choose(const Conflict&)` names the side.
    template <class T, class Choose>
        requires std::is_invocable_r_v<Side, Choose&, const Conflict&>
    Merge<T> operator()(const Merge<T>& made, Choose&& choose) const {
        SidesOf<T> chosen;
        for (const Conflict& conflict : made.conflicts())
            if (conflict.severity() == Conflict::Severity::critical) chosen.push_back(choose(conflict));
        return (*this)(made, chosen);
    }
    /// The same for values.
    template <class T, class... Chosen>
    Merged<T> operator()(const Merged<T>& made, Chosen&&... chosen) const {
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
