#include <stet/with/nlohmann_json.hpp>

#include <stet/stet.hpp>
#include <stet/with/nlohmann_json/cbor.hpp>

#include "../every_kind.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

using every::dumped;
using every::Every;
using every::Flat;
using stet::field;
using Json = nlohmann::json;

template <>
struct stet::JsonFormat<every::Opaque> {
    static nlohmann::json write(const every::Opaque& value) { return {{"opaque", value.value()}}; }
    static bool read(const nlohmann::json& json, every::Opaque& value) {
        if (!json.is_object() || json.size() != 1 || !json.contains("opaque") || !json["opaque"].is_number_integer())
            return false;
        value = every::Opaque(json["opaque"].get<int>());
        return true;
    }
};

namespace {

enum class Colour : std::uint8_t { red, green, blue };
enum Loose { loose_a = 1, loose_b = 2, loose_c = 4 };

// A place that is written as "x,y" wherever it stands.
struct Place {
    int x = 0;
    int y = 0;
};

struct Login {
    std::string user = "root";
    std::string password = "hunter2";
    static constexpr auto schema() { return stet::fields(field<&Login::password>(stet::secret)); }
};
struct Limits {
    std::uint16_t port = 8080;
    std::int8_t small = 0;
    double ratio = 0.5;
    float share = 0.1F;
};
struct Server {
    std::string name = "bot";
    Limits limits;
    Login login;
    std::vector<Login> others;
    Colour colour = Colour::green;
    std::optional<int> maybe;
    std::map<std::string, int> weights{{"a", 1}};
    std::string token = "t0ken";
    std::uint64_t hits = 7;

    static constexpr auto schema() {
        return stet::fields(field<&Server::token>(stet::secret), field<&Server::hits>(stet::transient),
                            field<"limits.port">(stet::in_range(1, 9999)));
    }
};

template <class V>
std::string json_of(const V& value) {
    return stet::to_json(value).dump();
}
template <class V>
V from(std::string_view json) {
    auto result = stet::parse_json<V>(json);
    REQUIRE_MESSAGE(result.has_value(), json);
    return *std::move(result);
}
/// "path|value|rule|expected" of each violation.
template <class R>
std::vector<std::string> problems(const R& result) {
    std::vector<std::string> all;
    if (result.has_value()) return all;
    CHECK(result.error().code() == stet::Errc::malformed);
    for (const auto& violation : result.error().violations())
        all.push_back(violation.path() + '|' + violation.value() + '|' + violation.rule() + '|' + violation.expected());
    return all;
}
template <class V>
std::vector<std::string> wrong(std::string_view json, stet::JsonInput input = {}) {
    return problems(stet::parse_json<V>(json, input));
}
using Strings = std::vector<std::string>;

std::vector<std::uint8_t> script(std::mt19937& random) {
    std::vector<std::uint8_t> bytes(random() % 120);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return bytes;
}
template <class T>
T edited(T value, std::mt19937& random) {
    every::edit_all(value, script(random));
    return value;
}

}  // namespace

template <>
struct stet::JsonFormat<Place> {
    static constexpr std::string_view expected = "must be x,y";
    static nlohmann::json write(const Place& place) { return std::to_string(place.x) + ',' + std::to_string(place.y); }
    static bool read(const nlohmann::json& json, Place& place) {
        const auto* const chars = json.get_ptr<const std::string*>();
        return chars != nullptr && std::sscanf(chars->c_str(), "%d,%d", &place.x, &place.y) == 2;
    }
};

TEST_SUITE("to_json") {
    TEST_CASE("to_json: every kind has its form") {
        CHECK(json_of(true) == "true");
        CHECK(json_of(-3) == "-3");
        CHECK(json_of(std::uint64_t{18446744073709551615U}) == "18446744073709551615");
        CHECK(json_of(std::int64_t{-9223372036854775807 - 1}) == "-9223372036854775808");
        CHECK(json_of('x') == "\"x\"");
        CHECK(json_of(static_cast<char>(200)) == "200");
        CHECK(json_of(0.5) == "0.5");
        CHECK(json_of(0.1F) == "0.1");
        CHECK(json_of(-0.0) == "-0.0");
        CHECK(json_of(-0.0F) == "-0.0");
        CHECK(json_of(std::nan("")) == "\"NaN\"");
        CHECK(json_of(-std::numeric_limits<float>::infinity()) == "\"-Infinity\"");
        CHECK(json_of(std::numeric_limits<double>::infinity()) == "\"Infinity\"");
        CHECK(json_of(Colour::blue) == "\"blue\"");
        CHECK(json_of(static_cast<Colour>(77)) == "77");
        CHECK(json_of(std::string("a\"b")) == "\"a\\\"b\"");
        CHECK(json_of(std::optional<int>{}) == "null");
        CHECK(json_of(std::optional<int>{3}) == "3");
        CHECK(json_of(std::optional<std::optional<int>>{std::optional<int>{}}) == "[null]");
        CHECK(json_of(std::optional<std::optional<int>>{}) == "null");
        CHECK(json_of(std::variant<int, std::string>{"x"}) == R"({"alternative":1,"value":"x"})");
        CHECK(json_of(std::array<int, 2>{1, 2}) == "[1,2]");
        CHECK(json_of(std::array<int, 0>{}) == "[]");
        CHECK(json_of(std::vector<std::vector<int>>{{1}, {}}) == "[[1],[]]");
        CHECK(json_of(std::set<int>{3, 1}) == "[1,3]");
        CHECK(json_of(std::map<std::string, int>{{"b", 1}, {"a/~", 2}}) == R"({"a/~":2,"b":1})");
        CHECK(json_of(std::map<int, int>{{-1, 1}}) == R"({"-1":1})");
        CHECK(json_of(std::map<Colour, int>{{Colour::red, 1}, {static_cast<Colour>(9), 2}}) == R"({"9":2,"red":1})");
        CHECK(json_of(std::map<bool, int>{{true, 1}}) == "[[true,1]]");
        CHECK(json_of(std::map<std::pair<int, int>, int>{{{1, 2}, 3}}) == R"([[{"first":1,"second":2},3]])");
        CHECK(json_of(std::vector<bool>{true, false}) == "[true,false]");
        CHECK(json_of(std::chrono::milliseconds(250)) == "250");
        CHECK(json_of(std::chrono::sys_days(std::chrono::days(3))) == "3");
        CHECK(json_of(Place{1, 2}) == "\"1,2\"");
        CHECK(json_of(every::Nothing{}) == "{}");
        CHECK(json_of(Limits{}) == R"({"port":8080,"ratio":0.5,"share":0.1,"small":0})");
    }

    TEST_CASE("to_json: what has no order is sorted") {
        std::unordered_set<int> a;
        std::unordered_set<int> b;
        for (int i = 0; i < 40; ++i) {
            a.insert(i);
            b.insert(39 - i);
        }
        CHECK(json_of(a) == json_of(b));
        CHECK(json_of(std::unordered_set<int>{2, 10, 1}) == "[1,2,10]");
        CHECK(json_of(std::unordered_map<bool, int>{{true, 1}, {false, 2}}) == "[[false,2],[true,1]]");
    }

    TEST_CASE("to_json: secrets are dots where that is wanted, wherever they are") {
        Server server;
        server.others.resize(1);
        const std::string kept = stet::to_json(server).dump();
        CHECK(kept.find("hunter2") != std::string::npos);
        CHECK(kept.find("t0ken") != std::string::npos);
        const Json redacted = stet::to_json(server, {.secrets = stet::Secrets::redact});
        CHECK(redacted.dump().find("hunter2") == std::string::npos);
        CHECK(redacted.dump().find("t0ken") == std::string::npos);
        CHECK(redacted["login"]["password"] == stet::secret_dots);
        CHECK(redacted["others"][0]["password"] == stet::secret_dots);
        CHECK(redacted["others"][0]["user"] == "root");
    }

    TEST_CASE("to_json: transient fields are part of a value") { CHECK(stet::to_json(Server{})["hits"] == 7); }

    TEST_CASE("to_json: a transient field that has no form is left out") {
        struct Cached {
            int a = 1;
            int* cache = nullptr;
            static constexpr auto schema() { return stet::fields(field<"cache">(stet::transient)); }
        };
        CHECK(json_of(Cached{}) == R"({"a":1})");
        CHECK(from<Cached>(R"({"a":2})").a == 2);
        CHECK(wrong<Cached>(R"({"a":2,"cache":null})") == Strings{"cache||unknown key|is no field"});
    }

    TEST_CASE("to_json and its siblings are objects, so that argument-dependent look-up does not find them") {
        static_assert(std::is_object_v<decltype(stet::to_json)>);
        static_assert(std::is_object_v<decltype(stet::from_json<int>)>);
        static_assert(std::is_object_v<decltype(stet::json_patch)>);
        static_assert(!std::is_constructible_v<Json, stet::Revision>);
    }
}

TEST_SUITE("from_json") {
    TEST_CASE("from_json: numbers fit exactly, or not at all") {
        CHECK(from<std::uint16_t>("65535") == 65535);
        CHECK(wrong<std::uint16_t>("70000") ==
              Strings{"(document)|70000|out of range|must be a whole number in 0..65535"});
        CHECK(wrong<std::uint16_t>("-1") == Strings{"(document)|-1|out of range|must be a whole number in 0..65535"});
        CHECK(wrong<std::int8_t>("128") == Strings{"(document)|128|out of range|must be a whole number in -128..127"});
        CHECK(wrong<int>("2.5") ==
              Strings{"(document)|2.5|wrong type|must be a whole number in -2147483648..2147483647"});
        CHECK(wrong<int>("1e300")[0].find("out of range") != std::string::npos);
        CHECK(wrong<int>("\"7\"") ==
              Strings{"(document)|\"7\"|wrong type|must be a whole number in -2147483648..2147483647"});
        CHECK(wrong<int>("\"NaN\"").size() == 1);
        CHECK(wrong<int>("true").size() == 1);
        CHECK(wrong<int>("null").size() == 1);
        CHECK(from<int>("3.0") == 3);
        CHECK(from<int>("1e3") == 1000);
        CHECK(from<double>("3") == 3.0);
        CHECK(from<double>("9007199254740992") == 9007199254740992.0);
        CHECK(wrong<double>("9007199254740993") ==
              Strings{"(document)|9007199254740993|out of range|must be a number that a double can hold"});
        CHECK(from<double>("9007199254740994") == 9007199254740994.0);
        CHECK(from<double>("-9223372036854775808") == -9223372036854775808.0);
        CHECK(wrong<double>("18446744073709551615").size() == 1);
        CHECK(from<float>("0.1") == 0.1F);
        CHECK(wrong<float>("1e39") == Strings{"(document)|1e+39|out of range|must be a number that a float can hold"});
        CHECK(wrong<float>("16777217").size() == 1);
        CHECK(wrong<double>("true").size() == 1);
        CHECK(wrong<double>("\"nan\"") == Strings{"(document)|\"nan\"|wrong type|must be a number"});
        CHECK(from<std::uint64_t>("18446744073709551615") == 18446744073709551615U);
        CHECK(wrong<std::int64_t>("18446744073709551615").size() == 1);
        CHECK(std::signbit(from<double>("-0.0")));
        CHECK(std::isnan(from<double>("\"NaN\"")));
        CHECK(from<float>("\"-Infinity\"") == -std::numeric_limits<float>::infinity());
        CHECK(from<bool>("true"));
        CHECK(wrong<bool>("1") == Strings{"(document)|1|wrong type|must be true or false"});
        CHECK(from<char>("\"x\"") == 'x');
        CHECK(static_cast<unsigned char>(from<char>("200")) == 200);
        CHECK(wrong<char>("\"xy\"") == Strings{"(document)|\"xy\"|wrong type|must be one character"});
    }

    TEST_CASE("from_json: every float survives") {
        std::mt19937 random(7);
        for (int i = 0; i < 20000; ++i) {
            const float value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
            const float back = from<float>(json_of(value));
            CHECK_MESSAGE((stet::detail::same(value, back)), value);
        }
    }

    TEST_CASE("from_json: enumerators by name, or by a number that the enum can hold") {
        CHECK(from<Colour>("\"blue\"") == Colour::blue);
        CHECK(from<Colour>("77") == static_cast<Colour>(77));
        CHECK(wrong<Colour>("\"gren\"") ==
              Strings{"(document)|\"gren\"|no such enumerator|must be one of red, green, blue; did you mean 'green'?"});
        CHECK(wrong<Colour>("256") == Strings{"(document)|256|no such enumerator|must be one of red, green, blue"});
        CHECK(wrong<Colour>("true") == Strings{"(document)|true|wrong type|must be one of red, green, blue"});
        CHECK(from<Loose>("6") == static_cast<Loose>(6));
        CHECK(wrong<Loose>("8").size() == 1);
        CHECK(wrong<Loose>("-1").size() == 1);
    }

    TEST_CASE("from_json: all problems at once, each with its path") {
        const auto found = wrong<Server>(R"({
            "naem": "bot", "limits": {"port": 70000, "small": "x", "ratio": 1, "share": 2.5}, "login": 5,
            "others": [{"user": "a", "password": 3}, {"user": 4, "password": "b", "extra": 1}],
            "colour": "rde", "maybe": "x", "weights": {"a/b": 1.5}, "token": [], "Hits": 3})");
        CHECK(found == Strings{"Hits||unknown key|is no field; did you mean 'hits'?",
                               "naem||unknown key|is no field; did you mean 'name'?", "name||missing key|must be there",
                               "limits.port|70000|out of range|must be a whole number in 0..65535",
                               "limits.small|\"x\"|wrong type|must be a whole number in -128..127",
                               "login|a number|wrong type|must be an object",
                               "others[0].password|•••|wrong type|must be a text",
                               "others[1].extra||unknown key|is no field", "others[1].user|4|wrong type|must be a text",
                               "colour|\"rde\"|no such enumerator|must be one of red, green, blue; did you mean 'red'?",
                               "maybe|\"x\"|wrong type|must be a whole number in -2147483648..2147483647",
                               "weights[\"a/b\"]|1.5|wrong type|must be a whole number in -2147483648..2147483647",
                               "token|•••|wrong type|must be a text"});
    }

    TEST_CASE("from_json: missing fields are reported, or keep their default") {
        CHECK(wrong<Limits>(R"({"port": 1})").size() == 3);
        const auto kept = stet::from_json<Server>(Json::parse(R"({"limits": {"port": 1}, "others": [{"user": "x"}]})"),
                                                  {.missing = stet::Missing::keep_default});
        REQUIRE(kept.has_value());
        CHECK(kept->limits.port == 1);
        CHECK(kept->limits.ratio == 0.5);
        CHECK(kept->others.at(0).password == "hunter2");
        CHECK(kept->weights.at("a") == 1);
    }

    TEST_CASE("from_json: a transient field need not be there") {
        Json json = stet::to_json(Server{});
        json["hits"] = 9;
        CHECK(stet::from_json<Server>(json)->hits == 9);
        json.erase("hits");
        CHECK(stet::from_json<Server>(json)->hits == 7);
    }

    TEST_CASE("from_json: what was written without its secret is not read as if dots were the secret") {
        const Json json = stet::to_json(Server{}, {.secrets = stet::Secrets::redact});
        const Strings found = problems(stet::from_json<Server>(json));
        CHECK(found == Strings{"login.password|•••|redacted|was written without its secret; put the real value there",
                               "token|•••|redacted|was written without its secret; put the real value there"});
    }

    TEST_CASE("from_json: the value of a misspelt secret is not shown") {
        const auto result = stet::parse_json<Login>(R"({"user": "u", "passwrod": "hunter3"})");
        REQUIRE(!result.has_value());
        CHECK(stet::text(result.error()).find("hunter3") == std::string::npos);
        CHECK(stet::text(result.error()).find("did you mean 'password'?") != std::string::npos);
    }

    TEST_CASE("from_json: containers") {
        CHECK(wrong<std::vector<int>>("{}") == Strings{"(document)|an object|wrong type|must be an array"});
        CHECK(wrong<std::vector<int>>("[1,\"a\",null]").size() == 2);
        CHECK(wrong<std::array<int, 2>>("[1]") == Strings{"(document)|1 elements|wrong length|must have 2 elements"});
        CHECK(wrong<std::set<int>>("[1,2,1]") == Strings{"[2]|1|duplicate|must not be there twice"});
        CHECK(wrong<std::map<int, int>>(R"({"1":1,"01":2,"x":3,"":4,"99999999999":5})") ==
              Strings{"[\"\"]||no such key|must be a whole number that the key can hold",
                      "[1]||duplicate key|must not be there twice",
                      "[\"99999999999\"]||no such key|must be a whole number that the key can hold",
                      "[\"x\"]||no such key|must be a whole number that the key can hold"});
        CHECK(from<std::map<std::uint64_t, int>>(R"({"18446744073709551615":1})").count(18446744073709551615U) == 1);
        CHECK(wrong<std::map<Colour, int>>(R"({"gren":1})") ==
              Strings{"[\"gren\"]||no such key|must be the name of an enumerator; did you mean 'green'?"});
        CHECK(from<std::map<Colour, int>>(R"({"9":1})").count(static_cast<Colour>(9)) == 1);
        CHECK(wrong<std::map<bool, int>>("[[true,1],[true,2],[1,2],3,[true]]").size() == 4);
        CHECK(from<std::optional<std::optional<int>>>("[null]").has_value());
        CHECK(!from<std::optional<std::optional<int>>>("[null]")->has_value());
        CHECK(wrong<std::optional<std::optional<int>>>("3") ==
              Strings{"(document)|3|wrong type|must be null or an array of one value"});
        using Either = std::variant<int, std::string>;
        CHECK(std::get<1>(from<Either>(R"({"alternative":1,"value":"x"})")) == "x");
        CHECK(wrong<Either>(R"({"alternative":2,"value":"x"})") ==
              Strings{"alternative|2|no such alternative|must be a whole number below 2"});
        CHECK(wrong<Either>(R"({"alternative":-1,"value":"x"})").size() == 1);
        CHECK(wrong<Either>(R"({"alternative":0,"value":"x"})").size() == 1);
        CHECK(wrong<Either>(R"({"alternatve":0})").size() == 3);
        CHECK(wrong<Either>("null").size() == 1);
        CHECK(wrong<std::vector<bool>>("[1]") ==
              Strings{"(document)|an array|wrong type|must be an array of true and false"});
        CHECK(from<std::vector<bool>>("[true]") == std::vector<bool>{true});
        CHECK(from<std::chrono::seconds>("5").count() == 5);
        CHECK(wrong<std::chrono::seconds>("5.5").size() == 1);
        CHECK(from<Place>("\"3,4\"").y == 4);
        CHECK(wrong<Place>("7") == Strings{"(document)|7|wrong type|must be x,y"});
    }

    TEST_CASE("from_json: rules are not run; create does that") {
        auto server = stet::from_json<Server>(Json::parse(R"({"limits": {"port": 0}})"),
                                              {.missing = stet::Missing::keep_default});
        REQUIRE(server.has_value());
        CHECK(!stet::create(*server).has_value());
    }

    TEST_CASE("from_json: how deep is bounded") {
        every::Tree tree;
        every::Tree* at = &tree;
        for (int i = 0; i < 60; ++i) at = &at->children.emplace_back();
        const Json deep = stet::to_json(tree);
        CHECK(problems(stet::from_json<every::Tree>(deep)).size() == 1);
        CHECK(problems(stet::from_json<every::Tree>(deep))[0].find(
                  "|too deep|must not be nested deeper than 100 levels") != std::string::npos);
        CHECK(stet::from_json<every::Tree>(deep, {.depth = 200}).has_value());
    }

    TEST_CASE("from_json: random values of every kind come back") {
        std::mt19937 random(1);
        for (int i = 0; i < 600; ++i) {
            const Every value = edited(edited(Every{}, random), random);
            const auto back = stet::parse_json<Every>(stet::to_json(value).dump());
            REQUIRE_MESSAGE(back.has_value(), stet::to_json(value).dump());
            CHECK(dumped(*back) == dumped(value));
            CHECK(back->cache == value.cache);
            const Flat flat = edited(Flat{}, random);
            const auto flat_back = stet::parse_json<Flat>(stet::to_json(flat).dump());
            REQUIRE(flat_back.has_value());
            CHECK(dumped(*flat_back) == dumped(flat));
        }
    }

    TEST_CASE("from_json: whatever the JSON is, nothing crashes") {
        std::mt19937 random(2);
        const Json other[] = {nullptr,       true,           -1,     1e300,      "NaN",
                              Json::array(), Json::object(), {1, 2}, {{"a", 1}}, Json::binary({1, 2})};
        for (int i = 0; i < 40; ++i) {
            const Json flat = stet::to_json(edited(Every{}, random)).flatten();
            for (const auto& [pointer, leaf] : flat.items()) {
                Json damaged = flat.unflatten();
                const std::string at = random() % 2 != 0 ? pointer : pointer.substr(0, pointer.rfind('/'));
                damaged[Json::json_pointer(at)] = other[random() % std::size(other)];
                const auto result = stet::from_json<Every>(damaged);
                if (!result) CHECK(!result.error().violations().empty());
            }
        }
    }
}

TEST_SUITE("parse_json") {
    TEST_CASE("parse_json: a syntax error has a line and a column") {
        CHECK(wrong<Limits>("{\n  \"port\": 1,,\n}") ==
              Strings{"line 2, column 13||syntax|syntax error while parsing object key - unexpected ','; expected "
                      "string literal"});
        CHECK(wrong<int>("") == Strings{"line 1, column 1||syntax|syntax error while parsing value - unexpected end of "
                                        "input; expected '[', '{', or a literal"});
        CHECK(wrong<int>("1 2")[0].starts_with("line 1, column 3||syntax|"));
        CHECK(wrong<int>("\n\nnul")[0].starts_with("line 3, column "));
        CHECK(wrong<double>("1e999") == Strings{"line 1, column 5||syntax|a number is larger than any double"});
        CHECK(wrong<std::string>("\"\xff\"")[0].find("ill-formed UTF-8") != std::string::npos);
    }
    TEST_CASE("parse_json: a syntax error shows nothing of what was read: it may be a secret") {
        const auto result = stet::parse_json<Login>("{\"password\": \"hunter3\n\"}");
        REQUIRE(!result.has_value());
        CHECK(stet::text(result.error()).find("hunter3") == std::string::npos);
        CHECK(result.error().violations().size() == 1);
    }
    TEST_CASE("parse_json: comments where they are wanted") {
        CHECK(wrong<int>("/* a */ 3 // b").size() == 1);
        CHECK(*stet::parse_json<int>("/* a */ 3 // b", {.comments = true}) == 3);
    }
    TEST_CASE("parse_json: a key that is there twice") {
        CHECK(wrong<std::map<std::string, std::vector<std::map<std::string, int>>>>(
                  R"({"a": [{}, {"b": 1, "b": 2}]})") == Strings{"a[1].b||duplicate key|must not be there twice"});
    }
    TEST_CASE("parse_json: how deep is bounded, and a million brackets do no harm") {
        CHECK(wrong<std::vector<int>>(std::string(1000000, '[')).size() == 1);
        CHECK(wrong<Json>(std::string(100, '[') + std::string(100, ']')).empty());
        CHECK(wrong<Json>("[[[1]]]", {.depth = 2}) ==
              Strings{"[0][0]||too deep|must not be nested deeper than 2 levels"});
    }
    TEST_CASE("parse_json<>: the JSON itself") {
        CHECK(*stet::parse_json<>("[1, {\"a\": null}]") == Json::parse("[1, {\"a\": null}]"));
        CHECK(!stet::parse_json<>("[1").has_value());
    }
}

TEST_SUITE("text") {
    TEST_CASE("to_json: text that is not UTF-8 is kept as hexadecimal digits") {
        using stet::detail::is_utf8;
        for (const std::string good : {"", "abc", "\x7f", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
            CHECK(is_utf8(good));
            CHECK(from<std::string>(json_of(good)) == good);
        }
        for (const std::string bad : {"\x80", "\xc1\x80", "\xc2", "\xc2x", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xef\xbf",
                                      "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xff"}) {
            CHECK(!is_utf8(bad));
            CHECK(from<std::string>(json_of(bad)) == bad);
            const std::map<std::string, int> map{{bad, 1}, {"a", 2}};
            CHECK(from<std::map<std::string, int>>(json_of(map)) == map);
        }
        CHECK(json_of(std::string("a\xff")) == "\"\uFFFDhex:61ff\"");
        const std::string marked = "\uFFFDhex:zz";
        CHECK(from<std::string>(json_of(marked)) == marked);
        CHECK(wrong<std::string>("\"\uFFFDhex:zz\"")[0].find("|wrong type|must have pairs of hexadecimal digits") !=
              std::string::npos);
        CHECK(wrong<std::string>("\"\uFFFDhex:a\"").size() == 1);
        const std::string zero("a\0b", 3);
        CHECK(from<std::string>(json_of(zero)) == zero);
    }
    TEST_CASE("from_json: a text that a field cannot hold is not cut") {
        CHECK(wrong<in_house::String>("\"a\\u0000b\"") ==
              Strings{"(document)|\"a\\x00b\"|out of range|must be a text that the field can hold"});
    }
}

namespace {

template <class T>
void check_patch(const stet::Patch<T>& patch, const T& before) {
    const auto operations = stet::json_patch(patch, before);
    REQUIRE(operations.has_value());
    const auto after = stet::apply(patch, before);
    REQUIRE(after.has_value());
    const std::string expected = stet::to_json(*after).dump();
    const std::string made = stet::to_json(before).patch(*operations).dump();
    CHECK_MESSAGE(made == expected, operations->dump(1));
    CHECK(operations->empty() == patch.empty());
    using Operations = stet::detail::CborOperations;
    CHECK((stet::detail::JsonPatch<T, Operations>(*after, Operations({})).make(patch)) ==
          stet::detail::to_cbor(*operations));
    const auto hidden = stet::json_patch(patch, before, {.secrets = stet::Secrets::redact});
    REQUIRE(hidden.has_value());
    CHECK(stet::to_json(before, {.secrets = stet::Secrets::redact}).patch(*hidden) ==
          stet::to_json(*after, {.secrets = stet::Secrets::redact}));
}

struct Tricky {
    std::map<std::string, std::map<std::string, int>> names;
    std::map<bool, int> flags;
    Place place;
    std::vector<Place> places;
    std::optional<std::vector<int>> maybe;
    Server server;
    std::map<Colour, Server> servers;
    std::vector<std::variant<int, std::vector<int>>> either;
};

}  // namespace

TEST_SUITE("json_patch") {
    TEST_CASE("json_patch: the operations of RFC 6902") {
        Server before;
        Server after = before;
        after.limits.port = 9;
        after.others.resize(2);
        after.weights = {{"a/b~c", 2}};
        after.maybe = 4;
        CHECK(*stet::json_patch(stet::diff(before, after), before) == Json::parse(R"([
            {"op": "replace", "path": "/limits/port", "value": 9},
            {"op": "add", "path": "/others/0", "value": {"user": "root", "password": "hunter2"}},
            {"op": "add", "path": "/others/1", "value": {"user": "root", "password": "hunter2"}},
            {"op": "replace", "path": "/maybe", "value": 4},
            {"op": "remove", "path": "/weights/a"},
            {"op": "add", "path": "/weights/a~1b~0c", "value": 2}])"));
        CHECK(stet::json_patch(stet::diff(before, after), before, {.secrets = stet::Secrets::redact})
                  ->dump()
                  .find("hunter2") == std::string::npos);
    }

    TEST_CASE("json_patch: what the value does not have is a conflict") {
        Server before;
        Server after = before;
        after.limits.port = 9;
        Server other;
        other.limits.port = 8;
        const auto result = stet::json_patch(stet::diff(before, after), other);
        REQUIRE(!result.has_value());
        CHECK(result.error().code() == stet::Errc::patch_conflict);
    }

    TEST_CASE("json_patch: applied to to_json(before) it gives to_json(apply(patch, before)), for random edits") {
        std::mt19937 random(3);
        for (int i = 0; i < 500; ++i) {
            const Every before = edited(Every{}, random);
            const Every after = i % 3 == 0 ? edited(Every{}, random) : edited(before, random);
            const auto patch = stet::diff(before, after);
            check_patch(patch, before);
            const auto there = stet::apply(patch, before);
            REQUIRE(there.has_value());
            check_patch(patch.inverted(), *there);
        }
    }
    TEST_CASE("json_patch: of flat structs, too") {
        std::mt19937 random(4);
        for (int i = 0; i < 500; ++i) {
            const Flat before = edited(Flat{}, random);
            const Flat after = edited(before, random);
            check_patch(stet::diff(before, after), before);
            check_patch(stet::diff(before, after).inverted(), after);
        }
    }
    TEST_CASE("json_patch: keys with any characters, maps without texts as keys, forms of one's own") {
        Tricky before;
        before.names = {{"a/b", {{"x", 1}}}, {"~", {}}, {"\xff", {{"", 1}}}, {".", {{"[]", 3}}}};
        before.flags = {{true, 1}};
        before.places.resize(3);
        before.maybe = {1, 2};
        before.servers[Colour::red];
        before.servers[static_cast<Colour>(99)];
        before.either = {1, std::vector<int>{1, 2}};
        Tricky after = before;
        after.names["a/b"]["x"] = 2;
        after.names["~"]["~0/~1"] = 5;
        after.names["\xff"][""] = 9;
        after.names["."].clear();
        after.flags[false] = 7;
        after.place.x = 4;
        after.places.erase(after.places.begin());
        after.places[1].y = 8;
        after.maybe->push_back(3);
        after.server.others.resize(1);
        after.servers[Colour::red].limits.small = 3;
        after.servers[static_cast<Colour>(99)].colour = Colour::red;
        after.servers[Colour::blue];
        std::get<1>(after.either[1])[0] = 5;
        after.either.insert(after.either.begin(), 3);
        check_patch(stet::diff(before, after), before);
        check_patch(stet::diff(after, before), after);
        check_patch(stet::diff(before, after).inverted(), after);
        CHECK(stet::json_patch(stet::diff(before, after), before)->dump().find("/place/x") == std::string::npos);
        check_patch(stet::diff(Place{1, 2}, Place{3, 4}), Place{1, 2});
    }
}

namespace {

struct TickingClock {
    stet::Time time = 1000;
    stet::Time now() { return time += 10; }
};

/// A record with everything in it: pruned revisions, pins on both sides of the floor, a rollback, a forced commit,
/// metadata.
auto eventful() {
    stet::Versioned settings{Server{}, stet::Memory<Server, 5>{}, TickingClock{}};
    REQUIRE(settings.snapshot("first").has_value());
    REQUIRE(settings.snapshot("again").has_value());
    for (int i = 0; i < 6; ++i) {
        REQUIRE(settings
                    .commit(
                        [&](Server& s) {
                            s.weights["k" + std::to_string(i)] = i;
                            s.others.resize(std::size_t(i) % 3);
                        },
                        {.author = "admin",
                         .reason = "step \xff",
                         .source = "test",
                         .metadata = {{"ticket", std::to_string(i)}, {"x", ""}}})
                    .has_value());
        if (i == 2) REQUIRE(settings.snapshot("middle").has_value());
    }
    REQUIRE(settings.set(field<"limits.port">, 99, {.author = "guest"}).has_value());
    REQUIRE(settings.rollback_to("first", {.author = "oncall", .reason = "incident"}).has_value());
    REQUIRE(settings.set(field<"token">, "t0ken", {.force = true}).has_value());
    REQUIRE(settings.snapshot("late").has_value());
    return settings;
}

template <class A, class B>
void check_same_record(const A& a, const B& b) {
    CHECK(a.head() == b.head());
    CHECK(a.history() == b.history());
    CHECK(a.snapshots() == b.snapshots());
    CHECK(stet::equal(a.current(), b.current()));
    for (const auto& one : a.history()) {
        CHECK(stet::equal(a.at(one.number)->value(), b.at(one.number)->value()));
        CHECK(a.at(one.number)->info() == b.at(one.number)->info());
        for (const auto& other : a.history())
            CHECK(stet::text(*a.diff(one.number, other.number)) == stet::text(*b.diff(one.number, other.number)));
    }
}

}  // namespace

TEST_SUITE("save_state") {
    TEST_CASE("load_state: everything that is kept comes back, and goes on") {
        auto settings = eventful();
        const Json state = stet::save_state(settings);
        const auto text = stet::parse_json<>(state.dump());
        REQUIRE(text.has_value());
        auto memory = stet::load_state<Server, 5>(*text);
        REQUIRE_MESSAGE(memory.has_value(), stet::text(memory.error()));
        auto opened = stet::open<Server>(std::move(*memory), TickingClock{});
        REQUIRE(opened.has_value());
        CHECK(opened->opening() == stet::Opening::opened);
        check_same_record(settings, *opened);
        CHECK(stet::save_state(*opened) == state);

        for (const auto& revision : settings.history()) {
            auto one = stet::open<Server>(*stet::load_state<Server, 5>(state), TickingClock{});
            auto two = stet::open<Server>(*stet::load_state<Server, 5>(stet::save_state(settings)), TickingClock{});
            REQUIRE(one->rollback_to(revision.number).has_value());
            CHECK(stet::equal(one->current(), settings.at(revision.number)->value()));
            CHECK(two->revert(revision.number).has_value() == settings.plan_revert(revision.number).has_value());
        }
        CHECK(*opened->set(field<"name">, "next") == settings.head() + 1);
    }

    TEST_CASE("load_state: the oldest revision can be reverted as before, although what it was made from is pruned") {
        auto settings = eventful();
        const stet::Number oldest = settings.storage().floor();
        auto opened = stet::open<Server>(*stet::load_state<Server, 5>(stet::save_state(settings)));
        const auto expected = settings.plan_revert(oldest);
        const auto found = opened->plan_revert(oldest);
        REQUIRE(expected.has_value() == found.has_value());
        if (expected.has_value()) CHECK(stet::text(expected->patch()) == stet::text(found->patch()));
        CHECK(stet::text(*settings.storage().patch(oldest)) == stet::text(*opened->storage().patch(oldest)));
        CHECK(!stet::text(*opened->storage().patch(oldest)).empty());
    }

    TEST_CASE("load_state: into a memory of another size") {
        auto settings = eventful();
        const Json state = stet::save_state(settings);
        auto small = stet::open<Server>(*stet::load_state<Server, 2>(state));
        REQUIRE(small.has_value());
        CHECK(small->head() == settings.head());
        CHECK(small->storage().floor() == settings.head() - 2);  // the head is pinned
        CHECK(small->size() == 5);
        CHECK(small->at("first").has_value());
        CHECK(small->at("middle").has_value());
        auto large = stet::open<Server>(*stet::load_state<Server>(state));
        check_same_record(settings, *large);
    }

    TEST_CASE("load_state: what is pinned takes the place of no other, in whatever order it came to be so") {
        stet::Versioned settings{Server{}, stet::Memory<Server, 3>{}};
        const auto next = [&] { REQUIRE(settings.set(field<"limits.port">, static_cast<int>(settings.head()) + 50)); };
        next();
        next();
        REQUIRE(settings.snapshot("three").has_value());
        next();
        REQUIRE(settings.snapshot("four").has_value());
        REQUIRE(settings.release("three").has_value());
        CHECK(settings.size() == 4);
        const auto opened = stet::open<Server>(*stet::load_state<Server, 3>(stet::save_state(settings)));
        REQUIRE(opened.has_value());
        check_same_record(settings, *opened);
        CHECK(opened->size() == 4);
        CHECK(opened->storage().floor() == 1);
    }

    TEST_CASE("save_state: transient fields are not kept, secrets are") {
        stet::Versioned settings{Server{}};
        const Json state = stet::save_state(settings);
        CHECK(state["revisions"][0]["value"].contains("hits") == false);
        CHECK(state["revisions"][0]["value"]["token"] == "t0ken");
        Server dots;
        dots.token = stet::secret_dots;
        stet::Versioned odd{dots};
        CHECK(stet::open<Server>(*stet::load_state<Server>(stet::save_state(odd)))->current().token ==
              stet::secret_dots);
    }

    TEST_CASE("load_state: random histories of every kind of value") {
        std::mt19937 random(5);
        for (int i = 0; i < 25; ++i) {
            Every first = edited(Every{}, random);
            while (!stet::check(first).empty()) first = edited(Every{}, random);
            stet::Versioned record{first};
            for (int step = 0; step < 14; ++step) {
                const auto made = record.commit([&](Every& value) { every::edit_all(value, script(random)); });
                if (!made) REQUIRE(made.error().code() == stet::Errc::rule_broken);  // a key that is there twice
                if (step % 5 == 1) REQUIRE(record.snapshot("s" + std::to_string(step)).has_value());
                if (step % 7 == 3 && record.head() > 1) REQUIRE(record.rollback().has_value());
            }
            const auto parsed = stet::parse_json<>(stet::save_state(record).dump());
            auto opened = stet::open<Every>(*stet::load_state<Every>(*parsed));
            REQUIRE(opened.has_value());
            CHECK(opened->history() == record.history());
            for (const auto& revision : record.history())
                CHECK(dumped(opened->at(revision.number)->value()) == dumped(record.at(revision.number)->value()));
        }
    }

    TEST_CASE("load_state: a state of another struct says so, and only that") {
        stet::Versioned settings{Limits{}};
        const Strings found = problems(stet::load_state<Login>(stet::save_state(settings)));
        REQUIRE(found.size() == 1);
        CHECK(found[0].starts_with("fingerprint||other struct|must be "));
        Json state = stet::save_state(settings);
        state["version"] = 2;
        CHECK(problems(stet::load_state<Limits>(state)) == Strings{"version|2|unknown version|must be 1"});
        state["format"] = "other";
        CHECK(problems(stet::load_state<Limits>(state)) ==
              Strings{"format|\"other\"|not a state|must be 'stet-state'"});
        state["format"] = "\xff";
        CHECK(problems(stet::load_state<Limits>(state)).size() == 1);
        CHECK(problems(stet::load_state<Limits>(Json(3))) ==
              Strings{"(document)|a number|wrong type|must be an object"});
    }

    TEST_CASE("load_state: numbers that cannot be") {
        auto settings = eventful();
        const Json state = stet::save_state(settings);
        const std::size_t count = state["revisions"].size();
        REQUIRE(count == 7);  // two are pinned below the floor
        const auto damaged = [&](auto damage) {
            Json copy = state;
            damage(copy);
            return problems(stet::load_state<Server, 5>(copy));
        };
        const auto rule_of = [&](auto damage) {
            const Strings found = damaged(damage);
            return found.empty() ? std::string("none") : found[0];
        };
        CHECK(damaged([](Json&) {}).empty());
        CHECK(rule_of([](Json& s) { std::swap(s["revisions"][3], s["revisions"][4]); }).find("|gap|") !=
              std::string::npos);
        CHECK(rule_of([](Json& s) { s["revisions"][1]["number"] = 1; }).find("revisions[1].number|1|not ascending|") ==
              0);
        CHECK(rule_of([](Json& s) { s["revisions"].erase(4); }).find("|gap|") != std::string::npos);
        CHECK(rule_of([](Json& s) { s["revisions"].erase(6); }).find("head|10|wrong head|") == 0);
        CHECK(rule_of([](Json& s) { s["revisions"].erase(0); }).find("|no such revision|") != std::string::npos);
        CHECK(rule_of([](Json& s) { s["revisions"] = Json::array(); }).find("revisions||no revisions|") == 0);
        CHECK(rule_of([](Json& s) { s["revisions"][0]["number"] = 0; }).find("|not ascending|") != std::string::npos);
        CHECK(rule_of([](Json& s) { s["revisions"][2]["previous"] = 99; }).find("|wrong previous|") !=
              std::string::npos);
        CHECK(rule_of([](Json& s) {
                  s["revisions"][2]["origin"]["kind"] = 77;
              }).find("revisions[2].origin.kind|77|no such enumerator|") == 0);
        CHECK(rule_of([](Json& s) { s["floor"] = 0; }).find("|wrong floor|") != std::string::npos);
        CHECK(rule_of([](Json& s) { s["floor"] = 5; }).find("revisions[2].number|6|gap|") == 0);
        CHECK(rule_of([](Json& s) { s["floor"] = 11; }).find("|wrong floor|") != std::string::npos);
        CHECK(rule_of([](Json& s) {
                  s["pins"].erase(0);
                  s["pins"].erase(0);
              }).find("|not pinned|") != std::string::npos);
        CHECK(rule_of([](Json& s) { s["pins"][0]["number"] = 2; }).find("pins[0].number|2|no such revision|") == 0);
        CHECK(rule_of([](Json& s) { s["pins"][1]["name"] = "first"; }).find("pins[1].name|first|duplicate|") == 0);
        CHECK(rule_of([](Json& s) {
                  s["head"] = s["floor"] = s["revisions"][6]["number"] = 18446744073709551615U;
              }).find("|out of range|") != std::string::npos);
    }

    TEST_CASE("load_state: damaged in any place, it is an error or another state, never a crash") {
        auto settings = eventful();
        const Json state = stet::save_state(settings);
        const Json other[] = {nullptr,       true,          -1, 0, 3, 2.5, 18446744073709551615U, "x", "\xff",
                              Json::array(), Json::object()};
        std::vector<std::string> places;
        const Json flat = state.flatten();
        for (const auto& [pointer, leaf] : flat.items())
            for (std::string at = pointer; !at.empty(); at.resize(at.rfind('/'))) places.push_back(at);
        std::size_t refused = 0;
        const auto exercise = [&](const Json& damaged) {
            auto memory = stet::load_state<Server, 5>(damaged);
            if (!memory) {
                ++refused;
                CHECK(!memory.error().violations().empty());
                return;
            }
            auto opened = stet::open<Server>(std::move(*memory), stet::if_broken(stet::accept));
            REQUIRE(opened.has_value());
            for (const auto& revision : opened->history()) {
                CHECK(opened->at(revision.number).has_value());
                CHECK(opened->diff(revision.number, opened->head()).has_value());
            }
            static_cast<void>(opened->rollback());
        };
        std::mt19937 random(6);
        for (const std::string& at : places) {
            const Json::json_pointer pointer(at);
            Json removed = state;
            Json& parent = removed[pointer.parent_pointer()];
            if (parent.is_array()) parent.erase(static_cast<std::size_t>(std::stoul(pointer.back())));
            else parent.erase(pointer.back());
            if (!parent.is_array() && at.find("/weights/") == std::string::npos)
                CHECK_MESSAGE((!stet::load_state<Server, 5>(removed).has_value()), at);
            exercise(removed);
            Json mistyped = state;
            mistyped[pointer] = other[random() % std::size(other)];
            exercise(mistyped);
        }
        CHECK(refused > places.size() / 2);
    }
}
