#include <stet/history_group.hpp>

#include <stet/stet.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

#include <string>

using bot::Settings;
using stet::field;
using stet::History;

TEST_CASE("group: of changes in containers") {
    History<Settings, 4> history{Settings{}};
    {
        auto drag = history.group("drag");
        for (int i = 0; i < 100; ++i) CHECK(history.commit([&](Settings& s) { s.routes[1].to = std::to_string(i); }));
        CHECK(history.commit([](Settings& s) { s.routes.erase(s.routes.begin()); }));
        CHECK(history.set(field<"name">, "in a group"));
        CHECK(history.commit([](Settings& s) {
            CHECK(s.routes.size() == 1);
            CHECK(s.name == "in a group");
            s.limits["new"] = 5;
        }));
    }
    const Settings after = history.current();
    CHECK(history.size() == 2);
    CHECK(history.undo_name() == "drag");
    CHECK(history.undo());
    CHECK(stet::equal(history.current(), Settings{}));
    CHECK(history.redo());
    CHECK(stet::equal(history.current(), after));
}

TEST_CASE("group: an element that goes and comes back elsewhere among its equals is no change") {
    Settings start;
    start.routes = {{1, "a"}, {1, "a"}, {2, "b"}};
    History<Settings, 4> history{start};
    {
        auto group = history.group();
        CHECK(history.commit([](Settings& s) { s.routes.erase(s.routes.begin()); }));
        CHECK(history.commit([](Settings& s) { s.routes.insert(s.routes.begin() + 1, {1, "a"}); }));
        {
            auto inner = history.group();
            CHECK(history.commit([](Settings& s) { s.routes.pop_back(); }));
            CHECK(inner.cancel());
        }
    }
    CHECK(history.size() == 1);
}

TEST_CASE("group: ends in the middle of a ring that turns, with names") {
    History<Settings, 3> history{Settings{}};
    for (int port = 1; port < 10; ++port) {
        auto group = history.group(std::to_string(port));
        CHECK(history.set(field<"port">, port));
        CHECK(history.set(field<"level">, port));
    }
    CHECK(history.name(1) == "8");
    CHECK(history.name(2) == "9");
    CHECK(history.undo());
    CHECK(history.undo());
    CHECK(history.current().port == 7);
    CHECK(history.current().level == 7);
}

TEST_CASE("group: what an inner group took back is cancelled, and the outer one is a step again") {
    struct Page {
        std::string title;
        int number = 0;
    };
    stet::History<Page, 8> history{Page{}};
    {
        const auto outer = history.group("outer");
        CHECK(history.set(stet::field<"number">, 2));
        auto inner = history.group("inner");
        CHECK(history.set(stet::field<"number">, 0));
        CHECK(inner.cancel());
        CHECK(history.current().number == 2);
    }
    CHECK(history.size() == 2);
    CHECK(history.undo());
    CHECK(history.current().number == 0);
    CHECK(history.redo());
    CHECK(history.current().number == 2);
}
