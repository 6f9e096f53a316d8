#include <stet/render/text.hpp>

#include "../bot.hpp"

#include <stet/schema/check.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <set>
#include <sstream>
#include <string>

using bot::Settings;
using stet::field;
using stet::text;

namespace {

struct Key {
    std::string name;
    std::string token;
    static constexpr auto schema() { return stet::fields(field<&Key::token>(stet::secret)); }
};
struct Everything {
    bool on = false;
    char letter = 'a';
    int number = 1;
    double real = 0.5;
    float exact = 1.5F;
    bot::Mode mode = bot::Mode::eco;
    std::string name = "bot";
    bot::Llm llm;
    std::vector<int> list{1, 2};
    std::set<std::string> tags{"x"};
    std::map<std::string, int> map{{"a", 1}};
    std::map<bot::Mode, Key> keys{{bot::Mode::eco, {"k", "hidden1"}}};
    std::optional<int> maybe;
    std::variant<int, std::string> either{5};
    std::array<bot::Route, 2> pair{};
    std::vector<Key> tokens{{"t", "hidden2"}};
    std::map<std::string, std::string> vault{{"v", "hidden3"}};
    std::string password = "hidden4";
    std::chrono::milliseconds pause{5};
    double close = 1.0;

    static constexpr auto schema() {
        return stet::fields(field<&Everything::password>(stet::secret), field<&Everything::vault>(stet::secret),
                            field<&Everything::close>(stet::tolerance(0.125)),
                            field<&Everything::real>(stet::in_range(0.0, 1.0)));
    }
};

const Everything from;  // g++ 12 fails inside on Everything{}

template <class Change>
std::string shown(Change change, stet::TextStyle style = {}) {
    Everything next;
    change(next);
    return text(stet::diff(from, next), style);
}

}  // namespace

TEST_CASE("text(patch): one line for each kind of change") {
    CHECK(shown([](Everything&) {}).empty());
    CHECK(shown([](Everything& e) { e.on = true; }) == "~ on: false -> true");
    CHECK(shown([](Everything& e) { e.letter = 'b'; }) == "~ letter: \"a\" -> \"b\"");
    CHECK(shown([](Everything& e) { e.number = -7; }) == "~ number: 1 -> -7");
    CHECK(shown([](Everything& e) { e.real = 0.1; }) == "~ real: 0.5 -> 0.1");
    CHECK(shown([](Everything& e) { e.real = std::numeric_limits<double>::infinity(); }) == "~ real: 0.5 -> inf");
    CHECK(shown([](Everything& e) { e.exact = 0.1F; }) == "~ exact: 1.5 -> 0.1");
    CHECK(shown([](Everything& e) { e.mode = bot::Mode::full; }) == "~ mode: eco -> full");
    CHECK(shown([](Everything& e) { e.mode = static_cast<bot::Mode>(99); }) == "~ mode: eco -> 99");
    CHECK(shown([](Everything& e) { e.name = "a \"b\"\n\x01"; }) == "~ name: \"bot\" -> \"a \\\"b\\\"\\n\\x01\"");
    CHECK(shown([](Everything& e) { e.name = "K\u00f6nig"; }) == "~ name: \"bot\" -> \"K\u00f6nig\"");
    CHECK(shown([](Everything& e) { e.llm.model = "gpt-4o"; }) == "~ llm.model: \"gpt-4\" -> \"gpt-4o\"");
    CHECK(shown([](Everything& e) { e.list[1] = 3; }) == "~ list[1]: 2 -> 3");
    CHECK(shown([](Everything& e) { e.list.push_back(3); }) == "+ list[2]: 3");
    CHECK(shown([](Everything& e) { e.list.pop_back(); }) == "- list[1]: 2");
    CHECK(shown([](Everything& e) { e.tags = {"y"}; }) == "- tags[\"x\"]: \"x\"\n+ tags[\"y\"]: \"y\"");
    CHECK(shown([](Everything& e) { e.map["a"] = 2; }) == "~ map[\"a\"]: 1 -> 2");
    CHECK(shown([](Everything& e) { e.map["b"] = 2; }) == "+ map[\"b\"]: 2");
    CHECK(shown([](Everything& e) { e.map.clear(); }) == "- map[\"a\"]: 1");
    CHECK(shown([](Everything& e) { e.keys[bot::Mode::eco].name = "n"; }) == "~ keys[eco].name: \"k\" -> \"n\"");
    CHECK(shown([](Everything& e) { e.maybe = 5; }) == "+ maybe: 5");
    CHECK(shown([](Everything& e) { e.either = 6; }) == "~ either: 5 -> 6");
    CHECK(shown([](Everything& e) { e.either = "six"; }) == "~ either: 5 -> \"six\"");
    CHECK(shown([](Everything& e) { e.pair[1].to = "x"; }) == "~ pair[1].to: \"\" -> \"x\"");
    CHECK(shown([](Everything& e) { e.pause = std::chrono::milliseconds(7); }) == "~ pause: 5 -> 7");
    Everything some;
    some.maybe = 5;
    CHECK(text(stet::diff(some, from)) == "- maybe: 5");
}

TEST_CASE("text(patch): secrets as dots, wherever they are") {
    CHECK(shown([](Everything& e) { e.password = "hidden5"; }) ==
          "~ password: \u2022\u2022\u2022 -> \u2022\u2022\u2022");
    CHECK(shown([](Everything& e) { e.vault["v"] = "hidden5"; }) ==
          "~ vault[\"v\"]: \u2022\u2022\u2022 -> \u2022\u2022\u2022");
    CHECK(shown([](Everything& e) { e.vault["w"] = "hidden5"; }) == "+ vault[\"w\"]: \u2022\u2022\u2022");
    CHECK(shown([](Everything& e) { e.vault.clear(); }) == "- vault[\"v\"]: \u2022\u2022\u2022");
    CHECK(shown([](Everything& e) { e.tokens[0].token = "hidden5"; }) ==
          "~ tokens[0].token: \u2022\u2022\u2022 -> \u2022\u2022\u2022");
    CHECK(shown([](Everything& e) { e.tokens.push_back({"u", "hidden5"}); }) ==
          "+ tokens[1]: {name: \"u\", token: \u2022\u2022\u2022}");
    CHECK(shown([](Everything& e) { e.keys[bot::Mode::full] = {"u", "hidden5"}; }) ==
          "+ keys[full]: {name: \"u\", token: \u2022\u2022\u2022}");
    const std::string value = text(from);
    CHECK(value.find("hidden") == std::string::npos);
}

TEST_CASE("text(patch, {.color = true}): green, red, yellow") {
    const stet::TextStyle color{.color = true};
    CHECK(shown([](Everything& e) { e.number = 2; }, color) == "\x1b[33m~ number: 1 -> 2\x1b[0m");
    CHECK(shown([](Everything& e) { e.list.push_back(3); }, color) == "\x1b[32m+ list[2]: 3\x1b[0m");
    CHECK(shown([](Everything& e) { e.list.pop_back(); }, color) == "\x1b[31m- list[1]: 2\x1b[0m");
    CHECK(shown(
              [](Everything& e) {
                  e.number = 2;
                  e.maybe = 1;
              },
              color) == "\x1b[33m~ number: 1 -> 2\x1b[0m\n\x1b[32m+ maybe: 1\x1b[0m");
}

TEST_CASE("text(patch): numbers closer than their tolerance are not shown") {
    CHECK(shown([](Everything& e) { e.close = 1.0625; }).empty());
    CHECK(shown([](Everything& e) { e.close = 0.9375; }).empty());
    CHECK(shown([](Everything& e) { e.close = 1.125; }).empty());
    CHECK(shown([](Everything& e) { e.close = 1.25; }) == "~ close: 1 -> 1.25");
    CHECK(shown([](Everything& e) { e.close = 0.5; }) == "~ close: 1 -> 0.5");
    CHECK(shown([](Everything& e) { e.close = std::numeric_limits<double>::quiet_NaN(); }) == "~ close: 1 -> nan");
    CHECK(shown([](Everything& e) {
              e.close = 1.0625;
              e.number = 2;
          }) == "~ number: 1 -> 2");
    Everything next;
    next.close = 1.0625;
    CHECK_FALSE(stet::diff(from, next).empty());  // rendering only
}

TEST_CASE("text(value)") {
    CHECK(text(Key{"k", "hidden"}) == "{name: \"k\", token: \u2022\u2022\u2022}");
    CHECK(text(bot::Motor{}) == "{rpm: 3000, pid.kp: 1, pid.ki: 0, mode: eco, pins: [4, 5], hits: 0}");
}

TEST_CASE("text(violations), text(error), streams") {
    Everything wrong;
    wrong.real = 2;
    const auto found = stet::check(wrong);
    CHECK(text(found) == "real is 2, must be in 0..1");
    Settings settings;
    settings.name.clear();
    settings.port = 0;
    settings.password = "abc";
    CHECK(text(stet::check(settings)) ==
          "name is \"\", must not be empty\n"
          "password is \u2022\u2022\u2022, must have 4..64 elements\n"
          "port is 0, must be in 1..65535");
    bot::Motor motor;
    motor.rpm = 1;
    CHECK(text(stet::check(motor)) == "rpm is 1, must be in 100..6000");
    CHECK(text(stet::check(Settings{})).empty());
    const stet::Error error(stet::Errc::no_such_field, "prot", "port");
    CHECK(text(error) == "there is no such field: 'prot'\n  fix: did you mean 'port'?");
    std::ostringstream out;
    out << error << '|' << stet::diff(from, wrong) << '|' << found[0] << '|' << *stet::check(motor).begin() << '|'
        << error.why();
    CHECK(out.str() ==
          "there is no such field: 'prot'\n  fix: did you mean 'port'?|~ real: 0.5 -> 2|real is 2, must be in 0..1|"
          "rpm is 1, must be in 100..6000|'prot'");
}
