// Copies tell nobody.
// expect: stet: on_change: Copies tell nobody; write History<T, N, Changes>
// not: boost/pfr
#include <stet/stet.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4, stet::Copies> history{Settings{}};
    history.on_change([] {});
#else
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    auto watch = history.on_change([] {});
#endif
}
