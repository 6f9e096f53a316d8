#include <stet/patch/check_records.hpp>

#include "../both.hpp"

#include <array>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

using stet::check;
using stet::diff;
using stet::field;

namespace {

struct Limit {  // flat
    int low = 0;
    int high = 10;
    static constexpr auto schema() {
        return stet::fields(
            field<"low">(stet::min(0)),
            stet::check<"low", "high">("low must not exceed high", [](int a, int b) { return a <= b; }));
    }
};
struct Board {
    std::array<Limit, 3> channels{};
    std::optional<Limit> spare;
    Limit own;
    int pin = 0;
    int other = 0;
    static constexpr auto schema() {
        return stet::fields(field<"pin">(stet::max(9)), field<"own.high">(stet::max(100)));
    }
};
struct Route {
    int id = 1;
    std::string to = "home";
    Limit limit;
    static constexpr auto schema() { return stet::fields(field<"to">(stet::not_empty)); }
};
struct Settings {
    std::string name = "n";
    std::vector<Route> routes;
    std::map<std::string, Limit> limits;
    std::optional<Route> spare;
    std::variant<int, Route> target{1};
    std::array<Route, 2> pair{};
    std::vector<std::vector<Limit>> grid;
    Limit own;
    std::vector<int> ports;
    Route whole;
    static constexpr auto schema() {
        return stet::fields(
            field<"name">(stet::not_empty), field<"ports">(stet::each(stet::min(1))), field<"whole">(stet::indivisible),
            stet::check<"name", "ports">("a name for many ports", [](const auto& called, const auto& open) {
                return open.size() < 3 || called.size() > 1;
            }));
    }
};

// The paths of what check(value, patch) finds.
template <class T, class Change>
std::string broken(const T& from, Change change) {
    T to = from;
    change(to);
    std::string paths;
    for (const auto& violation : check(to, diff(from, to))) {
        if (!paths.empty()) paths += " | ";
        paths += violation.path();
    }
    return paths;
}

// Flat: in constant expressions, too.
template <class Change>
constexpr std::size_t count(const Board& from, Change change) {
    Board to = from;
    change(to);
    return check(to, diff(from, to)).size();
}
constexpr bool flat() {
    Board wrong;  // all of it is wrong already
    wrong.pin = 10;
    wrong.own = {-1, -2};
    wrong.channels = {Limit{-1, -2}, Limit{-1, -2}, Limit{-1, -2}};
    wrong.spare = Limit{-1, -2};
    return check(wrong).size() == 11 && count(wrong, [](Board&) {}) == 0 &&
           count(wrong, [](Board& b) { b.other = 1; }) == 0 && count(wrong, [](Board& b) { b.pin = 11; }) == 1 &&
           count(wrong, [](Board& b) { b.pin = 9; }) == 0 && count(wrong, [](Board& b) { b.own.high = -3; }) == 1 &&
           count(wrong, [](Board& b) { b.own.low = -2; }) == 1 && count(wrong, [](Board& b) { b.own.low = -1; }) == 0 &&
           count(wrong, [](Board& b) { b.channels[1].high = -3; }) == 1 &&
           count(wrong, [](Board& b) { b.channels[1].low = 5; }) == 1 &&
           count(wrong, [](Board& b) { b.channels[1] = {}; }) == 0 &&
           count(wrong, [](Board& b) { b.spare->high = 5; }) == 0 &&
           count(wrong, [](Board& b) { b.spare->low = -3; }) == 1 &&
           count(Board{}, [](Board& b) { b.spare = Limit{-1, -2}; }) == 2;
}

const Settings wrong = [] {
    Settings s;
    s.name = "";
    const Route route{1, "", {-1, -2}};
    s.routes = {route, route};
    s.limits = {{"a", {-1, -2}}, {"b", {-1, -2}}};
    s.spare = route;
    s.target = route;
    s.pair = {route, route};
    s.grid = {{{-1, -2}}, {{-1, -2}}};
    s.own = {-1, -2};
    s.ports = {0, 1, 0};
    s.whole = route;
    return s;
}();

struct Ranked {  // the key of a set
    int rank = 0;
    friend bool operator<(const Ranked& a, const Ranked& b) { return a.rank < b.rank; }
    static constexpr auto schema() { return stet::fields(field<"rank">(stet::min(0))); }
};
struct Others {
    std::set<Ranked> ranks;
    std::vector<Route> keyed;
    std::vector<Limit> hidden{{}, {}};
    static constexpr auto schema() {
        return stet::fields(field<"keyed">(stet::keyed_by<&Route::id>), field<"hidden">(stet::secret));
    }
};

struct Garden {  // keys everywhere
    struct Plant {
        int id = 0;
        std::string name;
        Limit water;
        std::list<Ranked> leaves;
        static constexpr auto schema() { return stet::fields(field<"leaves">(stet::keyed_by<&Ranked::rank>)); }
    };
    struct Bed {
        std::vector<Plant> plants;
        std::vector<Limit> limits;
        static constexpr auto schema() { return stet::fields(field<"plants">(stet::keyed_by<&Plant::id>)); }
    };
    std::vector<Plant> plants;
    Bed own;
    Bed sealed;
    std::map<std::string, Bed> beds;
    std::optional<Bed> spare;
    std::vector<Plant> whole;
    static constexpr auto schema() {
        return stet::fields(field<"plants">(stet::keyed_by<&Plant::id>), field<"sealed">(stet::indivisible),
                            field<"whole">(stet::keyed_by<&Plant::id>, stet::indivisible));
    }
};

int asked = 0;
struct Item {
    int value = 0;
    std::string name;
    static constexpr auto schema() {
        return stet::fields(field<"value">([](int number) {
            ++asked;
            return number >= 0;
        }));
    }
};
struct Store {
    std::vector<Item> items = std::vector<Item>(1000);
    std::string name;
};

}  // namespace

TEST_CASE("check(value, patch): of a flat struct, what the patch can have broken and nothing else") {
    STET_BOTH(flat);
    Board empty;
    empty.spare = Limit{-1, -2};
    CHECK(count(empty, [](Board& b) { b.spare.reset(); }) == 0);  // clang copies no emptied optional in a constant
}

TEST_CASE("check(value, patch): a key that another element has") {
    Garden g;
    g.plants = {{1, "a", {}, {{1}, {2}}}, {2, "b", {}, {}}, {3, "c", {}, {}}};
    g.own.plants = g.sealed.plants = g.whole = g.plants;
    g.beds["x"] = g.own;
    g.spare = g.own;
    CHECK(check(g).empty());
    CHECK(broken(g, [](Garden& v) { v.plants[2].name = "x"; }).empty());
    CHECK(broken(g, [](Garden& v) { v.plants[2].id = 1; }) == "plants[2]");
    CHECK(broken(g, [](Garden& v) { v.plants[0].id = 3; }) == "plants[2]");
    CHECK(broken(g, [](Garden& v) { v.plants.push_back(v.plants[1]); }) == "plants[3]");
    CHECK(broken(g, [](Garden& v) { v.plants.erase(v.plants.begin()); }).empty());
    CHECK(broken(g, [](Garden& v) { std::swap(v.plants[0], v.plants[2]); }).empty());
    CHECK(broken(g, [](Garden& v) { v.plants[0].leaves.push_back({1}); }) == "plants[0].leaves[2]");
    CHECK(broken(g, [](Garden& v) { v.own.plants[1].id = 1; }) == "own.plants[1]");
    CHECK(broken(g, [](Garden& v) { v.sealed.plants[1].id = 1; }) == "sealed.plants[1]");
    CHECK(broken(g, [](Garden& v) { v.whole[1].id = 1; }) == "whole[1]");
    CHECK(broken(g, [](Garden& v) { v.beds["x"].plants[1].id = 1; }) == "beds[\"x\"].plants[1]");
    CHECK(broken(g, [](Garden& v) { v.beds["x"].plants[1].name = ""; }).empty());
    CHECK(broken(g, [](Garden& v) {
              v.beds["y"] = v.own;
              v.beds["y"].plants[1].id = 1;
          }) == "beds[\"y\"].plants[1]");
    CHECK(broken(g, [](Garden& v) { v.spare->plants[2].id = 2; }) == "spare.plants[2]");
}

TEST_CASE("check(value, patch): a key is looked at only where one was given, in the direction of the patch") {
    Garden g;
    g.plants = {{1, "a", {}, {}}, {1, "b", {}, {}}, {2, "c", {}, {}}};
    const auto asks = [&](auto change) { return broken(g, change) == "plants[1]"; };
    CHECK_FALSE(asks([](Garden& v) { v.plants[2].name = "x"; }));
    CHECK_FALSE(asks([](Garden& v) { v.plants[2].water.low = 1; }));
    CHECK_FALSE(asks([](Garden& v) { v.plants.pop_back(); }));
    CHECK(asks([](Garden& v) { v.plants[2].id = 3; }));
    CHECK(asks([](Garden& v) { v.plants.push_back({4, "", {}, {}}); }));
    const auto patch = diff(Garden{}, g);
    CHECK(check(Garden{}, patch.inverted()).empty());
    CHECK(check(g, patch).size() == 1);
}

// Found while duplicate keys were added: such rules were asked with the whole value only.
TEST_CASE("check(value, patch): rules of elements inside a field that is marked indivisible") {
    Garden g;
    g.sealed.limits = {{0, 1}};
    CHECK(broken(g, [](Garden& v) { v.sealed.limits[0].low = -1; }) == "sealed.limits[0].low");
    CHECK(broken(g, [](Garden& v) { v.own.plants = {{}}; }).empty());
}

TEST_CASE("check(value, patch): of a struct with containers") {
    CHECK(check(wrong).size() > 25);
    CHECK(broken(wrong, [](Settings&) {}).empty());
    CHECK(broken(wrong, [](Settings& s) { s.name = "x"; }) == "name, ports");
    CHECK(broken(wrong, [](Settings& s) { s.name = "xyz"; }).empty());
    CHECK(broken(wrong, [](Settings& s) { s.routes[1].id = 2; }).empty());
    CHECK(broken(wrong, [](Settings& s) { s.routes[1].limit.low = -2; }) == "routes[1].limit.low");
    CHECK(broken(wrong, [](Settings& s) { s.routes[1].to = "x"; }).empty());
    CHECK(broken(wrong, [](Settings& s) { s.routes.pop_back(); }).empty());
    CHECK(broken(wrong, [](Settings& s) { s.routes.push_back({3, "", {}}); }) == "routes[2].to");
    CHECK(broken(wrong, [](Settings& s) { s.limits["a"].high = -3; }) == "limits[\"a\"].low, high");
    CHECK(broken(wrong, [](Settings& s) { s.limits["a"].high = 3; }).empty());
    CHECK(broken(wrong, [](Settings& s) { s.limits["c"] = {-1, 3}; }) == "limits[\"c\"].low");
    CHECK(broken(wrong, [](Settings& s) { s.limits.erase("a"); }).empty());
    CHECK(broken(wrong, [](Settings& s) { s.spare->id = 3; }).empty());
    CHECK(broken(wrong, [](Settings& s) { s.spare->limit.high = -3; }) == "spare.limit.low, limit.high");
    CHECK(broken(wrong, [](Settings& s) { s.spare.reset(); }).empty());
    CHECK(broken(Settings{}, [](Settings& s) { s.spare = Route{1, "", {}}; }) == "spare.to");
    CHECK(broken(wrong, [](Settings& s) { s.target = 5; }).empty());
    CHECK(broken(wrong, [](Settings& s) { std::get<Route>(s.target).limit.low = -2; }) == "target.limit.low");
    CHECK(broken(Settings{}, [](Settings& s) { s.target = Route{1, "", {}}; }) == "target.to");
    CHECK(broken(wrong, [](Settings& s) { s.pair[1].limit.low = 5; }) == "pair[1].limit.low, limit.high");
    CHECK(broken(wrong, [](Settings& s) { s.grid[1][0].low = -2; }) == "grid[1][0].low");
    CHECK(broken(wrong, [](Settings& s) { s.grid.push_back({{0, 1}, {-1, 1}}); }) == "grid[2][1].low");
    CHECK(broken(wrong, [](Settings& s) { s.own.low = -2; }) == "own.low");
    CHECK(broken(wrong, [](Settings& s) { s.ports = {1}; }).empty());
    CHECK(broken(wrong, [](Settings& s) { s.ports[1] = 2; }) == "ports[0] | ports[2] | name, ports");
    CHECK(broken(wrong, [](Settings& s) { s.whole.to = "x"; }) ==
          "whole.limit.low | whole.limit.low, whole.limit.high");
}

TEST_CASE("check(value, patch): members of sets, elements that moved, secrets") {
    Others from;
    from.ranks = {Ranked{-5}};
    from.keyed = {{1, "a", {}}, {2, "b", {}}};
    CHECK(broken(from, [](Others& o) { o.ranks.insert(Ranked{-1}); }) == "ranks[{rank: -1}].rank");
    CHECK(broken(from, [](Others& o) { o.ranks.clear(); }).empty());
    CHECK(broken(from, [](Others& o) {
              o.keyed.insert(o.keyed.begin(), {9, "new", {}});
              o.keyed[2].to = "";
          }) == "keyed[2].to");
    Others to = from;
    to.hidden[1].low = -4;
    const auto found = check(to, diff(from, to));
    REQUIRE(found.size() == 1);
    CHECK(found[0].path() == "hidden[1].low");
    CHECK(found[0].value() == stet::secret_dots);
}

TEST_CASE("check(value, patch): elements that a patch does not touch are not looked at") {
    const Store before;
    Store after = before;
    after.items[500].value = -1;
    after.items[600].name = "x";
    const auto patch = stet::diff(before, after);
    asked = 0;
    const auto found = stet::check(after, patch);
    CHECK(asked == 2);  // whether something is broken, and then what
    REQUIRE(found.size() == 1);
    CHECK(found[0].path() == "items[500].value");
    after.items.insert(after.items.begin(), Item{-5, ""});
    asked = 0;
    CHECK(stet::check(after, stet::diff(before, after)).size() == 2);
    CHECK(asked < 10);
    asked = 0;
    CHECK(stet::check(after).size() == 2);
    CHECK(asked == 1001);
}
