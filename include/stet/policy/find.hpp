#pragma once
// Policies in any order: the one of a kind among several, and its value. Without heap.

#include <stet/schema/rule.hpp>

#include <cstddef>
#include <type_traits>

namespace stet::detail {

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

}  // namespace stet::detail
