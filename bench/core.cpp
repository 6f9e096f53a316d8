// The verbs of stet beside hand-written code that gives the same thing.

#include "frame.hpp"
#include "hand.hpp"
#include "structs.hpp"

#include <stet/stet.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace bench;

constexpr std::size_t undo_steps = 100;
constexpr std::size_t kept_revisions = 10, many_revisions = 100;
const stet::Change tuning{.author = "operator", .reason = "evening tuning", .source = "console"};

struct Stet {
    template <class T>
    using History = stet::History<T, undo_steps>;
    template <class T, std::size_t N = kept_revisions>
    using Versioned = stet::Versioned<T, stet::Memory<T, N>>;
    template <class T, std::size_t N = kept_revisions>
    static Versioned<T, N> versioned(const T& value) {
        return Versioned<T, N>(value, stet::Memory<T, N>{});
    }
    template <class T, class P>
    static auto apply(const P& patch, T value) {
        return stet::apply(patch, std::move(value));
    }
    template <class T>
    static auto diff(const T& a, const T& b) {
        return stet::diff(a, b);
    }
    static bool same(const S& a, const S& b) { return stet::equal(a, b); }
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
    template <class T, std::size_t N = kept_revisions>
    using Versioned = hand::Versioned<T, N, How>;
    template <class T, std::size_t N = kept_revisions>
    static Versioned<T, N> versioned(const T& value) {
        return Versioned<T, N>(value);
    }
    template <class T, class P>
    static auto apply(const P& patch, T value) {
        return hand::apply(patch, std::move(value));
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
    measure(state, [&] { return Who::diff(a, b); });
}
// What nobody can do without.
void equal_bytes(State& state) {
    const S a = make<S>();
    const S b = make<S>();
    measure(state, [&] {
        use(a);
        return std::memcmp(&a, &b, sizeof a) == 0;
    });
}
template <class Who>
void equal_values(State& state) {
    const S a = make<S>();
    const S b = make<S>();
    measure(state, [&] {
        use(a);
        return Who::same(a, b);
    });
}

template <class Who, class T>
void diff_one(State& state) {
    const T a = make<T>();
    const std::vector<Spot> all = spots<T>();
    const std::vector<std::uint32_t> order = shuffled(all.size());
    std::size_t i = 0;
    if constexpr (std::is_same_v<T, L>) {  // one that changes, so that all of it stays in the cache
        T b = a;
        measure(state, [&] {
            const Spot& spot = all[order[++i % order.size()]];
            flip(b, spot);
            auto patch = Who::diff(a, b);
            flip(b, spot);
            return patch;
        });
    } else {
        std::vector<T> changed(all.size(), a);
        for (std::size_t k = 0; k < all.size(); ++k) flip(changed[k], all[k]);
        measure(state, [&] { return Who::diff(a, changed[order[++i % order.size()]]); });
    }
}

// One leaf, there and back again.
template <class Who, class T>
void apply_one(State& state) {
    T value = make<T>();
    const std::vector<Spot> all = spots<T>();
    const std::vector<std::uint32_t> order = shuffled(all.size());
    std::vector<decltype(Who::diff(value, value))> there;
    std::vector<decltype(Who::diff(value, value))> back;
    T changed = value;
    for (const Spot& spot : all) {
        flip(changed, spot);
        there.push_back(Who::diff(value, changed));
        back.push_back(Who::diff(changed, value));
        flip(changed, spot);
    }
    std::size_t i = 0;
    measure(state, [&] {
        const std::uint32_t at = order[i++ / 2 % order.size()];
        auto applied = Who::apply(i % 2 != 0 ? there[at] : back[at], std::move(value));
        if (!applied) wrong("a patch does not fit");
        value = *std::move(applied);
        return true;
    });
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
    measure(state, [&] { return Who::check(a, patches[order[++i % order.size()]]); });
}

// One leaf with a rule, where three other fields have one, or all 39: what the others say must cost nothing.
#define BENCH_FOUR(X, n) X(a##n), X(b##n), X(c##n), X(d##n)
#define BENCH_FORTY(X)                                                                                          \
    BENCH_FOUR(X, 0), BENCH_FOUR(X, 1), BENCH_FOUR(X, 2), BENCH_FOUR(X, 3), BENCH_FOUR(X, 4), BENCH_FOUR(X, 5), \
        BENCH_FOUR(X, 6), BENCH_FOUR(X, 7), BENCH_FOUR(X, 8), BENCH_FOUR(X, 9)
#define BENCH_NAME(f) f
#define BENCH_RULED(f) field<#f>(stet::in_range(0, 100))
struct FewRules {
    int BENCH_FORTY(BENCH_NAME);
    static constexpr auto schema() { return stet::fields(BENCH_FOUR(BENCH_RULED, 4)); }
};
struct ManyRules {
    int BENCH_FORTY(BENCH_NAME);
    static constexpr auto schema() { return stet::fields(BENCH_FORTY(BENCH_RULED)); }
};
#undef BENCH_FOUR
#undef BENCH_FORTY
#undef BENCH_NAME
#undef BENCH_RULED
template <class T>
void check_among(State& state) {
    const T before{};
    T after{};
    after.c4 = 1;
    const auto patch = stet::diff(before, after);
    measure(state, [&] {
        use(after);
        return stet::check(after, patch);
    });
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
    measure(state, commit);
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
    measure(state, commit);
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
    measure(state, [&] { return Who::ok(versioned[order[++i % order.size()]].rollback(tuning)); });
    for (const auto& one : versioned)
        if (one.head() < 2 * kept_revisions + 1) wrong("a rollback made no revision");
}

// Back by fifty revisions, and by fifty again: forward to what was there before.
template <class Who, class T>
void rollback_fifty(State& state) {
    const std::vector<Spot> all = spots<T>();
    auto versioned = Who::template versioned<T, many_revisions>(make<T>());
    std::size_t i = 0;
    for (std::size_t filled = 0; filled < 2 * many_revisions; ++filled)
        if (!Who::ok(versioned.commit([&](T& draft) { flip(draft, all[++i % all.size()]); }, tuning)))
            wrong("a commit was refused");
    measure(state, [&] {
        if (!Who::ok(versioned.commit([&](T& draft) { flip(draft, all[++i % all.size()]); }, tuning)))
            wrong("a commit was refused");
        return Who::ok(versioned.rollback_to(versioned.head() - 50, tuning));
    });
}

// What a retained revision of one leaf takes, with who, when and why.
template <class Who, class T>
void revision_bytes(State& state) {
    const std::vector<Spot> all = spots<T>();
    std::size_t i = 0;
    const auto bytes = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
        const std::int64_t before = held;
        const auto versioned =
            std::make_unique<typename Who::template Versioned<T, N>>(Who::template versioned<T, N>(make<T>()));
        for (std::size_t filled = 0; filled < 3 * N; ++filled)
            if (!Who::ok(versioned->commit([&](T& draft) { flip(draft, all[++i % all.size()]); }, tuning)))
                wrong("a commit was refused");
        return static_cast<double>(held - before);
    };
    weigh(state, [&] {
        const double few = bytes(std::integral_constant<std::size_t, 64>{});
        return (bytes(std::integral_constant<std::size_t, 320>{}) - few) / 256;
    });
}

template <class Who, class T>
void add_all(const std::string& name, const std::string& who) {
    add("diff/equal/" + name + "/" + who, diff_equal<Who, T>);
    add("diff/one/" + name + "/" + who, diff_one<Who, T>);
    add("commit/history/" + name + "/" + who, commit_history<Who, T>);
    add("commit/versioned/" + name + "/" + who, commit_versioned<Who, T>);
    add("apply/one/" + name + "/" + who, apply_one<Who, T>);
    add("check/one/" + name + "/" + who, check_one<Who, T>);
    add("rollback/one/" + name + "/" + who, rollback_one<Who, T>);
    add("rollback/fifty/" + name + "/" + who, rollback_fifty<Who, T>);
    add("bytes/revision/" + name + "/" + who, revision_bytes<Who, T>);
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
    add("check/few/S/stet", check_among<FewRules>);
    add("check/many/S/stet", check_among<ManyRules>);
    add("equal/same/S/hand", equal_bytes);
    add("equal/same/S/stet", equal_values<Stet>);
    return run(argc, argv);
}
