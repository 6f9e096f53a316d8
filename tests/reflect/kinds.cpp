#include <stet/reflect/kinds.hpp>

#include "../in_house.hpp"
#include "corners.hpp"

#include <doctest/doctest.h>

#include <bitset>
#include <chrono>
#include <complex>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <functional>
#include <list>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>

using stet::Kind;
using stet::detail::kind_v;

namespace {

struct Handle {  // looks like a smart pointer, and says that its == is enough
    using element_type = int;
    int* at = nullptr;
    int* get() const { return at; }
    int& operator*() const { return *at; }
    bool operator==(const Handle&) const = default;
};
struct Quaternion {
    float x, y, z, w;
};
class NoEquality {
public:
    NoEquality() = default;
    void set(int value) { value_ = value; }

private:
    [[maybe_unused]] int value_ = 0;
};

}  // namespace

template <>
inline constexpr bool stet::is_opaque<Handle> = true;
template <>
inline constexpr bool stet::is_indivisible<Quaternion> = true;

TEST_CASE("Kind of scalars and enums") {
    static_assert(kind_v<int> == Kind::number);
    static_assert(kind_v<bool> == Kind::number);
    static_assert(kind_v<char> == Kind::number);
    static_assert(kind_v<long double> == Kind::number);
    static_assert(kind_v<const double> == Kind::number);
    static_assert(kind_v<char32_t> == Kind::number);
    static_assert(kind_v<std::byte> == Kind::enumeration);
    static_assert(kind_v<corners::Mode> == Kind::enumeration);
}

TEST_CASE("Kind of the standard's types") {
    static_assert(kind_v<std::string> == Kind::text);
    static_assert(kind_v<std::string_view> == Kind::text);
    static_assert(kind_v<std::u16string> == Kind::sequence);
    static_assert(kind_v<std::array<int, 3>> == Kind::array);
    static_assert(kind_v<std::array<int, 0>> == Kind::array);
    static_assert(kind_v<std::optional<int>> == Kind::optional);
    static_assert(kind_v<std::variant<int, std::string>> == Kind::variant);
    static_assert(kind_v<std::vector<int>> == Kind::sequence);
    static_assert(kind_v<std::deque<int>> == Kind::sequence);
    static_assert(kind_v<std::list<int>> == Kind::sequence);
    static_assert(kind_v<std::set<int>> == Kind::set);
    static_assert(kind_v<std::unordered_set<std::string>> == Kind::set);
    static_assert(kind_v<std::map<int, int>> == Kind::map);
    static_assert(kind_v<std::unordered_map<int, int>> == Kind::map);
    static_assert(kind_v<std::pair<int, std::string>> == Kind::structure);
}

TEST_CASE("Kind of the standard's types that are compared by their own ==") {
    static_assert(kind_v<std::vector<bool>> == Kind::opaque);
    static_assert(kind_v<std::tuple<int, int>> == Kind::opaque);
    static_assert(kind_v<std::complex<double>> == Kind::opaque);
    static_assert(kind_v<std::bitset<8>> == Kind::opaque);
    static_assert(kind_v<std::chrono::seconds> == Kind::opaque);
    static_assert(kind_v<std::filesystem::path> == Kind::opaque);
    static_assert(kind_v<std::multimap<int, int>> == Kind::opaque);
    static_assert(kind_v<std::multiset<int>> == Kind::opaque);
    static_assert(kind_v<std::forward_list<int>> == Kind::opaque);
}

TEST_CASE("Kind of what points elsewhere: refused") {
    static_assert(kind_v<int*> == Kind::pointer);
    static_assert(kind_v<const char*> == Kind::pointer);
    static_assert(kind_v<void (*)()> == Kind::pointer);
    static_assert(kind_v<int corners::One::*> == Kind::pointer);
    static_assert(kind_v<std::nullptr_t> == Kind::pointer);
    static_assert(kind_v<std::unique_ptr<int>> == Kind::pointer);
    static_assert(kind_v<std::shared_ptr<int>> == Kind::pointer);
    static_assert(kind_v<Handle> == Kind::opaque);
}

TEST_CASE("Kind of what cannot be compared: refused") {
    static_assert(kind_v<std::mutex> == Kind::unknown);
    static_assert(kind_v<std::function<void()>> == Kind::unknown);
    static_assert(kind_v<std::span<int>> == Kind::unknown);
    static_assert(kind_v<NoEquality> == Kind::unknown);
}

TEST_CASE("Kind of structs") {
    static_assert(kind_v<corners::Settings> == Kind::structure);
    static_assert(kind_v<corners::None> == Kind::structure);
    static_assert(kind_v<corners::Tree> == Kind::structure);
    static_assert(kind_v<corners::Inside> == Kind::structure);
    static_assert(kind_v<Quaternion> == Kind::structure && stet::is_indivisible<Quaternion>);
    static_assert(kind_v<std::monostate> == Kind::structure);
}

TEST_CASE("Kind of in-house types goes by what they can do") {
    static_assert(kind_v<in_house::String> == Kind::text);
    static_assert(kind_v<in_house::SmallVector<int, 4>> == Kind::sequence);
    static_assert(kind_v<in_house::FlatMap<int, std::string>> == Kind::map);
    static_assert(kind_v<in_house::Maybe<int>> == Kind::optional);
    static_assert(stet::text_like<in_house::String>);
    static_assert(stet::sequence_like<in_house::SmallVector<int, 4>>);
    static_assert(stet::map_like<in_house::FlatMap<int, std::string>>);
    static_assert(stet::optional_like<in_house::Maybe<int>>);
}

TEST_CASE("concepts tell the kinds apart") {
    static_assert(!stet::sequence_like<std::string>);
    static_assert(!stet::set_like<std::map<int, int>>);
    static_assert(!stet::map_like<std::set<int>>);
    static_assert(!stet::sequence_like<std::set<int>>);
    static_assert(!stet::array_like<std::vector<int>>);
    static_assert(!stet::variant_like<std::tuple<int>>);
    static_assert(stet::sorted_keys<std::map<int, int>>);
    static_assert(!stet::sorted_keys<std::unordered_map<int, int>>);
    static_assert(stet::contiguous<std::vector<int>>);
    static_assert(!stet::contiguous<std::deque<int>>);
    CHECK(stet::equality_comparable<int>);
}
