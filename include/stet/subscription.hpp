#pragma once
// Who is told of changes: functions that are called before and after, for as long as their handles live.

#include <stet/reflect/sentences.hpp>

#include <stet/fwd.hpp>
#include <stet/heap.hpp>

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace stet {

/// Before a change, which is checked by then, or after it.
enum class When : std::uint8_t { before, after };

namespace detail {

class Watchers;

/// One function, in the list of a history.
class Watcher : public OnHeap {
public:
    Watcher() = default;
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    virtual ~Watcher() = default;

    virtual bool hears(const void* /*patch*/) const { return false; }
    virtual void tell(const void* /*patch*/, When) {}
    virtual void announce() noexcept {}

private:
    friend class Watchers;
    friend class stet::Subscription;
    Watchers* home_ = nullptr;
    Watcher* next_ = nullptr;
    Watcher* previous_ = nullptr;
    bool heard_ = false;
    bool fresh_ = false;
};

/// All of them, in the order in which they came. Any of them may be taken out or added while they are called.
class Watchers : public OnHeap {
    // However a call ends.
    struct Calling {
        Watchers& all;
        explicit Calling(Watchers& watchers) : all(watchers) { all.busy_ = true; }
        Calling(const Calling&) = delete;
        Calling& operator=(const Calling&) = delete;
        ~Calling() {
            all.busy_ = false;
            all.end_call();
        }
    };

public:
    Watchers() = default;
    Watchers(const Watchers&) = delete;
    Watchers& operator=(const Watchers&) = delete;
    ~Watchers() {
        if (busy_)
            fail(
                "stet: History: it is destroyed, or another one is assigned to it, in a function that it calls; do "
                "that "
                "when the call has returned");
        for (Watcher* at = first_; at != nullptr; at = at->next_) at->home_ = nullptr;
    }
    static Watchers* clone() { return nullptr; }  // a copy of a history is watched by nobody

    bool busy() const { return busy_; }

    void add(Watcher& watcher) noexcept {
        watcher.home_ = this;
        watcher.fresh_ = busy_;
        watcher.previous_ = last_;
        (last_ == nullptr ? first_ : last_->next_) = &watcher;
        last_ = &watcher;
    }
    void remove(Watcher* watcher) noexcept {
        (watcher->previous_ == nullptr ? first_ : watcher->previous_->next_) = watcher->next_;
        (watcher->next_ == nullptr ? last_ : watcher->next_->previous_) = watcher->previous_;
        if (following_ == watcher) following_ = watcher->next_;
        if (called_ == watcher) removed_ = true;  // it is running: its end is when it returns
        else delete watcher;
    }

    /// Is this a change for anybody?
    bool hears(const void* patch) {
        bool any = false;
        for (Watcher* at = first_; at != nullptr; at = at->next_) {
            at->fresh_ = false;
            any = (at->heard_ = at->hears(patch)) || any;
        }
        return any;
    }
    void tell(const void* patch, When when) {
        call([&](Watcher& watcher) {
            if (watcher.heard_) watcher.tell(patch, when);
        });
    }
    void announce() noexcept {
        call([](Watcher& watcher) { watcher.announce(); });
        for (Watcher* at = first_; at != nullptr; at = at->next_) at->fresh_ = false;
    }

private:
    template <class F>
    void call(const F& f) {
        const Calling calling(*this);
        for (Watcher* at = first_; at != nullptr; at = following_) {
            following_ = at->next_;
            called_ = at;
            if (!at->fresh_) f(*at);
            end_call();
        }
    }
    void end_call() noexcept {
        Watcher* const done = std::exchange(called_, nullptr);
        if (std::exchange(removed_, false)) delete done;
    }

    Watcher* first_ = nullptr;
    Watcher* last_ = nullptr;
    Watcher* following_ = nullptr;  // of the one that is called
    Watcher* called_ = nullptr;
    bool removed_ = false;  // the one that is called took itself out
    bool busy_ = false;
};

struct Anywhere {};

template <class T, class Where, class F>
class PatchWatcher final : public Watcher {
public:
    PatchWatcher(Where where, F f) : where_(std::move(where)), f_(std::move(f)) {}
    bool hears(const void* patch) const override {
        if constexpr (std::is_same_v<Where, Anywhere>) return true;
        else return static_cast<const Patch<T>*>(patch)->touches(where_);
    }
    void tell(const void* patch, When when) override {
        const auto& made = *static_cast<const Patch<T>*>(patch);
        if constexpr (std::invocable<F&, const Patch<T>&, When>) f_(made, when);
        else if (when == When::before) return;
        else if constexpr (std::invocable<F&, const Patch<T>&>) f_(made);
        else {
            static_assert(std::invocable<F&>,
                          "stet: subscribe: the function takes (const Patch<T>&, When), to be called before and after "
                          "a change, or (const Patch<T>&) or nothing, to be called after it");
            if constexpr (std::invocable<F&>) f_();
        }
    }

private:
    Where where_;
    F f_;
};

template <class F>
class StateWatcher final : public Watcher {
    static_assert(std::invocable<F&>, "stet: on_change: the function takes nothing; it asks the history");

public:
    explicit StateWatcher(F f) : f_(std::move(f)) {}
    void announce() noexcept override {
        if constexpr (std::invocable<F&>) f_();
    }

private:
    F f_;
};

}  // namespace detail

/// Holds a function in the list of those that a history calls; it ends with this handle, or
/// when another history is assigned to that one. It may outlive the history, and moves along with it.
class [[nodiscard("stet: subscribe: it ends with the handle that is returned here; keep that")]] Subscription {
public:
    Subscription() = default;
    Subscription(detail::Watchers& home, detail::Watcher* watcher) noexcept : watcher_(watcher) { home.add(*watcher); }
    Subscription(Subscription&& other) noexcept : watcher_(std::exchange(other.watcher_, nullptr)) {}
    Subscription& operator=(Subscription other) noexcept {
        std::swap(watcher_, other.watcher_);
        return *this;
    }
    ~Subscription() { end(); }

    /// Ends it now; allowed from inside the function itself, which then is not called again.
    void end() noexcept {
        detail::Watcher* const watcher = std::exchange(watcher_, nullptr);
        if (watcher == nullptr) return;
        if (watcher->home_ == nullptr) delete watcher;
        else watcher->home_->remove(watcher);
    }

private:
    detail::Watcher* watcher_ = nullptr;
};

}  // namespace stet
