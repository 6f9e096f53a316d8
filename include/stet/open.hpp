#pragma once
// `create` and `open`: a `Versioned` from what comes from outside. What was found, and what was done about it, is in
// the answer.

#include <stet/opening.hpp>
#include <stet/schema/migrations.hpp>
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

namespace detail {

/// The structs that a storage may hold values of.
template <class T, class... P>
using chain_of = policy_of<IsMigrations, migrations<T>, P...>;

// A policy that opens into a storage of any T, such as a file by its name.
template <class P>
concept names_storage = requires { P::names_storage; };

}  // namespace detail

template <class T>
struct Opener {
    template <class... P>
    static constexpr bool any_storage =
        ((detail::IsStorage<T>::template of<P> || detail::is_part_of_storage<T, P> || detail::names_storage<P>) || ...);

    // Policies without what only opening needs.
    template <class... Kept>
    struct List {
        using versioned = Versioned<T, Kept...>;
        template <class P>
        constexpr auto operator+(std::type_identity<P>) const {
            constexpr bool only_opening = std::is_same_v<P, IfEmpty<T>> || std::is_same_v<P, IfBroken> ||
                                          std::is_same_v<P, IfProvisional> || detail::is_migrations<P> ||
                                          detail::names_storage<P>;
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

    // What the policy that names a storage opens.
    template <class Chain, class First, class... P>
    static auto storage_of(First&& first, P&&... rest) {
        if constexpr (detail::names_storage<std::remove_cvref_t<First>>)
            return std::forward<First>(first).template storage<T, Chain>();
        else return storage_of<Chain>(std::forward<P>(rest)...);
    }

    template <class V, class... P>
    static Result<V> open(P&&... arguments) {
        using Storage = typename V::storage_type;
        Storage storage = detail::take_policy<Storage>(std::forward<P>(arguments)...);
        constexpr bool has_value = detail::is_among<IfEmpty<T>, std::remove_cvref_t<P>...>;
        const Number head = storage.head();
        if (head == 0) {
            if constexpr (has_value) {
                IfEmpty<T> first = detail::take_policy<IfEmpty<T>>(std::forward<P>(arguments)...);
                V made(typename V::Unchecked{}, Opening::created, std::move(first.value), std::move(storage),
                       std::forward<P>(arguments)...);
                const auto created = made.ledger_.create(Change{});
                if (created) return made;
                if (created.error().code() == Errc::already_created) {  // somebody else was faster
                    made.opening_ = Opening::opened;
                    if (!made.ledger_.broken(made.live()).refuse()) return made;
                }
                return give_back(std::move(made), Error(created.error()), std::forward<P>(arguments)...);
            } else {
                (put_back(storage, std::forward<P>(arguments)), ...);
                return Failure(Error(Errc::not_created));
            }
        }
        if constexpr (requires { storage.has_head(); })
            if (!storage.has_head())
                return Failure(
                    Error(Errc::storage_failed, "the head's value is elsewhere; take both with release_storage()"));
        auto taken = storage.take_head();
        if constexpr (!std::is_same_v<decltype(taken), T>)
            if (!taken) return without_head<V>(std::move(storage), Error(taken.error()), std::forward<P>(arguments)...);
        const Opening how = found_by(storage);
        V opened(typename V::Unchecked{}, how, value_of(std::move(taken)), std::move(storage),
                 std::forward<P>(arguments)...);
        opened.ledger_.set_head(head);
        if (auto same = opened.ledger_.reconcile(); !same)
            return give_back(std::move(opened), Error(same.error()), std::forward<P>(arguments)...);
        const auto settled = settle(opened, std::forward<P>(arguments)...);
        if (settled && *settled) opened.opening_ = Opening::taken_back;
        if (settled) (take_up(opened, arguments), ...);
        else {
            const Errc why = settled.error().code();
            if (why != Errc::unreadable && why != Errc::revision_pruned)  // another time it can be taken back
                return give_back(std::move(opened), Error(settled.error()), std::forward<P>(arguments)...);
            opened.ledger_.waiting = false;  // what is chosen comes in its place
        }
        const Change in_its_place{.reason = settled ? "the stored head broke the rules"
                                                    : "what was there before a provisional commit cannot be read",
                                  .source = "open",
                                  .force = !settled};
        auto broken = opened.ledger_.broken(opened.live());
        if (settled && !broken.refuse()) return opened;
        switch (choice(std::forward<P>(arguments)...)) {
            case Broken::refuse:
                break;
            case Broken::accept:
                if (!settled) break;
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
                    const auto done = opened.commit(first.value, in_its_place);
                    if (done) return opened;
                    return give_back(std::move(opened), Error(done.error()), std::forward<P>(arguments)...);
                } else return give_back(std::move(opened), Error(Errc::not_created), std::forward<P>(arguments)...);
            case Broken::last_good:
                opened.opening_ = Opening::last_good;
                for (const Revision& revision : opened.history()) {
                    if (never_confirmed(opened.storage(), revision.number)) continue;
                    const auto state = opened.at(revision.number);
                    if (!state || opened.check(state->value()).refuse()) continue;
                    const auto done = opened.rollback_to(revision.number, in_its_place);
                    if (done) return opened;
                    return give_back(std::move(opened), Error(done.error()), std::forward<P>(arguments)...);
                }
        }
        if (!settled) return give_back(std::move(opened), Error(settled.error()), std::forward<P>(arguments)...);
        return give_back(std::move(opened), Error(Errc::rule_broken, Violations(std::move(broken))),
                         std::forward<P>(arguments)...);
    }

private:
    static T value_of(T&& value) { return std::move(value); }
    static T value_of(Result<T>&& value) { return *std::move(value); }
    template <class Storage>
    static Opening found_by(const Storage& storage) {
        if constexpr (requires { storage.recovered(); })
            if (storage.recovered()) return Opening::recovered;
        if constexpr (requires { storage.migrated(); })
            if (storage.migrated()) return Opening::migrated;
        return Opening::opened;
    }

    // A provisional commit that nobody confirmed, is it taken back? Error: it should be, and cannot.
    template <class V, class... P>
    static Result<bool, typename V::error_type> settle(V& opened, P&&... arguments) {
        if (!opened.ledger_.waiting) return false;
        const bool waits = [&] {
            if constexpr (detail::is_among<IfProvisional, std::remove_cvref_t<P>...>)
                return detail::take_policy<IfProvisional>(std::forward<P>(arguments)...).choice == Provisional::wait;
            else return false;
        }();
        return opened.take_back_if([&](auto& ledger) { return ledger.waiting && (!waits || ledger.is_overdue()); },
                                   {.reason = "not confirmed before the storage was opened again", .source = "open"});
    }
    // Was it provisional, and nothing is there that says that it was confirmed?
    template <class Storage>
    static bool never_confirmed(const Storage& storage, Number number) {
        const Revision* const revision = storage.find(number);
        if (revision == nullptr || revision->deadline == 0) return false;
        const Revision* const next = storage.find(number + 1);
        return next == nullptr || next->origin.kind != Origin::confirm;
    }

    // The policy that names the storage knows whether somebody has changed something there by hand.
    template <class V, class P>
    static void take_up(V& opened, const P& policy) {
        if constexpr (requires { policy.take_up(opened); }) {
            const Result<bool> edited = policy.take_up(opened);
            if (!edited) opened.opening_ = Opening::edit_refused;
            else if (*edited) opened.opening_ = Opening::edited;
        }
    }

    // The head cannot be read: what the caller chose comes in its place, as a revision after it.
    template <class V, class Storage, class... P>
    static Result<V> without_head(Storage storage, Error error, P&&... arguments) {
        const Number head = storage.head();
        const auto in_place = [&](V& opened, T&& value, Origin origin) -> Result<void> {
            const Change change{.reason = "the stored head cannot be read", .source = "open", .force = true};
            const auto begun = opened.ledger_.begin(
                origin.kind == Origin::rollback ? Operation::rollback : Operation::commit, change, origin);
            if (const auto same = opened.ledger_.reconcile(); !same) return Failure(Error(same.error()));
            detail::Slot<T> draft(std::move(value));
            const auto done = opened.ledger_.replace(begun, draft);
            if (!done) return Failure(Error(done.error()));
            return {};
        };
        const Broken choice = Opener::choice(std::forward<P>(arguments)...);
        constexpr bool has_value = detail::is_among<IfEmpty<T>, std::remove_cvref_t<P>...>;
        if constexpr (has_value) {
            if (choice == Broken::factory) {
                T first = detail::take_policy<IfEmpty<T>>(std::forward<P>(arguments)...).value;
                V opened(typename V::Unchecked{}, Opening::factory, T(first), std::move(storage),
                         std::forward<P>(arguments)...);
                opened.ledger_.set_head(head);
                if (auto done = in_place(opened, std::move(first), {Origin::commit}); !done)
                    return give_back(std::move(opened), Error(done.error()), std::forward<P>(arguments)...);
                return opened;
            }
        }
        if (choice == Broken::last_good) {
            Number number = head - 1;
            const auto readable = [&](const auto& from) {
                for (; number != 0 && number >= from.floor(); --number) {
                    if (never_confirmed(from, number)) continue;
                    if (auto older = from.stored(number)) return older;
                }
                return from.stored(head);
            };
            if (auto good = readable(storage)) {
                V opened(typename V::Unchecked{}, Opening::last_good, T(*good), std::move(storage),
                         std::forward<P>(arguments)...);
                opened.ledger_.set_head(head);
                for (;;) {
                    const auto older = readable(opened.storage());
                    if (!older) break;
                    if (!opened.check(*older).refuse()) {
                        if (auto done = in_place(opened, T(*older), {Origin::rollback, head, number}); !done)
                            return give_back(std::move(opened), Error(done.error()), std::forward<P>(arguments)...);
                        return opened;
                    }
                    --number;
                }
                return give_back(std::move(opened), std::move(error), std::forward<P>(arguments)...);
            }
        }
        (put_back(storage, std::forward<P>(arguments)), ...);
        return Failure(std::move(error));
    }

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
/// A provisional commit that was not confirmed is taken back (`Opening::taken_back`), unless
/// `if_provisional(keep_waiting)` is given. Errors: `not_created` if it is empty and no value was given for that;
/// `rule_broken` if its head breaks today's rules
/// and nothing was chosen for that. A storage that was moved in is given back where opening fails.
template <class T, class... P>
auto open(P&&... arguments) {
    static_assert((detail::require_whole_storage<T, std::remove_cvref_t<P>>() && ...));
    static_assert(detail::count_policies<detail::IsMigrations, std::remove_cvref_t<P>...> <= 1,
                  "stet: open: migrations<...> was given twice; put all versions into one");
    static_assert(Opener<T>::template any_storage<std::remove_cvref_t<P>...>,
                  "stet: open<T>(...): give a storage to open; for a new value write stet::create(value)");
    if constexpr ((detail::names_storage<std::remove_cvref_t<P>> || ...)) {
        using Chain = detail::chain_of<T, std::remove_cvref_t<P>...>;
        static_assert(std::is_same_v<typename detail::LastOf<Chain>::type, T>,
                      "stet: open: the last struct of migrations<...> is the one that is opened");
        auto storage = Opener<T>::template storage_of<Chain>(std::forward<P>(arguments)...);
        using Storage = typename decltype(storage)::value_type;
        using V = typename Opener<T>::template versioned<Storage, std::remove_cvref_t<P>...>;
        if (!storage) return Result<V>(Failure(storage.error()));
        return Opener<T>::template open<V>(*std::move(storage), std::forward<P>(arguments)...);
    } else {
        return Opener<T>::template open<typename Opener<T>::template versioned<std::remove_cvref_t<P>...>>(
            std::forward<P>(arguments)...);
    }
}

}  // namespace stet
