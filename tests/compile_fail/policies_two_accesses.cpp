// Two access policies.
// expect: stet: two access policies were given; a Versioned has one
// not: boost/pfr
#include <stet/policy/access.hpp>
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

[[maybe_unused]] constexpr auto all = [](const stet::Request&) { return true; };
constexpr auto none = [](const stet::Request&) { return false; };

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, stet::access(all), stet::access(none)};
#else
    stet::Versioned settings{Settings{}, stet::access(none)};
#endif
}
