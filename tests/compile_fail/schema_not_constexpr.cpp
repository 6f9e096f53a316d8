// A schema that only the run time could read.
// expect: stet: schema() must be a constant expression: write static constexpr auto schema(), and call in it only what
#include <stet/schema/check.hpp>

struct Settings {
    int port = 80;
#ifdef FAIL
    static auto schema() { return stet::fields(stet::field<"port">(stet::min(1))); }
#else
    static constexpr auto schema() { return stet::fields(stet::field<"port">(stet::min(1))); }
#endif
};

int main() { return stet::check(Settings{}).empty() ? 0 : 1; }
