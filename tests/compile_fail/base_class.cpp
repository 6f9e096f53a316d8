// A base class.
// expect: stet: T has a base class; make the base a member instead
// not: boost/pfr
#include <stet/patch/patch.hpp>

struct Endpoint {
    int port = 0;
};
#ifdef FAIL
struct Settings : Endpoint {
    int level = 0;
};
#else
struct Settings {
    Endpoint endpoint;
    int level = 0;
};
#endif

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
