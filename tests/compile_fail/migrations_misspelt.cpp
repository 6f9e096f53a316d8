// An older name that no struct of the chain has.
// expect: stet: migrations: a renamed_from("...") names a field that no struct of the chain has; write the path as it
// not: boost/pfr
#include <stet/embedded.hpp>

#include <cstdint>

struct Before {
    std::uint16_t speed = 1;
};
struct Now {
    std::uint16_t max_speed = 1;
#ifdef FAIL
    static constexpr auto schema() { return stet::fields(stet::field<"max_speed">(stet::renamed_from("sped"))); }
#else
    static constexpr auto schema() { return stet::fields(stet::field<"max_speed">(stet::renamed_from("speed"))); }
#endif
};

int main() { return stet::migrated<Now>(Before{}, stet::migrations<Before, Now>{}).max_speed; }
