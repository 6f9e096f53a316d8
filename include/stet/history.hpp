#pragma once
// `History<T, N>`: the undo stack of a session. A value and a cursor over its last states; no authors, no clock.

#include <stet/reflect/sentences.hpp>

#include <stet/fwd.hpp>
#include <stet/history_copies.hpp>
#include <stet/history_deltas.hpp>
#include <stet/history_group.hpp>
#include <stet/history_name.hpp>
#include <stet/history_revert.hpp>
#include <stet/patch/assign.hpp>
#include <stet/patch/merge.hpp>
#include <stet/patch/patch.hpp>
#include <stet/result.hpp>
#include <stet/schema/check.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

/// Keep whole states, in place: for flat structs; no heap, constant expressions, as fast as copying.
struct Copies {};
/// Copies whose steps have names, of which only the address is kept: see `StepName`.
struct NamedCopies {};
/// Keep one state and the steps that lead away from it, in place, in as many bytes as N says: see `History`. No heap;
/// what changed takes its own size, so that a budget holds more steps than it would hold copies.
struct Deltas {};
/// Keep what changed: for structs with containers and for large ones.
struct Changes {};
/// Changes that lose no work: what was undone stays as a branch when a new change comes. Needs
/// <stet/history_branching.hpp>.
struct Branching {};
/// For flat structs Copies, or Deltas where N are bytes; Changes for others.
struct Automatic {};

namespace detail {

template <class T, class Kept>
using kept_as = std::conditional_t<std::is_same_v<Kept, Automatic>, std::conditional_t<flat<T>, Copies, Changes>, Kept>;

template <class T, class InstanceRules>
constexpr auto broken_rules(const T& value, const InstanceRules& rules) {
    ViolationsOf<T, count_rules_of<InstanceRules>> found;
    Collect sink(found);
    check_value(value, rules, Everything{}, CheckInside{}, sink);
    return found;
}

// Elsewhere in <stet/history_*.hpp>, because they need the heap.
template <class T, std::size_t N, class InstanceRules, class Steps>
class ChangedStates;
template <class T, std::size_t N>
class StepLine;
template <class T, std::size_t N>
class StepTree;

// In <stet/patch/edit.hpp>, because they need the heap, too.
template <class T>
class EditLog;
template <class E, class T, class Make>
Result<void, E> make_edits(EditLog<T>& log, Make& make);  // NOLINT(readability-redundant-declaration): it is the first

struct NoStates {  // of what was refused with a sentence already
    using Name = Unnamed;
    using How = Unnamed;
    static constexpr bool watchable = false;
    static constexpr bool branching = false;
};

inline constexpr std::size_t most_changed_states = 1'000'000;

template <bool Branching>
constexpr bool require_branching() {
    static_assert(Branching, "stet: History: a tree of states is kept by History<T, N, Branching> only");
    return Branching;
}

template <class States, class T, class Count>
constexpr bool require_frames() {
    constexpr bool refused = std::is_same_v<States, NoStates>;
    constexpr bool keeps = requires(States& states, const T& value) { states.save(std::uint32_t{}, value); };
    constexpr bool counts = std::is_integral_v<Count> && !std::is_same_v<Count, bool>;
    static_assert(keeps || refused, "stet: save, restore: whole copies have frames; write History<T, N, Copies>");
    static_assert(counts, "stet: save, restore: the frame comes first, and is an integer: history.save(frame, value)");
    return keeps && counts;
}
constexpr FixedText<80> numbers_text(std::uint32_t first, std::uint32_t last) {
    char digits[32]{};
    std::size_t at = sizeof digits;
    const auto add = [&](std::uint32_t number) {
        do digits[--at] = static_cast<char>('0' + number % 10);
        while ((number /= 10) != 0);
    };
    add(last);
    for (const char c : {' ', 'o', 't', ' '}) digits[--at] = c;
    add(first);
    return chars(digits + at, sizeof digits - at);
}

template <class States>
constexpr std::size_t bytes_in_place() {
    static_assert(!States::watchable,
                  "stet: History::max_bytes: Changes take from the heap what they need; bound them by limit_bytes, or "
                  "keep a flat T as Copies");
    return sizeof(States);
}

template <class Kept, class... Kinds>
concept one_of_kinds = (std::is_same_v<Kept, Kinds> || ...);

template <class T, Limit N, class Kept, class InstanceRules>
constexpr auto choose_in_budget() {
    constexpr bool in_place = flat<T> && one_of_kinds<Kept, Deltas, Automatic>;
    static_assert(!one_of_kinds<Kept, Copies, NamedCopies>,
                  "stet: History<T, stet::bytes{n}>: Copies are counted; write a number of states, or leave Copies "
                  "out for changes in so many bytes");
    static_assert(flat<T> || !std::is_same_v<Kept, Deltas>,
                  "stet: History<T, stet::bytes{n}, Deltas>: T has a field that needs the heap; write History<T, "
                  "stet::bytes{n}, Changes>");
    if constexpr (in_place) return std::type_identity<DeltaStates<T, N.in_bytes, InstanceRules>>{};
    else return std::type_identity<NoStates>{};
}

template <class T, Limit N, class Kept, class InstanceRules>
constexpr auto choose_states() {
    constexpr bool known = one_of_kinds<Kept, Automatic, Copies, NamedCopies, Deltas, Changes, Branching>;
    constexpr bool budget = N.in_bytes > 0;
    static_assert(known,
                  "stet: History<T, N, Kept>: Kept is Copies, NamedCopies, Deltas, Changes, Branching or Automatic");
    static_assert(budget || !std::is_same_v<Kept, Deltas>,
                  "stet: History<T, N, Deltas>: N is a budget; write History<T, stet::bytes{512}>");
    if constexpr (!known || (!budget && std::is_same_v<Kept, Deltas>)) return std::type_identity<NoStates>{};
    else if constexpr (budget &&
                       (one_of_kinds<Kept, Copies, NamedCopies, Deltas> || std::is_same_v<kept_as<T, Kept>, Copies>)) {
        return choose_in_budget<T, N, Kept, InstanceRules>();
    } else if constexpr (!std::is_same_v<kept_as<T, Kept>, Changes> && !std::is_same_v<Kept, Branching>) {
        static_assert(flat<T>,
                      "stet: History<T, N, Copies>: T has a field that needs the heap; write History<T, N, Changes>");
        using Name = std::conditional_t<std::is_same_v<Kept, NamedCopies>, StepName, Unnamed>;
        return std::type_identity<CopiedStates<T, N.states, InstanceRules, Name>>{};
    } else {
        constexpr bool tree = std::is_same_v<Kept, Branching>;
        constexpr std::size_t most = budget ? most_changed_states : N.states;
        using Steps = std::conditional_t<tree, StepTree<T, most>, StepLine<T, most>>;
        constexpr bool with_steps = requires { sizeof(Steps); };
        static_assert(with_steps || !tree, "stet: History<T, N, Branching>: include <stet/history_branching.hpp>");
        static_assert(with_steps || tree,
                      "stet: T has a field that needs the heap; include <stet/stet.hpp>, or make T flat: no "
                      "strings and no growing containers");
        return std::type_identity<
            std::conditional_t<with_steps, ChangedStates<T, most, InstanceRules, Steps>, NoStates>>{};
    }
}

}  // namespace detail

/// A value and its last `N` states, the current one included, with a cursor: undo and redo. A new change drops what was
/// undone; with Branching it stays, and positions are those on the current branch: from the root through the current
/// state, and on to where redo leads, which of several children is the one visited last. Every verb returns a Result;
/// one that failed has changed nothing.
///
/// `History<T, stet::bytes{512}>` keeps as many states as fit. Of a flat T the whole object takes no more than that,
/// and a step the leaves that it changed, a byte for 8 leaves, and 1, 2 or 4; the oldest are dropped first, and a step
/// that is larger than all the room leaves none to go back to, but is made. Of any other T it is what `limit_bytes`
/// sets.
template <class T, Limit N, class Kept, class InstanceRules>
class History {
    static_assert(N.states > 0 || N.in_bytes > 0,
                  "stet: History<T, N> keeps N states, the current one included; write 1 or more");
    using States = typename decltype(detail::choose_states<T, N, Kept, InstanceRules>())::type;
    using Name = typename States::Name;

public:
    using value_type = T;
    using error_type = ErrorOf<T, detail::count_rules_of<InstanceRules>>;

    /// What a history in place takes, whatever is done with it.
    static constexpr std::size_t max_bytes = detail::bytes_in_place<States>();

    /// Starts at `value`. One that breaks its own rules is a programming error; in a constant expression it does not
    /// compile.
    constexpr explicit History(const T& value, InstanceRules rules = {})
        : states_(value, static_cast<InstanceRules&&>(rules)) {
        static_assert(detail::require_schema<T> && detail::require_versionable<T>());  // who only reads does not pay
        if (detail::refuses(value, states_.rules()))
            detail::fail("stet: History: the first value breaks its own rules; check it before");
        if constexpr (N.in_bytes > 0 && States::watchable) states_.limit_bytes(N.in_bytes);
    }

    constexpr const T& current() const { return states_.current(); }
    /// How many states are retained; with Branching, on the current branch.
    constexpr std::size_t size() const { return states_.size(); }
    /// Where the current state stands among them: 0 is the oldest.
    constexpr std::size_t position() const { return states_.position(); }
    /// Never while a group is open.
    constexpr bool can_undo() const { return states_.position() > 0 && !states_.grouped(); }
    constexpr bool can_redo() const { return states_.position() + 1 < states_.size() && !states_.grouped(); }
    /// The name of the step that `undo` takes back; empty if it has none, and if there is none.
    constexpr std::string_view undo_name() const { return can_undo() ? states_.name(position()) : std::string_view{}; }
    /// The name of the step that `redo` makes again.
    constexpr std::string_view redo_name() const {
        return can_redo() ? states_.name(position() + 1) : std::string_view{};
    }
    /// The name of the step that led to a position.
    constexpr std::string_view name(std::size_t position) const {
        return position > 0 && position < size() ? states_.name(position) : std::string_view{};
    }

    /// A new state, from a function on `T&` (which may give up by returning false or an error) or a value. Nothing
    /// happens if nothing changed. Errors: `gave_up`, `rule_broken`.
    template <class Make>
    constexpr Result<void, error_type> commit(Make&& make) {
        return commit(Name{}, std::forward<Make>(make));
    }
    /// The same, with a name for menus: `history.commit("move shape", ...)`. Copies keep names as NamedCopies only.
    template <class Make>
    constexpr Result<void, error_type> commit(Name name, Make&& make) {
        return record(make, {name});
    }
    /// The same, as a part of the last step: what is left of both is one step, or none (and in a budget in bytes it may
    /// be too large to keep what was before). A step of its own after an undo, redo or group, and where the current
    /// state is the saved one.
    template <class Make>
    constexpr Result<void, error_type> amend(Make&& make) {
        if constexpr (requires { states_.joining(); }) static_cast<void>(states_.joining());
        return record(make, {Name{}, true});
    }

    /// The same from a function on an `Edit<T>`, with which it changes fields and elements: costs what is changed and
    /// not what `T` does. `history.edit([](auto& edit) { edit.at(field<"shapes">)[5].set(field<"x">, 3.0f); })`. While
    /// the function runs, `current()` is what it has made so far, and other changes are refused with
    /// `in_notification`. Errors: as `commit`, and `no_such_element`, `no_such_field`, `wrong_type` of what it did.
    template <class Make>
    Result<void, error_type> edit(Make&& make) {
        return edit(Name{}, make);
    }
    template <class Make>
    Result<void, error_type> edit(Name name, Make&& make) {
        constexpr bool with_heap = requires { sizeof(detail::EditLog<T>); };
        static_assert(with_heap,
                      "stet: History::edit needs the heap: include <stet/stet.hpp>, or write commit(f) with a function "
                      "on a T&");
        if constexpr (with_heap) {
            constexpr bool takes_cursor = requires(Edit<T>& cursor) { make(cursor); };
            if constexpr (detail::require_edits<takes_cursor>()) return edit_states(make, {name});
        }
        return {};
    }

    /// Sets one field. Errors: `wrong_type` for a number that does not fit, and as `commit`.
    template <Step... Steps, class V>
    constexpr Result<void, error_type> set(Field<Steps...> where, V&& value) {
        return set(Name{}, where, std::forward<V>(value));
    }
    template <Step... Steps, class V>
    constexpr Result<void, error_type> set(Name name, Field<Steps...> where, V&& value) {
        constexpr detail::IndexPath path = detail::resolve<T>(where);
        using Target = typename detail::TypeAt<T, path>::type;
        static_assert(detail::can_assign<Target, V>(), "stet: set: the field cannot hold a value of this type");
        if constexpr (detail::can_assign<Target, V>()) {
            if constexpr (requires { states_.template set<path>(std::forward<V>(value), {name}); }) {
                return states_.template set<path>(std::forward<V>(value), {name});
            } else {
                T draft = current();
                if (!detail::assign(detail::get_at<path>(draft), std::forward<V>(value)))
                    return Result<void, error_type>(detail::MakeError{}, Errc::wrong_type,
                                                    detail::Lasting{detail::shown_path<T, path>()},
                                                    detail::Lasting{detail::what_fits<Target>()});
                return states_.commit(static_cast<T&&>(draft), {name});
            }
        } else return {};
    }

    /// Sets what a path leads to, which may lie inside a container: `history.set("limits[gpt-4].rate", 5)`. Errors: as
    /// above, and `no_such_field`, `no_such_element`.
    template <class V>
    Result<void, error_type> set(const Path<T>& path, V&& value) {
        return set(Name{}, path, std::forward<V>(value));
    }
    template <class V>
    Result<void, error_type> set(Name name, const Path<T>& path, V&& value) {
        return edit(name, [&](auto& cursor) { cursor.set(path, std::forward<V>(value)); });
    }
    template <class V>
    Result<void, error_type> set(std::string_view path, V&& value) {
        return set(Name{}, path, std::forward<V>(value));
    }
    template <class V>
    Result<void, error_type> set(Name name, std::string_view path, V&& value) {
        return edit(name, [&](auto& cursor) { cursor.set(path, std::forward<V>(value)); });
    }

    /// Back one state. Errors: `nothing_to_undo`, `group_open`.
    constexpr Result<void, error_type> undo() {
        if (states_.position() == 0 || states_.occupied()) return not_now(Errc::nothing_to_undo);
        states_.undo();
        return {};
    }
    /// Forward again. Errors: `nothing_to_redo`, `group_open`.
    constexpr Result<void, error_type> redo() {
        if (states_.position() + 1 >= states_.size() || states_.occupied()) return not_now(Errc::nothing_to_redo);
        states_.redo();
        return {};
    }
    /// Takes back all steps behind a position, all of them or none: what a list of steps in a menu does. Errors:
    /// `nothing_to_undo` where that is not before the current one, `group_open`.
    constexpr Result<void, error_type> undo_to(std::size_t position) {
        if (position >= states_.position() || states_.occupied()) return not_now(Errc::nothing_to_undo);
        states_.go_to(position);
        return {};
    }
    /// To any of the states that are retained, all the way or not at all. Errors: `no_such_element`, `group_open`.
    constexpr Result<void, error_type> go_to(std::size_t position) {
        if (states_.occupied()) return not_now(Errc::group_open);
        if (position >= size()) return no_position(position);
        if (position != states_.position()) states_.go_to(position);
        return {};
    }

    /// A copy of the state at a position. O(size of T and of the steps between). Errors: `no_such_element`,
    /// `group_open`, and `in_notification` while `edit` runs.
    constexpr Result<T, error_type> at(std::size_t position) const {
        if (!may_look(position)) return cannot_look<T>(position);
        return states_.at(position);
    }

    /// Undoes what the step did that led to a position, and keeps what came later, as a new step. Where something was
    /// changed again since, `chosen` says for each conflict in turn: `Side::ours` keeps what is there now,
    /// `Side::theirs` undoes it all the same. Errors: `merge_conflict` with the first field that nobody decided on;
    /// `no_such_element` where no step led there, or it has been undone; `rule_broken`; and as `at`.
    constexpr Result<void, error_type> revert(std::size_t position, std::initializer_list<Side> chosen = {}) {
        return revert(Name{}, position, chosen);
    }
    constexpr Result<void, error_type> revert(Name name, std::size_t position,
                                              std::initializer_list<Side> chosen = {}) {
        if (position == 0 || position > this->position()) return no_step(position);
        if (!may_look(position)) return cannot_look<void>(position);
        T made = current();
        if constexpr (flat<T>) {
            if (const std::size_t open = undo_step(position, chosen, made); open != leaf_count<T>)
                return in_the_way(open);
            detail::keep_hidden(current(), made);
        } else {
            const T after = states_.at(position);
            const Merge<T> both(diff(after, current()), diff(after, states_.at(position - 1)),
                                typename Merge<T>::Sides(chosen));
            for (const auto& conflict : both.conflicts())
                if (conflict.open()) return Failure(error_type(Errc::merge_conflict, conflict.path()));
            detail::Apply::trusted(both.patch(), made);
        }
        return states_.alone([&] { return states_.commit(static_cast<T&&>(made), {name}); });
    }
    /// Brings back the whole state at a position, as a new step, which `undo` takes back; transient fields stay.
    /// Errors: `no_such_element`, `rule_broken`, and as `at`.
    constexpr Result<void, error_type> rollback_to(std::size_t position) { return rollback_to(Name{}, position); }
    constexpr Result<void, error_type> rollback_to(Name name, std::size_t position) {
        if (!may_look(position)) return cannot_look<void>(position);
        return states_.alone([&] { return states_.commit(states_.at(position), {name}); });
    }

    /// What `group` returns; to keep one from one event to another: `std::optional<decltype(history)::Group> drag;`.
    using Group = StepGroup<States>;
    /// Opens a group: `auto drag = history.group("drag");` makes one step of all commits until the end of its scope.
    constexpr StepGroup<States> group(Name name = {}) { return StepGroup<States>(states_, name); }

    /// From now on, changes for which `rule(previous, next)` is true become a part of the step before them, as `amend`
    /// does: `within(500)`, or a function on two `const StepInfo<T>&` that returns bool.
    template <class Rule>
    void coalesce(Rule rule) {
        static_assert(States::watchable,
                      "stet: coalesce: Copies keep no times; write history.amend(...) for a change that belongs to the "
                      "last step, or History<T, N, Changes>");
        if constexpr (States::watchable) states_.coalesce(std::move(rule));
    }
    /// What follows happens at this time, in whatever the caller counts; here is no clock.
    template <class Count>
    void tick(Count now) {
        static_assert(States::watchable, "stet: tick: Copies keep no times; write History<T, N, Changes>");
        if constexpr (States::watchable) states_.joining().now = static_cast<std::uint64_t>(now);
    }

    /// When the step was made that led to a position: what `tick` had said last. Only what is within 2^32 of its last
    /// word is known.
    std::uint64_t time(std::size_t position) const {
        static_assert(States::watchable, "stet: time: Copies keep no times; write History<T, N, Changes>");
        if constexpr (States::watchable) return position > 0 && position < size() ? states_.time(position) : 0;
    }
    /// From now on, steps take at most so many bytes, with what their values hold on the heap; the oldest are dropped
    /// first, the last one never. 0: no limit but N. In a group, what it makes counts when it ends; set by a function
    /// that is told of a change, the limit holds from the next new step on.
    void limit_bytes(std::size_t most) {
        static_assert(States::watchable, "stet: limit_bytes: Copies take what N states take; write a smaller N");
        if constexpr (States::watchable) states_.limit_bytes(most);
    }
    /// What the steps take, with what their values hold on the heap. O(size()).
    constexpr std::size_t bytes() const {
        constexpr bool counted = requires(const States& states) { states.bytes(); };
        static_assert(counted, "stet: bytes: Copies take what N states take: max_bytes");
        if constexpr (counted) return states_.bytes();
    }

    /// How many states the whole tree has. When there would be more than `N`, or more bytes than the limit, the oldest
    /// leaf that is not on the current branch goes first, then the root, and the current state never.
    std::size_t states() const {
        if constexpr (detail::require_branching<States::branching>()) return states_.states();
    }
    /// The number of the current state. Numbers go up, and none is used twice: what `amend` makes of a state is
    /// another.
    Number state() const { return state(position()); }
    /// The number of the state at a position; 0 if there is none.
    Number state(std::size_t position) const {
        if constexpr (detail::require_branching<States::branching>())
            return position < size() ? states_.state(position) : 0;
    }
    /// Calls `f(const StateInfo&)` for all states of the tree, the oldest first; it must not change the history.
    template <class F>
    void each_state(F&& f) const {
        if constexpr (detail::require_branching<States::branching>()) states_.each_state(f);
    }
    /// To any state of the tree, all the way or not at all. Errors: `no_such_element`, `group_open`.
    Result<void, error_type> go_to_state(Number state) {
        if constexpr (detail::require_branching<States::branching>()) {
            if (states_.occupied()) return not_now(Errc::group_open);
            if (!states_.has_state(state)) return Failure(error_type(Errc::no_such_element, "state"));
            states_.go_to_state(state);
        }
        return {};
    }
    /// A copy of any state of the tree. Errors: `no_such_element`, `group_open`.
    Result<T, error_type> at_state(Number state) const {
        if constexpr (detail::require_branching<States::branching>()) {
            if (!states_.has_state(state)) return Failure(error_type(Errc::no_such_element, "state"));
            if (states_.grouped()) return Failure(error_type(Errc::group_open));
            return states_.at_state(state);
        } else return Failure(error_type(Errc::no_such_element));
    }
    /// How many ways lead on from the current state, the oldest first.
    std::size_t branches() const {
        if constexpr (detail::require_branching<States::branching>()) return states_.branches();
    }
    /// Which of them `redo` takes: the one that was visited last.
    std::size_t branch() const {
        if constexpr (detail::require_branching<States::branching>()) return states_.branch();
    }
    /// From now on, `redo` takes this one. Errors: `no_such_element`, `group_open`.
    Result<void, error_type> take_branch(std::size_t branch) {
        if constexpr (detail::require_branching<States::branching>()) {
            if (states_.occupied()) return not_now(Errc::group_open);
            if (branch >= branches()) return Failure(error_type(Errc::no_such_element, "branch"));
            states_.take_branch(branch);
        }
        return {};
    }

    /// Calls `f(const Patch<T>&, When)` before and after every change, undo, redo and cancel that touches a field or
    /// Path, or `f(const Patch<T>&)` or `f()` after it, until the handle ends. A change that is made inside `f` is
    /// refused with `in_notification`. What `f` throws before a change stops it; afterwards it passes through, and the
    /// change is made. A `before` without an `after` is a change that failed for want of memory, or by such a throw.
    template <class Where, class F>
    auto subscribe(Where where, F f) {
        return watch(static_cast<Where&&>(where), static_cast<F&&>(f));
    }
    /// The same for changes of anything.
    template <class F>
    auto subscribe(F f) {
        return watch(static_cast<F&&>(f));
    }
    /// Calls `f()`, which must not throw, after all that can change the answers of can_undo, can_redo, undo_name,
    /// redo_name and dirty.
    template <class F>
    auto on_change(F f) {
        static_assert(States::watchable, "stet: on_change: Copies tell nobody; write History<T, N, Changes>");
        if constexpr (States::watchable) return states_.on_change(static_cast<F&&>(f));
    }

    /// The current state is what the file holds; so is the first value. Inside a group that has changed something
    /// there is no state to mark: it stays dirty.
    constexpr void mark_saved() { states_.mark_saved(); }
    /// No state is what the file holds: of a document that has none, or whose file is gone.
    constexpr void mark_unsaved() { states_.mark_unsaved(); }
    /// Is the state at this position the one that was saved?
    constexpr bool saved(std::size_t position) const { return position < size() && states_.saved(position); }
    /// Is the current state another than the one that was saved? Always, once that one is no longer retained.
    constexpr bool dirty() const { return states_.dirty(); }

    /// For a value that changes in place, frame by frame, and is taken back to an earlier one when its input was
    /// another than expected: rollback netcode. States have the numbers of frames, one after the other, counted modulo
    /// 2^32. Keeps a copy of the value as the state of a frame, which becomes the current one; as fast as memcpy: rules
    /// are not checked, and nothing is compared. A frame saved again replaces what was saved before, and those behind
    /// it go. After a gap, ahead or back, history starts again with this frame alone. Errors: `group_open`.
    template <class Count>
    constexpr Result<void, error_type> save(Count frame, const T& value) {
        if constexpr (detail::require_frames<States, T, Count>()) {
            if (states_.occupied()) return not_now(Errc::group_open);
            states_.save(static_cast<std::uint32_t>(frame), value);
        }
        return {};
    }
    /// The same of the current state, where commits make them.
    template <class Count>
    constexpr Result<void, error_type> save(Count frame) {
        return save(frame, current());
    }
    /// To the state of a frame, which `value` becomes, but for its transient fields; later ones stay until the next
    /// `save` or commit. Errors: `frame_not_kept`, `group_open`; both leave the value as it is.
    template <class Count>
    constexpr Result<void, error_type> restore(Count frame, T& value) {
        return to_frame(frame, [&](std::uint32_t found) STET_INLINE_LAMBDA { states_.restore(found, value); });
    }
    /// The same for who reads `current()`: nothing is copied.
    template <class Count>
    constexpr Result<void, error_type> restore(Count frame) {
        return to_frame(frame, [&](std::uint32_t found) STET_INLINE_LAMBDA { states_.restore(found); });
    }
    /// The number of the current state, or of that at a position; 0 is the oldest. What `save` said; that of the first
    /// value is 0, and a commit adds one.
    constexpr std::uint32_t frame() const { return frame(position()); }
    constexpr std::uint32_t frame(std::size_t position) const {
        if constexpr (detail::require_frames<States, T, std::uint32_t>()) return states_.frame(position);
    }

private:
    template <class Count, class Restore>
    constexpr Result<void, error_type> to_frame(Count frame, const Restore& restore) {
        if constexpr (detail::require_frames<States, T, Count>()) {
            const auto wanted = static_cast<std::uint32_t>(frame);
            if (states_.occupied() || !states_.has_frame(wanted)) return no_frame(wanted);
            restore(wanted);
        }
        return {};
    }
    STET_NO_INLINE constexpr Result<void, error_type> no_frame(std::uint32_t frame) const {
        if (states_.occupied()) return not_now(Errc::group_open);
        const std::uint32_t oldest = states_.frame(0);
        return Failure(error_type(Errc::frame_not_kept, frame, oldest,
                                  detail::numbers_text(oldest, states_.frame(states_.size() - 1))));
    }

    template <class Make>
    Result<void, error_type> edit_states(Make& make, const typename States::How& how) {
        if constexpr (requires { states_.edit(make, how); }) return states_.edit(make, how);
        else {
            T draft = current();
            detail::EditLog<T> log(draft);
            if (auto made = detail::make_edits<error_type>(log, make); !made) return made;
            return states_.commit(draft, how);
        }
    }
    template <class Make>
    STET_ALWAYS_INLINE constexpr Result<void, error_type> record(Make& make, const typename States::How& how) {
        if constexpr (requires { states_.change(make, how); } && std::is_invocable_v<Make&, T&>) {
            return states_.change(make, how);
        } else if constexpr (std::is_invocable_v<Make&, T&>) {
            T draft = current();
            detail::require_reference<Make, T>();
            if constexpr (std::is_void_v<std::invoke_result_t<Make&, T&>>) make(draft);
            else if (auto made = detail::make_draft<error_type>(make, draft); !made) return made;
            return states_.commit(static_cast<T&&>(draft), how);
        } else {
            static_assert(std::is_convertible_v<Make&, const T&>,
                          "stet: commit takes a value of T, or a function on T& that returns void, bool or a Result");
            return states_.commit(make, how);
        }
    }
    constexpr bool may_look(std::size_t position) const {
        if constexpr (requires { states_.editing(); })
            if (states_.editing()) return false;
        return position < size() && !states_.grouped();
    }
    // Why not. Made where it is returned: a small stack must hold it.
    template <class V>
    STET_NO_INLINE constexpr Result<V, error_type> cannot_look(std::size_t position) const {
        if (position >= size())
            return Result<V, error_type>(detail::MakeError{}, Errc::no_such_element, position, size(),
                                         detail::Lasting{"position"});
        if constexpr (requires { states_.editing(); })
            if (states_.editing()) return Result<V, error_type>(detail::MakeError{}, Errc::in_notification);
        return Result<V, error_type>(detail::MakeError{}, Errc::group_open);
    }
    STET_NO_INLINE constexpr Result<void, error_type> no_step(std::size_t position) const {
        return Result<void, error_type>(detail::MakeError{}, Errc::no_such_element, position, this->position() + 1,
                                        detail::Lasting{"step"});
    }
    // Leaf by leaf, in what `made` holds; returns the first one that nobody decided on. On its own, for a small stack.
    STET_NO_INLINE constexpr std::size_t undo_step(std::size_t position, const std::initializer_list<Side>& chosen,
                                                   T& made) const {
        detail::FlatRevert<T> undoing{{chosen}};
        const T& now = current();
        states_.each_change(position, [&]<std::size_t L>(const auto& before, const auto& after) STET_INLINE_LAMBDA {
            undoing.template leaf<L>(after, get_leaf<L>(now), before, get_leaf<L>(made));
        });
        return undoing.open;
    }
    STET_NO_INLINE static constexpr Result<void, error_type> in_the_way(std::size_t leaf) {
        return Result<void, error_type>(detail::MakeError{}, Errc::merge_conflict,
                                        detail::Lasting{detail::leaf_paths<T>.of[leaf]}, detail::Lasting{});
    }
    template <class... Watched>
    auto watch(Watched&&... watched) {
        static_assert(States::watchable, "stet: subscribe: Copies tell nobody; write History<T, N, Changes>");
        if constexpr (States::watchable) return states_.subscribe(static_cast<Watched&&>(watched)...);
    }

    STET_NO_INLINE constexpr Result<void, error_type> no_position(std::size_t position) const {
        return Result<void, error_type>(detail::MakeError{}, Errc::no_such_element, position, size(),
                                        detail::Lasting{"position"});
    }
    STET_NO_INLINE constexpr Result<void, error_type> not_now(Errc otherwise) const {
        return Result<void, error_type>(detail::MakeError{}, states_.obstacle(otherwise));
    }

    States states_;
};

/// A history with rules of its own: `auto history = make_history<8>(config, rules(...))`.
template <Limit N, class Kept = Automatic, class T, class... Items>
constexpr History<T, N, Kept, Rules<Items...>> make_history(const T& value, Rules<Items...> rules) {
    return History<T, N, Kept, Rules<Items...>>(value, static_cast<Rules<Items...>&&>(rules));
}

}  // namespace stet
