// A value that a field can never hold.
// expect: stet: set: the field cannot hold a value of this type
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
    return settings.set(stet::field<"port">, "8080") ? 0 : 1;
#else
    stet::Versioned settings{Settings{}};
    return settings.set(stet::field<"port">, 8080) ? 0 : 1;
#endif
}
