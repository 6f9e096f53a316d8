// expect: stet: History<T, N, Kept>: Kept is Copies, NamedCopies, Deltas, Changes, Branching or Automatic
// expect: compile_fail/history_unknown_kind.cpp:
// not: boost/pfr
#include <stet/stet.hpp>

struct Config {
    int rpm = 3000;
};
#ifdef FAIL
struct Kept {};
#else
using Kept = stet::Changes;
#endif

int main() { return stet::History<Config, 8, Kept>(Config{}).can_undo() ? 1 : 0; }
