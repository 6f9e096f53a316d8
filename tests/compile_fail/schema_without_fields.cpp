// A schema that returns its only declaration, and not the list of them.
// expect: stet: schema() must return stet::fields(...)
// not: has no member
#include <stet/schema/check.hpp>

struct Settings {
    int port = 80;
    static constexpr auto schema() {
#ifdef FAIL
        return stet::field<"port">(stet::min(1));
#else
        return stet::fields(stet::field<"port">(stet::min(1)));
#endif
    }
};

int main() { return stet::check(Settings{}).empty() ? 0 : 1; }
