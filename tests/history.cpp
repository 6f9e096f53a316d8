#include <stet/history.hpp>

#include <stet/history_changes.hpp>

#include "bot.hpp"
#include "both.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using bot::Motor;
using bot::Settings;
using stet::Errc;
using stet::field;
using stet::History;

namespace {

constexpr bool sets_rpm(auto& history, int rpm) { return history.set(field<"rpm">, rpm).has_value(); }

// So many states, or bytes enough for them.
template <class Kept, std::size_t N>
inline constexpr stet::Limit limit = std::is_same_v<Kept, stet::Deltas> ? stet::Limit(stet::bytes{400}) : N;

// Every test of a flat struct runs by the compiler and at run time with Copies and with Deltas, and with Changes.
template <class Kept>
constexpr bool undo_redo() {
    History<Motor, limit<Kept, 4>, Kept> history{Motor{}};
    if (history.can_undo() || history.can_redo() || history.size() != 1) return false;
    if (!sets_rpm(history, 200) || !sets_rpm(history, 300)) return false;
    if (!history.can_undo() || history.can_redo() || history.size() != 3) return false;
    if (!history.undo() || history.current().rpm != 200 || !history.can_redo()) return false;
    if (!history.undo() || history.current().rpm != 3000 || history.can_undo()) return false;
    const auto end = history.undo();
    if (end || end.error().code() != Errc::nothing_to_undo || history.current().rpm != 3000) return false;
    if (!history.redo() || history.current().rpm != 200) return false;
    if (!history.redo() || history.current().rpm != 300 || history.can_redo()) return false;
    const auto front = history.redo();
    return !front && front.error().code() == Errc::nothing_to_redo && history.current().rpm == 300 &&
           history.size() == 3;
}

// N counts the retained states, the current one included.
template <class Kept>
constexpr bool bounded() {
    History<Motor, 4, Kept> history{Motor{}};
    for (int rpm = 101; rpm <= 120; ++rpm) {
        if (!sets_rpm(history, rpm)) return false;
        if (history.size() != (rpm < 104 ? static_cast<std::size_t>(rpm - 99) : 4)) return false;
    }
    for (int rpm = 119; rpm >= 117; --rpm)
        if (!history.undo() || history.current().rpm != rpm) return false;
    if (history.undo()) return false;
    for (int rpm = 118; rpm <= 120; ++rpm)
        if (!history.redo() || history.current().rpm != rpm) return false;
    return !history.redo();
}

template <class Kept>
constexpr bool new_change_drops_redo() {
    History<Motor, 4, Kept> history{Motor{}};
    for (int rpm = 101; rpm <= 109; ++rpm)
        if (!sets_rpm(history, rpm)) return false;
    if (!history.undo() || !history.undo()) return false;  // at 107, with 106 before
    if (!sets_rpm(history, 500)) return false;
    if (history.can_redo() || history.size() != 3) return false;
    if (!sets_rpm(history, 501) || history.size() != 4) return false;
    if (!sets_rpm(history, 502) || history.size() != 4) return false;
    for (const int rpm : {501, 500, 107})
        if (!history.undo() || history.current().rpm != rpm) return false;
    if (history.undo()) return false;
    for (const int rpm : {500, 501, 502})
        if (!history.redo() || history.current().rpm != rpm) return false;
    return !history.redo();
}

template <class Kept>
constexpr bool nothing_changed() {
    History<Motor, limit<Kept, 4>, Kept> history{Motor{}};
    if (!sets_rpm(history, 200) || !history.undo()) return false;
    if (!history.commit([](Motor&) {}) || !history.commit(Motor{}) || !sets_rpm(history, 3000)) return false;
    if (!history.commit(history.current())) return false;
    return history.size() == 2 && history.can_redo() && history.redo() && history.current().rpm == 200;
}

template <class Kept>
constexpr bool gives_up() {
    History<Motor, limit<Kept, 4>, Kept> history{Motor{}};
    const auto no = history.commit([](Motor& m) {
        m.rpm = 200;
        return false;
    });
    if (no || no.error().code() != Errc::gave_up) return false;
    using Answer = stet::Result<void, stet::ErrorOf<Motor>>;
    const auto error = history.commit([](Motor& m) -> Answer {
        m.rpm = 201;
        return stet::Failure(stet::ErrorOf<Motor>(Errc::malformed));
    });
    if (error || error.error().code() != Errc::malformed) return false;
    if (history.current().rpm != 3000 || history.size() != 1) return false;
    return history.commit([](Motor& m) {
        m.rpm = 202;
        return true;
    }) && history.commit([](Motor& m) -> Answer {
        m.rpm = 203;
        return {};
    }) && history.current().rpm == 203 &&
           history.size() == 3;
}

template <class Kept>
constexpr bool refused() {
    History<Motor, limit<Kept, 4>, Kept> history{Motor{}};
    const auto broken = history.commit([](Motor& m) {
        m.rpm = 1;
        m.pid.kp = 11;
        m.hits = 5;
    });
    if (broken || broken.error().code() != Errc::rule_broken || broken.error().violations().size() != 2) return false;
    if (history.set(field<"rpm">, 50) ||
        history.commit(Motor{.rpm = 9000, .pid = {}, .mode = {}, .pins = {}, .hits = 0}))
        return false;
    return history.size() == 1 && history.current().rpm == 3000 && history.current().hits == 0;
}

template <class Kept>
constexpr bool wrong_type() {
    History<Motor, limit<Kept, 4>, Kept> history{Motor{}};
    const auto wrong = history.set(field<"rpm">, 70000);
    if (wrong || wrong.error().code() != Errc::wrong_type || wrong.error().subject() != "rpm") return false;
    if (history.set(field<"rpm">, -1) || history.set(field<"rpm">, 200.5) || history.size() != 1) return false;
    return history.set(field<"rpm">, 200.0) && history.set(field<"mode">, "full") &&
           history.set(field<&Motor::pid, &bot::Pid::kp>, 2) && history.set(field<"pid">, bot::Pid{3, 4}) &&
           history.set(field<"pins">, std::array<int, 2>{7, 8}) && history.current().pid.ki == 4 &&
           history.current().mode == bot::Mode::full && !history.set(field<"mode">, "fast");
}

template <class Kept>
constexpr bool transient_stays() {
    History<Motor, limit<Kept, 4>, Kept> history{Motor{}};
    if (!history.commit([](Motor& m) {
            m.rpm = 200;
            m.hits = 1;
        }))
        return false;
    if (!history.commit([](Motor& m) { m.hits = 2; }) || history.size() != 2) return false;
    if (!history.set(field<"hits">, 3) || history.size() != 2 || history.current().hits != 3) return false;
    if (!history.undo() || history.current().hits != 3 || history.current().rpm != 3000) return false;
    if (!history.set(field<"hits">, 4) || !history.can_redo()) return false;
    return history.redo() && history.current().hits == 4 && history.current().rpm == 200;
}

struct Cached {
    int x = 0;
    int cache = 0;
    static constexpr auto schema() { return stet::fields(field<&Cached::cache>(stet::transient)); }
};
struct Row {
    std::array<Cached, 3> cells;
    int number = 1;
};
template <class Kept>
constexpr bool transient_inside_stays() {
    History<Row, limit<Kept, 4>, Kept> history{Row{}};
    const auto second = [](int x, int cache) {
        return [=](Row& row) {
            row.cells[1].x = x;
            row.cells[1].cache = cache;
        };
    };
    if (!history.commit(second(1, 1)) || !history.commit(second(1, 2)) || history.size() != 2) return false;
    if (!history.commit([](Row& row) { row.number = 2; }) || history.current().cells[1].cache != 2) return false;
    if (!history.undo() || !history.undo() || history.size() != 3) return false;
    return history.current().cells[1].x == 0 && history.current().cells[1].cache == 2;
}

template <class Kept>
constexpr bool one_state() {
    History<Motor, 1, Kept> history{Motor{}};
    return sets_rpm(history, 200) && sets_rpm(history, 300) && history.size() == 1 && history.current().rpm == 300 &&
           !history.undo() && !history.redo() && !history.set(field<"rpm">, 1) && history.current().rpm == 300;
}

template <class Kept>
constexpr bool own_rules() {
    auto history = stet::make_history<limit<Kept, 4>, Kept>(
        Motor{}, stet::rules(field<"rpm">(stet::max(4000)),
                             stet::check<"rpm", "mode">("slow when off", [](unsigned rpm, bot::Mode mode) {
                                 return mode != bot::Mode::off || rpm < 1000;
                             })));
    const auto both = history.commit([](Motor& m) {
        m.rpm = 7000;
        m.mode = bot::Mode::off;
    });
    if (both || both.error().violations().size() != 3) return false;
    return sets_rpm(history, 4000) && !sets_rpm(history, 4001) && !history.set(field<"mode">, "off") &&
           sets_rpm(history, 500) && history.set(field<"mode">, "off") && history.undo() && history.size() == 4;
}

template <class Kept>
constexpr bool names() {
    History<Motor, 4, Kept> history{Motor{}};
    if (!history.undo_name().empty() || !history.redo_name().empty() || !history.name(0).empty()) return false;
    if (!history.set("speed", field<"rpm">, 200) || history.undo_name() != "speed") return false;
    if (!history.commit("mode", [](Motor& m) { m.mode = bot::Mode::full; }) || history.undo_name() != "mode")
        return false;
    if (!sets_rpm(history, 300) || !history.undo_name().empty()) return false;
    if (!history.undo() || history.undo_name() != "mode" || !history.redo_name().empty()) return false;
    if (!history.undo() || history.undo_name() != "speed" || history.redo_name() != "mode") return false;
    if (!history.undo() || !history.undo_name().empty() || history.redo_name() != "speed") return false;
    if (history.name(0) != "" || history.name(1) != "speed" || history.name(2) != "mode" || history.name(4) != "")
        return false;
    if (!history.commit("nothing", [](Motor&) {}) || history.redo_name() != "speed") return false;
    if (history.set("refused", field<"rpm">, 1) || history.redo_name() != "speed") return false;
    if (!history.commit("whole", Motor{.rpm = 500, .pid = {}, .mode = {}, .pins = {}, .hits = 0})) return false;
    if (history.undo_name() != "whole" || !history.redo_name().empty()) return false;
    for (int rpm = 501; rpm <= 509; rpm += 2)  // the ring turns
        if (!history.set("even", field<"rpm">, rpm) || !history.set("odd", field<"rpm">, rpm + 1)) return false;
    if (history.name(1) != "odd" || history.name(2) != "even" || history.name(3) != "odd") return false;
    if (!history.undo() || !history.undo() || !history.set("cut", field<"rpm">, 600)) return false;
    return history.name(1) == "odd" && history.name(2) == "cut" && history.size() == 3;
}

template <class Kept>
constexpr bool saved() {
    History<Motor, 4, Kept> history{Motor{}};
    if (history.dirty() || !sets_rpm(history, 200) || !history.dirty()) return false;
    if (!history.undo() || history.dirty() || !history.redo() || !history.dirty()) return false;
    history.mark_saved();
    if (history.dirty() || !history.set(field<"hits">, 5) || history.dirty()) return false;  // transient
    if (!sets_rpm(history, 300) || !history.dirty() || !history.undo() || history.dirty()) return false;
    if (!history.undo() || !history.dirty() || !sets_rpm(history, 200)) return false;  // the same, but another state
    if (!history.dirty() || !history.undo() || !history.dirty()) return false;
    history.mark_saved();
    for (int rpm = 401; rpm <= 403; ++rpm)
        if (!sets_rpm(history, rpm) || !history.dirty()) return false;
    if (!history.saved(0) || history.saved(1) || history.saved(4)) return false;
    if (!history.go_to(0) || history.dirty() || !history.go_to(3) || !sets_rpm(history, 404)) return false;
    for (std::size_t at = 0; at < 4; ++at)  // pushed out by the bound
        if (!history.go_to(at) || !history.dirty()) return false;
    history.mark_saved();
    if (history.dirty() || !history.saved(3)) return false;
    history.mark_unsaved();
    for (std::size_t at = 0; at < 4; ++at)
        if (!history.go_to(at) || !history.dirty() || history.saved(at)) return false;
    return true;
}

template <class Kept>
constexpr bool looked_at() {
    History<Motor, 4, Kept> history{Motor{}};
    for (int rpm = 201; rpm <= 206; ++rpm)
        if (!sets_rpm(history, rpm)) return false;
    if (!history.go_to(1) || !history.set(field<"hits">, 5)) return false;
    for (std::size_t at = 0; at < 4; ++at)
        if (history.at(at)->rpm != 203 + static_cast<int>(at) || history.at(at)->hits != 5) return false;
    const auto outside = history.at(4);
    if (outside || outside.error().code() != Errc::no_such_element) return false;
    const auto group = history.group();
    return history.at(1).error().code() == Errc::group_open;
}

template <class Kept>
constexpr bool jumps() {
    History<Motor, 5, Kept> history{Motor{}};
    for (int rpm = 101; rpm <= 107; ++rpm)
        if (!sets_rpm(history, rpm)) return false;
    if (!history.set(field<"hits">, 9)) return false;
    for (const int to : {0, 4, 1, 3, 3, 2, 0}) {
        if (!history.go_to(static_cast<std::size_t>(to)) || history.position() != static_cast<std::size_t>(to))
            return false;
        if (history.current().rpm != 103 + to || history.current().hits != 9 || history.size() != 5) return false;
    }
    const auto outside = history.go_to(5);
    if (outside || outside.error().code() != Errc::no_such_element || history.position() != 0) return false;
    if (!history.go_to(3) || !history.undo_to(1) || history.position() != 1 || history.current().rpm != 104)
        return false;
    for (const std::size_t not_before : {1U, 2U, 9U}) {
        const auto stays = history.undo_to(not_before);
        if (stays || stays.error().code() != Errc::nothing_to_undo || history.position() != 1) return false;
    }
    if (!history.can_redo() || !history.undo_to(0)) return false;
    return history.go_to(2) && sets_rpm(history, 500) && history.size() == 4 && !history.go_to(4);
}

template <class Kept>
constexpr bool one_state_saved() {
    History<Motor, 1, Kept> history{Motor{}};
    if (history.dirty() || !sets_rpm(history, 200) || !history.dirty()) return false;
    history.mark_saved();
    return !history.dirty() && history.go_to(0) && !history.go_to(1) && sets_rpm(history, 3000) && history.dirty();
}

// What is done in a group is one step; one that ends by itself, one that is closed, one of which nothing is left.
template <class Kept>
constexpr bool groups() {
    History<Motor, limit<Kept, 4>, Kept> history{Motor{}};
    if (!sets_rpm(history, 101) || !sets_rpm(history, 102) || !history.undo()) return false;
    {
        auto nothing = history.group();
        if (history.can_undo() || history.can_redo()) return false;
        const auto undo = history.undo();
        const auto redo = history.redo();
        const auto jump = history.go_to(0);
        if (history.undo_to(0).error().code() != Errc::group_open) return false;
        if (undo || redo || jump || undo.error().code() != Errc::group_open ||
            redo.error().code() != Errc::group_open || jump.error().code() != Errc::group_open)
            return false;
        if (!sets_rpm(history, 103) || history.set(field<"rpm">, 1) || !sets_rpm(history, 101)) return false;
    }
    if (!history.can_redo() || history.size() != 3) return false;  // what was undone is still there
    {
        auto drag = history.group();
        for (int rpm = 200; rpm < 300; ++rpm)
            if (!sets_rpm(history, rpm) || history.current().rpm != rpm) return false;
        auto inner = history.group();
        if (!history.set(field<"pid.kp">, 2.0F)) return false;
        inner.close();
        inner.close();
        if (!history.set(field<"pid.ki">, 3.0F) || history.size() != 3) return false;
    }
    if (history.size() != 3 || history.can_redo() || !history.undo()) return false;
    if (history.current().rpm != 101 || history.current().pid.kp != 1 || history.current().pid.ki != 0) return false;
    return history.redo() && history.current().rpm == 299 && history.current().pid.kp == 2 &&
           history.current().pid.ki == 3;
}

template <class Kept>
constexpr bool cancelled_groups() {
    History<Motor, limit<Kept, 4>, Kept> history{Motor{}};
    if (!sets_rpm(history, 101) || !sets_rpm(history, 102) || !history.undo()) return false;
    auto outer = history.group();
    if (!sets_rpm(history, 103)) return false;
    {
        auto inner = history.group();
        if (!sets_rpm(history, 104) || !history.set(field<"hits">, 7)) return false;
        const auto early = outer.cancel();
        if (early || early.error().code() != Errc::group_open || history.current().rpm != 104) return false;
        if (!inner.cancel() || !inner.cancel() || history.current().rpm != 103 || history.current().hits != 7)
            return false;
    }
    if (!history.set(field<"pid.ki">, 3.0F) || !outer.cancel()) return false;
    return history.current().rpm == 101 && history.current().pid.ki == 0 && history.current().hits == 7 &&
           history.redo() && history.current().rpm == 102 && history.size() == 3;
}

template <class Kept>
constexpr bool saved_in_groups() {
    History<Motor, limit<Kept, 4>, Kept> history{Motor{}};
    {
        auto group = history.group();
        history.mark_saved();
        if (history.dirty() || !sets_rpm(history, 101) || !history.dirty()) return false;
    }
    if (!history.dirty() || !history.undo() || history.dirty()) return false;
    {
        auto group = history.group();
        if (!sets_rpm(history, 102)) return false;
        history.mark_saved();  // of a value that is no state
        if (!history.dirty()) return false;
    }
    for (std::size_t at = 0; at < 2; ++at)
        if (!history.go_to(at) || !history.dirty()) return false;
    return true;
}

template <class Kept>
constexpr bool groups_have_names() {
    History<Motor, 4, Kept> history{Motor{}};
    {
        auto drag = history.group("drag");
        if (!history.set("inside", field<"rpm">, 101) || !history.undo_name().empty()) return false;
        auto inner = history.group("inner");
        if (!sets_rpm(history, 102)) return false;
    }
    return history.undo_name() == "drag" && history.undo() && history.redo_name() == "drag";
}

// A part of the last step: the first before and the last after.
template <class Kept>
constexpr bool amends() {
    History<Motor, 4, Kept> history{Motor{}};
    const auto amend = [&](int rpm) {
        return history.amend([&](Motor& m) { m.rpm = static_cast<std::uint16_t>(rpm); }).has_value();
    };
    if (!amend(101) || history.size() != 2) return false;  // there is no step yet
    if (!amend(102) || !amend(103) || history.size() != 2 || history.current().rpm != 103) return false;
    if (amend(1) || !history.undo() || history.current().rpm != 3000) return false;
    if (!history.redo() || !amend(104) || history.size() != 3) return false;  // after a redo
    if (!history.undo() || !amend(105) || history.size() != 3) return false;  // and an undo
    history.mark_saved();
    if (!amend(106) || history.size() != 4) return false;  // what is saved stays
    if (!history.undo() || history.dirty() || !sets_rpm(history, 107)) return false;
    if (!amend(105) || history.size() != 3 || history.dirty()) return false;  // nothing is left of it
    if (!amend(108) || history.size() != 4) return false;
    {
        auto group = history.group();
        if (!amend(109) || !amend(110)) return false;
    }
    if (history.size() != 4 || !amend(111) || history.current().rpm != 111) return false;  // after a group
    return history.undo() && history.current().rpm == 110 && history.undo() && history.current().rpm == 108;
}

}  // namespace

#define STET_COUNTED(law)                \
    do {                                 \
        STET_BOTH(law<stet::Copies>);    \
        STET_BOTH(law<stet::Automatic>); \
        CHECK(law<stet::Changes>());     \
    } while (false)
#define STET_EACH(law)                \
    do {                              \
        STET_COUNTED(law);            \
        STET_BOTH(law<stet::Deltas>); \
    } while (false)

TEST_CASE("undo, redo: back and forth, and no further") { STET_EACH(undo_redo); }
TEST_CASE("History<T, N>: keeps N states, the current one included") { STET_COUNTED(bounded); }
TEST_CASE("commit: drops what was undone") { STET_COUNTED(new_change_drops_redo); }
TEST_CASE("commit: what changes nothing is no state and drops nothing") { STET_EACH(nothing_changed); }
TEST_CASE("commit(function): may give up") { STET_EACH(gives_up); }
TEST_CASE("commit: a broken rule refuses") { STET_EACH(refused); }
TEST_CASE("set: a value that does not fit") { STET_EACH(wrong_type); }
TEST_CASE("undo, redo: transient fields stay") { STET_EACH(transient_stays); }

TEST_CASE("undo, redo: transient fields inside arrays stay") { STET_EACH(transient_inside_stays); }
TEST_CASE("History<T, 1>: nothing to undo, ever") { STET_COUNTED(one_state); }
TEST_CASE("undo_name, redo_name, name: of steps that were given one") {
    STET_BOTH(names<stet::NamedCopies>);
    CHECK(names<stet::Changes>());
}
TEST_CASE("mark_saved, dirty: a mark that is dropped is never reached again") { STET_COUNTED(saved); }
TEST_CASE("at: a copy of the state at a position") { STET_COUNTED(looked_at); }
TEST_CASE("mark_saved, dirty: of one state") { STET_COUNTED(one_state_saved); }
TEST_CASE("go_to: all the way, at once") { STET_COUNTED(jumps); }
TEST_CASE("group: one step, however many commits") { STET_EACH(groups); }
TEST_CASE("group.cancel(): as it was at the begin") { STET_EACH(cancelled_groups); }
TEST_CASE("mark_saved in a group") { STET_EACH(saved_in_groups); }
TEST_CASE("group: its name is that of the step") {
    STET_BOTH(groups_have_names<stet::NamedCopies>);
    CHECK(groups_have_names<stet::Changes>());
}
TEST_CASE("amend: a part of the last step") { STET_COUNTED(amends); }
TEST_CASE("make_history: rules of its own") { STET_EACH(own_rules); }

TEST_CASE("make_history: rules with state") {
    int most = 5000;
    auto history = stet::make_history<4>(Motor{}, stet::rules(field<"rpm">([&most](int rpm) { return rpm <= most; })));
    CHECK(sets_rpm(history, 5000));
    most = 100;
    const auto refused = history.set(field<"rpm">, 101);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().violations()[0].path() == "rpm");
    CHECK(refused.error().violations()[0].expected() == "must satisfy its rule");
    CHECK(sets_rpm(history, 100));
    CHECK(history.undo());  // goes back to what was in force, whatever the rules are now
    CHECK(history.current().rpm == 5000);
}

TEST_CASE("sizeof(History<T, N>): the states and 16 bytes") {
    static_assert(sizeof(History<Motor, 8>) <= 8 * sizeof(Motor) + 16);
    static_assert(sizeof(History<Motor, 1>) <= sizeof(Motor) + 16);
    static_assert(sizeof(stet::make_history<8>(Motor{}, stet::rules(field<"rpm">(stet::max(4000))))) <=
                  8 * sizeof(Motor) + 16 + sizeof(void*));
    static_assert(sizeof(History<Motor, 8, stet::NamedCopies>) <= 8 * (sizeof(Motor) + sizeof(void*)) + 16);
    static_assert(std::is_trivially_copyable_v<History<Motor, 8>>);
    static_assert(sizeof(History<Settings, 1000>) < sizeof(Settings) + 64);
}

TEST_CASE("History: a copy goes its own way") {
    History<Motor, 4> one{Motor{}};
    REQUIRE(sets_rpm(one, 200));
    auto two = one;
    REQUIRE(two.undo());
    CHECK(one.current().rpm == 200);
    History<Settings, 4> three{Settings{}};
    REQUIRE(three.set(field<"port">, 2));
    auto four = three;
    REQUIRE(four.undo());
    REQUIRE(four.set(field<"port">, 3));
    CHECK(three.current().port == 2);
    REQUIRE(three.undo());
    CHECK(three.current().port == 8080);
    auto five = std::move(four);
    CHECK(five.current().port == 3);
    CHECK(five.undo());
}
