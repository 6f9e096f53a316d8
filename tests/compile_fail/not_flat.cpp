// A struct that needs the heap, and only the headers that never do.
// expect: stet: T has a field that needs the heap; include <stet/stet.hpp>, or make T flat
// not: boost/pfr
#include <stet/patch/patch.hpp>

#include <array>
#include <string>

struct Settings {
#ifdef FAIL
    std::string name;
#else
    std::array<char, 16> name{};
#endif
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
