// One page is not enough.
// expect: stet: the device has one page: while it is erased, nothing would be there; give two or more
// not: boost/pfr
#include <stet/embedded.hpp>

#include <array>
#include <cstdint>

struct Settings {
    std::uint32_t port = 1;
};
struct Flash {
    static constexpr std::uint32_t pages = 2, page_size = 512, write_unit = 8;
    static constexpr std::byte erased{0xFF};
    static bool read(std::uint32_t, std::byte*, std::uint32_t) { return false; }
    static bool program(std::uint32_t, const std::byte*, std::uint32_t) { return false; }
    static bool erase(std::uint32_t) { return false; }
};
struct One {
    static constexpr std::uint32_t pages = 1, page_size = 512, write_unit = 8;
    static constexpr std::byte erased{0xFF};
    static bool read(std::uint32_t, std::byte*, std::uint32_t) { return false; }
    static bool program(std::uint32_t, const std::byte*, std::uint32_t) { return false; }
    static bool erase(std::uint32_t) { return false; }
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
