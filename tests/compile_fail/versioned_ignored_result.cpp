// A Result that nobody looks at.
// expect: stet: a Result says whether it was done, and if not, why; look at it, or write (void) before the call
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
    settings.set(stet::field<"port">, 2);
#else
    stet::Versioned settings{Settings{}};
    return settings.set(stet::field<"port">, 2) ? 0 : 1;
#endif
}
