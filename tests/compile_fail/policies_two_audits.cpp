// Two audits.
// expect: stet: two audits were given; a Versioned has one
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, stet::AuditLog{}, stet::AuditLog{10}};
#else
    stet::Versioned settings{Settings{}, stet::AuditLog{10}};
#endif
}
