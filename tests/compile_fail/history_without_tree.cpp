// What only a tree of states can answer.
// expect: stet: History: a tree of states is kept by History<T, N, Branching> only
// not: boost/pfr
#include <stet/history_branching.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    const stet::History<Settings, 4, stet::Changes> history{Settings{}};
#else
    const stet::History<Settings, 4, stet::Branching> history{Settings{}};
#endif
    return history.branches() == 0 ? 0 : 1;
}
