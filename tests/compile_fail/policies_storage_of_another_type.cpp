// A storage of another struct.
// expect: stet: the storage is one of another struct; give stet::Memory<T, N> the T of the Versioned
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

struct Other {
    int x = 0;
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, stet::Memory<Other>{}};
#else
    stet::Versioned settings{Settings{}, stet::Memory<Settings>{}};
#endif
}
