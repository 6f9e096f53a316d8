// A budget that has no room for the value and a step.
// expect: has no room for the value and one small step; write at least as many bytes as AtLeast
// not: boost/pfr
#include <stet/embedded.hpp>

#include <array>

struct Settings {
    std::array<int, 10> ports{};
};

int main() {
#ifdef FAIL
    stet::History<Settings, stet::bytes{80}> history{Settings{}};
#else
    stet::History<Settings, stet::bytes{100}> history{Settings{}};
#endif
    return history.undo() ? 1 : 0;
}
