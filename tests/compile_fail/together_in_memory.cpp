// A storage that has nothing to make safe.
// expect: stet: together: this storage makes each commit safe by itself
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
    static_cast<void>(settings.together([] {}));
#else
    stet::Versioned settings{Settings{}};
    static_cast<void>(settings.head());
#endif
}
