#pragma once
// The states of a `History` as whole values, in a ring in place: for flat structs.

#include <stet/history_group.hpp>
#include <stet/patch/check.hpp>
#include <stet/patch/patch.hpp>
#include <stet/result.hpp>
#include <stet/schema/check.hpp>
#include <stet/schema/hidden.hpp>

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
    static constexpr bool watchable = false;
    /// How a change is recorded: under a name, or as a part of the step before it.
    struct How {
        constexpr How(Name called, bool amending = false) : name(called), amend(amending) {}
        Name name;
        bool amend;
    };
    /// What an open group keeps: in its own object, so that the history needs no place for it.
    struct Frame {
        T begin;
        Name name;
        std::uint16_t level;
    };

    constexpr CopiedStates(const T& value, InstanceRules rules)
        : CopiedStates(value, static_cast<InstanceRules&&>(rules), std::make_index_sequence<N>{}) {}

    constexpr const T& current() const { return states_[slot(cursor_)]; }
    constexpr std::size_t size() const { return count_; }
    constexpr std::size_t position() const { return cursor_; }
    constexpr const InstanceRules& rules() const { return rules_; }
    constexpr std::string_view name(std::size_t position) const { return names_.at(slot(position)); }

    STET_ALWAYS_INLINE constexpr Result<void, E> commit(const T& draft, How how) {
        return how.amend ? commit_as<true>(draft, how.name) : commit_as<false>(draft, how.name);
    }
    template <bool Amend>
    constexpr Result<void, E> commit_as(const T& draft, Name name) {
        Result<void, E> done(MakeError{}, Errc::rule_broken, NoneBroken{});
        T& before = states_[slot(cursor_)];
        const LeafMask<T> changed = likely_changed_leaves<T>(before, draft);
        if (!changed.any()) before = draft;  // what is not versioned may have changed
        else {
            auto& found = ResultAccess::violations(done);
            if constexpr (share_check<T, InstanceRules>()) check_some(draft, changed, found);
            else {
                Collect sink(found);
                check_value(draft, rules_, Touched<T>{changed}, CheckDifferent<T>{before}, sink);
            }
            if (found.refuse()) return done;
            if (level_ != 0) {
                before = draft;
                touched_ = true;
            } else if (Amend && joinable_ && cursor_ > 0 && slot(cursor_) != saved_) amend(draft);
            else push(draft, name);
        }
        ResultAccess::succeed(done);
        return done;
    }
    /// A change that is known already, and fits.
    constexpr Result<void, E> advance(const Patch<T>& patch, How how = {Name{}}) {
        T draft = current();
        Apply::trusted(patch, draft);
        return commit(draft, how);
    }

    /// Carries out `f()`, which makes a step: of its own, which is joined by none before or behind it.
    template <class F>
    constexpr auto alone(const F& f) {
        const bool joinable = joinable_;
        joinable_ = false;
        auto done = f();
        joinable_ = !done && joinable;
        return done;
    }

    constexpr bool grouped() const { return level_ != 0; }
    static constexpr bool notifying() { return false; }
    constexpr bool occupied() const { return grouped(); }
    constexpr Errc obstacle(Errc otherwise) const { return grouped() ? Errc::group_open : otherwise; }

    // While a group is open, the current slot holds what it makes.
    constexpr Frame open(Name name) { return Frame{current(), name, ++level_}; }
    constexpr void close(const Frame& group) {
        if (level_ != group.level) fail_inner_group();
        if (--level_ != 0) return;
        touched_ = joinable_ = false;
        const T made = current();
        if (!likely_changed_leaves(group.begin, made).any()) return;
        states_[slot(cursor_)] = group.begin;
        push(made, group.name);
        joinable_ = false;
    }
    constexpr Result<void, E> cancel(const Frame& group) {
        if (level_ != group.level) return Result<void, E>(MakeError{}, Errc::group_open);
        if (--level_ == 0) touched_ = joinable_ = false;
        const T made = current();
        states_[slot(cursor_)] = group.begin;
        keep_hidden(made, states_[slot(cursor_)]);
        return {};
    }

    constexpr void undo() { go_to(cursor_ - std::size_t{1}); }
    constexpr void redo() { go_to(cursor_ + std::size_t{1}); }
    constexpr void go_to(std::size_t position) {
        const T& from = current();
        cursor_ = static_cast<Small>(position);
        keep_hidden(from, states_[slot(cursor_)]);
        joinable_ = false;
    }

    constexpr T at(std::size_t position) const {
        T state = states_[slot(position)];
        keep_hidden(current(), state);
        return state;
    }

    // States with the numbers of frames, one after the other, counted modulo 2^32. No `T` but those in place.
    constexpr std::uint32_t frame(std::size_t position) const { return first_ + static_cast<std::uint32_t>(position); }
    constexpr bool has_frame(std::uint32_t frame) const { return frame - first_ < count_; }
    constexpr void save(std::uint32_t frame, const T& value) {
        std::uint32_t position = frame - first_;
        if (position > count_) {
            first_ = frame;
            position = 0;
        } else if (position == N) {
            drop_oldest();
            --position;
        }
        cursor_ = static_cast<Small>(position);
        count_ = static_cast<Small>(position + 1);
        const std::size_t at = slot(cursor_);
        if (saved_ == at) saved_ = none;
        joinable_ = false;
        names_.set(at, Name{});
        states_[at] = value;
    }
    constexpr void restore(std::uint32_t frame) { go_to(frame - first_); }
    constexpr void restore(std::uint32_t frame, T& value) {
        cursor_ = static_cast<Small>(frame - first_);
        joinable_ = false;
        T& state = states_[slot(cursor_)];
        keep_hidden(value, state);
        value = state;
    }

    /// What the step did that led to a position: `f.operator()<L>(before, after)` for the leaves, with the transient
    /// fields of their time.
    template <class F>
    STET_ALWAYS_INLINE constexpr void each_change(std::size_t position, const F& f) const {
        const T& before = states_[slot(position - 1)];
        const T& after = states_[slot(position)];
        for_each_leaf<T>([&]<std::size_t L>() { f.template operator()<L>(get_leaf<L>(before), get_leaf<L>(after)); });
    }

    constexpr void mark_saved() { saved_ = touched_ ? none : static_cast<Small>(slot(cursor_)); }
    constexpr void mark_unsaved() { saved_ = none; }
    constexpr bool saved(std::size_t position) const { return saved_ == slot(position); }
    constexpr bool dirty() const { return saved_ != slot(cursor_) || touched_; }

private:
    using Small = std::conditional_t<(N < 0xFFFFU), std::uint16_t, std::uint32_t>;
    static constexpr Small none = static_cast<Small>(-1);
    static_assert(N < 0xFFFFFFFFU, "stet: History<T, N> keeps fewer than 2^32 states");

    template <std::size_t... I>
    constexpr CopiedStates(const T& value, InstanceRules rules, std::index_sequence<I...>)
        : states_{(static_cast<void>(I), value)...}, rules_(static_cast<InstanceRules&&>(rules)) {}

    constexpr std::size_t slot(std::size_t position) const {
        const std::size_t at = std::size_t{oldest_} + position;
        return at < N ? at : at - N;
    }
    constexpr void drop_oldest() {
        oldest_ = static_cast<Small>(oldest_ + 1 == N ? 0 : oldest_ + 1);
        ++first_;
    }
    // After the current state; what was undone goes, and the oldest one if there is no more room.
    constexpr void push(const T& draft, Name name) {
        if (cursor_ + 1 == N) drop_oldest();
        else ++cursor_;
        count_ = static_cast<Small>(cursor_ + 1);
        const std::size_t at = slot(cursor_);
        if (saved_ == at) saved_ = none;
        states_[at] = draft;
        names_.set(at, name);
        joinable_ = true;
    }
    // What is left of the last step and this change together, which may be nothing.
    constexpr void amend(const T& draft) {
        T& before = states_[slot(cursor_ - std::size_t{1})];
        if (likely_changed_leaves(before, draft).any()) {
            states_[slot(cursor_)] = draft;
            return;
        }
        keep_hidden(draft, before);
        count_ = static_cast<Small>(cursor_--);
        joinable_ = false;
    }
    T states_[N];
    STET_NO_UNIQUE_ADDRESS NamesInPlace<Name, N> names_;
    std::uint32_t first_ = 0;  // the number of the oldest state
    Small oldest_ = 0;
    Small cursor_ = 0;
    Small count_ = 1;
    Small saved_ = 0;          // the slot of what was saved; one that was dropped is written before it can be reached
    std::uint16_t level_ = 0;  // of the innermost open group
    bool touched_ = false;     // has anything been committed in it?
    bool joinable_ = false;    // was the current step the last thing done?
    STET_NO_UNIQUE_ADDRESS InstanceRules rules_;
};

}  // namespace stet::detail
