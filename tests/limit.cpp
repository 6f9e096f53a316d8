#include <stet/limit.hpp>

#include <stet/history.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <type_traits>

using stet::History;
using stet::Limit;

namespace {

struct Point {
    int x = 0, y = 0;
};
enum { as_enumerator = 8 };

template <class T, std::size_t N>
using Alias = History<T, N>;
template <class T, std::size_t N, class Kept>
struct Owner {
    History<T, N, Kept> history{T{}};
};

template <class T, Limit N, class Kept, class Rules>
constexpr std::size_t room(const History<T, N, Kept, Rules>&) {
    return N.in_bytes > 0 ? N.in_bytes : N.states;
}

}  // namespace

TEST_CASE("Limit: a count is one and the same in every spelling") {
    using Eight = History<Point, 8>;
    static_assert(std::is_same_v<Eight, History<Point, 8U>>);
    static_assert(std::is_same_v<Eight, History<Point, std::size_t{8}>>);
    static_assert(std::is_same_v<Eight, History<Point, static_cast<signed char>(8)>>);
    static_assert(std::is_same_v<Eight, History<Point, as_enumerator>>);
    static_assert(std::is_same_v<Eight, History<Point, std::integral_constant<int, 8>{}>>);
    static_assert(std::is_same_v<Eight, Alias<Point, 8>>);
    static_assert(std::is_same_v<Eight, decltype(Owner<Point, 8, stet::Automatic>::history)>);
    static_assert(!std::is_same_v<Eight, History<Point, stet::bytes{8}>>);
    static_assert(std::is_same_v<History<Point, stet::bytes{64}>, History<Point, Limit(stet::bytes{64})>>);
    static_assert(!std::is_constructible_v<Limit, double>);
    static_assert(!std::is_constructible_v<Limit, const char*>);
    static_assert(Limit(-1).states == 0);  // which History refuses
    CHECK(sizeof(Eight) == sizeof(Alias<Point, 8>));
}

TEST_CASE("Limit: a function takes histories of any size") {
    constexpr History<Point, 8> eight{Point{}};
    static_assert(room(eight) == 8);
    const History<Point, stet::bytes{64}> in_bytes{Point{}};
    CHECK(room(in_bytes) == 64);
}
