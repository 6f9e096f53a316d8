#include <stet/history_changes.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <string>
#include <vector>

using bot::Settings;
using stet::Errc;
using stet::field;
using stet::History;

namespace {

struct Actor {
    int x = 0;
    int cache = 0;
    static constexpr auto schema() { return stet::fields(field<&Actor::cache>(stet::transient)); }
};
struct Row {
    std::vector<std::vector<int>> cells;
};
struct Sheet {
    std::vector<Row> rows;
    int number = 0;
};
struct Scene {
    std::vector<Actor> actors;
    std::map<std::string, Actor> named;
    std::string title;
};

// Its moves may throw, and nothing can compare it.
struct Stubborn {
    int value = 0;
    Stubborn() = default;
    explicit Stubborn(int number) : value(number) {}
    Stubborn(const Stubborn& other) : value(other.value) {}
    Stubborn& operator=(const Stubborn& other) {
        value = other.value;
        return *this;
    }
};
struct Stage {
    int number = 1;
    Stubborn scratch;
    std::string title{};
    static constexpr auto schema() { return stet::fields(field<&Stage::scratch>(stet::transient)); }
};

}  // namespace

TEST_CASE("History<T, N> of a struct with containers: every kind of change comes back") {
    History<Settings, 64> history{Settings{}};
    std::vector<Settings> states{history.current()};
    const auto step = [&](auto change) {
        REQUIRE(history.commit(change));
        states.push_back(history.current());
    };
    step([](Settings& s) { s.name = "a name that is too long for the place inside a string"; });
    step([](Settings& s) { s.routes.insert(s.routes.begin(), {7, "front"}); });
    step([](Settings& s) { s.routes.erase(s.routes.begin() + 1); });
    step([](Settings& s) { s.routes[0].to = "changed"; });
    step([](Settings& s) { s.limits["new"] = 1; });
    step([](Settings& s) { s.limits.erase("o1"); });
    step([](Settings& s) { s.limits["gpt-4"] = 99; });
    step([](Settings& s) { s.spare.emplace(); });
    step([](Settings& s) { s.spare->to = "x"; });
    step([](Settings& s) { s.spare.reset(); });
    step([](Settings& s) { s.target = bot::Route{1, "x"}; });
    step([](Settings& s) { std::get<bot::Route>(s.target).to = "y"; });
    step([](Settings& s) { s.target = 5; });
    step([](Settings& s) { s.weights[1] = 9; });
    step([](Settings& s) { s.wrapped.only = 9; });
    step([](Settings& s) { s = Settings{}; });
    CHECK(history.size() == states.size());
    for (std::size_t i = states.size() - 1; i-- > 0;) {
        REQUIRE(history.undo());
        CHECK(stet::equal(history.current(), states[i]));
    }
    CHECK_FALSE(history.undo());
    for (std::size_t i = 1; i < states.size(); ++i) {
        REQUIRE(history.redo());
        CHECK(stet::equal(history.current(), states[i]));
    }
}

TEST_CASE("set: one leaf, a leaf's part, a struct of several leaves, a transient one") {
    History<Settings, 8> history{Settings{}};
    CHECK(history.set(field<"llm.model">, "o1"));
    CHECK(history.set(field<"llm">, bot::Llm{"gpt-5", 1.0}));
    CHECK(history.set(field<"wrapped">, bot::Wrapped{4}));
    CHECK(history.set(field<"spare">, bot::Route{1, "x"}));
    CHECK(history.size() == 5);
    CHECK(history.set(field<"hits">, 5));
    CHECK(history.set(field<"status">, "busy"));
    CHECK(history.size() == 5);
    CHECK(history.current().hits == 5);
    for (int i = 0; i < 4; ++i) REQUIRE(history.undo());
    CHECK(history.current().hits == 5);
    CHECK(history.current().status == "busy");
    CHECK(history.current().llm.model == "gpt-4");
    const auto wrong = history.set(field<"level">, 256);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code() == Errc::wrong_type);
    CHECK(wrong.error().subject() == "level");
    const auto refused = history.set(field<"name">, "");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().violations()[0].path() == "name");
    CHECK(history.current().name == "bot");
    CHECK(history.can_redo());
    CHECK(history.set(field<"port">, 8080));
    CHECK(history.can_redo());
    CHECK(history.set(field<"port">, 1));
    CHECK_FALSE(history.can_redo());
}

TEST_CASE("History<T, N, Changes>: the ring turns, is cut, and grows again") {
    for (int undone = 0; undone <= 4; ++undone) {
        History<Settings, 5> history{Settings{}};
        int port = 0;
        std::vector<int> expected{8080};
        const auto next = [&] {
            REQUIRE(history.set(field<"port">, ++port));
            expected.push_back(port);
            if (expected.size() > 5) expected.erase(expected.begin());
        };
        for (int i = 0; i < 7; ++i) next();
        for (int i = 0; i < undone; ++i) {
            REQUIRE(history.undo());
            expected.pop_back();
        }
        for (int i = 0; i < 7; ++i) {
            next();
            CHECK(history.size() == expected.size());
            const std::size_t back = expected.size() - 1;
            for (std::size_t j = back; j-- > 0;) {
                REQUIRE(history.undo());
                CHECK(history.current().port == expected[j]);
            }
            CHECK_FALSE(history.can_undo());
            for (std::size_t j = 1; j <= back; ++j) {
                REQUIRE(history.redo());
                CHECK(history.current().port == expected[j]);
            }
            CHECK_FALSE(history.can_redo());
        }
    }
}

TEST_CASE("make_history: rules of its own, over containers") {
    auto history = stet::make_history<4>(
        Settings{}, stet::rules(field<"routes">(stet::length(3)), field<"limits">(stet::each(stet::min(1)))));
    CHECK(history.commit([](Settings& s) { s.routes.push_back({3, "x"}); }));
    const auto refused = history.commit([](Settings& s) {
        s.routes.push_back({4, "y"});
        s.limits["o1"] = 0;
        s.limits["bad"] = -1;
    });
    REQUIRE_FALSE(refused);
    CHECK(refused.error().violations().size() == 3);
    CHECK(refused.error().violations()[1].path() == "limits[\"bad\"]");
    CHECK(history.current().routes.size() == 3);
    CHECK(history.current().limits.size() == 2);
}

TEST_CASE("History<T, N, Changes>: a change by function finds transient fields as they are now") {
    History<Settings, 8> history{Settings{}};
    CHECK(history.commit([](Settings& s) { s.name = "a"; }));
    CHECK(history.set(field<"hits">, 7));
    int seen = 0;
    CHECK(history.commit([&](Settings& s) {
        seen = s.hits;
        s.name = "b";
    }));
    CHECK(seen == 7);
    CHECK(history.current().hits == 7);
}

TEST_CASE("History<T, N, Changes>: one number in sequences of sequences goes back and comes again") {
    Sheet sheet;
    sheet.rows.resize(2);
    sheet.rows[1].cells.resize(3, {0, 0});
    History<Sheet, 8> history{sheet};
    CHECK(history.set(field<"number">, 1));
    CHECK(history.edit([](auto& edit) { edit.at(field<"rows">)[1].at(field<"cells">)[2][1].set(5); }));
    CHECK(history.undo());
    CHECK(history.current().rows[1].cells[2][1] == 0);
    CHECK(history.position() == 1);
    CHECK(history.redo());
    CHECK(history.current().rows[1].cells[2][1] == 5);
    CHECK(history.undo());
    CHECK(history.undo());
    CHECK(history.current().number == 0);
    CHECK(history.position() == 0);
}

TEST_CASE("History<T, N, Changes>: what is transient inside a container stays") {
    Scene scene;
    scene.actors.resize(2);
    scene.named.emplace("a", Actor{});
    History<Scene, 8> history{scene};
    CHECK(history.commit([](Scene& s) {
        s.actors[0].cache = 11;
        s.actors[0].x = 1;
        s.named["a"].cache = 33;
    }));
    CHECK(history.commit([](Scene& s) { s.actors[1].cache = 22; }));
    CHECK(history.commit([](Scene& s) { s.title = "a"; }));
    CHECK(history.commit([](Scene& s) { s.title = "b"; }));
    CHECK(history.current().actors[0].cache == 11);
    CHECK(history.current().actors[1].cache == 22);
    CHECK(history.current().named.at("a").cache == 33);

    std::vector<Actor> actors(2);
    actors[1].cache = 44;
    CHECK(history.set(field<"actors">, actors));
    CHECK(history.current().actors[0].cache == 0);
    CHECK(history.current().actors[1].cache == 44);

    for (const bool watched : {false, true}) {
        stet::Subscription told;
        if (watched) told = history.subscribe([](const stet::Patch<Scene>&, stet::When) {});
        const int cache = watched ? 6 : 5;
        CHECK(history.edit([&](auto& edit) {
            edit.at(field<"actors">)[0].set(field<"cache">, cache);
            edit.at(field<"actors">)[0].set(field<"x">, cache);
        }));
        CHECK(history.current().actors[0].cache == cache);
        CHECK(history.undo());
        CHECK(history.current().actors[0].x == 0);
        CHECK(history.current().actors[0].cache == cache);
    }
}

TEST_CASE("History<T, N, Changes>: what is transient stays where nothing can change places without an exception") {
    History<Stage, 8> history{Stage{}};
    const auto told = history.subscribe([](const stet::Patch<Stage>&, stet::When) {});
    CHECK(history.edit([](auto& edit) {
        edit.set(field<"number">, 2);
        edit.set(field<"scratch">, Stubborn{7});
    }));
    CHECK(history.current().number == 2);
    CHECK(history.current().scratch.value == 7);
}

TEST_CASE("History<T, N, Changes>: a function that makes a change inside a change is refused") {
    History<Settings, 8> history{Settings{}};
    CHECK(history.commit([](Settings& s) { s.name = "before"; }));
    const auto outer = history.commit([&](Settings& s) {
        s.name = "outer";
        CHECK(history.commit([](Settings& inner) { inner.name = "inner"; }));
        CHECK(s.name == "outer");
        s.name = "outer again";
    });
    REQUIRE_FALSE(outer);
    CHECK(outer.error().code() == Errc::revision_conflict);
    CHECK(history.current().name == "inner");
    CHECK(history.undo());
    CHECK(history.current().name == "before");
}

TEST_CASE("History<T, N, Changes>: a change by function after an undo starts from what is there") {
    History<Settings, 8> history{Settings{}};
    CHECK(history.commit([](Settings& s) { s.name = "a"; }));
    CHECK(history.commit([](Settings& s) { s.port = 2; }));
    CHECK(history.commit([](Settings&) {}));
    CHECK(history.undo());
    CHECK(history.commit([](Settings& s) { s.level = 9; }));
    Settings wanted;
    wanted.name = "a";
    wanted.level = 9;
    CHECK(stet::equal(history.current(), wanted));
}

TEST_CASE("History<T, 1, Changes>: the current state only") {
    History<Settings, 1> history{Settings{}};
    for (int port = 1; port < 5; ++port) {
        CHECK(history.commit([&](Settings& s) { s.port = port; }));
        CHECK(history.current().port == port);
        CHECK(history.size() == 1);
        CHECK_FALSE(history.can_undo());
    }
}

TEST_CASE("History<T, N, Changes>: the text of a name is copied") {
    History<Settings, 3> history{Settings{}};
    std::string name = "a name that is too long for the place inside a string 0";
    for (char c = '0'; c <= '9'; ++c) {
        name.back() = c;
        REQUIRE(history.set(name, field<"port">, 100 + c));
        name.back() = 'x';
    }
    CHECK(history.undo_name().back() == '9');
    CHECK(history.undo());
    CHECK(history.undo_name().back() == '8');
    CHECK(history.redo_name().back() == '9');
    REQUIRE(history.set(field<"port">, 1));
    CHECK(history.undo_name().empty());
    CHECK(history.name(1).back() == '8');
    const auto copy = history;
    REQUIRE(history.undo());
    CHECK(copy.name(1).back() == '8');
}

TEST_CASE("go_to: over every kind of change, there and back") {
    History<Settings, 8> history{Settings{}};
    std::vector<Settings> states{history.current()};
    const auto step = [&](auto change) {
        REQUIRE(history.commit(change));
        states.push_back(history.current());
    };
    step([](Settings& s) { s.name = "a name that is too long for the place inside a string"; });
    step([](Settings& s) { s.routes.insert(s.routes.begin(), {7, "front"}); });
    step([](Settings& s) { s.routes[0].to = "changed"; });
    step([](Settings& s) { s.routes.erase(s.routes.begin()); });
    step([](Settings& s) { s.limits["new"] = 1; });
    step([](Settings& s) { s.limits.erase("new"); });
    step([](Settings& s) { s.spare.emplace(); });
    for (std::size_t from = 0; from < states.size(); ++from)
        for (std::size_t to = 0; to < states.size(); ++to) {
            REQUIRE(history.go_to(from));
            REQUIRE(history.go_to(to));
            CHECK(stet::equal(history.current(), states[to]));
            CHECK(history.position() == to);
        }
}

TEST_CASE("History<T, N, Changes>: a limit in bytes drops the oldest steps first, never the last one") {
    History<Settings, 100> history{Settings{}};
    CHECK(history.bytes() == 0);
    const auto rename = [&](int length) {
        REQUIRE(history.set(field<"name">, std::string(static_cast<std::size_t>(length), 'x')));
    };
    for (int i = 100; i < 150; ++i) rename(i);
    CHECK(history.size() == 51);
    CHECK(history.bytes() >= 50 * 100);
    history.mark_saved();
    history.limit_bytes(5000);
    CHECK(history.bytes() <= 5000);
    const std::size_t kept = history.size();
    CHECK(kept > 10);
    CHECK(kept < 51);
    CHECK_FALSE(history.dirty());
    for (int i = 150; i < 200; ++i) rename(i);
    CHECK(history.bytes() <= 5000);
    CHECK(history.size() > 5);
    CHECK(history.dirty());
    rename(20000);
    CHECK(history.size() == 2);
    CHECK(history.undo());
    CHECK(history.current().name.size() == 199);
    CHECK_FALSE(history.can_undo());
    History<Settings, 100> copy(history);
    CHECK(copy.redo());
    CHECK(copy.current().name.size() == 20000);
    history.limit_bytes(100);
    CHECK_FALSE(history.can_redo());
    history.limit_bytes(0);
    for (int i = 0; i < 99; ++i) rename(100 + i % 2);
    CHECK(history.size() == 100);
}

TEST_CASE("History<T, N, Changes>: times of steps") {
    History<Settings, 4> history{Settings{}};
    CHECK(history.set(field<"port">, 1));
    history.tick(5'000'000'000'000);
    CHECK(history.set(field<"port">, 2));
    history.tick(5'000'000'000'100);
    CHECK(history.edit([](auto& edit) {
        edit.set(field<"port">, 3);
        edit.set(field<"name">, "three");
    }));
    CHECK(history.time(0) == 0);
    CHECK(history.time(2) == 5'000'000'000'000);
    CHECK(history.time(3) == 5'000'000'000'100);
    CHECK(history.time(4) == 0);
    CHECK(history.undo());
    CHECK(history.time(3) == 5'000'000'000'100);
    CHECK(history.set(field<"port">, 4));
    CHECK(history.set(field<"port">, 5));
    CHECK(history.time(1) == 5'000'000'000'000);
}

TEST_CASE("History<T, N, Changes>: names are kept once, and forgotten with their steps") {
    History<Settings, 4> history{Settings{}};
    for (int i = 0; i < 20; ++i) {
        const std::string name = "step " + std::to_string(i % 7);
        CHECK(history.set(name, field<"port">, 1 + i));
        CHECK(history.undo_name() == name);
        CHECK(history.name(1) == (i < 3 ? "step 0" : "step " + std::to_string((i - 2) % 7)));
        CHECK_FALSE(history.set("refused", field<"port">, -1));
        CHECK(history.set("", field<"name">, "n" + std::to_string(i)));
        CHECK(history.undo_name().empty());
        CHECK(history.undo());
        CHECK(history.redo_name().empty());
    }
}

TEST_CASE("History<T, N, Changes>: a limit that is set by who is told of a change holds from the next change on") {
    for (const auto when : {stet::When::before, stet::When::after}) {
        History<Settings, 8> history{Settings{}};
        for (int port = 1; port <= 6; ++port) REQUIRE(history.set(field<"port">, port));
        const auto watch = history.subscribe([&](const auto&, stet::When now) {
            if (now == when) history.limit_bytes(1);
        });
        CHECK(history.go_to(4));
        CHECK((history.current().port == 4 && history.position() == 4 && history.size() == 7));
        CHECK((history.undo() && history.current().port == 3 && history.redo() && history.current().port == 4));
        CHECK(history.set(field<"port">, 9));
        CHECK((history.size() == 2 && history.undo() && history.current().port == 4));
    }
}

TEST_CASE("History<T, N, Changes>: what is marked before a change that joins the step is no more") {
    History<Settings, 8> history{Settings{}};
    REQUIRE(history.set(field<"port">, 1));
    const auto watch = history.subscribe([&](const auto&, stet::When when) {
        if (when == stet::When::before) history.mark_saved();
    });
    CHECK(history.amend([](Settings& s) { s.port = 2; }));
    CHECK(history.dirty());
    CHECK(history.amend([](Settings& s) { s.port = 8080; }));
    CHECK((history.size() == 1 && history.dirty()));
    CHECK((history.set(field<"port">, 3) && history.dirty()));
}

namespace {

struct Point {
    float x = 0, y = 0;
};
struct Stroke {
    std::vector<Point> points{3};
};
struct Canvas {
    bool grid = false;
    std::vector<Stroke> strokes{3};
    std::array<double, 6> view{};
    static constexpr auto schema() { return stet::fields(field<"view">(stet::indivisible)); }
};

}  // namespace

TEST_CASE("History<T, N, Changes>: a step that no block has room for, behind any number of small ones") {
    for (int small = 0; small < 64; ++small) {
        History<Canvas, 200> history{Canvas{}};
        const auto toggle = [&] {
            REQUIRE(history.edit([&](auto& edit) { edit.set(field<"grid">, !history.current().grid); }));
        };
        for (int i = 0; i < small; ++i) toggle();
        REQUIRE(history.edit(
            [](auto& edit) { edit.at(field<"strokes">)[1].at(field<"points">)[2].set(field<"x">, 3.0F); }));
        for (int i = 0; i < small % 5; ++i) toggle();
        REQUIRE(history.set(field<"view">, std::array<double, 6>{1, 2, 3, 4, 5, 6}));
        for (int i = 0; i < 40; ++i) toggle();
        for (int i = 0; i < 40; ++i) REQUIRE(history.undo());
        CHECK(history.current().view[5] == 6);
        REQUIRE(history.undo());
        CHECK(history.current().view[5] == 0);
        CHECK(history.current().strokes[1].points[2].x == 3);
        while (history.can_undo()) REQUIRE(history.undo());
        CHECK(history.current().strokes[1].points[2].x == 0);
        CHECK(!history.current().grid);
        while (history.can_redo()) REQUIRE(history.redo());
        CHECK(history.current().strokes[1].points[2].x == 3);
        CHECK(history.current().view[5] == 6);
    }
}

TEST_CASE("History<T, N, Changes>: the same where it takes the place of the oldest") {
    for (int small = 0; small < 64; ++small) {
        History<Canvas, 5> history{Canvas{}};
        for (int i = 0; i < small; ++i)
            REQUIRE(history.edit([&](auto& edit) { edit.set(field<"grid">, !history.current().grid); }));
        for (const double wide : {1.0, 2.0}) {
            REQUIRE(history.set(field<"view">, std::array<double, 6>{wide, 2, 3, 4, 5, 6}));
            REQUIRE(history.edit([](auto& edit) {
                edit.at(field<"strokes">)[1].at(field<"points">)[2].set(field<"x">,
                                                                        edit.current().strokes[1].points[2].x + 1);
            }));
        }
        CHECK(history.undo());
        CHECK(history.current().strokes[1].points[2].x == 1);
        CHECK(history.undo());
        CHECK(history.current().view[0] == 1);
        CHECK(history.undo());
        CHECK(history.undo());
        CHECK(history.current().view[0] == 0);
        CHECK_FALSE(history.undo());
        for (int i = 0; i < 4; ++i) CHECK(history.redo());
        CHECK(history.current().view[0] == 2);
        CHECK(history.current().strokes[1].points[2].x == 2);
    }
}
