#include <stet/versioned.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/render/text.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using bot::Motor;
using bot::Settings;
using stet::Errc;
using stet::field;
using stet::Number;

namespace {

struct Colour {
    float r = 0, g = 0, b = 0;
};
struct Picture {  // with an indivisible struct
    std::string name;
    Colour back;
    Colour front;
    static constexpr auto schema() { return stet::fields(field<&Picture::back>(stet::indivisible)); }
};

template <class Result>
std::string shown(const Result& result) {
    return result ? "done" : stet::text(result.error());
}

}  // namespace

TEST_CASE("set(field, value): by name, by members, a whole struct, a whole container") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.set(field<"llm.model">, "o1") == Number{2});
    CHECK(settings.set(field<&Settings::llm, &bot::Llm::temperature>, 1) == Number{3});
    CHECK(settings.current().llm.temperature == 1.0);
    CHECK(settings.set(field<"llm">, bot::Llm{"gpt-5", 0.5}) == Number{4});
    CHECK(settings.current().llm.model == "gpt-5");
    CHECK(settings.diff(3, 4)->size() == 2);
    CHECK(settings.set(field<"routes">, std::vector<bot::Route>{}) == Number{5});
    CHECK(settings.current().routes.empty());
    CHECK(settings.set(field<"wrapped">, bot::Wrapped{5}) == Number{6});
    CHECK(settings.set(field<"wrapped.only">, 6) == Number{7});
    CHECK(settings.current().wrapped.only == 6);
    CHECK(settings.set(field<"spare">, bot::Route{1, "x"}) == Number{8});
    CHECK(settings.set(field<"spare">, std::nullopt) == Number{9});
    CHECK_FALSE(settings.current().spare.has_value());
    CHECK(settings.set(field<"target">, bot::Route{1, "x"}) == Number{10});
    CHECK(settings.current().target.index() == 1);
    CHECK(settings.set(field<"weights">, std::array<int, 3>{3, 2, 1}) == Number{11});
}

TEST_CASE("set: numbers only where they fit") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.set(field<"level">, 255) == Number{2});
    for (const int wrong : {256, -1, 1000000}) {
        const auto refused = settings.set(field<"level">, wrong);
        REQUIRE_FALSE(refused);
        CHECK(shown(refused) == "the field cannot hold this value: 'level'\n  fix: give a whole number from 0 to 255");
        CHECK(refused.error().code() == Errc::wrong_type);
    }
    CHECK(settings.set(field<"port">, 80.0) == Number{3});
    CHECK(settings.set(field<"port">, 80.5).error().code() == Errc::wrong_type);
    CHECK(settings.set(field<"port">, 1e30).error().code() == Errc::wrong_type);
    CHECK(settings.set(field<"port">, std::numeric_limits<double>::quiet_NaN()).error().code() == Errc::wrong_type);
    CHECK(settings.set("port", 1ULL << 40U).error().code() == Errc::wrong_type);
    CHECK(settings.set("level", 256).error().code() == Errc::wrong_type);
    CHECK(settings.set("level", 7) == Number{4});
    CHECK(settings.head() == 4);
    stet::Versioned motor{Motor{}};
    CHECK(motor.set(field<"rpm">, 70000).error().code() == Errc::wrong_type);
    CHECK(motor.set("rpm", 70000).error().code() == Errc::wrong_type);
    CHECK(motor.set("rpm", -1).error().code() == Errc::wrong_type);
    CHECK(motor.set("rpm", 500) == Number{2});
}

TEST_CASE("set: enumerators by value or by name") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.set(field<"mode">, bot::Mode::full) == Number{2});
    CHECK(settings.set(field<"mode">, "off") == Number{3});
    CHECK(settings.current().mode == bot::Mode::off);
    CHECK(settings.set("mode", "eco") == Number{4});
    CHECK(settings.set("mode", "ecco").error().code() == Errc::wrong_type);
    CHECK(settings.current().mode == bot::Mode::eco);
}

TEST_CASE("set(path text, value): the same table as field<...>") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.set("llm.model", "o1", {.author = "admin"}) == Number{2});
    CHECK(settings.history()[0].author == "admin");
    CHECK(settings.set(std::string("llm.temperature"), 1.5) == Number{3});
    CHECK(settings.set("llm", bot::Llm{"gpt-5", 0.5}) == Number{4});
    CHECK(settings.set("wrapped", bot::Wrapped{5}) == Number{5});
    CHECK(settings.current().wrapped.only == 5);
    CHECK(settings.set("wrapped.only", 6) == Number{6});
    const auto misspelt = settings.set("llm.modle", "o2");
    REQUIRE_FALSE(misspelt);
    CHECK(misspelt.error().code() == Errc::no_such_field);
    CHECK(misspelt.error().subject() == "llm.modle");
    CHECK(misspelt.error().nearest() == "llm.model");
    CHECK(shown(misspelt) == "there is no such field: 'llm.modle'\n  fix: did you mean 'llm.model'?");
    CHECK(settings.set("", 1).error().code() == Errc::no_such_field);
    CHECK(settings.set("llm.", 1).error().code() == Errc::no_such_field);
    CHECK(settings.set("port.x", 1).error().code() == Errc::no_such_field);
    CHECK(settings.set("port", "8080").error().code() == Errc::wrong_type);
    CHECK(settings.set("name", 5).error().code() == Errc::wrong_type);
    CHECK(settings.set("llm", 5).error().code() == Errc::wrong_type);
    CHECK(settings.set("wrapped", 5).error().code() == Errc::wrong_type);
    CHECK(settings.set("port", true).error().code() == Errc::wrong_type);
    const auto fix = [](const auto& refused) { return std::string(refused.error().fix().view()); };
    CHECK(fix(settings.set("port", "8080")) == "give a whole number from -2147483648 to 2147483647");
    CHECK(fix(settings.set(field<"port">, 1e30)) == "give a whole number from -2147483648 to 2147483647");
    CHECK(fix(settings.set("level", 256)) == "give a whole number from 0 to 255");
    CHECK(fix(settings.set("name", 5)) == "give a text");
    CHECK(fix(settings.set("llm.temperature", "hot")) == "give a number");
    CHECK(fix(settings.set("mode", "ecco")) == "give the name of an enumerator, or the enumerator itself");
    CHECK(fix(settings.set("llm", 5)) == "give a value of the field's type");
    CHECK(settings.head() == 6);
    const auto rule = settings.set("llm.temperature", 3);
    REQUIRE_FALSE(rule);
    CHECK(rule.error().violations()[0].path() == "llm.temperature");
}

TEST_CASE("set(path text, value): inside a vector, array, map, optional and variant") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.set("routes[1].to", "work") == Number{2});
    CHECK(settings.current().routes[1].to == "work");
    CHECK(stet::text(*settings.diff(1, 2)) == "~ routes[1].to: \"away\" -> \"work\"");
    CHECK(settings.set("routes[0]", bot::Route{9, "nine"}) == Number{3});
    CHECK(settings.current().routes[0].id == 9);
    CHECK(settings.set("weights[2]", 30) == Number{4});
    CHECK(settings.current().weights == std::array<int, 3>{1, 2, 30});
    CHECK(settings.set("limits[\"gpt-4\"]", 11) == Number{5});
    CHECK(settings.set("limits[o1]", 21) == Number{6});
    CHECK(settings.current().limits == std::map<std::string, int>{{"gpt-4", 11}, {"o1", 21}});
    CHECK(settings.set("spare", bot::Route{1, "x"}) == Number{7});
    CHECK(settings.set("spare.to", "y") == Number{8});
    CHECK(settings.current().spare->to == "y");
    CHECK(settings.set("target", bot::Route{1, "x"}) == Number{9});
    CHECK(settings.set("target.id", 5) == Number{10});
    CHECK(std::get<bot::Route>(settings.current().target).id == 5);
    CHECK(settings.rollback_to(1) == Number{11});
    CHECK(stet::diff(settings.current(), Settings{}).empty());
}

TEST_CASE("set(path text, value): what is not there is an error, and nothing changes") {
    stet::Versioned settings{Settings{}};
    const auto index = settings.set("routes[2].to", "x");
    REQUIRE_FALSE(index);
    CHECK(index.error().code() == Errc::no_such_element);
    CHECK(shown(index) ==
          "there is no such element: 'routes[2].to'\n  fix: use an index or key that the container has");
    CHECK(settings.set("limits[none]", 1).error().code() == Errc::no_such_element);
    CHECK(settings.set("spare.to", "x").error().code() == Errc::no_such_element);
    CHECK(settings.set("target.to", "x").error().code() == Errc::no_such_element);
    CHECK(settings.set("weights[3]", 1).error().code() == Errc::no_such_element);
    CHECK(settings.set("routes[x].to", "x").error().code() == Errc::no_such_field);
    CHECK(settings.set("routes[-1].to", "x").error().code() == Errc::no_such_field);
    CHECK(settings.set("routes[0].too", "x").error().code() == Errc::no_such_field);
    CHECK(settings.set("routes[0].to", 1).error().code() == Errc::wrong_type);
    CHECK(settings.set("limits[o1]", 1e30).error().code() == Errc::wrong_type);
    CHECK(settings.head() == 1);
    CHECK(stet::diff(settings.current(), Settings{}).empty());
    stet::Versioned motor{Motor{}};
    CHECK(motor.set("pins[2]", 1).error().code() == Errc::no_such_element);
    CHECK(motor.set("pins[1]", 9) == Number{2});
    CHECK(motor.current().pins[1] == 9);
    CHECK(motor.set("pid", bot::Pid{2, 3}) == Number{3});
    CHECK(motor.current().pid.ki == 3);
    CHECK(motor.set("pid.kpp", 1).error().nearest() == "pid.kp");
}

TEST_CASE("set(Path<T>, value)") {
    stet::Versioned settings{Settings{}};
    const auto path = stet::Path<Settings>::parse("routes[1].to");
    REQUIRE(path);
    CHECK(settings.set(*path, "work") == Number{2});
    CHECK(settings.set(*path, std::string("home"), {.expected = 2}) == Number{3});
    CHECK(settings.set(*path, 1).error().code() == Errc::wrong_type);
    REQUIRE(settings.commit([](Settings& s) { s.routes.clear(); }));
    CHECK(settings.set(*path, "x").error().code() == Errc::no_such_element);
    CHECK(settings.diff(3, 4)->touches(*path));
    CHECK_FALSE(settings.diff(3, 4)->touches(*stet::Path<Settings>::parse("llm")));
}

TEST_CASE("set: inside an indivisible struct") {
    stet::Versioned picture{Picture{}};
    CHECK(picture.set(field<"back.g">, 1) == Number{2});
    CHECK(picture.current().back.g == 1);
    CHECK(picture.set("back.b", 2) == Number{3});
    CHECK(picture.set("back", Colour{3, 3, 3}) == Number{4});
    CHECK(picture.current().back.b == 3);
    CHECK(picture.set(field<"front.g">, 1) == Number{5});
    CHECK(picture.diff(1, 3)->size() == 1);
    CHECK(picture.rollback_to(2) == Number{6});
    CHECK(picture.current().back.g == 1);
    CHECK(picture.current().back.b == 0);
}

TEST_CASE("set: a broken rule refuses, and the value is as it was") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    const auto refused = settings.set(field<"low">, 10);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().violations()[0].expected() == "low must not exceed high");
    CHECK(settings.current().low == 1);
    CHECK(settings.set("name", "").error().code() == Errc::rule_broken);
    CHECK(settings.current().name == "bot");
    CHECK(settings.set(field<"name">, "a name that is too long for the place inside a string") == Number{2});
    CHECK(settings.set(field<"name">, "").error().code() == Errc::rule_broken);
    CHECK(settings.current().name == "a name that is too long for the place inside a string");
}
