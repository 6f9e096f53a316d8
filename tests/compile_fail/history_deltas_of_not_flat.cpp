// Deltas of a struct that needs the heap.
// expect: stet: History<T, stet::bytes{n}, Deltas>: T has a field that needs the heap; write History<T, stet::bytes{n},
// Changes> not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::History<Settings, stet::bytes{512}, stet::Deltas> history{Settings{}};
#else
    stet::History<Settings, stet::bytes{512}, stet::Changes> history{Settings{}};
#endif
    return history.undo() ? 1 : 0;
}
