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
