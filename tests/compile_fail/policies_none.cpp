// Something that is no policy.
// expect: stet: one of the policies is none: a storage (stet::Memory<T, N>), an audit (stet::AuditLog), an access
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, std::string("settings.db")};
#else
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
#endif
}
