// The tree of states is in a header of its own.
// expect: stet: History<T, N, Branching>: include <stet/history_branching.hpp>
// not: boost/pfr
#include <stet/stet.hpp>

#ifndef FAIL
#include <stet/history_branching.hpp>
#endif

struct Settings {
    int port = 1;
};

int main() { stet::History<Settings, 4, stet::Branching> history{Settings{}}; }
