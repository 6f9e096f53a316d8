// A volatile member.
// expect: stet: T has a volatile member; keep settings in a plain struct and copy them to the device
// not: boost/pfr
#include <stet/patch/patch.hpp>

struct Settings {
    int port = 8080;
#ifdef FAIL
    volatile int level = 0;
#else
    int level = 0;
#endif
};

int main() {
    const Settings settings;
    return stet::diff(settings, settings).empty() ? 0 : 1;
}
