// A function that makes a change and returns a number.
// expect: stet: the function that makes a change returns void, bool (false gives up) or a Result
// not: boost/pfr
#include <stet/embedded.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4> history{Settings{}};
    return history.commit([](Settings& s) { return s.port = 2; }) ? 0 : 1;
#else
    stet::History<Settings, 4> history{Settings{}};
    return history.commit([](Settings& s) { s.port = 2; }) ? 0 : 1;
#endif
}
