// A page must hold two revisions.
// expect: stet: SlotStorage: a page of the device must hold two revisions of T; give larger pages, or several of them
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
struct Small {
    static constexpr std::uint32_t pages = 2, page_size = 64, write_unit = 8;
    static constexpr std::byte erased{0xFF};
    static bool read(std::uint32_t, std::byte*, std::uint32_t) { return false; }
    static bool program(std::uint32_t, const std::byte*, std::uint32_t) { return false; }
    static bool erase(std::uint32_t) { return false; }
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
