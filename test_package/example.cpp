// The package can be included, linked and run.
#include <stet/stet.hpp>

#ifdef WITH_NLOHMANN_JSON
#include <stet/with/nlohmann_json.hpp>
#endif

#include <cstdio>
#include <string>

struct Settings {
    std::string name = "bot";
    int volume = 5;
};

int main() {
    stet::Versioned settings{Settings{}};
    if (!settings.commit([](Settings& s) { s.volume = 7; })) return 1;
    const auto changes = settings.diff(1, 2);
    if (!changes || !settings.rollback() || settings.current().volume != 5) return 1;
    std::printf("stet %d.%d.%d: %s\n", STET_VERSION_MAJOR, STET_VERSION_MINOR, STET_VERSION_PATCH,
                stet::text(*changes).c_str());
#ifdef WITH_NLOHMANN_JSON
    std::printf("%s\n", stet::to_json(settings.current()).dump().c_str());
#endif
    return 0;
}
