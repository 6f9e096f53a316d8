// Neither a value nor a function.
// expect: stet: plan_commit takes a value of T, or a function on T& that returns void, bool or a Result
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
    return settings.plan_commit(std::string("port=2")) ? 0 : 1;
#else
    stet::Versioned settings{Settings{}};
    return settings.plan_commit(Settings{2, "n"}) ? 0 : 1;
#endif
}
