// A union as a member.
// expect: stet: T has a union as a member; write std::variant instead
// not: boost/pfr
#include <stet/patch/patch.hpp>

#include <variant>

struct Settings {
    int port = 8080;
#ifdef FAIL
    union {
        int whole;
        float real;
    } level;
#else
    std::variant<int, float> level;
#endif
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
