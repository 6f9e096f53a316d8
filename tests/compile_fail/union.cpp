// A union.
// expect: stet: T is a union; write std::variant instead
// not: boost/pfr
#include <stet/patch/patch.hpp>

#ifdef FAIL
union Settings {
#else
struct Settings {
#endif
    int whole = 0;
    float real;
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
