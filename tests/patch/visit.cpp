#include <stet/patch/visit.hpp>

#include <stet/patch/identity.hpp>

#include "../both.hpp"
#include "changes_of.hpp"

#include "../every_kind.hpp"

#include <string>

using every::Every;
using every::Item;
using every::Point;
using stet::each_change;
using stet::field;

namespace {

using Lines = std::vector<std::string>;

template <class T>
Lines changes(const T& a, const T& b) {
    Lines lines;
    each_change(a, b, AddLine{lines});
    return lines;
}

struct Secrets {
    std::string open = "a";
    std::vector<std::string> keys{"k"};
    double level = 0;
    static constexpr auto schema() {
        return stet::fields(field<&Secrets::keys>(stet::secret), field<&Secrets::level>(stet::tolerance(0.5)));
    }
};

constexpr bool a_flat_struct_is_visited_in_a_constant_expression() {
    const every::Flat a;
    every::Flat b;
    b.point.y = 3;
    b.numbers[1] = 4;
    b.maybe = Point{};
    int changes = 0;
    int sum = 0;
    each_change(a, b, [&]<class Before, class After>(const stet::PathView&, const Before& before, const After& after) {
        ++changes;
        if constexpr (std::is_same_v<Before, int> && std::is_same_v<After, int>) sum += after - before;
    });
    return changes == 3 && sum == 7;
}

}  // namespace

TEST_CASE("each_change(a, b, f)") {
    STET_BOTH(a_flat_struct_is_visited_in_a_constant_expression);
    CHECK(changes(Every{}, Every{}).empty());
}

TEST_CASE("each_change(a, b, f): fields of nested structs") {
    Every b;
    b.nested.point.x = 1;
    b.mode = every::Mode::eco;
    b.pair.second = "x";
    CHECK(changes(Every{}, b) == Lines{"mode: off -> eco", "nested.point.x: 0 -> 1", "pair.second: \"\" -> \"x\""});
}

TEST_CASE("each_change(a, b, f): an indivisible field or type is one change") {
    Every b;
    b.locked.point.x = 1;
    b.colour.r = 1;
    CHECK(changes(Every{}, b) == Lines{"colour: {r: 0, g: 0, b: 0} -> {r: 1, g: 0, b: 0}",
                                       "locked: {point.x: 0, point.y: 0, label: \"\", weight: 0} -> "
                                       "{point.x: 1, point.y: 0, label: \"\", weight: 0}"});
}

TEST_CASE("each_change(a, b, f): elements by position") {
    Every a;
    a.grid = {{1, 2}, {3}};
    Every b = a;
    b.grid[0][1] = 5;
    b.numbers[2] = 9;
    b.rows[1] = {7};
    CHECK(changes(a, b) == Lines{"numbers[2]: 0 -> 9", "rows[1][0]: absent -> 7", "grid[0][1]: 2 -> 5"});
}

TEST_CASE("each_change(a, b, f): what stays at both ends is no change") {
    Every a;
    a.list = {"a", "b", "c"};
    Every b = a;
    b.list = {"a", "c"};
    CHECK(changes(a, b) == Lines{"list[1]: \"b\" -> absent"});
    CHECK(changes(b, a) == Lines{"list[1]: absent -> \"b\""});
    b.list.clear();  // each is shown where it was
    CHECK(changes(a, b) == Lines{"list[0]: \"a\" -> absent", "list[1]: \"b\" -> absent", "list[2]: \"c\" -> absent"});
}

TEST_CASE("each_change(a, b, f): maps and sets by key") {
    Every a;
    a.map["gone"].id = 1;
    a.map["same"].id = 2;
    a.hashed[1] = {1};
    a.set = {"x"};
    Every b = a;
    b.map.erase("gone");
    b.map["same"].at = Point{1, 2};
    b.map["new"].id = 3;
    b.hashed[1].push_back(2);
    b.set = {"y"};
    CHECK(changes(a, b) == Lines{"set[\"x\"]: \"x\" -> absent", "set[\"y\"]: absent -> \"y\"",
                                 "map[\"gone\"]: {id: 1, name: \"\", scores: [], at: none} -> absent",
                                 "map[\"new\"]: absent -> {id: 3, name: \"\", scores: [], at: none}",
                                 "map[\"same\"].at: absent -> {x: 1, y: 2}", "hashed[1][1]: absent -> 2"});
}

TEST_CASE("each_change(a, b, f): optionals and variants") {
    Every a;
    a.maybe = Item{1, "a", {}, {}};
    a.either = 1;
    Every b = a;
    b.maybe->name = "b";
    b.either = 2;
    CHECK(changes(a, b) == Lines{"maybe.name: \"a\" -> \"b\"", "either: 1 -> 2"});
    b.maybe.reset();
    b.either = std::vector<int>{1};
    CHECK(changes(a, b) == Lines{"maybe: {id: 1, name: \"a\", scores: [], at: none} -> absent", "either: 1 -> [1]"});
    a.either = std::vector<int>{1, 2};
    b.maybe = a.maybe;
    CHECK(changes(a, b) == Lines{"either[1]: 2 -> absent"});
}

TEST_CASE("each_change(a, b, f): a struct that holds itself") {
    Every a;
    a.tree.children.resize(2);
    a.tree.children[1].children.resize(1);
    Every b = a;
    b.tree.children[1].children[0].value = 5;
    CHECK(changes(a, b) == Lines{"tree.children[1].children[0].value: 0 -> 5"});
}

TEST_CASE("each_change(a, b, f): in-house containers") {
    Every b;
    b.own_text = "t";
    b.own_vector.push_back(1);
    b.own_map.try_emplace(7, Point{});
    b.own_maybe.emplace(Point{1, 2});
    CHECK(changes(Every{}, b) == Lines{"own_text: \"\" -> \"t\"", "own_vector[0]: absent -> 1",
                                       "own_map[7]: absent -> {x: 0, y: 0}", "own_maybe: absent -> {x: 1, y: 2}"});
}

TEST_CASE("each_change(a, b, f): transient fields are not seen") {
    Every b;
    b.cache = 5;
    CHECK(changes(Every{}, b).empty());
}

TEST_CASE("each_change(a, b, f): the path knows what is secret and how exact to be") {
    Secrets b;
    b.open = "b";
    b.keys[0] = "l";
    b.level = 0.25;
    std::string seen;
    each_change(Secrets{}, b, [&](const stet::PathView& path, const auto&, const auto&) {
        stet::Writer(seen) << path << (path.secret() ? " secret" : "") << ' ' << path.tolerance() << ';';
    });
    CHECK(seen == "open 0;keys[0] secret 0;level 0.5;");
}

TEST_CASE("Absent") {
    static_assert(stet::absent == stet::Absent{});
    CHECK(stet::detail::is_absent<const stet::Absent&>);
    CHECK_FALSE(stet::detail::is_absent<int>);
}
