#include <stet/policy/memory.hpp>

#include <stet/open.hpp>

#include "../bot.hpp"

#include <doctest/doctest.h>

using bot::Settings;
using stet::Errc;
using stet::field;
using stet::Memory;
using stet::Number;

TEST_CASE("Memory<T, N>: keeps the newest N, the current one included") {
    stet::Versioned<Settings, Memory<Settings, 3>> settings{Settings{}, {}};
    for (int port = 2; port <= 9; ++port) {
        REQUIRE(settings.set(field<"port">, port));
        CHECK(settings.storage().size() == static_cast<std::size_t>(port < 3 ? port : 3));
        CHECK(settings.storage().head() == static_cast<Number>(port));
        CHECK(settings.storage().floor() == static_cast<Number>(port < 3 ? 1 : port - 2));
        for (Number number = settings.storage().floor(); number <= settings.head(); ++number)
            CHECK(settings.at(number)->value().port == (number == 1 ? 8080 : static_cast<int>(number)));
    }
    CHECK(settings.storage().at(0).revision.number == 7);
    CHECK(settings.storage().at(2).revision.number == 9);
    CHECK(settings.storage().find(6) == nullptr);
    CHECK(settings.storage().patch(6) == nullptr);
    CHECK(settings.storage().patch(7) != nullptr);
}

TEST_CASE("Memory<T, 1>: the head only") {
    stet::Versioned<Settings, Memory<Settings, 1>> settings{Settings{}, {}};
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.snapshot("two"));
    REQUIRE(settings.set(field<"port">, 3));
    REQUIRE(settings.set(field<"port">, 4));
    CHECK(settings.history().size() == 2);
    CHECK(settings.rollback().error().code() == Errc::revision_pruned);
    CHECK(settings.rollback_to(2) == Number{5});
    CHECK(settings.current().port == 2);
    CHECK(settings.revert(5) == Number{6});
    CHECK(settings.current().port == 4);
}

TEST_CASE("Memory: empty") {
    Memory<Settings> memory;
    CHECK(memory.head() == 0);
    CHECK(memory.floor() == 0);
    CHECK(memory.size() == 0);
    CHECK(memory.find(1) == nullptr);
    CHECK(memory.patch(1) == nullptr);
    CHECK(memory.prune(1) == 0);
    CHECK(memory.pins().empty());
    CHECK_FALSE(memory.unpin("none"));
    CHECK_FALSE(memory.has_head());
    memory.give_head(Settings{});
    CHECK(memory.has_head());
    CHECK(memory.head_value().port == 8080);
    CHECK(memory.take_head().port == 8080);
    CHECK_FALSE(memory.has_head());
}

TEST_CASE("Memory: a pinned revision has today's transient fields, as any earlier one") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.snapshot("first"));
    for (int port = 2; port <= 14; ++port) REQUIRE(settings.set(field<"port">, port));
    REQUIRE(settings.set(field<"hits">, 7));
    CHECK(settings.at("first")->value().hits == 7);
    CHECK(settings.at(9)->value().hits == 7);
    CHECK(settings.at("first")->value().port == 8080);
}
