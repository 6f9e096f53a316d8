// A constant history whose first value breaks a rule.
// expect: stet: History: the first value breaks its own rules; check it before
// not: boost/pfr
#include <stet/embedded.hpp>

struct Settings {
    int port = 1;
    static constexpr auto schema() { return stet::fields(stet::field<"port">(stet::max(9))); }
};

int main() {
#ifdef FAIL
    constexpr stet::History<Settings, 4> history{Settings{10}};
    return history.current().port == 10 ? 0 : 1;
#else
    constexpr stet::History<Settings, 4> history{Settings{9}};
    return history.current().port == 9 ? 0 : 1;
#endif
}
