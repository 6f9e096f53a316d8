#include <stet/ledger.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/versioned.hpp>

#include "bot.hpp"
#include "policy/own_storage.hpp"

#include <doctest/doctest.h>

#include <functional>

using bot::Settings;
using stet::Errc;
using stet::field;
using stet::Number;
using stet::Operation;
using Ledger = stet::detail::Ledger<Settings, stet::AuditLog>;

namespace {

// An audit that looks around while it is told something.
struct Looking {
    std::function<void(const stet::AuditRecord&)>* look = nullptr;
    stet::Result<void> begin(stet::AuditRecord record) {
        if (*look) (*look)(record);
        return {};
    }
    void confirm() noexcept {}
    void cancel() noexcept {}
};

}  // namespace

TEST_CASE("Ledger: create, advance, refuse, and what is kept") {
    Ledger ledger(Settings{}, stet::AuditLog{});
    CHECK(ledger.head == 0);
    CHECK(ledger.create({.author = "setup"}) == Number{1});
    Settings next;
    next.port = 2;
    const stet::Change change{.author = "admin"};
    CHECK(ledger.advance(ledger.begin(Operation::commit, change), stet::diff(Settings{}, next)) == Number{2});
    CHECK(ledger.current.get().port == 2);
    CHECK(ledger.kept(1));
    CHECK(ledger.kept(3).error().code() == Errc::no_such_revision);
    CHECK(ledger.kept(0).error().code() == Errc::no_such_revision);
    CHECK(ledger.expected(ledger.begin(Operation::commit, {.expected = 2})));
    CHECK(ledger.expected(ledger.begin(Operation::commit, {.expected = 1})).error().code() == Errc::revision_conflict);
    CHECK(ledger.expected(ledger.begin(Operation::commit, {})));
    const auto refused = ledger.refuse(ledger.begin(Operation::revert, change), stet::Error(Errc::malformed));
    CHECK(refused.error().code() == Errc::malformed);
    REQUIRE(ledger.audit.records().size() == 3);
    CHECK(ledger.audit.records()[2].operation == Operation::revert);
    CHECK(ledger.audit.records()[2].author == "admin");
}

TEST_CASE("Ledger::named: the snapshot, or the nearest name") {
    stet::detail::Ledger<Settings> ledger{Settings{}};
    REQUIRE(ledger.create({}));
    CHECK(ledger.named("none").error().nearest().empty());
    REQUIRE(ledger.storage.pin("before-deploy", *ledger.storage.find(1), ledger.current.get()));
    CHECK(ledger.named("before-deploy") == Number{1});
    CHECK(ledger.named("before-deply").error().nearest() == "before-deploy");
    CHECK(ledger.named("something else").error().nearest().empty());
}

TEST_CASE("Ledger: when a refusal is told, all is as it was already") {
    std::function<void(const stet::AuditRecord&)> look;
    OwnStorage<Settings> storage;
    stet::Versioned settings{Settings{}, storage, Looking{&look}};
    CHECK(settings.set(field<"name">, "second") == Number{2});
    int refusals = 0;
    look = [&](const stet::AuditRecord& record) {
        if (record.outcome != stet::Outcome::refused) return;
        ++refusals;
        CHECK(settings.current().name == "second");
        CHECK(settings.head() == 2);
    };
    CHECK(settings.set(field<"name">, "").error().code() == Errc::rule_broken);
    CHECK(settings.commit([](Settings& s) { s.name = ""; }).error().code() == Errc::rule_broken);
    storage.log().fails = true;
    CHECK(settings.set(field<"name">, "third").error().code() == Errc::storage_failed);
    CHECK(settings.rollback_to(1).error().code() == Errc::storage_failed);
    CHECK(refusals == 4);
    look = nullptr;
}

TEST_CASE("Ledger: a function that makes a change inside a change is refused, and what it did inside stays") {
    const auto inside = []<class T>(T first, auto outer, auto inner) {
        stet::Versioned versioned{first};
        CHECK(versioned.commit([](T& value) { ++value.hits; }) == Number{1});
        const auto refused = versioned.commit([&](T& value) {
            outer(value);
            CHECK(versioned.commit(inner) == Number{2});
            outer(value);
        });
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code() == Errc::revision_conflict);
        CHECK(versioned.head() == 2);
        T wanted = first;
        inner(wanted);
        CHECK(stet::equal(versioned.current(), wanted));
        CHECK(versioned.rollback() == Number{3});
        CHECK(stet::equal(versioned.current(), first));
    };
    inside(Settings{}, [](Settings& s) { s.name += "outer"; }, [](Settings& s) { s.port = 2; });
    inside(bot::Motor{}, [](bot::Motor& m) { ++m.rpm; }, [](bot::Motor& m) { m.pid.kp = 2; });
}

TEST_CASE("Ledger: a change by function finds transient fields as they are now") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.commit([](Settings& s) { s.name = "a"; }) == Number{2});
    CHECK(settings.set(field<"hits">, 7) == Number{2});
    int seen = 0;
    CHECK(settings.commit([&](Settings& s) {
        seen = s.hits;
        s.name = "b";
    }) == Number{3});
    CHECK(seen == 7);
    CHECK(settings.current().hits == 7);
}

TEST_CASE("Ledger: the first revision cannot be reverted") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.revert(1).error().code() == Errc::no_such_revision);
    CHECK(settings.revert(1).error().why().view() == "revert of revision 1: nothing comes before it");
    CHECK(settings.plan_revert(1).error().code() == Errc::no_such_revision);
    CHECK(settings.set(field<"port">, 2) == Number{2});
    CHECK(settings.revert(1).error().code() == Errc::no_such_revision);
    CHECK(settings.head() == 2);
}

TEST_CASE("Ledger: prune(0) leaves the head alone, pinned or not") {
    for (const bool pinned : {false, true}) {
        stet::Versioned settings{Settings{}};
        for (int port = 1; port < 4; ++port) REQUIRE(settings.set(field<"port">, port));
        if (pinned) REQUIRE(settings.snapshot("head"));
        CHECK(settings.prune(0) == std::size_t{3});
        CHECK(settings.size() == 1);
        CHECK(settings.head() == 4);
        CHECK(settings.at(4)->value().port == 3);
        CHECK(settings.at(3).error().code() == Errc::revision_pruned);
    }
}

TEST_CASE("Ledger: the machine's clock counts parts of a second") {
    bool fraction = false;
    for (int i = 0; i < 1000 && !fraction; ++i) fraction = stet::SystemClock().now() % 1'000'000'000 != 0;
    CHECK(fraction);
}
