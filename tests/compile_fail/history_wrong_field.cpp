// A misspelt field in set.
// expect: stet: no such field; the nearest existing name is in
// expect: port
// not: boost/pfr
#include <stet/embedded.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4> history{Settings{}};
    return history.set(stet::field<"prot">, 2) ? 0 : 1;
#else
    stet::History<Settings, 4> history{Settings{}};
    return history.set(stet::field<"port">, 2) ? 0 : 1;
#endif
}
