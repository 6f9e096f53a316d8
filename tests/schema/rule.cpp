#include <stet/schema/rule.hpp>

#include "../both.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using stet::detail::holds;

namespace {

enum class Mode : std::uint8_t { off, eco, full };
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

template <class Rule>
std::string expected(const Rule& rule) {
    std::string text;
    rule.expected(stet::Writer(text));
    return text;
}

constexpr bool in_range_includes_both_ends() {
    constexpr auto rule = stet::in_range(1, 65535);
    return holds(rule, 1) && holds(rule, 65535) && !holds(rule, 0) && !holds(rule, 65536) && !holds(rule, -1) &&
           holds(rule, std::uint16_t{65535}) && !holds(rule, std::numeric_limits<std::uint64_t>::max());
}

constexpr bool in_range_compares_signed_and_unsigned_as_numbers() {
    constexpr auto rule = stet::in_range(-1, 10);
    return holds(rule, 0U) && !holds(rule, 4294967295U) && holds(stet::in_range(-1, 10U), -1) &&
           holds(stet::in_range(0, 5UL), 3) && holds(stet::in_range(0, 0.5), 0.25F) &&
           !holds(rule, std::numeric_limits<std::uint64_t>::max()) && !holds(stet::min(0U), -1) &&
           holds(stet::max(5U), -1) && holds(rule, std::int8_t{-1}) && holds(rule, true);
}

constexpr bool in_range_compares_large_integers_and_floats_as_numbers() {
    if (std::numeric_limits<long double>::digits < 64) return true;  // there is nothing wider to compare them in
    constexpr std::int64_t past = 9007199254740993;                  // the first that no double can hold
    return !holds(stet::max(9007199254740992.0), past) && holds(stet::max(9007199254740994.0), past) &&
           !holds(stet::min(9007199254740994.0), past) && holds(stet::min(9007199254740992.0), past);
}

constexpr bool nan_is_in_no_range() {
    return !holds(stet::in_range(0.0, 1.0), nan) && !holds(stet::in_range(-inf, inf), nan) &&
           !holds(stet::min(0.0), nan) && !holds(stet::max(0.0), nan) && holds(stet::in_range(-inf, inf), inf) &&
           holds(stet::in_range(0.0, 1.0), 1.0F) && !holds(stet::in_range(0, 1), nan) &&
           holds(stet::in_range(0, 1), 0.5) && holds(stet::in_range(0.0, 1.0), -0.0);
}

constexpr bool min_and_max() {
    return holds(stet::min(3), 3) && !holds(stet::min(3), 2) && holds(stet::max(3), 3) && !holds(stet::max(3), 4) &&
           holds(stet::in_range(Mode::off, Mode::eco), Mode::eco) &&
           !holds(stet::in_range(Mode::off, Mode::eco), Mode::full);
}

constexpr bool length_and_not_empty() {
    constexpr std::string_view three = "abc";
    constexpr std::array<int, 2> two{};
    return holds(stet::length(3), three) && !holds(stet::length(2), three) && holds(stet::length(3, 4), three) &&
           !holds(stet::length(4, 9), three) && holds(stet::length(2), two) && holds(stet::not_empty, three) &&
           !holds(stet::not_empty, std::string_view{}) && holds(stet::not_empty, std::optional<int>(0)) &&
           !holds(stet::not_empty, std::optional<int>());
}

constexpr bool one_of_compares_with_each() {
    return holds(stet::one_of(1, 2, 3), 2) && !holds(stet::one_of(1, 2, 3), 4) &&
           holds(stet::one_of("debug", "info"), std::string_view("info")) &&
           !holds(stet::one_of("debug", "info"), std::string_view("inf")) &&
           holds(stet::one_of(Mode::eco), Mode::eco) && !holds(stet::one_of(Mode::eco), Mode::off);
}

constexpr bool an_absent_value_breaks_no_rule_but_not_empty() {
    return holds(stet::in_range(1, 5), std::optional<int>()) && holds(stet::in_range(1, 5), std::optional<int>(5)) &&
           !holds(stet::in_range(1, 5), std::optional<int>(6)) &&
           holds(stet::length(1), std::optional<std::string_view>());
}

constexpr bool any_predicate_is_a_rule() {
    constexpr auto is_even = [](int value) { return value % 2 == 0; };
    return holds(is_even, 2) && !holds(is_even, 3) && holds(stet::satisfies("must be even", is_even), 2) &&
           !holds(stet::satisfies("must be even", is_even), 3);
}

}  // namespace

TEST_CASE("in_range(low, high)") {
    STET_BOTH(in_range_includes_both_ends);
    STET_BOTH(in_range_compares_signed_and_unsigned_as_numbers);
    STET_BOTH(in_range_compares_large_integers_and_floats_as_numbers);
    STET_BOTH(nan_is_in_no_range);
    CHECK(expected(stet::in_range(1, 65535)) == "must be in 1..65535");
    CHECK(expected(stet::in_range(0, 0.5)) == "must be in 0..0.5");
}

TEST_CASE("min(low), max(high)") {
    STET_BOTH(min_and_max);
    CHECK(expected(stet::min(3)) == "must be at least 3");
    CHECK(expected(stet::max(0.25)) == "must be at most 0.25");
}

TEST_CASE("length(low, high), not_empty") {
    STET_BOTH(length_and_not_empty);
    CHECK(holds(stet::length(1, 2), std::vector<std::string>{"a"}));
    CHECK(expected(stet::length(3, 8)) == "must have 3..8 elements");
    CHECK(expected(stet::length(8)) == "must have at most 8 elements");
    CHECK(expected(stet::not_empty) == "must not be empty");
}

TEST_CASE("one_of(values...)") {
    STET_BOTH(one_of_compares_with_each);
    CHECK(holds(stet::one_of("a", "b"), std::string("b")));
    CHECK(expected(stet::one_of("debug", "info")) == "must be one of \"debug\", \"info\"");
    CHECK(expected(stet::one_of(true)) == "must be one of true");
    CHECK(expected(stet::one_of(1, 2)) == "must be one of 1, 2");
}

TEST_CASE("rules of an optional field hold for what is in it") {
    STET_BOTH(an_absent_value_breaks_no_rule_but_not_empty);
}

TEST_CASE("satisfies(sentence, predicate)") {
    STET_BOTH(any_predicate_is_a_rule);
    CHECK(expected(stet::satisfies("must be even", [](int value) { return value % 2 == 0; })) == "must be even");
}

TEST_CASE("rules without state cost no byte") {
    static_assert(std::is_empty_v<stet::NotEmpty>);
    CHECK(sizeof(stet::each(stet::not_empty)) == 1);
    CHECK(sizeof(stet::warning(stet::not_empty)) == 1);
}

TEST_CASE("rules: floats in the order of their bits are in the order of their values, and NaN is in none") {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    constexpr float all[] = {-infinity, -1e30F, -2.5F, -1.0F,       -1e-45F, -0.0F,    0.0F, 1e-45F,
                             0.1F,      1.0F,   2.5F,  16777216.0F, 1e30F,   infinity, nan,  -nan};
    for (const float a : all)
        for (const float b : all) CHECK(stet::detail::not_greater_in_order(a, b) == (a <= b));
    static_assert(stet::detail::not_greater_in_order(-0.0F, 0.0F) && stet::detail::not_greater_in_order(0.0F, -0.0F));
    static_assert(!stet::detail::not_greater_in_order(0.0F, nan) && !stet::detail::not_greater_in_order(-nan, 0.0F));
}
