#include <stet/history_coalesce.hpp>

#include <stet/stet.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

#include <string>

using bot::Settings;
using stet::field;
using stet::History;
using stet::StepInfo;
using stet::within;

namespace {

bool types(History<Settings, 8>& history, stet::Ticks at, const std::string& name) {
    history.tick(at);
    return history.set("typing", field<"name">, name).has_value();
}

}  // namespace

TEST_CASE("coalesce(within(n)): one path, one name, at most n ticks later, is one step") {
    History<Settings, 8> history{Settings{}};
    history.coalesce(within(10));
    CHECK(types(history, 100, "a"));
    CHECK(types(history, 110, "ab"));
    CHECK(types(history, 120, "abc"));  // counted from the last change
    CHECK(history.size() == 2);
    CHECK(types(history, 131, "abcd"));
    CHECK(history.size() == 3);
    CHECK(history.set(field<"name">, "another name"));  // of the step, too
    CHECK(history.size() == 4);
    CHECK(history.set(field<"port">, 1));
    CHECK(history.size() == 5);
    CHECK(types(history, 5, "time goes backwards"));
    CHECK(history.size() == 6);
    for (const char* name : {"another name", "another name", "abcd", "abc", "bot"}) {
        CHECK(history.undo());
        CHECK(history.current().name == name);
    }
    CHECK_FALSE(history.undo());
}

TEST_CASE("coalesce(within(n)): another element is another path") {
    History<Settings, 8> history{Settings{}};
    history.coalesce(within(10));
    const auto set = [&](std::size_t i, const char* to) {
        return history.commit([&](Settings& s) { s.routes[i].to = to; }).has_value();
    };
    CHECK((set(0, "a") && set(0, "ab") && history.size() == 2));
    CHECK((set(1, "a") && set(1, "ab") && history.size() == 3));
    CHECK((set(0, "abc") && history.size() == 4));
    CHECK(history.undo());
    CHECK(history.undo());
    CHECK(history.current().routes[1].to == "away");
    CHECK(history.current().routes[0].to == "ab");
}

TEST_CASE("coalesce: what is taken back is gone, with its step") {
    History<Settings, 8> history{Settings{}};
    history.coalesce(within(10));
    CHECK(types(history, 1, "a"));
    CHECK(types(history, 2, "bot"));
    CHECK(history.size() == 1);
    CHECK_FALSE(history.can_undo());
    CHECK_FALSE(history.dirty());
    CHECK(types(history, 3, "b"));
    CHECK(history.size() == 2);
}

TEST_CASE("coalesce: never across a mark, an undo, a redo, a jump or a group") {
    History<Settings, 8> history{Settings{}};
    history.coalesce(within(10));
    CHECK(types(history, 1, "a"));
    history.mark_saved();
    CHECK(types(history, 2, "b"));
    CHECK(history.size() == 3);
    CHECK(history.undo());
    CHECK_FALSE(history.dirty());
    CHECK(history.redo());
    CHECK(types(history, 3, "c"));
    CHECK(history.size() == 4);
    CHECK(history.undo());
    CHECK(types(history, 4, "d"));
    CHECK(history.size() == 4);
    CHECK(history.go_to(0));
    CHECK(history.go_to(3));
    CHECK(types(history, 5, "e"));
    CHECK(history.size() == 5);
    {
        auto group = history.group("typing");
        CHECK(types(history, 6, "f"));
        CHECK(types(history, 7, "g"));
    }
    CHECK(history.size() == 6);
    CHECK(types(history, 8, "h"));
    CHECK(history.size() == 7);
    CHECK_FALSE(history.set(field<"name">, ""));  // what is refused was nothing
    CHECK(types(history, 9, "i"));
    CHECK(history.size() == 7);
}

TEST_CASE("coalesce(function): sees the step before and the change") {
    History<Settings, 8> history{Settings{}};
    CHECK(types(history, 1, "before the rule"));
    int asked = 0;
    history.coalesce([&](const StepInfo<Settings>& previous, const StepInfo<Settings>& next) {
        ++asked;
        CHECK(previous.name == "typing");
        CHECK(previous.at == 2);
        CHECK(next.at == 3);
        CHECK(previous.patch.touches(field<"name">));
        return next.patch.touches(field<"port">);
    });
    CHECK(types(history, 2, "a"));
    CHECK(asked == 0);
    history.tick(3);
    CHECK(history.set("port", field<"port">, 1));
    CHECK(asked == 1);
    CHECK(history.size() == 3);
    CHECK(history.undo_name() == "typing");
    CHECK(history.undo());
    CHECK(history.current().port == 8080);
    CHECK(history.current().name == "before the rule");
    auto copy = history;  // has the rule, too
    CHECK(types(copy, 2, "b"));
    copy.tick(3);
    CHECK(copy.set(field<"port">, 2));
    CHECK(copy.size() == 3);
    CHECK(asked == 2);
}

TEST_CASE("History<T, N, Changes>: a change by function after a joined one finds what is current") {
    History<Settings, 8> history{Settings{}};
    for (const int port : {1, 2, 3, 4})
        CHECK(history.amend([&](Settings& s) {
            CHECK(s.port == (port == 1 ? 8080 : port - 1));
            s.port = port;
            s.name += 'x';
        }));
    CHECK(history.current().name == "botxxxx");
    CHECK(history.size() == 2);
    CHECK(history.undo());
    CHECK(history.current().name == "bot");
}
