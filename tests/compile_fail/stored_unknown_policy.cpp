// A policy of something else.
// expect: stet: Stored: one of the policies is none: stet::migrations<...>, stet::Locked<CriticalSection> or
// not: boost/pfr
#include <stet/embedded.hpp>

#include "flash.hpp"

struct Settings {
    std::uint32_t port = 1;
};

int main() {
#ifdef FAIL
    Flash flash;
    stet::Stored settings{flash, Settings{}, 5};
    return static_cast<int>(settings.head());
#else
    Flash flash;
    stet::Stored settings{flash, Settings{}};
    return static_cast<int>(settings.head());
#endif
}
