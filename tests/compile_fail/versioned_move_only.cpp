// A struct with a member that only moves as the type of a Versioned.
// expect: stet: T
// not: boost/pfr
#include <stet/stet.hpp>

#include <memory>
#include <optional>

struct Wrong {
    std::unique_ptr<int> limit;
};
struct Right {
    std::optional<int> limit;
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Wrong{}};
#else
    stet::Versioned settings{Right{}};
#endif
}
