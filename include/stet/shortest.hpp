#pragma once
// A floating-point number in its shortest form, as std::to_chars writes it, for where that brings more than a firmware
// has room for: with newlib it is 80 KB of tables, printf and malloc. In place, with whole numbers of many digits:
// Steele and White's algorithm as Burger and Dybvig have it ("Printing floating-point numbers quickly and accurately").

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace stet::detail {

// A whole number of at most so many bits.
template <std::size_t Bits>
class Large {
public:
    explicit Large(std::uint64_t value) {
        for (std::uint32_t& word : words_) word = 0;
        words_[0] = static_cast<std::uint32_t>(value);
        words_[1] = static_cast<std::uint32_t>(value >> 32U);
    }
    void times(std::uint32_t factor) {
        std::uint64_t carry = 0;
        for (std::uint32_t& word : words_) {
            carry += std::uint64_t{word} * factor;
            word = static_cast<std::uint32_t>(carry);
            carry >>= 32U;
        }
    }
    void shift(int bits) {
        for (; bits >= 16; bits -= 16) times(0x10000U);
        times(1U << static_cast<unsigned>(bits));
    }
    /// How this one, and `more` times `step`, stands to another: below, at, or above 0.
    int compare(const Large& other, const Large& step, std::uint32_t more) const {
        Large sum = step;
        sum.times(more);
        sum.add(*this);
        for (std::size_t i = count; i-- > 0;)
            if (sum.words_[i] != other.words_[i]) return sum.words_[i] < other.words_[i] ? -1 : 1;
        return 0;
    }
    void add(const Large& other) {
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < count; ++i) {
            carry += std::uint64_t{words_[i]} + other.words_[i];
            words_[i] = static_cast<std::uint32_t>(carry);
            carry >>= 32U;
        }
    }
    void subtract(const Large& other) {
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < count; ++i) {
            borrow = std::uint64_t{words_[i]} - other.words_[i] - borrow;
            words_[i] = static_cast<std::uint32_t>(borrow);
            borrow = borrow >> 63U;
        }
    }

private:
    static constexpr std::size_t count = Bits / 32 + 1;
    std::uint32_t words_[count];
};

struct Decimal {
    char digits[24];
    int size;
    int exponent;  // of the first digit
};

template <class N>
Decimal to_decimal(std::uint64_t mantissa, int exponent, bool exactly) {
    constexpr int digits = std::numeric_limits<N>::digits;
    constexpr int smallest = std::numeric_limits<N>::min_exponent - digits;
    using Whole = Large<static_cast<std::size_t>(std::numeric_limits<N>::max_exponent - smallest > 300 ? 1200 : 224)>;
    // value = rest / unit; all between it and half of the way to its neighbours, step / unit, reads back as the same
    const bool even = mantissa % 2 == 0;
    const bool narrow = mantissa == std::uint64_t{1} << static_cast<unsigned>(digits - 1) && exponent > smallest;
    const std::uint32_t above = narrow ? 2 : 1;
    Whole rest(mantissa);
    Whole unit(1);
    Whole step(1);
    rest.times(2 * above);
    unit.times(2 * above);
    if (exponent >= 0) {
        rest.shift(exponent);
        step.shift(exponent);
    } else unit.shift(-exponent);

    Decimal made{{}, 0, -1};
    const int inside = even ? 0 : 1;  // what a comparison must be for a bound that does not belong to it
    const Whole zero(0);
    while (rest.compare(unit, step, above) >= inside) {
        unit.times(10);
        ++made.exponent;
    }
    for (;;) {
        Whole next = rest;
        Whole next_step = step;
        next.times(10);
        next_step.times(10);
        if (next.compare(unit, next_step, above) >= inside) break;
        rest = next;
        step = next_step;
        --made.exponent;
    }
    for (;;) {
        rest.times(10);
        step.times(10);
        char digit = '0';
        for (; rest.compare(unit, zero, 0) >= 0; ++digit) rest.subtract(unit);
        const bool low = exactly ? rest.compare(zero, zero, 0) == 0 : rest.compare(step, zero, 0) < 1 - inside;
        const bool high = !exactly && rest.compare(unit, step, above) >= inside;
        if (high) {
            const int half = low ? rest.compare(unit, rest, 1) : 1;
            if (half > 0 || (half == 0 && digit % 2 != 0)) ++digit;
        }
        made.digits[made.size++] = digit;
        if (low || high || made.size == static_cast<int>(sizeof made.digits)) return made;
    }
}

inline char* put(char* to, char c, int times = 1) {
    for (; times > 0; --times) *to++ = c;
    return to;
}
inline char* put(char* to, const char* from, int size) {
    for (int i = 0; i < size; ++i) *to++ = from[i];
    return to;
}

/// Writes at most 24 characters and returns their end.
template <class N>
char* write_shortest(char* to, N number) {
    using Bits = std::conditional_t<sizeof(N) == 4, std::uint32_t, std::uint64_t>;
    constexpr int digits = std::numeric_limits<N>::digits;
    constexpr Bits one = 1;
    const Bits bits = std::bit_cast<Bits>(number);
    Bits mantissa = bits & ((one << (digits - 1)) - 1);
    int exponent = static_cast<int>((bits >> (digits - 1)) & (2 * std::numeric_limits<N>::max_exponent - 1));
    if ((bits >> (sizeof(N) * 8 - 1)) != 0) to = put(to, '-');
    if (exponent == 2 * std::numeric_limits<N>::max_exponent - 1) return put(to, mantissa == 0 ? "inf" : "nan", 3);
    if (mantissa == 0 && exponent == 0) return put(to, '0');
    if (exponent != 0) mantissa |= one << (digits - 1);
    else exponent = 1;
    exponent += std::numeric_limits<N>::min_exponent - digits - 1;

    Decimal made = to_decimal<N>(mantissa, exponent, false);
    const int size = made.size;
    int tens = made.exponent;
    const int point = tens + 1;  // digits before it
    const int fixed = point >= size ? point : point > 0 ? size + 1 : size + 2 - point;
    const int scientific = size + (size > 1 ? 1 : 0) + (tens >= 100 || tens <= -100 ? 5 : 4);
    if (fixed > scientific) {
        to = put(to, made.digits[0]);
        if (size > 1) to = put(put(to, '.'), made.digits + 1, size - 1);
        to = put(put(to, 'e'), tens < 0 ? '-' : '+');
        if (tens < 0) tens = -tens;
        if (tens >= 100) to = put(to, static_cast<char>('0' + tens / 100));
        to = put(to, static_cast<char>('0' + tens / 10 % 10));
        return put(to, static_cast<char>('0' + tens % 10));
    }
    if (point > size && exponent > 0) made = to_decimal<N>(mantissa, exponent, true);  // a whole number, to its end
    if (point >= made.size) return put(put(to, made.digits, made.size), '0', point - made.size);
    if (point <= 0) return put(put(put(put(to, '0'), '.'), '0', -point), made.digits, size);
    return put(put(put(to, made.digits, point), '.'), made.digits + point, size - point);
}

}  // namespace stet::detail
