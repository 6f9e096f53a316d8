// A struct with a pointer as the type of a Versioned.
// expect: stet: T has a pointer, and what it points at is not part of the value
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Wrong {
    const char* name = "n";
};
struct Right {
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Wrong{}};
#else
    stet::Versioned settings{Right{}};
#endif
}
