#pragma once
// Changing a value in two steps: everything that can fail, then one that cannot; or back to where it was.

#include <stet/patch/exchange.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/schema/hidden.hpp>
#include <stet/vector.hpp>

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace stet::detail {

/// A value that can be exchanged with another one without throwing, whatever its type says of its own moves: two
/// addresses change places, since moving a struct of many strings costs more than most changes of it.
template <class T>
class Slot {
public:
    explicit Slot(const T& value) : value_(create<T>(value)) {}
    explicit Slot(T&& value) : value_(create<T>(std::move(value))) {}
    Slot(const Slot& other) : value_(create<T>(std::as_const(*other.value_))) {}
    Slot(Slot&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
    Slot& operator=(const Slot& other) { return *this = Slot(other); }
    Slot& operator=(Slot&& other) noexcept {
        exchange(other);
        return *this;
    }
    ~Slot() { detail::destroy(value_); }
    T& get() { return *value_; }
    const T& get() const { return *value_; }
    void exchange(Slot& other) noexcept { std::swap(value_, other.value_); }

private:
    T* value_;
};
/// A flat struct stays in place.
template <flat T>
class Slot<T> {
public:
    explicit Slot(const T& value) : value_(value) {}
    T& get() { return value_; }
    const T& get() const { return value_; }
    void exchange(Slot& other) noexcept { std::swap(value_, other.value_); }

private:
    T value_;
};

/// A whole new value beside the current one.
template <class T>
class Replacement {
public:
    Replacement(Slot<T>& current, Slot<T>& draft) : current_(current), draft_(draft) {}
    const T& value() const { return draft_.get(); }
    void publish() noexcept { current_.exchange(draft_); }
    void withdraw() noexcept {}

private:
    Slot<T>& current_;
    Slot<T>& draft_;
};

/// Makes an older state of a value, number `at` (0: it is none), equal to `current`, which is state number `now`: by
/// the patches that it missed, if those are at most `most`, and otherwise as a copy. `patch_of(n)` led to state n, or
/// is nullptr.
template <class T, class PatchOf>
void catch_up(T& older, Number at, const T& current, Number now, Number most, const PatchOf& patch_of) {
    const auto replay = [&] {
        if (at == 0 || at > now || now - at > most) return false;
        if constexpr (flat<T>) return at == now;
        else {
            for (Number n = at + 1; n <= now; ++n) {
                const auto* const patch = patch_of(n);
                if (patch == nullptr) return false;
                patch->template carry_out<Trust::known>(older, patch->is_inverted());
            }
            return true;
        }
    };
    if (!replay()) older = current;
    for_each_leaf<T>([&]<std::size_t L>() {
        if constexpr (leaf_hides<T, L>()) get_leaf<L>(older) = get_leaf<L>(current);
    });
}

/// A second value beside the current one, kept from one change by function to the next: it is the state before the last
/// change, so that bringing it up to date costs what changed and not a copy of everything.
template <class T>
class Drafts {
public:
    Drafts() = default;
    Drafts(Drafts&& other) noexcept : spare_(std::exchange(other.spare_, nullptr)), at_(std::exchange(other.at_, 0)) {}
    Drafts(const Drafts&) noexcept {}  // a copy makes a draft of its own when it needs one
    Drafts& operator=(const Drafts& other) noexcept {
        if (this != &other) at_ = 0;
        return *this;
    }
    ~Drafts() { detail::destroy(spare_); }

    /// A draft in the hands of somebody; a second one at the same time is a copy of its own.
    class Lease {
    public:
        explicit Lease(Drafts& from) : from_(from), owns_(from.lent_) { from_.lent_ = true; }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ~Lease() {
            if (owns_) detail::destroy(slot_);
            else from_.lent_ = false;
        }

        /// Makes it equal to `current`, which is state number `now`; `patch_of(n)` led to state n, or is nullptr.
        template <class PatchOf>
        Slot<T>& update(const Slot<T>& current, Number now, const PatchOf& patch_of) {
            if (owns_) return *(slot_ = create<Slot<T>>(current.get()));
            const Number at = std::exchange(from_.at_, 0);  // until all of it is done it equals nothing
            constexpr Number most = 4;                      // after more changes of other kinds a copy may be cheaper
            if (from_.spare_ == nullptr) from_.spare_ = create<Slot<T>>(current.get());
            else catch_up(from_.spare_->get(), at, current.get(), now, most, patch_of);
            return *from_.spare_;
        }
        /// It was exchanged with the current one, and is state number `now`.
        void exchanged(Number now) noexcept {
            if (!owns_) from_.at_ = now;
        }

    private:
        Drafts& from_;
        Slot<T>* slot_ = nullptr;
        bool owns_;
    };

private:
    Slot<T>* spare_ = nullptr;
    Number at_ = 0;
    bool lent_ = false;
};

/// A flat struct is copied: that is cheaper than keeping anything.
struct NoDrafts {};
template <class T>
using drafts_of = std::conditional_t<flat<T>, NoDrafts, Drafts<T>>;

template <class T>
constexpr bool leaves_swap() {
    bool all = true;
    for_each_leaf<T>([&]<std::size_t L>() { all = all && nothrow_swappable<leaf_type<T, L>>; });
    return all;
}

/// Can leaf `L` be set without a copy of all others? Not where there is no such leaf, nor where no patch sees all of
/// it.
template <class T, std::size_t L>
constexpr bool set_alone() {
    if constexpr (flat<T> || L == not_found) return false;
    else return !leaf_hides<T, L>();
}

/// What no patch sees of a value that goes back and comes again: whole leaves, which must be of a type that `swaps`.
template <class T>
class Transients {
public:
    static constexpr bool swaps = [] {
        bool all = true;
        for_each_leaf<T>([&]<std::size_t L>() {
            if constexpr (leaf_hides<T, L>()) all = all && nothrow_swappable<leaf_type<T, L>>;
        });
        return all;
    }();
    explicit Transients(const T& value) {
        each([&]<std::size_t L>() { kept_.write<leaf_type<T, L>>(get_leaf<L>(value)); });
    }
    void put(T& value) noexcept {
        Records::Reader kept(kept_);
        each([&]<std::size_t L>() {
            using std::swap;
            swap(get_leaf<L>(value), kept_next<leaf_type<T, L>>(kept));
        });
    }

private:
    template <class F>
    static void each(const F& f) {
        for_each_leaf<T>([&]<std::size_t L>() {
            if constexpr (leaf_hides<T, L>()) f.template operator()<L>();
        });
    }
    Records kept_;
};

/// A patch with records carried out on the current value itself; unless it is published, the value goes back to what it
/// was. Costs what the patch changes; or where something in it cannot be exchanged, the leaves that it touches.
template <class T, class P = Patch<T>>
class InPlace {
    // A leaf as it was.
    struct Saved {
        void* leaf;
        void (*swap)(T&, void*) noexcept;
        void (*drop)(void*) noexcept;
    };
    static constexpr bool all_exchanged = can_exchange_leaves<T>();

public:
    InPlace(Slot<T>& current, const P& patch, bool taking_back = false)
        : value_(current.get()), patch_(&patch), taking_back_(taking_back), plain_(patch.nothrow()) {
        if (!plain_) prepare();
        go(taking_back_);
    }
    InPlace(const InPlace&) = delete;
    InPlace& operator=(const InPlace&) = delete;
    ~InPlace() {
        if (patch_ != nullptr) back();
        forget();
    }

    const T& value() const { return value_; }
    void publish() noexcept { patch_ = nullptr; }
    /// Back to what was there, at once: somebody is about to look.
    void withdraw() noexcept {
        back();
        patch_ = nullptr;
    }

private:
    struct Cleanup {
        InPlace* self;
        bool changed = false;
        ~Cleanup() {
            if (self == nullptr) return;
            if (changed) self->swap_saved();
            self->forget();
        }
    };

    ChangeReader changes(bool backwards) const {
        ChangeReader all = patch_->changes();
        all.inverted = all.inverted != backwards;
        return all;
    }
    template <class F>
    static void each_leaf(ChangeReader all, const F& f) {
        for (bool more = true; more;) {
            const Lead lead = all.lead();
            more = lead.more();
            with_leaf<T>(lead.number(), [&]<std::size_t L>() { f(all, std::integral_constant<std::size_t, L>{}); });
        }
    }
    // All that can fail; which is, for what cannot be exchanged, the change itself.
    void prepare() {
        Cleanup cleanup{this};  // the destructor does not run if this constructor throws
        each_leaf(changes(taking_back_), [&]<std::size_t L>(ChangeReader& all, std::integral_constant<std::size_t, L>) {
            if constexpr (can_exchange_leaf<T, L>())
                prepare_exchange<leaf_marks<T, L>.indivisible>(all, get_leaf<L>(value_), kept_);
            else {
                save<L>();
                show<leaf_marks<T, L>.indivisible, leaf_type<T, L>>(all, PassBy{});
            }
        });
        cleanup.changed = true;
        if constexpr (!all_exchanged) {
            each_leaf(changes(taking_back_),
                      [&]<std::size_t L>(ChangeReader& all, std::integral_constant<std::size_t, L>) {
                          constexpr bool whole = leaf_marks<T, L>.indivisible;
                          if constexpr (can_exchange_leaf<T, L>()) show<whole, leaf_type<T, L>>(all, PassBy{});
                          else carry_out<Trust::known, whole>(all, get_leaf<L>(value_));
                      });
        }
        cleanup.self = nullptr;
    }
    template <std::size_t L>
    void save() {
        using V = leaf_type<T, L>;
        saved_.reserve(saved_.size() + 1);
        saved_.push_back({create<V>(std::as_const(get_leaf<L>(value_))),
                          [](T& value, void* leaf_before) noexcept {
                              using std::swap;
                              swap(get_leaf<L>(value), *static_cast<V*>(leaf_before));
                          },
                          [](void* leaf_before) noexcept { detail::destroy(static_cast<V*>(leaf_before)); }});
    }
    void go(bool backwards) noexcept {
        if (plain_) {
            patch_->template carry_out<Trust::known>(value_, backwards != patch_->is_inverted());
            return;
        }
        Records::Reader kept(kept_);
        each_leaf(changes(backwards), [&]<std::size_t L>(ChangeReader& all, std::integral_constant<std::size_t, L>) {
            if constexpr (can_exchange_leaf<T, L>())
                exchange<leaf_marks<T, L>.indivisible>(all, get_leaf<L>(value_), kept);
            else show<leaf_marks<T, L>.indivisible, leaf_type<T, L>>(all, PassBy{});
        });
    }
    void swap_saved() noexcept {
        for (const Saved& saved : saved_) saved.swap(value_, saved.leaf);
    }
    void back() noexcept {
        go(!taking_back_);
        swap_saved();
    }
    void forget() noexcept {
        for (const Saved& saved : saved_) saved.drop(saved.leaf);
    }

    T& value_;
    const P* patch_;
    Records kept_;
    HeapVector<Saved> saved_;
    bool taking_back_;
    bool plain_;
};

}  // namespace stet::detail
