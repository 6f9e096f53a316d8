// A reference as a member.
// expect: stet: T has a reference as a member; hold the value, or an index or name that finds it
// not: boost/pfr
#include <stet/patch/patch.hpp>

struct Settings {
    int port = 8080;
#ifdef FAIL
    int& level;
#else
    int level;
#endif
};

int main() {
    int level = 1;
    const Settings settings{1, level};
    return stet::diff(settings, settings).empty() ? 0 : 1;
}
