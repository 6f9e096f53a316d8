// Nothing in JSON throws, so it works where nothing can: a throw would abort here.
#include <stet/stet.hpp>
#include <stet/with/nlohmann_json.hpp>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#define CHECK(...) \
    if (!(__VA_ARGS__)) return std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), 1

namespace {

struct Settings {
    std::string name = "bot";
    std::vector<int> numbers{1, 2};
    std::map<std::string, double> limits{{"a", 0.5}};
};

}  // namespace

int main() {
    stet::Versioned settings{Settings{}};
    CHECK(settings.set("limits[a]", 2).has_value());
    const auto parsed = stet::parse_json<>(stet::save_state(settings).dump());
    CHECK(parsed.has_value());
    auto memory = stet::load_state<Settings>(*parsed);
    CHECK(memory.has_value());
    const auto opened = stet::open<Settings>(std::move(*memory));
    CHECK(opened.has_value() && opened->history() == settings.history());
    CHECK(stet::json_patch(*opened->diff(1, 2), Settings{})->size() == 1);

    stet::History<Settings, 8> history{Settings{}};
    CHECK(history.commit("rename", [](Settings& s) { s.name = "cat"; }).has_value() && history.undo().has_value());
    nlohmann::json session = *stet::save_session(history);
    CHECK(stet::load_session<Settings, 8>(session)->redo_name() == "rename");
    auto& operation = session["steps"][0]["patch"][0];
    for (const char* const path : {"name", "/nmae", "/numbers/7", "/numbers/x", "/~", "/name/0", "/numbers"}) {
        operation["path"] = path;
        CHECK(stet::load_session<Settings, 8>(session).error().violations().size() == 1);
    }
    operation["op"] = "test";
    CHECK(stet::load_session<Settings, 8>(session).error().violations().size() == 1);

    for (const char* const bad :
         {"", "{", "[1, 2", "nul", "\"\xff\"", "1e999", "{\"name\": }", "{\"name\": 1, \"name\": 2}", "[[[", "{}",
          "{\"name\": 5, \"numbers\": {}, \"limits\": {\"a\": \"x\"}}", "{\"name\": \"\\ud800\"}"}) {
        const auto refused = stet::parse_json<Settings>(bad);
        CHECK(!refused.has_value() && refused.error().code() == stet::Errc::malformed &&
              !refused.error().violations().empty());
        CHECK(!stet::load_state<Settings>(nlohmann::json(bad)).has_value());
        CHECK(!stet::load_session<Settings, 8>(nlohmann::json(bad)).has_value());
    }
    Settings raw;
    raw.name = "\xff\xfe";
    CHECK(stet::parse_json<Settings>(stet::to_json(raw).dump())->name == raw.name);
    return 0;
}
