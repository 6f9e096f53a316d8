#include <stet/policy/audit_log.hpp>

#include <stet/versioned.hpp>

#include "../bot.hpp"
#include "audit_suite.hpp"

#include <doctest/doctest.h>

#include <vector>

using bot::Settings;
using stet::AuditQuery;
using stet::field;
using stet::Number;
using stet::Operation;
using stet::Outcome;

namespace {

std::vector<Number> sequences(const auto& records) {
    std::vector<Number> list;
    for (const auto& record : records) list.push_back(record.sequence);
    return list;
}
using Numbers = std::vector<Number>;

// Each record takes the clock two to four steps further; these are the times at which they began.
auto example() {
    stet::Versioned settings{Settings{}, stet::AuditLog{}, bot::FakeClock{0, 1}};
    const auto at = [&](stet::Time time) { settings.clock().time = time - 1; };
    at(100);
    CHECK(settings.set(field<"port">, 2, {.author = "admin"}));  // 2
    at(200);
    CHECK(settings.set(field<"llm.model">, "o1", {.author = "admin"}));  // 3
    at(300);
    CHECK_FALSE(settings.set(field<"port">, 0, {.author = "guest"}));  // 4
    at(400);
    CHECK(settings.commit([](Settings& s) { s.limits["gpt-4"] = 1; }, {.author = "guest"}));  // 5
    at(500);
    CHECK(settings.snapshot("here"));  // 6
    at(600);
    CHECK(settings.rollback_to(2, {.author = "oncall"}));  // 7
    at(700);
    CHECK(settings.set(field<"port">, 2, {.author = "oncall"}));  // 8: unchanged
    return settings;
}

}  // namespace

TEST_CASE("AuditLog::find: by author, operation, outcome, path, time, limit") {
    const auto settings = example();
    const stet::AuditLog& log = settings.audit();
    CHECK(sequences(log.find({})) == Numbers{1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(sequences(log.find({.author = "admin"})) == Numbers{2, 3});
    CHECK(sequences(log.find({.author = "nobody"})).empty());
    CHECK(sequences(log.find({.operation = Operation::create})) == Numbers{1});
    CHECK(sequences(log.find({.operation = Operation::commit})) == Numbers{2, 3, 4, 5, 8});
    CHECK(sequences(log.find({.operation = Operation::rollback})) == Numbers{7});
    CHECK(sequences(log.find({.outcome = Outcome::done})) == Numbers{1, 2, 3, 5, 6, 7});
    CHECK(sequences(log.find({.outcome = Outcome::refused})) == Numbers{4});
    CHECK(sequences(log.find({.outcome = Outcome::unchanged})) == Numbers{8});
    CHECK(sequences(log.find({.path = "port"})) == Numbers{2});
    CHECK(sequences(log.find({.path = "llm"})) == Numbers{3, 7});
    CHECK(sequences(log.find({.path = "llm.model"})) == Numbers{3, 7});
    CHECK(sequences(log.find({.path = "llm.mod"})).empty());
    CHECK(sequences(log.find({.path = "limits"})) == Numbers{5, 7});
    CHECK(sequences(log.find({.path = "limits[\"gpt-4\"]"})) == Numbers{5, 7});
    CHECK(sequences(log.find({.since = 300})) == Numbers{4, 5, 6, 7, 8});
    CHECK(sequences(log.find({.until = 300})) == Numbers{1, 2, 3, 4});
    CHECK(sequences(log.find({.since = 200, .until = 400})) == Numbers{3, 4, 5});
    CHECK(sequences(log.find({.limit = 3})) == Numbers{6, 7, 8});
    CHECK(sequences(log.find({.limit = 99})).size() == 8);
    CHECK(sequences(log.find({.author = "guest", .outcome = Outcome::done})) == Numbers{5});
    CHECK(sequences(log.find({.author = "admin", .path = "port", .limit = 1})) == Numbers{2});
}

TEST_CASE("AuditLog::prune_before: forgets; the numbers go on") {
    auto settings = example();
    CHECK(settings.audit().prune_before(300) == 3);
    CHECK(sequences(settings.audit().records()) == Numbers{4, 5, 6, 7, 8});
    CHECK(settings.audit().prune_before(300) == 0);
    CHECK(settings.audit().prune_before(1'000'000) == 5);
    CHECK(settings.audit().records().empty());
    REQUIRE(settings.set(field<"port">, 99));
    CHECK(sequences(settings.audit().records()) == Numbers{9});
}

TEST_CASE("AuditLog(capacity): the newest so many") {
    stet::Versioned settings{Settings{}, stet::AuditLog{3}};
    for (int port = 2; port <= 9; ++port) REQUIRE(settings.set(field<"port">, port));
    CHECK(sequences(settings.audit().records()) == Numbers{7, 8, 9});
    CHECK_FALSE(settings.set(field<"port">, 0));
    CHECK(sequences(settings.audit().records()) == Numbers{8, 9, 10});
}

TEST_CASE("AuditLog: a record that is cancelled leaves its number to the next") {
    stet::AuditLog log;
    REQUIRE(log.begin({}));
    log.cancel();
    CHECK(log.records().empty());
    REQUIRE(log.begin({}));
    log.confirm();
    CHECK(sequences(log.records()) == Numbers{1});
}

TEST_CASE("AuditLog: what all audits have in common") {
    stet::AuditLog log;
    audit_suite::queries(log);
    audit_suite::retention(log);
}

TEST_CASE("AuditLog: says where the clock went backwards, between two records or within one") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}, bot::FakeClock{1000, 10}};
    REQUIRE(settings.set(field<"port">, 2));
    settings.clock().time = 100;
    REQUIRE(settings.set(field<"port">, 3));
    REQUIRE(settings.set(field<"port">, 4));
    REQUIRE(settings.commit([&](Settings& s) {
        s.port = 5;
        settings.clock().time = 1;
    }));
    const auto& records = settings.audit().records();
    REQUIRE(records.size() == 5);
    CHECK_FALSE(records[1].clock_back);
    CHECK(records[2].clock_back);
    CHECK_FALSE(records[3].clock_back);
    CHECK(records[4].clock_back);
    CHECK(records[4].duration == 0);
}
