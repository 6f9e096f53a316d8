// Flash keeps what needs no heap.
// expect: stet: SlotStorage<T, Device>: T has a field that needs the heap, or cannot be read; make it flat
// not: boost/pfr
#include <stet/embedded.hpp>

#include "flash.hpp"

#include <string>

struct Settings {
    std::uint32_t port = 1;
};
struct Named {
    std::string name;
};

int main() {
#ifdef FAIL
    Flash flash;
    stet::Stored settings{flash, Named{}};
    return static_cast<int>(settings.head());
#else
    Flash flash;
    stet::Stored settings{flash, Settings{}};
    return static_cast<int>(settings.head());
#endif
}
