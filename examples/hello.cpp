#include <stet/stet.hpp>

#include <iostream>

struct Settings {
    std::string model = "gpt-4";
    double temperature = 0.2;

    static constexpr auto schema() { return stet::fields(stet::field<"temperature">(stet::in_range(0.0, 2.0))); }
};

int main() {
    stet::Versioned settings{Settings{}};  // revision 1
    auto second = settings.commit([](Settings& s) { s.model = "gpt-4o"; }, {.author = "admin", .reason = "upgrade"});
    auto refused = settings.set(stet::field<"temperature">, 9);                        // breaks its rule
    std::cout << refused.error() << '\n' << stet::text(*settings.diff(1, 2)) << '\n';  // what revision 2 changed
    auto third = settings.rollback({.author = "oncall", .reason = "incident 42"});     // revision 3 is as 1 was
    for (const auto& revision : settings.history({.since = 1}))
        std::cout << revision.number << ' ' << revision.author << ": " << revision.reason << '\n';
    return second && !refused && third && settings.current().model == "gpt-4" ? 0 : 1;
}
