// Copies keep no times.
// expect: stet: coalesce: Copies keep no times; write history.amend(...) for a change that belongs to the last step, or
// not: boost/pfr
#include <stet/stet.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4, stet::Copies> history{Settings{}};
    history.coalesce(stet::within(5));
#else
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    history.coalesce(stet::within(5));
#endif
}
