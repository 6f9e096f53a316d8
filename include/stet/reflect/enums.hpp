#pragma once
// Names of enumerators, read as the names of fields are. Values from -16 to 127 have names; others show as numbers.

#include <stet/reflect/names.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {
namespace detail {

inline constexpr int first_enumerator = -16;
inline constexpr std::size_t enumerators = 144;

// "Mode::eco" names an enumerator, "(Mode)5" does not.
constexpr bool names_enumerator(std::string_view last) { return !last.empty() && (last[0] < '0' || last[0] > '9'); }

template <class E, int Value>
constexpr std::string_view enumerator_name() {
    using Under = std::underlying_type_t<E>;
    constexpr auto number = static_cast<Under>(Value);
    if constexpr (static_cast<int>(number) != Value || (Value < 0 && !std::is_signed_v<Under>)) {
        return {};
    } else {
        // not a cast: an enum without a fixed type has fewer values than its underlying type
        constexpr std::string_view name = last_identifier(pretty<std::bit_cast<E>(number)>());
        if constexpr (names_enumerator(name)) return name;
        else return {};
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

// What stays in the image of a program that prints them: the names alone, behind each other.
template <std::size_t Count, std::size_t Characters>
struct EnumTable {
    struct Entry {
        std::int16_t value;
        std::uint16_t begin;
        std::uint16_t size;
    };
    Entry entry[Count > 0 ? Count : 1]{};
    char chars[Characters > 0 ? Characters : 1]{};

    constexpr std::string_view name(const Entry& of) const { return {chars + of.begin, of.size}; }
};
template <class E>
inline constexpr auto enum_table = [] {
    constexpr auto sizes = [] {
        std::pair<std::size_t, std::size_t> sum{};
        for (const std::string_view name : enum_names<E>.name) {
            sum.first += name.empty() ? 0 : 1;
            sum.second += name.size();
        }
        return sum;
    }();
    EnumTable<sizes.first, sizes.second> table;
    std::size_t count = 0;
    std::size_t end = 0;
    for (std::size_t i = 0; i < enumerators; ++i) {
        const std::string_view name = enum_names<E>.name[i];
        if (name.empty()) continue;
        table.entry[count++] = {static_cast<std::int16_t>(static_cast<int>(i) + first_enumerator),
                                static_cast<std::uint16_t>(end), static_cast<std::uint16_t>(name.size())};
        for (const char c : name) table.chars[end++] = c;
    }
    return table;
}();

}  // namespace detail

/// The name of an enumerator; empty if the value has none.
template <class E>
    requires std::is_enum_v<E>
constexpr std::string_view enum_name(E value) {
    const auto number = static_cast<std::underlying_type_t<E>>(value);
    for (const auto& entry : detail::enum_table<E>.entry)
        if (static_cast<std::underlying_type_t<E>>(entry.value) == number) return detail::enum_table<E>.name(entry);
    return {};
}

/// The enumerator of that name, through `value`; false if there is none.
template <class E>
    requires std::is_enum_v<E>
constexpr bool enum_value(std::string_view name, E& value) {
    for (const auto& entry : detail::enum_table<E>.entry) {
        if (name.empty() || detail::enum_table<E>.name(entry) != name) continue;
        value = static_cast<E>(static_cast<int>(entry.value));
        return true;
    }
    return false;
}

}  // namespace stet
