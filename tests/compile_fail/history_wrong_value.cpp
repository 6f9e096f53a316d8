// A value that a field can never hold.
// expect: stet: set: the field cannot hold a value of this type
// not: boost/pfr
#include <stet/embedded.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4> history{Settings{}};
    return history.set(stet::field<"port">, "8080") ? 0 : 1;
#else
    stet::History<Settings, 4> history{Settings{}};
    return history.set(stet::field<"port">, 8080) ? 0 : 1;
#endif
}
