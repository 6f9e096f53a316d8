// A function that makes a change and returns a number.
// expect: stet: the function that makes a change returns void, bool (false gives up) or a Result
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
    return settings.commit([](Settings& s) { return s.port = 2; }) ? 0 : 1;
#else
    stet::Versioned settings{Settings{}};
    return settings.commit([](Settings& s) { s.port = 2; }) ? 0 : 1;
#endif
}
