// A function that would change a copy.
// expect: stet: the function that makes a change takes T by value, so it would change a copy: write T&
#include <stet/versioned.hpp>

struct Settings {
    int port = 1;
};

int main() {
    stet::Versioned settings{Settings{}};
#ifdef FAIL
    return settings.commit([](Settings s) { return s.port == 2; }).has_value() ? 0 : 1;
#else
    return settings.commit([](Settings& s) { return ++s.port == 2; }).has_value() ? 0 : 1;
#endif
}
