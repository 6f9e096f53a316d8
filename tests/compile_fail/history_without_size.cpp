// A history that does not say how many states it keeps.
// expect: stet: History<T, N> keeps N states, the current one included; write 1 or more
// not: deduction
#include <stet/embedded.hpp>

struct Settings {
    int port = 80;
};

int main() {
#ifdef FAIL
    stet::History history{Settings{}};
#else
    stet::History<Settings, 4> history{Settings{}};
    stet::History copy = history;
    return copy.current().port - 80;
#endif
    return history.current().port - 80;
}
