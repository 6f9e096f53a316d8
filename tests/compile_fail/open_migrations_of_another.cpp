// A chain that ends in another struct.
// expect: stet: open: the last struct of migrations<...> is the one that is opened
// not: boost/pfr
#include <stet/with/sqlite.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

struct Older {
    int port = 1;
};

int main() {
#ifdef FAIL
    static_cast<void>(stet::open<Settings>(stet::Sqlite{":memory:"}, stet::migrations<Settings, Older>{}));
#else
    static_cast<void>(stet::open<Settings>(stet::Sqlite{":memory:"}, stet::migrations<Older, Settings>{}));
#endif
}
