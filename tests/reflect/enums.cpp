#include <stet/reflect/enums.hpp>

#include "../both.hpp"

#include <cstdint>

using stet::enum_name;
using stet::enum_value;

namespace {

enum class Mode { off, eco, full };
enum Unscoped { red, green = 5, blue };  // no fixed type: only 0 to 7 are values
enum class Switch : bool { open, closed };
enum class Half : bool { no };
enum class Signed : std::int8_t { lowest = -128, minus = -16, below = -17, zero = 0, most = 127 };
enum class Bytes : std::uint8_t { none, last = 127, beyond = 200 };
enum class Wide : std::int64_t { small = 3, huge = 1'000'000'000'000 };
enum class Twins { first = 1, second = 1 };
enum class Letters : char { a = 'a', b = 'b' };
enum class Größe { klein, groß };
enum class Empty {};
enum UnscopedNegative { cold = -3, warm = 3 };

struct Outer {
    enum class Inner { one, two };
};
template <class T>
struct Of {
    enum class Kind { plain, other };
};

constexpr bool names_are_those_of_the_source() {
    return enum_name(Mode::off) == "off" && enum_name(Mode::full) == "full" && enum_name(Outer::Inner::two) == "two" &&
           enum_name(Of<int>::Kind::other) == "other" && enum_name(Letters::b) == "b" &&
           enum_name(static_cast<Letters>('c')).empty();
}

constexpr bool unscoped_enums_without_a_type() {
    return enum_name(red) == "red" && enum_name(green) == "green" && enum_name(blue) == "blue" &&
           enum_name(static_cast<Unscoped>(3)).empty() && enum_name(cold) == "cold" && enum_name(warm) == "warm";
}

constexpr bool enums_on_bool() {
    Switch value = Switch::open;
    return enum_name(Switch::open) == "open" && enum_name(Switch::closed) == "closed" && enum_name(Half::no) == "no" &&
           enum_name(static_cast<Half>(true)).empty() && enum_value("closed", value) && value == Switch::closed;
}

constexpr bool enumerators_outside_of_the_range_have_no_name() {
    return enum_name(Signed::minus) == "minus" && enum_name(Signed::most) == "most" &&
           enum_name(Signed::below).empty() && enum_name(Signed::lowest).empty() && enum_name(Bytes::last) == "last" &&
           enum_name(Bytes::beyond).empty() && enum_name(Wide::small) == "small" && enum_name(Wide::huge).empty();
}

constexpr bool numbers_that_are_no_enumerator_have_no_name() {
    return enum_name(static_cast<Mode>(3)).empty() && enum_name(static_cast<Mode>(-1)).empty() &&
           enum_name(static_cast<Empty>(0)).empty();
}

constexpr bool values_are_found_by_name() {
    Mode mode = Mode::off;
    const bool found = enum_value("eco", mode) && mode == Mode::eco;
    return found && !enum_value("", mode) && !enum_value("Eco", mode) && !enum_value("ec", mode) &&
           !enum_value("Mode::full", mode) && mode == Mode::eco;
}

constexpr bool twins_are_found_by_one_name() {
    Twins value{};
    return enum_name(Twins::second) == enum_name(Twins::first) && enum_value(enum_name(Twins::first), value) &&
           value == Twins::first;
}

}  // namespace

TEST_CASE("enum_name(value)") {
    STET_BOTH(names_are_those_of_the_source);
    STET_BOTH(unscoped_enums_without_a_type);
    STET_BOTH(enums_on_bool);
    STET_BOTH(enumerators_outside_of_the_range_have_no_name);
    STET_BOTH(numbers_that_are_no_enumerator_have_no_name);
    static_assert(enum_name(Größe::groß) == "gro\u00df");
}

TEST_CASE("enum_name(value) of a local enum") {
    enum class Local { here, there };
    static_assert(enum_name(Local::there) == "there");
    CHECK(enum_name(Local::here) == "here");
}

TEST_CASE("enum_value(name, value)") {
    STET_BOTH(values_are_found_by_name);
    STET_BOTH(twins_are_found_by_one_name);
}
