#include <stet/shortest.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <charconv>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace {

template <class N>
std::string shortest(N number) {
    char text[32];
    return std::string(text, stet::detail::write_shortest(text, number));
}
template <class N>
std::string by_standard(N number) {
    char text[400];
    return std::string(text, std::to_chars(text, text + sizeof text, number).ptr);
}

}  // namespace

TEST_CASE("write_shortest: as std::to_chars, of any number") {
    std::mt19937_64 random(7);
    for (int i = 0; i < 2000; ++i) {
        const auto bits = random();
        const auto real = std::bit_cast<double>(bits);
        const auto small = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        if (real == real) REQUIRE(shortest(real) == by_standard(real));
        if (small == small) REQUIRE(shortest(small) == by_standard(small));
    }
}

TEST_CASE("write_shortest: as std::to_chars, of the numbers that people write, and of those at the edges") {
    for (int i = -20'000; i < 20'000; i += 7) {
        REQUIRE(shortest(i / 100.0) == by_standard(i / 100.0));
        REQUIRE(shortest(static_cast<float>(i) / 8) == by_standard(static_cast<float>(i) / 8));
    }
    double tens = 1e-30;
    for (int i = -30; i < 40; ++i, tens *= 10) {
        REQUIRE(shortest(tens) == by_standard(tens));
        REQUIRE(shortest(static_cast<float>(tens)) == by_standard(static_cast<float>(tens)));
        REQUIRE(shortest(tens * 123456789) == by_standard(tens * 123456789));
    }
    for (int bit = 0; bit < 64; ++bit) {
        const auto power = std::bit_cast<double>(std::uint64_t{1} << static_cast<unsigned>(bit));
        REQUIRE(shortest(power) == by_standard(power));
        const auto whole = static_cast<double>(std::uint64_t{1} << static_cast<unsigned>(bit));
        REQUIRE(shortest(whole) == by_standard(whole));
        REQUIRE(shortest(-whole - 1) == by_standard(-whole - 1));
        REQUIRE(shortest(static_cast<float>(whole)) == by_standard(static_cast<float>(whole)));
    }
    using Limits = std::numeric_limits<double>;
    for (const double edge : {0.0, -0.0, Limits::min(), Limits::max(), Limits::denorm_min(), Limits::infinity(),
                              -Limits::infinity(), Limits::epsilon(), 9007199254740993.0, 5e-324, 1.5, 1e23, 2e22})
        CHECK(shortest(edge) == by_standard(edge));
    CHECK(shortest(Limits::quiet_NaN()) == "nan");
    CHECK(shortest(std::numeric_limits<float>::max()) == "3.4028235e+38");
    CHECK(shortest(std::numeric_limits<float>::denorm_min()) == "1e-45");
}
