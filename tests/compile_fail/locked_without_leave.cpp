// A critical section has two functions.
// expect: stet: Locked<CriticalSection>: it lacks void enter() and void leave(), or a leave() that takes what enter()
// not: boost/pfr
#include <stet/embedded.hpp>

#include "flash.hpp"

struct Settings {
    std::uint32_t port = 1;
};
struct Half {
    static void enter() {}
};

int main() {
#ifdef FAIL
    Flash flash;
    stet::Stored settings{flash, Settings{}, stet::Locked<Half>{}};
    return static_cast<int>(settings.head());
#else
    Flash flash;
    stet::Stored settings{flash, Settings{}};
    return static_cast<int>(settings.head());
#endif
}
