#include <stet/patch/flat_patch.hpp>

#include <stet/patch/patch.hpp>

#include "../both.hpp"
#include "../every_kind.hpp"
#include "../reflect/corners.hpp"

#include <type_traits>

using every::Flat;
using every::Point;

namespace {

// Says of one member only.
class Listed {
public:
    Listed() = default;
    Listed(int seen, int unseen) : seen_(seen), unseen_(unseen) {}
    int seen() const { return seen_; }
    int unseen() const { return unseen_; }
    static constexpr auto members() { return stet::members<&Listed::seen_>; }

private:
    int seen_ = 0;
    int unseen_ = 0;
};
struct HoldsListed {
    Listed listed;
    int z = 0;
};

struct Bytes {  // all of it is one run of bytes
    std::array<std::uint8_t, 64> data{};
};

template <std::size_t Count>
struct Large {
    std::array<std::array<int, Count>, 2> table{};
};

struct Sensor {
    int value = 0;
    int raw = 0;
    static constexpr auto schema() { return stet::fields(stet::field<&Sensor::raw>(stet::transient)); }
};
struct Board {
    std::array<Sensor, 2> sensors{};
    std::optional<Sensor> spare;
};
struct Locked {
    std::array<int, 2> pair{};
    std::array<int, 2> open{};
    static constexpr auto schema() { return stet::fields(stet::field<&Locked::pair>(stet::indivisible)); }
};

constexpr bool changes_of_a_hundred_fields() {
    struct Numbers {
        std::array<int, 3> few{};
        double real = 0;
        Bytes bytes;
    };
    Numbers b;
    b.bytes.data[63] = 1;
    const auto patch = stet::diff(Numbers{}, b);
    return patch.size() == 1 && patch.leaves()[2] && !patch.leaves()[0];
}

constexpr bool elements_are_shown_and_not_whole_arrays() {
    Flat b;
    b.grid[1][0].x = 5;
    bool right = false;
    std::size_t calls = 0;
    stet::diff(Flat{}, b).visit([&]<class A, class B>(const stet::PathView& path, const A& before, const B& after) {
        ++calls;
        if constexpr (std::is_same_v<A, int> && std::is_same_v<B, int>)
            right = before == 0 && after == 5 && path.parent()->index() == 0 && path.parent()->parent()->index() == 1;
    });
    return right && calls == 1;
}

constexpr bool transient_fields_are_no_change_and_stay() {
    const auto patch = stet::diff(Sensor{1, 2}, Sensor{3, 4});
    const auto result = stet::apply(patch, Sensor{1, 7});
    return stet::diff(Sensor{1, 2}, Sensor{1, 3}).empty() && patch.size() == 1 && result && result->value == 3 &&
           result->raw == 7;
}

constexpr bool what_is_not_changed_stays() {
    const auto result = stet::apply(stet::diff(Point{0, 0}, Point{1, 0}), Point{0, 5});
    return result && result->x == 1 && result->y == 5;
}

}  // namespace

TEST_CASE("FlatPatch") {
    static_assert(std::is_trivially_copyable_v<stet::Patch<Flat>>);
    static_assert(sizeof(stet::Patch<Point>) == sizeof(std::size_t) + 2 * sizeof(Point));
    STET_BOTH(changes_of_a_hundred_fields);
    STET_BOTH(elements_are_shown_and_not_whole_arrays);
    STET_BOTH(transient_fields_are_no_change_and_stay);
    STET_BOTH(what_is_not_changed_stays);
}

TEST_CASE("FlatPatch of more leaves than a word has bits") {
    struct Many {
        corners::Of<std::array<int, 2>, Large<4>> first;
        corners::Of<Point, Point> more[1];
    };
    struct Pairs {
        std::array<Point, 4> p0, p1;
        Point a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9;
        Point c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9;
    };
    static_assert(!stet::reflectable<Many>);
    static_assert(stet::leaf_count<Pairs> == 82);
    Pairs a;
    Pairs b;
    b.d9.y = 1;
    b.c0.x = 2;
    const auto patch = stet::diff(a, b);
    CHECK(patch.size() == 2);
    const auto result = stet::apply(patch, a);
    REQUIRE(result);
    CHECK(result->d9.y == 1);
    CHECK(result->c0.x == 2);
    CHECK(stet::apply(patch.inverted(), *result)->d9.y == 0);
}

TEST_CASE("FlatPatch leaves transient fields inside arrays and optionals as they are") {
    Board a;
    Board b;
    b.sensors[0].value = 1;
    b.sensors[0].raw = 10;
    Board value;
    value.sensors[0].raw = 77;
    value.sensors[1].raw = 78;
    const auto result = stet::apply(stet::diff(a, b), value);
    REQUIRE(result);
    CHECK(result->sensors[0].value == 1);
    CHECK(result->sensors[0].raw == 77);
    CHECK(result->sensors[1].raw == 78);
    a.spare = Sensor{1, 1};
    b.spare = Sensor{2, 2};
    value.spare = Sensor{1, 79};
    const auto spare = stet::apply(stet::diff(a, b), value);
    REQUIRE(spare);
    CHECK(spare->spare->value == 2);
    CHECK(spare->spare->raw == 79);
}

TEST_CASE("FlatPatch fits a change of another element of the same array, as every patch does") {
    Board a;
    Board b;
    b.sensors[0].value = 1;
    Board other;
    other.sensors[1].value = 5;
    const auto result = stet::apply(stet::diff(a, b), other);
    REQUIRE(result);
    CHECK(result->sensors[0].value == 1);
    CHECK(result->sensors[1].value == 5);
}

TEST_CASE("FlatPatch does not fit where the same element was changed, or an indivisible array anywhere") {
    Board a;
    Board b;
    b.sensors[0].value = 1;
    Board other;
    other.sensors[0].value = 2;
    CHECK(stet::apply(stet::diff(a, b), other).error().subject() == "sensors");
    a.spare = b.spare = other.spare = Sensor{1, 0};
    b.spare->value = 2;
    other = a;
    other.spare->value = 3;
    b.sensors = {};
    CHECK(stet::apply(stet::diff(a, b), other).error().subject() == "spare");
    const auto locked = stet::diff(Locked{{1, 1}, {1, 1}}, Locked{{2, 1}, {2, 1}});
    CHECK(stet::apply(locked, Locked{{1, 1}, {1, 5}}).has_value());
    const auto misfit = stet::apply(locked, Locked{{1, 5}, {1, 1}});
    REQUIRE_FALSE(misfit);
    CHECK(misfit.error().subject() == "pair");
}

TEST_CASE("FlatPatch: of an element's fields, those that it does not change need not be as they were") {
    struct Corner {
        int x = 0, y = 0, z = 0;
    };
    struct Way {
        std::array<Corner, 2> points{};
    };
    Way b;
    b.points[1].y = 1;
    Way other;
    other.points[1].x = 5;
    other.points[1].z = 6;
    const auto result = stet::apply(stet::diff(Way{}, b), other);
    REQUIRE(result);
    CHECK(result->points[1].x == 5);
    CHECK(result->points[1].y == 1);
    CHECK(result->points[1].z == 6);
    CHECK(stet::apply(stet::diff(Way{}, b).inverted(), *result)->points[1].y == 0);
}

TEST_CASE("FlatPatch leaves members that a class does not list as they are") {
    static_assert(stet::flat<HoldsListed>);
    const HoldsListed before{{1, 10}, 0};
    const auto after = stet::apply(stet::diff(before, HoldsListed{{2, 20}, 0}), before);
    REQUIRE(after);
    CHECK((after->listed.seen() == 2 && after->listed.unseen() == 10));
}
