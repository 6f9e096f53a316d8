#include <stet/snapshot.hpp>

#include <stet/versioned.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

#include <optional>

using bot::Settings;
using stet::field;

TEST_CASE("snapshot(): a handle that stays valid and unchanged") {
    std::optional<stet::Snapshot<Settings>> kept;
    {
        stet::Versioned settings{Settings{}};
        REQUIRE(settings.set(field<"port">, 2, {.author = "admin", .reason = "why"}));
        kept.emplace(settings.snapshot());
        for (int port = 3; port < 20; ++port) REQUIRE(settings.set(field<"port">, port));
        REQUIRE(settings.prune(1));
        CHECK(kept->value().port == 2);
    }
    CHECK(kept->revision() == 2);
    CHECK((*kept)->port == 2);
    CHECK((**kept).name == "bot");
    CHECK(kept->info().author == "admin");
    CHECK(kept->info().reason == "why");
    const stet::Snapshot<Settings> copy = *kept;
    CHECK(copy.value().port == 2);
    static_assert(std::is_same_v<decltype(copy.value()), const Settings&>);
}
