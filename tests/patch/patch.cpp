#include <stet/patch/patch.hpp>

#include <stet/patch/record_patch.hpp>

#include "../both.hpp"
#include "../every_kind.hpp"
#include "changes_of.hpp"

#include <limits>
#include <string>
#include <utility>

using every::dumped;
using every::Every;
using every::Flat;
using every::Item;
using every::Point;
using stet::apply;
using stet::diff;
using stet::Errc;
using stet::field;

namespace {

using Lines = std::vector<std::string>;

constexpr bool a_flat_patch_in_a_constant_expression() {
    const Flat a;
    Flat b;
    b.point.y = 3;
    b.maybe = Point{1, 2};
    b.numbers[2] = 9;
    const auto patch = diff(a, b);
    const auto there = apply(patch, a);
    const auto back = apply(patch.inverted(), *there);
    return patch.size() == 3 && !patch.empty() && there && there->point.y == 3 && there->maybe->y == 2 && back &&
           stet::equal(*back, a) && stet::equal(*there, b) && diff(a, a).empty();
}

constexpr bool touches_in_a_constant_expression() {
    const Flat a;
    Flat b;
    b.point.y = 3;
    b.locked.x = 1;
    const auto patch = diff(a, b);
    return patch.touches(field<"point">) && patch.touches(field<"point.y">) && !patch.touches(field<"point.x">) &&
           patch.touches(field<&Flat::locked>) && patch.touches(field<&Flat::locked, &Point::y>) &&
           !patch.touches(field<"last">) && !patch.touches(field<&Flat::cache>);
}

constexpr bool a_conflict_in_a_constant_expression() {
    const Flat a;
    Flat b;
    b.point.y = 3;
    Flat other;
    other.point.y = 4;
    const auto result = apply(diff(a, b), other);
    return !result && result.error().code() == Errc::patch_conflict && result.error().subject() == "point.y" &&
           other.point.y == 4;
}

constexpr bool what_a_patch_does_not_touch_may_be_anything() {
    const Flat a;
    Flat b;
    b.point.y = 3;
    Flat other;
    other.point.x = 7;
    other.cache = 8;
    const auto result = apply(diff(a, b), other);
    return result && result->point.x == 7 && result->point.y == 3 && result->cache == 8;
}

constexpr bool nan_is_no_change_and_a_sign_is() {
    Flat a;
    Flat b;
    a.real = std::numeric_limits<double>::quiet_NaN();
    b.real = -std::numeric_limits<double>::quiet_NaN();
    const bool none = diff(a, b).empty();
    a.real = 0.0;
    b.real = -0.0;
    return none && diff(a, b).size() == 1;
}

template <class T>
bool conflicts_at(const stet::Patch<T>& patch, const T& value, std::string_view path) {
    const auto result = apply(patch, value);
    return !result && result.error().code() == Errc::patch_conflict && result.error().subject() == path;
}

}  // namespace

TEST_CASE("diff(a, b), apply(patch, a) of a flat struct") {
    STET_BOTH(a_flat_patch_in_a_constant_expression);
    STET_BOTH(nan_is_no_change_and_a_sign_is);
    STET_BOTH(what_a_patch_does_not_touch_may_be_anything);
    STET_BOTH(a_conflict_in_a_constant_expression);
}

TEST_CASE("Patch::touches(field<...>)") {
    STET_BOTH(touches_in_a_constant_expression);
    Every a;
    Every b;
    b.nested.label = "x";
    b.items.resize(1);
    const auto patch = diff(a, b);
    CHECK(patch.touches(field<"nested">));
    CHECK(patch.touches(field<&Every::nested, &every::Nested::label>));
    CHECK_FALSE(patch.touches(field<"nested.point">));
    CHECK(patch.touches(field<&Every::items>));
    CHECK_FALSE(patch.touches(field<&Every::keyed>));
    CHECK(patch.size() == 2);
}

TEST_CASE("diff(a, b), apply(patch, a) of a struct with containers") {
    Every a;
    a.items = {{1, "a", {1, 2}, {}}, {2, "b", {}, Point{1, 2}}};
    a.map["x"].id = 1;
    a.either = std::vector<int>{1, 2, 3};
    Every b = a;
    b.items[0].scores.insert(b.items[0].scores.begin(), 0);
    b.items[1].at.reset();
    b.map["y"] = b.map["x"];
    std::get<std::vector<int>>(b.either).pop_back();
    const auto patch = diff(a, b);
    CHECK(patch.size() == 3);
    CHECK(changes_of(patch) == Lines{"items[0].scores[0]: absent -> 0", "items[1].at: {x: 1, y: 2} -> absent",
                                     "map[\"y\"]: absent -> {id: 1, name: \"\", scores: [], at: none}",
                                     "either[2]: 3 -> absent"});
    const auto result = apply(patch, a);
    REQUIRE(result);
    CHECK(dumped(*result) == dumped(b));
}

TEST_CASE("apply(patch, value): changes inside containers fit other changes there") {
    Every a;
    a.items = {{1, "a", {}, {}}, {2, "b", {}, {}}};
    a.map["x"].id = 1;
    Every b = a;
    b.items[0].name = "A";
    b.map["x"].name = "X";
    Every c = a;
    c.items[1].name = "C";
    c.map["x"].id = 5;
    c.map["z"].id = 6;
    const auto result = apply(diff(a, b), c);
    REQUIRE(result);
    CHECK(result->items[0].name == "A");
    CHECK(result->items[1].name == "C");
    CHECK(result->map.at("x").name == "X");
    CHECK(result->map.at("x").id == 5);
    CHECK(result->map.contains("z"));
}

TEST_CASE("apply(patch, value): what is not as it was is a conflict that names its leaf") {
    Every a;
    a.items = {{1, "a", {}, {}}};
    a.map["x"].id = 1;
    a.set = {"s"};
    a.maybe = Item{};
    a.rows[0] = {1};
    Every b = a;
    Every c = a;
    const auto check = [&](std::string_view path) {
        const std::string before = dumped(c);
        CHECK(conflicts_at(diff(a, b), c, path));
        CHECK(dumped(c) == before);
        b = c = a;
    };
    b.text = "b", c.text = "c";
    check("text");
    b.items[0].name = "b", c.items[0].name = "c";
    check("items");
    b.items[0].name = "b", c.items.clear();
    check("items");
    b.items.clear(), c.items[0].id = 7;
    check("items");
    b.map["x"].id = 2, c.map.clear();
    check("map");
    b.map["y"].id = 2, c.map["y"].id = 3;
    check("map");
    b.map.clear(), c.map["x"].id = 7;
    check("map");
    b.set.clear(), c.set.clear();
    check("set");
    b.set.insert("t"), c.set.insert("t");
    check("set");
    b.maybe.reset(), c.maybe->id = 7;
    check("maybe");
    b.maybe->id = 2, c.maybe.reset();
    check("maybe");
    b.either = 1, c.either = 2;
    check("either");
    b.own_maybe.emplace(Point{1, 2}), c.own_maybe.emplace(Point{3, 4});
    check("own_maybe");
    a.either = b.either = Item{}, c.either = 5;
    std::get<Item>(b.either).name = "b";
    check("either");
    b.locked.label = "b", c.locked.weight = 1;
    check("locked");
    b.rows[0][0] = 2, c.rows[0].clear();
    check("rows");
    b.opaque = every::Opaque(1), c.opaque = every::Opaque(2);
    check("opaque");
    b.colour.r = 1, c.colour.g = 1;
    check("colour");
}

TEST_CASE("apply(patch, value) after other changes were made is all or nothing") {
    Every a;
    Every b;
    b.on = true;
    b.text = "b";
    b.nested.label = "b";
    Every c;
    c.nested.label = "c";
    const auto result = apply(diff(a, b), c);
    CHECK_FALSE(result.has_value());
    CHECK_FALSE(c.on);
    CHECK(c.text.empty());
}

TEST_CASE("Patch::inverted()") {
    Every a;
    a.items = {{1, "a", {}, {}}, {2, "b", {}, {}}, {3, "c", {}, {}}};
    Every b = a;
    b.items.erase(b.items.begin() + 1);
    b.text = "x";
    const auto patch = diff(a, b);
    CHECK(changes_of(patch.inverted()) ==
          Lines{"text: \"x\" -> \"\"", "items[1]: absent -> {id: 2, name: \"b\", scores: [], at: none}"});
    CHECK(changes_of(patch.inverted().inverted()) == changes_of(patch));
    Every c;
    c.either = 1;
    CHECK(changes_of(diff(c, Every{}).inverted()) == changes_of(diff(Every{}, c)));
    auto again = diff(a, b);
    const auto result = apply(std::move(again).inverted(), b);
    REQUIRE(result);
    CHECK(dumped(*result) == dumped(a));
}

TEST_CASE("apply(patch, value), inverted: runs of elements that came and went") {
    Every a;
    a.rows[0] = {1, 2, 3, 4, 5, 6};
    a.keyed = {{1, "a", {}, {}}, {2, "b", {}, {}}, {3, "c", {}, {}}, {4, "d", {}, {}}};
    Every b = a;
    b.rows[0] = {1, 6};
    b.rows[1] = {7, 8, 9};
    b.keyed = {{4, "d", {}, {}}, {9, "x", {}, {}}, {1, "A", {}, {}}, {3, "c", {}, {}}};
    for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
        const auto patch = diff(from, to);
        const auto there = apply(patch, from);
        REQUIRE(there);
        CHECK(dumped(*there) == dumped(to));
        const auto back = apply(patch.inverted(), to);
        REQUIRE(back);
        CHECK(dumped(*back) == dumped(from));
    }
}

TEST_CASE("Patch::visit of an empty patch") {
    CHECK(changes_of(diff(Every{}, Every{})).empty());
    CHECK(changes_of(diff(Every{}, Every{}).inverted()).empty());
    CHECK(changes_of(diff(Flat{}, Flat{})).empty());
    CHECK(apply(diff(Every{}, Every{}), Every{}).has_value());
}

TEST_CASE("a struct whose first field is indivisible, of one field, without fields") {
    struct One {
        std::string only;
    };
    const auto result = apply(diff(One{"a"}, One{"b"}), One{"a"});
    REQUIRE(result);
    CHECK(result->only == "b");
    CHECK(diff(every::Nothing{}, every::Nothing{}).empty());
    CHECK(diff(every::Colour{1, 2, 3}, every::Colour{1, 2, 4}).size() == 1);
}

TEST_CASE("a local struct, a struct that holds itself") {
    struct Local {
        std::vector<std::string> texts;
        int number = 0;
    };
    const Local a{{"a"}, 1};
    const Local b{{"a", "b"}, 1};
    CHECK(changes_of(diff(a, b)) == Lines{"texts[1]: absent -> \"b\""});

    every::Tree from{1, {every::Tree{2, {}}}};
    every::Tree to = from;
    to.children[0].children.push_back(from);
    const auto result = apply(diff(from, to), from);
    REQUIRE(result);
    CHECK(dumped(*result) == dumped(to));
}

TEST_CASE("verbs are objects: argument-dependent look-up never finds another apply or diff") {
    static_assert(std::is_empty_v<std::remove_cvref_t<decltype(stet::diff)>>);
    static_assert(std::is_empty_v<std::remove_cvref_t<decltype(stet::apply)>>);
    CHECK(sizeof(stet::apply) == 1);
}
