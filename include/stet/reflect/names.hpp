#pragma once
// The names of fields, read from what the compiler calls the address of a part of an object that is never defined. PFR
// has names too, since 2.2; this works with every PFR, and costs a third of its header.

#include <stet/config.hpp>
#include <stet/reflect/fields.hpp>

#include <cstddef>
#include <string_view>

namespace stet {
namespace detail {

template <class Pointer>
struct PointerArgument {  // clang before 19 takes no bare pointer to a part of an object
    Pointer pointer;
};
template <class Pointer>
PointerArgument(Pointer) -> PointerArgument<Pointer>;

struct Characters {  // std::string_view would not do: g++ writes what it stands for into the name
    const char* data;
    std::size_t size;
};

template <auto Pointer>
constexpr Characters pretty() {
#if defined(_MSC_VER)
    return {STET_PRETTY_FUNCTION, sizeof(STET_PRETTY_FUNCTION) - sizeof(">(void)")};
#else
    return {STET_PRETTY_FUNCTION, sizeof(STET_PRETTY_FUNCTION) - 1};
#endif
}

constexpr bool is_identifier(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}

constexpr std::string_view last_identifier(Characters text) {
    std::size_t end = text.size;
    while (end > 0 && !is_identifier(text.data[end - 1])) --end;
    std::size_t begin = end;
    while (begin > 0 && is_identifier(text.data[begin - 1])) --begin;
    return {text.data + begin, end - begin};
}

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
template <class T, std::size_t I>
constexpr std::string_view read_name() {
    if constexpr (listed<T>) return last_identifier(pretty<nth_pointer<I>(member_list<T>())>());
    else return last_identifier(pretty<PointerArgument{&get_field<I>(ghost<T>.value)}>());
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

// Only the characters of the name stay in the image.
template <std::size_t Size>
struct StaticText {
    char chars[Size + 1]{};
    constexpr std::string_view view() const { return {chars, Size}; }
};

template <std::size_t Size>
constexpr StaticText<Size> static_text(std::string_view text) {
    StaticText<Size> copy;
    for (std::size_t i = 0; i < Size; ++i) copy.chars[i] = text[i];
    return copy;
}

template <class T, std::size_t I>
constexpr auto copy_name() {
    constexpr std::string_view name = read_name<T, I>();
    return static_text<name.size()>(name);
}
template <class T, std::size_t I>
inline constexpr auto name_v = copy_name<T, I>();

}  // namespace detail

/// The name of field number `I` of `T`, as it is written in the struct.
template <class T, std::size_t I>
constexpr std::string_view field_name() {
    return detail::name_v<std::remove_cv_t<T>, I>.view();
}

}  // namespace stet
