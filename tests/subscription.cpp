#include <stet/subscription.hpp>

#include <stet/stet.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using bot::Settings;
using stet::Errc;
using stet::field;
using stet::History;
using stet::Patch;
using stet::Path;
using stet::Subscription;
using stet::When;

TEST_CASE("subscribe(field): before and after what touches it") {
    History<Settings, 8> history{Settings{}};
    std::vector<std::string> heard;
    const auto port = history.subscribe(field<"port">, [&](const Patch<Settings>& patch, When when) {
        CHECK(patch.touches(field<"port">));
        heard.push_back((when == When::before ? "before, at " : "after, at ") + std::to_string(history.current().port));
    });
    int after = 0;
    const auto llm = history.subscribe(field<&Settings::llm>, [&](const Patch<Settings>&) { ++after; });
    int all = 0;
    const auto any = history.subscribe([&] { ++all; });
    using Texts = std::vector<std::string>;

    CHECK(history.set(field<"port">, 1));  // in place
    CHECK(heard == Texts{"before, at 8080", "after, at 1"});
    heard.clear();
    CHECK(history.commit([](Settings& s) { s.port = 2; }));
    CHECK(heard == Texts{"before, at 1", "after, at 2"});
    heard.clear();
    CHECK(history.set(field<"name">, "x"));
    CHECK(history.set(field<"llm.model">, "x"));
    CHECK(history.set(field<"hits">, 9));  // transient
    CHECK(history.set(field<"port">, 2));
    CHECK_FALSE(history.set(field<"port">, 0));
    CHECK(heard.empty());
    CHECK(after == 1);
    CHECK(all == 4);
    CHECK(history.undo());
    CHECK(after == 2);
    CHECK(history.go_to(0));
    CHECK(heard == Texts{"before, at 2", "after, at 8080"});
    heard.clear();
    CHECK(history.redo());
    CHECK(heard == Texts{"before, at 8080", "after, at 1"});
    heard.clear();
    {
        auto group = history.group();
        CHECK(history.set(field<"port">, 7));
        CHECK(group.cancel());
    }
    CHECK(heard == Texts{"before, at 1", "after, at 7", "before, at 7", "after, at 1"});
}

TEST_CASE("subscribe(Path): one element") {
    History<Settings, 8> history{Settings{}};
    int first = 0;
    int gpt = 0;
    const auto a = history.subscribe(Path<Settings>::parse("routes[0].to").value(), [&] { ++first; });
    const auto b = history.subscribe(Path<Settings>::parse("limits[\"gpt-4\"]").value(), [&] { ++gpt; });
    CHECK(history.commit([](Settings& s) { s.routes[1].to = "x"; }));
    CHECK(history.commit([](Settings& s) { s.limits["o1"] = 1; }));
    CHECK(first + gpt == 0);
    CHECK(history.commit([](Settings& s) { s.routes[0].to = "x"; }));
    CHECK(history.commit([](Settings& s) { s.limits.erase("gpt-4"); }));
    CHECK(history.undo());
    CHECK(first == 1);
    CHECK(gpt == 2);
}

TEST_CASE("subscribe: a patch that is undone is shown the way it goes") {
    History<Settings, 8> history{Settings{}};
    int to = 0;
    const auto watch = history.subscribe(field<"port">, [&](const Patch<Settings>& patch) {
        patch.visit([&](const stet::PathView&, const auto&, const auto& now) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(now)>, int>) to = now;
        });
    });
    CHECK(history.set(field<"port">, 5));
    CHECK(to == 5);
    CHECK(history.undo());
    CHECK(to == 8080);
    CHECK(history.redo());
    CHECK(to == 5);
    CHECK(history.undo());  // and the step itself is as it was
    CHECK(history.current().port == 8080);
}

TEST_CASE("subscribe: a change from inside is refused, with one sentence") {
    History<Settings, 8> history{Settings{}};
    int calls = 0;
    CHECK(history.set(field<"name">, "first"));
    const auto watch = history.subscribe([&](const Patch<Settings>&, When) {
        ++calls;
        const auto refused = history.set(field<"name">, "inside");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code() == Errc::in_notification);
        CHECK(refused.error().what() == "a function that makes a change, or is told of one, cannot make another");
        CHECK_FALSE(history.set(field<"hits">, 3));
        CHECK_FALSE(history.commit([](Settings& s) { s.port = 9; }));
        CHECK_FALSE(history.undo());
        CHECK_FALSE(history.redo());
        CHECK_FALSE(history.go_to(0));
        auto group = history.group("dead");
        CHECK(history.can_undo());
        CHECK(group.cancel());
    });
    CHECK(history.set(field<"port">, 1));
    CHECK(history.commit([](Settings& s) { s.port = 2; }));
    CHECK(history.undo());
    CHECK(calls == 6);
    CHECK(history.current().name == "first");
    CHECK(history.current().hits == 0);
    CHECK(history.current().port == 1);
}

TEST_CASE("Subscription: ends with its handle, in any order, and inside a call") {
    History<Settings, 8> history{Settings{}};
    std::string heard;
    Subscription a, b, c, d;
    a = history.subscribe([&] { heard += 'a'; });
    b = history.subscribe([&] {
        heard += 'b';
        b.end();  // itself
        c.end();  // the next one
        a.end();  // one that was called
        d = history.subscribe([&] { heard += 'd'; });
    });
    c = history.subscribe([&] { heard += 'c'; });
    CHECK(history.set(field<"port">, 1));
    CHECK(heard == "ab");
    CHECK(history.set(field<"port">, 2));  // who came in a call hears of the next change
    CHECK(heard == "abd");
    Subscription moved = std::move(d);
    CHECK(history.undo());
    CHECK(heard == "abdd");
    moved = Subscription{};
    CHECK(history.undo());
    CHECK(heard == "abdd");
    moved.end();
}

TEST_CASE("Subscription: may outlive the history; a history that is moved takes it along, a copy does not") {
    int calls = 0;
    std::optional<History<Settings, 8>> history(Settings{});
    auto watch = history->subscribe([&] { ++calls; });
    auto copy = *history;
    CHECK(copy.set(field<"port">, 1));
    CHECK(calls == 0);
    auto moved = std::make_unique<History<Settings, 8>>(std::move(*history));
    history.reset();
    CHECK(moved->set(field<"port">, 1));
    CHECK(calls == 1);
    moved.reset();
    watch.end();
}

TEST_CASE("on_change: what menus show, after it has changed") {
    History<Settings, 8> history{Settings{}};
    std::string shown;
    const auto watch = history.on_change([&] {
        shown = std::string(history.dirty() ? "*" : "") + std::string(history.undo_name()) +
                (history.can_redo() ? "/" + std::string(history.redo_name()) : "");
    });
    CHECK(history.set("port", field<"port">, 1));
    CHECK(shown == "*port");
    CHECK(history.undo());
    CHECK(shown == "/port");
    CHECK(history.redo());
    history.mark_saved();
    CHECK(shown == "port");
    {
        auto group = history.group("drag");
        CHECK(shown.empty());
        CHECK(history.set(field<"port">, 2));
        CHECK(shown == "*");
    }
    CHECK(shown == "*drag");
    {
        auto group = history.group("cancelled");
        CHECK(history.set(field<"port">, 3));
        CHECK(group.cancel());
        CHECK(shown == "*drag");
    }
    CHECK(history.go_to(1));
    CHECK(shown == "port/drag");
}

TEST_CASE("mark_saved from inside a subscriber: saves what is current then") {
    History<Settings, 8> history{Settings{}};
    int shown = 0;
    const auto saves = history.subscribe([&] { history.mark_saved(); });
    const auto menu = history.on_change([&] { ++shown; });
    CHECK(history.set(field<"port">, 1));
    CHECK_FALSE(history.dirty());
    CHECK(shown == 1);
}

#if STET_EXCEPTIONS
TEST_CASE("subscribe: what a function throws before a change stops it, and after it does not") {
    History<Settings, 8> history{Settings{}};
    CHECK(history.set(field<"port">, 1));
    When when = When::before;
    bool throws = true;
    Subscription watch;
    watch = history.subscribe([&](const Patch<Settings>&, When now) {
        if (!throws || now != when) return;
        watch.end();
        throw std::runtime_error("no");
    });
    const auto again = [&](auto verb) {
        const int port = history.current().port;
        const auto position = history.position();
        CHECK_THROWS(static_cast<void>(verb()));
        watch = history.subscribe([&](const Patch<Settings>&, When now) {
            if (throws && now == when) throw std::runtime_error("no");
        });
        if (when == When::before) {
            CHECK(history.current().port == port);
            CHECK(history.position() == position);
        } else CHECK(history.current().port != port);
    };
    again([&] { return history.set(field<"port">, 2); });
    again([&] { return history.commit([](Settings& s) { s.port = 2; }); });
    again([&] { return history.undo(); });
    when = When::after;
    again([&] { return history.set(field<"port">, 3); });
    again([&] { return history.commit([](Settings& s) { s.port = 4; }); });
    again([&] { return history.undo(); });
    CHECK(history.current().port == 3);
    throws = false;
    CHECK(history.undo());
    CHECK(history.current().port == 1);
    CHECK(history.redo());
    CHECK(history.redo());
    CHECK(history.current().port == 4);
}
#endif
