// A function that nobody reads: found by who asks for a schema.
// expect: static assertion failed
// expect: has_schema<Settings>
#include <stet/schema/check.hpp>

struct Settings {
    int port = 80;
#ifdef FAIL
    static constexpr auto shema() { return stet::fields(stet::field<"port">(stet::min(1))); }
#else
    static constexpr auto schema() { return stet::fields(stet::field<"port">(stet::min(1))); }
#endif
};
static_assert(stet::has_schema<Settings>);

int main() { return stet::check(Settings{}).empty() ? 0 : 1; }
