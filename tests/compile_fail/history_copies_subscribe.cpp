// Copies tell nobody.
// expect: stet: subscribe: Copies tell nobody; write History<T, N, Changes>
// not: boost/pfr
#include <stet/stet.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4, stet::Copies> history{Settings{}};
    history.subscribe(stet::field<"port">, [] {});
#else
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    auto watch = history.subscribe(stet::field<"port">, [] {});
#endif
}
