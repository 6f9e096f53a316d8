// each() at a field that has no elements.
// expect: stet: each(rule) stands at a field that has elements: an array, sequence, set, map or optional
// not: boost/pfr
#include <stet/schema/check.hpp>

#include <array>

struct Settings {
    std::array<int, 2> ports{};
    int port = 80;
    static constexpr auto schema() {
#ifdef FAIL
        return stet::fields(stet::field<&Settings::port>(stet::each(stet::min(1))));
#else
        return stet::fields(stet::field<&Settings::ports>(stet::each(stet::min(1))));
#endif
    }
};

int main() { return stet::check(Settings{}).empty() ? 0 : 1; }
