#pragma once
// A storage is a storage: the same verbs, in an order of chance, over it and over one in memory, and after each of them
// both tell the same.

#include <stet/policy/memory.hpp>
#include <stet/render/text.hpp>
#include <stet/versioned.hpp>

#include "../bot.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <utility>

namespace policy {

struct Script {
    std::mt19937 random;
    int number(int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); }
    std::string name() { return "n" + std::to_string(number(4)); }
    stet::Number revision(stet::Number head) { return random() % (head + 2); }
};

inline void change(bot::Settings& s, Script script) {
    switch (script.number(9)) {
        case 0:
            s.port = script.number(70000);  // some break the rule
            break;
        case 1:
            s.name = std::string(static_cast<std::size_t>(script.number(40)), 'n');
            break;
        case 2:
            s.routes.push_back({script.number(100), "to\nquote\"\xff" + script.name()});
            break;
        case 3:
            if (!s.routes.empty()) s.routes.erase(s.routes.begin() + script.number(static_cast<int>(s.routes.size())));
            break;
        case 4:
            s.limits[script.name()] = script.number(5);
            break;
        case 5:
            if (script.number(2) == 0) s.spare.reset();
            else s.spare = bot::Route{script.number(3), "spare"};
            break;
        case 6:
            if (script.number(2) == 0) s.target = script.number(9);
            else s.target = bot::Route{1, script.name()};
            break;
        case 7:
            s.llm.temperature = script.number(30) / 10.0;
            s.mode = bot::Mode::full;
            break;
        default:
            s.hits += 1;  // not versioned
            s.weights[1] = script.number(4);
    }
}
inline void change(bot::Motor& m, Script script) {
    if (script.number(2) == 0) m.rpm = static_cast<std::uint16_t>(script.number(12000));
    else m.pid.kp = static_cast<float>(script.number(100)) / 8;
}

template <class A, class B>
void same(const A& a, const B& b) {
    REQUIRE(a.head() == b.head());
    REQUIRE(stet::text(a.current()) == stet::text(b.current()));
    REQUIRE(a.size() == b.size());
    REQUIRE(a.snapshots() == b.snapshots());
    const auto one = a.history();
    const auto other = b.history();
    REQUIRE(one.size() == other.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        REQUIRE(one[i].number == other[i].number);
        REQUIRE(one[i].previous == other[i].previous);
        REQUIRE(one[i].author == other[i].author);
        REQUIRE(one[i].reason == other[i].reason);
        REQUIRE(one[i].origin == other[i].origin);
        REQUIRE(one[i].metadata == other[i].metadata);
    }
}
template <class A, class B>
void same_at(const A& a, const B& b, stet::Number number, bool transient) {
    const auto one = a.at(number);
    const auto other = b.at(number);
    REQUIRE(one.has_value() == other.has_value());
    if (!one) {
        REQUIRE(one.error().code() == other.error().code());
        return;
    }
    REQUIRE(stet::diff(one->value(), other->value()).empty());
    if (transient) REQUIRE(stet::text(one->value()) == stet::text(other->value()));
}

// One verb, the same on both: how it went.
template <class V>
std::pair<stet::Number, stet::Errc> step(V& versioned, Script script) {
    const auto told = [](const auto& result) -> std::pair<stet::Number, stet::Errc> {
        if (result) return {*result, {}};
        return {0, result.error().code()};
    };
    using T = typename V::value_type;
    const stet::Number head = versioned.head();
    const std::string author = "a" + script.name();
    const stet::Change who{.author = author, .reason = "because\n\xfe", .metadata = {{"k", script.name()}}};
    switch (script.number(14)) {
        case 0:
            return told(versioned.rollback(who));
        case 1:
            return told(versioned.rollback_to(script.revision(head), who));
        case 2:
            return told(versioned.rollback_to(script.name(), who));
        case 3:
            return told(versioned.revert(script.revision(head), who));
        case 4:
            return told(versioned.snapshot(script.name()));
        case 5:
            return told(versioned.release(script.name()));
        case 6:
            return script.number(3) == 0 ? told(versioned.prune(static_cast<std::size_t>(script.number(12))))
                                         : std::pair<stet::Number, stet::Errc>{};
        case 7: {
            const auto plan = versioned.plan_rollback(script.revision(head));
            return plan ? told(versioned.execute(*plan)) : std::pair{stet::Number{0}, plan.error().code()};
        }
        case 8:
            return told(versioned.commit([&](T& v) { change(v, script); },
                                         {.expected = script.revision(head), .on_conflict = stet::merge}));
        default:
            return told(versioned.commit([&](T& v) { change(v, script); }, who));
    }
}

/// `reopen(versioned)` closes it and opens it again, from time to time.
template <class V, class Reopen>
void same_as_memory(V first, unsigned seed, int steps, const Reopen& reopen) {
    using T = typename V::value_type;
    using Model = stet::Versioned<T, stet::Memory<T, 100000>, bot::FakeClock>;
    Model model(T{}, stet::Memory<T, 100000>{}, bot::FakeClock{});
    Script script{std::mt19937(seed)};
    bool transient = true;  // until it was opened again, both have what is not versioned
    std::optional<V> now(std::move(first));
    for (int i = 0; i < steps; ++i) {
        CAPTURE(seed);
        CAPTURE(i);
        const Script here{std::mt19937(static_cast<unsigned>(script.random()))};
        const auto one = step(model, here);
        const auto other = step(*now, here);
        REQUIRE(one.first == other.first);
        REQUIRE(static_cast<int>(one.second) == static_cast<int>(other.second));
        if (script.number(25) == 0) {
            V next = reopen(std::move(*now));
            now.reset();
            now.emplace(std::move(next));
            transient = false;
        }
        if (transient) same(model, *now);
        else REQUIRE(stet::diff(model.current(), now->current()).empty());
        same_at(model, *now, script.revision(model.head()), transient);
    }
}

}  // namespace policy
