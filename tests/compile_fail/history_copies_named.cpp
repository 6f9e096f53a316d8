// A name of a step where names are not kept.
// expect: stet: Copies keep no names of steps; write History<T, N, NamedCopies>, or leave the name out
// not: boost/pfr
#include <stet/embedded.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4> history{Settings{}};
#else
    stet::History<Settings, 4, stet::NamedCopies> history{Settings{}};
#endif
    return history.set("port", stet::field<"port">, 2) ? 0 : 1;
}
