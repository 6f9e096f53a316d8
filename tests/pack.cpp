#include <stet/pack.hpp>

#include "both.hpp"

#include <string>
#include <type_traits>

using stet::detail::make_pack;
using stet::detail::Pack;

namespace {

struct Empty {};
struct AlsoEmpty {};

constexpr bool pack_gives_items_in_order() {
    constexpr auto pack = make_pack(1, 'c', 2.5, 1);
    int order = 0;
    bool right = true;
    pack.for_each([&](const auto& item) {
        switch (order++) {
            case 0:
                right = right && static_cast<int>(item) == 1;
                break;
            case 1:
                right = right && static_cast<char>(item) == 'c';
                break;
            case 2:
                right = right && static_cast<double>(item) > 2.4;
                break;
            default:
                right = right && static_cast<int>(item) == 1;
        }
    });
    return right && order == 4 && pack.get<0>() == 1 && pack.get<1>() == 'c' && pack.get<3>() == 1;
}

constexpr bool pack_of_nothing() {
    int calls = 0;
    make_pack().for_each([&](const auto&) { ++calls; });
    return calls == 0 && Pack<>::size == 0;
}

}  // namespace

TEST_CASE("make_pack(items...)") {
    STET_BOTH(pack_gives_items_in_order);
    STET_BOTH(pack_of_nothing);
    static_assert(std::is_same_v<decltype(make_pack(1, 'c')), Pack<int, char>>);
}

TEST_CASE("Pack<Empty...> costs no byte beside what is not empty") {
    static_assert(sizeof(Pack<Empty, AlsoEmpty, int>) == sizeof(int));
    static_assert(std::is_empty_v<Pack<Empty, AlsoEmpty>>);
    CHECK(sizeof(Pack<int, Empty>) == sizeof(int));
}

TEST_CASE("make_pack moves what it is given") {
    std::string text(100, 'x');
    const char* const where = text.data();
    const auto pack = make_pack(std::move(text), 1);
    CHECK(pack.get<0>().data() == where);
}
