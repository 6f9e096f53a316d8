// A bit-field.
// expect: stet: T has a bit-field; write an integer of the next size, or a bool, instead
// not: boost/pfr
#include <stet/patch/patch.hpp>

struct Settings {
    int port = 8080;
#ifdef FAIL
    unsigned level : 3;
#else
    unsigned char level = 0;
#endif
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
