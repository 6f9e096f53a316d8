#pragma once
// The states of a `History` as the changes between them, in a journal: undo and redo cost what changed, and so does a
// state.

#include <stet/history.hpp>
#include <stet/history_coalesce.hpp>
#include <stet/history_line.hpp>
#include <stet/history_part.hpp>
#include <stet/patch/check_records.hpp>
#include <stet/patch/edit.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/then_records.hpp>
#include <stet/patch/transaction.hpp>
#include <stet/subscription.hpp>
#include <stet/vector.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace stet::detail {

template <class T, std::size_t N, class InstanceRules, class Steps>
class ChangedStates {
    static_assert(N <= Steps::most_steps, "stet: History<T, N>: it keeps a million states at most; write a smaller N");
    template <std::size_t L>
    static constexpr bool set_in_place() {
        if constexpr (L == not_found) return false;
        else return !leaf_hides<T, L>();
    }
    enum class Last : std::uint8_t { other, step, joined };

public:
    using E = ErrorOf<T, count_rules_of<InstanceRules>>;
    using Name = std::string_view;
    static constexpr bool watchable = true;
    static constexpr bool branching = Steps::branching;
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
    ChangedStates(const ChangedStates&) = default;
    ChangedStates(ChangedStates&&) = default;
    ChangedStates& operator=(const ChangedStates& other) {
        ChangedStates copy(other);
        return *this = std::move(copy);
    }
    ChangedStates& operator=(ChangedStates&&) = default;
    ~ChangedStates() = default;

    const T& current() const { return current_.get(); }
    std::size_t size() const { return steps_.size() + 1; }
    std::size_t position() const { return steps_.position(); }
    const InstanceRules& rules() const { return rules_; }
    std::string_view name(std::size_t position) const { return steps_.name(position - 1); }
    Ticks time(std::size_t position) const { return whole_time(steps_.time(position - 1)); }

    Result<void, E> commit(T&& value, const How& how) {
        Slot<T> draft(std::move(value));
        return replace(draft, how);
    }
    Result<void, E> commit(const T& value, const How& how) { return commit(T(value), how); }

    template <class Make>
    Result<void, E> change(Make& make, const How& how)
        requires(!flat<T>)
    {
        typename Drafts<T>::Lease lease(drafts_);
        const Number before = changes_;
        WrittenChange<T> last({}, false);
        Slot<T>& draft = lease.update(current_, before, [&](Number number) { return last_change(number, last); });
        if (auto made = make_draft<E>(make, draft.get()); !made) return made;
        if (changes_ != before)
            return Failure(E(Errc::revision_conflict, before, changes_));  // the function made one, too
        auto done = replace(draft, how);
        if (done) lease.exchanged(before);
        return done;
    }

    /// Recorded edits.
    template <class Make>
    Result<void, E> edit(Make& make, const How& how) {
        return edited(how, [&](EditLog<T>& log) STET_INLINE_LAMBDA {
            struct Editing {
                std::uint8_t& on;
                ~Editing() { on &= static_cast<std::uint8_t>(~edit_under_way); }
            } now{attended_ |= edit_under_way};
            return detail::make_edits<E>(log, make);
        });
    }

    template <IndexPath Path, class V>
        requires(set_in_place<leaf_table<T>.find(Path)>())
    Result<void, E> set(V&& value, const How& how) {
        constexpr std::size_t leaf = leaf_table<T>.find(Path);
        return edited(how, [&](EditLog<T>& log) STET_INLINE_LAMBDA -> Result<void, E> {
            leaf_type<T, leaf> after = get_leaf<leaf>(current());
            if (!assign(after, std::forward<V>(value)))
                return Failure(E(Errc::wrong_type, leaf_path<T, leaf>(), what_fits<leaf_type<T, leaf>>()));
            log.replace(InField<WholeValue<T>, Path>{{{}}}, std::move(after));
            return {};
        });
    }

    STET_ALWAYS_INLINE void undo() { walk_step<true>(); }
    STET_ALWAYS_INLINE void redo() { walk_step<false>(); }
    void go_to(std::size_t to) {
        const std::size_t from = position();
        if (to + 1 == from) return undo();
        if (to == from + 1) return redo();
        const StepPatch<T> all = to < from ? between(steps_, to, from) : between(steps_, from, to);
        walk(all, to);
    }
    T at(std::size_t position) const { return state_at(steps_, position, position); }
    /// What the step did that led to a position: `f.operator()<L>(before, after)` for the leaves.
    template <class F>
    void each_change(std::size_t position, const F& f) const
        requires(flat<T>)
    {
        const T before = at(position - 1);
        const T after = at(position);
        for_each_leaf<T>([&]<std::size_t L>() { f.template operator()<L>(get_leaf<L>(before), get_leaf<L>(after)); });
    }

    // Where the steps are a tree.
    std::size_t states() const { return steps_.states(); }
    Number state(std::size_t position) const { return steps_.state(position); }
    bool has_state(Number state) const { return steps_.has(state); }
    void go_to_state(Number state) {
        auto way = steps_.way_to(state);
        const std::size_t common = way.common();
        if (common == way.position()) return common == position() ? void() : go_to(common);
        StepPatch<T> all = between(way, common, way.position());
        if (common != position()) all = then_step<T>(inverted<T>(between(steps_, common, position())), all);
        travel(all, false, [&] {
            steps_.take(way);
            joinable_ = false;
        });
    }
    T at_state(Number state) const {
        const auto way = steps_.way_to(state);
        return state_at(way, way.common(), way.position());
    }
    template <class F>
    void each_state(F& f) const {
        steps_.each_state([&](auto info) {
            if (info.parent != 0) info.time = whole_time(static_cast<std::uint32_t>(info.time));
            f(std::as_const(info));
        });
    }
    std::size_t branches() const { return steps_.branches(); }
    std::size_t branch() const { return steps_.branch(); }
    void take_branch(std::size_t branch) {
        steps_.take_branch(branch);
        joinable_ = false;
        announce();
    }

    /// Carries out `f()`, which makes a step: of its own, which is joined by none before or behind it.
    template <class F>
    auto alone(const F& f) {
        const bool joinable = joinable_;
        joinable_ = false;
        auto done = f();
        joinable_ = !done && joinable;
        return done;
    }

    bool grouped() const { return joining_ && !joining_->groups.empty(); }
    bool editing() const { return (attended_ & edit_under_way) != 0; }
    /// Is there somebody who must be done first?
    STET_ALWAYS_INLINE bool occupied() const { return attended_ != 0 && is_occupied(); }
    STET_NO_INLINE bool is_occupied() const { return grouped() || notifying(); }
    bool notifying() const { return editing() || (watchers_ && watchers_->busy()); }
    Errc obstacle(Errc otherwise) const {
        return notifying() ? Errc::in_notification : grouped() ? Errc::group_open : otherwise;
    }

    Frame open(Name name) {
        if (notifying()) return Frame{0};
        Joining<T>& group = joining();
        if (grouped()) group.make_room(group);
        else {
            steps_.make_room();
            steps_.reserve(name);
        }
        group.groups.push_back(group.stretches.size());
        announce();
        return Frame{group.groups.size()};
    }
    void close(Frame& frame) {
        if (frame.level == 0) return;
        if (!joining_) fail("stet: group: its history was moved or assigned to; end the group before");
        if (joining_->groups.size() != frame.level) fail_inner_group();
        if (notifying()) fail("stet: group: it ends inside a function that is told of a change");
        if (frame.level == 1) {
            StepPatch<T> made = joining_->made(0, current());
            if (!made.empty()) {
                steps_.reserve_own() = std::move(made).take();
                steps_.keep([&] { steps_.push_back_own(joining_->now); });
            }
            joining_->stretches.clear();
        }
        end(frame);
        announce();
    }
    /// Ends all that is open where no step can be made of it.
    void forget_steps(Frame& frame) noexcept {
        steps_.forget();
        joining_->stretches.clear();
        end(frame);
        announce();
    }
    Result<void, E> cancel(Frame& frame) {
        if (frame.level == 0) return {};
        if (notifying()) return Failure(E(Errc::in_notification));
        if (!joining_ || joining_->groups.size() != frame.level) return Failure(E(Errc::group_open));
        const std::size_t begin = joining_->groups.back();
        const StepPatch<T> back = inverted<T>(joining_->made(begin, current()));
        const auto ended = [&] {
            while (joining_->stretches.size() > begin) joining_->stretches.pop_back();
            end(frame);
        };
        if (back.empty()) {
            ended();
            announce();
        } else travel(back, false, ended);
        return {};
    }

    /// What groups and rules need, from now on.
    Joining<T>& joining() {
        if (!joining_) joining_ = Part<Joining<T>>(new Joining<T>);
        attended_ |= has_parts;
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

    void limit_bytes(std::size_t most) {
        steps_.limit(most);
        if (notifying()) return;
        steps_.trim_all();
        joinable_ = joinable() && position() == steps_.size();
        announce();
    }
    std::size_t bytes() const { return steps_.bytes(); }

    void mark_saved() {
        if (touched()) steps_.mark_unsaved();
        else steps_.mark_saved();
        announce();
    }
    void mark_unsaved() {
        steps_.mark_unsaved();
        announce();
    }
    bool saved(std::size_t position) const { return steps_.saved(position); }
    bool dirty() const { return !steps_.saved(position()) || touched(); }

private:
    // A change that has been written, where it can be read.
    struct Made {
        const LeafMask<T>& mask;
        bool ruled;
        WrittenChange<T> written;
        const LeafMask<T>& leaves() const { return mask; }
        bool touches_rules_inside() const { return ruled; }
        ChangeReader changes() const { return written.changes(); }
    };
    // The open step of the journal, or what was composed of several.
    class Pending {
    public:
        explicit Pending(ChangedStates& of) : open(of.steps_, of.now()), states(of) { of.steps_.make_room(); }
        void prepare(Name name) {
            if (composed == nullptr) return open.prepare(name);
            states.steps_.reserve(name);
            states.steps_.reserve_own() = std::move(*composed).take();
        }
        void keep() noexcept {
            if (composed == nullptr) open.keep();
            else states.steps_.push_back_own(states.now());
        }
        typename Journal<T>::Open open;
        ChangedStates& states;
        StepPatch<T>* composed = nullptr;
    };

    // Whatever `make` does with the log.
    template <class Make>
    STET_ALWAYS_INLINE Result<void, E> edited(const How& how, const Make& make) {
        if (notifying()) return Failure(E(Errc::in_notification));
        Pending pending(*this);
        if constexpr (leaves_swap<T>()) {
            EditLog<T> log(current_.get(), pending.open.records());
            if (auto made = make(log); !made) return made;
            return keep_edits(pending, log, how);
        } else {
            Slot<T> draft(current());
            EditLog<T> log(draft.get(), pending.open.records());
            if (auto made = make(log); !made) return made;
            log.publish();
            Replacement<T> state(current_, draft);
            return publish_log(pending, log, state, how);
        }
    }
    // What most edits are comes first: one change of bytes, of which nobody is told, and which is a step by itself.
    STET_NO_INLINE Result<void, E> keep_edits(Pending& pending, EditLog<T>& log, const How& how) {
        if (!log.plain() || watched_or_joined(how) || breaks_rules(log)) return publish_edits(pending, log, how);
        if constexpr (N > 1) steps_.reserve(how.name);
        log.publish_plain();
        if constexpr (branching) steps_.keep([&] { pending.open.keep_change(); });
        else steps_.keep_change(pending.open);
        kept();
        return {};
    }
    STET_NO_INLINE Result<void, E> publish_edits(Pending& pending, EditLog<T>& log, const How& how) {
        Edited<T> state(log);
        return publish_log(pending, log, state, how);
    }
    STET_ALWAYS_INLINE bool breaks_rules(const EditLog<T>& log) const {
        return count_rules_of<InstanceRules> > 0 || log.breaks_rules();
    }
    STET_ALWAYS_INLINE bool watched_or_joined(const How& how) const {
        return watchers_ || (joining_ && (how.amend || joining_->rule || grouped()));
    }
    STET_ALWAYS_INLINE void kept() noexcept {
        if (joining_) joining_->at = joining_->now;
        known_at_ = ++changes_;
        last_ = N > 1 ? Last::step : Last::other;
        joinable_ = true;
    }
    template <class NewState>
    STET_NO_INLINE Result<void, E> publish_log(Pending& pending, EditLog<T>& log, NewState& state, const How& how) {
        if (log.size() == 1)
            return publish(pending, Made{log.leaves(), pending.open.records().ruled(), log.first()}, state, how);
        return publish_composed(pending, log, state, how);
    }
    template <class NewState>
    Result<void, E> publish_composed(Pending& pending, EditLog<T>& log, NewState& state, const How& how) {
        if (log.size() == 0) {
            state.publish();  // what is not versioned may have changed
            return {};
        }
        StepPatch<T> all = log.template compose<StepPatch<T>>();
        if (all.empty()) {
            state.publish();
            return {};
        }
        pending.composed = &all;
        return publish(pending, Made{all.leaves(), all.touches_rules_inside(), all.written()}, state, how);
    }
    Result<void, E> replace(Slot<T>& draft, const How& how) {
        if (notifying()) return Failure(E(Errc::in_notification));
        Replacement<T> state(current_, draft);
        Pending pending(*this);
        LeafMask<T> mask;
        RecordPatch<T>::write_diff(pending.open.records(), mask, current(), std::as_const(draft).get());
        if (!mask.any()) {
            state.publish();  // what is not versioned may have changed
            return {};
        }
        const Records& records = pending.open.records();
        return publish(pending, Made{mask, records.ruled(), {pending.open.begin(), records.may_throw()}}, state, how);
    }

    template <class NewState>
    Result<void, E> publish(Pending& pending, const Made& made, NewState& state, const How& how) {
        Notice notice;
        check_all_records(state.value(), made, rules_, notice);
        if (notice.broken)
            if (auto refused = refuse(state.value(), made); !refused) return refused;
        if (watched_or_joined(how)) {
            record(pending, made, state, how);
            return {};
        }
        if constexpr (N > 1) pending.prepare(how.name);
        state.publish();
        steps_.keep([&] { pending.keep(); });
        kept();
        return {};
    }
    // Warnings are found, too, and do not refuse.
    STET_NO_INLINE Result<void, E> refuse(const T& value, const Made& made) const {
        ViolationsOf<T, count_rules_of<InstanceRules>> found;
        Collect sink(found);
        check_all_records(value, made, rules_, sink);
        if (found.refuse()) return Failure(E(Errc::rule_broken, std::move(found)));
        return {};
    }

    // The same where there are groups, a rule or somebody who wants to know: what can fail, who is told before, what
    // cannot fail, who is told after.
    template <class NewState>
    STET_NO_INLINE void record(Pending& pending, const Made& made, NewState& state, const How& how) {
        StepPatch<T> patch(rewritten, [&](RecordNode& root) { made.written.write(root); });
        auto&& told = as_patch<T>(patch, state.value(), true);
        HeapVector<StepPatch<T>> joined = join(patch, state.value(), how);
        if (joined.empty()) {
            if constexpr (N > 1) pending.prepare(how.name);
        } else if (!grouped() && !joined.front().empty()) steps_.reserve_own() = std::move(joined.front()).take();
        const bool gone = !joined.empty() && joined.front().empty();
        if (!hears(told)) return settle(pending, patch, state, joined, gone);
        if constexpr (std::is_same_v<NewState, Edited<T>> && !Transients<T>::swaps) {
            Slot<T> edited(state.value());
            state.withdraw();
            watchers_->tell(&told, When::before);
            Replacement<T> again(current_, edited);
            settle(pending, patch, again, joined, gone, &told);
        } else if constexpr (std::is_same_v<NewState, Edited<T>>) {
            Transients<T> unseen(state.value());
            state.withdraw();
            watchers_->tell(&told, When::before);
            InPlace<T, StepPatch<T>> again(current_, patch);
            unseen.put(current_.get());
            settle(pending, patch, again, joined, gone, &told);
        } else {
            watchers_->tell(&told, When::before);
            settle(pending, patch, state, joined, gone, &told);
        }
    }
    template <class NewState>
    void settle(Pending& pending, StepPatch<T>& patch, NewState& state, HeapVector<StepPatch<T>>& joined, bool gone,
                const Patch<T>* told = nullptr) {
        joinable_ = !grouped();
        if (grouped()) {
            joining_->stretches.push_back({std::move(joined.front()), 1});
            joining_->touched = true;
        } else if (joined.empty()) {
            steps_.keep([&] { pending.keep(); });
        } else if (gone) {
            steps_.take_back();
            joinable_ = false;
        } else {
            steps_.replace_last(now());
        }
        state.publish();
        known_at_ = ++changes_;
        last_ = joined.empty() && !grouped() && N > 1 ? Last::step : Last::other;
        if (joining_) {
            joining_->at = joining_->now;
            if (last_ != Last::step) {
                joining_->last = std::move(patch);
                last_ = Last::joined;
                if constexpr (!flat<T>)
                    if (told != nullptr) told = &joining_->last;
            }
        }
        if (told != nullptr) watchers_->tell(told, When::after);
        announce();
    }
    // A change as a group keeps it, or together with the step before; nothing where it is a step of its own.
    HeapVector<StepPatch<T>> join(const StepPatch<T>& patch, const T& value, const How& how) {
        HeapVector<StepPatch<T>> joined;
        if (grouped()) {
            joining_->room_in_group(*joining_);
            joined.push_back(patch);
            return joined;
        }
        if (!joining_ || !joinable() || N == 1 || steps_.saved(position())) return joined;
        const StepPatch<T> before = patch_of(steps_, position() - 1);
        if (how.amend || joins(before, patch, value, how)) joined.push_back(joining_->join(before, patch, value));
        return joined;
    }
    bool joins(const StepPatch<T>& before, const StepPatch<T>& patch, const T& value, const How& how) const {
        if (!joining_->rule) return false;
        const StepInfo<T> next{how.name, joining_->now, as_patch<T>(patch, value, true)};
        if constexpr (!flat<T>) return joining_->joins({name(position()), joining_->at, before}, next);
        else
            return joining_->joins({name(position()), joining_->at, as_patch<T>(before, next.patch.before(), true)},
                                   next);
    }
    template <class Way>
    static StepPatch<T> patch_of(const Way& way, std::size_t step) {
        return StepPatch<T>(rewritten, [&](RecordNode& root) { way[step].write(root); });
    }
    Ticks whole_time(std::uint32_t low) const {
        return joining_ ? joining_->now - static_cast<std::uint32_t>(joining_->now - low) : 0;
    }
    Ticks now() const { return joining_ ? joining_->now : 0; }
    bool touched() const { return joining_ && joining_->touched; }
    void end(Frame& frame) noexcept {
        frame.level = 0;
        joining_->groups.pop_back();
        joining_->touched = joining_->touched && grouped();
        joinable_ = false;
    }

    Subscription watch(Watcher* watcher) {
        Part<Watcher> owned(watcher);
        if (!watchers_) watchers_ = Part<Watchers>(new Watchers);
        attended_ |= has_parts;
        return Subscription(*watchers_, owned.release());
    }
    bool hears(const Patch<T>& patch) { return watchers_ && !patch.empty() && watchers_->hears(&patch); }
    void announce() {
        if (watchers_ && !watchers_->busy()) watchers_->announce();
    }

    // One step back or forward: what most are comes first.
    template <bool Back>
    STET_ALWAYS_INLINE void walk_step() {
        if (attended_ == 0) return walk_alone<Back>();
        return walk_any_step<Back>();
    }
    template <bool Back>
    STET_NO_INLINE void walk_alone() {
        const std::size_t from = position();
        const bool done = steps_.bare_change(Back ? from - 1 : from, [&](const std::byte* change) STET_INLINE_LAMBDA {
            steps_.go_to(Back ? from - 1 : from + 1);
            ++changes_;
            if (carry_out_one<Back>(change, current_.get())) return true;
            steps_.go_to(from);
            return false;
        });
        if (!done) walk_any_step<Back>();
    }
    template <bool Back>
    STET_NO_INLINE void walk_any_step() {
        const std::size_t from = position();
        walk(steps_[Back ? from - 1 : from], Back ? from - 1 : from + 1);
    }
    bool joinable() const { return joinable_ && known_at_ == changes_; }
    STET_ALWAYS_INLINE void arrive(std::size_t to) noexcept {
        steps_.go_to(to);
        joinable_ = false;
    }
    template <class P>
    void walk(const P& patch, std::size_t to) {
        travel(patch, to < position(), [&] { arrive(to); });
    }
    template <class P, class Arrive>
    void travel(const P& patch, bool back, const Arrive& arrive) {
        if (watchers_) return travel_told(patch, back, arrive);
        go(patch, back);
        arrive();
        ++changes_;
        last_ = Last::other;
    }
    template <class P, class Arrive>
    STET_NO_INLINE void travel_told(const P& patch, bool back, const Arrive& arrive) {
        StepPatch<T> way(rewritten, [&](RecordNode& root) { patch.write(root); });
        if (back) way = inverted<T>(std::move(way));
        auto&& told = as_patch<T>(way, current(), false);
        const bool heard = hears(told);
        if (heard) watchers_->tell(&told, When::before);
        go(way, false);
        arrive();
        ++changes_;
        last_ = Last::other;
        if (heard) watchers_->tell(&told, When::after);
        announce();
    }
    // All steps of a way from one position to another as one patch.
    template <class Way>
    static StepPatch<T> between(const Way& way, std::size_t first, std::size_t last) {
        if (last - first == 1) return patch_of(way, first);
        const std::size_t middle = first + (last - first) / 2;
        return then_step<T>(between(way, first, middle), between(way, middle, last));
    }
    // Back or forward to a position on the current way that is on the other one, too, and on along that.
    template <class Way>
    T state_at(const Way& way, std::size_t common, std::size_t to) const {
        T state(current());
        for (std::size_t at = position(); at > common; --at)
            steps_[at - 1].template carry_out<Trust::known>(state, true);
        for (std::size_t at = common < position() ? common : position(); at < to; ++at)
            way[at].template carry_out<Trust::known>(state);
        return state;
    }
    // The last change, while it is kept.
    const WrittenChange<T>* last_change(Number number, WrittenChange<T>& found) const {
        if (number != changes_ || known_at_ != changes_ || last_ == Last::other) return nullptr;
        found = last_ == Last::step ? steps_[position() - 1] : joining_->last.written();
        return &found;
    }

    template <class P>
    void go(const P& patch, bool back) {
        if (patch.nothrow()) {
            patch.template carry_out<Trust::known>(current_.get(), back != patch.is_inverted());
        } else if constexpr (leaves_swap<T>()) {
            InPlace<T, P> changed(current_, patch, back);
            changed.publish();
        } else {
            Slot<T> draft(current());
            patch.template carry_out<Trust::known>(draft.get(), back != patch.is_inverted());
            current_.exchange(draft);
        }
    }

    Slot<T> current_;
    STET_NO_UNIQUE_ADDRESS drafts_of<T> drafts_;
    Steps steps_;
    Number changes_ = 1;   // counts everything that changed the value
    Number known_at_ = 0;  // while it is changes_, the next two hold; otherwise the last thing done was another one
    Last last_ = Last::other;
    bool joinable_ = false;      // was the step before the current position the last thing done?
    std::uint8_t attended_ = 0;  // what may have to be looked at before anything else
    static constexpr std::uint8_t has_parts = 1;
    static constexpr std::uint8_t edit_under_way = 2;
    Part<Joining<T>> joining_;
    Part<Watchers> watchers_;
    STET_NO_UNIQUE_ADDRESS InstanceRules rules_;
};

}  // namespace stet::detail
