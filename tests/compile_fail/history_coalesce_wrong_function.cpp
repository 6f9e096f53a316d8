// A rule that takes something else.
// expect: stet: coalesce: a rule takes (const StepInfo<T>& previous, const StepInfo<T>& next) and returns bool;
// not: boost/pfr
#include <stet/stet.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    history.coalesce([](int) { return true; });
#else
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
    history.coalesce([](const auto&, const auto&) { return true; });
#endif
}
