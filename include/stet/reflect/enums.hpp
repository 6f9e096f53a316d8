#pragma once
// Names of enumerators, read as the names of fields are. Values from -16 to 127 have names; others show as numbers.

#include <stet/reflect/names.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {
namespace detail {

inline constexpr int first_enumerator = -16;
inline constexpr std::size_t enumerators = 144;

// "Mode::eco" names an enumerator, "(Mode)5" does not.
constexpr bool names_enumerator(std::string_view text) {
    const std::string_view last = last_identifier(text);
    return !last.empty() && (last[0] < '0' || last[0] > '9') && text[static_cast<std::size_t>(last.data() - text.data()) - 1] != ')';
}

template <class E, int Value>
constexpr std::string_view enumerator_name() {
    using Under = std::underlying_type_t<E>;
    if constexpr (!std::in_range<std::conditional_t<std::is_same_v<Under, bool>, unsigned char, Under>>(Value) ||
                  (std::is_same_v<Under, bool> && Value > 1)) {
        return {};
    } else if constexpr (requires { typename std::integral_constant<E, static_cast<E>(Value)>::type; }) {
        constexpr std::string_view text = pretty<static_cast<E>(Value)>();
        if constexpr (names_enumerator(text)) return last_identifier(text);
        else return {};
    } else {
        return {};
    }
}

template <class E>
struct EnumNames {
    std::string_view name[enumerators];
};
template <class E>
inline constexpr EnumNames<E> enum_names = []<std::size_t... I>(std::index_sequence<I...>) {
    return EnumNames<E>{{enumerator_name<E, static_cast<int>(I) + first_enumerator>()...}};
}(std::make_index_sequence<enumerators>{});

}  // namespace detail

/// The name of an enumerator; empty if the value has none.
template <class E>
    requires std::is_enum_v<E>
constexpr std::string_view enum_name(E value) {
    const auto number = static_cast<std::underlying_type_t<E>>(value);
    for (std::size_t i = 0; i < detail::enumerators; ++i) {
        const int candidate = static_cast<int>(i) + detail::first_enumerator;
        if (static_cast<std::underlying_type_t<E>>(candidate) == number && !detail::enum_names<E>.name[i].empty())
            return detail::enum_names<E>.name[i];
    }
    return {};
}

/// The enumerator of that name, through `value`; false if there is none.
template <class E>
    requires std::is_enum_v<E>
constexpr bool enum_value(std::string_view name, E& value) {
    for (std::size_t i = 0; i < detail::enumerators; ++i) {
        if (name.empty() || detail::enum_names<E>.name[i] != name) continue;
        value = static_cast<E>(static_cast<int>(i) + detail::first_enumerator);
        return true;
    }
    return false;
}

}  // namespace stet
