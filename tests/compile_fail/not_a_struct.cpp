// A number where a struct belongs.
// expect: stet: T is not a struct; put the value into a struct of one field
// not: boost/pfr
#include <stet/patch/patch.hpp>

struct Settings {
    int level = 0;
};

int main() {
#ifdef FAIL
    return stet::diff(1, 2).empty() ? 0 : 1;
#else
    return stet::diff(Settings{1}, Settings{1}).empty() ? 0 : 1;
#endif
}
