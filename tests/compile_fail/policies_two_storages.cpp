// Two storages.
// expect: stet: two storages were given; a Versioned has one
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, stet::Memory<Settings, 3>{}, stet::Memory<Settings>{}};
#else
    stet::Versioned settings{Settings{}, stet::Memory<Settings, 3>{}};
#endif
}
