// A storage that lacks one of the functions.
// expect: stet: the storage lacks: T take_head(); see stet::storage_policy
// not: one of the policies is none
// not: the storage lacks: void give_head
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

struct Whole : stet::Memory<Settings> {};

struct Lacking : Whole {
    Settings take_head() = delete;
};

int main() {
#ifdef FAIL
    stet::Versioned settings{Settings{}, Lacking{}};
#else
    stet::Versioned settings{Settings{}, Whole{}};
#endif
}
