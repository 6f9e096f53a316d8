#include <stet/with/nlohmann_json/cbor.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using stet::detail::CborWriter;
using stet::detail::JsonWriter;

namespace {

// What is written, if it is what nlohmann's library would write. All kinds of values:
// tests/with/nlohmann_json/text.cpp.
template <class V>
std::string cbor_of(const V& value) {
    std::string bytes;
    CborWriter{}.write(bytes, value);
    CHECK(bytes == stet::detail::to_cbor(JsonWriter{}.write(value)));
    stet::detail::Json again;
    CHECK(stet::detail::from_cbor(bytes, again));
    CHECK(again == JsonWriter{}.write(value));
    return bytes;
}
std::string bytes(std::string_view chars) { return std::string(chars); }

struct LongNames {
    int of_twenty_three_charact = 1;
    int of_twenty_four_character = 2;
    int x = -1;
};

}  // namespace

TEST_SUITE("CborWriter") {
    using namespace std::string_view_literals;

    TEST_CASE("CborWriter: whole numbers take as few bytes as there are") {
        CHECK(cbor_of(0) == bytes("\x00"sv));
        CHECK(cbor_of(23) == "\x17");
        CHECK(cbor_of(24) == "\x18\x18");
        CHECK(cbor_of(256) == bytes("\x19\x01\x00"sv));
        CHECK(cbor_of(-1) == "\x20");
        CHECK(cbor_of(-24) == "\x37");
        CHECK(cbor_of(-25) == "\x38\x18");
        for (unsigned bit = 0; bit < 64; ++bit)
            for (const std::uint64_t off : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
                const std::uint64_t number = (std::uint64_t{1} << bit) + off;
                cbor_of(number);
                cbor_of(static_cast<std::int64_t>(number));
                cbor_of(static_cast<std::int64_t>(~number));
                cbor_of(static_cast<std::int8_t>(number));
                cbor_of(static_cast<std::uint16_t>(number));
            }
    }

    TEST_CASE("CborWriter: so do the lengths of texts, lists and objects") {
        CHECK(cbor_of(std::string("ab")) ==
              "\x62"
              "ab");
        CHECK(cbor_of(std::vector<bool>{true, false}) == "\x82\xf5\xf4");
        for (const std::size_t size : {0U, 1U, 23U, 24U, 25U, 255U, 256U, 257U, 65535U, 65536U}) {
            CAPTURE(size);
            cbor_of(std::string(size, 'x'));
            cbor_of(std::vector<int>(size, 7));
        }
        std::map<std::string, int> map;
        while (map.size() < 300) {
            cbor_of(map);
            map[std::string(map.size(), 'k')] = 1;
        }
        CHECK(cbor_of(LongNames{}) ==
              "\xa3\x78\x18of_twenty_four_character\x02\x77of_twenty_three_charact\x01\x61x\x20");
    }

    TEST_CASE("CborWriter: floating-point numbers") {
        for (const double number : {0.0, -0.0, 0.1, 1.0, 1e300, 5e-324, 3.5, 16777217.0, 3.4e38, 3.5e38})
            for (const double one : {number, -number}) {
                cbor_of(one);
                cbor_of(static_cast<float>(number > 3.4e38 ? 1.5 : one));
            }
        cbor_of(std::numeric_limits<double>::infinity());
        cbor_of(-std::numeric_limits<float>::infinity());
        cbor_of(std::numeric_limits<double>::quiet_NaN());
        cbor_of(std::vector<double>{1, 0.1, -0.0});
    }
}
