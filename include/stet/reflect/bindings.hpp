#pragma once
// The one question about fields that must be asked before PFR may see a struct: has each of them an address (bit-fields
// have none), and is none volatile? Structured bindings can answer it; the macros write them for 1 to 100 fields.

#include <cstddef>
#include <type_traits>

namespace stet::detail {

inline constexpr std::size_t max_fields = 100;  // PFR 2.1 ends there

enum class Binding { plain, bit_field, volatile_field };

template <class... Fields>
constexpr auto bound(Fields&...)
    -> std::integral_constant<Binding, (std::is_volatile_v<Fields> || ...) ? Binding::volatile_field : Binding::plain>;

// clang-format off
#define STET_1(p) p##0
#define STET_2(p) STET_1(p), p##1
#define STET_3(p) STET_2(p), p##2
#define STET_4(p) STET_3(p), p##3
#define STET_5(p) STET_4(p), p##4
#define STET_6(p) STET_5(p), p##5
#define STET_7(p) STET_6(p), p##6
#define STET_8(p) STET_7(p), p##7
#define STET_9(p) STET_8(p), p##8
#define STET_10(p) STET_9(p), p##9
#define STET_TENS_0
#define STET_TENS_1 STET_10(a),
#define STET_TENS_2 STET_TENS_1 STET_10(b),
#define STET_TENS_3 STET_TENS_2 STET_10(c),
#define STET_TENS_4 STET_TENS_3 STET_10(d),
#define STET_TENS_5 STET_TENS_4 STET_10(e),
#define STET_TENS_6 STET_TENS_5 STET_10(f),
#define STET_TENS_7 STET_TENS_6 STET_10(g),
#define STET_TENS_8 STET_TENS_7 STET_10(h),
#define STET_TENS_9 STET_TENS_8 STET_10(i),
#define STET_ASK(tens, ones)                                                                     \
    if constexpr (Count == tens * 10 + ones) {                                                   \
        [[maybe_unused]] auto& [STET_TENS_##tens STET_##ones(z)] = value;                        \
        if constexpr (requires { bound(STET_TENS_##tens STET_##ones(z)); })                      \
            return decltype(bound(STET_TENS_##tens STET_##ones(z)))::value;                      \
    }
#define STET_ASK_TEN(tens) STET_ASK(tens, 1) STET_ASK(tens, 2) STET_ASK(tens, 3) STET_ASK(tens, 4) STET_ASK(tens, 5) \
    STET_ASK(tens, 6) STET_ASK(tens, 7) STET_ASK(tens, 8) STET_ASK(tens, 9) STET_ASK(tens, 10)

/// What the fields of `value` are that nobody can see from outside. `Count` must be right.
template <std::size_t Count, class T>
constexpr Binding bindings([[maybe_unused]] T& value) {
    STET_ASK_TEN(0) STET_ASK_TEN(1) STET_ASK_TEN(2) STET_ASK_TEN(3) STET_ASK_TEN(4)
    STET_ASK_TEN(5) STET_ASK_TEN(6) STET_ASK_TEN(7) STET_ASK_TEN(8) STET_ASK_TEN(9)
    return Count == 0 ? Binding::plain : Binding::bit_field;
}

#undef STET_ASK_TEN
#undef STET_ASK
#undef STET_TENS_0
#undef STET_TENS_1
#undef STET_TENS_2
#undef STET_TENS_3
#undef STET_TENS_4
#undef STET_TENS_5
#undef STET_TENS_6
#undef STET_TENS_7
#undef STET_TENS_8
#undef STET_TENS_9
#undef STET_1
#undef STET_2
#undef STET_3
#undef STET_4
#undef STET_5
#undef STET_6
#undef STET_7
#undef STET_8
#undef STET_9
#undef STET_10
// clang-format on

}  // namespace stet::detail
