// A schema that is a constant: it would be ignored.
// expect: stet: schema() must be static: write static constexpr auto schema()
#include <stet/schema/check.hpp>

struct Settings {
    int port = 80;
#ifdef FAIL
    static constexpr auto schema = stet::fields(stet::field<"port">(stet::min(1)));
#endif
};

int main() { return stet::check(Settings{}).empty() ? 0 : 1; }
