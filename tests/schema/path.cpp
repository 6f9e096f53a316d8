#include <stet/schema/path.hpp>

#include <stet/patch/record_patch.hpp>

#include "../every_kind.hpp"

#include <doctest/doctest.h>

#include <string>

using every::Every;
using Path = stet::Path<Every>;

namespace {

bool parses(std::string_view text) {
    const auto path = Path::parse(text);
    return path.has_value() && path->text() == text;
}

template <class V>
bool reads(const Every& value, std::string_view text, const V& wanted) {
    const auto path = Path::parse(text);
    if (!path) return false;
    bool right = false;
    const auto found = path->visit(value, [&]<class F>(const F& there) {
        if constexpr (std::is_same_v<F, V>) right = there == wanted;
    });
    return found.has_value() && right;
}

}  // namespace

TEST_CASE("Path<T>::parse(text)") {
    CHECK(parses("text"));
    CHECK(parses("nested.point.x"));
    CHECK(parses("items[5].name"));
    CHECK(parses("map[\"gpt-4\"].scores[2]"));
    CHECK(parses("map[gpt-4]"));
    CHECK(parses("hashed[-1][0]"));
    CHECK(parses("maybe.name"));
    CHECK(parses("either.name"));
    CHECK(parses("locked.point.x"));
    CHECK(parses("tree.children[0].children[1].value"));
}

TEST_CASE("Path<T>::parse(text): what names nothing, and what was meant") {
    for (const std::string_view text :
         {"",          "txt",        "text.x",    "text[0]",      "nested.point.z", "items.name", "items[x]",
          "items[-1]", "items[0",    "items[]",   "items[0].nam", "items[1x]",      "items[01]",  "map[a].nam",
          "map[]",     "map[].name", "hashed[x]", "hashed[-0]",   "hashed[-01]",    "maybe.nam",  "numbers[0].x",
          "."}) {
        INFO(text);
        const auto path = Path::parse(text);
        REQUIRE_FALSE(path);
        CHECK(path.error().code() == stet::Errc::no_such_field);
    }
    CHECK(Path::parse("nested.lable").error().nearest() == "nested.label");
    CHECK(Path::parse("nested.lable").error().fix() == "did you mean 'nested.label'?");
    const auto meant = [](std::string_view text) { return std::string(Path::parse(text).error().nearest()); };
    CHECK(meant("items[0].nam") == "items[0].name");
    CHECK(meant("itms[0].nam") == "items[0].name");
    CHECK(meant("items.name") == "items[0].name");
    CHECK(meant("items[x].name") == "items[0].name");
    CHECK(meant("items[-1]") == "items[0]");
    CHECK(meant("items[0") == "items[0]");
    CHECK(meant("items[00].name") == "items[0].name");
    CHECK(meant("items[007]") == "items[7]");
    CHECK(meant("items[]") == "items[0]");
    CHECK(meant("map[a].nam") == "map[a].name");
    CHECK(meant("mp[\"a.b\"].score[1]") == "map[\"a.b\"].scores[1]");
    CHECK(meant("map.a.name") == "map[a].name");
    CHECK(meant("map.\"a.name") == "map");  // which could be written with a quote only
    CHECK(meant("mp[].name") == "map");
    CHECK(meant("hashed[x]") == "hashed");
    CHECK(meant("maybe.nam") == "maybe.name");
    CHECK(meant("either.nam") == "either.name");
    CHECK(meant("numbers[0].x") == "numbers[0]");
    CHECK(meant("text.x") == "text");
    CHECK(meant("tree.children[0].valu") == "tree.children[0].value");
}

TEST_CASE("Path<T>::visit(value, f)") {
    Every value;
    value.items = {{1, "a", {}, {}}, {2, "b", {7, 8}, every::Point{3, 4}}};
    value.map["gpt-4"].id = 5;
    value.hashed[-1] = {6};
    value.maybe.emplace().name = "m";
    value.either = every::Item{9, "e", {}, {}};
    value.list = {"x", "y"};
    CHECK(reads(value, "items[1].name", std::string("b")));
    CHECK(reads(value, "items[1].scores[1]", 8));
    CHECK(reads(value, "items[1].at.y", 4));
    CHECK(reads(value, "map[\"gpt-4\"].id", 5));
    CHECK(reads(value, "map[gpt-4].id", 5));
    CHECK(reads(value, "hashed[-1][0]", 6));
    CHECK(reads(value, "maybe.name", std::string("m")));
    CHECK(reads(value, "either.name", std::string("e")));
    CHECK(reads(value, "list[1]", std::string("y")));
    CHECK(reads(value, "pair.first", 0));

    const auto write = Path::parse("items[0].id")->visit(value, [](auto& there) {
        if constexpr (std::is_same_v<std::remove_reference_t<decltype(there)>, int>) there = 42;
    });
    CHECK(write.has_value());
    CHECK(value.items[0].id == 42);
}

TEST_CASE("Path<T>::visit(value, f): an element that is not there") {
    Every value;
    for (const std::string_view text :
         {"items[0].name", "map[\"a\"].id", "hashed[1]", "maybe.name", "either.name", "numbers[3]"}) {
        INFO(text);
        bool called = false;
        const auto found = Path::parse(text)->visit(value, [&](auto&) { called = true; });
        REQUIRE_FALSE(found);
        CHECK(found.error().code() == stet::Errc::no_such_element);
        CHECK(found.error().subject() == text);
        CHECK_FALSE(called);
    }
}

TEST_CASE("Patch::touches(Path<T>)") {
    Every a;
    a.items = {{1, "a", {}, {}}, {2, "b", {}, {}}};
    a.map["gpt-4"].id = 1;
    Every b = a;
    b.items[1].name = "B";
    b.map["gpt-4"].scores = {1};
    b.locked.point.x = 1;
    const auto patch = stet::diff(a, b);
    const auto touches = [&](std::string_view text) { return patch.touches(*Path::parse(text)); };
    CHECK(touches("items"));
    CHECK(touches("items[1]"));
    CHECK(touches("items[1].name"));
    CHECK_FALSE(touches("items[1].id"));
    CHECK_FALSE(touches("items[0]"));
    CHECK_FALSE(touches("items[11]"));
    CHECK(touches("map[gpt-4].scores"));
    CHECK(touches("map[\"gpt-4\"]"));
    CHECK_FALSE(touches("map[\"gpt-4\"].id"));
    CHECK_FALSE(touches("map[\"gpt\"]"));
    CHECK(touches("locked"));
    CHECK_FALSE(touches("text"));
}

TEST_CASE("Patch::touches(Path<T>): a name that begins like another one") {
    struct Trip {
        int to = 0;
        int total = 0;
        std::string text;
    };
    struct Trips {
        std::vector<Trip> all;
    };
    const auto patch = stet::diff(Trips{{Trip{}}}, Trips{{Trip{1, 0, {}}}});
    CHECK(patch.touches(*stet::Path<Trips>::parse("all[0].to")));
    CHECK_FALSE(patch.touches(*stet::Path<Trips>::parse("all[0].total")));
}

TEST_CASE("Patch::touches(Path<T>): a key may be spelled in another way than a patch does") {
    Every b;
    b.map["a\"b\\"].id = 1;
    const auto patch = stet::diff(Every{}, b);
    for (const std::string_view text : {R"(map["a\"b\\"])", R"(map[a"b\])", R"(map["\x61\"\x62\\"])"}) {
        CAPTURE(text);
        CHECK(patch.touches(*Path::parse(text)));
    }
    CHECK_FALSE(patch.touches(*Path::parse(R"(map["ab"])")));
    CHECK_FALSE(patch.touches(*Path::parse(R"(map["a\"b"])")));
}

TEST_CASE("Path<T> == Path<T>: with and without quotes") {
    CHECK(*Path::parse("map[\"a\"].id") == *Path::parse("map[a].id"));
    CHECK(*Path::parse(R"(map["\x61"].id)") == *Path::parse("map[a].id"));
    CHECK_FALSE(*Path::parse("map[\"a\"].id") == *Path::parse("map[b].id"));
    CHECK_FALSE(*Path::parse("map[a].id") == *Path::parse("map[a]"));
}

TEST_CASE("Path::parse reads back what a visitor writes: keys with quotes, brackets and control characters") {
    struct Limits {
        std::map<std::string, int> of;
    };
    for (const std::string key : {"plain", "a\"b", "a]b", "a\\", "tab\there", "line\nfeed", "\x01", ""}) {
        Limits from;
        Limits to;
        to.of[key] = 7;
        std::string written;
        stet::each_change(from, to,
                          [&](const stet::PathView& path, const auto&, const auto&) { stet::Writer(written) << path; });
        const auto path = stet::Path<Limits>::parse(written);
        REQUIRE(path.has_value());
        int found = 0;
        CHECK(path->visit(to,
                          [&](auto& value) {
                              if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, int>) found = value;
                          })
                  .has_value());
        CHECK(found == 7);
    }
}
