// A path that goes on inside a container.
// expect: stet: this path goes on inside a container, where only the run time knows what exists; write it as text
// not: boost/pfr
#include <stet/patch/patch.hpp>

#include <array>

struct Settings {
    std::array<int, 3> limits{};
};

int main() {
    const auto patch = stet::diff(Settings{}, Settings{});
#ifdef FAIL
    return patch.touches(stet::field<"limits[1]">) ? 1 : 0;
#else
    return patch.touches(stet::field<"limits">) ? 1 : 0;
#endif
}
