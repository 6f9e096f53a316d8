// A smart pointer as a member.
// expect: stet: T has a pointer, and what it points at is not part of the value
// not: boost/pfr
#include <stet/patch/patch.hpp>

#include <memory>

struct Settings {
    int port = 8080;
#ifdef FAIL
    std::shared_ptr<int> level;
#else
    int level = 0;
#endif
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
