#pragma once
// What all benchmarks share: names, one loop that also counts allocations, and what a retained thing takes. A name is
// verb/case/struct/who: stet, hand (by hand, as fast as it gets), hand_copy (a whole copy of T for each commit), or
// another library. `bench/table` makes a table of ratios of them. One .cpp is one program, which includes this once.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace bench {

using benchmark::State;

inline std::uint64_t allocations = 0;
inline std::int64_t held = 0;  // bytes of the heap, counted while `counts_bytes`
inline bool counts_bytes = false;

inline std::int64_t size_of([[maybe_unused]] void* memory) {
#ifdef __GLIBC__
    return static_cast<std::int64_t>(malloc_usable_size(memory)) + 8;  // and what malloc keeps of it
#else
    return 0;
#endif
}
inline void* counted(void* memory) {
    if (memory == nullptr) throw std::bad_alloc();
    ++allocations;
    if (counts_bytes) held += size_of(memory);
    return memory;
}
inline void uncounted(void* memory) {
    if (counts_bytes && memory != nullptr) held -= size_of(memory);
    std::free(memory);
}

template <class Q>
void use(Q& result) {
    benchmark::DoNotOptimize(result);
    benchmark::ClobberMemory();
}
[[noreturn]] inline void wrong(const char* what) {
    std::fprintf(stderr, "bench: %s\n", what);
    std::abort();
}

/// Runs `once()` as often as the benchmark wants; what it returns is used.
template <class F>
void measure(State& state, const F& once) {
    const std::uint64_t before = allocations;
    for (auto _ : state) {
        auto result = once();
        use(result);
    }
    state.counters["allocs"] = static_cast<double>(allocations - before) / static_cast<double>(state.iterations());
    state.counters["bytes"] = 0;
}

/// What `bytes()` says that something takes; while it does, `held` counts all memory that is taken and not given back.
template <class F>
void weigh(State& state, const F& bytes) {
    for (auto _ : state) {
        counts_bytes = true;
        held = 0;
        state.counters["bytes"] = bytes();
        counts_bytes = false;
    }
    state.counters["allocs"] = 0;
}

/// With BENCH_ITERATIONS=n every benchmark runs exactly n times: to count instructions.
inline auto* add(const std::string& name, void (*run)(State&)) {
    auto* const added = benchmark::RegisterBenchmark(name.c_str(), run);
    if (name.rfind("bytes/", 0) == 0) return added->Iterations(1);
    if (const char* const iterations = std::getenv("BENCH_ITERATIONS")) added->Iterations(std::atoll(iterations));
    return added;
}

inline int run(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

}  // namespace bench

// A compiler that sees inside takes them for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) { return bench::counted(std::malloc(size)); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto to = static_cast<std::size_t>(alignment);
    return bench::counted(std::aligned_alloc(to, (size + to - 1) / to * to));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { bench::uncounted(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { bench::uncounted(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { bench::uncounted(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    bench::uncounted(memory);
}
