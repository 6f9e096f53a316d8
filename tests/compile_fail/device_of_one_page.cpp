// One page is not enough.
// expect: stet: the device has one page: while it is erased, nothing would be there; give two or more
// not: boost/pfr
#include <stet/embedded.hpp>

#include "flash.hpp"

struct Settings {
    std::uint32_t port = 1;
};
struct One : Flash {
    static constexpr std::uint32_t pages = 1;
};

int main() {
#ifdef FAIL
    One flash;
    stet::Stored settings{flash, Settings{}};
    return static_cast<int>(settings.head());
#else
    Flash flash;
    stet::Stored settings{flash, Settings{}};
    return static_cast<int>(settings.head());
#endif
}
