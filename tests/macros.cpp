#include "windows_macros.hpp"

#include <stet/embedded.hpp>
#include <stet/history.hpp>
#include <stet/stet.hpp>

namespace {

struct Settings {
    int port = 8080;
    int level = 3;

    static constexpr auto schema() {
        return stet::fields(stet::field<"port">((stet::min)(1024)), stet::field<"level">((stet::max)(9)));
    }
};

}  // namespace

TEST_CASE("rules keep their meaning where min and max are macros") {
    CHECK(stet::check(Settings{}).empty());
    CHECK(stet::check(Settings{.port = 80, .level = 3}).size() == 1);
    CHECK(stet::check(Settings{.port = 8080, .level = 10}).size() == 1);
}
