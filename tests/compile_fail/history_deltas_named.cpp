// A name of a step in a budget of bytes.
// expect: stet: a History in a budget of bytes keeps no names of steps; write History<T, N, NamedCopies>
// not: boost/pfr
#include <stet/embedded.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, stet::bytes{512}> history{Settings{}};
#else
    stet::History<Settings, 8, stet::NamedCopies> history{Settings{}};
#endif
    return history.set("port", stet::field<"port">, 2) ? 0 : 1;
}
