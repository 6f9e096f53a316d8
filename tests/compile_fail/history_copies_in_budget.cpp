// Copies in so many bytes.
// expect: stet: History<T, stet::bytes{n}>: Copies are counted; write a number of states, or leave Copies out
// not: boost/pfr
#include <stet/embedded.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, stet::bytes{512}, stet::Copies> history{Settings{}};
#else
    stet::History<Settings, stet::bytes{512}> history{Settings{}};
#endif
    return history.undo() ? 1 : 0;
}
