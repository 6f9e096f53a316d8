#pragma once
// The access policy: who may do what to which field.

#include <stet/policy/audit.hpp>

#include <concepts>
#include <string_view>
#include <utility>

namespace stet {

/// What somebody wants to do.
struct Request {
    std::string_view actor;  ///< empty where nobody is known
    Operation operation = Operation::commit;
    std::string_view path{};  ///< of a field that would change; empty for what changes none: a snapshot, pruning

    /// Is it this field, or something inside it?
    constexpr bool inside(std::string_view field) const {
        return path.substr(0, field.size()) == field &&
               (path.size() == field.size() || path[field.size()] == '.' || path[field.size()] == '[');
    }
};

/// `may(request)` is asked once for every field that would change. What is denied does not happen, and the audit hears
/// of it. A rollback or revert needs the right to do that and, for each field that it changes, the right to commit.
/// To confirm or take back a provisional commit needs the right to do that for each field that it changed; a deadline
/// asks nobody.
/// With `actor()`, which is who the program knows to ask, the author of a change is that one, whatever `.author` says;
/// where it is empty or missing, it is `.author`.
template <class A>
concept access_policy = requires(const A& access, const Request& request) {
    { access.may(request) } -> std::same_as<bool>;
};

/// Everybody may do everything, at no cost.
struct NoAccess {};

/// `stet::access([](const stet::Request& request) { return request.actor == "admin" || !request.inside("database"); })`
template <class May, class Actor>
class Access {
public:
    constexpr Access(May asked, Actor known) : may_(std::move(asked)), actor_(std::move(known)) {}
    bool may(const Request& request) const { return may_(request); }
    auto actor() const { return actor_(); }

private:
    May may_;
    Actor actor_;
};
namespace detail {
struct Nobody {
    constexpr std::string_view operator()() const { return {}; }
};
}  // namespace detail

/// An access policy of functions: `may(request)` says yes or no; `actor()`, if it is given, who is asking.
template <class May, class Actor = detail::Nobody>
constexpr Access<May, Actor> access(May may, Actor actor = {}) {
    static_assert(std::is_invocable_r_v<bool, const May&, const Request&>,
                  "stet: access: the function takes (const stet::Request&) and returns bool");
    static_assert(std::is_convertible_v<decltype(std::declval<const Actor&>()()), std::string_view>,
                  "stet: access: the second function takes nothing and returns who is asking, as text");
    return {std::move(may), std::move(actor)};
}

}  // namespace stet
