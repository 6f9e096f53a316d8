#include <stet/history_changes.hpp>

#include <stet/render/text.hpp>

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

using stet::Errc;
using stet::field;
using stet::History;

namespace {

struct Shape {
    int id = 0;
    float x = 0, y = 0;
    std::string label;
};
struct Document {
    std::string title;
    int width = 1;
    std::vector<Shape> shapes;
    static constexpr auto schema() {
        return stet::fields(field<&Document::width>(stet::in_range(1, 100)),
                            field<&Document::shapes>(stet::keyed_by<&Shape::id>));
    }
};
struct Viewed {
    std::vector<int> marks;
    std::vector<int> scroll;
    static constexpr auto schema() { return stet::fields(field<&Viewed::scroll>(stet::transient)); }
};
struct Flat {
    int x = 1;
    int y = 1;
    static constexpr auto schema() { return stet::fields(field<&Flat::x>(stet::in_range(1, 100))); }
};

Document drawn() {
    Document document;
    document.title = "untitled";
    for (int i = 0; i < 10; ++i) document.shapes.push_back({100 + i, 0, 0, "a label too long to be held in place"});
    return document;
}

}  // namespace

TEST_CASE("History::at: no state is given out while an edit is at work on the current one") {
    History<Document, 8> history{drawn()};
    REQUIRE(history.commit([](Document& document) { document.shapes.push_back({}); }));
    CHECK(history.edit([&](auto& edit) {
        for (int i = 0; i < 10; ++i) edit.at(field<"shapes">).erase(0);
        CHECK(history.at(0).error().code() == Errc::in_notification);
        CHECK(history.at(9).error().code() == Errc::no_such_element);
    }));
    CHECK(history.at(0)->shapes.size() == 10);
}

TEST_CASE("History::edit: a step, with a name, that can be undone and made again") {
    History<Document, 8> history{drawn()};
    CHECK(history.edit("move shape", [](auto& edit) {
        edit.at(field<"shapes">)[5].set(field<"x">, 3.0f);
        edit.at(field<"shapes">).at_key(106).set(field<"y">, 1.0f);
    }));
    CHECK(history.undo_name() == "move shape");
    CHECK(history.edit([](auto& edit) { edit.at(field<"shapes">).erase(0); }));
    CHECK(history.edit([](auto& edit) { edit.at(field<"title">).insert(8, "!"); }));
    CHECK(history.current().title == "untitled!");
    const Document after = history.current();
    CHECK(history.go_to(0));
    CHECK(stet::equal(history.current(), drawn()));
    CHECK(history.go_to(3));
    CHECK(stet::equal(history.current(), after));
    CHECK(history.commit([](Document& d) { d.width = 7; }));
    CHECK(history.undo());
    CHECK(history.edit([](auto& edit) { edit.set(field<"width">, 9); }));
    CHECK_FALSE(history.can_redo());
    CHECK(history.edit([](auto&) {}));
    CHECK(history.size() == 5);
}

TEST_CASE("History::edit: what breaks a rule, gives up, throws or does not exist leaves everything as it was") {
    History<Document, 8> history{drawn()};
    const auto failed = [&](auto f) {
        const auto made = history.edit(f);
        REQUIRE_FALSE(made.has_value());
        CHECK(history.size() == 1);
        CHECK(stet::equal(history.current(), drawn()));
        return made.error().code();
    };
    CHECK(failed([](auto& edit) {
              edit.at(field<"shapes">).erase(0);
              edit.set(field<"width">, 0);
          }) == Errc::rule_broken);
    CHECK(failed([](auto& edit) {
              edit.at(field<"shapes">).erase(0);
              return false;
          }) == Errc::gave_up);
    CHECK(failed([](auto& edit) {
              edit.at(field<"shapes">).erase(0);
              edit.at(field<"shapes">)[9];
          }) == Errc::no_such_element);
    CHECK_THROWS_AS(static_cast<void>(history.edit([](auto& edit) {
                        edit.at(field<"shapes">).erase(0);
                        throw std::runtime_error("in the middle");
                    })),
                    std::runtime_error);
    CHECK(stet::equal(history.current(), drawn()));
    CHECK(history.edit([&](auto& edit) {
        edit.set(field<"width">, 5);
        CHECK(history.set(field<"width">, 6).error().code() == Errc::in_notification);
        CHECK(history.edit([](auto&) {}).error().code() == Errc::in_notification);
        CHECK(history.undo().error().code() == Errc::in_notification);
    }));
    CHECK(history.current().width == 5);
    CHECK(history.undo());
}

TEST_CASE("History::edit: in groups, with subscribers") {
    History<Document, 8> history{drawn()};
    std::string seen;
    {
        auto told = history.subscribe([&](const stet::Patch<Document>& patch, stet::When when) {
            seen += when == stet::When::before ? "<" : ">";
            seen += std::to_string(history.current().width) + " " + stet::text(patch) + "\n";
        });
        CHECK(history.edit([](auto& edit) { edit.set(field<"width">, 5); }));
        CHECK(history.edit([](auto& edit) {
            edit.set(field<"width">, 6);
            edit.at(field<"shapes">).erase(9);
            edit.at(field<"shapes">).push_back({109, 0, 0, "a label too long to be held in place"});
        }));
    }
    CHECK(seen == "<1 ~ width: 1 -> 5\n>5 ~ width: 1 -> 5\n<5 ~ width: 5 -> 6\n>6 ~ width: 5 -> 6\n");
    {
        auto drag = history.group("drag");
        for (int i = 1; i <= 100; ++i)
            CHECK(history.edit([&](auto& edit) { edit.at(field<"shapes">)[7].set(field<"y">, float(i)); }));
    }
    CHECK(history.undo_name() == "drag");
    CHECK(history.undo());
    CHECK(history.current().shapes[7].y == 0.0f);
    CHECK(history.undo());
    CHECK(history.undo());
    CHECK(stet::equal(history.current(), drawn()));
}

TEST_CASE("History::edit: what is transient stays, with subscribers too") {
    History<Viewed, 4> history{Viewed{{1}, {1}}};
    CHECK(history.edit([](auto& edit) {
        edit.at(field<"marks">).push_back(2);
        edit.at(field<"scroll">).push_back(2);
    }));
    CHECK(history.current().scroll.size() == 2);
    const auto told = history.subscribe([](const stet::Patch<Viewed>&, stet::When) {});
    CHECK(history.edit([](auto& edit) {
        edit.at(field<"marks">).push_back(3);
        edit.at(field<"scroll">).push_back(3);
    }));
    CHECK(history.current().scroll.size() == 3);
    CHECK(history.undo());
    CHECK(history.current().marks.size() == 2);
    CHECK(history.current().scroll.size() == 3);
}

TEST_CASE("History::edit: flat structs, as copies and as changes") {
    const auto works = [](auto history) {
        CHECK(history.edit([](auto& edit) { edit.set(field<"x">, 5); }));
        CHECK(history.edit([](auto& edit) { edit.set(field<"x">, 500); }).error().code() == Errc::rule_broken);
        CHECK(history.edit([](auto& edit) { edit.set("y", 6); }));
        CHECK(history.current().y == 6);
        CHECK(history.undo());
        CHECK(history.undo());
        CHECK(history.current().x == 1);
    };
    works(History<Flat, 4>{Flat{}});
    works(History<Flat, 4, stet::Changes>{Flat{}});
    History<Flat, 4, stet::NamedCopies> named{Flat{}};
    CHECK(named.edit("move", [](auto& edit) { edit.set(field<"x">, 5); }));
    CHECK(named.undo_name() == "move");
}

TEST_CASE("set: a path as text, or parsed, leads into containers") {
    History<Document, 8> history{drawn()};
    CHECK(history.set("title", "by path"));
    CHECK(history.set("move", "shapes[3].x", 5.0F));
    CHECK(history.undo_name() == "move");
    const auto path = stet::Path<Document>::parse("shapes[4].label");
    REQUIRE(path);
    CHECK(history.set(*path, "parsed"));
    CHECK(history.set("name it", *path, "again"));
    CHECK(history.current().title == "by path");
    CHECK(history.current().shapes[3].x == 5.0F);
    CHECK(history.current().shapes[4].label == "again");
    CHECK(history.size() == 5);
    CHECK(history.set("titel", "x").error().code() == Errc::no_such_field);
    CHECK(history.set("shapes[99].x", 1.0F).error().code() == Errc::no_such_element);
    CHECK(history.set("width", 1000).error().code() == Errc::rule_broken);
    CHECK(history.size() == 5);
    History<Flat, 4> flat{Flat{}};
    CHECK(flat.set("y", 7));
    CHECK(flat.current().y == 7);
}

namespace {

struct Mark {
    char kind = 'a';
    double at = 0;
    std::array<short, 3> color{};
    static constexpr auto schema() { return stet::fields(field<&Mark::at>(stet::in_range(0.0, 1000.0))); }
};
struct Ruler {
    std::string name;
    double zoom = 1;
    std::vector<Mark> marks;
    static constexpr auto schema() { return stet::fields(field<&Ruler::zoom>(stet::in_range(0.5, 100.0))); }
};
auto state(const Ruler& ruler) {
    std::vector<double> all{ruler.zoom};
    for (const Mark& mark : ruler.marks) all.insert(all.end(), {mark.at, double(mark.kind), double(mark.color[1])});
    return all;
}

}  // namespace

TEST_CASE("History::edit: one value at a time, in a full history, with names, times and limits in between") {
    Ruler ruler;
    ruler.marks.resize(5);
    History<Ruler, 6> history{ruler};
    std::vector<std::vector<double>> states{state(ruler)};
    for (int n = 1; n < 200; ++n) {
        if (n == 100) history.tick(7);
        if (n == 150) history.limit_bytes(100'000);
        const auto mark = static_cast<std::size_t>(n % 5);
        const auto edit = [&](auto& to) {
            const auto at = to.at(field<"marks">)[mark];
            if (n % 4 == 0) at.set(field<"at">, double(n));
            else if (n % 4 == 1) at.set(field<"kind">, static_cast<char>(n % 50 + 20));
            else if (n % 4 == 2) at.at(field<"color">)[1].set(static_cast<short>(n));
            else to.set(field<"zoom">, n / 4.0 + 0.5);
        };
        REQUIRE(history.edit(n % 7 == 0 ? "named" : "", edit));
        CHECK(history.undo_name() == (n % 7 == 0 ? "named" : ""));
        states.push_back(state(history.current()));
        CHECK(history.edit([](auto& to) { to.at(field<"marks">)[2].set(field<"at">, 1001.0); }).error().code() ==
              Errc::rule_broken);
        CHECK(history.set(field<"zoom">, 0.0).error().code() == Errc::rule_broken);
        CHECK(state(history.current()) == states.back());
        const std::size_t most = n < 5 ? static_cast<std::size_t>(n) : 5;
        for (std::size_t back = 1; back <= most; ++back) {
            REQUIRE(history.undo());
            CHECK(state(history.current()) == states[states.size() - 1 - back]);
        }
        CHECK(!history.can_undo());
        for (std::size_t back = most; back-- > 0;) {
            REQUIRE(history.redo());
            CHECK(state(history.current()) == states[states.size() - 1 - back]);
        }
        CHECK(history.dirty());
    }
    History<Ruler, 6> copy(history);
    REQUIRE(copy.undo());
    REQUIRE(copy.set(field<"zoom">, 2));
    REQUIRE(copy.undo());
    CHECK(state(copy.current()) == states[states.size() - 2]);
    CHECK(state(history.current()) == states.back());
}
