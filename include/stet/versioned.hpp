#pragma once
// `Versioned<T>`: a value whose every change is a numbered revision with an author and a reason, checked before it
// takes effect, and can be taken back.

#include <stet/reflect/sentences.hpp>

#include <stet/late.hpp>
#include <stet/ledger.hpp>
#include <stet/opening.hpp>
#include <stet/patch/assign.hpp>
#include <stet/patch/merge.hpp>
#include <stet/plan.hpp>
#include <stet/schema/path.hpp>
#include <stet/schema/violations.hpp>
#include <stet/snapshot.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet {

/// Which revisions to list: `{.limit = 5}` the newest five, `{.since = 7}` those after revision 7.
struct HistoryQuery {
    std::size_t limit = 0;  ///< 0 for all
    Number since = 0;
};

/// A provisional commit: the token that confirms it, and when it is taken back without.
struct Waiting {
    Number token = 0;
    Time deadline = 0;
    explicit operator bool() const { return token != 0; }
    bool operator==(const Waiting&) const = default;
};

/// A value and the record of what was in force: revisions from 1, the last 10 in memory unless a storage says
/// otherwise. `Policies`, in any order: a storage, an audit, a clock, rules(...). Every verb returns a Result; one that
/// failed has changed nothing but the audit trail. For one thread, or with the policy `Shared`
/// for many.
template <class T, class... Policies>
class Versioned {
    static_assert(detail::require_policies<T, Policies...>());

    using Ledger = detail::Ledger<T, Policies...>;

public:
    using value_type = T;
    using error_type = typename Ledger::E;
    using storage_type = typename Ledger::Storage;
    using Revisions = std::vector<detail::late<Revision, T>>;
    using Pins = std::vector<detail::late<Pin, T>>;
    using Sides = detail::SidesOf<T>;

    /// Revision 1 is `value`. A value that breaks its own rules is a programming error; what comes from outside goes
    /// through `create` or `open`.
    explicit Versioned(T value, Policies... policies) : ledger_(std::move(value), std::move(policies)...) {
        static_assert(detail::require_schema<T> && detail::require_versionable<T>());  // who only reads does not pay
        if (ledger_.storage.head() != 0)
            detail::fail("stet: Versioned: the storage holds revisions already; use stet::open to go on with them");
        const auto created = ledger_.create(Change{});
        if (created) return;
        if (created.error().code() == Errc::rule_broken)
            detail::fail(
                "stet: Versioned: the first value breaks its own rules; use stet::create for values from outside");
        detail::fail(
            "stet: Versioned: the storage or the audit refused the first revision; use stet::create, which says why");
    }
    Versioned(Versioned&&) = default;
    Versioned(const Versioned&) = delete;
    Versioned& operator=(const Versioned&) = delete;

    // ---- reading

    /// The live value, until the next change.
    const T& current() const {
        static_assert(!Ledger::shared,
                      "stet: current: under stet::Shared the next change may come at any time; read through "
                      "settings.reader(), one for each thread, or take a settings.snapshot()");
        return live();
    }
    /// For one thread to read what others commit. Under `stet::Shared` only.
    auto reader() const {
        if constexpr (detail::require_sharing<Ledger::shared>()) return ledger_.current.reader();
    }
    /// How many values there are for that: at most two more than readers. Under `stet::Shared` only.
    std::size_t sides() const {
        const auto guard = ledger_.guard();
        if constexpr (detail::require_sharing<Ledger::shared>()) return ledger_.current.pool()->sides();
    }
    /// Calls `f(patch)` or `f()`, which must not throw, after each change of what `where` names, in the thread that
    /// made it and before another one can be made, for as long as the handle lives; never for transient fields. In it
    /// other changes are refused, and it must not wait for a thread that calls a verb. Under `stet::Shared` only.
    template <class Where, class F>
    auto watch(Where where, F f) const {
        if constexpr (detail::require_sharing<Ledger::shared>())
            return ledger_.current.watch(std::move(where), std::move(f));
    }
    /// Waits until revision `number` is in force; with a time limit, false when that is over first. Not in a function
    /// that a verb calls, which everybody else waits for. Under `stet::Shared` only.
    auto wait_for(Number number) const {
        if constexpr (detail::require_sharing<Ledger::shared>()) return ledger_.current.wait(number);
    }
    template <class Duration>
    auto wait_for(Number number, Duration most) const {
        if constexpr (detail::require_sharing<Ledger::shared>()) return ledger_.current.wait(number, most);
    }
    /// The number of the live revision.
    Number head() const {
        const auto guard = ledger_.guard();
        return ledger_.head;
    }
    /// How many revisions are kept, the live and the pinned ones included; as many as `history()` lists.
    std::size_t size() const {
        const auto guard = ledger_.guard();
        return ledger_.storage.size();
    }
    Opening opening() const { return opening_; }

    /// Takes up what other processes have committed to the same storage since; those that change something do it by
    /// themselves. Returns the head. Only with a storage that several can share.
    Result<Number, error_type> refresh() {
        static_assert(Ledger::for_many,
                      "stet: refresh: nobody else writes to this storage; what is current is what there is");
        const auto guard = ledger_.guard();
        if (ledger_.editing) return Failure(error_type(Errc::in_notification));
        if (ledger_.turns != 0) return ledger_.head;
        const auto newest = ledger_.storage.newest();
        if (!newest) return Failure(error_type(newest.error()));
        if (const auto followed = ledger_.follow(*newest); !followed) return Failure(followed.error());
        return ledger_.head;
    }

    /// A handle on the live revision that stays as it is.
    Snapshot<T> snapshot() const {
        const auto guard = ledger_.guard();
        const Revision* const known = ledger_.storage.find(ledger_.head);
        return Snapshot<T>(known == nullptr ? Revision{.number = ledger_.head} : *known, live());
    }

    /// A handle on a revision. Errors: `no_such_revision`, `revision_pruned`, `no_such_snapshot`.
    Result<Snapshot<T>, error_type> at(Number number) const {
        const auto guard = ledger_.guard();
        if (const auto kept = ledger_.kept(number); !kept) return Failure(kept.error());
        auto value = ledger_.read(number);
        if (!value) return Failure(error_type(value.error()));
        return Snapshot<T>(*ledger_.storage.find(number), *std::move(value));
    }
    Result<Snapshot<T>, error_type> at(std::string_view name) const {
        const auto guard = ledger_.guard();
        const auto number = ledger_.named(name);
        if (!number) return Failure(number.error());
        return at(*number);
    }

    /// The patch from one revision to another.
    Result<Patch<T>, error_type> diff(Number from, Number to) const {
        const auto guard = ledger_.guard();
        if (const auto kept = ledger_.kept(from); !kept) return Failure(kept.error());
        if (const auto kept = ledger_.kept(to); !kept) return Failure(kept.error());
        const auto before = ledger_.read(from);
        if (!before) return Failure(error_type(before.error()));
        const auto after = ledger_.read(to);
        if (!after) return Failure(error_type(after.error()));
        return stet::diff(*before, *after);
    }

    /// The revisions that are kept, newest first.
    Revisions history(HistoryQuery query = {}) const {
        const auto guard = ledger_.guard();
        Revisions list;
        const auto full = [&] { return query.limit != 0 && list.size() == query.limit; };
        for (Number number = ledger_.head; number != 0 && number > query.since && !full(); --number) {
            if (const Revision* const revision = ledger_.storage.find(number)) list.push_back(*revision);
            if (number <= ledger_.storage.floor()) {  // below the floor only what is pinned is left
                const auto pins = ledger_.storage.pins();
                Number next = 0;
                for (const Pin& pin : pins)
                    if (pin.number < number && pin.number > next) next = pin.number;
                number = next + 1;
            }
        }
        return list;
    }

    /// The named snapshots, in the order in which they were taken.
    Pins snapshots() const {
        const auto guard = ledger_.guard();
        return ledger_.storage.pins();
    }

    /// Runs `f()` while no other thread can commit: to look at `storage()`, `audit()` or `clock()` under
    /// `stet::Shared`, which are not to be touched otherwise then.
    template <class F>
    decltype(auto) exclusively(F&& f) const {
        const auto guard = ledger_.guard();
        return std::forward<F>(f)();
    }
    const storage_type& storage() const { return ledger_.storage; }
    const auto& audit() const
        requires(Ledger::audited)
    {
        return ledger_.audit;
    }
    auto& audit()
        requires(Ledger::audited)
    {
        return ledger_.audit;
    }
    auto& clock() { return ledger_.clock; }

    /// The violations of a value, by the rules of the type and of this instance.
    typename Ledger::Found check(const T& value) const {
        const auto guard = ledger_.guard();
        return ledger_.broken(value);
    }

    // ---- changing

    /// Makes a new revision from a function on `T&`, which may give up by returning false or an error, or from a value.
    /// Returns its number; that of the head if nothing changed. For a struct that is not flat the first function makes
    /// a copy that is kept; those after it cost their diff. With `{.expected = 2, .on_conflict = stet::merge}` it is
    /// made on revision 2 and merged with what came after. Errors: `revision_conflict`, `merge_conflict` with the first
    /// field that both changed, `gave_up`, `rule_broken`.
    template <class Make>
    Result<Number, error_type> commit(Make&& make, const Change& change = {}) {
        const auto guard = ledger_.guard();
        constexpr bool is_function = std::is_invocable_v<Make, T&>;
        const auto begun = ledger_.begin(Operation::commit, change, {Origin::commit});
        if (const auto expected = is_function ? ledger_.expected(begun) : ledger_.expected_as_seen(begun); !expected)
            return commit_merged(begun, make, expected.error());
        if constexpr (is_function) {
            return ledger_.change(begun, make);
        } else {
            static_assert(std::is_convertible_v<Make, T>,
                          "stet: commit takes a value of T, or a function on T& that returns void, bool or a Result");
            detail::Slot<T> draft(T(std::forward<Make>(make)));
            return ledger_.replace(begun, draft);
        }
    }

    /// Makes a new revision from a function on an `Edit<T>`, with which it changes fields and elements: costs what is
    /// changed and not what `T` does. `edit([](auto& edit) { edit.at(field<"routes">)[5].set(field<"to">, "b"); })`.
    /// While the function runs, `current()` is what it has made so far, and other changes are refused with
    /// `in_notification`. Errors: as `commit`, and `wrong_type`, `no_such_element`, `no_such_field` of what it did.
    template <class Make>
    Result<Number, error_type> edit(Make&& make, const Change& change = {}) {
        const auto guard = ledger_.guard();
        if constexpr (detail::require_edits<detail::edits<Make, T>>()) {
            const auto begun = ledger_.begin(Operation::commit, change, {Origin::commit});
            if (const auto expected = ledger_.expected(begun); !expected) {
                const auto in_draft = [&](T& draft) -> Result<void, error_type> {
                    if (const auto made = edit_in_place(draft, make); !made) return Failure(error_type(made.error()));
                    return {};
                };
                return commit_merged(begun, in_draft, expected.error());
            }
            return ledger_.edit(begun, make);
        } else return ledger_.head;
    }

    /// Sets one field: costs what the field costs and not what `T` does. `set(field<"llm.model">, "gpt-4o")`. Errors:
    /// as `commit`, and `wrong_type` for a number that does not fit.
    template <Step... Steps, class V>
    Result<Number, error_type> set(Field<Steps...> where, V&& value, const Change& change = {}) {
        const auto guard = ledger_.guard();
        constexpr detail::IndexPath path = detail::resolve<T>(where);
        using Target = typename detail::TypeAt<T, path>::type;
        static_assert(detail::can_assign<Target, V>(), "stet: set: the field cannot hold a value of this type");
        const auto begun = ledger_.begin(Operation::commit, change, {Origin::commit});
        constexpr std::size_t leaf = detail::leaf_table<T>.find(path);
        if constexpr (detail::can_assign<Target, V>()) {
            if (const auto expected = ledger_.expected(begun); !expected) {
                const auto put = [&](T& draft) -> Result<void, error_type> {
                    if (detail::assign(detail::get_at<path>(draft), std::forward<V>(value))) return {};
                    return Failure(
                        error_type(Errc::wrong_type, detail::path_text_v<T, path>.view(), detail::what_fits<Target>()));
                };
                return commit_merged(begun, put, expected.error());
            }
            if constexpr (!detail::set_alone<T, leaf>()) {
                detail::Slot<T> draft(live());
                if (!detail::assign(detail::get_at<path>(draft.get()), std::forward<V>(value)))
                    return ledger_.refuse(begun, error_type(Errc::wrong_type, detail::path_text_v<T, path>.view(),
                                                            detail::what_fits<Target>()));
                return ledger_.replace(begun, draft);
            } else {
                Target after = get_leaf<leaf>(live());
                if (!detail::assign(after, std::forward<V>(value)))
                    return ledger_.refuse(begun, error_type(Errc::wrong_type, detail::path_text_v<T, path>.view(),
                                                            detail::what_fits<Target>()));
                return ledger_.template replace_leaf<leaf>(begun, after);
            }
        } else return ledger_.head;
    }

    /// Sets what a path leads to, which may lie inside a container. Errors: as above, and `no_such_field`,
    /// `no_such_element`.
    template <class V>
    Result<Number, error_type> set(const Path<T>& path, V&& value, const Change& change = {}) {
        const auto guard = ledger_.guard();
        const auto begun = ledger_.begin(Operation::commit, change, {Origin::commit});
        detail::PutAt at;
        const auto put = [&](auto& target) { at.put(target, std::forward<V>(value)); };
        const auto wrong = [&] { return ledger_.refuse(begun, error_type(Errc::wrong_type, path.text(), at.fits)); };
        const auto nowhere = [&] { return ledger_.refuse(begun, error_type(Errc::no_such_element, path.text())); };
        if (const auto expected = ledger_.expected(begun); !expected) {
            const auto put_there = [&](T& draft) -> Result<void, error_type> {
                if (!path.visit(draft, put)) return Failure(error_type(Errc::no_such_element, path.text()));
                if (!at.done) return Failure(error_type(Errc::wrong_type, path.text(), at.fits));
                return {};
            };
            return commit_merged(begun, put_there, expected.error());
        }
        const auto in_draft = [&]() -> Result<Number, error_type> {
            detail::Slot<T> draft(live());
            if (!path.visit(draft.get(), put)) return nowhere();
            if (!at.done) return wrong();
            return ledger_.replace(begun, draft);
        };
        if constexpr (flat<T>) return in_draft();
        else {
            if (!path.in_one_leaf()) return in_draft();
            return detail::with_leaf<T, detail::Among::all>(
                path.leaves().first, [&]<std::size_t L>() -> Result<Number, error_type> {
                    if constexpr (!detail::set_alone<T, L>()) return in_draft();
                    else {
                        leaf_type<T, L> after = get_leaf<L>(live());
                        if (detail::follow(after, path.inside(), put) != detail::Followed::there) return nowhere();
                        if (!at.done) return wrong();
                        return ledger_.template replace_leaf<L>(begun, after);
                    }
                });
        }
    }
    template <class V>
    Result<Number, error_type> set(std::string_view path, V&& value, const Change& change = {}) {
        const auto guard = ledger_.guard();
        const auto parsed = Path<T>::parse(path);
        if (parsed) return set(*parsed, std::forward<V>(value), change);
        const auto begun = ledger_.begin(Operation::commit, change, {Origin::commit});
        return ledger_.refuse(begun, error_type(parsed.error()));
    }

    /// Brings back the state before the head, as a new revision; done twice, it is as before. Errors: as `rollback_to`.
    Result<Number, error_type> rollback(const Change& change = {}) {
        const auto guard = ledger_.guard();
        return rollback_to(previous(), change);
    }

    /// Brings back the state of a revision or named snapshot, as a new revision that knows where it came from;
    /// transient fields stay. Errors: `no_such_revision`, `revision_pruned`, `no_such_snapshot`, `rule_broken`,
    /// `revision_conflict`.
    Result<Number, error_type> rollback_to(Number number, const Change& change = {}) {
        const auto guard = ledger_.guard();
        return back_to(ledger_.begin(Operation::rollback, change, {Origin::rollback, ledger_.head, number}), number);
    }
    Result<Number, error_type> rollback_to(std::string_view name, const Change& change = {}) {
        const auto guard = ledger_.guard();
        const auto number = ledger_.named(name);
        const Origin origin{Origin::rollback, ledger_.head, number ? *number : 0};
        return back_to(ledger_.begin(Operation::rollback, change, origin, name), number);
    }

    /// Undoes what a revision changed (one that confirms: what was provisional) and keeps what came later. Where
    /// something was changed again since, `chosen` says for each conflict in turn: `ours` keeps what is there now,
    /// `theirs` undoes it all the same. Errors: `merge_conflict` with the first field that nobody decided on, see
    /// `plan_revert`; `revision_pruned` where what it changed is not known any more; and as `rollback_to`.
    Result<Number, error_type> revert(Number number, const Change& change = {}, const Sides& chosen = {}) {
        const auto guard = ledger_.guard();
        const Number made = what_changed(number);
        return revert_range(ledger_.begin(Operation::revert, change, {Origin::revert, made, 0}), made, made, chosen);
    }
    /// The same for all revisions from `first` to `last`.
    Result<Number, error_type> revert(Number first, Number last, const Change& change = {}, const Sides& chosen = {}) {
        const auto guard = ledger_.guard();
        return revert_range(ledger_.begin(Operation::revert, change, {Origin::revert, first, last}), first, last,
                            chosen);
    }

    /// Brings back these fields of a revision, and keeps all others as they are: `rollback_only(3, {field<"llm">})`.
    /// Errors: as `rollback_to`, and `no_such_element`.
    Result<Number, error_type> rollback_only(Number number, const std::vector<Path<T>>& paths,
                                             const Change& change = {}) {
        const auto guard = ledger_.guard();
        return rollback_some(number, paths, false, change);
    }
    /// Brings back a revision, and keeps these fields as they are now. Errors: as `rollback_only`.
    Result<Number, error_type> rollback_keeping(Number number, const std::vector<Path<T>>& paths,
                                                const Change& change = {}) {
        const auto guard = ledger_.guard();
        return rollback_some(number, paths, true, change);
    }

    // ---- provisional commits

    /// As `commit`, but for a while only: it takes effect, and is taken back by the first `poll()` after `within`, or
    /// when the storage is opened again, unless `confirm` comes first; where other verbs are to do so, give them
    /// `{.confirm_within = 10min}`. Stored with the revision. One at a time; until then nothing else makes a revision.
    /// Returns its number, which is the token that confirms it (of one made in `together`, once that has succeeded).
    /// Errors: as `commit`; `provisional` while another one waits, `cannot_wait`.
    template <class Make>
    Result<Number, error_type> commit_confirmed(Make&& make, TimeSpan within, Change change = {}) {
        change.confirm_within = within;
        return commit(std::forward<Make>(make), change);
    }
    /// The provisional commit with this token stays, also after its deadline as long as it was not taken back. Whoever
    /// shares the storage can confirm it. Returns the head, a revision that says so; confirming once more changes
    /// nothing, and neither does confirming a commit that had nothing to change. Errors: `nothing_to_confirm`.
    Result<Number, error_type> confirm(Number token, const Change& change = {}) {
        const auto guard = ledger_.guard();
        auto begun = ledger_.begin(Operation::confirm, change, {Origin::confirm, token});
        if (const auto expected = ledger_.expected(begun); !expected) return ledger_.refuse(begun, expected.error());
        if (ledger_.waiting && token == ledger_.head) return settle(begun, false);
        if (const auto may = ledger_.allowed(begun); !may) return ledger_.refuse(begun, may.error());
        const Revision* const said = ledger_.storage.find(token + 1);
        const Revision* const there = ledger_.storage.find(token);
        const bool confirmed = said != nullptr && said->origin.kind == Origin::confirm && said->origin.from == token;
        const bool final = token == ledger_.head && there != nullptr && there->origin.kind != Origin::take_back;
        if (confirmed || final) return ledger_.unchanged(begun);
        return ledger_.refuse(begun, error_type(Errc::nothing_to_confirm, token, ledger_.head));
    }
    /// Takes a provisional commit back now: the state before it is in force again, as a new revision, whatever today's
    /// rules say of it. Errors: `nothing_to_confirm`.
    Result<Number, error_type> take_back(const Change& change = {}) {
        const auto guard = ledger_.guard();
        auto begun = ledger_.begin(Operation::take_back, change, {Origin::take_back});
        if (const auto expected = ledger_.expected(begun); !expected) return ledger_.refuse(begun, expected.error());
        if (ledger_.waiting) return settle(begun, true);
        if (const auto may = ledger_.allowed(begun); !may) return ledger_.refuse(begun, may.error());
        return ledger_.refuse(begun, error_type(Errc::nothing_to_confirm));
    }
    /// To be called now and then: takes back what was not confirmed in time, and says whether it did; then `history()`
    /// says what. A clock that has gone back behind the commit is not waited for. Errors: as the storage and the audit;
    /// it waits still then.
    Result<bool, error_type> poll() {
        const auto guard = ledger_.guard();
        if constexpr (Ledger::for_many)
            if (const auto followed = refresh(); !followed) return Failure(followed.error());
        if (!ledger_.is_overdue()) return false;
        return take_back_if([](Ledger& ledger) { return ledger.is_overdue(); },
                            {.reason = "not confirmed in time", .source = "poll"});
    }
    /// The provisional commit that waits for its confirmation; without a number if there is none.
    Waiting waiting() const {
        const auto guard = ledger_.guard();
        if (!ledger_.waiting) return {};
        const Revision* const revision = ledger_.storage.find(ledger_.head);
        return {ledger_.head, revision == nullptr ? 0 : revision->deadline};
    }

    // ---- planning

    /// What `rollback_to` would do.
    Result<Plan<T>, error_type> plan_rollback(Number number) const {
        const auto guard = ledger_.guard();
        if (const auto kept = ledger_.kept(number); !kept) return Failure(kept.error());
        const auto patch = patch_back_to(number);
        if (!patch) return Failure(patch.error());
        return plan(*patch, Operation::rollback, {Origin::rollback, ledger_.head, number});
    }
    Result<Plan<T>, error_type> plan_rollback(std::string_view name) const {
        const auto guard = ledger_.guard();
        const auto number = ledger_.named(name);
        if (!number) return Failure(number.error());
        return plan_rollback(*number);
    }
    Result<Plan<T>, error_type> plan_rollback() const {
        const auto guard = ledger_.guard();
        return plan_rollback(previous());
    }
    /// What `revert` would do, and where later changes stand in the way.
    Result<Plan<T>, error_type> plan_revert(Number number, const Sides& chosen = {}) const {
        const auto guard = ledger_.guard();
        const Number made = what_changed(number);
        return plan_revert_of(made, made, {Origin::revert, made, 0}, chosen);
    }
    Result<Plan<T>, error_type> plan_revert(Number first, Number last, const Sides& chosen = {}) const {
        const auto guard = ledger_.guard();
        return plan_revert_of(first, last, {Origin::revert, first, last}, chosen);
    }
    /// What `rollback_only` and `rollback_keeping` would do.
    Result<Plan<T>, error_type> plan_rollback_only(Number number, const std::vector<Path<T>>& paths) const {
        const auto guard = ledger_.guard();
        return plan_rollback_some(number, paths, false);
    }
    Result<Plan<T>, error_type> plan_rollback_keeping(Number number, const std::vector<Path<T>>& paths) const {
        const auto guard = ledger_.guard();
        return plan_rollback_some(number, paths, true);
    }
    /// What `commit` would do.
    template <class Make>
    Result<Plan<T>, error_type> plan_commit(Make&& make) const {
        const auto guard = ledger_.guard();
        T draft = live();
        if constexpr (std::is_invocable_v<Make, T&>) {
            if (const auto made = detail::make_draft<error_type>(make, draft); !made) return Failure(made.error());
        } else {
            static_assert(
                std::is_convertible_v<Make, T>,
                "stet: plan_commit takes a value of T, or a function on T& that returns void, bool or a Result");
            draft = std::forward<Make>(make);
        }
        return plan(stet::diff(live(), draft), Operation::commit, {Origin::commit});
    }

    /// Does what a plan shows. Errors: `plan_expired` if the head has moved since, and as the planned verb.
    Result<Number, error_type> execute(const Plan<T>& plan, const Change& change = {}) {
        const auto guard = ledger_.guard();
        const bool goes_back = plan.operation() == Operation::rollback || plan.operation() == Operation::revert;
        const auto begun = ledger_.begin(goes_back ? plan.operation() : Operation::commit, change, plan.origin());
        if (const auto expected = ledger_.expected(begun); !expected) return ledger_.refuse(begun, expected.error());
        if (plan.base() != ledger_.head)
            return ledger_.refuse(begun, error_type(Errc::plan_expired, plan.base(), ledger_.head));
        for (const auto& conflict : plan.conflicts())
            if (conflict.open()) return ledger_.refuse(begun, error_type(Errc::merge_conflict, conflict.path()));
        if (const auto fits = apply(plan.patch(), live()); !fits)
            return ledger_.refuse(begun, error_type(fits.error()));
        return ledger_.advance(begun, plan.patch());
    }

    // ---- keeping

    /// Gives the live revision a name that pins it. Errors: `snapshot_exists`.
    Result<Number, error_type> snapshot(std::string_view name, const Change& change = {}) {
        const auto guard = ledger_.guard();
        const auto begun = ledger_.begin(Operation::snapshot, change, {}, name);
        if (const auto expected = ledger_.expected(begun); !expected) return ledger_.refuse(begun, expected.error());
        if (ledger_.named(name).has_value()) return ledger_.refuse(begun, error_type(Errc::snapshot_exists, name));
        return ledger_.carry_out(
            begun, [&] { return ledger_.storage.pin(name, *ledger_.storage.find(ledger_.head), live()); });
    }

    /// Takes the name from a snapshot; its revision counts again, and goes if its turn had come before. Errors:
    /// `no_such_snapshot`.
    Result<Number, error_type> release(std::string_view name, const Change& change = {}) {
        const auto guard = ledger_.guard();
        const auto begun = ledger_.begin(Operation::release, change, {}, name);
        if (const auto expected = ledger_.expected(begun); !expected) return ledger_.refuse(begun, expected.error());
        const auto number = ledger_.named(name);
        if (!number) return ledger_.refuse(begun, number.error());
        return ledger_.carry_out(begun, [&]() -> Result<void> {
            using Gone = decltype(ledger_.storage.unpin(name));
            if constexpr (!std::is_same_v<Gone, bool>) return ledger_.storage.unpin(name);
            else return (static_cast<void>(ledger_.storage.unpin(name)), Result<void>{});
        });
    }

    /// Drops all but the newest `keep` revisions; the head and what is pinned stay, and the pinned do not count.
    /// Returns how many went.
    Result<std::size_t, error_type> prune(std::size_t keep, const Change& change = {}) {
        const auto guard = ledger_.guard();
        const auto begun = ledger_.begin(Operation::prune, change, {});
        if (const auto expected = ledger_.expected(begun); !expected)
            return Failure(ledger_.refuse(begun, expected.error()).error());
        std::size_t dropped = 0;
        if (ledger_.waiting && !is_pinned(ledger_.head - 1))  // what may come back does not count
            keep = (keep == 0 && !is_pinned(ledger_.head) ? 1 : keep) + 1;
        if constexpr (Ledger::audited) {
            if (!ledger_.prunes(keep)) {
                if (const auto told = ledger_.unchanged(begun); !told) return Failure(told.error());
                return dropped;
            }
        }
        const auto done = ledger_.carry_out(begun, [&]() -> Result<void> {
            const auto went = ledger_.storage.prune(keep);
            if constexpr (std::is_same_v<decltype(went), const std::size_t>) dropped = went;
            else if (went) dropped = *went;
            else return Failure(went.error());
            return {};
        });
        if (!done) return Failure(done.error());
        return dropped;
    }

    /// Puts the live value of a field into its place in every revision that is kept: for a secret that leaked, after
    /// another one has been set. Returns how many of what is stored was rewritten. Only with a storage that can do it.
    /// Errors: `no_such_field`; `wrong_type` for a path that leads through a position; as the storage.
    Result<std::size_t, error_type> forget(const Path<T>& path, const Change& change = {}) {
        static_assert(
            requires(storage_type& storage) { storage.forget(path, live()).has_value(); },
            "stet: forget: this storage cannot put another value into what it keeps; prune(0) drops the revisions");
        const auto guard = ledger_.guard();
        const auto begun = ledger_.begin(Operation::forget, change, {}, path.text());
        std::size_t forgotten = 0;
        const auto done = [&] {
            if (const auto expected = ledger_.expected(begun); !expected)
                return ledger_.refuse(begun, expected.error());
            return ledger_.carry_out(begun, [&]() -> Result<void> {
                auto replaced = ledger_.storage.forget(path, live());
                if (!replaced) return Failure(replaced.error());
                forgotten = *replaced;
                return {};
            });
        }();
        if (!done) return Failure(done.error());
        return forgotten;
    }
    template <Step... Steps>
    Result<std::size_t, error_type> forget(Field<Steps...> where, const Change& change = {}) {
        return forget(Path<T>(where), change);
    }
    Result<std::size_t, error_type> forget(std::string_view path, const Change& change = {}) {
        const auto parsed = Path<T>::parse(path);
        if (!parsed) return Failure(error_type(parsed.error()));
        return forget(*parsed, change);
    }

    /// Calls `f()`, which makes any number of changes that become safe together, at the cost of one; each is a revision
    /// of its own. Where `f` returns false or an error, or the storage fails in the end, none of them has happened.
    /// Returns the head. Only with a storage that can do it, and not under `stet::Shared`.
    template <class F>
    Result<Number, error_type> together(F&& f, const Change& change = {}) {
        static_assert(!Ledger::shared,
                      "stet: together: readers of a shared Versioned would see what may not have happened in the end; "
                      "commit one function that makes all of the changes");
        static_assert(
            requires(storage_type& storage) { storage.hold().has_value(); },
            "stet: together: this storage makes each commit safe by itself");
        return ledger_.together(ledger_.begin(Operation::commit, change, {Origin::commit}), f);
    }

    /// Gives up the storage, the value of the head in it; to open it again elsewhere.
    storage_type release_storage() && {
        const auto guard = ledger_.guard();
        if constexpr (Ledger::shared) {
            if (ledger_.current.is_read()) {
                ledger_.storage.give_head(T(live()));
                return std::move(ledger_.storage);
            }
        }
        ledger_.storage.give_head(std::move(ledger_.current.get()));
        return std::move(ledger_.storage);
    }

private:
    template <class U>
    friend struct Opener;

    const T& live() const { return std::as_const(ledger_.current).get(); }

    struct Unchecked {};
    template <class... P>
    Versioned(Unchecked, Opening opening, T value, P&&... policies)
        : ledger_(std::move(value), std::forward<P>(policies)...), opening_(opening) {
        static_assert(detail::require_schema<T> && detail::require_versionable<T>());
    }

    Result<Number, error_type> back_to(const typename Ledger::Begun& begun, const Result<Number, error_type>& number) {
        if (const auto expected = ledger_.expected_as_seen(begun); !expected)
            return ledger_.refuse(begun, expected.error());
        if (!number) return ledger_.refuse(begun, number.error());
        if (const auto kept = ledger_.kept(*number); !kept) return ledger_.refuse(begun, kept.error());
        const auto patch = patch_back_to(*number);
        if (!patch) return ledger_.refuse(begun, patch.error());
        return ledger_.advance(begun, *patch);
    }

    bool is_pinned(Number number) const {
        for (const Pin& pin : ledger_.storage.pins())
            if (pin.number == number) return true;
        return false;
    }
    // What a revision changed that only says that another one stays.
    Number what_changed(Number number) const {
        const Revision* const revision = ledger_.storage.find(number);
        return revision != nullptr && revision->origin.kind == Origin::confirm ? revision->origin.from : number;
    }

    // The state before this one. What was confirmed comes after what was there before it; what was taken back never
    // was.
    Number previous() const {
        const Revision* revision = ledger_.storage.find(ledger_.head);
        if (revision == nullptr) return ledger_.head;  // others have dropped it
        for (;;) {
            const Origin& origin = revision->origin;
            if (origin.kind == Origin::confirm) return origin.to;
            if (origin.kind != Origin::take_back || origin.to >= revision->number) return revision->previous;
            if (ledger_.storage.find(origin.to) == nullptr) return origin.to - 1;
            revision = ledger_.storage.find(origin.to);
        }
    }

    // Ends the waiting, with the state that was there before or as it is.
    Result<Number, error_type> settle(typename Ledger::Begun& begun, bool back, bool asks = true) {
        const Number before = ledger_.storage.find(ledger_.head)->previous;
        begun.origin = {back ? Origin::take_back : Origin::confirm, ledger_.head, before};
        begun.settles = true;
        if (!back && !Ledger::guarded) return ledger_.advance(begun, stet::diff(live(), live()));
        if (const auto kept = ledger_.kept(before); !kept && ledger_.storage.patch(ledger_.head) == nullptr)
            return ledger_.refuse(begun, kept.error());
        const auto patch = patch_back_to(before);
        if (!patch) return ledger_.refuse(begun, patch.error());
        if (asks) {
            const auto may = patch->empty() ? ledger_.allowed(begun) : ledger_.allowed(begun, *patch);
            if (!may) return ledger_.refuse(begun, may.error());
        }
        return ledger_.advance(begun, back ? *patch : stet::diff(live(), live()));
    }
    template <class If>
    Result<bool, error_type> take_back_if(If is_over, const Change& change) {
        auto begun = ledger_.begin(Operation::take_back, change, {Origin::take_back});
        if (const auto expected = ledger_.expected(begun); !expected)
            return Failure(ledger_.refuse(begun, expected.error()).error());
        if (!is_over(ledger_)) return false;  // others may have seen to it
        if (const auto done = settle(begun, true, false); !done) return Failure(done.error());
        return true;
    }

    Result<Patch<T>, error_type> patch_back_to(Number number) const {
        if (number + 1 == ledger_.head)
            if (const Patch<T>* const last = ledger_.storage.patch(ledger_.head)) return last->inverted();
        const auto state = ledger_.read(number);
        if (!state) return Failure(error_type(state.error()));
        return stet::diff(live(), *state);
    }

    // What undoing revisions adds to what came after them: the later changes are ours, undoing is theirs.
    Result<Merge<T>, error_type> without(Number first, Number last, const Sides& chosen) const {
        if (const auto kept = ledger_.kept(last); !kept) return Failure(kept.error());
        if (first > last) return Failure(error_type(Errc::no_such_revision, first, last));
        if (const auto kept = ledger_.kept(first); !kept) return Failure(kept.error());
        const Number before = ledger_.storage.find(first)->previous;
        FixedText<40> what;
        Writer(what) << "revert of revision " << first;
        if (before == 0) return Failure(error_type(Errc::no_such_revision, before, ledger_.head, what.view()));
        const Patch<T>* const made = first == last ? ledger_.storage.patch(first) : nullptr;
        if (made == nullptr && ledger_.storage.find(before) == nullptr)
            return Failure(error_type(Errc::revision_pruned, before, ledger_.storage.floor(), what.view()));
        const auto state = ledger_.read(last);
        if (!state) return Failure(error_type(state.error()));
        if (made != nullptr) return Merge<T>(stet::diff(*state, live()), made->inverted(), chosen);
        const auto earlier = ledger_.read(before);
        if (!earlier) return Failure(error_type(earlier.error()));
        return Merge<T>(stet::diff(*state, live()), stet::diff(*state, *earlier), chosen);
    }
    Result<Number, error_type> advance_merged(const typename Ledger::Begun& begun,
                                              const Result<Merge<T>, error_type>& merged) {
        if (!merged) return ledger_.refuse(begun, merged.error());
        for (const auto& conflict : merged->conflicts())
            if (conflict.open()) return ledger_.refuse(begun, error_type(Errc::merge_conflict, conflict.path()));
        return ledger_.advance(begun, net_effect(*merged));
    }
    // What comes and goes in a merged sequence may leave it as it was.
    Patch<T> net_effect(const Merge<T>& merged) const {
        T after = live();
        detail::Apply::trusted(merged.patch(), after);
        return stet::diff(live(), std::as_const(after));
    }
    Result<Number, error_type> revert_range(const typename Ledger::Begun& begun, Number first, Number last,
                                            const Sides& chosen) {
        if (const auto expected = ledger_.expected(begun); !expected) return ledger_.refuse(begun, expected.error());
        return advance_merged(begun, without(first, last, chosen));
    }
    Result<Plan<T>, error_type> plan_revert_of(Number first, Number last, Origin origin, const Sides& chosen) const {
        auto merged = without(first, last, chosen);
        if (!merged) return Failure(std::move(merged).error());
        return plan(net_effect(*merged), Operation::revert, origin, merged->conflicts());
    }

    // A change made on an older revision, and what came after that, if that is what the caller wants.
    template <class Make>
    Result<Number, error_type> commit_merged(const typename Ledger::Begun& begun, Make&& make,
                                             const error_type& expected) {
        if (!begun.change.on_conflict.merges() || expected.code() != Errc::revision_conflict)
            return ledger_.refuse(begun, expected);
        const Number number = expected.expected();
        if (const auto kept = ledger_.kept(number); !kept) return ledger_.refuse(begun, kept.error());
        const Number before = ledger_.head;
        const auto read = ledger_.read(number);
        if (!read) return ledger_.refuse(begun, error_type(read.error()));
        const T& base = *read;
        T draft = base;
        if constexpr (std::is_invocable_v<Make, T&>) {
            if (const auto made = detail::make_draft<error_type>(make, draft); !made)
                return ledger_.refuse(begun, made.error());
        } else draft = std::forward<Make>(make);
        if (ledger_.head != before)
            return ledger_.refuse(begun, error_type(Errc::revision_conflict, before, ledger_.head));
        return advance_merged(begun, Merge<T>(stet::diff(base, live()), stet::diff(base, draft)));
    }

    // These fields of one value in another one.
    Result<void, error_type> copy_fields(const std::vector<Path<T>>& paths, const T& from, T& to) const {
        for (const Path<T>& path : paths) {
            if (path.inside().empty()) {
                const detail::LeafRange leaves = path.leaves();
                detail::for_each_leaf<T>([&]<std::size_t L>() {
                    if (leaves.contains(L)) get_leaf<L>(to) = get_leaf<L>(from);
                });
                continue;
            }
            bool found = false;
            const auto read = path.visit(from, [&]<class V>(const V& value) {
                const auto written = path.visit(to, [&](auto& target) {
                    if constexpr (std::is_same_v<std::remove_reference_t<decltype(target)>, V>) target = value;
                });
                found = written.has_value();
            });
            if (!read || !found) return Failure(error_type(Errc::no_such_element, path.text()));
        }
        return {};
    }
    Result<T, error_type> with_some(Number number, const std::vector<Path<T>>& paths, bool keeping) const {
        if (const auto kept = ledger_.kept(number); !kept) return Failure(kept.error());
        const auto old = ledger_.read(number);
        if (!old) return Failure(error_type(old.error()));
        T draft = keeping ? *old : live();
        if (const auto copied = copy_fields(paths, keeping ? live() : *old, draft); !copied)
            return Failure(copied.error());
        return draft;
    }
    Result<Number, error_type> rollback_some(Number number, const std::vector<Path<T>>& paths, bool keeping,
                                             const Change& change) {
        const auto begun = ledger_.begin(Operation::rollback, change, {Origin::rollback, ledger_.head, number});
        if (const auto expected = ledger_.expected_as_seen(begun); !expected)
            return ledger_.refuse(begun, expected.error());
        const auto state = with_some(number, paths, keeping);
        if (!state) return ledger_.refuse(begun, state.error());
        return ledger_.advance(begun, stet::diff(live(), *state));
    }
    Result<Plan<T>, error_type> plan_rollback_some(Number number, const std::vector<Path<T>>& paths,
                                                   bool keeping) const {
        const auto state = with_some(number, paths, keeping);
        if (!state) return Failure(state.error());
        return plan(stet::diff(live(), *state), Operation::rollback, {Origin::rollback, ledger_.head, number});
    }

    Result<Plan<T>, error_type> plan(const Patch<T>& patch, Operation operation, Origin origin) const {
        return plan(patch, operation, origin, Merge<T>::none(patch));
    }
    Result<Plan<T>, error_type> plan(Patch<T> patch, Operation operation, Origin origin,
                                     detail::ConflictsOf<T> conflicts) const {
        T after = live();
        detail::Apply::trusted(patch, after);
        Violations found(ledger_.broken(after, patch));
        return Plan<T>(std::move(patch), ledger_.head, operation, origin, std::move(found), std::move(conflicts));
    }

    STET_NO_UNIQUE_ADDRESS Ledger ledger_;  // its last byte and `opening_` share a word
    Opening opening_ = Opening::created;
};

template <class T, class... Policies>
Versioned(T, Policies...) -> Versioned<T, Policies...>;

}  // namespace stet
