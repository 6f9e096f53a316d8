#include <stet/schema/versionable.hpp>

#include "../reflect/corners.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <variant>

using stet::field;
using stet::Unreadable;
using stet::versionable;

namespace {

template <class T, class Blamed, Unreadable Why>
constexpr bool refused_because =
    std::is_same_v<decltype(stet::detail::verdict_on<T>()), stet::detail::Verdict<Blamed, Why>> && !versionable<T>;

struct Pointer {
    int* at;
};
struct Smart {
    std::shared_ptr<int> at;
};
struct Callback {
    std::function<void()> call;
};
struct Immovable {
    std::atomic<int> counter;
};
class Incomparable {
public:
    Incomparable() = default;

private:
    [[maybe_unused]] int value_ = 0;
};
struct HoldsIncomparable {
    Incomparable inside;
};
template <class V>
struct Holds {
    int before;
    V inside;
};
struct TransientPointer {
    int value = 0;
    int* cache = nullptr;
    Incomparable scratch;
    static constexpr auto schema() {
        return stet::fields(field<&TransientPointer::cache>(stet::transient),
                            field<&TransientPointer::scratch>(stet::transient));
    }
};
struct Odd;
struct Even {
    std::vector<Odd> odds;
};
struct Odd {
    std::vector<Even> evens;
    Pointer* to = nullptr;
};
struct Json {
    std::variant<int, std::string, std::vector<Json>, std::map<std::string, Json>> value;
};

}  // namespace

TEST_CASE("versionable<T>") {
    static_assert(versionable<corners::Settings>);
    static_assert(versionable<corners::None>);
    static_assert(versionable<corners::Hundred>);
    static_assert(versionable<corners::Initialised>);
    static_assert(versionable<corners::Umlaute>);
    static_assert(versionable<corners::HoldsNoDefault>);
    static_assert(versionable<corners::Inside>);
    static_assert(versionable<corners::Outside>);
    static_assert(versionable<std::pair<int, std::string>>);
    static_assert(versionable<Holds<std::vector<bool>>>);
    static_assert(versionable<Holds<std::variant<std::monostate, int>>>);
    CHECK(versionable<corners::Settings>);
}

TEST_CASE("versionable<T> of what holds itself") {
    static_assert(versionable<corners::Tree>);
    static_assert(versionable<Json>);
    static_assert(refused_because<Even, Pointer*, Unreadable::pointer_member>);
    CHECK(versionable<corners::Tree>);
}

TEST_CASE("versionable<T>: no, and which type is to blame") {
    static_assert(refused_because<Pointer, int*, Unreadable::pointer_member>);
    static_assert(refused_because<Smart, std::shared_ptr<int>, Unreadable::pointer_member>);
    static_assert(refused_because<HoldsIncomparable, Incomparable, Unreadable::incomparable_member>);
    static_assert(refused_because<Callback, std::function<void()>, Unreadable::incomparable_member>);
    static_assert(refused_because<corners::HoldsMoveOnly, corners::HoldsMoveOnly, Unreadable::not_copyable>);
    static_assert(refused_because<Immovable, Immovable, Unreadable::not_copyable>);
    static_assert(refused_because<corners::HoldsConst, corners::HoldsConst, Unreadable::not_assignable>);
    static_assert(refused_because<corners::WithCArray, corners::WithCArray, Unreadable::c_array>);
    static_assert(refused_because<corners::WithReference, corners::WithReference, Unreadable::reference_member>);
    static_assert(refused_because<int, int, Unreadable::not_a_class>);
    CHECK_FALSE(versionable<Pointer>);
}

TEST_CASE("versionable<T> of a reference to const: never taken for a value") {
    CHECK_FALSE(versionable<corners::WithConstReference>);
}

TEST_CASE("versionable<T> asks what is inside fields and containers") {
    using enum Unreadable;
    static_assert(refused_because<Holds<corners::WithCArray>, corners::WithCArray, c_array>);
    static_assert(refused_because<Holds<Holds<corners::WithBitField>>, corners::WithBitField, bit_field>);
    static_assert(refused_because<Holds<std::vector<Pointer>>, int*, pointer_member>);
    static_assert(refused_because<Holds<std::optional<corners::WithCArray>>, corners::WithCArray, c_array>);
    static_assert(refused_because<Holds<std::array<Pointer, 2>>, int*, pointer_member>);
    static_assert(refused_because<Holds<std::map<int, Incomparable>>, Incomparable, incomparable_member>);
    static_assert(refused_because<Holds<std::map<int*, int>>, int*, pointer_member>);
    static_assert(refused_because<Holds<std::set<int*>>, int*, pointer_member>);
    static_assert(refused_because<Holds<std::variant<int, Pointer>>, int*, pointer_member>);
    static_assert(!versionable<Holds<std::vector<std::vector<corners::Union>>>>);
    CHECK_FALSE(versionable<Holds<std::vector<Pointer>>>);
}

TEST_CASE("versionable<T> does not ask transient fields") {
    static_assert(versionable<TransientPointer>);
    CHECK(versionable<TransientPointer>);
}
