#include <stet/schema/print.hpp>

#include <doctest/doctest.h>

#include "../in_house.hpp"

#include <array>
#include <chrono>
#include <complex>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

using stet::field;

namespace {

enum class Mode { off, eco };
struct Point {
    int x = 1;
    double y = 0.5;
};
struct Account {
    std::string user = "ann";
    std::string password = "hunter2";
    std::vector<std::string> tokens{"abc"};
    static constexpr auto schema() {
        return stet::fields(field<&Account::password>(stet::secret), field<&Account::tokens>(stet::secret));
    }
};
struct Server {
    Account account;
    int port = 1;
};

struct Money {
    int cents = 150;
};
void stet_write(const stet::Writer& out, const Money& money) { out << money.cents / 100 << '.' << money.cents % 100; }

template <class V>
std::string text_of(const V& value) {
    std::string text;
    stet::detail::write_value(stet::Writer(text), value);
    return text;
}

}  // namespace

TEST_CASE("write_value(number)") {
    CHECK(text_of(42) == "42");
    CHECK(text_of(-0.0) == "-0");
    CHECK(text_of(true) == "true");
    CHECK(text_of(false) == "false");
    CHECK(text_of('a') == "\"a\"");
    CHECK(text_of(std::uint8_t{65}) == "65");
    CHECK(text_of(u8'a') == "97");
    CHECK(text_of(U'\u20ac') == "8364");
    CHECK(text_of(std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("write_value(enum): its name, or its number where it has none") {
    CHECK(text_of(Mode::eco) == "eco");
    CHECK(text_of(static_cast<Mode>(7)) == "7");
    CHECK(text_of(std::byte{200}) == "200");
}

TEST_CASE("write_value(text) is quoted, and control characters are spelled") {
    CHECK(text_of(std::string("a \"b\" \\ c")) == R"("a \"b\" \\ c")");
    CHECK(text_of(std::string_view("line\n\ttab")) == R"("line\n\ttab")");
    CHECK(text_of(std::string_view("\x1b[31m\x7f\0", 7)) == R"("\x1b[31m\x7f\x00")");
    CHECK(text_of(std::string("größe")) == "\"größe\"");
    CHECK(text_of(in_house::String("own")) == "\"own\"");
}

TEST_CASE("write_value(container)") {
    CHECK(text_of(std::vector<int>{1, 2}) == "[1, 2]");
    CHECK(text_of(std::vector<int>{}) == "[]");
    CHECK(text_of(std::array<Mode, 2>{Mode::off, Mode::eco}) == "[off, eco]");
    CHECK(text_of(std::list<std::string>{"a"}) == "[\"a\"]");
    CHECK(text_of(std::set<int>{2, 1}) == "{1, 2}");
    CHECK(text_of(std::map<std::string, int>{{"a", 1}, {"b", 2}}) == "{\"a\": 1, \"b\": 2}");
    CHECK(text_of(std::vector<std::vector<int>>{{1}, {}}) == "[[1], []]");
    in_house::FlatMap<int, Point> map;
    map.try_emplace(3, Point{});
    CHECK(text_of(map) == "{3: {x: 1, y: 0.5}}");
}

TEST_CASE("write_value(optional), write_value(variant)") {
    CHECK(text_of(std::optional<int>(3)) == "3");
    CHECK(text_of(std::optional<int>()) == "none");
    CHECK(text_of(std::variant<int, std::string>("a")) == "\"a\"");
    CHECK(text_of(std::variant<int, std::string>(3)) == "3");
}

TEST_CASE("write_value(struct): every leaf with its path") {
    CHECK(text_of(Point{}) == "{x: 1, y: 0.5}");
    CHECK(text_of(std::pair<int, Point>(7, {})) == "{first: 7, second.x: 1, second.y: 0.5}");
}

TEST_CASE("write_value(struct) never shows a secret") {
    const std::string dots(stet::secret_dots);
    CHECK(text_of(Account{}) == "{user: \"ann\", password: " + dots + ", tokens: " + dots + "}");
    CHECK(text_of(Server{}).find("hunter2") == std::string::npos);
    CHECK(text_of(std::vector<Server>(2)).find("hunter2") == std::string::npos);
    CHECK(text_of(std::map<int, std::optional<Account>>{{1, Account{}}}).find("hunter2") == std::string::npos);
    CHECK(text_of(Server{}).find("user") != std::string::npos);
}

TEST_CASE("write_value(opaque): stet_write, text, a count, or a placeholder") {
    CHECK(text_of(Money{}) == "1.50");
    CHECK(text_of(std::vector<Money>(1)) == "[1.50]");
    CHECK(text_of(std::chrono::seconds(90)) == "90");
    CHECK(text_of(std::complex<double>()) == "(value)");
}
