// Two policies of one kind.
// expect: stet: sharing was given twice; a Versioned is shared once
// not: boost/pfr
#include <stet/shared.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, stet::Shared{}, stet::Shared{}};
#else
    stet::Versioned settings{Settings{}, stet::Shared{}};
#endif
    return static_cast<int>(settings.head()) - 1;
}
