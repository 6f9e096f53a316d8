// The struct of today is the last one.
// expect: stet: migrations: the last struct of the chain is the one of today
// not: boost/pfr
#include <stet/embedded.hpp>

#include <array>
#include <cstdint>

struct Before {
    std::uint32_t port = 1;
};
struct Narrow {
    std::uint16_t port = 1;
};
struct Wide {
    std::uint64_t port = 1;
};

int main() {
#ifdef FAIL
    return static_cast<int>(stet::migrated<Before>(Before{}, stet::migrations<Before, Wide>{}).port);
#else
    return static_cast<int>(stet::migrated<Wide>(Before{}, stet::migrations<Before, Wide>{}).port);
#endif
}
