// A class with private members that lists none.
// expect: stet: T is no aggregate (it has constructors, private members or virtual functions); list its members
// not: boost/pfr
#include <stet/patch/patch.hpp>

class Settings {
public:
    Settings() = default;
    int level() const { return level_; }
#ifndef FAIL
    static constexpr auto members() { return stet::members<&Settings::level_>; }
#endif

private:
    int level_ = 0;
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
