// The verbs of stet beside hand-written code that gives the same thing. Names are verb/case/struct/who; `bench/run`
// makes a table of ratios of them. Who: stet, hand (as fast as it gets), hand_copy (a whole copy of T for each commit).

#include "hand.hpp"
#include "structs.hpp"

#include <stet/stet.hpp>

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace bench;
using benchmark::State;

constexpr std::size_t undo_steps = 100;
constexpr std::size_t kept_revisions = 10;
const stet::Change tuning{.author = "operator", .reason = "evening tuning", .source = "console"};

template <class Q>
void use(Q& result) {
    benchmark::DoNotOptimize(result);
    benchmark::ClobberMemory();
}
[[noreturn]] void wrong(const char* what) {
    std::fprintf(stderr, "bench: %s\n", what);
    std::abort();
}

struct Stet {
    template <class T>
    using History = stet::History<T, undo_steps>;
    template <class T>
    using Versioned = stet::Versioned<T, stet::Memory<T, kept_revisions>>;
    template <class T>
    static Versioned<T> versioned(const T& value) {
        return Versioned<T>(value, stet::Memory<T, kept_revisions>{});
    }
    template <class T>
    static auto diff(const T& a, const T& b) {
        return stet::diff(a, b);
    }
    template <class T, class P>
    static auto check(const T& value, const P& patch) {
        return stet::check(value, patch);
    }
    template <class R>
    static bool ok(const R& result) {
        return static_cast<bool>(result);
    }
};
template <hand::Draft How>
struct Hand {
    template <class T>
    using History = hand::History<T, undo_steps, How>;
    template <class T>
    using Versioned = hand::Versioned<T, kept_revisions, How>;
    template <class T>
    static Versioned<T> versioned(const T& value) {
        return Versioned<T>(value);
    }
    template <class T>
    static auto diff(const T& a, const T& b) {
        return hand::diff(a, b);
    }
    template <class T, class P>
    static auto check(const T& value, const P& patch) {
        return hand::check(value, patch);
    }
    template <class R>
    static bool ok(R result) {
        return result != 0;
    }
};

template <class Who, class T>
void diff_equal(State& state) {
    const T a = make<T>();
    const T b = make<T>();
    for (auto _ : state) {
        auto patch = Who::diff(a, b);
        use(patch);
    }
}

template <class Who, class T>
void diff_one(State& state) {
    const T a = make<T>();
    const std::vector<Spot> all = spots<T>();
    const std::vector<std::uint32_t> order = shuffled(all.size());
    std::size_t i = 0;
    if constexpr (std::is_same_v<T, L>) {  // one that changes, so that all of it stays in the cache
        T b = a;
        for (auto _ : state) {
            const Spot& spot = all[order[++i % order.size()]];
            flip(b, spot);
            auto patch = Who::diff(a, b);
            use(patch);
            flip(b, spot);
        }
    } else {
        std::vector<T> changed(all.size(), a);
        for (std::size_t k = 0; k < all.size(); ++k) flip(changed[k], all[k]);
        for (auto _ : state) {
            auto patch = Who::diff(a, changed[order[++i % order.size()]]);
            use(patch);
        }
    }
}

template <class Who, class T>
void check_one(State& state) {
    const T a = make<T>();
    const std::vector<Spot> all = spots<T>();
    const std::vector<std::uint32_t> order = shuffled(all.size());
    std::vector<decltype(Who::diff(a, a))> patches;
    patches.reserve(all.size());
    T b = a;
    for (const Spot& spot : all) {
        flip(b, spot);
        patches.push_back(Who::diff(a, b));
        if (!Who::check(b, patches.back()).empty()) wrong("a rule is broken");
        flip(b, spot);
    }
    std::size_t i = 0;
    for (auto _ : state) {
        auto broken = Who::check(a, patches[order[++i % order.size()]]);
        use(broken);
    }
}

template <class Who, class T>
void commit_history(State& state) {
    const std::vector<Spot> all = spots<T>();
    const std::vector<std::uint32_t> order = shuffled(all.size());
    typename Who::template History<T> history(make<T>());
    std::size_t i = 0;
    const auto commit = [&] {
        return Who::ok(history.commit([&](T& draft) { flip(draft, all[order[++i % order.size()]]); }));
    };
    for (std::size_t filled = 0; filled < 2 * undo_steps; ++filled)
        if (!commit()) wrong("a commit was refused");
    for (auto _ : state) {
        bool done = commit();
        use(done);
    }
}

template <class Who, class T>
void commit_versioned(State& state) {
    const std::vector<Spot> all = spots<T>();
    const std::vector<std::uint32_t> order = shuffled(all.size());
    auto versioned = Who::versioned(make<T>());
    std::size_t i = 0;
    const auto commit = [&] {
        return Who::ok(versioned.commit([&](T& draft) { flip(draft, all[order[++i % order.size()]]); }, tuning));
    };
    for (std::size_t filled = 0; filled < 2 * kept_revisions; ++filled)
        if (!commit()) wrong("a commit was refused");
    const stet::Number before = versioned.head();
    if (!commit() || versioned.head() != before + 1) wrong("a commit made no revision");
    for (auto _ : state) {
        bool done = commit();
        use(done);
    }
}

// Several of them, each with another leaf that changed last; rolled back again and again.
template <class Who, class T>
void rollback_one(State& state) {
    const std::vector<Spot> all = spots<T>();
    const std::vector<std::uint32_t> order = shuffled(all.size());
    std::deque<typename Who::template Versioned<T>> versioned;
    for (const Spot& spot : all) {
        versioned.push_back(Who::versioned(make<T>()));
        for (std::size_t filled = 0; filled < 2 * kept_revisions; ++filled)
            if (!Who::ok(versioned.back().commit([&](T& draft) { flip(draft, spot); }, tuning)))
                wrong("a commit was refused");
    }
    std::size_t i = 0;
    for (auto _ : state) {
        bool done = Who::ok(versioned[order[++i % order.size()]].rollback(tuning));
        use(done);
    }
    for (const auto& one : versioned)
        if (one.head() < 2 * kept_revisions + 1) wrong("a rollback made no revision");
}

// With BENCH_ITERATIONS=n every benchmark runs exactly n times: to count instructions.
void add(const std::string& name, void (*run)(State&)) {
    auto* const added = benchmark::RegisterBenchmark(name.c_str(), run);
    if (const char* const iterations = std::getenv("BENCH_ITERATIONS")) added->Iterations(std::atoll(iterations));
}
template <class Who, class T>
void add_all(const std::string& name, const std::string& who) {
    add("diff/equal/" + name + "/" + who, diff_equal<Who, T>);
    add("diff/one/" + name + "/" + who, diff_one<Who, T>);
    add("commit/history/" + name + "/" + who, commit_history<Who, T>);
    add("commit/versioned/" + name + "/" + who, commit_versioned<Who, T>);
    add("check/one/" + name + "/" + who, check_one<Who, T>);
    add("rollback/one/" + name + "/" + who, rollback_one<Who, T>);
}
template <class T>
void add_struct(const std::string& name) {
    add_all<Hand<hand::Draft::kept>, T>(name, "hand");
    add_all<Stet, T>(name, "stet");
    if constexpr (!std::is_same_v<T, S>) {
        using Copying = Hand<hand::Draft::copied>;
        add("commit/history/" + name + "/hand_copy", commit_history<Copying, T>);
        add("commit/versioned/" + name + "/hand_copy", commit_versioned<Copying, T>);
    }
}

}  // namespace

int main(int argc, char** argv) {
    add_struct<S>("S");
    add_struct<M>("M");
    add_struct<L>("L");
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
