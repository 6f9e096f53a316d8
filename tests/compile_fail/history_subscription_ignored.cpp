// A subscription that nobody holds.
// expect: stet: subscribe: it ends with the handle that is returned here; keep that
// not: boost/pfr
#include <stet/stet.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    history.subscribe(stet::field<"port">, [] {});
#else
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    auto watch = history.subscribe(stet::field<"port">, [] {});
#endif
}
