// expect: stet: JSON: T, or an element inside T, has no default constructor, so there is nothing to read into
// not: boost/pfr
#include <stet/with/nlohmann_json.hpp>

struct Level {
#ifdef FAIL
    explicit Level(int initial) : value(initial) {}
#endif
    int value;
    static constexpr auto members() { return stet::members<&Level::value>; }
};
struct Levels {
    std::vector<Level> all;
};

int main() { return stet::load_state<Levels>(nlohmann::json()).has_value() ? 1 : 0; }
