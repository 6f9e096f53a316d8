// Factory settings that break a rule.
// expect: stet: Stored: the factory settings break their own rules
// not: boost/pfr
#include <stet/embedded.hpp>

#include <array>
#include <cstdint>

struct Settings {
    std::uint32_t port = 1;
    static constexpr auto schema() { return stet::fields(stet::field<"port">(stet::max(9U))); }
};
struct Flash {
    static constexpr std::uint32_t pages = 2, page_size = 512, write_unit = 8;
    static constexpr std::byte erased{0xFF};
    static bool read(std::uint32_t, std::byte*, std::uint32_t) { return false; }
    static bool program(std::uint32_t, const std::byte*, std::uint32_t) { return false; }
    static bool erase(std::uint32_t) { return false; }
};
Flash flash;

int main() {
#ifdef FAIL
    static constinit stet::Stored settings{flash, Settings{10}};
    return static_cast<int>(settings.head());
#else
    static constinit stet::Stored settings{flash, Settings{9}};
    return static_cast<int>(settings.head());
#endif
}
