#include <stet/with/nlohmann_json/text.hpp>

#include <stet/with/nlohmann_json/cbor.hpp>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

using stet::field;
using stet::Secrets;
using stet::detail::CborWriter;
using stet::detail::JsonText;
using stet::detail::JsonWriter;
using Strings = std::vector<std::string>;

namespace {

// What is written, if it is what nlohmann's library would write, whatever is left out; as CBOR, too.
template <class V>
std::string text_of(const V& value, Secrets secrets = Secrets::keep, bool with_transient = true) {
    for (const Secrets kept : {Secrets::keep, Secrets::redact})
        for (const bool all : {true, false}) {
            std::string text = "before ";
            JsonText{kept, all}.write(text, value);
            const nlohmann::json json = JsonWriter{kept, all}.write(value);
            CHECK(text == "before " + json.dump());
            std::string bytes = "before ";
            CborWriter{kept, all}.write(bytes, value);
            CHECK(bytes == "before " + stet::detail::to_cbor(json));
        }
    std::string text;
    JsonText{secrets, with_transient}.write(text, value);
    return text;
}

enum class Colour : std::uint8_t { red, green, blue };
struct Place {  // with a form of its own
    int x = 0;
    int y = 0;
    auto operator<=>(const Place&) const = default;
};
struct Empty {};
struct Pair {
    int second = 2;
    int first = 1;
};
struct Names {
    int b = 1;
    int a = 2;
    int B = 3;
    int ab = 4;
    int a1 = 5;
    int a_ = 6;
    int _ = 7;
    Pair Z;
    Pair aa;
    std::vector<Pair> z{{}, {}};
};
struct Umlauts {
    int größe = 1;
    int zzz = 2;
    int a = 3;
    int grz = 4;
};
struct Left {
    int same = 1;
};
struct Right {
    int same = 2;
    int other = 3;
};
struct Twins : Left, Right {  // two members of one name
    static constexpr auto members() { return stet::members<&Twins::Left::same, &Right::other, &Right::same>; }
};
struct Login {
    std::string user = "root";
    std::string password = "hunter2";
    std::uint64_t at = 5;
    static constexpr auto schema() {
        return stet::fields(field<&Login::password>(stet::secret), field<&Login::at>(stet::transient));
    }
};
struct Marked {
    Login login;
    std::vector<Login> others{{}, {}};
    std::map<std::string, Login> by_name{{"a", {}}};
    Pair hidden;
    Place place;
    std::optional<Login> maybe{Login{}};
    double ratio = 0.5;
    int a_cache = 7;
    std::vector<int> z_cache{1};
    static constexpr auto schema() {
        return stet::fields(field<&Marked::hidden>(stet::secret), field<&Marked::place>(stet::secret),
                            field<&Marked::ratio>(stet::secret), field<&Marked::a_cache>(stet::transient),
                            field<&Marked::z_cache>(stet::transient, stet::secret));
    }
};
struct Gone {
    int a = 1;
    int b = 2;
    int* pointer = nullptr;  // has no form
    static constexpr auto schema() {
        return stet::fields(field<"a">(stet::transient), field<"b">(stet::transient),
                            field<"pointer">(stet::transient));
    }
};
struct Tree {
    std::string name;
    std::vector<Tree> children;
};

}  // namespace

template <>
struct stet::JsonFormat<Place> {
    static nlohmann::json write(const Place& place) { return {{"y", place.y}, {"x", {place.x, nullptr}}}; }
    static bool read(const nlohmann::json&, Place&) { return false; }
};

TEST_SUITE("JsonText") {
    TEST_CASE("JsonText: numbers") {
        CHECK(text_of(true) == "true");
        CHECK(text_of(false) == "false");
        CHECK(text_of(0) == "0");
        CHECK(text_of(std::int8_t{-128}) == "-128");
        CHECK(text_of(std::uint8_t{200}) == "200");
        CHECK(text_of(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
        CHECK(text_of(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
        CHECK(text_of(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
        CHECK(text_of(u8'a') == "97");
        CHECK(text_of(U'\U0010ffff') == "1114111");
        CHECK(text_of(L'x') == "120");
        CHECK(text_of(0.0) == "0.0");
        CHECK(text_of(-0.0) == "-0.0");
        CHECK(text_of(-0.0F) == "-0.0");
        CHECK(text_of(0.1F) == "0.1");
        CHECK(text_of(1e300) == "1e+300");
        CHECK(text_of(std::numeric_limits<double>::denorm_min()) == "5e-324");
        CHECK(text_of(std::numeric_limits<double>::quiet_NaN()) == "\"NaN\"");
        CHECK(text_of(-std::numeric_limits<float>::infinity()) == "\"-Infinity\"");
        CHECK(text_of(std::vector<double>{1, -0.0, 1e21}) == "[1.0,-0.0,1e+21]");
        CHECK(text_of(std::array<float, 2>{0.1F, 2}) == "[0.1,2.0]");
    }

    TEST_CASE("JsonText: every single char, and every byte as a text, between others and at the end") {
        for (int byte = 0; byte < 256; ++byte) {
            CAPTURE(byte);
            const char c = static_cast<char>(static_cast<unsigned char>(byte));
            text_of(c);
            text_of(std::string(1, c));
            text_of(std::string("ab") + c + "cd");
            text_of(std::string("\"\\ab") + c);
        }
        CHECK(text_of('"') == R"("\"")");
        CHECK(text_of(static_cast<char>(200)) == "200");
        CHECK(text_of(std::vector<char>{'a', '\n', static_cast<char>(128)}) == R"(["a","\n",128])");
    }

    TEST_CASE("JsonText: texts") {
        CHECK(text_of(std::string()) == R"("")");
        CHECK(text_of(std::string("plain ~")) == R"("plain ~")");
        CHECK(text_of(std::string(R"(")")) == R"("\"")");
        CHECK(text_of(std::string(R"(\\"")")) == R"("\\\\\"\"")");
        CHECK(text_of(std::string(R"(a "b" \c\)")) == R"("a \"b\" \\c\\")");
        CHECK(text_of(std::string("\b\t\n\f\r\v\x1f")) == R"("\b\t\n\f\r\u000b\u001f")");
        CHECK(text_of(std::string("a\0b", 3)) == R"("a\u0000b")");
        CHECK(text_of(std::string("\x7f")) == "\"\x7f\"");
        CHECK(text_of(std::string("gr\u00fc\u00df \u20ac \U0001f600")) == "\"gr\u00fc\u00df \u20ac \U0001f600\"");
        CHECK(text_of(std::string("\"\xff")) == "\"\uFFFDhex:22ff\"");
        CHECK(text_of(std::string("\"\\ and then \xc3")).starts_with("\"\uFFFDhex:225c"));
        CHECK(text_of(std::string("\uFFFDhex:61")) == "\"\uFFFDhex:efbfbd6865783a3631\"");
        CHECK(text_of(std::string(5000, '"')).size() == 10002);
        CHECK(text_of(std::string_view("view")) == R"("view")");
    }

    TEST_CASE("JsonText: enumerators, with a name and without") {
        CHECK(text_of(Colour::blue) == R"("blue")");
        CHECK(text_of(static_cast<Colour>(77)) == "77");
        CHECK(text_of(std::map<Colour, int>{{Colour::red, 1}, {Colour::green, 2}, {static_cast<Colour>(77), 3}}) ==
              R"({"77":3,"green":2,"red":1})");
    }

    TEST_CASE("JsonText: the fields of a struct are in the order of their names") {
        CHECK(text_of(Pair{}) == R"({"first":1,"second":2})");
        CHECK(text_of(Names{}) ==
              R"({"B":3,"Z":{"first":1,"second":2},"_":7,"a":2,"a1":5,"a_":6,"aa":{"first":1,"second":2},"ab":4,"b":1,)"
              R"("z":[{"first":1,"second":2},{"first":1,"second":2}]})");
        CHECK(text_of(Umlauts{}) == "{\"a\":3,\"grz\":4,\"gr\u00f6\u00dfe\":1,\"zzz\":2}");
        CHECK(text_of(Empty{}) == "{}");
        CHECK(text_of(std::pair<int, std::string>{1, "x"}) == R"({"first":1,"second":"x"})");
        CHECK(text_of(Tree{"a", {{"b", {}}, {"c", {{"d", {}}}}}}) ==
              R"({"children":[{"children":[],"name":"b"},{"children":[{"children":[],"name":"d"}],"name":"c"}],)"
              R"("name":"a"})");
    }

    TEST_CASE("JsonText: of two fields of one name there is the first") {
        CHECK(text_of(Twins{}) == R"({"other":3,"same":1})");
        CHECK(text_of(std::vector<Twins>(2)) == R"([{"other":3,"same":1},{"other":3,"same":1}])");
    }

    TEST_CASE("JsonText: secrets are dots where that is wanted, transient fields are left out where that is") {
        CHECK(text_of(Login{}) == R"({"at":5,"password":"hunter2","user":"root"})");
        CHECK(text_of(Login{}, Secrets::redact, false) == "{\"password\":\"\u2022\u2022\u2022\",\"user\":\"root\"}");
        const std::string redacted = text_of(Marked{}, Secrets::redact, false);
        CHECK(redacted.find("hunter2") == std::string::npos);
        CHECK(redacted.find("cache") == std::string::npos);
        CHECK(redacted.find("\"hidden\":{\"first\":\"\u2022\u2022\u2022\",\"second\":\"\u2022\u2022\u2022\"}") !=
              std::string::npos);
        CHECK(redacted.find("\"place\":\"\u2022\u2022\u2022\",\"ratio\":\"\u2022\u2022\u2022\"}") != std::string::npos);
        CHECK(text_of(Marked{}).find(R"("z_cache":[1]})") != std::string::npos);
        CHECK(text_of(Gone{}) == R"({"a":1,"b":2})");
        CHECK(text_of(Gone{}, Secrets::keep, false) == "{}");
    }

    TEST_CASE("JsonText: optionals") {
        CHECK(text_of(std::optional<int>{}) == "null");
        CHECK(text_of(std::optional<int>{3}) == "3");
        CHECK(text_of(std::optional<std::optional<int>>{}) == "null");
        CHECK(text_of(std::optional<std::optional<int>>{std::optional<int>{}}) == "[null]");
        CHECK(text_of(std::optional<std::optional<std::string>>{"a"}) == R"(["a"])");
        CHECK(text_of(std::optional<Place>{Place{}}) == R"([{"x":[0,null],"y":0}])");
        CHECK(text_of(std::optional<std::variant<int, std::string>>{"a"}) == R"([{"alternative":1,"value":"a"}])");
    }

    TEST_CASE("JsonText: variants") {
        using Either = std::variant<std::monostate, int, Login, std::vector<Pair>, std::optional<int>>;
        CHECK(text_of(Either{}) == R"({"alternative":0,"value":{}})");
        CHECK(text_of(Either{-1}) == R"({"alternative":1,"value":-1})");
        CHECK(text_of(Either{Login{}}, Secrets::redact, false) ==
              "{\"alternative\":2,\"value\":{\"password\":\"\u2022\u2022\u2022\",\"user\":\"root\"}}");
        CHECK(text_of(Either{std::vector<Pair>(1)}) == R"({"alternative":3,"value":[{"first":1,"second":2}]})");
        CHECK(text_of(Either{std::optional<int>{}}) == R"({"alternative":4,"value":null})");

        struct Throws {
            std::string value = "a";
            explicit Throws(bool now) {
                if (now) throw 1;
            }
            static constexpr auto members() { return stet::members<&Throws::value>; }
        };
        std::variant<int, Throws> without{1};
        CHECK_THROWS_AS(without.emplace<Throws>(true), int);
        CHECK(text_of(without) == "null");
        without.emplace<Throws>(false);
        CHECK(text_of(without) == R"({"alternative":1,"value":{"value":"a"}})");
    }

    TEST_CASE("JsonText: sequences, arrays and sets") {
        CHECK(text_of(std::vector<int>{}) == "[]");
        CHECK(text_of(std::array<int, 0>{}) == "[]");
        CHECK(text_of(std::array<int, 2>{1, 2}) == "[1,2]");
        CHECK(text_of(std::list<std::string>{"a", "\""}) == R"(["a","\""])");
        CHECK(text_of(std::deque<std::vector<int>>{{1}, {}, {2, 3}}) == "[[1],[],[2,3]]");
        CHECK(text_of(std::vector<bool>{true, false}) == "[true,false]");
        CHECK(text_of(std::vector<double>{}) == "[]");
        CHECK(text_of(std::set<int>{3, 1, 20}) == "[1,3,20]");
        CHECK(text_of(std::set<int, std::greater<>>{3, 1, 20}) == "[20,3,1]");
        CHECK(text_of(std::set<std::string>{}) == "[]");
        for (const std::unordered_set<int>& set : {std::unordered_set<int>{20, 3, 1}, {1, 3, 20}})
            CHECK(text_of(set) == "[1,3,20]");
        CHECK(text_of(std::unordered_set<std::string>{"b", "a", "\n"}) == R"(["\n","a","b"])");
    }

    TEST_CASE("JsonText: maps are in the order of their keys as they stand in JSON") {
        CHECK(text_of(std::map<std::string, int>{}) == "{}");
        CHECK(text_of(std::map<std::string, int>{{"b", 1}, {"a", 2}}) == R"({"a":2,"b":1})");
        CHECK(text_of(std::map<std::string, int, std::less<>>{{"b", 1}, {"", 2}}) == R"({"":2,"b":1})");
        CHECK(text_of(std::map<std::string, int, std::greater<>>{{"b", 1}, {"a", 2}}) == R"({"a":2,"b":1})");
        CHECK(text_of(std::map<std::string, Login>{{"x", {}}}, Secrets::redact, false) ==
              "{\"x\":{\"password\":\"\u2022\u2022\u2022\",\"user\":\"root\"}}");
        // Escapes and characters that are no ASCII stay where they are; bytes go where their marker is.
        CHECK(text_of(std::map<std::string, int>{{"\x01", 1}, {"\"", 2}, {"\\", 3}, {"\x7f", 4}, {"\u00fc", 5}}) ==
              "{\"\\u0001\":1,\"\\\"\":2,\"\\\\\":3,\"\x7f\":4,\"\u00fc\":5}");
        CHECK(text_of(std::map<std::string, int>{{"\x80", 1}, {"\u00fc", 2}, {"a", 3}}) ==
              "{\"a\":3,\"\u00fc\":2,\"\uFFFDhex:80\":1}");
        CHECK(text_of(std::map<std::string, int>{{"\uFFFDhex:80", 1}, {"\uFFFDa", 2}, {"\xff", 3}}) ==
              "{\"\uFFFDa\":2,\"\uFFFDhex:efbfbd6865783a3830\":1,\"\uFFFDhex:ff\":3}");
        CHECK(text_of(std::map<std::string, std::map<std::string, int>>{{"a", {{"\xff", 1}}}, {"b", {{"c", 2}}}}) ==
              "{\"a\":{\"\uFFFDhex:ff\":1},\"b\":{\"c\":2}}");
        CHECK(text_of(std::unordered_map<std::string, int>{{"b", 1}, {"a", 2}, {"c", 3}}) == R"({"a":2,"b":1,"c":3})");
        CHECK(text_of(std::map<int, int>{{2, 1}, {10, 2}, {-1, 3}}) == R"({"-1":3,"10":2,"2":1})");
        CHECK(text_of(std::map<bool, int>{{true, 1}, {false, 2}}) == "[[false,2],[true,1]]");
        CHECK(text_of(std::map<Place, int>{}) == "[]");
        CHECK(text_of(std::map<Place, int>{{{2, 1}, 3}, {{10, 1}, 4}}) ==
              R"([[{"x":[2,null],"y":1},3],[{"x":[10,null],"y":1},4]])");
        CHECK(text_of(std::map<std::pair<int, int>, std::string>{{{1, 2}, "a"}}) ==
              R"([[{"first":1,"second":2},"a"]])");
    }

    TEST_CASE("JsonText: what has a form of its own") {
        CHECK(text_of(Place{1, 2}) == R"({"x":[1,null],"y":2})");
        CHECK(text_of(std::chrono::milliseconds(250)) == "250");
        CHECK(text_of(std::vector<Place>{{1, 2}, {}}) == R"([{"x":[1,null],"y":2},{"x":[0,null],"y":0}])");
    }
}
