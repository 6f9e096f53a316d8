// The package can be included, linked and run.
#include <stet/stet.hpp>

#ifdef WITH_NLOHMANN_JSON
#include <stet/with/nlohmann_json.hpp>
#endif

#ifdef WITH_OPENSSL
#include <stet/with/openssl.hpp>
#endif
#ifdef WITH_PROMETHEUS
#include <stet/with/prometheus.hpp>
#endif
#ifdef WITH_SPDLOG
#include <stet/with/spdlog.hpp>
#endif
#ifdef WITH_SQLITE
#include <stet/with/sqlite.hpp>
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
#ifdef WITH_OPENSSL
    std::printf("%s\n", stet::Sha256{}.hash("stet").c_str());
#endif
#ifdef WITH_PROMETHEUS
    const auto registry = std::make_shared<prometheus::Registry>();
    if (!stet::create(Settings{}, {}, stet::also(stet::Prometheus{registry})) || registry->Collect().empty()) return 1;
#endif
#ifdef WITH_SPDLOG
    if (!stet::create(Settings{}, {}, stet::also(stet::Spdlog{std::make_shared<spdlog::logger>("stet")}))) return 1;
#endif
#ifdef WITH_SQLITE
    if (!stet::open<Settings>(stet::Sqlite{":memory:"}, stet::if_empty(Settings{}))) return 1;
#endif
    return 0;
}
