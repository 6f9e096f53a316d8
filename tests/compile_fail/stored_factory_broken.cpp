// Factory settings that break a rule.
// expect: stet: Stored: the factory settings break their own rules
// not: boost/pfr
#include <stet/embedded.hpp>

#include "flash.hpp"

struct Settings {
    std::uint32_t port = 1;
    static constexpr auto schema() { return stet::fields(stet::field<"port">(stet::max(9U))); }
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
