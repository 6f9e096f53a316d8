#include <stet/schema/leaves.hpp>

#include "../both.hpp"
#include "../reflect/corners.hpp"

#include <string>
#include <type_traits>
#include <variant>

using stet::field;
using stet::leaf_count;
using stet::leaf_path;
using stet::leaf_type;
using stet::detail::LeafMask;
using stet::detail::LeafRange;

namespace {

struct Colour {
    float r = 0, g = 0, b = 0;
};
struct Point {
    int x = 0;
    int y = 0;
};
struct Line {
    Point from;
    Point to;
};
struct Drawing {
    std::string title;
    Line line;
    Colour colour;
    Line locked;
    std::array<Point, 2> corners{};
    std::optional<Point> centre;
    corners::None nothing;
    int last = 0;
    static constexpr auto schema() {
        return stet::fields(field<&Drawing::locked>(stet::indivisible), field<"line.to">(stet::secret),
                            field<&Drawing::last>(stet::transient));
    }
};

}  // namespace

template <>
inline constexpr bool stet::is_indivisible<Colour> = true;

namespace {

template <auto Named, class T = Drawing>
constexpr stet::detail::LeafRange range() {
    return stet::detail::leaf_table<T>.range(stet::detail::resolve<T>(Named));
}

constexpr bool nested_structs_open_and_nothing_else_does() {
    return leaf_count<Drawing> == 10 && leaf_path<Drawing, 0>() == "title" &&
           leaf_path<Drawing, 1>() == "line.from.x" && leaf_path<Drawing, 4>() == "line.to.y" &&
           leaf_path<Drawing, 5>() == "colour" && leaf_path<Drawing, 6>() == "locked" &&
           leaf_path<Drawing, 7>() == "corners" && leaf_path<Drawing, 8>() == "centre" &&
           leaf_path<Drawing, 9>() == "last";
}

constexpr bool leaves_are_read_and_written() {
    Line line;
    stet::get_leaf<3>(line) = 5;
    const Line& constant = line;
    return line.to.y == 5 && stet::get_leaf<3>(constant) == 5;
}

constexpr bool a_field_has_a_run_of_leaves() {
    const auto line = range<field<"line">>();
    const auto to = range<field<"line.to">>();
    const auto inside_indivisible = range<field<"locked.from.x">>();
    return line.first == 1 && line.count == 4 && to.first == 3 && to.count == 2 && inside_indivisible.first == 6 &&
           inside_indivisible.count == 1 && range<field<"nothing">>().count == 0 && line.contains(4) &&
           !line.contains(5) && !line.contains(0);
}

constexpr bool attributes_are_those_of_the_leaf() {
    using stet::detail::leaf_marks;
    return leaf_marks<Drawing, 6>.indivisible && leaf_marks<Drawing, 3>.secret && leaf_marks<Drawing, 4>.secret &&
           !leaf_marks<Drawing, 2>.secret && leaf_marks<Drawing, 9>.transient && !leaf_marks<Drawing, 0>.transient;
}

constexpr bool a_leaf_is_found_by_its_number() {
    for (std::size_t leaf = 0; leaf < leaf_count<Drawing>; ++leaf) {
        const auto number = []<std::size_t L>() { return L; };
        if (stet::detail::with_leaf<Drawing, stet::detail::Among::all>(leaf, number) != leaf) return false;
        // a transient one is none that a patch asks for
        if (stet::detail::with_leaf<Drawing>(leaf, number) != (leaf == 9 ? 0 : leaf)) return false;
    }
    return stet::detail::leaf_paths<Drawing>.of[5] == "colour";
}

constexpr bool masks_work_beyond_a_word() {
    using Mask = LeafMask<corners::Hundred>;
    Mask one;
    Mask other;
    const bool nothing = !one.any() && !one.intersects(other);
    one.set(63);
    one.set(64);
    other.set(99);
    const bool apart = one.any() && one[63] && one[64] && !one[65] && !one[0] && !one.intersects(other);
    other.set(stet::detail::LeafRange{60, 10});
    other.set_if(0, false);
    other.set_if(1, true);
    Mask late;
    late.set_if(70, true);
    Mask last;
    last.set(LeafRange{66, 5});
    const bool common = late[70] && !late[6] && late.first_common(last) == 70 && last.first_common(Mask{}) == 100;
    return common && nothing && apart && one.intersects(other) && other[60] && other[69] && !other[70] && !other[59] &&
           !other[0] && other[1] && Mask::all()[99] && Mask::all()[0] && !(one == other) && one == one;
}

}  // namespace

TEST_CASE("leaf_count<T>, leaf_path<T, L>()") {
    STET_BOTH(nested_structs_open_and_nothing_else_does);
    static_assert(leaf_count<corners::None> == 0);
    static_assert(leaf_count<corners::One> == 1);
    static_assert(leaf_count<const corners::Settings> == 6);
    static_assert(leaf_count<corners::Hundred> == 100);
    static_assert(leaf_count<corners::Tree> == 3);
    static_assert(leaf_count<std::pair<Point, int>> == 3);
    CHECK(leaf_path<const corners::Settings, 3>() == "llm.temperature");
}

TEST_CASE("leaf_type<T, L>, get_leaf<L>(value)") {
    STET_BOTH(leaves_are_read_and_written);
    static_assert(std::is_same_v<leaf_type<Drawing, 0>, std::string>);
    static_assert(std::is_same_v<leaf_type<Drawing, 5>, Colour>);
    static_assert(std::is_same_v<leaf_type<Drawing, 6>, Line>);
    static_assert(std::is_same_v<leaf_type<const Drawing, 1>, int>);
    Drawing drawing;
    CHECK(&stet::get_leaf<4>(drawing) == &drawing.line.to.y);
}

TEST_CASE("LeafTable::range(path)") { STET_BOTH(a_field_has_a_run_of_leaves); }

TEST_CASE("leaf_marks<T, L>") { STET_BOTH(attributes_are_those_of_the_leaf); }

TEST_CASE("with_leaf<T>(number, f)") { STET_BOTH(a_leaf_is_found_by_its_number); }

TEST_CASE("LeafMask<T>") {
    STET_BOTH(masks_work_beyond_a_word);
    static_assert(sizeof(LeafMask<Line>) == sizeof(std::size_t));
    CHECK_FALSE(LeafMask<corners::None>::all().any());
}
