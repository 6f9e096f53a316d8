// A rule for numbers at a text.
// expect: stet: this rule cannot read its field: in_range, min and max need a number
// not: boost/pfr
#include <stet/schema/check.hpp>

#include <string_view>

struct Settings {
    std::string_view name = "bot";
    int port = 80;
    static constexpr auto schema() {
#ifdef FAIL
        return stet::fields(stet::field<&Settings::name>(stet::in_range(1, 5)));
#else
        return stet::fields(stet::field<&Settings::port>(stet::in_range(1, 5)));
#endif
    }
};

int main() { return stet::check(Settings{}).empty() ? 0 : 1; }
