// Deltas of so many states.
// expect: stet: History<T, N, Deltas>: N is a budget; write History<T, stet::bytes{512}>
// not: boost/pfr
#include <stet/embedded.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 8, stet::Deltas> history{Settings{}};
#else
    stet::History<Settings, stet::bytes{512}, stet::Deltas> history{Settings{}};
#endif
    return history.undo() ? 1 : 0;
}
