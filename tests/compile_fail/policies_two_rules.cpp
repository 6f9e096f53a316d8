// Rules given twice.
// expect: stet: rules(...) was given twice; put all of them into one rules(...)
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, stet::rules(stet::field<"port">(stet::min(1))),
                             stet::rules(stet::field<"port">(stet::max(9)))};
#else
    stet::Versioned settings{Settings{}, stet::rules(stet::field<"port">(stet::min(1), stet::max(9)))};
#endif
}
