#include "../../windows_macros.hpp"

#include <stet/test/files.hpp>
#include <stet/with/nlohmann_json.hpp>
#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/nlohmann_json/file.hpp>

namespace {

struct Settings {
    int port = 8080;
};

}  // namespace

TEST_CASE("settings files and audit trails compile where names of theirs are macros") {
    const stet::test::SimulatedFiles files;
    auto settings = stet::open<Settings>(stet::BasicJsonFile<stet::test::SimulatedFiles>("settings.json", {}, files),
                                         stet::if_empty(Settings{}),
                                         stet::JsonLines("audit.jsonl", stet::NoChain{}, stet::fail_closed, files));
    REQUIRE(settings);
    CHECK(settings->head() == 1);
}
