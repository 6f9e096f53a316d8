// What every project under tests/package builds: the whole library, found in one of four ways.
#if __has_include(<stet/stet.hpp>)
#include <stet/stet.hpp>
#endif
#include <stet/version.hpp>

#ifdef WITH_NLOHMANN_JSON
#include <nlohmann/json.hpp>
#if __has_include(<stet/with/nlohmann_json.hpp>)
#include <stet/with/nlohmann_json.hpp>
#endif
#endif

#include <boost/pfr/core.hpp>

#include <cstdio>

struct Settings {
    int volume = 5;
    bool mute = false;
};

int main() {
    std::printf("stet %d.%d.%d\n", STET_VERSION_MAJOR, STET_VERSION_MINOR, STET_VERSION_PATCH);
    return boost::pfr::tuple_size_v<Settings> == 2 ? 0 : 1;
}
