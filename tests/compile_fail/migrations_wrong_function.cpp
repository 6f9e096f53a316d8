// A function for another struct than the one before.
// expect: stet: migrations: the newer struct has a migrated(), but not one that takes the struct before it in the chain
// not: boost/pfr
#include <stet/embedded.hpp>

#include <cstdint>

struct Other {
    std::uint16_t speed = 1;
};
struct Before {
    std::uint16_t speed = 1;
};
struct Now {
    std::uint16_t speed = 1;
#ifdef FAIL
    static constexpr Now migrated(const Other& old) { return {old.speed}; }
#else
    static constexpr Now migrated(const Before& old) { return {old.speed}; }
#endif
};

int main() { return stet::migrated<Now>(Before{}, stet::migrations<Before, Now>{}).speed; }
