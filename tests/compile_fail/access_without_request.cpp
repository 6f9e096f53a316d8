// A function that is not asked with a request.
// expect: stet: access: the function takes (const stet::Request&) and returns bool
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, stet::access([](int) { return true; })};
#else
    stet::Versioned settings{Settings{}, stet::access([](const stet::Request&) { return true; })};
#endif
}
