// Two clocks.
// expect: stet: two clocks were given; a Versioned has one
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

struct Ticks {
    stet::Time ticks = 0;
    stet::Time now() { return ++ticks; }
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, Ticks{}, stet::SystemClock{}};
#else
    stet::Versioned settings{Settings{}, Ticks{}};
#endif
}
