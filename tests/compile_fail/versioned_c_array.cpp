// A struct with a C array as the type of a Versioned.
// expect: stet: T has a C array; write std::array instead
// not: boost/pfr
#include <stet/stet.hpp>

#include <array>

struct Wrong {
    int ports[3] = {};
};
struct Right {
    std::array<int, 3> ports{};
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Wrong{}};
#else
    stet::Versioned settings{Right{}};
#endif
}
