// What a reader returned does not outlive it.
// expect: stet: read: what it returns lives no longer than the reader; keep that: auto reader = settings.reader();
// not: boost/pfr
#include <stet/shared.hpp>

struct Settings {
    int port = 1;
};

int main() {
    stet::Versioned settings{Settings{}, stet::Shared{}};
#ifdef FAIL
    return settings.reader().read().port;
#else
    auto reader = settings.reader();
    return reader.read().port - 1;
#endif
}
