#include <stet/schema/violation.hpp>

#include "../both.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

using stet::FlatViolation;
using stet::FlatViolations;
using stet::PathView;
using stet::Severity;

namespace {

enum class Mode : std::int8_t { minus = -1, off };
constexpr auto range = stet::in_range(1, 5);
constexpr auto even = [](auto) { return true; };

template <class V>
std::string text_of(const V& violation) {
    std::string text;
    stet::Writer(text) << violation;
    return text;
}

template <class V>
std::string shown(V value) {
    const PathView root;
    const FlatViolation<2> violation(root.named("field", 0), range, value, Severity::error);
    return std::string(violation.value().view());
}

constexpr bool a_violation_knows_where_and_which_rule() {
    const PathView root;
    const FlatViolation<3> violation(root.named("port", 0), range, 7, Severity::warning);
    return violation.rule() == "in_range" && violation.severity() == Severity::warning;
}

constexpr bool a_list_counts_what_did_not_fit() {
    FlatViolations<2, 1> list;
    const PathView root;
    const bool empty = list.empty() && !list.refuse() && list.begin() == list.end();
    list.add(root.named("a", 0), range, 7, Severity::warning);
    const bool warned = list.size() == 1 && !list.refuse();
    list.add(root.named("b", 1), range, 7, Severity::error);
    list.add(root.named("c", 2), range, 7, Severity::error);
    return empty && warned && list.size() == 2 && list.dropped() == 1 && list.refuse() &&
           list.end() - list.begin() == 2;
}

constexpr bool an_error_that_did_not_fit_refuses_too() {
    FlatViolations<1, 1> list;
    const PathView root;
    list.add(root.named("a", 0), range, 7, Severity::warning);
    list.add(root.named("b", 1), range, 7, Severity::error);
    return list.refuse();
}

}  // namespace

TEST_CASE("FlatViolation") {
    STET_BOTH(a_violation_knows_where_and_which_rule);
    const PathView root;
    const FlatViolation<3> violation(root.named("server.port", 0), range, 7, Severity::error);
    CHECK(violation.path() == "server.port");
    CHECK(violation.value() == "7");
    CHECK(violation.expected() == "must be in 1..5");
    CHECK(text_of(violation) == "server.port is 7, must be in 1..5");
}

TEST_CASE("FlatViolation keeps any number") {
    CHECK(shown(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(shown(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(shown(std::int8_t{-1}) == "-1");
    CHECK(shown(-0.5F) == "-0.5");
    CHECK(shown(1e300) == "1e+300");
    CHECK(shown(true) == "true");
    CHECK(shown(Mode::minus) == "minus");
    CHECK(shown(static_cast<Mode>(-7)) == "-7");
    CHECK(shown(std::optional<int>(7)) == "7");
    CHECK(shown(std::optional<int>()).empty());
}

TEST_CASE("FlatViolation of elements of arrays, and of secrets") {
    const PathView root;
    const PathView rows = root.named("grid.rows", 0);
    const PathView row = rows.at(3);
    const PathView cell = row.named("cell", 0);
    CHECK(text_of(FlatViolation<3>(cell, range, 7, Severity::error)) == "grid.rows[3].cell is 7, must be in 1..5");
    const PathView last = cell.at(12);
    CHECK(FlatViolation<3>(last, range, 7, Severity::error).path() == "grid.rows[3].cell[12]");
    const PathView hidden = root.named("pin", 0, true);
    const FlatViolation<3> secret(hidden.at(1), range, 7, Severity::error);
    CHECK(secret.value() == stet::secret_dots);
    CHECK(text_of(secret).find('7') == std::string::npos);
}

TEST_CASE("FlatViolation of an array of arrays names both positions") {
    const PathView root;
    const PathView matrix = root.named("matrix", 0);
    const PathView row = matrix.at(3);
    CHECK(FlatViolation<3>(row.at(1), range, 7, Severity::error).path() == "matrix[3][1]");
}

TEST_CASE("FlatViolation of a bare predicate") {
    const PathView root;
    const FlatViolation<1> violation(root.named("a", 0), even, 7, Severity::warning);
    CHECK(violation.rule() == "rule");
    CHECK(text_of(violation) == "a is 7, must satisfy its rule (warning)");
}

TEST_CASE("FlatViolations") {
    STET_BOTH(a_list_counts_what_did_not_fit);
    STET_BOTH(an_error_that_did_not_fit_refuses_too);
}
