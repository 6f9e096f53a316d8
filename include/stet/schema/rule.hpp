#pragma once
// Rules: what must hold for a field. A rule is called with the value and knows how to say what would be right.

#include <stet/config.hpp>
#include <stet/reflect/kinds.hpp>
#include <stet/schema/attribute.hpp>
#include <stet/schema/schema.hpp>
#include <stet/text.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

/// An error stops a commit; a warning is reported and lets it pass.
enum class Severity : std::uint8_t { error, warning };

namespace detail {

template <class N>
constexpr auto as_number(N value) {
    if constexpr (std::is_enum_v<N>) return as_number(static_cast<std::underlying_type_t<N>>(value));
    else if constexpr (std::is_floating_point_v<N>) return value;
    else if constexpr (std::is_same_v<N, bool> || sizeof(N) < sizeof(int)) return static_cast<int>(value);
    else return value;
}
// A float as an integer in the same order, in which -0 and 0 are one; NaN lies beyond the infinities.
constexpr std::int32_t order_of(float value) {
    const auto bits = std::bit_cast<std::int32_t>(value);
    const std::int32_t sign = bits >> 31;
    return ((bits & 0x7FFFFFFF) ^ sign) - sign;
}
// For who has no unit for floats, and would have to link what stands in for it.
STET_NO_INLINE constexpr bool not_greater_in_order(float low, float high) {
    constexpr std::int32_t infinity = 0x7F800000;
    const std::int32_t a = order_of(low);
    const std::int32_t b = order_of(high);
    return a <= b && a >= -infinity && b <= infinity;  // which no NaN is between
}
// Exact between signed and unsigned; false where one side is not a number.
template <class A, class B>
constexpr bool not_greater(A a, B b) {
    const auto x = as_number(a);
    const auto y = as_number(b);
    if constexpr (soft_floats && std::is_same_v<decltype(x), const float> && std::is_same_v<decltype(y), const float>)
        return not_greater_in_order(x, y);
    else if constexpr (std::is_integral_v<decltype(x)> && std::is_integral_v<decltype(y)>)
        return std::cmp_less_equal(x, y);
    else return static_cast<long double>(x) <= static_cast<long double>(y);
}
template <class V>
concept numeric = std::is_arithmetic_v<V> || std::is_enum_v<V>;
template <class V>
concept sized = requires(const V& value) {
    { value.size() } -> std::convertible_to<std::size_t>;
};

template <class V>
void write_operand(const Writer& out, const V& value) {
    if constexpr (std::is_convertible_v<const V&, std::string_view>) out << '"' << std::string_view(value) << '"';
    else if constexpr (std::is_same_v<V, bool>) out << (value ? "true" : "false");
    else if constexpr (numeric<V>) out << as_number(value);
    else out << "...";
}

}  // namespace detail

template <class A, class B>
struct InRange {
    A low;
    B high;
    static constexpr std::string_view name = "in_range";
    template <detail::numeric V>
    constexpr bool operator()(const V& value) const {
        return detail::not_greater(low, value) && detail::not_greater(value, high);
    }
    void expected(const Writer& out) const {
        out << "must be in ";
        detail::write_operand(out, low);
        out << "..";
        detail::write_operand(out, high);
    }
};

template <class N>
struct AtLeast {
    N low;
    static constexpr std::string_view name = "min";
    template <detail::numeric V>
    constexpr bool operator()(const V& value) const {
        return detail::not_greater(low, value);
    }
    void expected(const Writer& out) const {
        out << "must be at least ";
        detail::write_operand(out, low);
    }
};

template <class N>
struct AtMost {
    N high;
    static constexpr std::string_view name = "max";
    template <detail::numeric V>
    constexpr bool operator()(const V& value) const {
        return detail::not_greater(value, high);
    }
    void expected(const Writer& out) const {
        out << "must be at most ";
        detail::write_operand(out, high);
    }
};

struct Length {
    std::size_t low, high;
    static constexpr std::string_view name = "length";
    template <detail::sized V>
    constexpr bool operator()(const V& value) const {
        return value.size() >= low && value.size() <= high;
    }
    void expected(const Writer& out) const {
        if (low == 0) out << "must have at most " << high << " elements";
        else out << "must have " << low << ".." << high << " elements";
    }
};

struct NotEmpty {
    static constexpr std::string_view name = "not_empty";
    template <class V>
        requires(detail::sized<V> || optional_like<V>)
    constexpr bool operator()(const V& value) const {
        if constexpr (optional_like<V>) return value.has_value();
        else return value.size() != 0;
    }
    void expected(const Writer& out) const { out << "must not be empty"; }
};

template <class Option, std::size_t Count>
struct OneOf {
    Option options[Count];
    static constexpr std::string_view name = "one_of";
    template <class V>
        requires requires(const V& value, const Option& option) { value == option; }
    constexpr bool operator()(const V& value) const {
        for (const Option& option : options)
            if (value == option) return true;
        return false;
    }
    void expected(const Writer& out) const {
        out << "must be one of ";
        for (std::size_t i = 0; i < Count; ++i) {
            if (i > 0) out << ", ";
            detail::write_operand(out, options[i]);
        }
    }
};

template <class F>
struct Satisfies {
    std::string_view sentence;
    STET_NO_UNIQUE_ADDRESS F predicate;
    static constexpr std::string_view name = "satisfies";
    template <class V>
        requires std::is_invocable_r_v<bool, const F&, const V&>
    constexpr bool operator()(const V& value) const {
        return static_cast<bool>(predicate(value));
    }
    void expected(const Writer& out) const { out << sentence; }
};

template <class Rule>
struct Each {
    STET_NO_UNIQUE_ADDRESS Rule rule;
};

template <class Rule>
struct Warning {
    STET_NO_UNIQUE_ADDRESS Rule rule;
};

/// A rule over several fields of one struct.
template <class F, class... Fields>
struct CrossCheck {
    std::string_view sentence;
    STET_NO_UNIQUE_ADDRESS F predicate;
    static constexpr std::string_view name = "check";
    void expected(const Writer& out) const { out << sentence; }
};

/// A number from `low` to `high`, both included; NaN is in no range.
template <class A, class B>
constexpr InRange<A, B> in_range(A low, B high) {
    return {low, high};
}
/// A number of at least `low`, or at most `high`; NaN is neither.
template <class N>
constexpr AtLeast<N>(min)(N low) {
    return {low};
}
template <class N>
constexpr AtMost<N>(max)(N high) {
    return {high};
}
/// Number of characters or elements.
constexpr Length length(std::size_t low, std::size_t high) { return {low, high}; }
constexpr Length length(std::size_t high) { return {0, high}; }
inline constexpr NotEmpty not_empty{};
/// One of the values given; texts are kept as views, so give literals.
template <class First, class... Rest>
constexpr auto one_of(First first, Rest... rest) {
    using Option = std::conditional_t<std::is_convertible_v<First, std::string_view>, std::string_view, First>;
    return OneOf<Option, 1 + sizeof...(Rest)>{{static_cast<Option>(first), static_cast<Option>(rest)...}};
}
/// Any predicate, with the sentence that says what would be right: `satisfies("must be even", is_even)`.
template <class F>
constexpr Satisfies<F> satisfies(std::string_view sentence, F predicate) {
    return {sentence, predicate};
}
/// A rule for every element of a container or array.
template <class Rule>
constexpr Each<Rule> each(Rule rule) {
    return {rule};
}
/// A rule that reports and does not refuse.
template <class Rule>
constexpr Warning<Rule> warning(Rule rule) {
    return {rule};
}
/// A rule over several fields: `check<"min", "max">("min must not exceed max", [](int a, int b) { return a <= b; })`.
template <Step... Names, class F>
    requires(sizeof...(Names) > 0)
constexpr CrossCheck<F, Field<Names>...> check(std::string_view sentence, F predicate) {
    return {sentence, predicate};
}

/// Rules that belong to one `Versioned` or `History` and not to the type: `rules(field<"path">(file_exists))`. They may
/// have state; they live as long as their owner.
template <class... Items>
struct Rules {
    STET_NO_UNIQUE_ADDRESS detail::Pack<Items...> items;
};
template <class... Items>
constexpr Rules<Items...> rules(Items... items) {
    return {detail::make_pack(items...)};
}

namespace detail {

template <class T>
concept says_expected = requires(const T& rule, const Writer& out) {
    rule.expected(out);
    { T::name } -> std::convertible_to<std::string_view>;
};

// A bare predicate as a rule.
template <class F>
struct Bare {
    static void expected(const Writer& out) { out << "must satisfy its rule"; }
};

enum class RuleFit { fits, inside_optional, no };

template <class Rule, class V>
constexpr RuleFit rule_fit() {
    if constexpr (std::is_invocable_v<const Rule&, const V&>) return RuleFit::fits;
    else if constexpr (optional_like<V>) return RuleFit::inside_optional;
    else return RuleFit::no;
}

template <class Rule, class V>
constexpr bool holds(const Rule& rule, const V& value) {
    constexpr RuleFit fit = rule_fit<Rule, V>();
    require_fit<fit == RuleFit::no ? Misfit::rule : Misfit::no, Rule, V>();
    if constexpr (fit == RuleFit::fits) return static_cast<bool>(rule(value));
    else if constexpr (fit == RuleFit::inside_optional) return !value.has_value() || holds(rule, *value);
    else return true;
}

}  // namespace detail
}  // namespace stet
