// Nobody else can have changed it.
// expect: stet: refresh: nobody else writes to this storage; what is current is what there is
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}};
    static_cast<void>(settings.refresh());
#else
    stet::Versioned settings{Settings{}};
    static_cast<void>(settings.head());
#endif
}
