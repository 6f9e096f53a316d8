#include <stet/history_group.hpp>

#include <stet/stet.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using bot::Settings;
using stet::field;
using stet::History;

namespace {

struct Tile {
    struct Kind {
        Kind(int kind = 0) : number(kind) {}
        Kind(const Kind& other) : number(other.number) { ++copies; }
        Kind(Kind&&) noexcept = default;
        Kind& operator=(const Kind& other) {
            ++copies;
            number = other.number;
            return *this;
        }
        Kind& operator=(Kind&&) noexcept = default;
        bool operator==(const Kind&) const = default;
        int number;
        static inline int copies = 0;
    };
    Kind kind;
};
struct Map {
    std::vector<Tile> tiles{4096};
};

// How often is each change copied?
double copies(int tiles, bool one_by_one, bool cancelled) {
    History<Map, 4> history{Map{}};
    auto group = history.group();
    Tile::Kind::copies = 0;
    for (int i = 0; i < tiles; ++i) {
        const auto paint = [&](auto& edit) {
            edit.at(field<"tiles">)[static_cast<std::size_t>(i * 7 % 4096)].set(field<"kind">, Tile::Kind(i + 1));
        };
        if (one_by_one) {
            auto inner = history.group();
            CHECK(history.edit(paint));
        } else CHECK(history.edit(paint));
    }
    if (cancelled) CHECK(group.cancel());
    else group.close();
    CHECK(history.current().tiles[0].kind.number == (cancelled ? 0 : 1));
    CHECK(history.size() == (cancelled ? 1 : 2));
    return double(Tile::Kind::copies) / tiles;
}

}  // namespace

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

TEST_CASE("group: what is changed in it is copied log n times") {
    for (const bool one_by_one : {false, true})
        for (const bool cancelled : {false, true}) {
            const double few = copies(64, one_by_one, cancelled);
            const double many = copies(4096, one_by_one, cancelled);
            CHECK(many - few <= 2 * 6 + 1);  // before and after, at each of log 4096 - log 64 levels
        }
}

TEST_CASE("group: inner ones are cancelled, whatever was composed by then") {
    History<Settings, 4> history{Settings{}};
    std::vector<int> told;
    const auto watch = history.subscribe(field<"port">, [&](const auto&) { told.push_back(history.current().port); });
    const auto commits = [&](int first, int last) {
        for (int i = first; i < last; ++i) CHECK(history.commit([&](Settings& s) { s.port = i; }));
    };
    {
        auto outer = history.group();
        commits(1, 6);
        auto middle = history.group();
        commits(6, 9);
        {
            auto inner = history.group();
            commits(9, 20);
            CHECK(inner.cancel());
            CHECK(history.current().port == 8);
        }
        {
            auto inner = history.group();
            commits(20, 30);
        }
        CHECK(history.current().port == 29);
        told.clear();
        CHECK(middle.cancel());
        CHECK(told == std::vector<int>{5});
        commits(30, 33);
        history.mark_saved();
        CHECK(history.dirty());
    }
    CHECK(history.size() == 2);
    CHECK(history.undo());
    CHECK(stet::equal(history.current(), Settings{}));
    CHECK(history.redo());
    CHECK(history.current().port == 32);
}

TEST_CASE("group: it may be ended by who is told that it ends") {
    History<Settings, 4> history{Settings{}};
    for (const bool cancelled : {false, true}) {
        auto group = history.group();
        CHECK(history.set(field<"port">, 7 + cancelled));
        const auto watch = history.on_change([&] { group.close(); });
        if (cancelled) CHECK(group.cancel());
        else group.close();
    }
    CHECK(history.size() == 2);
}

TEST_CASE("group: one that is kept from one event to another") {
    stet::History<bot::Settings, 8> history{bot::Settings{}};
    std::optional<decltype(history)::Group> drag;
    drag.emplace(history.group("drag"));
    CHECK(history.commit([](bot::Settings& s) { s.name = "a"; }));
    CHECK(history.commit([](bot::Settings& s) { s.name = "b"; }));
    CHECK_FALSE(history.can_undo());
    drag.reset();
    CHECK(history.size() == 2);
    CHECK(history.undo_name() == "drag");
    auto first = history.group();
    auto second = std::move(first);
    second.close();
    CHECK(history.can_undo());
}
