// A reader of what is not shared.
// expect: stet: reader, watch and wait_for are for several threads: give the Versioned the policy stet::Shared
// not: boost/pfr
#include <stet/shared.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}};
#else
    stet::Versioned settings{Settings{}, stet::Shared{}};
#endif
    static_cast<void>(settings.reader());
    return 0;
}
