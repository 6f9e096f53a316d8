// A page must hold two revisions.
// expect: stet: SlotStorage: a page of the device must hold two revisions of T; give larger pages, or several of them
// not: boost/pfr
#include <stet/embedded.hpp>

#include "flash.hpp"

struct Settings {
    std::uint32_t port = 1;
};
struct Small : Flash {
    static constexpr std::uint32_t page_size = 64;
};

int main() {
#ifdef FAIL
    Small flash;
    stet::Stored settings{flash, Settings{}};
    return static_cast<int>(settings.head());
#else
    Flash flash;
    stet::Stored settings{flash, Settings{}};
    return static_cast<int>(settings.head());
#endif
}
