// A history of no states.
// expect: stet: History<T, N> keeps N states, the current one included; write 1 or more
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::History<Settings, 0> history{Settings{}};
#else
    stet::History<Settings, 1> history{Settings{}};
#endif
}
