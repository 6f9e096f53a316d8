#include <stet/reflect/fields.hpp>

#include "../both.hpp"
#include "corners.hpp"

#include <string>
#include <type_traits>

using stet::field_count;
using stet::field_type;
using stet::get_field;
using stet::reflectable;

namespace {

struct Point {
    int x = 1;
    int y = 2;
};
struct Line {
    Point from;
    Point to;
};

constexpr bool fields_are_read_and_written() {
    Line line;
    get_field<1>(get_field<0>(line)) = 7;
    get_field<1>(line) = Point{3, 4};
    const Line& constant = line;
    return line.from.x == 1 && line.from.y == 7 && line.to.x == 3 && get_field<0>(get_field<1>(constant)) == 3 &&
           &get_field<0>(constant) == &line.from;
}

constexpr bool fields_of_a_pair() {
    std::pair<int, char> pair{1, 'a'};
    get_field<1>(pair) = 'b';
    return get_field<0>(pair) == 1 && pair.second == 'b' && field_count<std::pair<int, char>> == 2;
}

constexpr bool each_field_is_called_once_in_order() {
    std::size_t seen[5]{};
    std::size_t calls = 0;
    stet::detail::for_each_field<corners::Settings>([&]<std::size_t I>() { seen[calls++] = I; });
    for (std::size_t i = 0; i < 5; ++i)
        if (seen[i] != i) return false;
    return calls == 5;
}

}  // namespace

TEST_CASE("reflectable<T>") {
    static_assert(reflectable<corners::Settings>);
    static_assert(reflectable<corners::None>);
    static_assert(reflectable<corners::Hundred>);
    static_assert(reflectable<corners::HoldsNoDefault>);
    static_assert(reflectable<corners::HoldsMoveOnly>);
    static_assert(reflectable<corners::Inside>);
    static_assert(reflectable<corners::Outside>);
    static_assert(reflectable<std::pair<int, std::string>>);
    static_assert(!reflectable<int>);
    static_assert(!reflectable<std::string>);
    static_assert(!reflectable<corners::Private>);
    static_assert(!reflectable<corners::Derived>);
    static_assert(!reflectable<corners::WithCArray>);
    static_assert(!reflectable<corners::HundredAndOne>);
    static_assert(!reflectable<corners::Union>);
    CHECK(reflectable<const corners::Settings>);
}

TEST_CASE("field_count<T>, field_type<T, I>") {
    static_assert(field_count<corners::Settings> == 5);
    static_assert(field_count<const corners::Settings> == 5);
    static_assert(field_count<corners::None> == 0);
    static_assert(field_count<corners::One> == 1);
    static_assert(field_count<corners::Hundred> == 100);
    static_assert(field_count<corners::Inside> == 2);
    static_assert(field_count<corners::Outside> == 2);
    static_assert(field_count<int> == 0);
    static_assert(std::is_same_v<field_type<corners::Settings, 2>, corners::Llm>);
    static_assert(std::is_same_v<field_type<corners::Hundred, 99>, std::string>);
    static_assert(std::is_same_v<field_type<corners::Of<char>, 1>, std::array<char, 2>>);
    static_assert(std::is_same_v<field_type<corners::HoldsConst, 0>, int>);
    static_assert(std::is_same_v<field_type<corners::Tree, 1>, std::vector<corners::Tree>>);
    static_assert(std::is_same_v<field_type<corners::Inside, 1>, std::string>);
    CHECK(field_count<corners::Settings> == 5);
}

TEST_CASE("get_field<I>(value)") {
    STET_BOTH(fields_are_read_and_written);
    STET_BOTH(fields_of_a_pair);
    STET_BOTH(each_field_is_called_once_in_order);
}

TEST_CASE("get_field<I>(value) is the member itself") {
    corners::Settings settings;
    CHECK(&get_field<0>(settings) == &settings.name);
    CHECK(&get_field<4>(settings) == &settings.limits);
    const corners::Settings& constant = settings;
    static_assert(std::is_same_v<decltype(get_field<0>(constant)), const std::string&>);
    static_assert(std::is_same_v<decltype(get_field<0>(settings)), std::string&>);

    corners::Hundred hundred{};
    CHECK(&get_field<0>(hundred) == &hundred.f0);
    CHECK(&get_field<98>(hundred) == &hundred.f98);
    CHECK(&get_field<99>(hundred) == &hundred.last);

    corners::Tags tags{};
    CHECK(&get_field<1>(tags) == &tags.between);
}

TEST_CASE("get_field<I>(value) of members that cannot be made or moved") {
    corners::HoldsNoDefault no_default{1, corners::NoDefault(2), "3"};
    CHECK(get_field<1>(no_default) == corners::NoDefault(2));
    get_field<0>(no_default) = 5;
    CHECK(no_default.before == 5);

    corners::HoldsReferenceLike immovable{};
    CHECK(&get_field<1>(immovable) == &immovable.mutex);
    CHECK(&get_field<2>(immovable) == &immovable.last);

    corners::HoldsMoveOnly owner{std::make_unique<int>(1), 2};
    CHECK(*get_field<0>(owner) == 1);
    CHECK(get_field<1>(owner) == 2);
}

TEST_CASE("get_field<I>(value) where members have initialisers that PFR cannot count") {
    corners::Initialised value;
    CHECK(get_field<0>(value) == std::vector<int>{1, 2});
    CHECK(get_field<1>(value) == "abc");
    CHECK(get_field<2>(value).at("a") == 1);
    CHECK(get_field<3>(value)[2] == 3);
}

TEST_CASE("T::members()") {
    corners::Inside inside(3);
    CHECK(get_field<0>(inside) == 3);
    get_field<0>(inside) = 4;
    CHECK(inside.count() == 4);
}

TEST_CASE("Members<T>") {
    corners::Outside outside(3, 4);
    CHECK(&get_field<0>(outside) == &outside.x_);
    get_field<1>(outside) = 5;
    CHECK(outside.y_ == 5);
}

TEST_CASE("structs of a function, of a template, of an anonymous namespace") {
    struct Local {
        int a = 1;
        corners::Of<std::string> b;
    };
    Local local;
    get_field<0>(get_field<1>(local)) = "text";
    CHECK(local.b.first == "text");
    static_assert(stet::detail::opens<Local>());
    static_assert(field_count<Line> == 2);
}

TEST_CASE("opens<T>") {
    static_assert(stet::detail::opens<corners::Llm>());
    static_assert(stet::detail::opens<std::pair<int, int>>());
    static_assert(!stet::detail::opens<std::string>());
    static_assert(!stet::detail::opens<std::optional<corners::Llm>>());
    static_assert(!stet::detail::opens<corners::WithCArray>());
    CHECK(!stet::detail::opens<int>());
}
