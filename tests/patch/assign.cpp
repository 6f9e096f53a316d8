#include <stet/patch/assign.hpp>

#include "../both.hpp"

#include <stet/schema/violations.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

using stet::detail::assign;
using stet::detail::can_assign;
using stet::detail::make_draft;
using stet::detail::number_fits;

namespace {

enum class Mode : std::uint8_t { off, eco };

constexpr bool whole_numbers() {
    return number_fits<std::uint8_t>(255) && !number_fits<std::uint8_t>(256) && !number_fits<std::uint8_t>(-1) &&
           number_fits<std::int8_t>(-128) && !number_fits<std::int8_t>(-129) && !number_fits<std::int8_t>(128U) &&
           !number_fits<int>(std::numeric_limits<unsigned>::max()) && !number_fits<unsigned>(-1) &&
           !number_fits<std::int64_t>(std::numeric_limits<std::uint64_t>::max()) &&
           number_fits<std::uint64_t>(std::numeric_limits<std::uint64_t>::max()) &&
           !number_fits<std::uint64_t>(std::numeric_limits<std::int64_t>::min()) && number_fits<char>(65) &&
           !number_fits<std::uint32_t>(std::int64_t{1} << 32) && number_fits<std::int64_t>(std::uint32_t{0xFFFFFFFF});
}
constexpr bool real_numbers() {
    return number_fits<int>(3.0) && !number_fits<int>(3.5) && !number_fits<int>(3e9) && number_fits<unsigned>(3e9) &&
           !number_fits<unsigned>(-3.0) && !number_fits<int>(std::numeric_limits<double>::quiet_NaN()) &&
           !number_fits<std::int64_t>(std::numeric_limits<double>::infinity()) && !number_fits<std::int64_t>(1e300) &&
           number_fits<std::int64_t>(9007199254740992.0) && number_fits<float>(0.1) && number_fits<double>(7) &&
           number_fits<int>(2.0F) && !number_fits<std::uint8_t>(256.0F);
}
constexpr bool assigned() {
    std::uint8_t byte = 1;
    Mode mode = Mode::off;
    double real = 0;
    std::optional<std::uint8_t> maybe;
    return assign(byte, 200) && byte == 200 && !assign(byte, 300) && byte == 200 && assign(mode, "eco") &&
           mode == Mode::eco && !assign(mode, "full") && mode == Mode::eco && assign(mode, Mode::off) &&
           assign(real, 1) && real == 1.0 && assign(maybe, 7) && maybe == 7 && !assign(maybe, 700) && maybe == 7 &&
           assign(maybe, std::nullopt) && !maybe;
}

template <class T>
struct Box {
    T value;
};

}  // namespace

TEST_CASE("number_fits: whole numbers") { STET_BOTH(whole_numbers); }
TEST_CASE("number_fits: real numbers") { STET_BOTH(real_numbers); }
TEST_CASE("assign: false where it does not fit, and the target is as it was") { STET_BOTH(assigned); }

TEST_CASE("can_assign: what could ever become a value of the field") {
    static_assert(can_assign<int, double>() && can_assign<std::uint8_t, long>() && can_assign<float, int>());
    static_assert(!can_assign<int, bool>() && !can_assign<bool, int>() && can_assign<bool, bool>());
    static_assert(!can_assign<int, const char*>() && !can_assign<bool, const char*>());
    static_assert(can_assign<std::string, const char*>() && can_assign<std::string, std::string_view>());
    static_assert(!can_assign<std::string, int>() && !can_assign<std::string, char>() &&
                  !can_assign<std::string, bool>());
    static_assert(can_assign<Mode, Mode>() && can_assign<Mode, const char*>() && !can_assign<Mode, int>());
    static_assert(can_assign<std::optional<int>, int>() && can_assign<std::optional<int>, long>() &&
                  can_assign<std::optional<int>, std::nullopt_t>() && !can_assign<std::optional<int>, bool>());
    static_assert(can_assign<std::optional<std::string>, const char*>() &&
                  !can_assign<std::optional<std::string>, int>());
    static_assert(can_assign<std::vector<int>, std::vector<int>>() && !can_assign<std::vector<int>, int>());
    static_assert(can_assign<std::variant<int, std::string>, int>());
    static_assert(can_assign<Box<int>, Box<int>>() && !can_assign<Box<int>, Box<long>>());
    CHECK(can_assign<int, int>());
}

TEST_CASE("assign: texts, containers, variants") {
    std::string text;
    CHECK(assign(text, "a"));
    CHECK(text == "a");
    std::optional<std::string> maybe;
    CHECK(assign(maybe, "b"));
    CHECK(*maybe == "b");
    std::variant<int, std::string> either = 1;
    CHECK(assign(either, std::string("c")));
    CHECK(either.index() == 1);
    std::vector<int> list{1};
    std::vector<int> other{1, 2, 3};
    CHECK(assign(list, std::move(other)));
    CHECK(list.size() == 3);
    CHECK(other.empty());  // it was taken
    Mode mode = Mode::off;
    CHECK(assign(mode, std::string("eco")));
    CHECK(mode == Mode::eco);
}

TEST_CASE("make_draft: void, bool or a result") {
    int draft = 0;
    const auto nothing = [](int& value) { value = 1; };
    const auto yes = [](int& value) { return value == 1; };
    const auto no = [](int&) { return false; };
    const auto error = [](int&) -> stet::Result<int> {
        return stet::Failure(stet::Error(stet::Errc::no_such_field, "x"));
    };
    CHECK(make_draft<stet::Error>(nothing, draft));
    CHECK(draft == 1);
    CHECK(make_draft<stet::Error>(yes, draft));
    CHECK(make_draft<stet::Error>(no, draft).error().code() == stet::Errc::gave_up);
    CHECK(make_draft<stet::Error>(error, draft).error().subject() == "x");
}

TEST_CASE("number_fits: the ends of each range, from either sign, and zero") {
    using stet::detail::number_fits;
    CHECK(number_fits<int>(0));
    CHECK(number_fits<int>(0U));
    CHECK(number_fits<unsigned>(0U));
    CHECK(number_fits<unsigned>(0));
    CHECK(number_fits<std::int8_t>(-128));
    CHECK(number_fits<std::int8_t>(127U));
    CHECK_FALSE(number_fits<std::int8_t>(-129));
    CHECK_FALSE(number_fits<std::int8_t>(128U));
    CHECK_FALSE(number_fits<std::int8_t>(255U));
    CHECK(number_fits<std::uint8_t>(255));
    CHECK_FALSE(number_fits<std::uint8_t>(256));
    CHECK_FALSE(number_fits<std::uint8_t>(-1));
    CHECK_FALSE(number_fits<unsigned>(-1));
    CHECK_FALSE(number_fits<int>(4'000'000'000U));
    CHECK(number_fits<std::uint64_t>(18'446'744'073'709'551'615ULL));
    CHECK_FALSE(number_fits<std::int64_t>(18'446'744'073'709'551'615ULL));
    CHECK(number_fits<int>(3.0));
    CHECK_FALSE(number_fits<int>(3.5));
    CHECK_FALSE(number_fits<int>(3e9));
}
