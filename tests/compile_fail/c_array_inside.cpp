// A C array in a struct in a container: the type that is to blame is named.
// expect: stet: T has a C array; write std::array instead
// expect: Level
// not: boost/pfr
#include <stet/patch/patch.hpp>

#include <array>
#include <vector>

struct Level {
    int steps[3];
};

struct Settings {
    int port = 8080;
#ifdef FAIL
    std::vector<Level> levels;
#else
    std::array<int, 3> levels{};
#endif
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
