#include <stet/patch/merge_records.hpp>

#include <stet/patch/merge.hpp>
#include <stet/render/text.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using stet::field;
using stet::Side;
using stet::text;
using Severity = stet::Conflict::Severity;

namespace {

struct Point {
    int x = 0;
    int y = 0;
};
struct Item {
    int id = 0;
    std::string name;
};
struct Document {
    std::map<std::string, Item> entries;
    std::optional<Item> maybe;
    std::variant<int, std::string, Item> either;
    std::array<Point, 2> pair;
    std::vector<Item> items;
    std::list<std::string> lines;
    std::set<int> members;
    Point locked;
    std::map<std::string, Item> all;
    std::vector<Item> all_items;
    std::map<std::string, int> theirs;

    static constexpr auto schema() {
        return stet::fields(field<&Document::items>(stet::keyed_by<&Item::id>),
                            field<&Document::locked>(stet::indivisible), field<&Document::all>(stet::merge_by_union),
                            field<&Document::all_items>(stet::keyed_by<&Item::id>, stet::merge_by_union),
                            field<&Document::theirs>(stet::theirs));
    }
};

template <class Ours, class Theirs>
stet::Merged<Document> merged(const Document& base, Ours&& our_edit, Theirs&& their_edit) {
    Document ours = base;
    Document theirs = base;
    our_edit(ours);
    their_edit(theirs);
    return stet::merge(base, std::move(ours), theirs);
}

std::string shown(const std::vector<Item>& items) {
    std::string all;
    for (const Item& item : items) all += (all.empty() ? "" : " ") + std::to_string(item.id) + item.name;
    return all;
}
Document of(std::vector<Item> items) {
    Document document;
    document.items = std::move(items);
    return document;
}
// What became of a keyed sequence.
stet::Merged<Document> items(const std::vector<Item>& base, const std::vector<Item>& ours,
                             const std::vector<Item>& theirs) {
    return stet::merge(of(base), of(ours), of(theirs));
}
const std::vector<Item> abc{{1, "a"}, {2, "b"}, {3, "c"}};

// One conflict, and it is the one thing that stays open.
void check_conflict(const stet::Merged<Document>& both, const std::string& expected) {
    REQUIRE(both.conflicts().size() == 1);
    CHECK(both.conflicts()[0].severity() == Severity::critical);
    CHECK(both.conflicts()[0].open());
    CHECK(text(both.conflicts()[0]) == expected);
}

}  // namespace

// ---- maps and optionals

TEST_CASE("map: one side removes what the other changes; each side can be taken") {
    Document base;
    base.entries = {{"k", {1, "a"}}};
    const auto remove = [](Document& d) { d.entries.clear(); };
    const auto change = [](Document& d) { d.entries["k"].name = "b"; };
    const auto removed = merged(base, remove, change);
    check_conflict(removed, R"(entries["k"]: base {id: 1, name: "a"}, ours absent, theirs {id: 1, name: "b"})");
    CHECK(removed.value().entries.empty());
    CHECK(stet::resolve(removed, stet::ours).value().entries.empty());
    CHECK(stet::resolve(removed, stet::theirs).value().entries.at("k").name == "b");
    CHECK(stet::resolve(removed, Side::base).value().entries.at("k").name == "a");

    const auto changed = merged(base, change, remove);
    check_conflict(changed, R"(entries["k"]: base {id: 1, name: "a"}, ours {id: 1, name: "b"}, theirs absent)");
    CHECK(changed.value().entries.at("k").name == "b");
    CHECK(stet::resolve(changed, stet::theirs).value().entries.empty());
    CHECK(stet::resolve(changed, Side::base).value().entries.at("k").name == "a");
    CHECK(merged(base, remove, remove).conflicts().empty());
}

TEST_CASE("map: both add the same key") {
    const auto add = [](const char* name) { return [=](Document& d) { d.entries["k"] = {1, name}; }; };
    CHECK(merged({}, add("a"), add("a")).conflicts().empty());
    const auto both = merged({}, add("a"), add("b"));
    check_conflict(both, R"(entries["k"]: base absent, ours {id: 1, name: "a"}, theirs {id: 1, name: "b"})");
    CHECK(both.value().entries.at("k").name == "a");
    CHECK(stet::resolve(both, stet::theirs).value().entries.at("k").name == "b");
    CHECK(stet::resolve(both, Side::base).value().entries.empty());
}

TEST_CASE("map: different fields of one entry go together, the same one does not") {
    Document base;
    base.entries = {{"k", {1, "a"}}};
    const auto together =
        merged(base, [](Document& d) { d.entries["k"].id = 2; }, [](Document& d) { d.entries["k"].name = "b"; });
    CHECK(together.conflicts().empty());
    CHECK(together.value().entries.at("k").id == 2);
    CHECK(together.value().entries.at("k").name == "b");
    const auto apart =
        merged(base, [](Document& d) { d.entries["k"].id = 2; }, [](Document& d) { d.entries["k"] = {3, "b"}; });
    check_conflict(apart, R"(entries["k"].id: base 1, ours 2, theirs 3)");
    CHECK(apart.value().entries.at("k").name == "b");
}

TEST_CASE("optional: as an entry that is there or not") {
    Document base;
    base.maybe = Item{1, "a"};
    const auto reset = [](Document& d) { d.maybe.reset(); };
    const auto change = [](Document& d) { d.maybe->name = "b"; };
    const auto removed = merged(base, reset, change);
    check_conflict(removed, R"(maybe: base {id: 1, name: "a"}, ours absent, theirs {id: 1, name: "b"})");
    CHECK_FALSE(removed.value().maybe.has_value());
    CHECK(stet::resolve(removed, stet::theirs).value().maybe->name == "b");
    CHECK(stet::resolve(removed, Side::base).value().maybe->name == "a");
    const auto changed = merged(base, change, reset);
    CHECK(changed.conflicts().size() == 1);
    CHECK(changed.value().maybe->name == "b");
    CHECK_FALSE(stet::resolve(changed, stet::theirs).value().maybe.has_value());
    CHECK(merged(base, reset, reset).conflicts().empty());

    const auto inside = merged(base, [](Document& d) { d.maybe->id = 2; }, change);
    CHECK(inside.conflicts().empty());
    CHECK(inside.value().maybe->id == 2);
    CHECK(inside.value().maybe->name == "b");
    const auto set =
        merged({}, [](Document& d) { d.maybe = Item{1, "x"}; }, [](Document& d) { d.maybe = Item{1, "y"}; });
    check_conflict(set, R"(maybe: base absent, ours {id: 1, name: "x"}, theirs {id: 1, name: "y"})");
    CHECK_FALSE(stet::resolve(set, Side::base).value().maybe.has_value());
}

TEST_CASE("set: members never conflict") {
    Document base;
    base.members = {1, 2, 3};
    const auto both =
        merged(base, [](Document& d) { d.members = {2, 3, 4, 5}; }, [](Document& d) { d.members = {1, 3, 4}; });
    CHECK(both.conflicts().empty());
    CHECK(both.value().members == std::set<int>{3, 4, 5});
}

TEST_CASE("variant: inside the same alternative by fields, another alternative as a whole") {
    Document base;
    base.either = Item{1, "a"};
    const auto together = merged(
        base, [](Document& d) { std::get<Item>(d.either).id = 2; },
        [](Document& d) { std::get<Item>(d.either).name = "b"; });
    CHECK(together.conflicts().empty());
    CHECK(std::get<Item>(together.value().either).id == 2);
    CHECK(std::get<Item>(together.value().either).name == "b");
    const auto replaced =
        merged(base, [](Document& d) { d.either = 7; }, [](Document& d) { std::get<Item>(d.either).name = "b"; });
    check_conflict(replaced, R"(either: base {id: 1, name: "a"}, ours 7, theirs {id: 1, name: "b"})");
    CHECK(std::get<int>(replaced.value().either) == 7);
    CHECK(std::get<Item>(stet::resolve(replaced, stet::theirs).value().either).name == "b");
    CHECK(std::get<Item>(stet::resolve(replaced, Side::base).value().either).name == "a");
    CHECK(merged(base, [](Document& d) { d.either = "s"; }, [](Document& d) { d.either = "s"; }).conflicts().empty());
}

TEST_CASE("array: by position; indivisible: as one value") {
    const auto both = merged(
        {}, [](Document& d) { d.pair[0].x = 1; },
        [](Document& d) {
            d.pair[0].y = 2;
            d.pair[1].x = 3;
        });
    CHECK(both.conflicts().empty());
    CHECK(both.value().pair[0].y == 2);
    CHECK(both.value().pair[0].x == 1);
    CHECK(both.value().pair[1].x == 3);
    check_conflict(merged(
                       {}, [](Document& d) { d.pair[1].x = 1; }, [](Document& d) { d.pair[1].x = 2; }),
                   "pair[1].x: base 0, ours 1, theirs 2");
    check_conflict(merged(
                       {}, [](Document& d) { d.locked.x = 1; }, [](Document& d) { d.locked.y = 2; }),
                   "locked: base {x: 0, y: 0}, ours {x: 1, y: 0}, theirs {x: 0, y: 2}");
}

// ---- elements with a key

TEST_CASE("keyed: inserted, erased and changed, each somewhere else") {
    const auto both = items(abc, {{9, "x"}, {1, "a"}, {2, "B"}, {3, "c"}}, {{2, "b"}, {3, "c"}, {4, "d"}});
    CHECK(both.conflicts().empty());
    CHECK(shown(both.value().items) == "9x 2B 3c 4d");
}

TEST_CASE("keyed: one side erases what the other changes") {
    const auto erased = items(abc, {{1, "a"}, {3, "c"}}, {{1, "a"}, {2, "B"}, {3, "c"}});
    check_conflict(erased, R"(items[1]: base {id: 2, name: "b"}, ours absent, theirs {id: 2, name: "B"})");
    CHECK(shown(erased.value().items) == "1a 3c");
    CHECK(shown(stet::resolve(erased, stet::theirs).value().items) == "1a 2B 3c");
    CHECK(shown(stet::resolve(erased, Side::base).value().items) == "1a 2b 3c");
    const auto changed = items(abc, {{1, "a"}, {2, "B"}, {3, "c"}}, {{1, "a"}, {3, "c"}});
    check_conflict(changed, R"(items[1]: base {id: 2, name: "b"}, ours {id: 2, name: "B"}, theirs absent)");
    CHECK(shown(changed.value().items) == "1a 2B 3c");
    CHECK(shown(stet::resolve(changed, stet::theirs).value().items) == "1a 3c");
    CHECK(shown(stet::resolve(changed, Side::base).value().items) == "1a 2b 3c");
    CHECK(items(abc, {{1, "a"}, {3, "c"}}, {{1, "a"}, {3, "c"}}).conflicts().empty());
}

TEST_CASE("keyed: what one side moves and the other changes is moved and changed") {
    const auto theirs = items(abc, {{2, "b"}, {3, "c"}, {1, "a"}}, {{1, "A"}, {2, "b"}, {3, "c"}});
    CHECK(theirs.conflicts().empty());
    CHECK(shown(theirs.value().items) == "2b 3c 1A");
    const auto ours = items(abc, {{1, "A"}, {2, "b"}, {3, "c"}}, {{2, "b"}, {3, "c"}, {1, "a"}});
    CHECK(ours.conflicts().empty());
    CHECK(shown(ours.value().items) == "2b 3c 1A");
    const auto both = items(abc, {{2, "b"}, {3, "c"}, {1, "x"}}, {{1, "y"}, {2, "b"}, {3, "c"}});
    check_conflict(both, R"(items[2].name: base "a", ours "x", theirs "y")");
    CHECK(shown(stet::resolve(both, stet::theirs).value().items) == "2b 3c 1y");
    CHECK(shown(stet::resolve(both, Side::base).value().items) == "2b 3c 1a");
}

TEST_CASE("keyed: what both move stays where ours put it; a warning says so, if theirs put it elsewhere") {
    const auto same = items(abc, {{2, "b"}, {3, "c"}, {1, "a"}}, {{2, "b"}, {3, "c"}, {1, "a"}});
    CHECK(same.conflicts().empty());
    const std::vector<Item> more{{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}};
    const auto elsewhere =
        items(more, {{2, "b"}, {3, "c"}, {4, "d"}, {1, "a"}}, {{2, "b"}, {3, "c"}, {1, "a"}, {4, "d"}});
    REQUIRE(elsewhere.conflicts().size() == 1);
    CHECK(elsewhere.conflicts()[0].severity() == Severity::warning);
    CHECK(elsewhere.clean());
    CHECK(shown(elsewhere.value().items) == "2b 3c 4d 1a");
    const auto changed =
        items(more, {{2, "b"}, {3, "c"}, {4, "d"}, {1, "a"}}, {{2, "b"}, {3, "c"}, {1, "A"}, {4, "d"}});
    CHECK(changed.clean());
    CHECK(shown(changed.value().items) == "2b 3c 4d 1A");
}

TEST_CASE("keyed: what one side moves and the other erases is erased, and a warning says that a place was lost") {
    const auto erased = items(abc, {{2, "b"}, {3, "c"}}, {{2, "b"}, {3, "c"}, {1, "a"}});
    REQUIRE(erased.conflicts().size() == 1);
    CHECK(erased.conflicts()[0].severity() == Severity::warning);
    CHECK(erased.conflicts()[0].ours() == "absent");
    CHECK(erased.clean());
    CHECK(shown(erased.value().items) == "2b 3c");
    const auto moved = items(abc, {{2, "b"}, {3, "c"}, {1, "a"}}, {{2, "b"}, {3, "c"}});
    REQUIRE(moved.conflicts().size() == 1);
    CHECK(moved.conflicts()[0].severity() == Severity::warning);
    CHECK(moved.conflicts()[0].theirs() == "absent");
    CHECK(shown(moved.value().items) == "2b 3c");
}

TEST_CASE("keyed: what one side moves and changes and the other erases is a conflict") {
    const auto moved = items(abc, {{2, "b"}, {3, "c"}, {1, "A"}}, {{2, "b"}, {3, "c"}});
    check_conflict(moved, R"(items[2]: base {id: 1, name: "a"}, ours {id: 1, name: "A"}, theirs absent)");
    CHECK(shown(moved.value().items) == "2b 3c 1A");
    CHECK(shown(stet::resolve(moved, stet::theirs).value().items) == "2b 3c");
    CHECK(shown(stet::resolve(moved, Side::base).value().items) == "2b 3c 1a");
    const auto erased = items(abc, {{2, "b"}, {3, "c"}}, {{2, "b"}, {3, "c"}, {1, "A"}});
    check_conflict(erased, R"(items[2]: base {id: 1, name: "a"}, ours absent, theirs {id: 1, name: "A"})");
    CHECK(shown(erased.value().items) == "2b 3c");
    CHECK(shown(stet::resolve(erased, stet::theirs).value().items) == "2b 3c 1A");
    CHECK(shown(stet::resolve(erased, Side::base).value().items) == "2b 3c 1a");
}

TEST_CASE("keyed: both insert an element with the same key") {
    CHECK(items({}, {{1, "a"}}, {{1, "a"}}).conflicts().empty());
    const auto other = items({}, {{1, "a"}}, {{1, "b"}});
    check_conflict(other, R"(items[0]: base absent, ours {id: 1, name: "a"}, theirs {id: 1, name: "b"})");
    CHECK(shown(other.value().items) == "1a");
    CHECK(shown(stet::resolve(other, stet::theirs).value().items) == "1b");
    CHECK(stet::resolve(other, Side::base).value().items.empty());
    const auto elsewhere = items({{5, "e"}}, {{1, "a"}, {5, "e"}}, {{5, "e"}, {1, "a"}});
    REQUIRE(elsewhere.conflicts().size() == 1);
    CHECK(elsewhere.conflicts()[0].severity() == Severity::info);
    CHECK(elsewhere.clean());
    CHECK(shown(elsewhere.value().items) == "1a 5e");
}

TEST_CASE("keyed: insertions at the same place stand in the order of their keys, from both sides the same") {
    const std::vector<Item> seven{{1, "a"}, {7, "o"}, {2, "b"}, {3, "c"}};
    const std::vector<Item> five{{1, "a"}, {5, "t"}, {2, "b"}, {3, "c"}};
    const auto forth = items(abc, seven, five);
    CHECK(forth.clean());
    CHECK(shown(forth.value().items) == "1a 5t 7o 2b 3c");
    CHECK(shown(items(abc, five, seven).value().items) == "1a 5t 7o 2b 3c");
}

// ---- elements without one

TEST_CASE("not keyed: insertions at the same place both stay, ours first, and a warning says so") {
    Document base;
    base.lines = {"a", "b"};
    const auto both = merged(
        base, [](Document& d) { d.lines = {"a", "ours", "b"}; }, [](Document& d) { d.lines = {"a", "theirs", "b"}; });
    CHECK(both.value().lines == std::list<std::string>{"a", "ours", "theirs", "b"});
    REQUIRE(both.conflicts().size() == 1);
    CHECK(both.conflicts()[0].severity() == Severity::warning);
    CHECK(text(both.conflicts()[0]) == R"(lines[1]: base absent, ours "ours", theirs "theirs")");
    CHECK(both.clean());
    const auto same =
        merged(base, [](Document& d) { d.lines = {"a", "x", "b"}; }, [](Document& d) { d.lines = {"a", "x", "b"}; });
    CHECK(same.conflicts().empty());
    CHECK(same.value().lines.size() == 3);
}

TEST_CASE("not keyed: by position") {
    Document base;
    base.lines = {"a", "b", "c"};
    const auto both = merged(
        base, [](Document& d) { d.lines = {"A", "b", "c"}; }, [](Document& d) { d.lines = {"a", "b", "c", "d"}; });
    CHECK(both.conflicts().empty());
    CHECK(both.value().lines == std::list<std::string>{"A", "b", "c", "d"});
    const auto erased =
        merged(base, [](Document& d) { d.lines = {"a", "b"}; }, [](Document& d) { d.lines = {"a", "b", "C"}; });
    check_conflict(erased, R"(lines[2]: base "c", ours absent, theirs "C")");
    CHECK(stet::resolve(erased, stet::theirs).value().lines == std::list<std::string>{"a", "b", "C"});
    const auto changed =
        merged(base, [](Document& d) { d.lines = {"a", "x", "c"}; }, [](Document& d) { d.lines = {"a", "y", "c"}; });
    check_conflict(changed, R"(lines[1]: base "b", ours "x", theirs "y")");
}

// ---- what the schema decides inside a container

TEST_CASE("merge_by_union: what only one side erased stays if the other one changed it") {
    Document base;
    base.all = {{"k", {1, "a"}}, {"l", {2, "b"}}};
    base.all_items = {{1, "a"}, {2, "b"}};
    const auto remove = [](Document& d) {
        d.all.clear();
        d.all_items.clear();
    };
    const auto change = [](Document& d) {
        d.all["k"].name = "A";
        d.all_items[0].name = "A";
    };
    for (const auto& both : {merged(base, remove, change), merged(base, change, remove)}) {
        CHECK(both.conflicts().empty());
        CHECK(both.value().all.size() == 1);
        CHECK(both.value().all.at("k").name == "A");
        CHECK(shown(both.value().all_items) == "1A");
    }
    const auto both =
        merged(base, [](Document& d) { d.all["k"].name = "x"; }, [](Document& d) { d.all["k"].name = "y"; });
    CHECK(both.conflicts().size() == 1);  // two values, one place
}

TEST_CASE("theirs: of a container, wherever both changed something in it") {
    Document base;
    base.theirs = {{"a", 1}, {"b", 2}, {"c", 3}};
    const auto both = merged(
        base, [](Document& d) { d.theirs = {{"a", 10}, {"b", 20}, {"c", 3}, {"d", 4}}; },
        [](Document& d) { d.theirs = {{"a", 11}, {"c", 33}}; });
    CHECK(both.conflicts().empty());
    CHECK(both.value().theirs == std::map<std::string, int>{{"a", 11}, {"c", 33}, {"d", 4}});
}

// ---- add_up

TEST_CASE("add_up: the sum, or nothing where it does not fit") {
    using stet::detail::add_up;
    const auto sum = []<class N>(N base, N our, N their) {
        N result = 0;
        return add_up<N>(base, our, their, result) ? std::optional<N>(result) : std::nullopt;
    };
    const auto expected = [](int base, int our, int their, int least, int most) {
        const int all = our + their - base;
        const int step = their - base;
        const bool fits = all >= least && all <= most && (step < 0 ? -step : step) <= most;
        return fits ? std::optional<int>(all) : std::nullopt;
    };
    bool same = true;
    for (int base = -128; base < 128; base += 3)
        for (int our = -128; our < 128; our += 5)
            for (int their = -128; their < 128; ++their) {
                const auto small =
                    sum(static_cast<std::int8_t>(base), static_cast<std::int8_t>(our), static_cast<std::int8_t>(their));
                const auto wanted = expected(base, our, their, -128, 127);
                same = same && small.has_value() == wanted.has_value() && (!small.has_value() || *small == *wanted);
                const auto bits = sum(static_cast<std::uint8_t>(base + 128), static_cast<std::uint8_t>(our + 128),
                                      static_cast<std::uint8_t>(their + 128));
                const auto natural = expected(base + 128, our + 128, their + 128, 0, 255);
                same = same && bits.has_value() == natural.has_value() && (!bits.has_value() || *bits == *natural);
            }
    CHECK(same);
}
