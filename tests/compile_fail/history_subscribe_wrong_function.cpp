// A subscriber that takes something else.
// expect: stet: subscribe: the function takes (const Patch<T>&, When), to be called before and after a change, or
// not: boost/pfr
#include <stet/stet.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    auto watch = history.subscribe(stet::field<"port">, [](int) {});
#else
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    auto watch = history.subscribe(stet::field<"port">, [](const stet::Patch<Settings>&) {});
#endif
}
