// Under stet::Shared the value may be replaced at any time.
// expect: stet: current: under stet::Shared the next change may come at any time; read through settings.reader()
// not: boost/pfr
#include <stet/shared.hpp>

struct Settings {
    int port = 1;
};

int main() {
    stet::Versioned settings{Settings{}, stet::Shared{}};
#ifdef FAIL
    return settings.current().port;
#else
    auto reader = settings.reader();
    return reader.read().port - 1;
#endif
}
