// Under Locked the value may change at any time.
// expect: stet: current: under stet::Locked the value may change at any time; write read(), which copies it, or
// not: boost/pfr
#include <stet/embedded.hpp>

#include "flash.hpp"

struct Settings {
    std::uint32_t port = 1;
};
struct Interrupts {
    static void enter() {}
    static void leave() {}
};

int main() {
#ifdef FAIL
    Flash flash;
    stet::Stored settings{flash, Settings{}, stet::Locked<Interrupts>{}};
    return static_cast<int>(settings.current().port);
#else
    Flash flash;
    stet::Stored settings{flash, Settings{}, stet::Locked<Interrupts>{}};
    return static_cast<int>(settings.read().port);
#endif
}
