#pragma once
// Text without a heap: a sink that everything is written to, and a buffer of fixed size.

#include <stet/config.hpp>
#include <stet/shortest.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace stet {
namespace detail {

// Exactly these types: for others the standard asks at length whether they are two iterators.
constexpr std::string_view chars(const char* first, std::size_t size) { return {first, size}; }

template <class N>
char* real_chars(char* first, [[maybe_unused]] char* last, N number) {
#if STET_BARE
    if constexpr (sizeof(N) <= sizeof(float)) return write_shortest(first, static_cast<float>(number));
    else if constexpr (sizeof(N) <= sizeof(double)) return write_shortest(first, static_cast<double>(number));
    else
#endif
        return std::to_chars(first, last, number).ptr;
}

}  // namespace detail

/// A sink for characters: anything with `append(const char*, std::size_t)` can stand behind it.
class Writer {
public:
    template <class Out>
        requires requires(Out& out, const char* chars, std::size_t size) { out.append(chars, size); }
    constexpr explicit Writer(Out& out)
        : out_(&out),
          append_([](void* to, const char* chars, std::size_t size) { static_cast<Out*>(to)->append(chars, size); }) {}

    const Writer& operator<<(std::string_view text) const {
        append_(out_, text.data(), text.size());
        return *this;
    }
    const Writer& operator<<(const char* text) const { return *this << std::string_view(text); }
    const Writer& operator<<(char c) const { return *this << detail::chars(&c, 1); }

    /// Numbers in their shortest form that reads back as the same number; independent of the locale.
    template <class N>
        requires(std::is_arithmetic_v<N> && !std::is_same_v<N, bool> && !std::is_same_v<N, char>)
    const Writer& operator<<(N number) const {
        char digits[48];
        const char* end = digits;
        if constexpr (std::is_integral_v<N> && sizeof(N) <= sizeof(long long)) {
            using Wide = std::conditional_t<std::is_signed_v<N>, long long, unsigned long long>;
            end = std::to_chars(digits, digits + sizeof digits, static_cast<Wide>(number)).ptr;
        } else {
            end = detail::real_chars(digits, digits + sizeof digits, number);
        }
        return *this << detail::chars(digits, static_cast<std::size_t>(end - digits));
    }

private:
    void* out_;
    void (*append_)(void*, const char*, std::size_t);
};

/// Text in place, of at most `Capacity` bytes; what does not fit is cut at a character and marked by "...".
template <std::size_t Capacity>
class FixedText {
    static_assert(Capacity > 3 && Capacity < 65536, "stet: FixedText<Capacity>: write a capacity of 4 to 65535");

public:
    static constexpr std::size_t capacity = Capacity;

    constexpr FixedText() = default;
    constexpr FixedText(std::string_view whole) { append(whole.data(), whole.size()); }

    constexpr void append(const char* chars, std::size_t size) {
        if (cut_) return;
        cut_ = size > Capacity - size_;
        if (cut_) size = Capacity - size_;
        for (std::size_t i = 0; i < size; ++i) chars_[size_ + i] = chars[i];
        size_ = static_cast<std::uint16_t>(size_ + size);
        if (!cut_) return;
        size_ = Capacity - 3;  // never in the middle of a UTF-8 character
        while (size_ > 0 && (static_cast<unsigned char>(chars_[size_]) & 0xC0U) == 0x80U) --size_;
        for (std::size_t i = 0; i < 3; ++i) chars_[size_ + i] = '.';
        size_ = static_cast<std::uint16_t>(size_ + 3);
    }

    constexpr std::string_view view() const { return detail::chars(chars_, size_); }
    constexpr operator std::string_view() const { return view(); }
    constexpr bool empty() const { return size_ == 0; }
    constexpr bool operator==(std::string_view other) const { return view() == other; }

private:
    char chars_[Capacity]{};
    std::uint16_t size_ = 0;
    bool cut_ = false;
};

}  // namespace stet
