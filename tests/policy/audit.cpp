#include <stet/policy/audit.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/render/text.hpp>
#include <stet/versioned.hpp>

#include "../bot.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using bot::Motor;
using bot::Settings;
using stet::AuditRecord;
using stet::Errc;
using stet::field;
using stet::Number;
using stet::Operation;
using stet::Origin;
using stet::Outcome;

namespace {

// An audit of somebody's own, behind a handle: it can refuse, and it must hear confirm or cancel after each begin.
struct Heard {
    std::vector<AuditRecord> confirmed;
    int began = 0;
    int cancelled = 0;
    bool refuses = false;
    bool open = false;
};
struct OwnAudit {
    std::shared_ptr<Heard> heard = std::make_shared<Heard>();
    AuditRecord pending{};

    stet::Result<void> begin(AuditRecord record) {
        CHECK_FALSE(heard->open);
        ++heard->began;
        if (heard->refuses) return stet::Failure(stet::Error(Errc::audit_failed, "the trail is full"));
        heard->open = true;
        pending = std::move(record);
        return {};
    }
    void confirm() noexcept {
        heard->open = false;
        heard->confirmed.push_back(pending);
    }
    void cancel() noexcept {
        heard->open = false;
        ++heard->cancelled;
    }
};

template <class Records>
std::string everything(const Records& records) {
    std::string all;
    for (const AuditRecord& record : records) {
        all += record.error;
        for (const auto& change : record.changes) all += change.path + change.before + change.after;
    }
    return all;
}

}  // namespace

TEST_CASE("audit_policy: what models it") {
    static_assert(stet::audit_policy<stet::AuditLog>);
    static_assert(stet::audit_policy<OwnAudit>);
    static_assert(!stet::audit_policy<stet::NoAudit>);
    static_assert(!stet::audit_policy<stet::SystemClock>);
}

TEST_CASE("audit: every operation, with who, when, why, what") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}, bot::FakeClock{}};
    REQUIRE(settings.commit(
        [](Settings& s) {
            s.port = 2;
            s.routes.erase(s.routes.begin());
            s.limits["new"] = 5;
        },
        {.author = "admin", .reason = "why", .source = "cli"}));
    const AuditRecord made = settings.audit().records()[1];
    CHECK(made.sequence == 2);
    CHECK(made.time > 1000);
    CHECK(made.duration > 0);
    CHECK(made.operation == Operation::commit);
    CHECK(made.outcome == Outcome::done);
    CHECK(made.author == "admin");
    CHECK(made.reason == "why");
    CHECK(made.source == "cli");
    CHECK(made.before == 1);
    CHECK(made.after == 2);
    CHECK(made.origin == Origin{Origin::commit, 0, 0});
    CHECK(made.error.empty());
    CHECK(made.changes == std::vector<stet::AuditedChange>{{"port", "8080", "2"},
                                                           {"routes[0]", "{id: 1, to: \"home\"}", ""},
                                                           {"limits[\"new\"]", "", "5"}});

    REQUIRE(settings.set(field<"port">, 3));
    REQUIRE(settings.set("port", 4));
    REQUIRE(settings.snapshot("four", {.author = "admin"}));
    REQUIRE(settings.rollback());
    REQUIRE(settings.rollback_to(1));
    REQUIRE(settings.revert(6));
    REQUIRE(settings.execute(*settings.plan_rollback(2)));
    REQUIRE(settings.release("four"));
    REQUIRE(settings.prune(1));
    REQUIRE(settings.commit([](Settings&) {}));
    REQUIRE(settings.prune(1) == std::size_t{0});
    struct Line {
        Operation operation;
        Outcome outcome;
        Number before, after;
    };
    const std::vector<Line> expected = {
        {Operation::create, Outcome::done, 0, 1},    {Operation::commit, Outcome::done, 1, 2},
        {Operation::commit, Outcome::done, 2, 3},    {Operation::commit, Outcome::done, 3, 4},
        {Operation::snapshot, Outcome::done, 4, 4},  {Operation::rollback, Outcome::done, 4, 5},
        {Operation::rollback, Outcome::done, 5, 6},  {Operation::revert, Outcome::done, 6, 7},
        {Operation::rollback, Outcome::done, 7, 8},  {Operation::release, Outcome::done, 8, 8},
        {Operation::prune, Outcome::done, 8, 8},     {Operation::commit, Outcome::unchanged, 8, 8},
        {Operation::prune, Outcome::unchanged, 8, 8}};
    const auto& records = settings.audit().records();
    REQUIRE(records.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(i);
        CHECK(records[i].sequence == i + 1);
        CHECK(records[i].operation == expected[i].operation);
        CHECK(records[i].outcome == expected[i].outcome);
        CHECK(records[i].before == expected[i].before);
        CHECK(records[i].after == expected[i].after);
    }
    CHECK(records[4].subject == "four");
    CHECK(records[4].author == "admin");
    CHECK(records[5].origin == Origin{Origin::rollback, 4, 3});
    CHECK(records[6].origin == Origin{Origin::rollback, 5, 1});
    CHECK(records[7].origin == Origin{Origin::revert, 6, 0});
    CHECK(records[8].origin == Origin{Origin::rollback, 7, 2});
    CHECK(records[9].subject == "four");
    CHECK(records[11].changes.empty());
}

TEST_CASE("audit: pruning that drops nothing is told as a commit that changes nothing") {
    stet::Versioned<Settings, stet::Memory<Settings, 3>, stet::AuditLog> settings{Settings{}, {}, stet::AuditLog{}};
    const auto outcome = [&](std::size_t keep, std::size_t dropped) {
        CHECK(settings.prune(keep) == dropped);
        CHECK(settings.audit().records().back().operation == Operation::prune);
        return settings.audit().records().back().outcome;
    };
    CHECK(outcome(0, 0) == Outcome::unchanged);
    REQUIRE(settings.snapshot("first"));
    REQUIRE(settings.snapshot("first again"));
    CHECK(outcome(0, 0) == Outcome::unchanged);
    for (int port = 2; port <= 3; ++port) REQUIRE(settings.set(field<"port">, port));
    CHECK(outcome(2, 0) == Outcome::unchanged);
    CHECK(outcome(1, 1) == Outcome::done);
    CHECK(outcome(1, 0) == Outcome::unchanged);
    CHECK(outcome(0, 0) == Outcome::unchanged);  // the head
    REQUIRE(settings.set(field<"port">, 4));
    REQUIRE(settings.snapshot("head"));
    CHECK(outcome(1, 0) == Outcome::unchanged);
    CHECK(outcome(0, 1) == Outcome::done);
    CHECK(settings.size() == 2);
}

TEST_CASE("audit: every refusal, with what and why") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.snapshot("two"));
    std::size_t count = settings.audit().records().size();
    const auto told = [&](const auto& result, Operation operation, std::string_view subject = {}) {
        REQUIRE_FALSE(result);
        const auto& records = settings.audit().records();
        REQUIRE(records.size() == ++count);
        CHECK(records.back().operation == operation);
        CHECK(records.back().outcome == Outcome::refused);
        CHECK(records.back().before == 2);
        CHECK(records.back().after == 2);
        CHECK(records.back().error == stet::text(result.error()));
        CHECK(records.back().subject == subject);
        CHECK(records.back().author == "guest");
    };
    const stet::Change guest{.author = "guest"};
    told(settings.commit([](Settings& s) { s.port = 0; }, guest), Operation::commit);
    told(settings.commit([](Settings&) { return false; }, guest), Operation::commit);
    told(settings.commit(Settings{}, {.author = "guest", .expected = 1}), Operation::commit);
    told(settings.set(field<"level">, 256, guest), Operation::commit);
    told(settings.set(field<"port">, 0, guest), Operation::commit);
    told(settings.set("prot", 3, guest), Operation::commit);
    told(settings.set("routes[9]", bot::Route{}, guest), Operation::commit);
    told(settings.rollback_to(9, guest), Operation::rollback);
    told(settings.rollback_to("tow", guest), Operation::rollback, "tow");
    told(settings.revert(9, guest), Operation::revert);
    told(settings.snapshot("two", guest), Operation::snapshot, "two");
    told(settings.release("tow", guest), Operation::release, "tow");
    told(settings.prune(1, {.author = "guest", .expected = 1}), Operation::prune);
}

TEST_CASE("audit: the name of the snapshot that was rolled back to") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    REQUIRE(settings.snapshot("first"));
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.rollback_to("first"));
    CHECK(settings.audit().records().back().subject == "first");
    CHECK(settings.rollback_to("first", {.expected = 1}).error().code() == Errc::revision_conflict);
    CHECK(settings.audit().records().back().subject == "first");
}

TEST_CASE("audit: a secret is dots in changes and errors") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    REQUIRE(settings.set(field<"password">, "opensesame"));
    CHECK_FALSE(settings.set(field<"password">, "abc"));
    CHECK_FALSE(settings.set("password", "xyz"));
    REQUIRE(settings.set(field<"password">, "xyzopensesame"));
    REQUIRE(settings.revert(2).error().code() == Errc::merge_conflict);
    const std::string all = everything(settings.audit().records());
    for (const char* secret : {"swordfish", "opensesame", "abc", "xyz"}) CHECK(all.find(secret) == std::string::npos);
    CHECK(settings.audit().records()[1].changes ==
          std::vector<stet::AuditedChange>{{"password", "\u2022\u2022\u2022", "\u2022\u2022\u2022"}});
    CHECK(settings.audit().records()[2].error.find("password is \u2022\u2022\u2022, must have 4..64 elements") !=
          std::string::npos);
}

TEST_CASE("audit of one's own: begin, then confirm or cancel; one that refuses stops the change") {
    const OwnAudit audit;
    stet::Versioned settings{Settings{}, audit};
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.snapshot("two"));
    const auto plan = settings.plan_rollback(1);
    CHECK(audit.heard->began == 3);
    CHECK(audit.heard->confirmed.size() == 3);
    audit.heard->refuses = true;
    const auto stays = [&](const auto& result) {
        REQUIRE_FALSE(result);
        CHECK(result.error().code() == Errc::audit_failed);
        CHECK(stet::text(result.error()) == "the audit refused: 'the trail is full'\n  fix: see why()");
        CHECK(settings.head() == 2);
        CHECK(settings.current().port == 2);
        CHECK(settings.history().size() == 2);
        CHECK(settings.snapshots().size() == 1);
    };
    stays(settings.commit([](Settings& s) { s.routes.clear(); }));
    stays(settings.commit(Settings{}));
    stays(settings.set(field<"name">, "a name that is too long for the place inside a string"));
    stays(settings.set("limits[o1]", 9));
    stays(settings.rollback());
    stays(settings.rollback_to("two", {.force = true}));
    stays(settings.revert(2));
    stays(settings.execute(*plan));
    stays(settings.snapshot("three"));
    stays(settings.release("two"));
    stays(settings.prune(1));
    // what changes nothing as well
    stays(settings.commit([](Settings&) {}));
    stays(settings.commit([](Settings& s) { s.hits = 99; }));
    stays(settings.commit(settings.current()));
    stays(settings.set(field<"port">, 2));
    stays(settings.set(field<"hits">, 99));
    stays(settings.set("port", 2));
    stays(settings.rollback_to(2));
    stays(settings.prune(9));
    CHECK(settings.current().hits == 0);
    CHECK(audit.heard->confirmed.size() == 3);
    CHECK(audit.heard->cancelled == 0);
    const auto broken = settings.set(field<"port">, 0);  // refused anyway: by the rule
    REQUIRE_FALSE(broken);
    CHECK(broken.error().code() == Errc::rule_broken);
    audit.heard->refuses = false;
    CHECK(settings.execute(*plan) == Number{3});
    CHECK(audit.heard->confirmed.size() == 4);
}

namespace {

struct KeyedAudit : stet::AuditLog {
    KeyedAudit() = default;
    std::string keyed_digest(std::string_view text) const { return "digest of " + std::to_string(text.size()); }
    std::string digest(const Settings& settings) const { return "port " + std::to_string(settings.port); }
};

}  // namespace

TEST_CASE("audit: one with a key has digests of secrets, never of what came or went without one; and of revisions") {
    stet::Versioned settings{Settings{}, KeyedAudit{}};
    REQUIRE(settings.commit([](Settings& s) {
        s.password = "opensesame";
        s.port = 2;
    }));
    REQUIRE(settings.edit([](auto& edit) { edit.at(field<"password">).insert(4, "s"); }));
    REQUIRE(settings.rollback());
    CHECK_FALSE(settings.set(field<"password">, "abc"));
    const auto& records = settings.audit().records();
    REQUIRE(records.size() == 5);
    CHECK(records[0].digest_after == "port 8080");
    CHECK(records[1].changes ==
          std::vector<stet::AuditedChange>{{"password", "digest of 11", "digest of 12"}, {"port", "8080", "2"}});
    CHECK(records[1].digest_after == "port 2");
    REQUIRE(records[2].changes.size() == 1);
    CHECK(records[2].changes[0].after.find("sopen") == std::string::npos);
    CHECK(records[4].digest_after.empty());
    CHECK(everything(records).find("opensesame") == std::string::npos);
    // A part of a secret is dots: a digest of one letter is no secret.
    CHECK(records[2].changes[0].after == "\u2022\u2022\u2022");
}

TEST_CASE("audit of a flat struct") {
    stet::Versioned motor{Motor{}, stet::AuditLog{}};
    REQUIRE(motor.set(field<"pid.kp">, 2.5));
    CHECK_FALSE(motor.set(field<"rpm">, 1));
    const auto& records = motor.audit().records();
    REQUIRE(records.size() == 3);
    CHECK(records[1].changes == std::vector<stet::AuditedChange>{{"pid.kp", "1", "2.5"}});
    CHECK(records[2].error.find("rpm is 1, must be in 100..6000") != std::string::npos);
}
