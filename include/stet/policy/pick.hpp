#pragma once
// Policies in any order: each is recognised by the concept that it models.

#include <stet/policy/audit.hpp>
#include <stet/policy/clock.hpp>
#include <stet/policy/storage.hpp>
#include <stet/schema/rule.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace stet::detail {

template <class T>
struct IsStorage {
    template <class P>
    static constexpr bool of = storage_policy<P, T>;
};
struct IsAudit {
    template <class P>
    static constexpr bool of = audit_policy<P> || std::is_same_v<P, NoAudit>;
};
struct IsClock {
    template <class P>
    static constexpr bool of = clock_policy<P>;
};
template <class>
inline constexpr bool is_rules = false;
template <class... Items>
inline constexpr bool is_rules<Rules<Items...>> = true;
struct IsRules {
    template <class P>
    static constexpr bool of = is_rules<P>;
};

template <class Is, class... P>
inline constexpr std::size_t count_policies = (std::size_t{0} + ... + (Is::template of<P> ? 1 : 0));

template <class Is, class Default>
constexpr std::type_identity<Default> find_policy() {
    return {};
}
template <class Is, class Default, class First, class... Rest>
constexpr auto find_policy() {
    if constexpr (Is::template of<First>) return std::type_identity<First>{};
    else return find_policy<Is, Default, Rest...>();
}
/// The policy of one kind among `P`, or the default.
template <class Is, class Default, class... P>
using policy_of = typename decltype(find_policy<Is, Default, P...>())::type;

template <class Policy>
constexpr Policy take_policy() {
    return Policy{};
}
/// Its value among the arguments.
template <class Policy, class First, class... Rest>
constexpr Policy take_policy(First&& first, Rest&&... rest) {
    if constexpr (std::is_same_v<std::remove_cvref_t<First>, Policy>) return static_cast<First&&>(first);
    else return take_policy<Policy>(static_cast<Rest&&>(rest)...);
}

template <class T, class... P>
constexpr bool require_policies() {
    static_assert(
        ((IsStorage<T>::template of<P> || IsAudit::of<P> || IsClock::of<P> || IsRules::of<P>) && ...),
        "stet: one of the policies is none: a storage (stet::Memory<T, N>), an audit (stet::AuditLog), a clock "
        "(anything with now() in nanoseconds) or stet::rules(...) can be given");
    static_assert(count_policies<IsStorage<T>, P...> <= 1, "stet: two storages were given; a Versioned has one");
    static_assert(count_policies<IsAudit, P...> <= 1, "stet: two audits were given; a Versioned has one");
    static_assert(count_policies<IsClock, P...> <= 1, "stet: two clocks were given; a Versioned has one");
    static_assert(count_policies<IsRules, P...> <= 1,
                  "stet: rules(...) was given twice; put all of them into one rules(...)");
    return true;
}

}  // namespace stet::detail
