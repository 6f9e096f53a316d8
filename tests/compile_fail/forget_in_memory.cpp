// A storage in which nothing can be forgotten.
// expect: stet: forget: this storage cannot put another value into what it keeps
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
    static_cast<void>(settings.forget("name"));
#else
    stet::Versioned settings{Settings{}};
    static_cast<void>(settings.head());
#endif
}
