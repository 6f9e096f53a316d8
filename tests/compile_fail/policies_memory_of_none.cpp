// A storage that keeps nothing.
// expect: stet: Memory<T, N> keeps N states, the current one included; write 1 or more
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, stet::Memory<Settings, 0>{}};
#else
    stet::Versioned settings{Settings{}, stet::Memory<Settings, 1>{}};
#endif
}
