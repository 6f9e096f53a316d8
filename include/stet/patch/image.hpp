#pragma once
// The image of a value, and the hash of it: numbers as little-endian words, aligned to their own size, with zeros in
// between, and one bit pattern for all NaN. Only values of a fixed shape have one: numbers, and structs and arrays of
// nothing else. Memory that is such an image already is read as it lies.

#include <stet/config.hpp>
#include <stet/reflect/fields.hpp>
#include <stet/reflect/kinds.hpp>
#include <stet/schema/hidden.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace stet::detail {

// --- mixing: the product of two words, folded, as in wyhash by Wang Yi

constexpr std::uint64_t fold_by_parts(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t low = (a & 0xFFFFFFFFU) * (b & 0xFFFFFFFFU);
    const std::uint64_t one = (a >> 32) * (b & 0xFFFFFFFFU) + (low >> 32);
    const std::uint64_t two = (a & 0xFFFFFFFFU) * (b >> 32) + (one & 0xFFFFFFFFU);
    return ((a >> 32) * (b >> 32) + (one >> 32) + (two >> 32)) ^ ((two << 32) | (low & 0xFFFFFFFFU));
}
#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 TwoWords;  // NOLINT(modernize-use-using): `using` warns all the same
constexpr std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const TwoWords product = static_cast<TwoWords>(a) * b;
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
}
#else
constexpr std::uint64_t fold(std::uint64_t a, std::uint64_t b) { return fold_by_parts(a, b); }
#endif

inline constexpr std::size_t stripe = 64;
inline constexpr std::uint64_t salt[8] = {  // the digits of pi
    0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89,
    0x452821E638D01377, 0xBE5466CF34E90C6C, 0xC0AC29B7C97C50DD, 0x3F84D5B5B5470917};

/// Words in stripes of eight, by four chains that do not wait for each other.
struct Stripes {
    std::uint64_t lane[4] = {salt[0], salt[1], salt[2], salt[3]};

    constexpr void take(const std::uint64_t (&word)[8]) {
        for (std::size_t i = 0; i < 4; ++i) lane[i] = fold(lane[i] ^ word[2 * i], salt[4 + i] ^ word[2 * i + 1]);
    }
    constexpr std::uint64_t end(std::uint64_t bytes) const {
        return fold(fold(lane[0] ^ salt[4], lane[1] ^ salt[5]) ^ bytes, fold(lane[2] ^ salt[6], lane[3] ^ salt[7]));
    }
};

// From memory, on a little-endian machine.
STET_ALWAYS_INLINE std::uint64_t word_at(const unsigned char* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, 8);
    return word;
}
template <class Word>
STET_ALWAYS_INLINE void take_words(Stripes& to, std::size_t stripes, const Word& word) {
    std::uint64_t a = to.lane[0], b = to.lane[1], c = to.lane[2], d = to.lane[3];
    for (std::size_t at = 0; at < 8 * stripes; at += 8) {
        a = fold(a ^ word(at), salt[4] ^ word(at + 1));
        b = fold(b ^ word(at + 2), salt[5] ^ word(at + 3));
        c = fold(c ^ word(at + 4), salt[6] ^ word(at + 5));
        d = fold(d ^ word(at + 6), salt[7] ^ word(at + 7));
    }
    to = {{a, b, c, d}};
}

// --- numbers

template <class N>
constexpr std::uint64_t bits_of(N number) {
    if constexpr (std::is_enum_v<N>) return bits_of(static_cast<std::underlying_type_t<N>>(number));
    else if constexpr (std::is_same_v<N, bool>) return number ? 1 : 0;
    else if constexpr (std::is_integral_v<N>) return static_cast<std::make_unsigned_t<N>>(number);
    else if (number != number) return sizeof(N) == 4 ? 0x7FC00000U : 0x7FF8000000000000U;  // NOLINT: a NaN
    else if constexpr (sizeof(N) == 4) return std::bit_cast<std::uint32_t>(number);
    else return std::bit_cast<std::uint64_t>(number);
}
// Of some width; those of a key, of which -0 and +0 are one.
template <bool InKey, class N>
constexpr std::uint64_t word_of(N number) {
    if constexpr (InKey && std::is_floating_point_v<N>) return bits_of(number == 0 ? N(0) : number);
    else if constexpr (std::is_enum_v<N>) return word_of<InKey>(static_cast<std::underlying_type_t<N>>(number));
    else if constexpr (std::is_signed_v<N> && std::is_integral_v<N> && !std::is_same_v<N, char>)
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(number));
    else return bits_of(number);
}

template <class V>
inline constexpr bool has_bits =
    (std::is_integral_v<V> || std::is_enum_v<V>) ? sizeof(V) <= 8
                                                 : std::is_same_v<V, float> || std::is_same_v<V, double>;

// --- images: of numbers, and of structs and arrays of nothing else

struct Image {
    std::size_t size = 0;
    std::size_t alignment = 1;
    bool real = false;  // is there any floating-point number?
    constexpr bool solid() const { return size > 0; }
};
constexpr std::size_t aligned(std::size_t at, std::size_t alignment) {
    return (at + alignment - 1) / alignment * alignment;
}

template <class V>
constexpr Image make_image();
template <class V>
inline constexpr Image image = make_image<V>();
template <class V>
constexpr Image make_image() {
    if constexpr (kind_v<V> == Kind::number || kind_v<V> == Kind::enumeration) {
        return has_bits<V> ? Image{sizeof(V), sizeof(V), std::is_floating_point_v<V>} : Image{};
    } else if constexpr (kind_v<V> == Kind::array && contiguous<V>) {
        Image all = image<std::remove_cv_t<typename V::value_type>>;
        all.size *= std::tuple_size<V>::value;
        return all;
    } else if constexpr (kind_v<V> == Kind::structure && reflectable<V> && !hides<V>()) {
        Image all{0, alignof(V)};  // more than that of its numbers if the struct says alignas
        bool solid = true;
        for_each_field<V>([&]<std::size_t I>() {
            constexpr Image one = image<field_type<V, I>>;
            solid = solid && one.solid();
            all.size = aligned(all.size, one.alignment) + one.size;
            if (all.alignment < one.alignment) all.alignment = one.alignment;
            all.real = all.real || one.real;
        });
        all.size = solid ? aligned(all.size, all.alignment) : 0;
        return all;
    } else return {};
}

/// Calls `f(number, offset)` for each number of a solid value.
template <class V, class F>
constexpr void each_number(const V& value, std::size_t offset, const F& f) {
    if constexpr (kind_v<V> == Kind::array) {
        using E = std::remove_cv_t<typename V::value_type>;
        for (std::size_t i = 0; i < value.size(); ++i) each_number(value.data()[i], offset + i * image<E>.size, f);
    } else if constexpr (kind_v<V> == Kind::structure) {
        std::size_t at = offset;
        for_each_field<V>([&]<std::size_t I>() {
            constexpr Image one = image<field_type<V, I>>;
            at = aligned(at, one.alignment);
            each_number(get_field<I>(value), at, f);
            at += one.size;
        });
    } else f(value, offset);
}

// Does it lie in memory as in its image, but for what stands between the numbers? Known to the compiler.
template <class V>
STET_ALWAYS_INLINE bool lies_as_image(const V& value, const unsigned char* image_begin) {
    const auto* const here = reinterpret_cast<const unsigned char*>(&value);
    if (here != image_begin || sizeof(V) != image<V>.size) return false;
    bool all = true;
    if constexpr (kind_v<V> == Kind::array) {
        all = lies_as_image(value.data()[0], here);
    } else if constexpr (kind_v<V> == Kind::structure) {
        std::size_t at = 0;
        for_each_field<V>([&]<std::size_t I>() STET_INLINE_LAMBDA {
            constexpr Image one = image<field_type<V, I>>;
            at = aligned(at, one.alignment);
            all = all && lies_as_image(get_field<I>(value), here + at);
            at += one.size;
        });
    }
    return all;
}

/// Numbers on their way into stripes.
class ImageWriter {
public:
    constexpr explicit ImageWriter(Stripes& to) : to_(&to) {}
    constexpr void put(std::uint64_t bits, std::size_t at) {
        fill(at);
        const std::size_t in = at - begin_;
        word_[in / 8] |= bits << (in % 8 * 8);
    }
    constexpr void end(std::size_t size) {
        if (size > begin_) fill(size + stripe - 1);
    }

private:
    constexpr void fill(std::size_t at) {
        for (; at - begin_ >= stripe; begin_ += stripe) {
            to_->take(word_);
            for (std::uint64_t& word : word_) word = 0;
        }
    }

    Stripes* to_;
    std::size_t begin_ = 0;
    std::uint64_t word_[8]{};
};

template <bool InKey, class E>
constexpr void take_numbers(Stripes& to, const E* elements, std::size_t count) {
    ImageWriter writer(to);
    for (std::size_t i = 0; i < count; ++i)
        each_number(elements[i], i * image<E>.size, [&](auto number, std::size_t at) {
            if constexpr (InKey && std::is_floating_point_v<decltype(number)>)
                writer.put(bits_of(number == 0 ? 0 : number), at);
            else writer.put(bits_of(number), at);
        });
    writer.end(count * image<E>.size);
}

// What of a block of memory is part of the image, and where the exponents of floating-point numbers are: those of which
// all bits are set are NaN or infinite, and then it is looked at closely.
template <class V>
constexpr void each_place(std::size_t offset, auto& f) {
    if constexpr (kind_v<V> == Kind::array) {
        using E = std::remove_cv_t<typename V::value_type>;
        for (std::size_t i = 0; i < std::tuple_size<V>::value; ++i) each_place<E>(offset + i * image<E>.size, f);
    } else if constexpr (kind_v<V> == Kind::structure) {
        std::size_t at = offset;
        for_each_field<V>([&]<std::size_t I>() {
            using Inner = field_type<V, I>;
            at = aligned(at, image<Inner>.alignment);
            each_place<Inner>(at, f);
            at += image<Inner>.size;
        });
    } else f(offset, sizeof(V), std::is_floating_point_v<V>);
}
template <class E>
constexpr bool has_padding() {
    std::size_t covered = 0;
    auto add = [&](std::size_t, std::size_t size, bool) { covered += size; };
    each_place<E>(0, add);
    return covered != image<E>.size;
}
constexpr std::size_t least_common_multiple(std::size_t a, std::size_t b) {
    std::size_t x = a;
    std::size_t y = b;
    while (y != 0) {
        const std::size_t rest = x % y;
        x = y;
        y = rest;
    }
    return a / x * b;
}
/// Whole stripes with whole elements, of at least 512 bytes.
template <class E>
inline constexpr std::size_t block_size = [] {
    const std::size_t period = least_common_multiple(image<E>.size, stripe);
    return (512 + period - 1) / period * period;
}();

template <std::size_t Size>
struct Pattern {
    alignas(16) std::uint64_t seen[Size / 8]{};
    alignas(16) std::int16_t exponent[Size / 2]{};
};
template <class E>
constexpr auto make_pattern() {
    constexpr std::size_t size = image<E>.size;
    unsigned char seen[size]{};
    unsigned char exponent[size]{};
    auto mark = [&](std::size_t at, std::size_t bytes, bool real) {
        for (std::size_t i = 0; i < bytes; ++i) seen[at + i] = 0xFF;
        if (!real) return;
        exponent[at + bytes - 1] = 0x7F;
        exponent[at + bytes - 2] = bytes == 4 ? 0x80 : 0xF0;
    };
    each_place<E>(0, mark);
    Pattern<block_size<E>> pattern;
    std::size_t from = 0;
    for (std::size_t i = 0; i < block_size<E>; ++i) {
        pattern.seen[i / 8] |= static_cast<std::uint64_t>(seen[from]) << (i % 8 * 8);
        pattern.exponent[i / 2] = static_cast<std::int16_t>(pattern.exponent[i / 2] | (exponent[from] << (i % 2 * 8)));
        from = from + 1 == size ? 0 : from + 1;
    }
    return pattern;
}
template <class E>
inline constexpr auto pattern = make_pattern<E>();

// Of a part of a block that begins at `from`. The greatest exponent tells: that of a float that is NaN or infinite, or
// of a double that is so or so large.
template <class E, std::size_t Bytes>
STET_ALWAYS_INLINE bool all_small(const unsigned char* bytes, std::size_t from) {
    if constexpr (!image<E>.real) return true;
    else {
        std::int16_t greatest = 0;
        for (std::size_t i = 0; i < Bytes / 2; ++i) {
            std::int16_t half = 0;
            std::memcpy(&half, bytes + 2 * i, 2);
            half = static_cast<std::int16_t>(half & pattern<E>.exponent[from / 2 + i]);
            greatest = half > greatest ? half : greatest;
        }
        return greatest < 0x7F80;
    }
}
template <class E>
STET_ALWAYS_INLINE void take_seen(Stripes& to, const unsigned char* bytes, std::size_t from, std::size_t stripes) {
    const auto whole = [&](std::size_t at) STET_INLINE_LAMBDA { return word_at(bytes + 8 * at); };
    if constexpr (has_padding<E>())
        take_words(to, stripes,
                   [&](std::size_t at) STET_INLINE_LAMBDA { return whole(at) & pattern<E>.seen[from / 8 + at]; });
    else take_words(to, stripes, whole);
}

/// Elements that are less than a block.
template <class E>
void take_rest(Stripes& to, const E* elements, std::size_t count) {
    const auto* const bytes = reinterpret_cast<const unsigned char*>(elements);
    const std::size_t size = count * sizeof(E);
    const std::size_t whole = size / stripe * stripe;
    unsigned char last[stripe]{};
    for (std::size_t i = 0; whole + i < size; ++i) last[i] = bytes[whole + i];
    bool fits = whole > 0 && all_small<E, stripe>(last, whole);
    for (std::size_t at = 0; fits && at < whole; at += stripe) fits = all_small<E, stripe>(bytes + at, at);
    if (!fits) return take_numbers<false>(to, elements, count);
    take_seen<E>(to, bytes, 0, whole / stripe);
    if (whole < size) take_seen<E>(to, last, whole, 1);
}
template <class E>
void take_memory(Stripes& to, const E* elements, std::size_t count) {
    constexpr std::size_t in_block = block_size<E> / sizeof(E);
    Stripes all = to;  // in registers
    for (; count >= in_block; count -= in_block, elements += in_block) {
        const auto* const bytes = reinterpret_cast<const unsigned char*>(elements);
        if (all_small<E, block_size<E>>(bytes, 0)) take_seen<E>(all, bytes, 0, block_size<E> / stripe);
        else {
            to = all;
            take_numbers<false>(to, elements, in_block);
            all = to;
        }
    }
    to = all;
    if (count > 0) take_rest(to, elements, count);
}

/// Elements that are solid and not large, one behind the other.
template <class E>
inline constexpr bool hashed_in_stripes = image<E>.solid() && image<E>.size <= 1024;

template <bool InKey, class E>
constexpr std::uint64_t hash_run(const E* elements, std::size_t count) {
    Stripes all;
    constexpr bool as_memory =
        std::endian::native == std::endian::little && !optimised_for_size && !(InKey && image<E>.real);
    if (as_memory && !std::is_constant_evaluated() && count > 0 &&
        lies_as_image(*elements, reinterpret_cast<const unsigned char*>(elements)))
        take_memory(all, elements, count);
    else take_numbers<InKey>(all, elements, count);
    return all.end(std::uint64_t{count} * image<E>.size);
}

}  // namespace stet::detail
