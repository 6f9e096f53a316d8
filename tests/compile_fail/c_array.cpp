// A C array as a member.
// expect: stet: T has a C array; write std::array instead
// not: boost/pfr
#include <stet/patch/patch.hpp>

#include <array>

struct Settings {
    int port = 8080;
#ifdef FAIL
    int levels[3] = {};
#else
    std::array<int, 3> levels{};
#endif
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
