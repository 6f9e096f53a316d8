#pragma once
// The states of a `History` as whole values, in a ring in place: for flat structs.

#include <stet/patch/check.hpp>
#include <stet/patch/patch.hpp>
#include <stet/result.hpp>
#include <stet/schema/check.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet::detail {

template <class StepName, std::size_t N>
struct NamesInPlace {
    StepName of[N]{};
    constexpr std::string_view at(std::size_t slot) const { return of[slot].view(); }
    constexpr void set(std::size_t slot, StepName name) { of[slot] = name; }
};
template <class StepName, std::size_t N>
    requires std::is_empty_v<StepName>
struct NamesInPlace<StepName, N> {
    static constexpr std::string_view at(std::size_t) { return {}; }
    static constexpr void set(std::size_t, StepName) {}
};

template <class T, std::size_t N, class InstanceRules, class StepName>
class CopiedStates {
public:
    using E = ErrorOf<T, count_rules_of<InstanceRules>>;
    using Name = StepName;

    constexpr CopiedStates(const T& value, InstanceRules rules)
        : CopiedStates(value, static_cast<InstanceRules&&>(rules), std::make_index_sequence<N>{}) {}

    constexpr const T& current() const { return states_[slot(cursor_)]; }
    constexpr std::size_t size() const { return count_; }
    constexpr std::size_t position() const { return cursor_; }
    constexpr const InstanceRules& rules() const { return rules_; }
    constexpr std::string_view name(std::size_t position) const { return names_.at(slot(position)); }

    constexpr Result<void, E> commit(const T& draft, Name name = {}) {
        const T& before = current();
        const LeafMask<T> changed = likely_changed_leaves(before, draft);
        if (!changed.any()) {
            states_[slot(cursor_)] = draft;  // what is not versioned may have changed
            return {};
        }
        ViolationsOf<T, count_rules_of<InstanceRules>> found;
        Collect sink(found);
        check_value(draft, rules_, Touched<T>{changed}, CheckDifferent<T>{before}, sink);
        if (found.refuse()) return Failure(E(Errc::rule_broken, found));
        push(draft, name);
        return {};
    }
    /// A change that is known already, and fits.
    constexpr Result<void, E> advance(const Patch<T>& patch, Name name = {}) {
        T draft = current();
        Apply::trusted(patch, draft);
        return commit(draft, name);
    }

    constexpr void undo() { go_to(cursor_ - std::size_t{1}); }
    constexpr void redo() { go_to(cursor_ + std::size_t{1}); }
    constexpr void go_to(std::size_t position) {
        const std::size_t from = slot(cursor_);
        cursor_ = static_cast<Index>(position);
        const std::size_t to = slot(cursor_);
        for_each_leaf<T>([&]<std::size_t L>() {
            if constexpr (leaf_marks<T, L>.transient) get_leaf<L>(states_[to]) = get_leaf<L>(states_[from]);
        });
    }

    constexpr void mark_saved() { saved_ = cursor_; }
    constexpr bool dirty() const { return saved_ != cursor_; }

private:
    using Index = std::conditional_t<(N < 0xFFFFU), std::uint16_t, std::uint32_t>;
    static constexpr Index none = static_cast<Index>(-1);  // also what comes before 0
    static_assert(N < 0xFFFFFFFFU, "stet: History<T, N> keeps fewer than 2^32 states");

    template <std::size_t... I>
    constexpr CopiedStates(const T& value, InstanceRules rules, std::index_sequence<I...>)
        : states_{(static_cast<void>(I), value)...}, rules_(static_cast<InstanceRules&&>(rules)) {}

    constexpr std::size_t slot(std::size_t position) const {
        const std::size_t at = oldest_ + position;
        return at < N ? at : at - N;
    }
    // After the current state; what was undone goes, and the oldest one if there is no more room.
    constexpr void push(const T& draft, Name name) {
        if (saved_ != none && saved_ > cursor_) saved_ = none;
        if (cursor_ + std::size_t{1} == N) {
            oldest_ = static_cast<Index>(oldest_ + 1U == N ? 0U : oldest_ + 1U);
            if (saved_ != none) --saved_;
        } else ++cursor_;
        count_ = static_cast<Index>(cursor_ + 1U);
        states_[slot(cursor_)] = draft;
        names_.set(slot(cursor_), name);
    }

    T states_[N];
    STET_NO_UNIQUE_ADDRESS NamesInPlace<Name, N> names_;
    Index oldest_ = 0;
    Index cursor_ = 0;
    Index count_ = 1;
    Index saved_ = 0;  // the position at which it was saved
    STET_NO_UNIQUE_ADDRESS InstanceRules rules_;
};

}  // namespace stet::detail
