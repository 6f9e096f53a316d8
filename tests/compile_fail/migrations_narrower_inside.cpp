// A field that moved into a struct inside, and no longer holds what it held.
// expect: stet: migrations: a field became one that does not hold all that it held, see Changed<older, newer>
// not: boost/pfr
#include <stet/embedded.hpp>

#include <cstdint>

struct Before {
    std::uint32_t port = 1;
};
struct Link {
#ifdef FAIL
    std::uint16_t port = 1;
#else
    std::uint64_t port = 1;
#endif
};
struct Now {
    Link link;
    static constexpr auto schema() { return stet::fields(stet::field<"link.port">(stet::renamed_from("port"))); }
};

int main() { return static_cast<int>(stet::by_name<Now>(Before{}).link.port); }
