#pragma once
// `create` and `open`: a `Versioned` from what comes from outside. What was found, and what was done about it, is in
// the answer.

#include <stet/opening.hpp>
#include <stet/versioned.hpp>

#include <type_traits>
#include <utility>

namespace stet {

template <class T>
struct IfEmpty {
    T value;
};
/// For `open`: start with this value where the storage is empty.
template <class T>
constexpr IfEmpty<T> if_empty(T value) {
    return {static_cast<T&&>(value)};
}
template <class T>
struct Opener {
    template <class... P>
    static constexpr bool any_storage =
        ((detail::IsStorage<T>::template of<P> || detail::is_part_of_storage<T, P>) || ...);

    // Policies without what only opening needs.
    template <class... Kept>
    struct List {
        using versioned = Versioned<T, Kept...>;
        template <class P>
        constexpr auto operator+(std::type_identity<P>) const {
            constexpr bool only_opening = std::is_same_v<P, IfEmpty<T>> || std::is_same_v<P, IfBroken>;
            constexpr bool by_default = detail::is_among<P, Memory<T>, NoAudit, SystemClock>;
            if constexpr (only_opening || by_default) return List{};
            else return List<Kept..., P>{};
        }
    };
    template <class... P>
    using versioned = typename decltype((List<>{} + ... + std::type_identity<P>{}))::versioned;

    template <class V, class... P>
    static Result<V> create(Opening opening, T value, const Change& change, P&&... policies) {
        V made(typename V::Unchecked{}, opening, std::move(value), std::forward<P>(policies)...);
        if (const auto created = made.ledger_.create(change); !created) return Failure(Error(created.error()));
        return made;
    }

    template <class V, class... P>
    static Result<V> open(P&&... arguments) {
        using Storage = typename V::storage_type;
        Storage storage = detail::take_policy<Storage>(std::forward<P>(arguments)...);
        constexpr bool has_value = detail::is_among<IfEmpty<T>, std::remove_cvref_t<P>...>;
        if (storage.head() == 0) {
            if constexpr (has_value) {
                IfEmpty<T> first = detail::take_policy<IfEmpty<T>>(std::forward<P>(arguments)...);
                return create<V>(Opening::created, std::move(first.value), Change{}, std::move(storage),
                                 std::forward<P>(arguments)...);
            } else return Failure(Error(Errc::not_created));
        }
        if constexpr (requires { storage.has_head(); })
            if (!storage.has_head())
                return Failure(
                    Error(Errc::storage_failed, "the head's value is elsewhere; take both with release_storage()"));
        T value = storage.take_head();
        const Number head = storage.head();
        V opened(typename V::Unchecked{}, Opening::opened, std::move(value), std::move(storage),
                 std::forward<P>(arguments)...);
        opened.ledger_.set_head(head);
        auto broken = opened.ledger_.broken(opened.live());
        if (!broken.refuse()) return opened;
        switch (choice(std::forward<P>(arguments)...)) {
            case Broken::refuse:
                break;
            case Broken::accept:
                opened.opening_ = Opening::with_violations;
                return opened;
            case Broken::factory:
                if constexpr (has_value) {
                    opened.opening_ = Opening::factory;
                    const IfEmpty<T> first = detail::take_policy<IfEmpty<T>>(std::forward<P>(arguments)...);
                    if (auto found = opened.check(first.value); found.refuse()) {
                        broken = std::move(found);
                        break;
                    }
                    const auto done =
                        opened.commit(first.value, {.reason = "the stored head broke the rules", .source = "open"});
                    if (done) return opened;
                    return give_back(std::move(opened), Error(done.error()), std::forward<P>(arguments)...);
                } else return give_back(std::move(opened), Error(Errc::not_created), std::forward<P>(arguments)...);
            case Broken::last_good:
                opened.opening_ = Opening::last_good;
                for (const Revision& revision : opened.history()) {
                    const auto state = opened.at(revision.number);
                    if (!state || opened.check(state->value()).refuse()) continue;
                    const auto done = opened.rollback_to(
                        revision.number, {.reason = "the stored head broke the rules", .source = "open"});
                    if (done) return opened;
                    return give_back(std::move(opened), Error(done.error()), std::forward<P>(arguments)...);
                }
        }
        return give_back(std::move(opened), Error(Errc::rule_broken, Violations(std::move(broken))),
                         std::forward<P>(arguments)...);
    }

private:
    // Opening failed, and the storage that was moved in goes back to where it came from, with all that it holds.
    template <class V, class... P>
    static Result<V> give_back(V opened, Error error, P&&... arguments) {
        typename V::storage_type storage = std::move(opened).release_storage();
        (put_back(storage, std::forward<P>(arguments)), ...);
        return Failure(std::move(error));
    }

    template <class Storage, class A>
    static void put_back(Storage& storage, A&& argument) {
        if constexpr (std::is_same_v<A, Storage>) argument = std::move(storage);
    }

    template <class... P>
    static Broken choice(P&&... arguments) {
        if constexpr (detail::is_among<IfBroken, std::remove_cvref_t<P>...>)
            return detail::take_policy<IfBroken>(std::forward<P>(arguments)...).choice;
        else return Broken::refuse;
    }
};

/// Revision 1 from a value that comes from outside. Errors: `rule_broken` with all violations; `already_created` if the
/// storage given holds revisions: then it is left as it is.
template <class T, class... P>
Result<typename Opener<T>::template versioned<std::remove_cvref_t<P>...>> create(T value, const Change& change,
                                                                                 P&&... policies) {
    [[maybe_unused]] const auto taken = [](const auto& policy) {
        if constexpr (detail::IsStorage<T>::template of<std::remove_cvref_t<decltype(policy)>>)
            return policy.head() != 0;
        else return false;
    };
    if ((taken(policies) || ...)) return Failure(Error(Errc::already_created));
    return Opener<T>::template create<typename Opener<T>::template versioned<std::remove_cvref_t<P>...>>(
        Opening::created, std::move(value), change, std::forward<P>(policies)...);
}
template <class T>
Result<Versioned<T>> create(T value) {
    return create(std::move(value), Change{});
}

/// Goes on with the revisions of a storage: `open<Settings>(storage, if_empty(Settings{}), if_broken(last_good))`.
/// Errors: `not_created` if it is empty and no value was given for that; `rule_broken` if its head breaks today's rules
/// and nothing was chosen for that. A storage that was moved in is given back where opening fails.
template <class T, class... P>
auto open(P&&... arguments) {
    static_assert((detail::require_whole_storage<T, std::remove_cvref_t<P>>() && ...));
    static_assert(Opener<T>::template any_storage<std::remove_cvref_t<P>...>,
                  "stet: open<T>(...): give a storage to open; for a new value write stet::create(value)");
    return Opener<T>::template open<typename Opener<T>::template versioned<std::remove_cvref_t<P>...>>(
        std::forward<P>(arguments)...);
}

}  // namespace stet
