#pragma once
// What all audits that can be asked have in common: records told by hand, questions, retention.

#include <stet/policy/audit_query.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace audit_suite {

using stet::AuditQuery;
using stet::AuditRecord;
using stet::Number;
using stet::Operation;
using stet::Origin;
using stet::Outcome;
using Numbers = std::vector<Number>;

// Of what a call gives, a Result or not.
template <class V>
V value_of(V value) {
    return value;
}
template <class V>
V value_of(stet::Result<V> result) {
    INFO((result ? std::string() : std::string(result.error().what()) + ": " + std::string(result.error().why())));
    REQUIRE(result);
    return *std::move(result);
}

template <class Audit>
Numbers found(const Audit& audit, const AuditQuery& query) {
    Numbers numbers;
    for (const AuditRecord& record : value_of(audit.find(query))) numbers.push_back(record.sequence);
    return numbers;
}
template <class Audit>
void tell(Audit& audit, AuditRecord record) {
    REQUIRE(audit.begin(std::move(record)));
    audit.confirm();
}

inline std::vector<AuditRecord> records() {
    const auto made = [](stet::Time time, Operation operation, const char* author, Number before, Number after) {
        AuditRecord record;
        record.time = time;
        record.duration = 7;
        record.operation = operation;
        record.author = author;
        record.before = before;
        record.after = after;
        return record;
    };
    std::vector<AuditRecord> all(8);
    all[0] = made(100, Operation::create, "setup", 0, 1);
    all[0].origin = {Origin::create, 0, 0};
    all[1] = made(200, Operation::commit, "admin", 1, 2);
    all[1].reason = "incident 42";
    all[1].source = "cli";
    all[1].changes = {{"port", "1", "2"}, {"routes[0].to", "\"home\"", "\"a\\\"b\n\\u001f\""}};
    all[2] = made(300, Operation::commit, "guest", 2, 2);
    all[2].outcome = Outcome::refused;
    all[2].error = "a rule is broken: port is 0, must be in 1..65535\n  fix: 'it'";
    all[3] = made(400, Operation::snapshot, "admin", 2, 2);
    all[3].subject = "before \xff lunch";
    all[4] = made(500, Operation::commit, "o'brien", 2, 3);
    all[4].reason = "incident 4";
    all[4].changes = {{"ports[\"a.b\"]", "", "5"}, {"limits", "{}", "{\"gpt-4\": 1}"}};
    all[5] = made(600, Operation::rollback, "oncall", 3, 4);
    all[5].origin = {Origin::rollback, 3, 2};
    all[5].changes = {{"limits", "{\"gpt-4\": 1}", "{}"}};
    all[6] = made(550, Operation::commit, "guest", 4, 4);  // the clock went backwards
    all[6].outcome = Outcome::denied;
    all[6].source = "web client";
    all[6].error = "this is not allowed";
    all[7] = made(700, Operation::commit, "oncall", 4, 4);
    all[7].outcome = Outcome::unchanged;
    return all;
}

/// Of an audit that is empty.
template <class Audit>
void queries(Audit& audit) {
    CHECK(found(audit, {}).empty());
    for (const AuditRecord& record : records()) tell(audit, record);

    const std::vector<AuditRecord> all = value_of(audit.find({}));
    std::vector<AuditRecord> expected = records();
    REQUIRE(all.size() == expected.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        expected[i].sequence = i + 1;
        expected[i].clock_back = i == 6;
        CAPTURE(i);
        CHECK(all[i] == expected[i]);
    }
    CHECK(found(audit, {.sequence = 3}) == Numbers{3});
    CHECK(found(audit, {.sequence = 9}).empty());
    CHECK(found(audit, {.revision = 1}) == Numbers{1, 2});
    CHECK(found(audit, {.revision = 2}) == Numbers{2, 3, 4, 5, 6});  // 6 went back to it
    CHECK(found(audit, {.revision = 4}) == Numbers{6, 7, 8});
    CHECK(found(audit, {.author = "admin"}) == Numbers{2, 4});
    CHECK(found(audit, {.author = "o'brien"}) == Numbers{5});
    CHECK(found(audit, {.author = "adm"}).empty());
    CHECK(found(audit, {.operation = Operation::create}) == Numbers{1});
    CHECK(found(audit, {.operation = Operation::commit}) == Numbers{2, 3, 5, 7, 8});
    CHECK(found(audit, {.outcome = Outcome::done}) == Numbers{1, 2, 4, 5, 6});
    CHECK(found(audit, {.outcome = Outcome::refused}) == Numbers{3});
    CHECK(found(audit, {.outcome = Outcome::denied}) == Numbers{7});
    CHECK(found(audit, {.outcome = Outcome::unchanged}) == Numbers{8});
    CHECK(found(audit, {.path = "port"}) == Numbers{2});
    CHECK(found(audit, {.path = "ports"}) == Numbers{5});
    CHECK(found(audit, {.path = "routes"}) == Numbers{2});
    CHECK(found(audit, {.path = "routes[0]"}) == Numbers{2});
    CHECK(found(audit, {.path = "routes[0].to"}) == Numbers{2});
    CHECK(found(audit, {.path = "route"}).empty());
    CHECK(found(audit, {.path = "limits"}) == Numbers{5, 6});
    CHECK(found(audit, {.subject = "before \xff lunch"}) == Numbers{4});
    CHECK(found(audit, {.subject = "before"}).empty());
    CHECK(found(audit, {.reason = "incident 4"}) == Numbers{2, 5});
    CHECK(found(audit, {.reason = "42"}) == Numbers{2});
    CHECK(found(audit, {.reason = "%"}).empty());
    CHECK(found(audit, {.reason = "incident_4"}).empty());
    CHECK(found(audit, {.source = "web"}) == Numbers{7});
    CHECK(found(audit, {.error = "port is 0"}) == Numbers{3});
    CHECK(found(audit, {.error = "PORT IS 0"}).empty());
    CHECK(found(audit, {.since = 500}) == Numbers{5, 6, 7, 8});
    CHECK(found(audit, {.until = 550}) == Numbers{1, 2, 3, 4, 5, 7});
    CHECK(found(audit, {.since = 200, .until = 400}) == Numbers{2, 3, 4});
    CHECK(found(audit, {.limit = 3}) == Numbers{6, 7, 8});
    CHECK(found(audit, {.outcome = Outcome::done, .limit = 2}) == Numbers{5, 6});
    CHECK(found(audit, {.author = "admin", .operation = Operation::commit, .path = "port", .since = 200}) ==
          Numbers{2});
    CHECK(found(audit, {.author = "admin", .path = "limits"}).empty());
}

/// Of an audit in which the records of `queries` are.
template <class Audit>
void retention(Audit& audit) {
    CHECK(value_of(audit.prune_before(100)) == std::size_t{0});
    CHECK(value_of(audit.prune_before(300)) == std::size_t{2});
    CHECK(found(audit, {}) == Numbers{3, 4, 5, 6, 7, 8});
    CHECK(value_of(audit.prune_to(6)) == std::size_t{0});
    CHECK(value_of(audit.prune_to(4)) == std::size_t{2});
    CHECK(found(audit, {}) == Numbers{5, 6, 7, 8});
    CHECK(found(audit, {.author = "oncall"}) == Numbers{6, 8});
    tell(audit, records()[7]);
    CHECK(found(audit, {}) == Numbers{5, 6, 7, 8, 9});
    CHECK(value_of(audit.prune_to(0)) == std::size_t{5});
    CHECK(found(audit, {}).empty());
    tell(audit, records()[7]);
    CHECK(found(audit, {}) == Numbers{10});
}

}  // namespace audit_suite
