// A number for a length of time: of what?
// expect: stet: a length of time has a unit: write std::chrono::seconds(10), or 10s
// not: boost/pfr
#include <stet/stet.hpp>

#include <chrono>

struct Settings {
    int port = 1;
};

int main() {
    stet::Versioned settings{Settings{}};
#ifdef FAIL
    return settings.commit_confirmed([](Settings& s) { s.port = 2; }, 600) ? 0 : 1;
#else
    return settings.commit_confirmed([](Settings& s) { s.port = 2; }, std::chrono::seconds(600)) ? 0 : 1;
#endif
}
