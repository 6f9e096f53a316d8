#pragma once
// Policies in any order: each is recognised by the concept that it models.

#include <stet/policy/access.hpp>
#include <stet/policy/audit.hpp>
#include <stet/policy/clock.hpp>
#include <stet/policy/find.hpp>
#include <stet/policy/sharing.hpp>
#include <stet/policy/storage.hpp>

#include <concepts>
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
struct IsAccess {
    template <class P>
    static constexpr bool of = access_policy<P>;
};
struct IsClock {
    template <class P>
    static constexpr bool of = clock_policy<P>;
};
template <class T, class P>
inline constexpr bool is_policy = IsStorage<T>::template of<P> || IsAudit::of<P> || IsAccess::of<P> || IsClock::of<P> ||
                                  IsRules::of<P> || IsSharing::of<P>;

/// No policy, but with some of what only a storage has.
template <class T, class P>
inline constexpr bool is_part_of_storage =
    !is_policy<T, P> && (stores_head<P> || stores_floor<P> || stores_pins<P> || stores_unpin<P> || stores_prune<P> ||
                         stores_append<P, T> || stores_take_head<P, T>);

template <class P>
constexpr bool stores_something() {
    if constexpr (stores_head<P> && requires { typename P::value_type; })
        return storage_policy<P, typename P::value_type>;
    else return false;
}

/// Says what the storage among the policies lacks.
template <class T, class P>
constexpr bool require_whole_storage() {
    if constexpr (is_part_of_storage<T, P>) {
        constexpr bool other = stores_something<P>();
        static_assert(!other,
                      "stet: the storage is one of another struct; give stet::Memory<T, N> the T of the Versioned");
        static_assert(other || std::move_constructible<P>,
                      "stet: the storage cannot be moved; a Versioned takes it over");
        static_assert(other || stores_head<P>,
                      "stet: the storage lacks: Number head() const; see stet::storage_policy");
        static_assert(other || stores_floor<P>,
                      "stet: the storage lacks: Number floor() const; see stet::storage_policy");
        static_assert(other || stores_size<P>,
                      "stet: the storage lacks: std::size_t size() const; see stet::storage_policy");
        static_assert(other || stores_find<P>,
                      "stet: the storage lacks: const Revision* find(Number) const; see stet::storage_policy");
        static_assert(other || stores_pins<P>,
                      "stet: the storage lacks: std::vector<Pin> pins() const; see stet::storage_policy");
        static_assert(other || stores_unpin<P>,
                      "stet: the storage lacks: bool unpin(std::string_view name); see stet::storage_policy");
        static_assert(other || stores_prune<P>,
                      "stet: the storage lacks: std::size_t prune(std::size_t keep); see stet::storage_policy");
        static_assert(other || stores_append<P, T>,
                      "stet: the storage lacks: Result<void> append(Revision&, Patch<T>&, const T& value); see "
                      "stet::storage_policy");
        static_assert(other || stores_patch<P, T>,
                      "stet: the storage lacks: const Patch<T>* patch(Number) const; see stet::storage_policy");
        static_assert(other || stores_read<P, T>,
                      "stet: the storage lacks: T read(Number, const T& head_value) const; see stet::storage_policy");
        static_assert(other || stores_pin<P, T>,
                      "stet: the storage lacks: Result<void> pin(std::string_view name, const Revision&, const T& "
                      "value); see stet::storage_policy");
        static_assert(other || stores_take_head<P, T>,
                      "stet: the storage lacks: T take_head(); see stet::storage_policy");
        static_assert(other || stores_give_head<P, T>,
                      "stet: the storage lacks: void give_head(T value); see stet::storage_policy");
    }
    return true;
}

template <class T, class... P>
constexpr bool require_policies() {
    static_assert((require_whole_storage<T, P>() && ...));
    static_assert(
        ((is_policy<T, P> || is_part_of_storage<T, P>) && ...),
        "stet: one of the policies is none: a storage (stet::Memory<T, N>), an audit (stet::AuditLog), an access "
        "policy "
        "(stet::access(...)), a clock (anything with now() in nanoseconds), stet::rules(...) or sharing (stet::Shared) "
        "can be given");
    static_assert(count_policies<IsStorage<T>, P...> <= 1, "stet: two storages were given; a Versioned has one");
    static_assert(count_policies<IsAudit, P...> <= 1, "stet: two audits were given; a Versioned has one");
    static_assert(count_policies<IsAccess, P...> <= 1, "stet: two access policies were given; a Versioned has one");
    static_assert(count_policies<IsClock, P...> <= 1, "stet: two clocks were given; a Versioned has one");
    static_assert(count_policies<IsSharing, P...> <= 1, "stet: sharing was given twice; a Versioned is shared once");
    static_assert(count_policies<IsRules, P...> <= 1,
                  "stet: rules(...) was given twice; put all of them into one rules(...)");
    return true;
}

}  // namespace stet::detail
