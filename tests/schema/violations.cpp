#include <stet/schema/violations.hpp>

#include <doctest/doctest.h>

#include <string>

using stet::PathView;
using stet::Severity;
using stet::Violation;
using stet::Violations;

namespace {

constexpr auto range = stet::in_range(1, 5);

std::string text_of(const Violation& violation) {
    std::string text;
    stet::Writer(text) << violation;
    return text;
}

}  // namespace

TEST_CASE("Violation") {
    CHECK(text_of(Violation("port", "7", "in_range", "must be in 1..5")) == "port is 7, must be in 1..5");
    CHECK(text_of(Violation("a, b", "", "check", "a before b", Severity::warning)) == "a, b: a before b (warning)");
    CHECK(text_of(Violation("", "", "json", "must be an object")) == "must be an object");
    CHECK(text_of(Violation("", "5", "json", "must be an object")) == "the value is 5, must be an object");
}

TEST_CASE("Violations::add(path, rule, value)") {
    const PathView root;
    Violations list;
    CHECK(list.empty());
    list.add(root.named("port", 0), range, 7, Severity::warning);
    CHECK_FALSE(list.refuse());
    list.add(root.named("name", 1), stet::not_empty, std::string(), Severity::error);
    CHECK(list.refuse());
    list.add(root.named("port", 0), range, 8, Severity::warning);
    CHECK(list.refuse());
    REQUIRE(list.size() == 3);
    CHECK(text_of(list[0]) == "port is 7, must be in 1..5 (warning)");
    CHECK(text_of(list[1]) == "name is \"\", must not be empty");
    CHECK(list[1].rule() == "not_empty");
    CHECK(list[1].expected() == "must not be empty");
    CHECK(list.begin()->path() == "port");
}

TEST_CASE("Violations::add(path, rule, value) of a secret") {
    const PathView root;
    Violations list;
    const PathView keys = root.named("keys", 0, true);
    list.add(keys.at(2), stet::length(3), std::string("hunter2"), Severity::error);
    CHECK(list[0].value() == stet::secret_dots);
    CHECK(text_of(list[0]).find("hunter2") == std::string::npos);
    CHECK(list[0].path() == "keys[2]");
}

TEST_CASE("Violations(FlatViolations)") {
    const PathView root;
    stet::FlatViolations<2, 2> flat;
    flat.add(root.named("port", 0), range, 7, Severity::error);
    const Violations list(flat);
    REQUIRE(list.size() == 1);
    CHECK(list.refuse());
    CHECK(text_of(list[0]) == "port is 7, must be in 1..5");
    CHECK_FALSE(Violations(stet::FlatViolations<1, 1>()).refuse());
}
