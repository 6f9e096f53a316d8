#include <stet/ledger.hpp>

#include <stet/policy/audit_log.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

using bot::Settings;
using stet::Errc;
using stet::Number;
using stet::Operation;
using Ledger = stet::detail::Ledger<Settings, stet::AuditLog>;

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
    CHECK(ledger.expected({.expected = 2}));
    CHECK(ledger.expected({.expected = 1}).error().code() == Errc::revision_conflict);
    CHECK(ledger.expected({}));
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
