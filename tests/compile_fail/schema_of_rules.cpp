// A rule in a schema that does not say for which field.
// expect: stet: fields(...) takes declarations, field<&T::port>(rule...), and checks over several fields
// not: no matching function
#include <stet/schema/check.hpp>

struct Settings {
    int port = 80;
    static constexpr auto schema() {
#ifdef FAIL
        return stet::fields(stet::min(1));
#else
        return stet::fields(stet::field<"port">(stet::min(1)));
#endif
    }
};

int main() { return stet::check(Settings{}).empty() ? 0 : 1; }
