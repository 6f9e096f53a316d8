// A field that no longer holds what it held.
// expect: stet: migrations: a field became one that does not hold all that it held, see Changed<older, newer>; give the
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
    return static_cast<int>(stet::by_name<Narrow>(Before{}).port);
#else
    return static_cast<int>(stet::by_name<Wide>(Before{}).port);
#endif
}
