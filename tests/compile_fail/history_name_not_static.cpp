// A name that may not live as long as the steps of NamedCopies.
// expect: not a constant expression
// not: boost/pfr
#include <stet/stet.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4, stet::NamedCopies> history{Settings{}};
    char name[] = "port";
    return history.set(name, stet::field<"port">, 2) ? 0 : 1;
#else
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    char name[] = "port";
    return history.set(name, stet::field<"port">, 2) ? 0 : 1;
#endif
}
