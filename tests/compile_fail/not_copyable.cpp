// A member that can only be moved.
// expect: stet: T cannot be copied, so no revision of it can be kept; hold the value itself instead of a unique_ptr
// not: boost/pfr
#include <stet/patch/patch.hpp>

struct Level {
    int value = 0;
    Level() = default;
    Level(Level&&) = default;
    bool operator==(const Level&) const = default;
};

struct Settings {
    int port = 8080;
#ifdef FAIL
    Level level;
#else
    int level = 0;
#endif
};

int main() {
    const Settings settings{};
    return stet::diff(settings, settings).empty() ? 0 : 1;
}
