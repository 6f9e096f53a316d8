#pragma once
// `History<T, N>`: the undo stack of a session. A value and a cursor over its last states; no authors, no clock.

#include <stet/reflect/sentences.hpp>

#include <stet/fwd.hpp>
#include <stet/history_copies.hpp>
#include <stet/history_name.hpp>
#include <stet/patch/assign.hpp>
#include <stet/patch/patch.hpp>
#include <stet/result.hpp>
#include <stet/schema/check.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

/// Keep whole states, in place: for flat structs; no heap, constant expressions, as fast as copying.
struct Copies {};
/// Copies whose steps have names, of which only the address is kept: see `StepName`.
struct NamedCopies {};
/// Keep what changed: for structs with containers and for large ones.
struct Changes {};
/// Copies for flat structs, Changes for others.
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

template <class T, std::size_t N, class InstanceRules>
class ChangedStates;  // in <stet/history_changes.hpp>, because it needs the heap

template <class T, std::size_t N, class Kept, class InstanceRules>
constexpr auto choose_states() {
    if constexpr (!versionable<T>) return std::type_identity<NoPatch>{};
    else if constexpr (!std::is_same_v<kept_as<T, Kept>, Changes>) {
        static_assert(flat<T>,
                      "stet: History<T, N, Copies>: T has a field that needs the heap; write History<T, N, Changes>");
        using Name = std::conditional_t<std::is_same_v<Kept, NamedCopies>, StepName, Unnamed>;
        return std::type_identity<CopiedStates<T, N, InstanceRules, Name>>{};
    } else {
        constexpr bool with_heap = requires { sizeof(ChangedStates<T, N, InstanceRules>); };
        static_assert(with_heap,
                      "stet: T has a field that needs the heap; include <stet/stet.hpp>, or make T flat: no "
                      "strings and no growing containers");
        return std::type_identity<ChangedStates<T, N, InstanceRules>>{};
    }
}

}  // namespace detail

/// A value and its last `N` states, the current one included, with a cursor: undo and redo. A new change drops what was
/// undone. Every verb returns a Result; one that failed has changed nothing.
template <class T, std::size_t N, class Kept, class InstanceRules>
class History {
    static_assert(detail::require_schema<T> && detail::require_versionable<T>());
    static_assert(N > 0, "stet: History<T, N> keeps N states, the current one included; write 1 or more");
    using States = typename decltype(detail::choose_states<T, N, Kept, InstanceRules>())::type;
    using Name = typename States::Name;

public:
    using value_type = T;
    using error_type = ErrorOf<T, detail::count_rules_of<InstanceRules>>;

    /// Starts at `value`. One that breaks its own rules is a programming error; in a constant expression it does not
    /// compile.
    constexpr explicit History(const T& value, InstanceRules rules = {})
        : states_(value, static_cast<InstanceRules&&>(rules)) {
        if (detail::broken_rules(value, states_.rules()).refuse())
            detail::fail("stet: History: the first value breaks its own rules; check it before");
    }

    constexpr const T& current() const { return states_.current(); }
    /// How many states are retained.
    constexpr std::size_t size() const { return states_.size(); }
    /// Where the current state stands among them: 0 is the oldest.
    constexpr std::size_t position() const { return states_.position(); }
    constexpr bool can_undo() const { return states_.position() > 0; }
    constexpr bool can_redo() const { return states_.position() + 1 < states_.size(); }
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
        if constexpr (requires { states_.change(make, name); } && std::is_invocable_v<Make, T&>) {
            return states_.change(make, name);
        } else if constexpr (std::is_invocable_v<Make, T&>) {
            T draft = current();
            if (auto made = detail::make_draft<error_type>(make, draft); !made) return made;
            return states_.commit(static_cast<T&&>(draft), name);
        } else {
            static_assert(std::is_convertible_v<Make, const T&>,
                          "stet: commit takes a value of T, or a function on T& that returns void, bool or a Result");
            return states_.commit(make, name);
        }
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
            if constexpr (requires { states_.template set<path>(std::forward<V>(value), name); }) {
                return states_.template set<path>(std::forward<V>(value), name);
            } else {
                T draft = current();
                if (!detail::assign(detail::get_at<path>(draft), std::forward<V>(value)))
                    return Failure(error_type(Errc::wrong_type, detail::path_text_v<T, path>.view()));
                return states_.commit(static_cast<T&&>(draft), name);
            }
        } else return {};
    }

    /// Back one state. Errors: `nothing_to_undo`.
    constexpr Result<void, error_type> undo() {
        if (!can_undo()) return Failure(error_type(Errc::nothing_to_undo));
        states_.undo();
        return {};
    }
    /// Forward again. Errors: `nothing_to_redo`.
    constexpr Result<void, error_type> redo() {
        if (!can_redo()) return Failure(error_type(Errc::nothing_to_redo));
        states_.redo();
        return {};
    }
    /// To any of the states that are retained, all the way or not at all. Errors: `no_such_element`.
    constexpr Result<void, error_type> go_to(std::size_t position) {
        if (position >= size()) return Failure(error_type(Errc::no_such_element, "position"));
        if (position != states_.position()) states_.go_to(position);
        return {};
    }

    /// The current state is what the file holds; so is the first value.
    constexpr void mark_saved() { states_.mark_saved(); }
    /// Is the current state another than the one that was saved? Always, once that one is no longer retained.
    constexpr bool dirty() const { return states_.dirty(); }

private:
    States states_;
};

/// A history with rules of its own: `auto history = make_history<8>(config, rules(...))`.
template <std::size_t N, class Kept = Automatic, class T, class... Items>
constexpr History<T, N, Kept, Rules<Items...>> make_history(const T& value, Rules<Items...> rules) {
    return History<T, N, Kept, Rules<Items...>>(value, static_cast<Rules<Items...>&&>(rules));
}

}  // namespace stet
