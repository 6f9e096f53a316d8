#include <stet/schema/check.hpp>

#include "../both.hpp"
#include "../in_house.hpp"

#include <stet/schema/violations.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

using stet::check;
using stet::field;
using stet::Severity;

namespace {

enum class Mode : std::uint8_t { off, eco };

struct Limits {  // flat
    int low = 0;
    int high = 10;
    double ratio = 0.5;
    static constexpr auto schema() {
        return stet::fields(
            field<&Limits::low>(stet::in_range(0, 100)), field<&Limits::high>(stet::in_range(0, 100)),
            field<&Limits::ratio>(stet::in_range(0.0, 1.0), stet::warning(stet::max(0.9))),
            stet::check<&Limits::low, &Limits::high>("low must not exceed high", [](int a, int b) { return a <= b; }));
    }
};
struct Board {  // flat, with rules inside an array and an optional
    std::array<Limits, 3> channels{};
    std::optional<Limits> spare;
    int pin = 0;
    static constexpr auto schema() { return stet::fields(field<&Board::pin>(stet::secret, stet::max(9999))); }
};
struct Route {
    int id = 1;
    std::string to = "home";
    std::map<std::string, Limits> limits;
    static constexpr auto schema() {
        return stet::fields(field<&Route::id>(stet::min(1)), field<&Route::to>(stet::not_empty));
    }
};
struct Settings {
    std::string name = "bot";
    std::string password = "swordfish";
    Limits limits;
    std::vector<Route> routes;
    std::vector<int> ports;
    std::set<std::string> tags;
    std::map<std::string, int> quotas;
    std::optional<int> timeout;
    std::variant<int, Route> target;
    std::array<double, 2> weights{};
    static constexpr auto schema() {
        return stet::fields(
            field<&Settings::name>(stet::not_empty, stet::length(8)),
            field<&Settings::password>(stet::secret, stet::length(8, 64)), field<"limits.high">(stet::max(50)),
            field<&Settings::ports>(stet::length(3), stet::each(stet::in_range(1, 65535))),
            field<&Settings::tags>(stet::each(stet::not_empty)), field<&Settings::quotas>(stet::each(stet::min(0))),
            field<&Settings::timeout>(stet::min(1)), field<&Settings::weights>(stet::each(stet::in_range(0.0, 1.0))),
            stet::warning(stet::check<&Settings::name, &Settings::password>(
                "the password must not be the name",
                [](const std::string& a, const std::string& b) { return a != b; })));
    }
};
struct Grid {
    std::array<std::array<std::array<int, 2>, 3>, 2> cell{};
    static constexpr auto schema() {
        return stet::fields(field<&Grid::cell>(stet::each(stet::each(stet::each(stet::min(0))))));
    }
};
struct Pin {
    int number = 0;
    bool out = false;
};
struct Pins {  // flat
    in_house::SmallVector<Pin, 8> pins;
    static constexpr auto schema() { return stet::fields(field<&Pins::pins>(stet::keyed_by<&Pin::number>)); }
};
struct Routing {
    Pins board;
    std::vector<Route> routes;
    std::list<Route> hidden;
    std::map<std::string, Pins> boards;
    static constexpr auto schema() {
        return stet::fields(field<&Routing::routes>(stet::keyed_by<&Route::id>),
                            field<&Routing::hidden>(stet::keyed_by<&Route::to>, stet::secret));
    }
};

struct Ruleless {
    int anything = 0;
};
struct Tree {  // rules at every depth
    int value = 0;
    std::vector<Tree> children;
    static constexpr auto schema() { return stet::fields(field<&Tree::value>(stet::min(0))); }
};
struct Ranked {  // the key of a set
    int rank = 0;
    friend bool operator<(const Ranked& a, const Ranked& b) { return a.rank < b.rank; }
    static constexpr auto schema() { return stet::fields(field<&Ranked::rank>(stet::min(0))); }
};
struct Elements {
    std::optional<int> maybe;
    std::vector<int> warned;
    std::set<Ranked> ranks;
    static constexpr auto schema() {
        return stet::fields(field<&Elements::maybe>(stet::each(stet::min(1))),
                            field<&Elements::warned>(stet::warning(stet::each(stet::min(1)))));
    }
};
struct Vault {  // a secret whose elements have rules of their own
    std::vector<Route> routes;
    std::map<std::string, Limits> limits;
    static constexpr auto schema() {
        return stet::fields(field<&Vault::routes>(stet::secret), field<&Vault::limits>(stet::secret));
    }
};
struct Warned {
    int level = 5;
    static constexpr auto schema() { return stet::fields(field<&Warned::level>(stet::warning(stet::max(3)))); }
};

template <class T>
std::vector<std::string> texts(const T& value) {
    std::vector<std::string> all;
    const auto found = check(value);
    for (const auto& violation : found) stet::Writer(all.emplace_back()) << violation;
    return all;
}
using Texts = std::vector<std::string>;

constexpr bool a_flat_value_is_checked_without_a_heap() {
    Limits limits;
    const bool good = check(limits).empty() && !check(limits).refuse();
    limits.low = 20;
    limits.high = 300;
    const auto one = check(limits);
    limits.high = 10;
    const auto cross = check(limits);
    return good && one.size() == 1 && one.refuse() && one[0].rule() == "in_range" &&
           one[0].severity() == Severity::error && cross.size() == 1 && cross[0].rule() == "check";
}

constexpr bool a_warning_does_not_refuse() {
    Limits limits;
    limits.ratio = 0.95;
    const auto found = check(limits);
    return found.size() == 1 && !found.refuse() && found[0].severity() == Severity::warning;
}

constexpr bool rules_inside_arrays_and_optionals_of_flat_structs() {
    Board board;
    board.channels[2].low = -1;
    board.spare = Limits{5, 4, 0.5};
    return check(board).size() == 2;
}

constexpr bool validated_gives_the_value_back() {
    constexpr Limits limits = stet::validated(Limits{1, 2, 0.3});
    return limits.high == 2;
}

}  // namespace

TEST_CASE("check(value) of a flat struct") {
    STET_BOTH(a_flat_value_is_checked_without_a_heap);
    STET_BOTH(a_warning_does_not_refuse);
    STET_BOTH(rules_inside_arrays_and_optionals_of_flat_structs);
    CHECK(texts(Limits{-1, 300, 2.0}) == Texts{"low is -1, must be in 0..100", "high is 300, must be in 0..100",
                                               "ratio is 2, must be in 0..1",
                                               "ratio is 2, must be at most 0.9 (warning)"});
    CHECK(texts(Limits{5, 4, 0.5}) == Texts{"low, high: low must not exceed high"});
    CHECK(check(Limits{-1, 4, 0.95}).refuse());  // a warning after an error takes nothing back
}

TEST_CASE("check(value) names elements of arrays") {
    Board board;
    board.channels[2].low = -1;
    board.spare = Limits{5, 4, 0.5};
    CHECK(texts(board) ==
          Texts{"channels[2].low is -1, must be in 0..100", "spare.low, high: low must not exceed high"});
}

TEST_CASE("check(value) names elements of arrays of arrays") {
    Grid grid;
    grid.cell[1][2][0] = -1;
    CHECK(texts(grid) == Texts{"cell[1][2][0] is -1, must be at least 0"});
}

TEST_CASE("check(value) shows no secret") {
    Board board;
    board.pin = 12345;
    const std::string dots(stet::secret_dots);
    CHECK(texts(board) == Texts{"pin is " + dots + ", must be at most 9999"});
    Settings settings;
    settings.password = "short";
    CHECK(texts(settings) == Texts{"password is " + dots + ", must have 8..64 elements"});
    Vault vault;
    vault.routes.emplace_back().id = 0;
    vault.limits["a"].ratio = 2;
    CHECK(texts(vault) == Texts{"routes[0].id is " + dots + ", must be at least 1",
                                "limits[\"a\"].ratio is " + dots + ", must be in 0..1",
                                "limits[\"a\"].ratio is " + dots + ", must be at most 0.9 (warning)"});
}

TEST_CASE("check(value): all violations, in the order of the schema") {
    Settings settings;
    settings.name = "";
    settings.limits = {11, 60, 0.5};
    settings.ports = {80, 0, 70000, 1};
    settings.tags = {"a", ""};
    settings.quotas = {{"gpt-4", -1}, {"ok", 1}};
    settings.timeout = 0;
    settings.weights[1] = std::numeric_limits<double>::quiet_NaN();
    CHECK(texts(settings) == Texts{"name is \"\", must not be empty", "limits.high is 60, must be at most 50",
                                   "ports is [80, 0, 70000, 1], must have at most 3 elements",
                                   "ports[1] is 0, must be in 1..65535", "ports[2] is 70000, must be in 1..65535",
                                   "tags[\"\"] is \"\", must not be empty",
                                   "quotas[\"gpt-4\"] is -1, must be at least 0", "timeout is 0, must be at least 1",
                                   "weights[1] is nan, must be in 0..1"});
    CHECK(check(settings).refuse());
}

TEST_CASE("check(value): rules of the structs inside containers") {
    Settings settings;
    settings.routes.resize(3);
    settings.routes[1].to = "";
    settings.routes[2].limits["gpt-4"] = {3, 2, 0.5};
    settings.target = Route{0, "x", {}};
    CHECK(texts(settings) == Texts{"routes[1].to is \"\", must not be empty",
                                   "routes[2].limits[\"gpt-4\"].low, high: low must not exceed high",
                                   "target.id is 0, must be at least 1"});
}

TEST_CASE("check(value): each(rule) of an optional, each(rule) as a warning, rules of a set's members") {
    Elements elements;
    CHECK(texts(elements).empty());
    elements.maybe = 0;
    CHECK(texts(elements) == Texts{"maybe is 0, must be at least 1"});
    elements = {{}, {1, 0}, {}};
    CHECK(texts(elements) == Texts{"warned[1] is 0, must be at least 1 (warning)"});
    CHECK_FALSE(check(elements).refuse());
    elements = {{}, {}, {Ranked{-1}, Ranked{1}}};
    CHECK(texts(elements) == Texts{"ranks[{rank: -1}].rank is -1, must be at least 0"});
}

TEST_CASE("check(value): a cross-field check can be a warning") {
    Settings settings;
    settings.name = settings.password = "password";
    const auto found = check(settings);
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity() == Severity::warning);
    CHECK_FALSE(found.refuse());
    CHECK(texts(settings)[0] == "name, password: the password must not be the name (warning)");
}

TEST_CASE("check(value) of a struct that holds itself") {
    Tree tree{1, {Tree{2, {}}, Tree{3, {Tree{-1, {}}}}}};
    CHECK(texts(tree) == Texts{"children[1].children[0].value is -1, must be at least 0"});
}

TEST_CASE("check(value) of a struct without rules") {
    CHECK(check(Ruleless{}).empty());
    CHECK(texts(Warned{}) == Texts{"level is 5, must be at most 3 (warning)"});
}

TEST_CASE("check(value): a key that another element has") {
    Routing r;
    r.routes = {{1, "a", {}}, {2, "b", {}}, {3, "c", {}}};
    CHECK(check(r).empty());
    r.routes[2].id = 1;
    r.routes.push_back({2, "b", {}});
    r.hidden = {{1, "a", {}}, {2, "a", {}}};
    r.board.pins.push_back({7, false});
    r.board.pins.push_back({7, true});
    r.boards["x"] = r.board;
    const auto found = check(r);
    REQUIRE(found.size() == 5);
    CHECK(found.refuse());
    CHECK(found[0].path() == "routes[2]");
    CHECK(found[0].value() == "1");
    CHECK(found[0].rule() == "keyed_by");
    CHECK(found[0].expected() == "must have a unique id");
    CHECK(found[1].path() == "routes[3]");
    CHECK(found[2].path() == "hidden[1]");
    CHECK(found[2].value() == stet::secret_dots);
    CHECK(found[2].expected() == "must have a unique to");
    CHECK(found[3].path() == "board.pins[1]");
    CHECK(found[4].path() == "boards[\"x\"].pins[1]");
}

namespace {

constexpr bool keys_of_a_flat_struct() {
    Pins value;
    value.pins.push_back({2, false});
    value.pins.push_back({1, false});
    const bool before = check(value).empty();
    value.pins.push_back({2, true});
    value.pins.push_back({2, true});
    return before && check(value).size() == 2 && check(value).refuse();
}

}  // namespace

TEST_CASE("check(value): a key that another element has, in a flat struct") {
    STET_BOTH(keys_of_a_flat_struct);
    Pins value;
    value.pins.push_back({2, false});
    value.pins.push_back({2, false});
    CHECK(check(value)[0].path().view() == "pins[1]");
    CHECK(check(value)[0].value().view() == "2");
    CHECK(check(value)[0].expected().view() == "must have a unique number");
}

TEST_CASE("validated(value)") {
    STET_BOTH(validated_gives_the_value_back);
    static_assert(stet::validated(Warned{}).level == 5);  // a warning is no reason to refuse
}

TEST_CASE("flat<T>") {
    static_assert(stet::flat<Limits>);
    static_assert(stet::flat<Board>);
    static_assert(!stet::flat<Settings>);
    static_assert(!stet::flat<std::string>);
    static_assert(!stet::flat<int>);
    CHECK(stet::flat<Ruleless>);
}

TEST_CASE("ViolationsOf<T> has room for every rule of a flat struct") {
    Board board;
    for (Limits& channel : board.channels) channel = {-1, 200, 2.0};
    board.spare = Limits{-1, 200, 2.0};
    board.pin = 10000;
    const auto found = check(board);
    CHECK(found.size() == 17);
    CHECK(found.dropped() == 0);
}

namespace {

struct Tuner {
    int gain = 1;
    int rate = 1;
    static constexpr auto schema() {
        return stet::fields(stet::field<&Tuner::gain>(stet::min(1)), stet::field<&Tuner::rate>(stet::min(1)));
    }
};
struct Mixer {
    std::variant<int, Tuner> either;
    std::array<int, 10> levels{1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    static constexpr auto schema() { return stet::fields(stet::field<&Mixer::levels>(stet::each(stet::min(1)))); }
};

}  // namespace

TEST_CASE("ViolationsOf<T> has room for rules inside a variant, and for one of each element") {
    const Mixer inside{Tuner{0, 0}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}};
    const auto two = stet::check(inside);
    REQUIRE(two.size() == 2);
    CHECK(two[0].path() == "either.gain");
    CHECK(two.dropped() == 0);
    const Mixer all{0, {}};
    CHECK(stet::check(all).size() == 10);
    CHECK(stet::check(all).dropped() == 0);
}

namespace {

struct Limit {
    int least = 1;
    std::optional<int> most;
    static constexpr auto schema() {
        return stet::fields(stet::field<&Limit::least>(stet::min(0)), stet::field<&Limit::most>(stet::max(9)),
                            stet::check<"least", "most">("least must not exceed most", [](int low, const auto& high) {
                                return !high.has_value() || low <= *high;
                            }));
    }
};
struct Wide {  // rules of every kind, all the way down, of what needs no heap
    int port = 80;
    float gain = 1;
    std::array<int, 2> pins{1, 2};
    std::array<std::array<int, 2>, 2> grid{};
    std::array<Limit, 2> limits{};
    std::optional<Limit> spare;
    static constexpr auto schema() {
        return stet::fields(stet::field<&Wide::port>(stet::in_range(1, 99), [](int number) { return number != 13; }),
                            stet::field<&Wide::gain>(stet::warning(stet::max(2.0F)), stet::one_of(1.0F, 5.0F)),
                            stet::field<&Wide::pins>(stet::each(stet::in_range(1, 9))),
                            stet::field<&Wide::grid>(stet::each(stet::each(stet::max(3)))));
    }
};

}  // namespace

TEST_CASE("check: what a rule of a flat struct says is found by its number, wherever it stands") {
    Wide wide;
    wide.port = 130;
    wide.gain = 4;
    wide.pins[1] = 10;
    wide.grid[1][0] = 4;
    wide.limits[1] = {-1, 10};
    wide.spare = Limit{5, 4};
    std::string text;
    for (const auto& violation : stet::check(wide)) {
        stet::Writer(text) << violation << " [" << violation.rule() << "]\n";
        CHECK(stet::Violation(violation).rule() == violation.rule());
    }
    CHECK(text ==
          "port is 130, must be in 1..99 [in_range]\n"
          "gain is 4, must be at most 2 (warning) [max]\n"
          "gain is 4, must be one of 1, 5 [one_of]\n"
          "pins[1] is 10, must be in 1..9 [in_range]\n"
          "grid[1][0] is 4, must be at most 3 [max]\n"
          "limits[1].least is -1, must be at least 0 [min]\n"
          "limits[1].most is 10, must be at most 9 [max]\n"
          "spare.least, most: least must not exceed most [check]\n");
    wide.port = 13;
    const auto found = stet::check(wide);
    CHECK(found[0].rule() == "rule");
    CHECK(found[0].expected() == "must satisfy its rule");
}
