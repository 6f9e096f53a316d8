#pragma once
// The states of a `History` as the patches between them: undo and redo cost what changed, and so does a state.

#include <stet/history.hpp>
#include <stet/history_coalesce.hpp>
#include <stet/history_part.hpp>
#include <stet/patch/check_records.hpp>
#include <stet/patch/edit.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/then_records.hpp>
#include <stet/patch/transaction.hpp>
#include <stet/subscription.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet::detail {

template <class T, std::size_t N, class InstanceRules>
class ChangedStates {
    enum class Last : std::uint8_t { other, step, joined };

public:
    using E = ErrorOf<T, count_rules_of<InstanceRules>>;
    using Name = std::string_view;
    static constexpr bool watchable = true;
    /// How a change is recorded: under a name, or as a part of the step before it.
    struct How {
        How(Name called = {}, bool amending = false) : name(called), amend(amending) {}
        Name name;
        bool amend;
    };
    struct Frame {
        std::size_t level;  // 0 where it could not be opened
    };

    ChangedStates(const T& value, InstanceRules rules) : current_(value), rules_(std::move(rules)) {}

    const T& current() const { return current_.get(); }
    std::size_t size() const { return steps_.size() + 1; }
    std::size_t position() const { return position_; }
    const InstanceRules& rules() const { return rules_; }
    std::string_view name(std::size_t position) const {
        return names_.empty() ? std::string_view{} : std::string_view(names_[index(position - 1)]);
    }

    Result<void, E> commit(T&& value, How how = {}) {
        Slot<T> draft(std::move(value));
        Replacement<T> replacement(current_, draft);
        Patch<T> patch = diff(current(), std::as_const(draft).get());
        return publish(patch, replacement, how);
    }
    Result<void, E> commit(const T& value, How how = {}) { return commit(T(value), how); }

    template <class Make>
    Result<void, E> change(Make& make, How how = {})
        requires(!flat<T>)
    {
        typename Drafts<T>::Lease lease(drafts_);
        const Number before = changes_;
        Slot<T>& draft = lease.update(current_, before, [&](Number number) { return last_patch(number); });
        if (auto made = make_draft<E>(make, draft.get()); !made) return made;
        if (changes_ != before)
            return Failure(E(Errc::revision_conflict, before, changes_));  // the function made one, too
        Replacement<T> replacement(current_, draft);
        Patch<T> patch = diff(current(), std::as_const(draft).get());
        auto done = publish(patch, replacement, how);
        if (done) lease.exchanged(before);
        return done;
    }

    /// Recorded edits. Where somebody is told before the change, what no patch sees would be lost with it.
    template <class Make>
    Result<void, E> edit(Make& make, How how = {}) {
        if (notifying()) return Failure(E(Errc::in_notification));
        if constexpr (EditLog<T>::in_place) {
            if (!watchers_ || !any_transient<T>()) {
                EditLog<T> log(current_.get());
                if (auto made = make_edits(log, make); !made) return made;
                Edited<T> edited(log);
                return publish(log.patch(), edited, how);
            }
        }
        Slot<T> draft(current());
        EditLog<T> log(draft.get());
        if (auto made = make_edits(log, make); !made) return made;
        Patch<T> patch = log.patch_from(current());
        log.publish();
        Replacement<T> replacement(current_, draft);
        return publish(patch, replacement, how);
    }

    template <IndexPath Path, class V>
        requires(set_alone<T, leaf_table<T>.find(Path)>() && leaves_swap<T>())
    Result<void, E> set(V&& value, How how = {}) {
        constexpr std::size_t leaf = leaf_table<T>.find(Path);
        leaf_type<T, leaf> after = get_leaf<leaf>(current());
        if (!assign(after, std::forward<V>(value))) return Failure(E(Errc::wrong_type, leaf_path<T, leaf>()));
        Patch<T> patch(std::integral_constant<std::size_t, leaf>{}, get_leaf<leaf>(current()), after);
        InPlace<T> changed(current_, patch);
        return publish(patch, changed, how);
    }

    /// A change that is known already, and fits: recorded edits.
    Result<void, E> advance(Patch<T> patch, How how = {}) {
        if constexpr (!flat<T> && leaves_swap<T>()) {
            InPlace<T> changed(current_, patch);
            return publish(patch, changed, how);
        } else {
            Slot<T> draft(current());
            Apply::trusted(patch, draft.get());
            Replacement<T> replacement(current_, draft);
            return publish(patch, replacement, how);
        }
    }

    void undo() { walk(step(position_ - 1), position_ - 1); }
    void redo() { walk(step(position_), position_ + 1); }
    void go_to(std::size_t position) {
        const std::size_t first = position < position_ ? position : position_;
        const std::size_t last = position < position_ ? position_ : position;
        if (last - first == 1) return walk(step(first), position);
        Patch<T> all = between(first, last);
        walk(all, position);
    }

    bool grouped() const { return joining_ && !joining_->groups.empty(); }
    bool notifying() const { return editing_ || (watchers_ && watchers_->busy()); }
    Errc obstacle(Errc otherwise) const {
        return notifying() ? Errc::in_notification : grouped() ? Errc::group_open : otherwise;
    }

    Frame open(Name name) {
        if (notifying()) return Frame{0};
        Joining<T>& group = joining();
        Patch<T> nothing = empty_patch(current());
        group.groups.reserve(group.groups.size() + 1);
        if (!grouped()) {
            make_room(!name.empty());
            group.name = name;
        }
        group.groups.push_back(std::move(nothing));
        announce();
        return Frame{group.groups.size()};
    }
    void close(Frame frame) {
        if (frame.level == 0) return;
        if (!joining_ || joining_->groups.size() != frame.level) fail_inner_group();
        if (notifying()) fail("stet: group: it ends inside a function that is told of a change");
        Patch<T> made = std::move(joining_->groups.back());
        joining_->groups.pop_back();
        joinable_ = false;
        if (!grouped()) {
            joining_->touched = false;
            if (!made.empty()) keep_in_room(made, std::move(joining_->name));
        }
        announce();
    }
    Result<void, E> cancel(Frame frame) {
        if (frame.level == 0) return {};
        if (notifying()) return Failure(E(Errc::in_notification));
        if (!joining_ || joining_->groups.size() != frame.level) return Failure(E(Errc::group_open));
        auto& groups = joining_->groups;
        Patch<T> made = groups.back();
        const auto ended = [&] {
            groups.pop_back();
            joining_->touched = joining_->touched && grouped();
            joinable_ = false;
        };
        if (made.empty()) {
            ended();
            announce();
            return {};
        }
        made = std::move(made).inverted();
        std::vector<Patch<T>> outer = join_groups(frame.level - 1, made, current(), false);
        travel(made, false, [&] {
            ended();
            for (std::size_t i = 0; i < outer.size(); ++i) groups[i] = std::move(outer[i]);
        });
        return {};
    }

    /// What groups and rules need, from now on.
    Joining<T>& joining() {
        if (!joining_) joining_ = Part<Joining<T>>(new Joining<T>(current()));
        return *joining_;
    }
    template <class Rule>
    void coalesce(Rule rule) {
        static_assert(std::is_invocable_r_v<bool, Rule&, const StepInfo<T>&, const StepInfo<T>&>,
                      "stet: coalesce: a rule takes (const StepInfo<T>& previous, const StepInfo<T>& next) and returns "
                      "bool; within(500) is one");
        if constexpr (std::is_invocable_r_v<bool, Rule&, const StepInfo<T>&, const StepInfo<T>&>)
            joining().rule = Part<JoinRule<T>>(new JoinRuleOf<T, Rule>(std::move(rule)));
        joinable_ = false;
    }

    template <class Where, class F>
    Subscription subscribe(Where where, F f) {
        return watch(new PatchWatcher<T, Where, F>(std::move(where), std::move(f)));
    }
    template <class F>
    Subscription subscribe(F f) {
        return subscribe(Anywhere{}, std::move(f));
    }
    template <class F>
    Subscription on_change(F f) {
        return watch(new StateWatcher<F>(std::move(f)));
    }

    void mark_saved() {
        saved_ = touched() ? none : position_;
        announce();
    }
    bool dirty() const { return saved_ != position_ || touched(); }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);  // also what comes before 0

    template <class Make>
    Result<void, E> make_edits(EditLog<T>& log, Make& make) {
        struct Editing {
            bool& on;
            ~Editing() { on = false; }
        } now{editing_ = true};
        return detail::make_edits<E>(log, make);
    }

    template <class NewState>
    Result<void, E> publish(Patch<T>& patch, NewState& state, const How& how) {
        if (notifying()) return Failure(E(Errc::in_notification));
        if (patch.empty()) {
            state.publish();  // what is not versioned may have changed
            return {};
        }
        ViolationsOf<T, count_rules_of<InstanceRules>> found;
        Collect sink(found);
        check_change(state.value(), patch, rules_, sink);
        if (found.refuse()) return Failure(E(Errc::rule_broken, std::move(found)));
        if (joining_ || watchers_) {
            record(patch, state, how);
            return {};
        }
        if (how.name.empty() && names_.empty()) keep(patch);
        else keep_named(patch, how.name);
        state.publish();
        ++changes_;
        last_ = N > 1 ? Last::step : Last::other;
        joinable_ = true;
        return {};
    }

    // The same where there are groups, a rule or somebody who wants to know: what can fail, who is told before, what
    // cannot fail, who is told after.
    template <class NewState>
    STET_NO_INLINE void record(Patch<T>& patch, NewState& state, const How& how) {
        std::vector<Patch<T>> joined = join(patch, state.value(), how);
        std::string name;
        if (joined.empty()) {
            make_room(!how.name.empty());
            name = how.name;
        }
        if (!hears(patch)) return settle(patch, state, joined, name);
        if constexpr (std::is_same_v<NewState, InPlace<T>>) {
            state.withdraw();
            watchers_->tell(&patch, When::before);
            InPlace<T> again(current_, patch);
            settle(patch, again, joined, name, true);
        } else if constexpr (std::is_same_v<NewState, Edited<T>>) {
            Patch<T> kept = patch;  // it goes with what is taken back
            state.withdraw();
            watchers_->tell(&kept, When::before);
            InPlace<T> again(current_, kept);
            settle(kept, again, joined, name, true);
        } else {
            watchers_->tell(&patch, When::before);
            settle(patch, state, joined, name, true);
        }
    }
    template <class NewState>
    void settle(Patch<T>& patch, NewState& state, std::vector<Patch<T>>& joined, std::string& name,
                bool heard = false) {
        joinable_ = !grouped();
        if (grouped()) {
            joining_->groups.swap(joined);
            joining_->touched = true;
        } else if (joined.empty()) {
            keep_in_room(patch, std::move(name));
        } else if (joined.front().empty()) {
            steps_.pop_back();
            if (!names_.empty()) names_.resize(steps_.size());
            --position_;
            joinable_ = false;
        } else {
            step(position_ - 1) = std::move(joined.front());
        }
        state.publish();
        ++changes_;
        const bool is_step = joined.empty() && N > 1;
        last_ = is_step ? Last::step : Last::other;
        if (joining_) {
            joining_->at = joining_->now;
            if (!is_step) {
                joining_->last = std::move(patch);
                last_ = Last::joined;
            }
        }
        if (heard) watchers_->tell(is_step ? &step(position_ - 1) : joining_ ? &joining_->last : &patch, When::after);
        announce();
    }
    // What groups, or the step before, are together with a change; nothing where it is a step of its own.
    std::vector<Patch<T>> join(const Patch<T>& patch, const T& value, const How& how) {
        if (grouped()) return join_groups(joining_->groups.size(), patch, value, true);
        std::vector<Patch<T>> joined;
        if (!joining_ || !joinable_ || N == 1 || position_ == saved_) return joined;
        const Patch<T>& before = step(position_ - 1);
        if (how.amend || joining_->joins({name(position_), joining_->at, before}, {how.name, joining_->now, patch})) {
            joined.push_back(joining_->join(before, patch, value, true));
            if (joined.front().empty()) straighten();
        }
        return joined;
    }
    std::vector<Patch<T>> join_groups(std::size_t groups, const Patch<T>& patch, const T& value, bool made) {
        std::vector<Patch<T>> all;
        all.reserve(groups);
        for (std::size_t i = 0; i < groups; ++i) all.push_back(joining_->join(joining_->groups[i], patch, value, made));
        return all;
    }
    bool touched() const { return joining_ && joining_->touched; }

    Subscription watch(Watcher* watcher) {
        Part<Watcher> owned(watcher);
        if (!watchers_) watchers_ = Part<Watchers>(new Watchers);
        return Subscription(*watchers_, owned.release());
    }
    bool hears(const Patch<T>& patch) { return watchers_ && !patch.empty() && watchers_->hears(&patch); }
    void announce() {
        if (watchers_ && !watchers_->busy()) watchers_->announce();
    }

    void walk(Patch<T>& patch, std::size_t to) {
        travel(patch, to < position_, [&] {
            position_ = to;
            joinable_ = false;
        });
    }
    template <class Arrive>
    void travel(Patch<T>& patch, bool back, const Arrive& arrive) {
        if (watchers_) return travel_told(patch, back, arrive);
        go(patch, back);
        arrive();
        ++changes_;
        last_ = Last::other;
    }
    template <class Arrive>
    STET_NO_INLINE void travel_told(Patch<T>& patch, bool back, const Arrive& arrive) {
        const struct Facing {
            Patch<T>& patch;
            bool back;
            Facing(Patch<T>& p, bool b) : patch(p), back(b) { turn(); }
            Facing(const Facing&) = delete;
            Facing& operator=(const Facing&) = delete;
            ~Facing() { turn(); }
            void turn() const {
                if (back) patch = std::move(patch).inverted();
            }
        } facing(patch, back);
        const bool heard = hears(patch);
        if (heard) watchers_->tell(&patch, When::before);
        go(patch, false);
        arrive();
        ++changes_;
        last_ = Last::other;
        if (heard) watchers_->tell(&patch, When::after);
        announce();
    }
    // All steps from one position to another as one patch.
    Patch<T> between(std::size_t first, std::size_t last) {
        if (last - first == 1) return step(first);
        const std::size_t middle = first + (last - first) / 2;
        return then(between(first, middle), between(middle, last));
    }
    // The patch of the last change, while it is kept.
    const Patch<T>* last_patch(Number number) {
        if (number != changes_ || last_ == Last::other) return nullptr;
        return last_ == Last::step ? &step(position_ - 1) : &joining_->last;
    }

    // After the current position; what was undone goes, and the oldest step if there is no more room.
    void keep(Patch<T>& patch) {
        if (position_ != N - 1) straighten();  // before anything is changed, because it may fail
        if constexpr (N > 1) {
            if (position_ == N - 1) {
                steps_[oldest_] = std::move(patch);
                oldest_ = (oldest_ + 1) % (N - 1);
            } else if (position_ < steps_.size()) {
                steps_[position_] = std::move(patch);
                while (steps_.size() > position_ + 1) steps_.pop_back();
            } else {
                steps_.push_back(std::move(patch));
            }
        }
        if (saved_ != none && saved_ > position_) saved_ = none;
        if (position_ != N - 1) ++position_;
        else if (saved_ != none) --saved_;
    }
    // As many names as steps, in the same order; none while no step has one.
    STET_NO_INLINE void keep_named(Patch<T>& patch, Name name) {
        std::string copy(name);
        make_room(!name.empty());
        keep_in_room(patch, std::move(copy));
    }
    // For one more step, so that keeping it cannot fail.
    void make_room(bool named) {
        if (position_ == N - 1 && steps_.empty()) return;  // N is 1
        const bool appends = position_ != N - 1 && position_ == steps_.size();
        if (position_ != N - 1) straighten();
        if (appends && steps_.size() == steps_.capacity()) steps_.reserve(2 * steps_.size() + 1);
        if (named || !names_.empty()) names_.resize(steps_.size() + (appends ? 1 : 0));
    }
    void keep_in_room(Patch<T>& patch, std::string&& name) noexcept {
        const std::size_t at = position_ == N - 1 ? oldest_ : position_;
        keep(patch);
        if (names_.empty()) return;
        names_.resize(steps_.size());
        names_[at] = std::move(name);
    }
    void straighten() {
        if (oldest_ == 0) return;
        std::vector<Patch<T>> straight;
        std::vector<std::string> names;
        straight.reserve(N - 1);
        names.reserve(names_.empty() ? 0 : N - 1);
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (!names_.empty()) names.push_back(std::move(names_[index(i)]));
            straight.push_back(std::move(step(i)));
        }
        steps_ = std::move(straight);
        names_ = std::move(names);
        oldest_ = 0;
    }
    std::size_t index(std::size_t step) const { return (oldest_ + step) % steps_.size(); }
    Patch<T>& step(std::size_t number) { return steps_[index(number)]; }

    void go(const Patch<T>& patch, bool back) {
        if constexpr (flat<T>) {
            if (back) Apply::undo(patch, current_.get());
            else Apply::trusted(patch, current_.get());
        } else if constexpr (leaves_swap<T>()) {
            InPlace<T> changed(current_, patch, back);
            changed.publish();
        } else {
            Slot<T> draft(current());
            if (back) Apply::undo(patch, draft.get());
            else Apply::trusted(patch, draft.get());
            current_.exchange(draft);
        }
    }

    Slot<T> current_;
    STET_NO_UNIQUE_ADDRESS drafts_of<T> drafts_;
    std::vector<Patch<T>> steps_;
    std::vector<std::string> names_;
    std::size_t oldest_ = 0;
    std::size_t position_ = 0;
    std::size_t saved_ = 0;  // the position at which it was saved
    Number changes_ = 1;     // counts everything that changed the value
    Last last_ = Last::other;
    bool editing_ = false;
    bool joinable_ = false;  // was the step before the current position the last thing done?
    Part<Joining<T>> joining_;
    Part<Watchers> watchers_;
    STET_NO_UNIQUE_ADDRESS InstanceRules rules_;
};

}  // namespace stet::detail
