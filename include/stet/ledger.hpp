#pragma once
// What every verb of `Versioned` is made of: begin, refuse, or put a new state in force. Here is the order of things:
// check, tell the audit, store, publish; only the last cannot fail, and before it nothing has changed.

#include <stet/late.hpp>
#include <stet/patch/assign.hpp>
#include <stet/patch/check_records.hpp>
#include <stet/patch/edit.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/transaction.hpp>
#include <stet/policy/access.hpp>
#include <stet/policy/memory.hpp>
#include <stet/policy/pick.hpp>
#include <stet/policy/sharing.hpp>
#include <stet/schema/violations.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet::detail {

/// What a storage read that cannot fail to.
template <class T>
struct SureValue {
    T value;
    explicit operator bool() const { return true; }
    const T& operator*() const& { return value; }
    T&& operator*() && { return static_cast<T&&>(value); }
    [[noreturn]] static Error error() { fail("stet: this storage does not fail to read"); }
};

struct NoTurns {};
/// Nobody else appends.
template <class Ledger>
struct TurnAlone {
    constexpr TurnAlone(Ledger&) {}
    static constexpr Result<void> come() { return {}; }
};
/// Nobody else appends as long as this lives.
template <class Ledger>
class TurnAmongMany {
public:
    TurnAmongMany(Ledger& ledger)
        : end_{ledger.editing ? nullptr : &ledger}, come_(ledger.editing ? Result<void>{} : ledger.take_turn()) {}
    TurnAmongMany(const TurnAmongMany&) = delete;
    TurnAmongMany& operator=(const TurnAmongMany&) = delete;
    const Result<void>& come() const { return come_; }

private:
    // It ends where taking it throws, too.
    struct End {
        Ledger* ledger;
        ~End() {
            if (ledger != nullptr) ledger->end_turn();
        }
    } end_;
    Result<void> come_;
};

template <class T, class... Policies>
class Ledger {
public:
    using Storage = policy_of<IsStorage<T>, Memory<T>, Policies...>;
    using Audit = policy_of<IsAudit, NoAudit, Policies...>;
    using Access = policy_of<IsAccess, NoAccess, Policies...>;
    using Clock = policy_of<IsClock, SystemClock, Policies...>;
    using InstanceRules = policy_of<IsRules, Rules<>, Policies...>;
    using Sharing = policy_of<IsSharing, NotShared, Policies...>;
    using Home = typename Sharing::template home<T>;
    static constexpr bool shared = !std::is_same_v<Sharing, NotShared>;
    static constexpr std::size_t instance_rules = count_rules_of<InstanceRules>;
    using Found = ViolationsOf<T, instance_rules>;
    using E = ErrorOf<T, instance_rules>;
    using Record = late<AuditRecord, T>;
    static constexpr bool audited = !std::is_same_v<Audit, NoAudit>;
    static constexpr bool guarded = !std::is_same_v<Access, NoAccess>;
    static constexpr bool for_many = stores_for_many<Storage>;  // do other processes append, too?

    template <class... P>
    explicit Ledger(T value, P&&... policies)
        : current(std::move(value)),
          storage(take_policy<Storage>(std::forward<P>(policies)...)),
          audit(take_policy<Audit>(std::forward<P>(policies)...)),
          access(take_policy<Access>(std::forward<P>(policies)...)),
          clock(take_policy<Clock>(std::forward<P>(policies)...)),
          rules(take_policy<InstanceRules>(std::forward<P>(policies)...)) {}

    using Turn = std::conditional_t<for_many, TurnAmongMany<Ledger>, TurnAlone<Ledger>>;
    /// An operation under way. Where others append, too, it is its turn as long as this lives, and what they did until
    /// then has been taken up.
    struct Begun {
        Operation operation;
        const Change& change;
        Origin origin;
        std::string_view subject{};
        Time time = 0;
        Number seen = 0;       // the head that the caller could know
        bool settles = false;  // a provisional commit: nothing is checked again
        STET_NO_UNIQUE_ADDRESS Turn turn;
    };
    Begun begin(Operation operation, const Change& change, Origin origin = {}, std::string_view subject = {}) {
        return Begun{operation, change, origin, subject, audited ? clock.now() : 0, head, false, {*this}};
    }

    /// May it go on? Within an edit nothing but the edit may change anything.
    Result<void, E> ready(const Begun& begun) const {
        if (editing) return Failure(E(Errc::in_notification));
        if (const auto& turn = begun.turn.come(); !turn) return Failure(E(turn.error()));
        return {};
    }
    /// Does the caller expect another head than there is?
    Result<void, E> expected(const Begun& begun) const {
        if (auto goes = ready(begun); !goes) return goes;
        if (auto may = may_wait(begun); !may) return may;
        return expected_number(begun);
    }
    /// The same of what is made of a head that the caller has seen, and not of the one that there is.
    Result<void, E> expected_as_seen(const Begun& begun) const {
        if (auto expects = expected(begun); !expects) return expects;
        if (begun.change.expected != 0 || begun.seen == head) return {};
        return Failure(E(Errc::revision_conflict, begun.seen, head));
    }

    /// Does the head wait for a confirmation that does not come any more? Nor is a clock trusted that went backwards.
    bool is_overdue() {
        if (!waiting) return false;
        const Revision* const revision = storage.find(head);
        if (revision == nullptr || revision->deadline == 0) return false;  // it cannot be read now
        const Time now = clock.now();
        return now >= revision->deadline || now < revision->time;
    }

    /// The value of a revision that is kept. Some storages may fail to read it; for others it costs nothing to ask.
    auto read(Number number) const {
        using Read = decltype(storage.read(number, current.get()));
        if constexpr (std::is_same_v<Read, T>) return SureValue<T>{storage.read(number, current.get())};
        else return Result<T, E>(storage.read(number, current.get()));
    }
    /// Takes up what others have appended.
    Result<void, E> follow(Number newest) {
        if constexpr (for_many) {
            if (newest == head) return {};
            const Result<T> there = storage.take_head();
            if (!there) return Failure(E(there.error()));
            Patch<T> patch = diff(std::as_const(current).get(), *there);
            if constexpr (shared) {
                HeapVector<late<Patch<T>, T>> heard;
                if (current.pool()->watchers().hears(&patch)) heard.push_back(patch);
                typename Home::Draft draft(current);
                Apply::trusted(patch, draft_of_head(draft));
                draft.publish(newest);
                follows(newest);
                tell_all(heard);
            } else {
                Slot<T> draft(std::as_const(current).get());
                Apply::trusted(patch, draft.get());
                Replacement<T> replacement(current, draft);
                replacement.publish();
                follows(newest);
            }
        }
        return {};
    }
    /// Is a revision kept? If not, was it ever there?
    Result<void, E> kept(Number number) const {
        if (number != 0 && storage.find(number) != nullptr) return {};
        if (number == 0 || number > head) return Failure(E(Errc::no_such_revision, number, head));
        return Failure(E(Errc::revision_pruned, number, storage.floor()));
    }
    Result<Number, E> named(std::string_view name) const {
        std::string nearest;
        std::size_t least = 4;  // further off is no misspelling
        for (const Pin& pin : storage.pins()) {
            if (pin.name == name) return pin.number;
            if (const std::size_t away = distance(pin.name, name); away < least) {
                least = away;
                nearest = pin.name;
            }
        }
        return Failure(E(Errc::no_such_snapshot, name, nearest));
    }

    Found broken(const T& value) const {
        Found found;
        Collect sink(found);
        check_value(value, rules, Everything{}, CheckInside{}, sink);
        return found;
    }
    Found broken(const T& value, const Patch<T>& patch) const {
        Found found;
        Collect sink(found);
        check_change(value, patch, rules, sink);
        return found;
    }

    Result<Number, E> refuse(const Begun& begun, E error) {
        if constexpr (audited) {
            Record record = describe(begun, error.code() == Errc::denied ? Outcome::denied : Outcome::refused);
            record.error = to_text([&](const Writer& out) { error.write(out); });
            if (record.outcome == Outcome::denied && record.subject.empty())  // so that it is found by its path
                record.changes.push_back({std::string(error.subject()), {}, {}});
            if (tell(std::move(record))) audit.confirm();
        }
        return Failure(std::move(error));
    }

    /// A new state that a caller's function makes out of the current one.
    template <class Make>
    Result<Number, E> change(const Begun& begun, Make& make) {
        const Number before = head;
        if constexpr (shared) {
            typename Home::Draft draft(current);
            draft_of_head(draft);
            return change_draft(begun, make, draft, before);
        } else if constexpr (flat<T>) {
            Slot<T> draft(std::as_const(current).get());
            return change_draft(begun, make, draft, before);
        } else {
            typename Drafts<T>::Lease lease(drafts);
            Slot<T>& draft = lease.update(current, head, [&](Number number) { return storage.patch(number); });
            auto done = change_draft(begun, make, draft, before);
            if (done) lease.exchanged(before);
            return done;
        }
    }

    /// A new state that a caller's function makes of the current one through a cursor.
    template <class Make>
    Result<Number, E> edit(const Begun& begun, Make& make) {
        if constexpr (shared) {
            typename Home::Draft draft(current);
            EditLog<T> log(draft_of_head(draft));
            EditedDraft<typename Home::Draft> edited{draft, log, head};
            if (const auto made = make_edits(log, make); !made) {
                edited.withdraw();
                return refuse(begun, made.error());
            }
            return publish_edits(begun, log, edited);
        } else if constexpr (EditLog<T>::in_place) {
            EditLog<T> log(current.get());
            if (const auto made = make_edits(log, make); !made) {
                log.take_back();
                return refuse(begun, made.error());
            }
            Edited<T> edited{log};
            return publish(begun, log.patch(), edited);
        } else {
            Slot<T> draft(std::as_const(current).get());
            EditLog<T> log(draft.get());
            if (const auto made = make_edits(log, make); !made) return refuse(begun, made.error());
            Patch<T> patch = log.patch_from(current.get());
            Replacement<T> replacement(current, draft);
            return publish(begun, patch, replacement);
        }
    }

    /// A new state that stands beside the current one.
    Result<Number, E> replace(const Begun& begun, Slot<T>& draft) {
        if constexpr (shared) {
            typename Home::Draft state(current);
            state.assign(std::move(draft.get()));
            return replace(begun, state);
        } else {
            Replacement<T> replacement(current, draft);
            Patch<T> patch = diff(std::as_const(current).get(), std::as_const(draft).get());
            return publish(begun, patch, replacement);
        }
    }
    template <class Draft>
        requires(shared && !std::is_same_v<Draft, Slot<T>>)
    Result<Number, E> replace(const Begun& begun, Draft& draft) {
        Patch<T> patch = diff(std::as_const(current).get(), draft.value());
        return publish(begun, patch, draft);
    }
    /// A new state that a patch leads to; it fits.
    Result<Number, E> advance(const Begun& begun, Patch<T> patch) {
        if constexpr (shared) {
            typename Home::Draft draft(current);
            Apply::trusted(patch, draft_of_head(draft));
            AdvancedDraft<typename Home::Draft> state{draft, patch, head};
            return publish(begun, patch, state);
        } else if constexpr (flat<T> || !leaves_swap<T>()) {
            Slot<T> draft(std::as_const(current).get());
            Apply::trusted(patch, draft.get());
            Replacement<T> replacement(current, draft);
            return publish(begun, patch, replacement);
        } else {
            InPlace<T> changed(current, patch);
            return publish(begun, patch, changed);
        }
    }
    template <std::size_t L>
    Result<Number, E> replace_leaf(const Begun& begun, const leaf_type<T, L>& after) {
        return advance(begun, Patch<T>(std::integral_constant<std::size_t, L>{}, get_leaf<L>(current.get()), after));
    }

    /// Anything that makes no revision.
    template <class Do>
    Result<Number, E> carry_out(const Begun& begun, Do&& action) {
        if (const auto may = allowed(begun); !may) return refuse(begun, may.error());
        if constexpr (audited) {
            if (const auto told = tell(describe(begun, Outcome::done)); !told) return Failure(E(told.error()));
            Cancel cancel{&audit};
            if (const auto done = action(); !done) {
                cancel.audit = nullptr;
                audit.cancel();
                return refuse(begun, E(done.error()));
            }
            cancel.audit = nullptr;
            audit.confirm();
        } else {
            if (const auto done = action(); !done) return Failure(E(done.error()));
        }
        return head;
    }

    /// Nothing would change, which the audit hears, and may refuse, too.
    Result<Number, E> unchanged(const Begun& begun) {
        if constexpr (audited) {
            if (const auto told = tell(describe(begun, Outcome::unchanged)); !told) return Failure(E(told.error()));
            if constexpr (requires { storage.settle().has_value(); }) {  // what was told may be part of its transaction
                Cancel cancel{&audit};
                if (const auto safe = storage.settle(); !safe) return Failure(E(safe.error()));
                cancel.audit = nullptr;
            }
            audit.confirm();
        }
        return head;
    }

    /// Several changes that are stored together, or not at all.
    template <class F>
    Result<Number, E> together(const Begun& begun, F& f) {
        if (const auto goes = ready(begun); !goes) return refuse(begun, goes.error());
        if (begun.change.confirm_within.given()) return refuse(begun, E(Errc::cannot_wait));
        if (const auto expects = expected_number(begun); !expects) return refuse(begun, expects.error());
        struct Back {  // unless it is told otherwise
            Ledger& ledger;
            Slot<T> before;
            Number head;
            bool waiting;
            bool on = true;
            ~Back() {
                if (!on) return;
                ledger.storage.abandon(head);
                if (ledger.head == head) return;
                Replacement<T>(ledger.current, before).publish();
                if constexpr (!flat<T>) ledger.drafts = {};
                ledger.head = head;
                ledger.waiting = waiting;
            }
        };
        std::optional<Back> back;
        back.emplace(*this, Slot<T>(std::as_const(current).get()), head, waiting);
        const auto done = [&]() -> Result<void, E> {
            if (const auto held = storage.hold(); !held) return Failure(E(held.error()));
            const auto call = [&](const Number&) { return f(); };
            if (const auto made = make_draft<E>(call, back->head); !made) return Failure(made.error());
            if (const auto safe = storage.release(); !safe) return Failure(E(safe.error()));
            back->on = false;
            return {};
        }();
        back.reset();
        if (done) return head;
        if (const auto same = reconcile(); !same) return Failure(E(same.error()));
        return refuse(begun, done.error());
    }

    /// Would pruning drop anything? Nothing that is pinned, nor the head.
    bool prunes(std::size_t keep) const {
        const auto pins = storage.pins();
        std::size_t unpinned = storage.size();
        bool head_pinned = false;
        for (std::size_t i = 0; i < pins.size(); ++i) {
            bool first = true;  // of the names of this revision
            for (std::size_t j = 0; j < i; ++j) first = first && pins[j].number != pins[i].number;
            if (first) --unpinned;
            head_pinned = head_pinned || pins[i].number == head;
        }
        return unpinned > (keep == 0 && !head_pinned ? 1 : keep);
    }

    /// What the audit began and the storage does not have did not happen.
    Result<void> reconcile() {
        const Turn turn{*this};  // nobody is between a record and its revision
        if (const auto& come = turn.come(); !come) return Failure(Error(come.error()));
        return reconcile_now();
    }
    /// Revision 1.
    Result<Number, E> create(const Change& change) {
        if (const auto same = reconcile(); !same) return Failure(E(same.error()));
        const Begun begun = begin(Operation::create, change, {Origin::create});
        if (const auto& turn = begun.turn.come(); !turn) return refuse(begun, E(turn.error()));
        if (head != 0) return refuse(begun, E(Errc::already_created));  // by another process
        if (change.confirm_within.given()) return refuse(begun, E(Errc::cannot_wait));
        const Found found = broken(current.get());
        if (found.refuse()) return refuse(begun, E(Errc::rule_broken, found));
        Patch<T> nothing = diff(current.get(), current.get());
        InForce state{current.get()};
        auto done = store(begun, nothing, state);
        set_head(head);
        return done;
    }
    /// What is in force now is revision `number`.
    void set_head(Number number) {
        follows(number);
        if constexpr (shared) current.number(number);
    }

    /// It is this ledger's turn; verbs that are called by others have it already.
    Result<void> take_turn() {
        if (turns++ != 0) return {};
        const auto newest = storage.lock();
        if (!newest) return Failure(Error(newest.error()));
        if (const auto followed = follow(*newest); !followed) return Failure(Error(followed.error()));
        return reconcile_now();  // with what a process left that was killed meanwhile
    }
    void end_turn() noexcept {
        if (--turns == 0) storage.unlock();
    }

    /// Held by every verb while it works.
    auto guard() const {
        if constexpr (shared) return current.guard();
        else return NoGuard{};
    }

    Home current;
    STET_NO_UNIQUE_ADDRESS std::conditional_t<shared, NoDrafts, drafts_of<T>> drafts;
    STET_NO_UNIQUE_ADDRESS Storage storage;
    STET_NO_UNIQUE_ADDRESS Audit audit;
    STET_NO_UNIQUE_ADDRESS Access access;
    STET_NO_UNIQUE_ADDRESS Clock clock;
    STET_NO_UNIQUE_ADDRESS InstanceRules rules;
    Number head = 0;
    bool editing = false;
    bool waiting = false;  // is the head a provisional commit?
    STET_NO_UNIQUE_ADDRESS std::conditional_t<for_many, std::size_t, NoTurns> turns{};

    /// May whoever asks for it change this, or do what changes no field?
    Result<void, E> allowed([[maybe_unused]] const Begun& begun, [[maybe_unused]] const Patch<T>& patch) const {
        if constexpr (guarded) {
            std::string denied;
            const auto actor = author(begun.change);
            patch.visit([&](const PathView& path, const auto&, const auto&) {
                if (!denied.empty()) return;
                const std::string text = to_text([&](const Writer& out) { out << path; });
                const bool makes = begun.operation <= Operation::revert;  // of what is new there
                if (!may(actor, begun.operation, text) || (makes && !may(actor, Operation::commit, text)))
                    denied = text;
            });
            if (!denied.empty()) return Failure(E(Errc::denied, denied, actor));
        }
        return {};
    }
    Result<void, E> allowed([[maybe_unused]] const Begun& begun) const {
        if constexpr (guarded) {
            const auto actor = author(begun.change);
            if (!may(actor, begun.operation, {})) return Failure(E(Errc::denied, begun.subject, actor));
        }
        return {};
    }

private:
    Result<void, E> expected_number(const Begun& begun) const {
        if (begun.change.expected == 0 || begun.change.expected == head) return {};
        return Failure(E(Errc::revision_conflict, begun.change.expected, head));
    }
    // What does not wait is not asked to; while something does, it stays as it is, and so does what may come back.
    Result<void, E> may_wait(const Begun& begun) const {
        const TimeSpan& within = begun.change.confirm_within;
        if (!waiting && !within.given()) return {};
        const bool makes = begun.operation <= Operation::revert;
        if (within.given() && (!makes || within.nanoseconds() == 0)) return Failure(E(Errc::cannot_wait));
        if (waiting && (makes || begun.operation == Operation::forget))
            return Failure(E(Errc::provisional, head, head));
        return {};
    }
    void follows(Number number) {
        head = number;
        const Revision* const revision = number == 0 ? nullptr : storage.find(number);
        waiting = revision != nullptr && revision->deadline != 0;
    }
    bool may(std::string_view actor, Operation operation, std::string_view path) const {
        return access.may(Request{actor, operation, path});
    }
    Result<void> reconcile_now() {
        if constexpr (requires { audit.reconcile(head).has_value(); }) {
            const auto done = audit.reconcile(head);
            if (!done) return Failure(Error(done.error()));
        }
        return {};
    }
    // What others appended before it was this one's turn is left behind, too.
    Origin origin(const Begun& begun) const {
        Origin from = begun.origin;
        if constexpr (for_many)
            if (from.kind == Origin::rollback) from.from = head;
        return from;
    }
    // Who the access policy knows, or else who the caller says it is.
    std::string author(const Change& change) const {
        if constexpr (requires { std::string(access.actor()); })
            if (std::string known(access.actor()); !known.empty()) return known;
        return std::string(change.author);
    }

    template <class Make>
    Result<void, E> make_edits(EditLog<T>& log, Make& make) {
        struct Editing {
            bool& on;
            ~Editing() { on = false; }
        } now{editing = true};
        return detail::make_edits<E>(log, make);
    }

    // Where the value is shared.
    template <class Draft>
    T& draft_of_head(Draft& draft) {
        return draft.update(head, [&](Number number) { return storage.patch(number); });
    }
    template <class Draft>
    struct EditedDraft {
        Draft& draft;
        EditLog<T>& log;
        Number before;
        const T& value() const { return draft.value(); }
        void publish(Number number) noexcept {
            log.publish();
            draft.publish(number);
        }
        void withdraw() noexcept {
            if constexpr (EditLog<T>::in_place) {
                log.take_back();
                draft.keep(before);
            }
        }
    };
    template <class Draft>
    struct AdvancedDraft {
        Draft& draft;
        const Patch<T>& patch;
        Number before;
        const T& value() const { return draft.value(); }
        void publish(Number number) noexcept { draft.publish(number); }
        static void withdraw() noexcept {}
        // While the patch is still all there.
        void take_back() noexcept {
            if constexpr (!flat<T>) {
                if (!patch.nothrow()) return;
                patch.template carry_out<Trust::known>(draft.get(), !patch.is_inverted());
                draft.keep(before);
            }
        }
    };
    template <class Draft>
    Result<Number, E> publish_edits(const Begun& begun, EditLog<T>& log, Draft& draft) {
        if constexpr (flat<T>) {
            Patch<T> patch = log.patch_from(std::as_const(current).get());
            return publish(begun, patch, draft);
        } else return publish(begun, log.patch(), draft);
    }
    template <class NewState>
    static void put_in_force(NewState& state, [[maybe_unused]] Number number) noexcept {
        if constexpr (requires { state.publish(number); }) state.publish(number);
        else state.publish();
    }

    template <class Make, class Draft>
    Result<Number, E> change_draft(const Begun& begun, Make& make, Draft& draft, Number before) {
        if (const auto made = make_draft<E>(make, draft.get()); !made) return refuse(begun, made.error());
        if (head != before)
            return refuse(begun, E(Errc::revision_conflict, before, head));  // the function made one, too
        return replace(begun, draft);
    }

    struct Cancel {
        Audit* audit;
        ~Cancel() {
            if (audit != nullptr) audit->cancel();
        }
    };

    // The first value: nothing was there before.
    struct InForce {
        const T& first;
        const T& value() const { return first; }
        void publish() noexcept {}
        void withdraw() noexcept {}
    };

    template <class NewState>
    Result<Number, E> publish(const Begun& begun, Patch<T>& patch, NewState& state) {
        if (begun.settles) return store(begun, patch, state);
        if (patch.empty() && !begun.change.force) {
            auto told = alone([&] { return unchanged(begun); });
            if (told) put_in_force(state, head);  // what is not versioned may have changed
            else state.withdraw();
            return told;
        }
        const auto take_back = [&](E error) {
            if constexpr (requires { state.take_back(); }) state.take_back();
            else state.withdraw();
            return refuse(begun, std::move(error));
        };
        if constexpr (guarded)
            if (const auto may = allowed(begun, patch); !may) return take_back(may.error());
        Found found = broken(state.value(), patch);
        if (found.refuse()) return take_back(E(Errc::rule_broken, std::move(found)));
        return store(begun, patch, state);
    }

    template <class NewState>
    Result<Number, E> store(const Begun& begun, Patch<T>& patch, NewState& state) {
        [[maybe_unused]] HeapVector<late<Patch<T>, T>> heard;  // of which somebody wants to hear
        if constexpr (shared)
            if (current.pool()->watchers().hears(&patch)) heard.push_back(patch);
        Revision revision{head + 1,
                          head,
                          clock.now(),
                          author(begun.change),
                          std::string(begun.change.reason),
                          std::string(begun.change.source),
                          origin(begun),
                          begun.change.metadata};
        const bool waits = begun.change.confirm_within.given();
        if (waits) revision.deadline = begun.change.confirm_within.after(revision.time);
        if constexpr (audited) {
            Record record = describe(begun, Outcome::done);
            record.after = head + 1;
            if (waits) record.subject = "provisional";
            if constexpr (wants_digest<Audit, T>) record.digest_after = audit.digest(state.value());
            describe_changes(patch, record);
            if (const auto told = alone([&] { return tell(std::move(record)); }); !told)
                return Failure(E(told.error()));
            Cancel cancel{&audit};
            if (const auto stored = alone([&] { return storage.append(revision, patch, state.value()); }); !stored) {
                state.withdraw();
                cancel.audit = nullptr;
                audit.cancel();
                return refuse(begun, E(stored.error()));
            }
            cancel.audit = nullptr;
            put_in_force(state, head + 1);
            ++head;
            waiting = waits;
            audit.confirm();
        } else {
            if (const auto stored = alone([&] { return storage.append(revision, patch, state.value()); }); !stored)
                return Failure(E(stored.error()));
            put_in_force(state, head + 1);
            ++head;
            waiting = waits;
        }
        if constexpr (shared) tell_all(heard);
        return head;
    }

    // Whoever watches hears of it when it is done, and cannot change anything before it has returned.
    template <class Heard>
    void tell_all(const Heard& heard) noexcept {
        current.pool()->arrived();
        if (!heard.empty()) alone([&] { current.tell(heard.data()); });
    }
    // While somebody else's code runs and a new state stands half way, nothing else may change anything.
    template <class F>
    auto alone(const F& f) {
        struct Editing {
            bool& on;
            ~Editing() { on = false; }
        } now{editing = true};
        return f();
    }

    Record describe(const Begun& begun, Outcome outcome) {
        Record record;
        record.time = begun.time;
        record.operation = begun.operation;
        record.outcome = outcome;
        record.author = author(begun.change);
        record.reason = begun.change.reason;
        record.source = begun.change.source;
        record.before = record.after = head;
        record.origin = origin(begun);
        record.subject = begun.subject;
        return record;
    }
    void describe_changes(const Patch<T>& patch, Record& record) const {
        patch.visit([&](const PathView& path, const auto& before, const auto& after) {
            const auto shown = [&](const auto& value) {
                using Value = std::remove_cvref_t<decltype(value)>;
                if constexpr (has_keyed_digest<Audit>)
                    if constexpr (!is_absent<Value> && !std::is_same_v<Value, TextPart>)
                        if (path.secret())
                            return audit.keyed_digest(to_text([&](const Writer& out) { write_value(out, value); }));
                return to_text([&](const Writer& out) {
                    if constexpr (!is_absent<Value>) {
                        if (path.secret()) out << secret_dots;
                        else write_value(out, value);
                    }
                });
            };
            record.changes.push_back({to_text([&](const Writer& out) { out << path; }), shown(before), shown(after)});
        });
    }
    Result<void> tell(Record record) {
        const Time now = clock.now();
        record.clock_back = now < record.time;
        record.duration = record.clock_back ? 0 : now - record.time;
        return audit.begin(std::move(record));
    }
};

}  // namespace stet::detail
