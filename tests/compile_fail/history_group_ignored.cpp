// A group that nobody holds.
// expect: stet: group: it ends with the object that is returned here; write auto drag = history.group
// not: boost/pfr
#include <stet/stet.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    history.group("drag");
#else
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    auto drag = history.group("drag");
#endif
}
