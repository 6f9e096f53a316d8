#include <stet/history_branching.hpp>

#include <stet/stet.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using bot::Motor;
using bot::Settings;
using stet::Branching;
using stet::Errc;
using stet::field;
using stet::History;
using stet::Number;
using stet::StateInfo;

namespace {

using Tree = History<Settings, 8, Branching>;

bool names(auto& history, const char* name) { return history.set(name, field<"name">, name).has_value(); }

bool amends(auto& history, const char* name) {
    return history.amend([&](Settings& settings) { settings.name = name; }).has_value();
}

// "1 a(1) b(1)*": each state as its name, or its number without one, with its parent; * is the current one, ! the
// saved.
std::string drawn(const auto& history) {
    std::string out;
    history.each_state([&](const StateInfo& state) {
        out += out.empty() ? "" : " ";
        out += state.name.empty() ? std::to_string(state.number) : std::string(state.name);
        if (state.parent != 0) out += '(' + std::to_string(state.parent) + ')';
        out += std::string(state.current ? "*" : "") + (state.saved ? "!" : "");
    });
    return out;
}

}  // namespace

TEST_CASE("Branching: what was undone stays as a branch when a new change comes") {
    Tree history{Settings{}};
    CHECK(drawn(history) == "1*!");
    CHECK((names(history, "a") && names(history, "b") && names(history, "c")));
    CHECK((history.undo() && history.undo()));
    CHECK(names(history, "d"));
    CHECK(drawn(history) == "1! a(1) b(2) c(3) d(2)*");
    CHECK(history.states() == 5);
    CHECK(history.size() == 3);  // of the current branch
    CHECK(history.position() == 2);
    CHECK_FALSE(history.can_redo());
    CHECK((history.name(1) == "a" && history.name(2) == "d" && history.at(2)->name == "d"));
    CHECK((history.state() == 5 && history.state(1) == 2 && history.state(3) == 0));

    CHECK(history.go_to_state(4));
    CHECK(history.current().name == "c");
    CHECK((history.size() == 4 && history.name(2) == "b" && history.undo_name() == "c"));
    CHECK((history.undo() && history.undo() && history.redo_name() == "b"));
    CHECK(history.at_state(5)->name == "d");
    CHECK(history.current().name == "a");
    CHECK((history.undo() && !history.undo()));
    CHECK((history.redo() && history.redo() && history.redo() && !history.redo()));
    CHECK(history.current().name == "c");
}

TEST_CASE("Branching: redo takes the branch that was visited last, or the one that is taken") {
    Tree history{Settings{}};
    CHECK((history.branches() == 0 && history.branch() == 0));
    for (const char* name : {"a", "b", "c"}) CHECK((names(history, name) && history.undo()));
    CHECK(drawn(history) == "1*! a(1) b(1) c(1)");
    CHECK((history.branches() == 3 && history.branch() == 2 && history.redo_name() == "c"));
    CHECK((history.go_to_state(3) && history.undo() && history.branch() == 1));
    CHECK((history.take_branch(0) && history.branch() == 0 && history.redo_name() == "a"));
    CHECK(history.take_branch(3).error().code() == Errc::no_such_element);
    CHECK((history.redo() && history.current().name == "a" && history.branches() == 0));

    CHECK((names(history, "on a") && history.go_to_state(4) && names(history, "on c") && history.go_to(0)));
    CHECK((history.size() == 3 && history.name(2) == "on c"));
    CHECK((history.take_branch(0) && history.size() == 3 && history.name(2) == "on a"));
}

TEST_CASE("go_to_state: all the way as one patch, or not at all") {
    Tree history{Settings{}};
    CHECK((names(history, "a") && history.set(field<"port">, 1) && history.go_to(0)));
    CHECK((history.set(field<"level">, 9) && names(history, "b")));
    int told = 0;
    const auto watch = history.subscribe([&](const stet::Patch<Settings>& patch) {
        ++told;
        CHECK((patch.touches(field<"name">) && patch.touches(field<"port">) && patch.touches(field<"level">)));
        CHECK(history.go_to_state(1).error().code() == Errc::in_notification);
        CHECK(history.take_branch(0).error().code() == Errc::in_notification);
    });
    CHECK(history.go_to_state(3));
    CHECK(told == 1);
    CHECK((history.current().name == "a" && history.current().port == 1 && history.current().level == 1));
    CHECK((history.state() == 3 && history.go_to_state(3) && told == 1));
    const auto nowhere = history.go_to_state(6);
    CHECK(nowhere.error().code() == Errc::no_such_element);
    CHECK(history.at_state(0).error().code() == Errc::no_such_element);

    auto group = history.group();
    CHECK(history.go_to_state(1).error().code() == Errc::group_open);
    CHECK(history.at_state(1).error().code() == Errc::group_open);
    CHECK(history.take_branch(0).error().code() == Errc::group_open);
}

TEST_CASE("Branching: on_change hears that redo leads elsewhere") {
    Tree history{Settings{}};
    CHECK((names(history, "a") && history.undo() && names(history, "b") && history.undo()));
    std::string menu;
    const auto shown = history.on_change([&] { menu = history.redo_name(); });
    CHECK((history.take_branch(0) && menu == "a"));
    CHECK((history.take_branch(1) && menu == "b"));
}

TEST_CASE("Branching: over N, the oldest leaf that is off the current branch goes first, then the root") {
    History<Settings, 5, Branching> history{Settings{}};
    CHECK((names(history, "a") && names(history, "b") && history.go_to(0) && names(history, "c")));
    CHECK((names(history, "d") && drawn(history) == "1! a(1) b(2) c(1) d(4)*"));
    CHECK((names(history, "e") && drawn(history) == "1! a(1) c(1) d(4) e(5)*"));
    CHECK(history.go_to_state(3).error().code() == Errc::no_such_element);
    CHECK((names(history, "f") && drawn(history) == "1! c(1) d(4) e(5) f(6)*"));
    CHECK((names(history, "g") && drawn(history) == "4 d(4) e(5) f(6) g(7)*"));
    CHECK((history.go_to(0) && history.current().name == "c" && history.name(0).empty()));
    CHECK((names(history, "h") && drawn(history) == "4 d(4) e(5) f(6) h(4)*"));  // what was undone is off it now
    CHECK((history.undo() && history.redo() && history.states() == 5 && history.size() == 2));
}

TEST_CASE("Branching: where nothing branches it is as Changes are") {
    History<Settings, 3, Branching> tree{Settings{}};
    History<Settings, 3, stet::Changes> line{Settings{}};
    const auto same = [&] {
        CHECK((tree.size() == line.size() && tree.position() == line.position() && tree.dirty() == line.dirty()));
        CHECK((tree.bytes() == line.bytes() && stet::equal(tree.current(), line.current())));
    };
    for (const char* name : {"a", "b", "c", "d"}) {
        CHECK((names(tree, name) && names(line, name)));
        same();
    }
    for (int i = 0; i < 2; ++i) {
        CHECK((tree.undo() && line.undo()));
        same();
    }
    tree.limit_bytes(1);  // nothing to go before the current state: so what redo would make goes
    line.limit_bytes(1);
    same();
    CHECK(tree.size() == 1);
}

TEST_CASE("Branching: one state only") {
    History<Settings, 1, Branching> history{Settings{}};
    CHECK((names(history, "a") && names(history, "b")));
    CHECK(drawn(history) == "3*");
    CHECK((!history.can_undo() && !history.can_redo() && history.dirty()));
    CHECK(history.go_to_state(1).error().code() == Errc::no_such_element);
}

TEST_CASE("Branching: a limit in bytes drops other branches first, then the root, and the current state never") {
    Tree history{Settings{}};
    CHECK((names(history, "a") && names(history, "b") && history.go_to(0) && names(history, "c")));
    CHECK((names(history, "d") && names(history, "e")));
    const std::size_t all = history.bytes();
    history.limit_bytes(all);
    CHECK(history.states() == 6);
    history.limit_bytes(all - 1);
    CHECK(drawn(history) == "1! a(1) c(1) d(4) e(5)*");
    history.limit_bytes(history.bytes() - 1);
    CHECK(drawn(history) == "1! c(1) d(4) e(5)*");
    history.limit_bytes(history.bytes() - 1);
    CHECK(drawn(history) == "4 d(4) e(5)*");
    history.limit_bytes(1);
    CHECK(drawn(history) == "5 e(5)*");
    CHECK((names(history, "f") && drawn(history) == "6 f(6)*"));
    history.limit_bytes(0);
    CHECK((names(history, "g") && history.states() == 3));
}

TEST_CASE("Branching: the saved state may lie on another branch, and is never reached again once it is gone") {
    History<Settings, 4, Branching> history{Settings{}};
    CHECK(names(history, "a"));
    history.mark_saved();
    CHECK((history.undo() && names(history, "b") && history.dirty()));
    CHECK(drawn(history) == "1 a(1)! b(1)*");
    CHECK((history.go_to_state(2) && !history.dirty() && history.saved(1)));
    CHECK((history.go_to_state(3) && names(history, "c") && names(history, "d")));
    CHECK(drawn(history) == "1 b(1) c(3) d(4)*");
    for (std::size_t i = 0; i < history.size(); ++i) CHECK((history.go_to(i) && history.dirty()));
    history.mark_saved();
    history.mark_unsaved();
    CHECK(history.dirty());
}

TEST_CASE("Branching: amend and coalesce join where they would without branches, and make another state") {
    Tree history{Settings{}};
    CHECK((names(history, "a") && amends(history, "A")));
    CHECK((history.state() == 3 && history.states() == 2 && history.undo_name() == "a"));
    CHECK(history.go_to_state(2).error().code() == Errc::no_such_element);
    history.mark_saved();
    CHECK((amends(history, "AA") && history.states() == 3));  // not across a mark
    CHECK((history.undo() && amends(history, "AB") && drawn(history) == "1 a(1)! 4(3) 5(3)*"));
    CHECK((history.go_to_state(4) && amends(history, "AC") && history.states() == 5));

    history.coalesce(stet::within(10));
    CHECK((names(history, "k") && history.set("k", field<"name">, "kk") && history.states() == 6));
    CHECK((history.undo() && history.set("k", field<"name">, "kkk") && history.states() == 7));
}

TEST_CASE("Branching: a change that is taken back leaves redo as it was before it") {
    Tree history{Settings{}};
    CHECK((names(history, "a") && names(history, "b") && history.go_to(0) && names(history, "c")));
    CHECK((history.amend(Settings{}) && drawn(history) == "1*! a(1) b(2)"));
    CHECK((history.size() == 3 && history.redo_name() == "a" && !history.dirty()));
    CHECK((history.redo() && history.redo() && history.current().name == "b"));
}

TEST_CASE("Branching: a group is one state on its branch, or none") {
    Tree history{Settings{}};
    CHECK((names(history, "a") && history.undo()));
    {
        auto group = history.group("both");
        CHECK((names(history, "b") && history.set(field<"port">, 1)));
        CHECK(history.states() == 2);
    }
    CHECK(drawn(history) == "1! a(1) both(1)*");
    {
        auto group = history.group("cancelled");
        CHECK((names(history, "c") && group.cancel()));
    }
    CHECK((history.current().name == "b" && history.go_to_state(2) && history.current().port == 8080));
}

TEST_CASE("Branching: times of states") {
    Tree history{Settings{}};
    history.tick(5'000'000'000);
    CHECK((names(history, "a") && history.undo()));
    history.tick(5'000'000'100);
    CHECK((names(history, "b") && history.time(1) == 5'000'000'100));
    std::vector<stet::Ticks> times;
    history.each_state([&](const StateInfo& state) { times.push_back(state.time); });
    CHECK(times == std::vector<stet::Ticks>{0, 5'000'000'000, 5'000'000'100});
}

TEST_CASE("Branching: copies and moved histories go their own ways") {
    Tree history{Settings{}};
    CHECK((names(history, "a") && history.undo() && names(history, "b")));
    Tree copy(history);
    CHECK((names(copy, "c") && copy.go_to_state(2) && copy.current().name == "a"));
    CHECK(drawn(history) == "1! a(1) b(1)*");
    Tree moved(std::move(copy));
    CHECK((drawn(moved) == "1! a(1)* b(1) c(3)" && moved.go_to_state(4) && moved.current().name == "c"));
    history = moved;
    CHECK((history.state() == 4 && history.undo() && history.current().name == "b"));
}

TEST_CASE("Branching: of a flat struct, with rules of its own") {
    History<Motor, 4, Branching> history{Motor{}};
    CHECK((history.set(field<"rpm">, 200) && history.undo() && history.set(field<"rpm">, 300)));
    CHECK((history.set(field<"hits">, 7) && history.states() == 3));
    CHECK((history.go_to_state(2) && history.current().rpm == 200 && history.current().hits == 7));
    CHECK(history.set(field<"rpm">, 9).error().code() == Errc::rule_broken);

    auto own = stet::make_history<4, Branching>(
        Motor{}, stet::rules(stet::check<"rpm">("even", [](std::uint16_t rpm) { return rpm % 2 == 0; })));
    CHECK((own.set(field<"rpm">, 200) && !own.set(field<"rpm">, 301) && own.states() == 2));
}
