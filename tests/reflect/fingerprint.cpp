#include <stet/reflect/fingerprint.hpp>

#include "corners.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <set>
#include <unordered_map>
#include <variant>

using stet::fingerprint;

namespace {

struct A {
    int x;
    std::string name;
};
struct Same {
    int x;
    std::string name;
};
struct OtherName {
    int y;
    std::string name;
};
struct OtherType {
    long long x;
    std::string name;
};
struct Unsigned {
    unsigned x;
    std::string name;
};
struct OtherOrder {
    std::string name;
    int x;
};
struct Fewer {
    int x;
};
enum class Mode { off, eco };
enum class Mode2 { off, full };
template <class V>
struct Of {
    V value;
};
struct Stored {
    std::string name;
    int port;
    Mode mode;
    std::vector<corners::Llm> routes;
    std::map<std::string, double> limits;
    std::optional<bool> on;
};
struct AllOthers {
    bool flag;
    unsigned char small;
    float real;
    std::array<A, 2> pair;
    std::set<int> numbers;
    std::variant<int, A> either;
    corners::Tree tree;
};
struct Outer;  // which holds what holds it, or what holds itself
struct Inner {
    std::vector<Outer> of;
};
struct Outer {
    std::vector<Inner> in;
};
struct Inner2 {
    std::vector<Inner2> of;
};
struct Outer2 {
    std::deque<Inner2> in;
};
class Small {
public:
    bool operator==(const Small&) const = default;

private:
    char c_ = 0;
};
class Large {
public:
    bool operator==(const Large&) const = default;

private:
    long long n_ = 0;
};
struct Nested {
    A a;
    int b;
};
struct Flattened {
    int x;
    std::string name;
    int b;
};

}  // namespace

TEST_CASE("fingerprint<T> stands for names, order and types") {
    static_assert(fingerprint<A> == fingerprint<Same>);
    static_assert(fingerprint<A> != fingerprint<OtherName>);
    static_assert(fingerprint<A> != fingerprint<OtherType>);
    static_assert(fingerprint<A> != fingerprint<Unsigned>);
    static_assert(fingerprint<A> != fingerprint<OtherOrder>);
    static_assert(fingerprint<A> != fingerprint<Fewer>);
    static_assert(fingerprint<Nested> != fingerprint<Flattened>);
    CHECK(fingerprint<A> != 0);
}

TEST_CASE("fingerprint<T> of containers and enums") {
    static_assert(fingerprint<Of<std::vector<int>>> == fingerprint<Of<std::deque<int>>>);
    static_assert(fingerprint<Of<std::vector<int>>> != fingerprint<Of<std::vector<long long>>>);
    static_assert(fingerprint<Of<std::vector<int>>> != fingerprint<Of<std::set<int>>>);
    static_assert(fingerprint<Of<std::array<int, 2>>> != fingerprint<Of<std::array<int, 3>>>);
    static_assert(fingerprint<Of<std::optional<int>>> != fingerprint<Of<int>>);
    static_assert(fingerprint<Of<std::map<int, int>>> == fingerprint<Of<std::unordered_map<int, int>>>);
    static_assert(fingerprint<Of<std::variant<int, A>>> != fingerprint<Of<std::variant<A, int>>>);
    static_assert(fingerprint<Of<std::variant<std::variant<int>, int>>> !=
                  fingerprint<Of<std::variant<std::variant<int, int>>>>);
    static_assert(fingerprint<Of<Mode>> != fingerprint<Of<Mode2>>);
    static_assert(fingerprint<Of<Small>> != fingerprint<Of<Large>>);
    static_assert(fingerprint<Of<bool>> != fingerprint<Of<std::uint8_t>>);
    CHECK(fingerprint<Of<float>> != fingerprint<Of<double>>);
}

TEST_CASE("fingerprint<T> of a struct that holds itself") {
    static_assert(fingerprint<corners::Tree> != fingerprint<corners::Settings>);
    static_assert(fingerprint<Outer> != fingerprint<Outer2>);
    CHECK(fingerprint<corners::Tree> != 0);
}

TEST_CASE("fingerprint<T> is the same from every compiler, and a promise: what is stored carries it") {
    static_assert(fingerprint<Stored> == 15302315420335820712ULL);
    static_assert(fingerprint<AllOthers> == 8723550735284633876ULL);
    CHECK(fingerprint<const Stored> == fingerprint<Stored>);
}
