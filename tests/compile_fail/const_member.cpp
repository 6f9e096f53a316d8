// A const member.
// expect: stet: T cannot be assigned to, so it cannot be restored; make its members neither const nor references
// not: boost/pfr
#include <stet/patch/patch.hpp>

struct Settings {
    int port = 8080;
#ifdef FAIL
    const int level = 1;
#else
    int level = 1;
#endif
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
