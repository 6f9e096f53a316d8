#include <stet/history_revert.hpp>

#include <stet/history_branching.hpp>
#include <stet/stet.hpp>

#include "bot.hpp"
#include "both.hpp"
#include "every_kind.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <type_traits>

using bot::Motor;
using bot::Settings;
using stet::Errc;
using stet::field;
using stet::History;
using stet::Side;

namespace {

template <class Kept>
inline constexpr stet::Limit limit = std::is_same_v<Kept, stet::Deltas> ? stet::Limit(stet::bytes{400}) : 9;

template <class Kept>
constexpr bool reverts() {
    History<Motor, limit<Kept>, Kept> history{Motor{}};
    if (!history.set(field<"rpm">, 200)) return false;
    if (!history.commit([](Motor& m) { m.pid.kp = 2, m.pins[0] = 5; })) return false;
    if (!history.commit([](Motor& m) { m.pins[1] = 6, m.mode = bot::Mode::full; })) return false;
    if (!history.set(field<"hits">, 7) || history.size() != 4) return false;
    // what came later stays, in the same array, too
    if (!history.revert(2) || history.size() != 5 || history.position() != 4) return false;
    const auto now = [&]() -> const Motor& { return history.current(); };
    if (now().pid.kp != 1 || now().pins != std::array<int, 2>{4, 6} || now().rpm != 200 || now().hits != 7)
        return false;
    if (now().mode != bot::Mode::full) return false;
    // a step like any other
    if (!history.undo() || now().pid.kp != 2 || now().pins[0] != 5 || !history.redo() || now().pid.kp != 1)
        return false;
    // what a revert did can be reverted
    if (!history.revert(4) || now().pid.kp != 2 || now().pins[0] != 5 || history.size() != 6) return false;
    // the last one; of which nothing is left: that is no step
    return history.revert(5) && now().pid.kp == 1 && history.size() == 7 && history.revert(2) && history.size() == 7;
}

template <class Kept>
constexpr bool conflicts() {
    History<Motor, limit<Kept>, Kept> history{Motor{}};
    if (!history.commit([](Motor& m) { m.rpm = 200, m.pid.kp = 2, m.pid.ki = 4; })) return false;
    if (!history.commit([](Motor& m) { m.rpm = 300, m.pid.kp = 3; })) return false;
    const auto both = history.revert(1);
    if (both || both.error().code() != Errc::merge_conflict || both.error().subject() != "rpm") return false;
    const auto one = history.revert(1, {Side::theirs});
    if (one || one.error().code() != Errc::merge_conflict || one.error().subject() != "pid.kp") return false;
    if (history.size() != 3 || history.current().rpm != 300 || history.current().pid.ki != 4) return false;
    if (!history.revert(1, {Side::theirs, Side::ours})) return false;
    return history.current().rpm == 3000 && history.current().pid.kp == 3 && history.current().pid.ki == 0;
}

template <class Kept>
constexpr bool refused() {
    History<Motor, limit<Kept>, Kept> history{Motor{}};
    if (!history.set(field<"rpm">, 200) || !history.set(field<"rpm">, 300) || !history.undo()) return false;
    for (const std::size_t none : {0U, 2U, 3U, 99U}) {  // that was the begin, is undone, never was
        const auto no = history.revert(none);
        if (no || no.error().code() != Errc::no_such_element) return false;
    }
    const auto far = history.rollback_to(3);
    if (far || far.error().code() != Errc::no_such_element) return false;
    if (!history.can_redo()) return false;
    auto group = history.group();
    return history.revert(1).error().code() == Errc::group_open &&
           history.rollback_to(0).error().code() == Errc::group_open;
}

// Rules of today, and a rule over two fields that only their combination breaks.
template <class Kept>
constexpr bool rules() {
    auto history = stet::make_history<limit<Kept>, Kept>(
        Motor{}, stet::rules(stet::check<"rpm", "mode">("slow when off", [](unsigned rpm, bot::Mode mode) {
            return mode != bot::Mode::off || rpm < 1000;
        })));
    if (!history.set(field<"rpm">, 500) || !history.set(field<"mode">, "off")) return false;
    const auto fast = history.revert(1);
    return !fast && fast.error().code() == Errc::rule_broken && history.size() == 3 && history.revert(2) &&
           history.revert(1) && history.current().rpm == 3000;
}

template <class Kept>
constexpr bool rolls_back() {
    History<Motor, limit<Kept>, Kept> history{Motor{}};
    if (!history.set(field<"rpm">, 200) || !history.set(field<"pid.kp">, 2.0F) || !history.set(field<"rpm">, 300) ||
        !history.set(field<"hits">, 7))
        return false;
    if (!history.rollback_to(1) || history.size() != 5 || history.position() != 4) return false;
    if (history.current().rpm != 200 || history.current().pid.kp != 1 || history.current().hits != 7) return false;
    if (!history.undo() || history.current().rpm != 300 || history.current().pid.kp != 2) return false;
    if (!history.rollback_to(3) || !history.can_redo()) return false;  // what is current already is no step
    return history.undo() && history.rollback_to(3) && history.current().rpm == 300 && history.size() == 4;
}

template <class Kept>
constexpr bool named() {
    History<Motor, 8, Kept> history{Motor{}};
    if (!history.set("speed", field<"rpm">, 200) || !history.set("gain", field<"pid.kp">, 2.0F)) return false;
    if (!history.revert("no speed", 1) || history.undo_name() != "no speed") return false;
    return history.rollback_to("begin", 0) && history.undo_name() == "begin" && history.current().pid.kp == 1;
}

// A document with containers: later changes inside them stay.
template <class Kept>
void in_containers() {
    const Settings first;  // a temporary here is too much for g++ 12
    History<Settings, limit<Kept>, Kept> history{first};
    REQUIRE(history.commit("rename", [](Settings& s) { s.name = "new", s.routes[0].to = "x"; }));
    REQUIRE(history.commit([](Settings& s) { s.limits["later"] = 3, s.routes[1].to = "y"; }));
    REQUIRE(history.revert("undo rename", 1));
    CHECK(history.current().name == first.name);
    CHECK(history.current().routes[0].to == first.routes[0].to);
    CHECK(history.current().routes[1].to == "y");
    CHECK(history.current().limits.at("later") == 3);
    CHECK(history.undo_name() == "undo rename");
    REQUIRE(history.set(field<"name">, "again"));
    const auto stands = history.revert(1);
    REQUIRE_FALSE(stands);
    CHECK(stands.error().code() == Errc::merge_conflict);
    CHECK(stands.error().subject() == "name");
    REQUIRE(history.rollback_to("back", 1));
    CHECK(history.current().name == "new");
    CHECK(history.current().limits.count("later") == 0);
    REQUIRE(history.undo());
    CHECK(history.current().name == "again");
    const auto held = history.subscribe([&] {
        CHECK(history.revert(1).error().code() == Errc::in_notification);
        CHECK(history.rollback_to(0).error().code() == Errc::in_notification);
    });
    CHECK(history.redo());
}

// Against a merge of the same three states, on random ones: all kinds say the same.
template <stet::Limit N, class Kept>
void as_merge(unsigned seed) {
    std::vector<std::uint8_t> bytes(200);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>((seed = seed * 1664525U + 1013904223U) >> 24U);
    every::Dice dice(bytes);
    History<every::Flat, N, Kept> history{every::Flat{}};
    while (!dice.done() && history.size() < 8) {
        every::Flat next = history.current();
        for (std::size_t edits = 1 + dice.below(3); edits > 0; --edits) edit(next, dice);
        REQUIRE(history.commit(next));
    }
    for (std::size_t step = 1; step < history.size(); ++step) {
        auto copy = history;
        const auto merged = stet::merge(*history.at(step), history.current(), *history.at(step - 1));
        const auto done = copy.revert(step);
        REQUIRE(done.has_value() == merged.clean());
        CHECK(every::dumped(copy.current()) == every::dumped(done ? merged.value() : history.current()));
        CHECK(copy.current().cache == history.current().cache);
    }
}

}  // namespace

#define STET_EACH(law)                 \
    do {                               \
        STET_BOTH(law<stet::Copies>);  \
        STET_BOTH(law<stet::Deltas>);  \
        CHECK(law<stet::Changes>());   \
        CHECK(law<stet::Branching>()); \
    } while (false)

TEST_CASE("revert: one step is undone, what came later stays") { STET_EACH(reverts); }
TEST_CASE("revert: where something else came later, it is asked") { STET_EACH(conflicts); }
TEST_CASE("revert, rollback_to: no such step, or not now") { STET_EACH(refused); }
TEST_CASE("revert: rules hold") { STET_EACH(rules); }
TEST_CASE("rollback_to: a whole state, as a new step") { STET_EACH(rolls_back); }
TEST_CASE("revert, rollback_to: with names") {
    STET_BOTH(named<stet::NamedCopies>);
    CHECK(named<stet::Changes>());
    CHECK(named<stet::Branching>());
}
TEST_CASE("revert, rollback_to: in containers") {
    in_containers<stet::Changes>();
    in_containers<stet::Branching>();
}
TEST_CASE("revert: is a merge") {
    for (unsigned seed = 0; seed < 200; ++seed) {
        as_merge<9, stet::Copies>(seed);
        as_merge<stet::bytes{4000}, stet::Deltas>(seed);
        as_merge<9, stet::Changes>(seed);
    }
}

TEST_CASE("History: revert and rollback_to make a step of their own, whatever coalesce joins") {
    const std::string begin = Settings{}.name;
    const auto alone = [&](auto history) {
        history.coalesce(stet::within(500));
        history.tick(1000);
        CHECK(history.set(field<"name">, "an hour of work"));
        history.tick(1200);
        CHECK(history.revert(history.position()));
        CHECK(history.size() == 3);
        CHECK(history.current().name == begin);
        CHECK(history.set(field<"name">, "more"));  // behind it, neither
        CHECK(history.size() == 4);
        CHECK(history.undo());
        CHECK(history.current().name == begin);
        CHECK(history.undo());
        CHECK(history.current().name == "an hour of work");
        CHECK(history.go_to(3));
        CHECK(history.rollback_to(1));
        CHECK(history.size() == 5);
        CHECK(history.undo());
        CHECK(history.current().name == "more");
        CHECK_FALSE(history.revert(9));
    };
    alone(History<Settings, 16>{Settings{}});
    alone(History<Settings, 16, stet::Branching>{Settings{}});
    const auto amended = [](auto history) {
        CHECK(history.set(field<"rpm">, 200));
        CHECK(history.rollback_to(0));
        CHECK(history.amend([](Motor& m) { m.rpm = 300; }));
        CHECK(history.size() == 4);
    };
    amended(History<Motor, 16>{Motor{}});
    amended(History<Motor, stet::bytes{400}>{Motor{}});
}
