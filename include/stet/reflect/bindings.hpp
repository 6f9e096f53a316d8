#pragma once
// The one question about fields that must be asked before PFR may see a struct: has each of them an address (bit-fields
// have none), and is none volatile? Structured bindings can answer it; the macros write them for 1 to 50 fields here,
// and for 51 to 100, which cost three times as much, in <stet/reflect/many_fields.hpp>.

#include <cstddef>
#include <type_traits>

namespace stet::detail {

inline constexpr std::size_t max_fields = 100;  // PFR 2.1 ends there
inline constexpr std::size_t few_fields = 50;

template <std::size_t Count>
struct ManyBindings;  // in <stet/reflect/many_fields.hpp>

enum class Binding { plain, bit_field, volatile_field };

template <class... Fields>
constexpr auto bound(Fields&...)
    -> std::integral_constant<Binding, (std::is_volatile_v<Fields> || ...) ? Binding::volatile_field : Binding::plain>;

// The macros stay: many_fields.hpp uses them, too.
// clang-format off
#define STET_BINDINGS_1(p) p##0
#define STET_BINDINGS_2(p) STET_BINDINGS_1(p), p##1
#define STET_BINDINGS_3(p) STET_BINDINGS_2(p), p##2
#define STET_BINDINGS_4(p) STET_BINDINGS_3(p), p##3
#define STET_BINDINGS_5(p) STET_BINDINGS_4(p), p##4
#define STET_BINDINGS_6(p) STET_BINDINGS_5(p), p##5
#define STET_BINDINGS_7(p) STET_BINDINGS_6(p), p##6
#define STET_BINDINGS_8(p) STET_BINDINGS_7(p), p##7
#define STET_BINDINGS_9(p) STET_BINDINGS_8(p), p##8
#define STET_BINDINGS_10(p) STET_BINDINGS_9(p), p##9
#define STET_BINDINGS_TENS_0
#define STET_BINDINGS_TENS_1 STET_BINDINGS_10(a),
#define STET_BINDINGS_TENS_2 STET_BINDINGS_TENS_1 STET_BINDINGS_10(b),
#define STET_BINDINGS_TENS_3 STET_BINDINGS_TENS_2 STET_BINDINGS_10(c),
#define STET_BINDINGS_TENS_4 STET_BINDINGS_TENS_3 STET_BINDINGS_10(d),
#define STET_BINDINGS_TENS_5 STET_BINDINGS_TENS_4 STET_BINDINGS_10(e),
#define STET_BINDINGS_TENS_6 STET_BINDINGS_TENS_5 STET_BINDINGS_10(f),
#define STET_BINDINGS_TENS_7 STET_BINDINGS_TENS_6 STET_BINDINGS_10(g),
#define STET_BINDINGS_TENS_8 STET_BINDINGS_TENS_7 STET_BINDINGS_10(h),
#define STET_BINDINGS_TENS_9 STET_BINDINGS_TENS_8 STET_BINDINGS_10(i),
#define STET_BINDINGS_ASK(tens, ones)                                                         \
    if constexpr (Count == tens * 10 + ones) {                                                \
        [[maybe_unused]] auto& [STET_BINDINGS_TENS_##tens STET_BINDINGS_##ones(z)] = value;   \
        if constexpr (requires { bound(STET_BINDINGS_TENS_##tens STET_BINDINGS_##ones(z)); }) \
            return decltype(bound(STET_BINDINGS_TENS_##tens STET_BINDINGS_##ones(z)))::value; \
    }
#define STET_BINDINGS_ASK_TEN(tens)                                                                           \
    STET_BINDINGS_ASK(tens, 1) STET_BINDINGS_ASK(tens, 2) STET_BINDINGS_ASK(tens, 3) STET_BINDINGS_ASK(tens, 4) \
    STET_BINDINGS_ASK(tens, 5) STET_BINDINGS_ASK(tens, 6) STET_BINDINGS_ASK(tens, 7) STET_BINDINGS_ASK(tens, 8) \
    STET_BINDINGS_ASK(tens, 9) STET_BINDINGS_ASK(tens, 10)

/// What the fields of `value` are that nobody can see from outside. `Count` must be right.
template <std::size_t Count, class T>
constexpr Binding bindings([[maybe_unused]] T& value) {
    STET_BINDINGS_ASK_TEN(0) STET_BINDINGS_ASK_TEN(1) STET_BINDINGS_ASK_TEN(2)
    STET_BINDINGS_ASK_TEN(3) STET_BINDINGS_ASK_TEN(4)
    if constexpr (Count > few_fields) return ManyBindings<Count>::ask(value);
    return Count == 0 ? Binding::plain : Binding::bit_field;
}
// clang-format on

}  // namespace stet::detail
