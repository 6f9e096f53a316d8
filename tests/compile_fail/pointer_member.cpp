// A pointer as a member.
// expect: stet: T has a pointer, and what it points at is not part of the value; hold the value, an index or a name
// not: boost/pfr
#include <stet/patch/patch.hpp>

struct Settings {
    int port = 8080;
#ifdef FAIL
    const int* level = nullptr;
#else
    int level = 0;
#endif
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
