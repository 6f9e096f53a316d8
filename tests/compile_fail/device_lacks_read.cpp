// A device without a function to read.
// expect: stet: the device lacks: bool read(std::uint32_t at, std::byte* to, std::uint32_t count)
// not: boost/pfr
#include <stet/embedded.hpp>

#include "flash.hpp"

struct Settings {
    std::uint32_t port = 1;
};
struct Mute : Flash {
    static bool read(std::uint32_t, std::byte*, std::uint32_t) = delete;
};

int main() {
#ifdef FAIL
    Mute flash;
    stet::Stored settings{flash, Settings{}};
    return static_cast<int>(settings.head());
#else
    Flash flash;
    stet::Stored settings{flash, Settings{}};
    return static_cast<int>(settings.head());
#endif
}
