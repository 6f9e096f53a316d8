#include <stet/patch/equal.hpp>

#include "../both.hpp"
#include "../every_kind.hpp"

#include <complex>
#include <limits>
#include <string>

using stet::equal;
using stet::field;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

template <class V>
struct Holds {
    V value{};
};
template <class V>
constexpr bool same(V a, V b) {
    return equal(Holds<V>{a}, Holds<V>{b}) && equal(Holds<V>{b}, Holds<V>{a});
}
template <class V>
constexpr bool differ(V a, V b) {
    return !equal(Holds<V>{a}, Holds<V>{b}) && !equal(Holds<V>{b}, Holds<V>{a});
}

struct Padded {  // bytes between the fields that mean nothing
    char c = 0;
    double d = 0;
    std::int8_t e = 0;
};
struct Cached {
    int value = 0;
    int cache = 0;
    static constexpr auto schema() { return stet::fields(field<&Cached::cache>(stet::transient)); }
};
struct NoEquals {  // operator== is not asked for
    int a = 0;
    std::array<Cached, 2> more{};
};

constexpr bool nan_equals_any_nan_and_zeros_differ() {
    return same(not_a_number, not_a_number) && same(not_a_number, -not_a_number) &&
           same(std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::quiet_NaN()) &&
           differ(0.0, -0.0) && differ(0.0F, -0.0F) && differ(not_a_number, 0.0) && same(inf, inf) &&
           differ(inf, -inf) && same(0.1, 0.1);
}

constexpr bool numbers_and_enums() {
    return same(1, 1) && differ(1, 2) && same(true, true) && differ(true, false) &&
           differ(every::Mode::off, every::Mode::eco) && differ<std::uint64_t>(1, std::uint64_t{1} << 63) &&
           same('a', 'a');
}

constexpr bool absent_and_zero_differ() {
    using Maybe = std::optional<int>;
    return differ(Maybe(), Maybe(0)) && same(Maybe(), Maybe()) && differ(Maybe(1), Maybe(2)) &&
           same(std::optional<double>(not_a_number), std::optional<double>(not_a_number)) &&
           differ(std::optional<Maybe>(Maybe()), std::optional<Maybe>());
}

constexpr bool variants_by_alternative() {
    using Either = std::variant<int, double, every::Nothing>;
    return differ(Either(1), Either(1.0)) && same(Either(not_a_number), Either(not_a_number)) &&
           differ(Either(0.0), Either(-0.0)) && same(Either(every::Nothing{}), Either(every::Nothing{}));
}

constexpr bool transient_fields_do_not_count() {
    return equal(Cached{1, 2}, Cached{1, 3}) && !equal(Cached{1, 2}, Cached{2, 2}) &&
           equal(NoEquals{1, {Cached{1, 2}, Cached{3, 4}}}, NoEquals{1, {Cached{1, 5}, Cached{3, 6}}});
}

constexpr bool structs_and_arrays() {
    return same(every::Point{1, 2}, every::Point{1, 2}) && differ(every::Point{1, 2}, every::Point{1, 3}) &&
           same(every::Colour{1, 2, 3}, every::Colour{1, 2, 3}) &&
           differ(every::Colour{0, 0, 0}, every::Colour{0, 0, -0.0F}) &&
           same(std::array<double, 2>{not_a_number, 1}, std::array<double, 2>{not_a_number, 1}) &&
           differ(std::array<double, 2>{not_a_number, 0.0}, std::array<double, 2>{not_a_number, -0.0}) &&
           same(every::Nothing{}, every::Nothing{});
}

}  // namespace

TEST_CASE("equal(a, b) of numbers") {
    STET_BOTH(nan_equals_any_nan_and_zeros_differ);
    STET_BOTH(numbers_and_enums);
    CHECK(same(static_cast<long double>(not_a_number), static_cast<long double>(not_a_number)));
    CHECK(differ(0.0L, -0.0L));
}

TEST_CASE("equal(a, b) of optionals and variants") {
    STET_BOTH(absent_and_zero_differ);
    STET_BOTH(variants_by_alternative);
}

TEST_CASE("equal(a, b) of structs and arrays") {
    STET_BOTH(structs_and_arrays);
    STET_BOTH(transient_fields_do_not_count);
}

TEST_CASE("equal(a, b) does not look at padding") {
    alignas(Padded) unsigned char ones[sizeof(Padded)];
    alignas(Padded) unsigned char zeros[sizeof(Padded)];
    std::memset(ones, 0xFF, sizeof ones);
    std::memset(zeros, 0, sizeof zeros);
    auto* const a = ::new (ones) Padded;
    auto* const b = ::new (zeros) Padded;
    a->c = b->c = 'x';
    a->d = b->d = 0.5;
    a->e = b->e = 3;
    CHECK(equal(*a, *b));
}

TEST_CASE("equal(a, b) of texts and containers") {
    using Texts = std::vector<std::string>;
    CHECK(same<Texts>({"a", ""}, {"a", ""}));
    CHECK(differ<Texts>({"a"}, {"a", ""}));
    CHECK(differ<Texts>({}, {""}));
    CHECK(differ(std::string("a\0b", 3), std::string("a\0c", 3)));
    CHECK(same<std::vector<double>>({not_a_number, 1}, {not_a_number, 1}));
    CHECK(differ<std::vector<double>>({0.0}, {-0.0}));
    CHECK(same<std::vector<int>>({}, {}));
    CHECK(same<std::list<double>>({not_a_number}, {not_a_number}));
    CHECK(differ<std::deque<every::Point>>({{1, 2}}, {{1, 3}}));
    CHECK(same<std::map<std::string, double>>({{"a", not_a_number}}, {{"a", not_a_number}}));
    CHECK(differ<std::map<std::string, double>>({{"a", 1}}, {{"b", 1}}));
    CHECK(differ<std::map<std::string, double>>({{"a", 0.0}}, {{"a", -0.0}}));
    CHECK(differ<std::unordered_map<int, int>>({{1, 2}, {3, 4}}, {{1, 2}, {3, 5}}));
    CHECK(same<std::unordered_map<int, int>>({{1, 2}, {3, 4}}, {{3, 4}, {1, 2}}));
    CHECK(differ<std::unordered_set<int>>({1, 2}, {1, 3}));
    CHECK(differ<std::set<int>>({1}, {}));
    CHECK(same<std::vector<Cached>>({{1, 2}}, {{1, 3}}));
}

TEST_CASE("equal(a, b) finds a difference anywhere in a large vector") {
    Holds<std::vector<int>> a{std::vector<int>(10000, 7)};
    Holds<std::vector<int>> b = a;
    Holds<std::vector<double>> x{std::vector<double>(3000, not_a_number)};
    Holds<std::vector<double>> y{std::vector<double>(3000, -not_a_number)};
    CHECK(equal(a, b));
    CHECK(equal(x, y));
    for (const std::size_t at : {0U, 1U, 511U, 512U, 513U, 9998U, 9999U}) {
        b.value[at] = 8;
        CHECK_FALSE(equal(a, b));
        b.value[at] = 7;
    }
    y.value[2999] = 0;
    CHECK_FALSE(equal(x, y));
}

TEST_CASE("equal(a, b) of opaque types is their ==") {
    CHECK(same(every::Opaque(1), every::Opaque(1)));
    CHECK(differ(every::Opaque(1), every::Opaque(2)));
    CHECK(same(std::complex<double>(1, 2), std::complex<double>(1, 2)));
}

TEST_CASE("equal(a, b) of a type that is indivisible") {
    CHECK(equal(every::Colour{1, 2, 3}, every::Colour{1, 2, 3}));
    CHECK_FALSE(equal(every::Colour{1, 2, 3}, every::Colour{1, 2, 4}));
}
