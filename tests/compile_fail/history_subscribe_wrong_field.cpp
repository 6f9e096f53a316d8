// A misspelt field in subscribe.
// expect: stet: no such field; the nearest existing name is in
// not: boost/pfr
#include <stet/stet.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    auto watch = history.subscribe(stet::field<"prot">, [] {});
#else
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    auto watch = history.subscribe(stet::field<"port">, [] {});
#endif
}
