#include <stet/plan.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

TEST_CASE("Plan: says what, from where, and what would be broken") {
    bot::Settings next;
    next.port = 1;
    stet::Violations found;
    found.add(stet::Violation("port", "1", "min", "must be at least 2"));
    const stet::Plan<bot::Settings> plan(stet::diff(bot::Settings{}, next), 7, stet::Operation::revert,
                                         {stet::Origin::revert, 3, 0}, found);
    CHECK(plan.patch().size() == 1);
    CHECK(plan.violations().refuse());
    CHECK(plan.base() == 7);
    CHECK(plan.operation() == stet::Operation::revert);
    CHECK(plan.origin().from == 3);
}
