// Reading the live value while another thread commits: nobody, 10,000 times a second, or flat out. Who: hand (a read
// without any protection, the bound), stet (a reader of stet::Shared), and what else users would take. And what it
// costs to publish one changed leaf while somebody reads, beside copying the whole value for that.

#include "structs.hpp"

#include <stet/shared.hpp>
#include <stet/stet.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

namespace {

using namespace bench;
using benchmark::State;

// What somebody needs at once.
float seen(const S& s) {
    return s.audio.master * s.audio.sfx + s.camera.x + static_cast<float>(s.video.width) / s.sensitivity;
}
float seen(const M& m) { return static_cast<float>(m.db.pool_max - m.db.pool_min + m.timeouts.read_ms); }
float seen(const L& l) {
    const auto& e = l.entities[4711];
    return e.x * e.x + e.y * e.y + e.hp + static_cast<float>(l.tick);
}
void change(S& s, std::uint32_t n) { s.audio.sfx = static_cast<float>(n & 0xFFU) / 256; }
void change(M& m, std::uint32_t n) { m.db.pool_max = 64 + static_cast<int>(n & 0xFFU); }
void change(L& l, std::uint32_t n) { l.entities[4711].hp = static_cast<float>(n & 0xFFU); }

template <class T>
struct Plain {  // no protection at all, and so nobody may write
    T value = make<T>();
    struct Reader {
        const T& value;
        float read() { return seen(value); }
    };
    Reader reader() { return {value}; }
    void write(std::uint32_t) {}
};
template <class T>
struct Stet {
    stet::Versioned<T, stet::Shared> value{make<T>(), stet::Shared{}};
    struct Reader {
        stet::Reader<T> value;
        float read() { return seen(value.read()); }
    };
    Reader reader() { return {value.reader()}; }
    void write(std::uint32_t n) {
        const auto done = value.edit([n](auto& edit) {
            if constexpr (std::is_same_v<T, S>) edit.set(field<"audio.sfx">, static_cast<float>(n & 0xFFU) / 256);
            else if constexpr (std::is_same_v<T, M>) edit.set(field<"db.pool_max">, 64 + static_cast<int>(n & 0xFFU));
            else edit.at(field<"entities">)[4711].set(field<"hp">, static_cast<float>(n & 0xFFU));
        });
        if (!done) std::abort();
    }
};
template <class T, class Mutex, class ReadLock>
struct Locked {
    T value = make<T>();
    Mutex mutex;
    struct Reader {
        Locked& all;
        float read() {
            const ReadLock lock(all.mutex);
            return seen(all.value);
        }
    };
    Reader reader() { return {*this}; }
    void write(std::uint32_t n) {
        const std::unique_lock lock(mutex);
        change(value, n);
    }
};
template <class T>
using WithMutex = Locked<T, std::mutex, std::unique_lock<std::mutex>>;
template <class T>
using WithSharedMutex = Locked<T, std::shared_mutex, std::shared_lock<std::shared_mutex>>;
template <class T>
struct AtomicPointer {
    std::atomic<std::shared_ptr<const T>> value{std::make_shared<const T>(make<T>())};
    struct Reader {
        AtomicPointer& all;
        float read() { return seen(*all.value.load(std::memory_order_acquire)); }
    };
    Reader reader() { return {*this}; }
    void write(std::uint32_t n) {
        auto next = std::make_shared<T>(*value.load());
        change(*next, n);
        value.store(std::move(next));
    }
};
template <class T>
struct CachedPointer {  // a number that is looked at, and behind it a pointer that each thread keeps
    std::atomic<std::uint64_t> version{1};
    std::shared_ptr<const T> value{std::make_shared<const T>(make<T>())};
    std::mutex mutex;
    struct Reader {
        CachedPointer& all;
        std::uint64_t version = 0;
        std::shared_ptr<const T> value{};
        float read() {
            if (const auto now = all.version.load(std::memory_order_acquire); now != version) [[unlikely]] {
                const std::scoped_lock lock(all.mutex);
                value = all.value;
                version = now;
            }
            return seen(*value);
        }
    };
    Reader reader() { return {*this}; }
    void write(std::uint32_t n) {
        auto next = std::make_shared<T>(*value);
        change(*next, n);
        const std::scoped_lock lock(mutex);
        value = std::move(next);
        version.fetch_add(1, std::memory_order_release);
    }
};

// Commits until it is gone.
template <class Value>
class Writer {
public:
    Writer(Value& value, std::chrono::nanoseconds pause) {
        if (pause.count() < 0) return;
        thread_ = std::thread([this, &value, pause] {
            std::uint32_t n = 0;
            for (auto next = std::chrono::steady_clock::now(); !stop_.load(std::memory_order_relaxed);) {
                value.write(++n);
                next += pause;
                while (pause.count() > 0 && std::chrono::steady_clock::now() < next && !stop_)
                    std::this_thread::yield();
            }
        });
    }
    ~Writer() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }

private:
    alignas(64) std::atomic<bool> stop_ = false;
    std::thread thread_;
};
constexpr std::chrono::nanoseconds nobody{-1}, flat_out{0}, often{100'000};

template <class Value>
void read_value(State& state, std::chrono::nanoseconds pause) {
    Value value;
    const Writer<Value> writer(value, pause);
    auto reader = value.reader();
    for (auto _ : state) {
        float one = reader.read();
        benchmark::DoNotOptimize(one);
        benchmark::ClobberMemory();
    }
}
// The same with a second reader beside it: two read twice as much if that costs nothing.
template <class Value>
void read_beside(State& state) {
    Value value;
    std::atomic<bool> stop = false;
    std::thread other([&] {
        auto reader = value.reader();
        while (!stop.load(std::memory_order_relaxed))
            for (int i = 0; i < 1000; ++i) {
                float one = reader.read();
                benchmark::DoNotOptimize(one);
                benchmark::ClobberMemory();
            }
    });
    auto reader = value.reader();
    for (auto _ : state) {
        float one = reader.read();
        benchmark::DoNotOptimize(one);
        benchmark::ClobberMemory();
    }
    stop = true;
    other.join();
}
// What the writer pays for one leaf, with a reader that follows.
template <class Value>
void publish(State& state) {
    Value value;
    std::atomic<bool> stop = false;
    std::thread other([&] {
        auto reader = value.reader();
        for (auto next = std::chrono::steady_clock::now(); !stop;) {
            float one = reader.read();
            benchmark::DoNotOptimize(one);
            next += often;
            while (std::chrono::steady_clock::now() < next && !stop) std::this_thread::yield();
        }
    });
    std::uint32_t n = 0;
    for (auto _ : state) value.write(++n);
    stop = true;
    other.join();
}

template <class Value>
void add(const std::string& of, const std::string& who) {
    const auto with = [&](const std::string& name, std::chrono::nanoseconds pause) {
        benchmark::RegisterBenchmark((name + of + who).c_str(),
                                     [pause](State& state) { read_value<Value>(state, pause); });
    };
    with("read/idle/", nobody);
    benchmark::RegisterBenchmark(("read/beside/" + of + who).c_str(), read_beside<Value>);
    if (who == "hand") return;
    with("read/often/", often);
    with("read/flat_out/", flat_out);
    benchmark::RegisterBenchmark(("publish/one/" + of + who).c_str(), publish<Value>);
}
template <class T>
void add_struct(const std::string& name) {
    add<Plain<T>>(name + "/", "hand");
    add<Stet<T>>(name + "/", "stet");
    add<CachedPointer<T>>(name + "/", "cached_ptr");
    add<AtomicPointer<T>>(name + "/", "atomic_ptr");
    add<WithMutex<T>>(name + "/", "mutex");
    add<WithSharedMutex<T>>(name + "/", "shared_mutex");
}

}  // namespace

int main(int argc, char** argv) {
    if (std::getenv("BENCH_ITERATIONS") == nullptr) {  // counting instructions says nothing about threads
        add_struct<S>("S");
        add_struct<M>("M");
        add_struct<L>("L");
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
