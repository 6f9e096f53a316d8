#include <stet/patch/edit.hpp>

#include <stet/patch/merge_records.hpp>
#include <stet/render/text.hpp>

#include "../every_kind.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <compare>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

using stet::edit_in_place;
using stet::Errc;
using stet::field;
using stet::text;

namespace {

struct Shape {
    int id = 0;
    float x = 0, y = 0;
    std::string label;
    int seen = 0;
    static constexpr auto schema() { return stet::fields(field<&Shape::seen>(stet::transient)); }
};
struct Frame {
    int width = 0;
    int height = 0;
    std::string caption;
};
struct Place {
    int page = 0;
    int column = 0;
    auto operator<=>(const Place&) const = default;
};
struct Mark {
    int weight = 0;
    Place place;
};
struct Layer {
    std::string name;
    int depth = 0;
    std::vector<Mark> marks;
    static constexpr auto schema() { return stet::fields(field<&Layer::marks>(stet::keyed_by<&Mark::place>)); }
};
struct Document {
    std::string title;
    std::vector<Shape> shapes;
    Frame frame;
    Frame locked;
    std::array<int, 3> margins{};
    std::map<std::string, Frame> views;
    std::set<int> pages;
    std::optional<Frame> cover;
    std::deque<std::string> notes;
    std::uint8_t zoom = 1;
    std::vector<int> scratch;
    std::vector<Layer> layers;
    std::deque<Layer> spare;
    std::list<Layer> old;

    static constexpr auto schema() {
        return stet::fields(
            field<&Document::shapes>(stet::keyed_by<&Shape::id>), field<&Document::locked>(stet::indivisible),
            field<&Document::scratch>(stet::transient), field<&Document::layers>(stet::keyed_by<&Layer::name>),
            field<&Document::spare>(stet::keyed_by<&Layer::name>), field<&Document::old>(stet::keyed_by<&Layer::name>));
    }
};

Document drawn() {
    Document document;
    document.title = "untitled";
    for (int i = 0; i < 4; ++i) document.shapes.push_back({100 + i, 0, 0, "", 0});
    document.views["a"].width = 1;
    document.pages = {1, 2};
    document.notes = {"one", "two"};
    document.layers = {{"ink", 1, {{1, {1, 1}}, {2, {2, 2}}}}, {"chalk", 2, {}}, {"wash", 3, {}}};
    document.spare = {{"a", 1, {}}, {"b", 2, {}}};
    document.old = {{"a", 1, {}}, {"b", 2, {}}};
    return document;
}

// The patch, which leads from what was there to what is there now and back.
template <class F>
std::string done(Document& document, F&& f) {
    const Document before = document;
    const auto patch = edit_in_place(document, f);
    if (!patch) {
        CHECK(text(stet::diff(before, document)).empty());
        CHECK(before.scratch == document.scratch);
        return stet::detail::to_text([&](const stet::Writer& out) { patch.error().write(out); });
    }
    const auto there = stet::apply(*patch, before);
    const auto back = stet::apply(patch->inverted(), document);
    REQUIRE(there.has_value());
    REQUIRE(back.has_value());
    CHECK(stet::equal(*there, document));
    CHECK(stet::equal(*back, before));
    return text(*patch);
}

// The same, where it is also what a comparison finds.
template <class F>
std::string as_compared(Document& document, F&& f) {
    const Document before = document;
    const std::string patch = done(document, f);
    CHECK(patch == text(stet::diff(before, document)));
    return patch;
}

}  // namespace

TEST_CASE("edit_in_place: takes effect at once, and the patch says what was changed") {
    Document document = drawn();
    CHECK(done(document, [](auto& edit) {
              edit.set(field<"title">, "drawing");
              edit.at(field<"shapes">)[2].set(field<"x">, 3.0f);
              CHECK(edit.current().shapes[2].x == 3.0f);
              edit.at(field<"shapes">).at_key(103).set(field<&Shape::y>, 4);
          }) == "~ title: \"untitled\" -> \"drawing\"\n~ shapes[2].x: 0 -> 3\n~ shapes[3].y: 0 -> 4");
    CHECK(document.shapes[3].y == 4.0f);
    CHECK(done(document, [](auto&) {}).empty());
    CHECK(done(document, [](auto& edit) { edit.set(field<"title">, "drawing"); }).empty());
}

TEST_CASE("edit_in_place: what is changed and changed back is not in the patch") {
    Document document = drawn();
    CHECK(done(document, [](auto& edit) {
              edit.set(field<"frame.width">, 5);
              edit.at(field<"notes">).push_back("three");
              edit.at(field<"pages">).insert(7);
              edit.at(field<"frame">).set(field<"width">, 0);
              edit.at(field<"notes">).erase(2);
              edit.at(field<"pages">).erase(7);
          }).empty());
}

TEST_CASE("edit_in_place: sequences") {
    Document document = drawn();
    CHECK(done(document,
               [](auto& edit) {
                   auto shapes = edit.at(field<"shapes">);
                   shapes.insert(0, {7, 1, 1, "first", 0});
                   shapes.erase(2);
                   shapes.push_back({8, 0, 0, "last", 0});
                   shapes.emplace(1, 9, 2.0f, 0.0f, "", 0);
               }) ==
          "+ shapes[0]: {id: 7, x: 1, y: 1, label: \"first\", seen: 0}\n"
          "+ shapes[1]: {id: 9, x: 2, y: 0, label: \"\", seen: 0}\n"
          "- shapes[1]: {id: 101, x: 0, y: 0, label: \"\", seen: 0}\n"
          "+ shapes[5]: {id: 8, x: 0, y: 0, label: \"last\", seen: 0}");
    CHECK(done(document, [](auto& edit) { edit.at(field<"notes">).insert(1, "between"); }) ==
          "+ notes[1]: \"between\"");
    CHECK(done(document, [](auto& edit) { edit.at(field<"notes">).swap(2, 0); }) ==
          "~ notes[0]: \"one\" -> \"two\"\n~ notes[2]: \"two\" -> \"one\"");
    CHECK(document.notes == std::deque<std::string>{"two", "between", "one"});
    CHECK(done(document, [](auto& edit) { edit.at(field<"notes">).assign({"x"}); }) ==
          "~ notes[0]: \"two\" -> \"x\"\n- notes[1]: \"between\"\n- notes[2]: \"one\"");
    CHECK(done(document, [](auto& edit) { edit.at(field<"margins">)[1].assign(4); }) == "~ margins[1]: 0 -> 4");
    CHECK(done(document, [](auto& edit) { edit.at(field<"margins">).swap(0, 1); }) ==
          "~ margins[0]: 0 -> 4\n~ margins[1]: 4 -> 0");
}

TEST_CASE("edit_in_place: elements with a key that change places are the same elements") {
    Document document = drawn();
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"shapes">).swap(0, 1); }) ==
          "+ shapes[0]: {id: 101, x: 0, y: 0, label: \"\", seen: 0}\n"
          "- shapes[1]: {id: 101, x: 0, y: 0, label: \"\", seen: 0}");
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"shapes">).swap(3, 0); }) ==
          "- shapes[0]: {id: 101, x: 0, y: 0, label: \"\", seen: 0}\n"
          "+ shapes[0]: {id: 103, x: 0, y: 0, label: \"\", seen: 0}\n"
          "- shapes[3]: {id: 103, x: 0, y: 0, label: \"\", seen: 0}\n"
          "+ shapes[3]: {id: 101, x: 0, y: 0, label: \"\", seen: 0}");
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"shapes">).swap(1, 3); }) != "");
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"spare">).swap(0, 1); }) ==
          "+ spare[0]: {name: \"b\", depth: 2, marks: []}\n- spare[1]: {name: \"b\", depth: 2, marks: []}");
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"old">).swap(0, 1); }) ==
          "+ old[0]: {name: \"b\", depth: 2, marks: []}\n- old[1]: {name: \"b\", depth: 2, marks: []}");
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"old">).swap(1, 1); }).empty());
}

TEST_CASE("edit_in_place: an element that gets another key is another element") {
    Document document = drawn();
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"shapes">)[2].set(field<"id">, 7); }) ==
          "- shapes[2]: {id: 102, x: 0, y: 0, label: \"\", seen: 0}\n"
          "+ shapes[2]: {id: 7, x: 0, y: 0, label: \"\", seen: 0}");
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"shapes">)[2].assign({8, 1, 0, "", 0}); }) ==
          "- shapes[2]: {id: 7, x: 0, y: 0, label: \"\", seen: 0}\n"
          "+ shapes[2]: {id: 8, x: 1, y: 0, label: \"\", seen: 0}");
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"shapes">)[2].assign({8, 2, 0, "", 0}); }) ==
          "~ shapes[2].x: 1 -> 2");
    CHECK(as_compared(document, [](auto& edit) { edit.set("shapes[2].id", 9); }).find("- shapes[2]: {id: 8") == 0);
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"shapes">)[2].set(field<"id">, 9); }).empty());
    CHECK(as_compared(document,
                      [](auto& edit) {
                          const auto shape = edit.at(field<"shapes">).at_key(9);
                          shape.set(field<"id">, 10);
                          shape.set(field<"x">, 5);  // it stands where it stood
                      }) ==
          "- shapes[2]: {id: 9, x: 2, y: 0, label: \"\", seen: 0}\n"
          "+ shapes[2]: {id: 10, x: 5, y: 0, label: \"\", seen: 0}");
    CHECK(as_compared(document, [](auto& edit) {
              edit.at(field<"shapes">)[2].set(field<"id">, 11);
              edit.at(field<"shapes">)[2].set(field<"id">, 10);
          }).empty());
    CHECK(as_compared(document, [](auto& edit) {
              edit.at(field<"shapes">).swap(1, 2);
              edit.at(field<"shapes">).swap(1, 2);
          }).empty());
    CHECK(as_compared(document, [](auto& edit) {
              edit.at(field<"shapes">).insert(1, {50, 0, 0, "", 0});
              edit.at(field<"shapes">).erase(2);
          }).find("- shapes[1]") == 0);
}

TEST_CASE("edit_in_place: a part of a key, a text that is one, and keys in elements that have one") {
    Document document = drawn();
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"layers">)[1].at(field<"name">).insert(5, "!"); }) ==
          "- layers[1]: {name: \"chalk\", depth: 2, marks: []}\n+ layers[1]: {name: \"chalk!\", depth: 2, marks: []}");
    const std::string marked =
        "- layers[0].marks[1]: {weight: 2, place.page: 2, place.column: 2}\n"
        "+ layers[0].marks[1]: {weight: 2, place.page: 2, place.column: 3}";
    const auto in_marks = [](auto f) {
        return [f](auto& edit) { f(edit.at(field<"layers">).at_key(std::string("ink")).at(field<"marks">)[1]); };
    };
    Document again = document;
    CHECK(as_compared(again, in_marks([](const auto& mark) { mark.set(field<"place.column">, 3); })) == marked);
    again = document;
    CHECK(as_compared(again, in_marks([](const auto& mark) { mark.at(field<"place">).set(field<"column">, 3); })) ==
          marked);
    again = document;
    CHECK(as_compared(again, in_marks([](const auto& mark) { mark.set(field<"place">, Place{2, 3}); })) == marked);
    again = document;
    CHECK(as_compared(again, in_marks([](const auto& mark) { mark.set(field<"weight">, 3); })) ==
          "~ layers[0].marks[1].weight: 2 -> 3");
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"spare">)[1].set(field<"name">, "z"); }) ==
          "- spare[1]: {name: \"b\", depth: 2, marks: []}\n+ spare[1]: {name: \"z\", depth: 2, marks: []}");
    CHECK(as_compared(document, [](auto& edit) { edit.at(field<"old">)[0].set(field<"name">, "z"); }) ==
          "- old[0]: {name: \"a\", depth: 1, marks: []}\n+ old[0]: {name: \"z\", depth: 1, marks: []}");
}

TEST_CASE("edit_in_place: another key, and back again where the edit is given up") {
    Document document = drawn();
    CHECK_FALSE(edit_in_place(document, [](auto& edit) {
                    edit.at(field<"shapes">)[1].set(field<"id">, 7);
                    edit.at(field<"shapes">)[1].set(field<"seen">, 4);
                    edit.at(field<"shapes">).swap(1, 2);
                    edit.at(field<"layers">)[0].at(field<"marks">)[0].set(field<"place.page">, 9);
                    edit.at(field<"layers">)[0].set(field<"name">, "oil");
                    edit.at(field<"old">)[0].set(field<"name">, "z");
                    return false;
                }).has_value());
    CHECK(text(stet::diff(drawn(), document)).empty());
    CHECK(document.shapes[1].seen == 0);
}

TEST_CASE("edit_in_place: merged by key, an element with another key is not the one that the other side changed") {
    const Document base = drawn();
    Document ours = base;
    Document theirs = base;
    const auto renamed = edit_in_place(ours, [](auto& edit) { edit.at(field<"shapes">)[1].set(field<"id">, 7); });
    const auto changed = edit_in_place(theirs, [](auto& edit) { edit.at(field<"shapes">)[1].set(field<"x">, 3); });
    const auto both = stet::rebase(*changed, *renamed);
    REQUIRE(both.conflicts().size() == 1);
    CHECK(both.conflicts()[0].severity() == stet::ConflictSeverity::critical);
    const auto moved = edit_in_place(ours = base, [](auto& edit) { edit.at(field<"shapes">).swap(1, 2); });
    CHECK(text(stet::rebase(*changed, *moved).patch()) == "~ shapes[2].x: 0 -> 3");
    CHECK(text(stet::rebase(*moved, *changed).patch()) == text(*moved));
}

TEST_CASE("edit_in_place: maps, sets, optionals, texts") {
    Document document = drawn();
    CHECK(done(document,
               [](auto& edit) {
                   edit.at(field<"views">).at("a").set(field<"caption">, "A");
                   edit.at(field<"views">).insert("b", {1, 2, "B"});
                   edit.at(field<"pages">).insert(3);
                   edit.at(field<"pages">).insert(3);
                   edit.at(field<"pages">).erase(1);
                   edit.at(field<"cover">).set({1, 2, "C"});
                   edit.at(field<"cover">).content().set(field<"height">, 9);
                   edit.at(field<"title">).insert(8, "!");
                   edit.at(field<"title">).erase(0, 2);
               }) ==
          "- title[0]: \"un\"\n+ title[6]: \"!\"\n~ views[\"a\"].caption: \"\" -> \"A\"\n"
          "+ views[\"b\"]: {width: 1, height: 2, caption: \"B\"}\n- pages[1]: 1\n+ pages[3]: 3\n"
          "+ cover: {width: 1, height: 9, caption: \"C\"}");
    CHECK(done(document,
               [](auto& edit) {
                   edit.at(field<"views">).insert("b", {5, 2, "B"});  // a value for a key, whatever was there
                   edit.at(field<"views">).erase("a");
                   edit.at(field<"cover">).reset();
                   edit.at(field<"cover">).reset();
               }) ==
          "- views[\"a\"]: {width: 1, height: 0, caption: \"A\"}\n~ views[\"b\"].width: 1 -> 5\n"
          "- cover: {width: 1, height: 9, caption: \"C\"}");
}

TEST_CASE("edit_in_place: what is indivisible changes as one, what is transient is in no patch, and both come back") {
    Document document = drawn();
    CHECK(done(document, [](auto& edit) { edit.set(field<"locked.width">, 5); }) ==
          "~ locked: {width: 0, height: 0, caption: \"\"} -> {width: 5, height: 0, caption: \"\"}");
    CHECK(document.locked.width == 5);
    CHECK(done(document, [](auto& edit) {
              edit.at(field<"scratch">).push_back(1);
              edit.at(field<"shapes">)[0].set(field<"seen">, 3);
          }).empty());
    CHECK(document.scratch == std::vector<int>{1});
    CHECK(document.shapes[0].seen == 3);
    CHECK_FALSE(edit_in_place(document, [](auto& edit) {
                    edit.at(field<"scratch">).push_back(2);
                    edit.at(field<"shapes">)[0].set(field<"seen">, 4);
                    edit.at(field<"shapes">)[0].assign({1, 2, 3, "", 5});
                    return false;
                }).has_value());
    CHECK(document.scratch == std::vector<int>{1});
    CHECK(document.shapes[0].seen == 3);
}

TEST_CASE("edit_in_place: by paths, as Versioned::set does") {
    Document document = drawn();
    const auto path = stet::Path<Document>::parse("views[a].caption");
    REQUIRE(path);
    CHECK(done(document,
               [&](auto& edit) {
                   edit.set(*path, "A");
                   edit.set("frame", Frame{1, 2, "F"});
                   edit.set("shapes[1].x", 2);
                   edit.set("locked.height", 3);
               }) ==
          "~ shapes[1].x: 0 -> 2\n~ frame.width: 0 -> 1\n~ frame.height: 0 -> 2\n~ frame.caption: \"\" -> \"F\"\n"
          "~ locked: {width: 0, height: 0, caption: \"\"} -> {width: 0, height: 3, caption: \"\"}\n"
          "~ views[\"a\"].caption: \"\" -> \"A\"");
    CHECK(done(document, [](auto& edit) { edit.set("frames.width", 1); }).find("'frame.width'") != std::string::npos);
    CHECK(done(document, [](auto& edit) { edit.set("shapes[9].x", 1); }).find("'shapes[9].x'") != std::string::npos);
    CHECK(done(document, [](auto& edit) { edit.set("zoom", 256); }).find("'zoom'") != std::string::npos);
    CHECK(done(document, [](auto& edit) { edit.set("zoom", "x"); }).find("'zoom'") != std::string::npos);
}

TEST_CASE("edit_in_place: what does not exist or fit fails all of it, with the place and how many there are") {
    Document document = drawn();
    const auto why = [&](auto f) {
        const auto made = edit_in_place(document, [&](auto& edit) {
            edit.set(field<"title">, "lost");
            edit.at(field<"shapes">).erase(0);
            f(edit);
            edit.set(field<"frame.width">, 1000);  // is ignored
            CHECK(edit.current().frame.width != 1000);
        });
        REQUIRE_FALSE(made.has_value());
        CHECK(text(stet::diff(drawn(), document)).empty());
        return std::string(made.error().why().view());
    };
    CHECK(why([](auto& edit) { edit.at(field<"shapes">)[3]; }) == "'shapes[3]', there are 3");
    CHECK(why([](auto& edit) { edit.at(field<"shapes">).insert(4, {}); }) == "'shapes[4]', there are 3");
    CHECK(why([](auto& edit) { edit.at(field<"shapes">).erase(3); }) == "'shapes[3]', there are 3");
    CHECK(why([](auto& edit) { edit.at(field<"shapes">).swap(3, 0); }) == "'shapes[3]', there are 3");
    CHECK(why([](auto& edit) { edit.at(field<"shapes">).at_key(7); }) == "'shapes[key 7]', there are 3");
    CHECK(why([](auto& edit) { edit.at(field<"margins">)[3].set(1); }) == "'margins[3]', there are 3");
    CHECK(why([](auto& edit) { edit.at(field<"views">).at("z"); }) == "'views[\"z\"]', there are 1");
    CHECK(why([](auto& edit) { edit.at(field<"views">).erase("z"); }) == "'views[\"z\"]', there are 1");
    CHECK(why([](auto& edit) { edit.at(field<"pages">).erase(9); }) == "'pages[9]', there are 2");
    CHECK(why([](auto& edit) { edit.at(field<"cover">).content(); }) == "'cover'");
    CHECK(why([](auto& edit) { edit.at(field<"title">).insert(5, "x"); }) == "'title[5]', there are 4");
    CHECK(why([](auto& edit) { edit.at(field<"title">).erase(1, 4); }) == "'title[5]', there are 4");
    CHECK(why([](auto& edit) { edit.set(field<"zoom">, 256); }) == "'zoom'");
    CHECK(why([](auto& edit) { edit.at(field<"views">).at("a").set(field<"width">, 1e10); }) == "'views[\"a\"].width'");
}

TEST_CASE("edit_in_place: a function that gives up, with its own error if it has one") {
    Document document = drawn();
    const auto no = edit_in_place(document, [](auto& edit) {
        edit.at(field<"shapes">).erase(0);
        return false;
    });
    REQUIRE_FALSE(no.has_value());
    CHECK(no.error().code() == Errc::gave_up);
    const auto failed = edit_in_place(document, [](auto& edit) -> stet::Result<void> {
        edit.at(field<"shapes">).erase(0);
        return stet::Failure(stet::Error(Errc::malformed));
    });
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().code() == Errc::malformed);
    CHECK(text(stet::diff(drawn(), document)).empty());
}

TEST_CASE("edit_in_place: a cursor stands at a position or key, whatever happens around it") {
    Document document = drawn();
    CHECK(done(document, [](auto& edit) {
              const auto third = edit.at(field<"shapes">)[2];
              edit.at(field<"shapes">).erase(0);
              for (int i = 0; i < 100; ++i) edit.at(field<"shapes">).push_back({i, 0, 0, "", 0});
              CHECK(third.current().id == 103);
              edit.at(field<"shapes">).assign({});
              CHECK_FALSE(third);
              CHECK(edit);
              edit.at(field<"shapes">).push_back({1, 0, 0, "", 0});
          }).find("+ shapes[0]: {id: 1,") != std::string::npos);
}

TEST_CASE("edit_in_place: a flat struct is edited with the same words") {
    every::Flat flat;
    const auto patch = edit_in_place(flat, [](auto& edit) {
        edit.set(field<"point.x">, 5);
        edit.set(field<"locked.x">, 6);
        edit.at(field<"own_vector">).push_back(1);
        edit.at(field<"own_vector">).insert(0, 2);
        edit.at(field<"grid">)[1][0].set(field<"y">, 7);
        edit.set("numbers[2]", 8);
    });
    REQUIRE(patch.has_value());
    CHECK(flat.grid[1][0].y == 7);
    CHECK(every::dumped(*stet::apply(*patch, every::Flat{})) == every::dumped(flat));
    CHECK_FALSE(edit_in_place(flat, [](auto& edit) {
                    edit.set(field<"point.x">, 9);
                    edit.at(field<"own_vector">)[5].assign(1);
                }).has_value());
    CHECK(flat.point.x == 5);
}

TEST_CASE("edit_in_place: costs what is changed, and many edits cost little more than their number") {
    Document document = drawn();
    document.shapes.resize(10'000);
    bool keys = false;
    int last_key = 1'000'000;
    const auto seconds = [&](int edits) {
        const auto start = std::chrono::steady_clock::now();
        const auto patch = edit_in_place(document, [&](auto& edit) {
            for (int i = 0; i < edits; ++i) {
                const auto shape = edit.at(field<"shapes">)[static_cast<std::size_t>(i * 7919 % 10'000)];
                if (keys) shape.set(field<"id">, ++last_key);
                else shape.set(field<"x">, float(i + 1));
            }
        });
        CHECK(patch.has_value());
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    for (const bool of_keys : {false, true}) {
        keys = of_keys;
        double few = 1;
        double many = 1;
        for (int i = 0; i < 3; ++i) {
            const double now_few = seconds(500);
            const double now_many = seconds(8000);
            few = now_few < few ? now_few : few;
            many = now_many < many ? now_many : many;
        }
        CHECK(many < 16 * few * 6);  // of n^2 it would be 256 times as much
    }
}
