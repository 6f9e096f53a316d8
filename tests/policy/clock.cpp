#include <stet/policy/clock.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/versioned.hpp>

#include "../bot.hpp"

#include <doctest/doctest.h>

using bot::Settings;
using stet::field;

TEST_CASE("clock_policy: anything with now() in nanoseconds") {
    static_assert(stet::clock_policy<stet::SystemClock>);
    static_assert(stet::clock_policy<bot::FakeClock>);
    static_assert(!stet::clock_policy<stet::AuditLog>);
    struct Seconds {
        double now() { return 0; }
    };
    static_assert(!stet::clock_policy<Seconds>);
}

TEST_CASE("SystemClock: the time of day") {
    const stet::SystemClock clock;
    const stet::Time one = clock.now();
    const stet::Time two = clock.now();
    CHECK(one > 1'600'000'000'000'000'000);
    CHECK(two - one < 3'600'000'000'000);
}

TEST_CASE("a clock that goes backwards is recorded and not trusted") {
    stet::Versioned settings{Settings{}, bot::FakeClock{5000, -100}, stet::AuditLog{}};
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.set(field<"port">, 3));
    const auto history = settings.history();
    REQUIRE(history.size() == 3);
    CHECK(history[0].number == 3);
    CHECK(history[0].time < history[1].time);
    CHECK(history[1].time < history[2].time);
    const auto& records = settings.audit().records();
    REQUIRE(records.size() == 3);
    CHECK(records[0].sequence == 1);
    CHECK(records[2].sequence == 3);
    CHECK(records[2].time < records[0].time);
    for (const stet::AuditRecord& record : records) CHECK(record.duration == 0);  // not less
    settings.clock().time = 100'000;
    REQUIRE(settings.rollback());
    CHECK(settings.history()[0].time > 90'000);
    settings.clock().step = 10;
    REQUIRE(settings.rollback());
    CHECK(records.back().duration > 0);
}
