#include <stet/patch/then.hpp>

#include <doctest/doctest.h>

namespace {

struct Flat {
    int a = 0, b = 0;
};

}  // namespace

TEST_CASE("then works in constant expressions for flat structs, without the heap") {
    constexpr auto both = stet::then(stet::diff(Flat{1, 1}, Flat{2, 1}), stet::diff(Flat{2, 1}, Flat{2, 3}));
    static_assert(both.size() == 2);
    static_assert(stet::apply(both, Flat{1, 1})->b == 3);
    constexpr auto none = stet::then(stet::diff(Flat{1, 1}, Flat{2, 1}), stet::diff(Flat{2, 1}, Flat{1, 1}));
    static_assert(none.empty());
    CHECK_FALSE(stet::apply(both, Flat{1, 7}).has_value());
}

TEST_CASE("then, of flat patches that do not follow from one another: what neither touches stays as it is") {
    struct Three {
        int x = 0, y = 0, z = 0;
    };
    const auto both =
        stet::then(stet::diff(Three{0, 0, 1}, Three{1, 0, 1}), stet::diff(Three{1, 0, 5}, Three{1, 2, 5}));
    for (const int z : {1, 5, 9}) {
        const auto after = stet::apply(both, Three{0, 0, z});
        REQUIRE(after);
        CHECK((after->x == 1 && after->y == 2 && after->z == z));
        CHECK(stet::equal(*stet::apply(both.inverted(), *after), Three{0, 0, z}));
    }
}
