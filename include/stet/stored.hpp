#pragma once
// `Stored<T, Device>`: a flat value whose revisions survive resets and power cuts, on two pages of flash or more, or in
// an EEPROM. Checked before it takes effect, stored before it takes effect, and taken back unless it is confirmed, if
// it asks for that. No heap, no thread, no timer.

#include <stet/reflect/sentences.hpp>

#include <stet/fwd.hpp>
#include <stet/history_revert.hpp>
#include <stet/opening.hpp>
#include <stet/patch/assign.hpp>
#include <stet/patch/check.hpp>
#include <stet/policy/find.hpp>
#include <stet/policy/locked.hpp>
#include <stet/policy/slot_storage.hpp>
#include <stet/result.hpp>
#include <stet/schema/check.hpp>
#include <stet/schema/hidden.hpp>

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

/// What `open` found, and what it did about it.
struct [[nodiscard("stet: open() says what was found; look at it, or write (void) before the call")]] StoredOpening {
    Opening how = Opening::created;
    SlotReport found;
    bool written = true;  ///< false: what it did about it could not be stored, and will be done again at the next start

    /// Is all well: nothing damaged, nothing taken back, nothing in the way?
    constexpr explicit operator bool() const {
        return written && (how == Opening::created || how == Opening::opened) && found.damaged == 0 && found.newer == 0;
    }
};

namespace detail {

struct IsLocked {
    template <class P>
    static constexpr bool of = is_locked<P>;
};
template <class P, class... Policies>
inline constexpr bool is_policy_among = (std::is_same_v<P, Policies> || ...);

template <class... P>
constexpr bool require_stored_policies() {
    static_assert(((is_migrations<P> || is_locked<P> || is_rules<P>) && ...),
                  "stet: Stored: one of the policies is none: stet::migrations<...>, stet::Locked<CriticalSection> or "
                  "stet::rules(...) can be given");
    static_assert(count_policies<IsMigrations, P...> <= 1 && count_policies<IsLocked, P...> <= 1 &&
                      count_policies<IsRules, P...> <= 1,
                  "stet: Stored: a policy was given twice");
    return true;
}

}  // namespace detail

/// A flat value in force, its factory settings, and its revisions on a device. `Policies`, in any order:
/// migrations<...>, Locked<CriticalSection>, rules(...). It can be a global constant-initialised variable; `open()`
/// comes first. Every verb returns a Result; one that failed has changed nothing (after `storage_failed` the next start
/// may find what failed, unless another commit succeeded). Errors of all that change: `not_opened`, `rule_broken`,
/// `storage_failed`, `storage_full`, `provisional` while a commit waits for its confirmation, `busy`.
template <class T, class Device, class... Policies>
class Stored {
    static_assert(detail::require_schema<T> && detail::require_versionable<T>());
    static_assert(detail::require_stored_policies<Policies...>());

    using Chain = detail::policy_of<detail::IsMigrations, migrations<T>, Policies...>;
    using Lock = detail::policy_of<detail::IsLocked, detail::NotLocked, Policies...>;
    using InstanceRules = detail::policy_of<detail::IsRules, Rules<>, Policies...>;
    static constexpr bool locked = !std::is_same_v<Lock, detail::NotLocked>;
    static constexpr std::size_t instance_rules = detail::count_rules_of<InstanceRules>;
    using Found = ViolationsOf<T, instance_rules>;

public:
    using value_type = T;
    using storage_type = SlotStorage<T, Device, Chain>;
    using error_type = ErrorOf<T, instance_rules>;

    /// `factory` is in force until `open` finds something better. One that breaks its own rules is a programming error;
    /// in a constant expression it does not compile. Policies that are not given are made by default.
    template <class... Given>
        requires(... && detail::is_policy_among<Given, Policies...>)
    constexpr Stored(Device& device, const T& factory, Given... policies)
        : value_(factory),
          factory_(factory),
          storage_(device),
          lock_(detail::take_policy<Lock>(policies...)),
          rules_(detail::take_policy<InstanceRules>(policies...)) {
        if (detail::refuses(factory, rules_)) detail::fail("stet: Stored: the factory settings break their own rules");
    }
    Stored(const Stored&) = delete;
    Stored& operator=(const Stored&) = delete;

    /// Looks at the device: the newest whole revision comes into force, or the factory settings. A provisional commit
    /// that was not confirmed is taken back. Where the device cannot be read, or the head breaks today's rules and
    /// `if_broken(Broken::refuse)` was said, the factory settings are in force, nothing is written, and nothing can be
    /// changed until it is opened again. O(size of the device). Not while anything else runs.
    StoredOpening open(IfBroken if_broken = IfBroken{Broken::last_good}) {
        StoredOpening opening;
        opened_ = waiting_ = false;
        opening.found = storage_.scan();
        T value = factory_;
        SlotInfo info = usable(storage_.newest(), value);
        const bool any = static_cast<bool>(info);
        opening.how = opening.found.blank  ? Opening::created
                      : !info              ? Opening::factory
                      : opening.found.torn ? Opening::recovered
                                           : Opening::opened;
        if (info && detail::refuses(value, rules_)) {
            opening.how = if_broken.choice == Broken::accept ? Opening::with_violations : Opening::factory;
            if (if_broken.choice == Broken::last_good)
                while (opening.how == Opening::factory && (info = usable(storage_.before(info.number), value)))
                    if (!detail::refuses(value, rules_)) opening.how = Opening::last_good;
        }
        const bool factory = opening.how == Opening::factory || opening.how == Opening::created;
        if (factory) {
            value = factory_;
            info = {};
        }
        const bool refused = opening.found.silent || (factory && any && if_broken.choice == Broken::refuse);
        const SlotInfo& last = storage_.latest();
        const bool given_up = !last.confirmed && last.readable;
        storage_.hold(info);
        lock_.alone([&] {
            value_ = value;
            state_ = State{info.number, info.number, info.previous, info.rejected, info.why};
            if (given_up) {
                state_.rejected = last.number;
                state_.why = TakenBack::reset;
            }
        });
        opening.written = !refused;
        if (refused) return opening;
        opened_ = true;
        if (given_up) {
            if (!factory && opening.how != Opening::last_good) opening.how = Opening::taken_back;
            opening.written = note(SlotKind::taken_back);
        } else if (opening.how == Opening::last_good) {
            opening.written = note(SlotKind::rollback);
        } else if (factory) {
            // What could not be read may be there tomorrow: then nothing is written over it.
            opening.written = opening.found.unreadable == 0 && note(SlotKind::created);
        }
        return opening;
    }

    // ---- reading

    /// The value in force, until the next change.
    constexpr const T& current() const {
        static_assert(
            !locked,
            "stet: current: under stet::Locked the value may change at any time; write read(), which copies it, "
            "or get(field<...>) for one field");
        return value_;
    }
    /// A copy of the value in force; of one field.
    T read() const {
        return lock_.alone([&] { return value_; });
    }
    template <Step... Steps>
    auto get(Field<Steps...> where) const {
        constexpr detail::IndexPath path = detail::resolve<T>(where);
        return lock_.alone([&] { return detail::get_at<path>(value_); });
    }
    constexpr const T& factory() const { return factory_; }
    /// The number of the revision in force; 0 while nothing could be stored.
    Number head() const { return state().head; }
    /// The violations of a value, by the rules of the type and of this instance.
    constexpr Found check(const T& value) const { return broken(value); }

    /// A revision that is kept; its transient fields are those of the factory settings. O(size of the device). Errors:
    /// `no_such_revision`, `revision_pruned`, `malformed` where it is one of a struct that is not among the migrations,
    /// `not_opened`, `busy`.
    Result<T, error_type> at(Number number) const {
        const Turn turn(*this);
        if (turn.refused()) return Failure(refuse(turn.why()).error());
        T value = factory_;
        if (Errc why{}; !kept(number, value, why)) return Failure(refuse(why, number).error());
        detail::keep_hidden(factory_, value);
        return value;
    }
    /// Calls `f(const SlotInfo&)` for every revision that is kept, page by page. Errors: `not_opened`, `busy`.
    template <class F>
    Result<Number, error_type> each_revision(const F& f) const {
        const Turn turn(*this);
        if (turn.refused()) return refuse(turn.why());
        storage_.each(f);
        return head();
    }
    const storage_type& storage() const { return storage_; }

    // ---- changing

    /// Makes a new revision from a function on `T&`, which may give up by returning false or an error, or from a value.
    /// Returns its number; that of the head if nothing changed.
    template <class Make>
    Result<Number, error_type> commit(Make&& make) {
        const Turn turn(*this);
        if (turn.refused()) return refuse(turn.why());
        T draft = value_;
        if (const auto made = make_draft(make, draft); !made) return Failure(made.error());
        return put(SlotKind::commit, draft, 0);
    }
    /// Sets one field. Errors: also `wrong_type` for a number that does not fit.
    template <Step... Steps, class V>
    Result<Number, error_type> set(Field<Steps...> where, V&& value) {
        constexpr detail::IndexPath path = detail::resolve<T>(where);
        using Target = typename detail::TypeAt<T, path>::type;
        static_assert(detail::can_assign<Target, V>(), "stet: set: the field cannot hold a value of this type");
        if constexpr (detail::can_assign<Target, V>()) {
            const Turn turn(*this);
            if (turn.refused()) return refuse(turn.why());
            T draft = value_;
            if (!detail::assign(detail::get_at<path>(draft), std::forward<V>(value)))
                return Result<Number, error_type>(detail::MakeError{}, Errc::wrong_type,
                                                  detail::Lasting{detail::shown_path<T, path>()},
                                                  detail::Lasting{detail::what_fits<Target>()});
            return put(SlotKind::commit, draft, 0);
        } else return head();
    }
    /// Restores the state that the head was made from, or that of a revision that is kept, as a new revision. Errors:
    /// also `no_such_revision`, `revision_pruned`, `malformed`.
    Result<Number, error_type> rollback() {
        const Turn turn(*this);
        if (turn.refused()) return refuse(turn.why());
        return back_to(state_.before);
    }
    Result<Number, error_type> rollback_to(Number number) {
        const Turn turn(*this);
        if (turn.refused()) return refuse(turn.why());
        return back_to(number);
    }
    /// Undoes what one revision changed, and keeps what came later. Errors: also `merge_conflict` with the first field
    /// that was changed later, `no_such_revision`, `revision_pruned`, `malformed`.
    Result<Number, error_type> revert(Number number) {
        const Turn turn(*this);
        if (turn.refused()) return refuse(turn.why());
        T made = factory_;
        T before = factory_;
        if (Errc why{}; !kept(number, made, why)) return refuse(why, number);
        const Number previous = storage_.find(static_cast<std::uint32_t>(number)).previous;
        if (Errc why{}; !kept(previous, before, why)) return refuse(why, previous);
        detail::FlatRevert<T> undoing{};
        T draft = value_;
        detail::for_each_leaf<T>(
            [&]<std::size_t L>() { undoing.template leaf<L>(get_leaf<L>(made), value_, get_leaf<L>(before), draft); });
        if (undoing.open != leaf_count<T>)
            return Result<Number, error_type>(detail::MakeError{}, Errc::merge_conflict,
                                              detail::Lasting{detail::leaf_paths<T>.of[undoing.open]},
                                              detail::Lasting{});
        detail::keep_hidden(value_, draft);
        return put(SlotKind::revert, draft, static_cast<std::uint32_t>(number));
    }
    /// The factory settings, as a new revision.
    Result<Number, error_type> reset_to_factory() {
        return commit([&](T& draft) {
            const T before = draft;
            draft = factory_;
            detail::keep_hidden(before, draft);
        });
    }

    // ---- provisional commits

    /// As `commit`, but for a while only: it takes effect, and is taken back at the first `poll(now)` from `deadline`
    /// on, at a reset, or by `take_back`, unless `confirm` comes first. One at a time. Returns its number, which is the
    /// token that confirms it. Time is that of your clock, in its unit; it may start again at 0 when it is full.
    /// `deadline` is at most 2^31 ahead, and poll is called at least once in the 2^31 that follow it.
    template <class Make>
    Result<Number, error_type> commit_confirmed(Make&& make, std::uint32_t deadline) {
        const Turn turn(*this);
        if (turn.refused()) return refuse(turn.why());
        T draft = value_;
        if (const auto made = make_draft(make, draft); !made) return Failure(made.error());
        deadline_ = waiting_ ? deadline_ : deadline;
        return put(SlotKind::provisional, draft, 0);
    }
    /// The provisional commit with this token stays, also after its deadline as long as it was not taken back. Returns
    /// the number of the head; confirming once more changes nothing. Errors: `nothing_to_confirm`; `storage_failed`,
    /// after which it still waits.
    Result<Number, error_type> confirm(Number token) {
        const Turn turn(*this);
        if (turn.refused()) return refuse(turn.why());
        if (token != state_.head || token == 0) return refuse(Errc::nothing_to_confirm, token);
        if (!waiting_) return token;
        const bool again = half_confirmed_;
        half_confirmed_ = true;  // what was tried is not programmed again
        if ((again || !storage_.confirm()) && !note(SlotKind::commit)) return refuse(Errc::storage_failed);
        lock_.alone([&] {
            waiting_ = false;
            if (state_.good != state_.head) state_.before = state_.good;
            state_.good = state_.head;
        });
        return Number{state_.head};
    }
    /// Takes a provisional commit back now. Errors: `nothing_to_confirm`; `storage_failed`: what was in force before
    /// cannot be read now, and it still waits.
    Result<Number, error_type> take_back() {
        const Turn turn(*this);
        if (turn.refused()) return refuse(turn.why());
        if (!waiting_) return refuse(Errc::nothing_to_confirm);
        if (!back_to_good(TakenBack::request)) return refuse(Errc::storage_failed);
        return Number{state_.head};
    }
    /// To be called now and then: takes back what was not confirmed in time, and says whether it did.
    bool poll(std::uint32_t now) {
        if (!waiting()) return false;
        const Turn turn(*this);
        if (turn.refused() || !waiting_ || now - deadline_ > 0x7FFFFFFFU) return false;
        return back_to_good(TakenBack::deadline);
    }
    /// Does a commit wait for its confirmation?
    bool waiting() const {
        return lock_.alone([&] { return waiting_; });
    }
    /// Whether what is in force came back in the place of a provisional commit, and why.
    TakenBack taken_back() const { return state().why; }
    /// The last revision that was taken back; 0 for none. It is remembered across resets (but where the power fails
    /// several times in a row while it is taken back, it may be forgotten).
    Number rejected() const { return state().rejected; }

    /// What a newer program has left on the device is kept, and may fill it; from now on it goes when its page has its
    /// turn.
    void give_up_newer() { storage_.give_up_newer(); }

private:
    // While it lives, nobody else changes anything, nor reads the device.
    class Turn {
    public:
        explicit Turn(const Stored& owner) : owner_(owner) {
            if (!owner.opened_) why_ = Errc::not_opened;
            else
                owner.lock_.alone([&] {
                    if (owner.busy_) why_ = Errc::busy;
                    else owner.busy_ = true;
                });
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn() {
            if (!refused()) owner_.lock_.alone([&] { owner_.busy_ = false; });
        }
        bool refused() const { return why_ != none; }
        Errc why() const { return why_; }

    private:
        static constexpr Errc none = Errc::rule_broken;  // which is never the reason here
        const Stored& owner_;
        Errc why_ = none;
    };
    // What goes with the value; written together with it.
    struct State {
        std::uint32_t head = 0;
        std::uint32_t good = 0;    // the head, or what was in force before a provisional one, or came back in its place
        std::uint32_t before = 0;  // what that was made from
        std::uint32_t rejected = 0;
        TakenBack why = TakenBack::no;
    };
    State state() const {
        return lock_.alone([&] { return state_; });
    }

    constexpr Found broken(const T& value) const {
        Found found;
        detail::Collect sink(found);
        detail::check_value(value, rules_, detail::Everything{}, detail::CheckInside{}, sink);
        return found;
    }

    template <class Make>
    static Result<void, error_type> make_draft(Make& make, T& draft) {
        if constexpr (std::is_invocable_v<Make&, T&>) {
            return detail::make_draft<error_type>(make, draft);
        } else {
            static_assert(std::is_convertible_v<Make&, const T&>,
                          "stet: commit takes a value of T, or a function on T& that returns void, bool or a Result");
            const T& given = make;
            draft = given;
            return {};
        }
    }

    // This revision or, if it can no longer be read, the one before it.
    SlotInfo usable(SlotInfo info, T& value) const {
        while (info && !storage_.read(info, value)) info = storage_.before(info.number);
        detail::keep_hidden(factory_, value);
        return info;
    }
    // The value of a revision, or why there is none.
    bool kept(Number number, T& value, Errc& why) const {
        why = Errc::no_such_revision;
        if (number == 0 || number > storage_.last()) return false;
        const SlotInfo found = storage_.find(static_cast<std::uint32_t>(number));
        why = found ? Errc::malformed : Errc::revision_pruned;
        return storage_.read(found, value);
    }
    static detail::Lasting device_said(Errc code) {
        return {code == Errc::storage_failed ? std::string_view("a function of the device returned false")
                                             : std::string_view{}};
    }
    // The number that was asked for, and what is there.
    STET_NO_INLINE Result<Number, error_type> refuse(Errc code, Number asked = 0) const {
        const Number there = code == Errc::revision_pruned ? 0 : storage_.last();
        const bool first = code == Errc::no_such_revision && asked == 0;
        const detail::Lasting subject = first ? detail::Lasting{"the first revision"} : device_said(code);
        return Result<Number, error_type>(detail::MakeError{}, code, asked, there, subject);
    }

    Result<Number, error_type> back_to(Number number) {
        T draft = factory_;
        if (Errc why{}; !kept(number, draft, why)) return refuse(why, number);
        detail::keep_hidden(value_, draft);
        return put(SlotKind::rollback, draft, static_cast<std::uint32_t>(number));
    }
    // The result is made where it is returned: a small stack must hold it.
    STET_NO_INLINE Result<Number, error_type> put(SlotKind kind, const T& draft, std::uint32_t from) {
        Result<Number, error_type> done(detail::MakeError{}, Errc::rule_broken, detail::NoneBroken{});
        const auto changed = detail::likely_changed_leaves(value_, draft);
        if (!changed.any()) {
            lock_.alone([&] { value_ = draft; });  // what is not versioned may have changed
            detail::ResultAccess::succeed(done, Number{state_.head});
        } else if (waiting_) {
            detail::ResultAccess::fail(done, Errc::provisional);
        } else if (keeps_rules(draft, changed, detail::ResultAccess::violations(done))) {
            if (Errc why{}; store(kind, draft, from, why)) detail::ResultAccess::succeed(done, Number{state_.head});
            else detail::ResultAccess::fail(done, why, Number{0}, Number{0}, device_said(why));
        }
        return done;
    }
    template <class Changed>
    bool keeps_rules(const T& draft, const Changed& changed, Found& found) const {
        if constexpr (detail::share_check<T, InstanceRules>()) detail::check_some(draft, changed, found);
        else {
            detail::Collect sink(found);
            detail::check_value(draft, rules_, detail::Touched<T>{changed}, detail::CheckDifferent<T>{value_}, sink);
        }
        return !found.refuse();
    }
    STET_NO_INLINE bool store(SlotKind kind, const T& draft, std::uint32_t from, Errc& why) {
        SlotInfo info;
        info.kind = kind;
        info.previous = state_.head;
        info.from = from;
        info.rejected = state_.rejected;
        if (!storage_.append(info, draft, factory_, why)) return false;
        lock_.alone([&] {
            value_ = draft;
            waiting_ = kind == SlotKind::provisional;
            half_confirmed_ = false;
            state_.why = TakenBack::no;
            if (!waiting_) {
                state_.before = state_.head;
                state_.good = info.number;
            }
            state_.head = info.number;
        });
        return true;
    }

    // False if what was in force before cannot be read now.
    bool back_to_good(TakenBack why) {
        T good = factory_;
        if (state_.good != 0 && !storage_.read(storage_.newest(), good)) return false;
        detail::keep_hidden(value_, good);
        lock_.alone([&] {
            value_ = good;
            state_ = State{state_.good, state_.good, state_.before, state_.head, why};
            waiting_ = false;
        });
        static_cast<void>(note(SlotKind::taken_back));  // else the next start does it
        return true;
    }
    // What is in force already, as a revision. What came back is what it was: before it stands what stood before that.
    bool note(SlotKind kind) {
        SlotInfo info;
        info.kind = kind;
        info.rejected = state_.rejected;
        info.from = state_.good;
        info.previous = kind == SlotKind::taken_back ? state_.before : state_.good;
        if (kind == SlotKind::taken_back) info.why = state_.why;
        if (Errc why{}; !storage_.append(info, value_, factory_, why)) return false;
        lock_.alone([&] {
            state_.before = info.previous;
            state_.head = state_.good = info.number;
        });
        return true;
    }

    T value_;
    T factory_;
    storage_type storage_;
    State state_;
    std::uint32_t deadline_ = 0;
    bool opened_ = false;
    bool waiting_ = false;
    bool half_confirmed_ = false;
    mutable bool busy_ = false;
    STET_NO_UNIQUE_ADDRESS mutable Lock lock_;
    STET_NO_UNIQUE_ADDRESS InstanceRules rules_;
};

template <class T, class Device, class... Policies>
Stored(Device&, T, Policies...) -> Stored<T, Device, Policies...>;

}  // namespace stet
