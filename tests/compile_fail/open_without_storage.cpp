// Nothing to open.
// expect: stet: open<T>(...): give a storage to open; for a new value write stet::create(value)
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    return stet::open<Settings>(stet::if_empty(Settings{})) ? 0 : 1;
#else
    return stet::open<Settings>(stet::if_empty(Settings{}), stet::Memory<Settings>{}) ? 0 : 1;
#endif
}
