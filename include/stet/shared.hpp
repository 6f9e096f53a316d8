#pragma once
// The sharing policy: many threads read whole values while one commits.
//
// There are several sides that hold a value; one of them is the current one. A reader pins the side that it reads, and
// while no newer one superseded that, reading costs the load that finds out. A writer takes a side that nobody pins,
// brings it up to date with the patches that it has missed, changes it, and makes it the current one. A reader pins
// before it looks again whether its side is still current, a writer looks for pins after another side took its place:
// one of the two sees the other. Sides live as long as the pool, so that nobody ever touches one that is gone; there
// are at most two more than readers. Writers wait for one another, readers for nobody.

#include <stet/versioned.hpp>

#include <stet/history_part.hpp>
#include <stet/subscription.hpp>

#include <atomic>
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

namespace stet {
namespace detail {

// Two threads that write to what shares a line of the cache wait for one another.
inline constexpr std::size_t cache_line = 64;

/// The sides of one value, and who shares them.
template <class T>
class Pool : public OnHeap {
public:
    struct Side : OnHeap {
        explicit Side(T first) : value(std::move(first)) {}
        std::atomic<std::uint32_t> pins{0};
        bool taken = false;  // by a writer, who has the lock
        Number number = 0;   // of the revision that it is; 0: it is none
        Side* next = nullptr;
        alignas(cache_line) std::atomic<bool> superseded{false};  // is there a newer one? beside what is read anyway
        T value;
    };

    explicit Pool(T value) : sides_(new Side(std::move(value))) { current_.store(sides_, std::memory_order_relaxed); }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool() {
        while (sides_ != nullptr) delete std::exchange(sides_, sides_->next);
    }
    void keep() noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }
    void let_go() noexcept {
        if (owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }

    // ---- for readers

    STET_ALWAYS_INLINE Side* current() const { return current_.load(std::memory_order_acquire); }
    /// The current side, which stays as it is until it is unpinned.
    Side* pin() {
        for (Side* side = current();;) {
            side->pins.fetch_add(1, std::memory_order_seq_cst);
            Side* const now = current_.load(std::memory_order_seq_cst);
            if (now == side) return side;
            unpin(side);
            side = now;
        }
    }
    static void unpin(Side* side) noexcept { side->pins.fetch_sub(1, std::memory_order_release); }

    // ---- for writers, with the lock

    /// Held by every verb.
    class Guard {
    public:
        explicit Guard(Pool& pool) : pool_(pool), lock_(pool.mutex_) {
            if (pool_.depth_++ == 0) pool_.writer_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        }
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;
        ~Guard() {
            if (--pool_.depth_ == 0) pool_.writer_.store(std::thread::id{}, std::memory_order_relaxed);
        }

    private:
        Pool& pool_;
        std::unique_lock<std::recursive_mutex> lock_;
    };
    Watchers& watchers() { return watchers_; }
    /// A side that nobody reads, for the writer until it gives it back: the newest there is, or a new one with the
    /// current value.
    Side* take() {
        Side* const now = current_.load(std::memory_order_relaxed);
        Side* found = nullptr;
        for (Side* side = sides_; side != nullptr; side = side->next) {
            if (side == now || side->taken || side->pins.load(std::memory_order_seq_cst) != 0) continue;
            if (found == nullptr || side->number > found->number) found = side;
        }
        if (found == nullptr) {
            found = new Side(now->value);
            found->number = now->number;
            found->next = std::exchange(sides_, found);
        }
        found->taken = true;
        return found;
    }
    static void give_back(Side* side) noexcept { side->taken = false; }
    /// Is there somebody besides the one who asks?
    bool shared() const noexcept { return owners_.load(std::memory_order_acquire) > 1; }
    void publish(Side* side) noexcept {
        Side* const before = current_.load(std::memory_order_relaxed);
        side->superseded.store(false, std::memory_order_relaxed);
        // first, so that whoever finds the new one to be current finds its own superseded, too
        if (before != side) before->superseded.store(true, std::memory_order_relaxed);
        current_.store(side, std::memory_order_seq_cst);
    }
    /// A revision is in force, whoever waits for it.
    void arrived() noexcept {
        if (waiting_.load(std::memory_order_seq_cst) == 0) return;
        {
            const std::scoped_lock lock(waiting_mutex_);
        }  // whoever has looked in vain is asleep by now
        arrived_.notify_all();
    }
    /// Waits as `until(arrived, lock, is it there?)` says until `number` is in force.
    template <class Until>
    bool wait(Number number, const Until& until) {
        if (writer_.load(std::memory_order_relaxed) == std::this_thread::get_id())
            fail("stet: wait_for: nobody else can commit while a verb calls this function; wait when it has returned");
        struct Waiting {
            std::atomic<std::size_t>& count;
            explicit Waiting(std::atomic<std::size_t>& of) : count(of) {
                count.fetch_add(1, std::memory_order_seq_cst);
            }
            Waiting(const Waiting&) = delete;
            Waiting& operator=(const Waiting&) = delete;
            ~Waiting() { count.fetch_sub(1, std::memory_order_relaxed); }
        } waiting(waiting_);
        std::unique_lock lock(waiting_mutex_);
        return until(arrived_, lock, [&] {
            Side* const side = pin();
            const bool there = side->number >= number;
            unpin(side);
            return there;
        });
    }
    std::size_t sides() const {
        std::size_t count = 0;
        for (const Side* side = sides_; side != nullptr; side = side->next) ++count;
        return count;
    }

private:
    alignas(cache_line) std::atomic<Side*> current_{nullptr};
    alignas(cache_line) std::atomic<std::size_t> owners_{1};
    Side* sides_;
    std::recursive_mutex mutex_;
    std::size_t depth_ = 0;
    std::atomic<std::thread::id> writer_{};  // who holds it
    Watchers watchers_;
    std::atomic<std::size_t> waiting_{0};
    std::mutex waiting_mutex_;
    std::condition_variable arrived_;
};

/// A share in a pool.
template <class T>
class PoolShare {
public:
    PoolShare() = default;
    explicit PoolShare(Pool<T>* owned) noexcept : pool_(owned) {}
    PoolShare(const PoolShare& other) noexcept : pool_(other.pool_) {
        if (pool_ != nullptr) pool_->keep();
    }
    PoolShare(PoolShare&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)) {}
    PoolShare& operator=(PoolShare other) noexcept {
        std::swap(pool_, other.pool_);
        return *this;
    }
    ~PoolShare() {
        if (pool_ != nullptr) pool_->let_go();
    }
    Pool<T>* operator->() const { return pool_; }
    Pool<T>* get() const { return pool_; }

private:
    Pool<T>* pool_ = nullptr;
};

}  // namespace detail

/// Reads what a `Versioned` with the policy `Shared` holds, made by `versioned.reader()`: one for each thread, which
/// may outlive the versioned. What `read` returned stays as it is until the next call; a reader that does not read for
/// long keeps one value more in memory.
template <class T>
class Reader {
public:
    explicit Reader(detail::PoolShare<T> pool) : pool_(std::move(pool)), side_(pool_->pin()) {}
    Reader(const Reader& other) : Reader(other.pool_) {}
    Reader(Reader&& other) noexcept : pool_(std::move(other.pool_)), side_(std::exchange(other.side_, nullptr)) {}
    Reader& operator=(Reader other) noexcept {
        std::swap(pool_, other.pool_);
        std::swap(side_, other.side_);
        return *this;
    }
    ~Reader() {
        if (side_ != nullptr) detail::Pool<T>::unpin(side_);
    }

    /// The live value, whole; never waits. Costs one load and a compare while nothing changes.
    STET_ALWAYS_INLINE const T& read() & {
        if (side_->superseded.load(std::memory_order_acquire)) [[unlikely]]
            side_ = turn(*pool_.get(), side_);
        return side_->value;
    }
    template <class R = T>
    const R& read() && {
        static_assert(sizeof(R) == 0,
                      "stet: read: what it returns lives no longer than the reader; keep that: auto reader = "
                      "settings.reader();");
        return side_->value;
    }
    template <class R = T>
    const R& read() const& {
        static_assert(sizeof(R) == 0,
                      "stet: read: a reader that is const cannot turn to what is new; write auto reader");
        return side_->value;
    }
    /// The number of the revision that the last `read` returned.
    Number revision() const { return side_->number; }

private:
    using Side = typename detail::Pool<T>::Side;

    // Without the reader itself: one that is a variable of a function may stay in registers.
    STET_NO_INLINE static Side* turn(detail::Pool<T>& pool, Side* side) {
        detail::Pool<T>::unpin(side);
        return pool.pin();
    }

    detail::PoolShare<T> pool_;
    Side* side_;
};

/// Holds a function that `watch` was given; it ends with this handle. When the handle is gone no call of it is under
/// way, but for one that it was ended from.
template <class T>
class [[nodiscard("stet: watch: it ends with the handle that is returned here; keep that")]] Watch {
public:
    Watch() = default;
    Watch(detail::PoolShare<T> pool, detail::Watcher* watcher) : pool_(std::move(pool)) {
        const typename detail::Pool<T>::Guard lock(*pool_.get());
        subscription_ = Subscription(pool_->watchers(), watcher);
    }
    Watch(Watch&&) noexcept = default;
    Watch& operator=(Watch&& other) noexcept {
        end();
        pool_ = std::move(other.pool_);
        subscription_ = std::move(other.subscription_);
        return *this;
    }
    ~Watch() { end(); }
    /// Ends it now; allowed from inside the function itself.
    void end() noexcept {
        if (pool_.get() == nullptr) return;
        {
            const typename detail::Pool<T>::Guard lock(*pool_.get());
            subscription_.end();
        }
        pool_ = {};
    }

private:
    detail::PoolShare<T> pool_;
    Subscription subscription_;
};

namespace detail {

/// Where the live value of a shared `Versioned` is.
template <class T>
class SharedHome {
    using Side = typename Pool<T>::Side;

public:
    explicit SharedHome(T value) : pool_(new Pool<T>(std::move(value))) {}
    SharedHome(SharedHome&& other) noexcept : pool_((other.require_rest(), std::move(other.pool_))) {}
    SharedHome(const SharedHome&) = delete;
    SharedHome& operator=(const SharedHome&) = delete;
    ~SharedHome() { require_rest(); }

    T& get() { return pool_->current()->value; }
    const T& get() const { return pool_->current()->value; }
    typename Pool<T>::Guard guard() const {
        if (pool_.get() == nullptr) fail("stet: Versioned: its value was moved to another one; use that");
        return typename Pool<T>::Guard(*pool_.get());
    }
    bool is_read() const { return pool_->shared(); }
    const PoolShare<T>& pool() const { return pool_; }
    Reader<T> reader() const { return Reader<T>(pool_); }
    void tell(const void* patch) noexcept { pool_->watchers().tell(patch, When::after); }
    template <class Where, class F>
    Watch<T> watch(Where where, F f) const {
        static_assert(
            requires(const Patch<T>& patch) { patch.touches(where); },
            "stet: watch: write where: stet::field<\"name\">, or a stet::Path<T>");
        static_assert(std::invocable<F&, const Patch<T>&> || std::invocable<F&>,
                      "stet: watch: the function takes (const Patch<T>&) or nothing, and is called after the change");
        Part<Watcher> owned(new PatchWatcher<T, Where, F>(std::move(where), std::move(f)));
        return Watch<T>(pool_, owned.release());
    }
    void wait(Number number) const {
        pool_->wait(number, [](auto& arrived, auto& lock, const auto& there) {
            arrived.wait(lock, there);
            return true;
        });
    }
    template <class Duration>
    bool wait(Number number, const Duration& most) const {
        return pool_->wait(
            number, [&](auto& arrived, auto& lock, const auto& there) { return arrived.wait_for(lock, most, there); });
    }
    void number(Number head) { pool_->current()->number = head; }

    /// A value to come, on a side that nobody reads.
    class Draft {
    public:
        explicit Draft(const SharedHome& home) : pool_(*home.pool_.get()), side_(pool_.take()) {}
        Draft(const Draft&) = delete;
        Draft& operator=(const Draft&) = delete;
        ~Draft() { Pool<T>::give_back(side_); }

        /// Makes it equal to the current value, which is revision `head`; `patch_of(n)` led to revision n, or is
        /// nullptr.
        template <class PatchOf>
        T& update(Number head, const PatchOf& patch_of) {
            constexpr Number most = 64;  // a side that a reader held for long is copied
            catch_up(side_->value, begin(), pool_.current()->value, head, most, patch_of);
            return side_->value;
        }
        /// Another value.
        void assign(T&& value) {
            begin();
            side_->value = std::move(value);
        }
        const T& value() const { return side_->value; }
        T& get() { return side_->value; }
        /// It is revision `number`, for all to see.
        void publish(Number number) noexcept {
            side_->number = number;
            pool_.publish(side_);
        }
        /// It is what the current value is, for the next one to change.
        void keep(Number head) noexcept { side_->number = head; }
        static void withdraw() noexcept {}

    private:
        Number begin() noexcept { return std::exchange(side_->number, 0); }  // until all is done it is nothing
        Pool<T>& pool_;
        Side* side_;
    };

private:
    void require_rest() const {
        if (pool_.get() != nullptr && pool_->watchers().busy())
            fail(
                "stet: Versioned: it is destroyed or moved in a function that it calls; do that when the call has "
                "returned");
    }

    PoolShare<T> pool_;
};

}  // namespace detail

/// The policy: `stet::Versioned settings{Settings{}, stet::Shared{}};` Every verb may be called by any thread; they
/// wait for one another. Reading: `auto reader = settings.reader();`, one for each thread.
struct Shared {
    template <class T>
    using home = detail::SharedHome<T>;
};

}  // namespace stet
