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

struct IsMigrations {
    template <class P>
    static constexpr bool of = is_migrations<P>;
};
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
        storage_.look_over(opening.found);
        opening.how = opening.found.blank ? Opening::created : Opening::factory;
        SlotInfo& good = storage_.newest_;
        bool any = false;
        bool found = false;
        while (good && !found && !(any && if_broken.choice != Broken::last_good)) {
            if (storage_.read(good, value_)) {
                detail::keep_hidden(factory_, value_);
                found = !detail::refuses(value_, rules_);
                if (found)
                    opening.how = any ? Opening::last_good : opening.found.torn ? Opening::recovered : Opening::opened;
                else if (if_broken.choice == Broken::accept) {
                    opening.how = Opening::with_violations;
                    found = true;
                }
                any = true;
            }
            if (!found) storage_.go_before(good.number, good);
        }
        if (!found) {
            value_ = factory_;
            good = SlotInfo{};
        }
        const bool refused = opening.found.silent || (!found && any && if_broken.choice == Broken::refuse);
        const SlotInfo& last = storage_.latest();
        const bool given_up = !last.confirmed && last.readable;
        lock_.alone([&] {
            state_ = State{good.why, good.number, good.number, good.previous, good.rejected};
            if (given_up) {
                state_.rejected = last.number;
                state_.why = TakenBack::reset;
            }
        });
        opening.written = !refused;
        if (refused) return opening;
        opened_ = true;
        SlotKind kind = SlotKind::created;
        if (given_up) {
            if (found && opening.how != Opening::last_good) opening.how = Opening::taken_back;
            kind = SlotKind::taken_back;
        } else if (opening.how == Opening::last_good) kind = SlotKind::rollback;
        else if (found) return opening;
        // What could not be read may be there tomorrow: then nothing is written over it.
        else if (opening.found.unreadable != 0) {
            opening.written = false;
            return opening;
        }
        opening.written = note(kind);
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
        Result<T, error_type> done(detail::Undecided{});
        if (!enter(done)) return done;
        const Leave leave{*this};
        T value = factory_;
        if (!kept(done, number, value)) return done;
        detail::keep_hidden(factory_, value);
        detail::ResultAccess::succeed(done, value);
        return done;
    }
    /// Calls `f(const SlotInfo&)` for every revision that is kept, page by page. Errors: `not_opened`, `busy`.
    template <class F>
    Result<Number, error_type> each_revision(const F& f) const {
        Result<Number, error_type> done(detail::Undecided{});
        if (!enter(done)) return done;
        const Leave leave{*this};
        storage_.each(f);
        succeed(done);
        return done;
    }
    const storage_type& storage() const { return storage_; }

    // ---- changing

    /// Makes a new revision from a function on `T&`, which may give up by returning false or an error, or from a value.
    /// Returns its number; that of the head if nothing changed.
    template <class Make>
    Result<Number, error_type> commit(Make&& make) {
        return change(SlotKind::commit, make);
    }
    /// Sets one field. Errors: also `wrong_type` for a number that does not fit.
    template <Step... Steps, class V>
    Result<Number, error_type> set(Field<Steps...> where, V&& value) {
        constexpr detail::IndexPath path = detail::resolve<T>(where);
        using Target = typename detail::TypeAt<T, path>::type;
        static_assert(detail::can_assign<Target, V>(), "stet: set: the field cannot hold a value of this type");
        if constexpr (detail::can_assign<Target, V>()) {
            Result<Number, error_type> done(detail::Undecided{});
            if (!enter(done)) return done;
            const Leave leave{*this};
            T draft = value_;
            if (detail::assign(detail::get_at<path>(draft), std::forward<V>(value)))
                put(done, SlotKind::commit, draft, 0);
            else
                detail::ResultAccess::fail(done, Errc::wrong_type, detail::Lasting{detail::shown_path<T, path>()},
                                           detail::Lasting{detail::what_fits<Target>()});
            return done;
        } else return head();
    }
    /// Restores the state that the head was made from, or that of a revision that is kept, as a new revision. Errors:
    /// also `no_such_revision`, `revision_pruned`, `malformed`.
    Result<Number, error_type> rollback() {
        Result<Number, error_type> done(detail::Undecided{});
        if (!enter(done)) return done;
        const Leave leave{*this};
        T draft = factory_;
        if (kept(done, state_.before, draft)) bring_back(done, state_.before, draft);
        return done;
    }
    Result<Number, error_type> rollback_to(Number number) {
        Result<Number, error_type> done(detail::Undecided{});
        if (!enter(done)) return done;
        const Leave leave{*this};
        T draft = factory_;
        if (kept(done, number, draft)) bring_back(done, static_cast<std::uint32_t>(number), draft);
        return done;
    }
    /// Undoes what one revision changed, and keeps what came later. Errors: also `merge_conflict` with the first field
    /// that was changed later, `no_such_revision`, `revision_pruned`, `malformed`.
    STET_ALWAYS_INLINE Result<Number, error_type> revert(Number number) {
        Result<Number, error_type> done(detail::Undecided{});
        if (!enter(done)) return done;
        const Leave leave{*this};
        T made = value_;
        if (!kept(done, number, made)) return done;
        const std::uint32_t previous = storage_.found_.previous;
        if (const Errc why = seek(previous); why != storage_type::done_) say(done, why, previous);
        else if (const std::size_t open = undo(made); open < leaf_count<T>)
            detail::ResultAccess::fail(done, Errc::merge_conflict, detail::Lasting{detail::leaf_paths<T>.of[open]},
                                       detail::Lasting{});
        else if (open != leaf_count<T>) say(done, Errc::malformed, previous);
        else {
            detail::keep_hidden(value_, made);
            put(done, SlotKind::revert, made, static_cast<std::uint32_t>(number));
        }
        return done;
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
        return change(SlotKind::provisional, make, deadline);
    }
    /// The provisional commit with this token stays, also after its deadline as long as it was not taken back. Returns
    /// the number of the head; confirming once more changes nothing. Errors: `nothing_to_confirm`; `storage_failed`,
    /// after which it still waits.
    Result<Number, error_type> confirm(Number token) {
        Result<Number, error_type> done(detail::Undecided{});
        if (!enter(done)) return done;
        const Leave leave{*this};
        if (token != state_.head || token == 0) say(done, Errc::nothing_to_confirm, token);
        else if (waiting_ && !keep_provisional()) say(done, Errc::storage_failed);
        else succeed(done);
        return done;
    }
    /// Takes a provisional commit back now. Errors: `nothing_to_confirm`; `storage_failed`: what was in force before
    /// cannot be read now, and it still waits.
    Result<Number, error_type> take_back() {
        Result<Number, error_type> done(detail::Undecided{});
        if (!enter(done)) return done;
        const Leave leave{*this};
        if (!waiting_) say(done, Errc::nothing_to_confirm);
        else if (!back_to_good(TakenBack::request)) say(done, Errc::storage_failed);
        else succeed(done);
        return done;
    }
    /// To be called now and then: takes back what was not confirmed in time, and says whether it did.
    bool poll(std::uint32_t now) {
        if (!waiting()) return false;
        if (why_not() != storage_type::done_) return false;
        const Leave leave{*this};
        return waiting_ && now - deadline_ <= 0x7FFFFFFFU && back_to_good(TakenBack::deadline);
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
    // From `enter` until it goes, nobody else changes anything, nor reads the device.
    struct Leave {
        const Stored& owner;
        STET_ALWAYS_INLINE ~Leave() {
            owner.lock_.alone([&] { owner.busy_ = false; });
        }
    };
    Errc why_not() const {
        if (!opened_) return Errc::not_opened;
        return lock_.alone([&] {
            if (busy_) return Errc::busy;
            busy_ = true;
            return storage_type::done_;
        });
    }
    template <class V>
    STET_NO_INLINE bool enter(Result<V, error_type>& done) const {
        const Errc why = why_not();
        if (why == storage_type::done_) return true;
        say(done, why);
        return false;
    }
    // What goes with the value; written together with it.
    struct State {
        TakenBack why = TakenBack::no;
        std::uint32_t head = 0;
        std::uint32_t good = 0;    // the head, or what was in force before a provisional one, or came back in its place
        std::uint32_t before = 0;  // what that was made from
        std::uint32_t rejected = 0;
    };
    State state() const {
        return lock_.alone([&] { return state_; });
    }

    constexpr Found broken(const T& value) const {
        Found found;
        if constexpr (detail::share_check<T, InstanceRules>()) {
            detail::check_some(value, detail::LeafMask<T>::all(), found);
        } else {
            detail::Collect sink(found);
            detail::check_value(value, rules_, detail::Everything{}, detail::CheckInside{}, sink);
        }
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
    template <class Make>
    Result<Number, error_type> change(SlotKind kind, Make& make, std::uint32_t deadline = 0) {
        Result<Number, error_type> done(detail::Undecided{});
        if (!enter(done)) return done;
        const Leave leave{*this};
        T draft = value_;
        if (const auto made = make_draft(make, draft); !made) {
            detail::ResultAccess::fail(done, made.error());
            return done;
        }
        if (!waiting_) deadline_ = deadline;
        put(done, kind, draft, 0);
        return done;
    }

    // The value of a revision, or why there is none.
    template <class V>
    STET_ALWAYS_INLINE bool kept(Result<V, error_type>& done, Number number, T& value) const {
        Errc why = seek(number);
        if (why == storage_type::done_) why = load(value);
        if (why == storage_type::done_) return true;
        say(done, why, number);
        return false;
    }
    // So that the storage has it in mind.
    STET_NO_INLINE Errc seek(Number number) const {
        if (number == 0 || number > storage_.last()) return Errc::no_such_revision;
        return storage_.seek(static_cast<std::uint32_t>(number)) ? storage_type::done_ : Errc::revision_pruned;
    }
    // The one that it has in mind.
    Errc load(T& value) const {
        const SlotInfo& found = storage_.found_;
        return storage_.load(found.at, found.number, value) ? storage_type::done_ : Errc::malformed;
    }
    // Both revisions side by side: what the first one did goes, and what is left takes its place. Returns the first
    // leaf in which later changes stand in the way.
    STET_NO_INLINE std::size_t without(T& made, const T& before) const {
        detail::FlatRevert<T, detail::NoneChosen> undoing{};
        detail::for_each_leaf<T>([&]<std::size_t L>() {
            const auto& now = get_leaf<L>(value_);
            auto both = now;
            undoing.template leaf<L>(get_leaf<L>(made), now, get_leaf<L>(before), both);
            get_leaf<L>(made) = both;
        });
        return undoing.open;
    }
    // The same with what the storage has in mind; one more than there are leaves where that cannot be read.
    STET_NO_INLINE std::size_t undo(T& made) const {
        T before = value_;
        return load(before) == storage_type::done_ ? without(made, before) : leaf_count<T> + 1;
    }
    // Why it was refused; the number that was asked for, and what is there.
    template <class V>
    STET_NO_INLINE void say(Result<V, error_type>& done, Errc code, Number asked = 0) const {
        const Number there = code == Errc::revision_pruned ? 0 : storage_.last();
        const bool first = code == Errc::no_such_revision && asked == 0;
        const detail::Lasting subject{first                          ? std::string_view("the first revision")
                                      : code == Errc::storage_failed ? std::string_view("a function of the device "
                                                                                        "returned false")
                                                                     : std::string_view{}};
        detail::ResultAccess::fail(done, code, asked, there, subject);
    }
    void succeed(Result<Number, error_type>& done) const { detail::ResultAccess::succeed(done, Number{state_.head}); }

    void bring_back(Result<Number, error_type>& done, std::uint32_t number, T& draft) {
        detail::keep_hidden(value_, draft);
        put(done, SlotKind::rollback, draft, number);
    }
    STET_ALWAYS_INLINE void put(Result<Number, error_type>& done, SlotKind kind, T& draft, std::uint32_t from) {
        if (!admit(done, draft)) return;
        from_ = from;
        static_cast<void>(store(&done, kind, draft));
    }
    // Is there something to be stored? If not, `done` says why.
    STET_NO_INLINE bool admit(Result<Number, error_type>& done, const T& draft) {
        const auto changed = detail::likely_changed_leaves(value_, draft);
        if (!changed.any()) {
            lock_.alone([&] { value_ = draft; });  // what is not versioned may have changed
            succeed(done);
            return false;
        }
        if (waiting_) {
            say(done, Errc::provisional);
            return false;
        }
        detail::ResultAccess::fail(done, Errc::rule_broken, detail::NoneBroken{});
        return keeps_rules(draft, changed, detail::ResultAccess::violations(done));
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
    // Stores it, and then it is in force. What came back is what it was: before it stands what stood before that. The
    // result is made where it is returned: a small stack must hold it.
    STET_NO_INLINE bool store(Result<Number, error_type>* done, SlotKind kind, T& draft) {
        const bool back = kind == SlotKind::taken_back;
        SlotInfo& info = storage_.pending_;
        info.kind = kind;
        info.previous = back ? state_.before : state_.good;
        info.from = from_;
        info.rejected = state_.rejected;
        info.why = back ? state_.why : TakenBack::no;
        const Errc why = append(draft);
        if (why != storage_type::done_) {
            if (done != nullptr) say(*done, why);
            return false;
        }
        lock_.alone([&] {
            if (&draft != &value_) value_ = draft;
            waiting_ = info.kind == SlotKind::provisional;
            half_confirmed_ = false;
            state_.why = info.why;
            state_.head = info.number;
            if (!waiting_) {
                state_.before = info.previous;
                state_.good = info.number;
            }
        });
        if (done != nullptr) succeed(*done);
        return true;
    }
    STET_ALWAYS_INLINE Errc append(T& draft) {
        if constexpr (detail::hides<T>()) {
            T image = draft;
            detail::keep_hidden(factory_, image);
            return storage_.put(image);
        } else return storage_.put(draft);
    }
    // What is in force already, as a revision.
    STET_ALWAYS_INLINE bool note(SlotKind kind) {
        from_ = state_.good;
        return store(nullptr, kind, value_);
    }
    bool keep_provisional() {
        const bool again = half_confirmed_;
        half_confirmed_ = true;  // what was tried is not programmed again
        if ((again || !storage_.confirm()) && !note(SlotKind::commit)) return false;
        lock_.alone([&] {
            waiting_ = false;
            if (state_.good != state_.head) state_.before = state_.good;
            state_.good = state_.head;
        });
        return true;
    }
    // False if what was in force before cannot be read now.
    STET_NO_INLINE bool back_to_good(TakenBack why) {
        T good = factory_;
        if (state_.good != 0 && !storage_.read(storage_.newest(), good)) return false;
        detail::keep_hidden(value_, good);
        lock_.alone([&] {
            value_ = good;
            state_ = State{why, state_.good, state_.good, state_.before, state_.head};
            waiting_ = false;
        });
        static_cast<void>(note(SlotKind::taken_back));  // else the next start does it
        return true;
    }

    // What is used most comes first, where a small core reaches it in one step.
    bool opened_ = false;
    bool waiting_ = false;
    bool half_confirmed_ = false;
    mutable bool busy_ = false;
    State state_;
    std::uint32_t deadline_ = 0;
    std::uint32_t from_ = 0;  // of what is being stored
    T value_;
    T factory_;
    storage_type storage_;
    STET_NO_UNIQUE_ADDRESS mutable Lock lock_;
    STET_NO_UNIQUE_ADDRESS InstanceRules rules_;
};

template <class T, class Device, class... Policies>
Stored(Device&, T, Policies...) -> Stored<T, Device, Policies...>;

}  // namespace stet
