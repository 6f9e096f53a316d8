// A member that cannot be compared.
// expect: stet: T has a member that is neither a struct nor a container and has no ==; give it an operator==
// not: boost/pfr
#include <stet/patch/patch.hpp>

class Level {
public:
    Level() = default;
    int value() const { return value_; }

private:
    int value_ = 0;
};

struct Settings {
    int port = 8080;
#ifdef FAIL
    Level level;
#else
    int level = 0;
#endif
};

int main() { return stet::diff(Settings{}, Settings{}).empty() ? 0 : 1; }
