#include <stet/with/nlohmann_json/session.hpp>

#include <stet/stet.hpp>
#include <stet/with/nlohmann_json/parse.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using stet::field;
using Json = nlohmann::json;
using Strings = std::vector<std::string>;

namespace {

struct Shape {
    int id = 0;
    float x = 0;
    std::string label;
    int hits = 0;

    static constexpr auto schema() { return stet::fields(field<"hits">(stet::transient)); }
};
struct Document {
    std::string title = "untitled";
    std::vector<Shape> shapes;
    std::map<std::string, int> layers;
    std::optional<Shape> pinned;
    std::string token = "t0ken";
    double zoom = 1;
    int low = 1, high = 9;

    static constexpr auto schema() {
        return stet::fields(
            field<"title">(stet::not_empty), field<"shapes">(stet::keyed_by<&Shape::id>), field<"token">(stet::secret),
            field<"zoom">(stet::transient),
            stet::check<"low", "high">("low must not exceed high", [](int a, int b) { return a <= b; }));
    }
};
struct Config {
    int rpm = 3000;
    float gain = 1;
    int seen = 0;

    static constexpr auto schema() {
        return stet::fields(field<"rpm">(stet::in_range(100, 6000)), field<"seen">(stet::transient));
    }
};

/// Six states, two of them undone, the second one saved.
auto drawn() {
    stet::History<Document, 64> history{Document{}};
    history.tick(1000);
    REQUIRE(history.commit("paste", [](Document& d) { d.shapes = {{1, 10, "circle", 5}, {2, 40, "", 6}}; }));
    history.mark_saved();
    history.tick(2000);
    REQUIRE(history.edit("drag", [](auto& edit) { edit.at(field<"shapes">)[1].set(field<"x">, 41.0F); }));
    REQUIRE(history.commit([](Document& d) {
        d.shapes.erase(d.shapes.begin());
        d.layers["a/b~c"] = 3;
        d.pinned = Shape{9, 0, "\xff", 4};
    }));
    history.tick(4000000000);
    REQUIRE(history.set("na\"me", field<"title">, "Plan"));
    REQUIRE(history.set("token", field<"token">, "0ther"));
    REQUIRE(history.set(field<"zoom">, 4.0));
    REQUIRE(history.undo());
    REQUIRE(history.undo());
    return history;
}

template <class A, class B>
void check_same(const A& a, const B& b) {
    REQUIRE(a.size() == b.size());
    CHECK(a.position() == b.position());
    CHECK(a.dirty() == b.dirty());
    CHECK(stet::equal(a.current(), b.current()));
    for (std::size_t i = 0; i < a.size(); ++i) {
        CHECK(stet::equal(*a.at(i), *b.at(i)));
        CHECK(a.name(i) == b.name(i));
        CHECK(a.saved(i) == b.saved(i));
    }
}
template <class A, class B>
void check_same_times(const A& a, const B& b) {
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(a.time(i) == b.time(i));
}

/// "path|value|rule|expected" of each violation.
template <class R>
Strings problems(const R& result, stet::Errc code = stet::Errc::malformed) {
    Strings all;
    if (result.has_value()) return all;
    CHECK(result.error().code() == code);
    for (const auto& violation : result.error().violations())
        all.push_back(violation.path() + '|' + violation.value() + '|' + violation.rule() + '|' + violation.expected());
    return all;
}
template <class Damage>
Strings damaged(Json json, Damage damage) {
    damage(json);
    return problems(stet::load_session<Document, 64>(json));
}

}  // namespace

TEST_SUITE("save_session") {
    TEST_CASE("save_session: the form that is described") {
        stet::History<Config, 4> history{Config{}};
        REQUIRE(history.set(field<"rpm">, 4000));
        REQUIRE(history.set(field<"gain">, 2.0F));
        REQUIRE(history.set(field<"seen">, 5));
        REQUIRE(history.undo());
        Json json = *stet::save_session(history);
        CHECK(json["fingerprint"].get<std::string>().size() == 16);
        json.erase("fingerprint");
        CHECK(json == Json::parse(R"({
            "format": "stet-session", "version": 1, "position": 1, "saved": 0, "redo": [],
            "oldest": {"rpm": 3000, "gain": 1.0}, "steps": [
            {"parent": 0, "name": "", "time": 0, "patch": [{"op": "replace", "path": "/rpm", "value": 4000}]},
            {"parent": 1, "name": "", "time": 0, "patch": [{"op": "replace", "path": "/gain", "value": 2.0}]}]})"));
        CHECK(json["oldest"]["gain"].is_number_float());
    }
    TEST_CASE("save_session: not while there is half of a change") {
        stet::History<Document, 8> history{Document{}};
        auto group = history.group();
        CHECK(stet::save_session(history).error().code() == stet::Errc::group_open);
        group.close();
        REQUIRE(history.commit([](Document& d) { d.shapes.resize(1); }));
        CHECK(history.edit([&](auto& edit) {
            edit.at(field<"shapes">).erase(0);
            CHECK(stet::save_session(history).error().code() == stet::Errc::in_notification);
        }));
        Json heard;
        const auto watch =
            history.subscribe([&](const stet::Patch<Document>&) { heard = *stet::save_session(history); });
        REQUIRE(history.undo());
        CHECK(heard == *stet::save_session(history));
        CHECK(heard["position"] == 1);

        stet::History<Config, 4> copies{Config{}};
        const auto open = copies.group();
        CHECK(stet::save_session(copies).error().code() == stet::Errc::group_open);
    }
    TEST_CASE("save_session: transient fields are not kept, wherever they are; secrets are") {
        const std::string text = stet::save_session(drawn())->dump();
        CHECK(text.find("hits") == std::string::npos);
        CHECK(text.find("zoom") == std::string::npos);
        CHECK(text.find("t0ken") != std::string::npos);
        CHECK(text.find("0ther") != std::string::npos);
    }
}

TEST_SUITE("load_session") {
    TEST_CASE("load_session: redo, mark, names and times come back, and it goes on") {
        auto history = drawn();
        const Json json = *stet::save_session(history);
        auto loaded = stet::load_session<Document, 64>(*stet::parse_json<>(json.dump()));
        REQUIRE_MESSAGE(loaded.has_value(), stet::text(loaded.error()));
        check_same(history, *loaded);
        check_same_times(history, *loaded);
        CHECK(loaded->position() == 3);
        CHECK(loaded->time(4) == 4000000000);
        CHECK(loaded->current().zoom == 1);
        CHECK(*stet::save_session(*loaded) == json);

        CHECK(loaded->redo_name() == "na\"me");
        REQUIRE(loaded->redo());
        CHECK(loaded->current().title == "Plan");
        REQUIRE(loaded->go_to(1));
        CHECK(!loaded->dirty());
        REQUIRE(loaded->commit("new", [](Document& d) { d.title = "New"; }));
        CHECK(loaded->size() == 3);
        CHECK(loaded->time(2) == 4000000000);
    }

    TEST_CASE("load_session: every cursor and every mark") {
        for (std::size_t cursor = 0; cursor < 6; ++cursor)
            for (std::size_t mark = 0; mark <= 6; ++mark) {
                auto history = drawn();
                history.mark_unsaved();
                if (mark < 6) {
                    REQUIRE(history.go_to(mark));
                    history.mark_saved();
                }
                REQUIRE(history.go_to(cursor));
                const auto loaded = stet::load_session<Document, 64>(*stet::save_session(history));
                REQUIRE(loaded.has_value());
                check_same(history, *loaded);
            }
    }

    TEST_CASE("load_session: of copies, with and without names; and from one kind into another") {
        stet::History<Config, 3, stet::NamedCopies> history{Config{}};
        REQUIRE(history.set("faster", field<"rpm">, 4000));
        REQUIRE(history.commit([](Config& c) { c.gain = 2; }));
        history.mark_saved();
        REQUIRE(history.set("slower", field<"rpm">, 200));
        REQUIRE(history.undo());
        const Json json = *stet::save_session(history);
        const auto named = stet::load_session<Config, 3, stet::NamedCopies>(json, {"slower", "faster"});
        REQUIRE(named.has_value());
        check_same(history, *named);
        CHECK(named->redo_name() == "slower");
        CHECK(*stet::save_session(*named) == json);
        CHECK(problems(stet::load_session<Config, 3, stet::NamedCopies>(json, {"faster"})) ==
              Strings{"steps[1].name|slower|unknown name|must be one of the names that load_session is given"});
        CHECK(problems(stet::load_session<Config, 3, stet::NamedCopies>(json)).size() == 1);

        const auto copies = stet::load_session<Config, 5>(json);
        REQUIRE(copies.has_value());
        CHECK(copies->size() == 3);
        CHECK(copies->position() == 1);
        CHECK(copies->name(2).empty());
        CHECK(!copies->dirty());
        const auto changes = stet::load_session<Config, 3, stet::Changes>(json);
        REQUIRE(changes.has_value());
        check_same(history, *changes);
        CHECK(*stet::save_session(*changes) == json);
    }

    TEST_CASE("load_session: a tree, with its branches and what redo leads to") {
        using Tree = stet::History<Config, 16, stet::Branching>;
        const auto tree_of = [](const auto& history) {  // "parent name time value" of each, "*" current, "!" saved
            std::vector<stet::Number> numbers;
            Strings all;
            history.each_state([&](const stet::StateInfo& state) {
                std::size_t parent = 0;
                while (parent < numbers.size() && numbers[parent] != state.parent) ++parent;
                numbers.push_back(state.number);
                all.push_back((all.empty() ? "-" : std::to_string(parent)) + ' ' + std::string(state.name) + ' ' +
                              std::to_string(state.time) + ' ' + std::to_string(history.at_state(state.number)->rpm) +
                              (state.current ? "*" : "") + (state.saved ? "!" : ""));
            });
            return all;
        };
        const auto way_of = [](auto history) {  // where redo leads to
            Strings all;
            while (history.redo()) all.emplace_back(history.undo_name());
            return all;
        };
        Tree history{Config{}};
        history.tick(7);
        const auto commit = [&](const char* name, int rpm) { REQUIRE(history.set(name, field<"rpm">, rpm)); };
        commit("a", 1000);  // state 2
        commit("b", 1001);  // 3
        REQUIRE(history.go_to(1));
        commit("c", 1002);  // 4
        history.mark_saved();
        history.tick(9);
        REQUIRE(history.go_to(0));
        commit("d", 2000);  // 5
        commit("e", 2001);  // 6
        REQUIRE(history.go_to(1));
        commit("f", 2002);  // 7
        REQUIRE((history.go_to_state(6) && history.go_to_state(3) && history.undo()));

        const Strings tree{"-  0 3000",  "0 a 7 1000*", "1 b 7 1001", "1 c 7 1002!",
                           "0 d 9 2000", "4 e 9 2001",  "4 f 9 2002"};
        REQUIRE(tree_of(history) == tree);
        const Json json = *stet::save_session(history);
        CHECK(json["redo"] == Json::parse("[1, 2, 5]"));
        CHECK(json["position"] == 1);
        CHECK(json["saved"] == 3);
        auto loaded = stet::load_session<Config, 16, stet::Branching>(json);
        REQUIRE(loaded);
        CHECK(tree_of(*loaded) == tree);
        CHECK(way_of(*loaded) == Strings{"b"});
        CHECK(*stet::save_session(*loaded) == json);
        REQUIRE(loaded->go_to(0));
        CHECK(way_of(*loaded) == Strings{"a", "b"});
        REQUIRE(loaded->take_branch(1));
        CHECK(way_of(*loaded) == Strings{"d", "e"});
        CHECK(loaded->dirty());

        // the way to the current one, and then the oldest ones that there is room for
        const auto small = stet::load_session<Config, 4, stet::Branching>(json);
        REQUIRE(small);
        CHECK(tree_of(*small) == Strings{"-  0 3000", "0 a 7 1000*", "1 b 7 1001", "1 c 7 1002!"});
        const auto smallest = stet::load_session<Config, 1, stet::Branching>(json);
        REQUIRE(smallest);
        CHECK(tree_of(*smallest) == Strings{"-  0 1000*"});

        // a step that changes nothing is left out, and redo leads past it
        Json vanished = json;
        vanished["steps"][0]["patch"] = Json::array();
        vanished["position"] = 0;
        const auto past = stet::load_session<Config, 16, stet::Branching>(vanished);
        REQUIRE(past);
        CHECK(way_of(*past) == Strings{"b"});

        // a tree is no line, but a line is a tree
        CHECK(problems(stet::load_session<Config, 16>(json)) ==
              Strings{"steps[2].parent|1|a tree|must be 2; load a tree as History<T, N, Branching>",
                      "steps[3].parent|0|a tree|must be 3; load a tree as History<T, N, Branching>",
                      "steps[5].parent|4|a tree|must be 5; load a tree as History<T, N, Branching>"});
        const auto line = stet::load_session<Document, 64, stet::Branching>(*stet::save_session(drawn()));
        REQUIRE(line);
        check_same(drawn(), *line);
        Json broken = json;
        broken["steps"][2]["parent"] = 3;
        broken["redo"] = {0, 7};
        CHECK(problems(stet::load_session<Config, 16, stet::Branching>(broken)) ==
              Strings{"redo|0|no such state|must be numbers in 1..6", "redo|7|no such state|must be numbers in 1..6",
                      "steps[2].parent|3|no such state|must be a number in 0..2"});
        broken = json;
        broken["steps"][3]["patch"][0]["value"] = 7000;
        CHECK(problems(stet::load_session<Config, 16, stet::Branching>(broken), stet::Errc::rule_broken) ==
              Strings{"steps[3].after.rpm|7000|in_range|must be in 100..6000"});
    }
    TEST_CASE("load_session: a smaller history keeps the states up to the current one, and what there is room for") {
        auto history = drawn();
        const auto loaded = [&]<std::size_t N>(std::integral_constant<std::size_t, N>, std::size_t cursor) {
            REQUIRE(history.go_to(cursor));
            return *stet::load_session<Document, N>(*stet::save_session(history));
        };
        using std::integral_constant;
        const auto newest = loaded(integral_constant<std::size_t, 3>{}, 5);
        CHECK(newest.size() == 3);
        CHECK(newest.position() == 2);
        CHECK(stet::equal(*newest.at(0), *history.at(3)));
        CHECK(newest.name(2) == "token");
        CHECK((!newest.saved(0) && !newest.saved(1) && newest.dirty()));

        const auto middle = loaded(integral_constant<std::size_t, 3>{}, 1);
        CHECK(middle.size() == 3);
        CHECK(middle.position() == 1);
        CHECK(stet::equal(middle.current(), *history.at(1)));
        CHECK(middle.name(1) == "paste");
        CHECK(middle.redo_name() == "drag");
        CHECK(!middle.dirty());

        const auto one = loaded(integral_constant<std::size_t, 1>{}, 2);
        CHECK(one.size() == 1);
        CHECK(stet::equal(one.current(), *history.at(2)));
        CHECK(one.dirty());
    }

    TEST_CASE("load_session: into a budget of bytes, where the oldest states go first; save_session of one in place") {
        stet::History<Document, 40> history{Document{}};
        for (int i = 0; i < 39; ++i)
            REQUIRE(history.set("typing", field<"title">, std::to_string(i) + " is the title"));
        REQUIRE(history.undo());
        history.mark_saved();
        const auto json = stet::save_session(history);
        const auto small = *stet::load_session<Document, stet::bytes{600}>(*json);
        CHECK(small.bytes() <= 600);
        CHECK(small.size() < 40);
        CHECK(small.size() > 2);
        CHECK(small.current().title == "37 is the title");
        CHECK(small.saved(small.position()));
        CHECK(small.can_redo());
        CHECK(stet::load_session<Document, stet::bytes{100000}>(*json)->size() == 40);

        stet::History<Config, stet::bytes{200}> in_place{Config{}};
        for (int i = 0; i < 3; ++i) REQUIRE(in_place.set(field<"rpm">, 200 + i));
        REQUIRE(in_place.undo());
        const auto counted = *stet::load_session<Config, 8>(*stet::save_session(in_place));
        CHECK(counted.size() == 4);
        CHECK(counted.position() == 2);
        CHECK(counted.current().rpm == 201);
    }

    TEST_CASE("load_session: nothing is joined, neither while loading nor to what was loaded") {
        stet::History<Document, 8> history{Document{}};
        history.tick(100);
        for (const char* const title : {"P", "Pl", "Pla"}) REQUIRE(history.set("typing", field<"title">, title));
        history.mark_unsaved();
        auto loaded = *stet::load_session<Document, 8>(*stet::save_session(history));
        check_same(history, loaded);
        REQUIRE(loaded.amend([](Document& d) { d.title = "Plan"; }));
        CHECK(loaded.size() == 5);

        stet::History<Config, 4> copies{Config{}};
        REQUIRE(copies.set(field<"rpm">, 4000));
        auto copied = *stet::load_session<Config, 4>(*stet::save_session(copies));
        REQUIRE(copied.amend([](Config& c) { c.rpm = 5000; }));
        CHECK(copied.size() == 3);
    }

    TEST_CASE("load_session: times that go backwards") {
        for (const std::vector<std::uint64_t>& ticks : {std::vector<std::uint64_t>{100, 50, 70},
                                                        {100, 60},
                                                        {0, 7, 0},
                                                        {1, 0xFFFFFFFF, 0x100000000},
                                                        {~0ULL, 3, 1}}) {
            stet::History<Document, 8> history{Document{}};
            for (std::size_t i = 0; i < ticks.size(); ++i) {
                history.tick(ticks[i]);
                REQUIRE(history.set(field<"title">, std::to_string(i)));
            }
            history.tick(150);
            auto loaded = *stet::load_session<Document, 8>(*stet::save_session(history));
            check_same_times(history, loaded);
            CHECK(*stet::save_session(loaded) == *stet::save_session(history));
        }
    }

    TEST_CASE("load_session: the rules of today hold for every state, those of the instance included") {
        auto history = drawn();
        Json json = *stet::save_session(history);
        json["steps"][3]["patch"] = Json::parse(R"([{"op": "replace", "path": "/title", "value": ""},
            {"op": "replace", "path": "/low", "value": 20}, {"op": "add", "path": "/shapes/0", "value": {"id": 2, "x": 0, "label": ""}}])");
        const Strings found = problems(stet::load_session<Document, 64>(json), stet::Errc::rule_broken);
        REQUIRE(found.size() == 3);
        CHECK(found[0].starts_with("steps[3].after.title|\"\"|"));
        CHECK(found[1].starts_with("steps[3].after.shapes["));
        CHECK(found[2].starts_with("steps[3].after.low, high|"));
        json = *stet::save_session(history);
        json["oldest"]["title"] = "";
        CHECK(problems(stet::load_session<Document, 64>(json), stet::Errc::rule_broken) ==
              Strings{"oldest.title|\"\"|not_empty|must not be empty"});
        CHECK(stet::load_session<Document, 3>(*stet::save_session(history)).has_value());

        auto ruled = stet::make_history<4>(Config{}, stet::rules(field<"gain">(stet::max(3.0F))));
        REQUIRE(ruled.set(field<"gain">, 3.0F));
        json = *stet::save_session(ruled);
        auto again = stet::load_session<Config, 4>(json, stet::rules(field<"gain">(stet::max(3.0F))));
        REQUIRE(again.has_value());
        CHECK(!again->set(field<"gain">, 4.0F));
        CHECK(problems(stet::load_session<Config, 4>(json, stet::rules(field<"gain">(stet::max(2.0F)))),
                       stet::Errc::rule_broken) == Strings{"steps[0].after.gain|3|max|must be at most 2"});
    }

    TEST_CASE("load_session: a step that changes nothing is left out, and the cursor stands where it led to") {
        auto history = drawn();
        Json json = *stet::save_session(history);
        json["steps"][2]["patch"] = Json::array();
        json["saved"] = 3;
        const auto loaded = stet::load_session<Document, 64>(json);
        REQUIRE_MESSAGE(loaded.has_value(), stet::text(loaded.error()));
        CHECK(loaded->size() == 5);
        CHECK(loaded->position() == 2);
        CHECK(!loaded->dirty());
        CHECK(loaded->redo_name() == "na\"me");
    }

    TEST_CASE("load_session: a session of another struct says so, and only that") {
        const Json json = *stet::save_session(drawn());
        const Strings found = problems(stet::load_session<Config, 4>(json));
        REQUIRE(found.size() == 1);
        CHECK(found[0].starts_with("fingerprint||other struct|must be "));
        CHECK(found[0].ends_with(": the session was written for another struct, or another version of it"));
        CHECK(damaged(json, [](Json& j) { j["version"] = 2; }) == Strings{"version|2|unknown version|must be 1"});
        CHECK(damaged(json, [](Json& j) { j["format"] = "stet-state"; }) ==
              Strings{"format|\"stet-state\"|not a session|must be 'stet-session'"});
        CHECK(damaged(json, [](Json& j) { j = 3; }) == Strings{"(document)|a number|wrong type|must be an object"});
    }

    TEST_CASE("load_session: all problems of form at once, each with its path") {
        const Json json = *stet::save_session(drawn());
        CHECK(damaged(json,
                      [](Json& j) {
                          j["positoin"] = j["position"];
                          j.erase("position");
                          j["saved"] = "no";
                          j["oldest"]["title"] = 7;
                          j["oldest"]["token"] = 8;
                          j["steps"][0]["name"] = nullptr;
                          j["steps"][0]["time"] = -1;
                          j["steps"][1].erase("patch");
                          j["steps"][2]["patch"][0] = 4;
                          j["steps"][3]["patch"][0] = {{"op", "replace"}, {"pth", "/title"}, {"value", 3}};
                          j["steps"][4] = "x";
                      }) ==
              Strings{
                  "positoin||unknown key|is no field; did you mean 'position'?", "position||missing key|must be there",
                  "saved|\"no\"|wrong type|must be a whole number in 0..18446744073709551615",
                  "oldest.title|7|wrong type|must be a text", "oldest.token|•••|wrong type|must be a text",
                  "steps[0].name|null|wrong type|must be a text",
                  "steps[0].time|-1|out of range|must be a whole number in 0..18446744073709551615",
                  "steps[1].patch||missing key|must be there",
                  "steps[2].patch[0]|a number|wrong type|must be an object",
                  "steps[3].patch[0].pth||unknown key|is no field; did you mean 'path'?",
                  "steps[3].patch[0].path||missing key|must be there", "steps[4]|a text|wrong type|must be an object"});
        CHECK(damaged(json,
                      [](Json& j) {
                          j["position"] = 6;
                          j["saved"] = 7;
                          j["steps"][0]["patch"][0]["op"] = "move";
                          j["steps"][1]["patch"][0].erase("value");
                          j["steps"][3]["patch"].push_back({{"op", "remove"}, {"path", "/layers/a"}, {"value", 3}});
                      }) == Strings{"position|6|no such state|must be a number in 0..5",
                                    "saved|7|no such state|must be a number in 0..5",
                                    "steps[0].patch[0].op|move|no such operation|must be one of add, remove, replace",
                                    "steps[1].patch[0].value||missing key|must be there",
                                    "steps[3].patch[1].value||unknown key|is nothing that remove has"});
    }

    TEST_CASE("load_session: places that a patch cannot reach, values that a field cannot hold") {
        const Json json = *stet::save_session(drawn());
        const auto with = [&](const char* operation) {
            return damaged(json, [&](Json& j) { j["steps"][1]["patch"] = Json::array({Json::parse(operation)}); });
        };
        for (const char* const path :
             {"title", "/titel", "/shapes/2", "/shapes/00", "/shapes/-1", "/shapes/-", "/shapes/", "/shapes/x",
              "/shapes/99999999999999999999999", "/shapes/0/x/1", "/shapes/2/x", "/title/0", "/~2", "/~", "/", "//",
              "/layers/none", "/layers/none/x", "/shapes/ 0"}) {
            const std::string pointer(path);
            CHECK_MESSAGE(with((R"({"op": "replace", "path": ")" + pointer + R"(", "value": 1})").c_str()) ==
                              Strings{"steps[1].patch[0].path||no such place|must lead to a place in the state before"},
                          path);
            CHECK(with((R"({"op": "remove", "path": ")" + pointer + R"("})").c_str()).size() == 1);
        }
        for (const char* const path : {"/shapes/3", "/layers/~", "/layers/~2", "layers/x"})
            CHECK(with((R"({"op": "add", "path": ")" + std::string(path) + R"(", "value": 1})").c_str()) ==
                  Strings{"steps[1].patch[0].path||no such place|must lead to a place in the state before"});
        CHECK(with(R"({"op": "remove", "path": ""})").size() == 1);
        CHECK(with(R"({"op": "replace", "path": "", "value": 7})") ==
              Strings{"steps[1].after|a number|wrong type|must be an object"});
        CHECK(with(R"({"op": "replace", "path": "/low", "value": 3000000000})") ==
              Strings{"steps[1].after.low|3000000000|out of range|must be a whole number in -2147483648..2147483647"});
        CHECK(with(R"({"op": "replace", "path": "/token", "value": 5})") ==
              Strings{"steps[1].after.token|•••|wrong type|must be a text"});
        CHECK(with(R"({"op": "add", "path": "/shapes/2", "value": {"id": 7}})") ==
              Strings{"steps[1].after.shapes[2].x||missing key|must be there",
                      "steps[1].after.shapes[2].label||missing key|must be there"});
        CHECK(with(R"({"op": "remove", "path": "/title"})") ==
              Strings{"steps[1].after.title||missing key|must be there"});
        CHECK(with(R"({"op": "add", "path": "/titel", "value": 1})").size() == 1);
        const Strings ok = with(R"({"op": "add", "path": "/layers/a~1b~0c", "value": 1})");
        CHECK(ok.empty());
    }

    TEST_CASE("load_session: damaged in any place, it is an error or another session, never a crash") {
        const Json json = *stet::save_session(drawn());
        const Json other[] = {nullptr,       true,          -1, 0, 3, 2.5, 18446744073709551615U, "x", "\xff",
                              Json::array(), Json::object()};
        std::mt19937 random(6);
        std::size_t refused = 0;
        std::size_t tried = 0;
        const auto exercise = [&](const Json& damage) {
            ++tried;
            auto loaded = stet::load_session<Document, 4>(damage);
            if (!loaded) {
                ++refused;
                CHECK(!loaded.error().violations().empty());
                return;
            }
            while (loaded->undo()) continue;
            while (loaded->redo()) CHECK(stet::check(loaded->current()).empty());
        };
        const Json flat = json.flatten();
        for (const auto& [pointer, leaf] : flat.items())
            for (std::string at = pointer; !at.empty(); at.resize(at.rfind('/'))) {
                const Json::json_pointer place(at);
                Json removed = json;
                Json& parent = removed[place.parent_pointer()];
                if (parent.is_array()) parent.erase(static_cast<std::size_t>(std::stoul(place.back())));
                else parent.erase(place.back());
                exercise(removed);
                for (const Json& value : other) {
                    Json mistyped = json;
                    mistyped[place] = value;
                    exercise(mistyped);
                }
            }
        CHECK(refused > tried / 2);
    }
}
