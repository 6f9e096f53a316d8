#include <stet/versioned.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/render/text.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

using bot::Motor;
using bot::Settings;
using stet::Errc;
using stet::field;
using stet::Number;
using stet::Operation;
using stet::Origin;

TEST_CASE("plan_rollback: shows what would happen, and does nothing") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    REQUIRE(settings.snapshot("before"));
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.set(field<"llm.model">, "o1"));
    for (const auto& plan : {settings.plan_rollback(1), settings.plan_rollback("before")}) {
        REQUIRE(plan);
        CHECK(stet::text(plan->patch()) == "~ llm.model: \"o1\" -> \"gpt-4\"\n~ port: 2 -> 8080");
        CHECK(plan->violations().empty());
        CHECK(plan->base() == 3);
        CHECK(plan->operation() == Operation::rollback);
        CHECK(plan->origin() == Origin{Origin::rollback, 3, 1});
    }
    const auto last = settings.plan_rollback();
    REQUIRE(last);
    CHECK(stet::text(last->patch()) == "~ llm.model: \"o1\" -> \"gpt-4\"");
    CHECK(settings.head() == 3);
    CHECK(settings.current().port == 2);
    CHECK(settings.audit().records().size() == 4);
    CHECK(settings.plan_rollback(4).error().code() == Errc::no_such_revision);
    CHECK(settings.plan_rollback("none").error().code() == Errc::no_such_snapshot);
}

TEST_CASE("execute: does what the plan shows, with author, reason and origin") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.commit([](Settings& s) {
        s.port = 3;
        s.hits = 9;
    }));
    const auto plan = settings.plan_rollback(1);
    REQUIRE(plan);
    CHECK(settings.execute(*plan, {.author = "oncall", .reason = "incident 42"}) == Number{4});
    CHECK(settings.current().port == 8080);
    CHECK(settings.current().hits == 9);
    const stet::Revision made = settings.history()[0];
    CHECK(made.author == "oncall");
    CHECK(made.reason == "incident 42");
    CHECK(made.origin == Origin{Origin::rollback, 3, 1});
    CHECK(settings.audit().records().back().operation == Operation::rollback);
}

TEST_CASE("execute: a plan expires when the head moves") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.set(field<"port">, 2));
    const auto plan = settings.plan_rollback(1);
    REQUIRE(plan);
    REQUIRE(settings.snapshot("a name moves no head"));
    REQUIRE(settings.set(field<"name">, "other"));
    const auto expired = settings.execute(*plan);
    REQUIRE_FALSE(expired);
    CHECK(expired.error().code() == Errc::plan_expired);
    CHECK(stet::text(expired.error()) ==
          "the plan has expired: expected revision 2, the head is 3\n"
          "  fix: make the plan again and look at what it shows now");
    CHECK(settings.current().port == 2);
    const auto again = settings.plan_rollback(1);
    REQUIRE(again);
    CHECK(settings.execute(*again) == Number{4});
    CHECK(settings.execute(*again).error().code() == Errc::plan_expired);
}

TEST_CASE("plan_commit: a function, a value; what it breaks; one that gives up") {
    stet::Versioned settings{Settings{}};
    const auto plan = settings.plan_commit([](Settings& s) { s.port = 5; });
    REQUIRE(plan);
    CHECK(stet::text(plan->patch()) == "~ port: 8080 -> 5");
    CHECK(plan->operation() == Operation::commit);
    Settings next;
    next.name = "next";
    const auto value = settings.plan_commit(next);
    REQUIRE(value);
    CHECK(stet::text(value->patch()) == "~ name: \"bot\" -> \"next\"");
    const auto wrong = settings.plan_commit([](Settings& s) { s.port = 0; });
    REQUIRE(wrong);
    CHECK(wrong->violations().refuse());
    CHECK(stet::text(wrong->violations()) == "port is 0, must be in 1..65535");
    CHECK(settings.execute(*wrong).error().code() == Errc::rule_broken);
    CHECK(settings.plan_commit([](Settings&) { return false; }).error().code() == Errc::gave_up);
    CHECK(settings.head() == 1);
    CHECK(settings.execute(*plan) == Number{2});
    CHECK(settings.current().port == 5);
    CHECK(settings.history()[0].origin == Origin{Origin::commit, 0, 0});
    const auto nothing = settings.plan_commit([](Settings&) {});
    REQUIRE(nothing);
    CHECK(nothing->patch().empty());
    CHECK(settings.execute(*nothing) == Number{2});
}

TEST_CASE("plan_revert") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.set(field<"name">, "other"));
    const auto plan = settings.plan_revert(2);
    REQUIRE(plan);
    CHECK(stet::text(plan->patch()) == "~ port: 2 -> 8080");
    CHECK(plan->origin() == Origin{Origin::revert, 2, 0});
    CHECK(settings.execute(*plan) == Number{4});
    CHECK(settings.current().port == 8080);
    CHECK(settings.current().name == "other");
    REQUIRE(settings.set(field<"port">, 3));
    CHECK(settings.plan_revert(4)->conflicts().size() == 1);
    CHECK(settings.plan_revert(9).error().code() == Errc::no_such_revision);
}

TEST_CASE("execute: a plan that was made for another value is a conflict") {
    stet::Versioned one{Settings{}};
    stet::Versioned two{Settings{}};
    REQUIRE(one.set(field<"port">, 2));
    REQUIRE(two.set(field<"port">, 3));
    const auto plan = one.plan_rollback(1);
    REQUIRE(plan);
    const auto conflict = two.execute(*plan);
    REQUIRE_FALSE(conflict);
    CHECK(conflict.error().code() == Errc::patch_conflict);
    CHECK(conflict.error().subject() == "port");
    CHECK(two.current().port == 3);
}

TEST_CASE("plan and execute of a flat struct") {
    stet::Versioned motor{Motor{}};
    REQUIRE(motor.set(field<"rpm">, 200));
    REQUIRE(motor.set(field<"pid.kp">, 2));
    const auto plan = motor.plan_revert(2);
    REQUIRE(plan);
    CHECK(plan->patch().touches(field<"rpm">));
    REQUIRE(motor.execute(*plan));
    CHECK(motor.current().rpm == 3000);
    CHECK(motor.current().pid.kp == 2);
    const auto wrong = motor.plan_commit([](Motor& m) { m.rpm = 0; });
    REQUIRE(wrong);
    CHECK(wrong->violations().size() == 1);
    CHECK(wrong->violations()[0].path() == "rpm");
}
