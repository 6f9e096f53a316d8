// A schema that needs a value, which it could change.
// expect: stet: schema() must be static: write static constexpr auto schema()
#include <stet/patch/patch.hpp>
#include <stet/schema/rule.hpp>

struct Settings {
    int port = 1;
#ifdef FAIL
    constexpr auto schema() { return stet::fields(stet::field<"port">(stet::min(1))); }
#endif
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
