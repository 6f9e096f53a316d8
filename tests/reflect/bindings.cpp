#include <stet/reflect/bindings.hpp>

#include <doctest/doctest.h>

using stet::detail::Binding;
using stet::detail::bindings;

namespace {

struct Plain {
    int a;
    const char b;
    double c;
};
struct BitField {
    int a;
    int b : 3;
};
struct Volatile {
    int a;
    volatile int b;
};
struct Eleven {
    char a, b, c, d, e, f, g, h, i, j, k;
};

template <std::size_t Count, class T>
constexpr Binding asked() {
    T value{};
    return bindings<Count>(value);
}

}  // namespace

TEST_CASE("bindings<Count>(value)") {
    static_assert(asked<3, Plain>() == Binding::plain);
    static_assert(asked<11, Eleven>() == Binding::plain);
    static_assert(asked<2, BitField>() == Binding::bit_field);
    Volatile value{};
    CHECK(bindings<2>(value) == Binding::volatile_field);
    CHECK(asked<3, Plain>() == Binding::plain);
    CHECK(asked<2, BitField>() == Binding::bit_field);
}
