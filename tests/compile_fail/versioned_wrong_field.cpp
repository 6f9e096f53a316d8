// A misspelt field in set.
// expect: stet: no such field; the nearest existing name is in
// expect: port
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}};
    return settings.set(stet::field<"prot">, 2) ? 0 : 1;
#else
    stet::Versioned settings{Settings{}};
    return settings.set(stet::field<"port">, 2) ? 0 : 1;
#endif
}
