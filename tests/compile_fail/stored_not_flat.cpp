// Flash keeps what needs no heap.
// expect: stet: SlotStorage<T, Device>: T has a field that needs the heap, or cannot be read; make it flat
// not: boost/pfr
#include <stet/embedded.hpp>

#include <array>
#include <cstdint>

#include <string>
struct Settings {
    std::uint32_t port = 1;
};
struct Named {
    std::string name;
};
struct Flash {
    static constexpr std::uint32_t pages = 2, page_size = 512, write_unit = 8;
    static constexpr std::byte erased{0xFF};
    static bool read(std::uint32_t, std::byte*, std::uint32_t) { return false; }
    static bool program(std::uint32_t, const std::byte*, std::uint32_t) { return false; }
    static bool erase(std::uint32_t) { return false; }
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
