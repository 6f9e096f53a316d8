// Neither a value nor a function; not even where the first field could take it.
// expect: stet: commit takes a value of T, or a function on T& that returns void, bool or a Result
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    std::string name = "n";
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}};
    return settings.commit(std::string("name")) ? 0 : 1;
#else
    stet::Versioned settings{Settings{}};
    return settings.commit(Settings{"n", 2}) ? 0 : 1;
#endif
}
