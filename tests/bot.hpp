#pragma once
// A bot's settings with a bit of everything: what the tests of Versioned, History, policies and text share; and a clock
// that says what it is told to.

#include <stet/policy/clock.hpp>
#include <stet/reflect/field.hpp>
#include <stet/schema/rule.hpp>
#include <stet/schema/schema.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "motor.hpp"

namespace bot {

struct Llm {
    std::string model = "gpt-4";
    double temperature = 0.2;
};
struct Route {
    int id = 0;
    std::string to;
};
struct Wrapped {  // a struct of exactly one leaf
    int only = 0;
};
struct Settings {
    std::string name = "bot";
    Llm llm;
    std::string password = "swordfish";
    int port = 8080;
    std::uint8_t level = 1;
    Mode mode = Mode::eco;
    std::vector<Route> routes{{1, "home"}, {2, "away"}};
    std::map<std::string, int> limits{{"gpt-4", 10}, {"o1", 20}};
    std::optional<Route> spare;
    std::variant<int, Route> target{7};
    std::array<int, 3> weights{1, 2, 3};
    Wrapped wrapped;
    int low = 1, high = 9;
    int hits = 0;
    std::string status = "idle";

    static constexpr auto schema() {
        using stet::field;
        return stet::fields(field<&Settings::name>(stet::not_empty), field<"llm.temperature">(stet::in_range(0.0, 2.0)),
                            field<&Settings::password>(stet::secret, stet::length(4, 64)),
                            field<&Settings::port>(stet::in_range(1, 65535)), field<&Settings::hits>(stet::transient),
                            field<&Settings::status>(stet::transient),
                            stet::check<&Settings::low, &Settings::high>("low must not exceed high",
                                                                         [](int a, int b) { return a <= b; }));
    }
};

/// Says what it is told to.
struct FakeClock {
    stet::Time time = 1000;
    stet::Time step = 10;
    stet::Time now() {
        time += step;
        return time;
    }
};

}  // namespace bot
