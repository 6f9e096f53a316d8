#pragma once
// Enumerators and keys from JSON.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/reflect/enums.hpp>
#include <stet/with/nlohmann_json/number.hpp>
#include <stet/with/nlohmann_json/problems.hpp>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace stet::detail {

// Which numbers an enum without a fixed type can hold follows from its enumerators; those with a name are known.
template <class E>
bool enum_holds(std::underlying_type_t<E> number) {
    using Under = std::underlying_type_t<E>;
    if constexpr (requires { E{Under{}}; }) return true;
    else {
        int low = 0;
        int high = 0;
        for (std::size_t i = 0; i < enumerators; ++i) {
            if (enum_names<E>.name[i].empty()) continue;
            const int value = static_cast<int>(i) + first_enumerator;
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
        int bound = 1;
        while (bound <= high || bound < -low) bound *= 2;
        if constexpr (std::is_signed_v<Under>)
            return number < Under(bound) && number >= (low < 0 ? Under(-bound) : Under{});
        else return number < Under(bound);
    }
}
template <class E>
bool enum_from_number(const Json& from, E& to) {
    using Under = std::underlying_type_t<E>;
    Under number{};
    if (!from.is_number() || number_from_json(from, number) != NumberRead::ok || !enum_holds<E>(number)) return false;
    to = static_cast<E>(number);
    return true;
}

template <class K>
bool key_from_json(const std::string& name, K& key) {
    if constexpr (kind_v<K> == Kind::text) {
        std::string plain;
        return text_from_json(name, plain) && set_text(key, plain);
    } else {
        if constexpr (kind_v<K> == Kind::enumeration)
            if (enum_value(std::string_view(name), key)) return true;
        long long number = 0;
        unsigned long long large = 0;
        const char* const end = name.data() + name.size();
        const auto whole = [&](std::from_chars_result read) {
            return read.ec == std::errc{} && read.ptr == end && !name.empty();
        };
        const bool is_signed = whole(std::from_chars(name.data(), end, number));
        if (!is_signed && !whole(std::from_chars(name.data(), end, large))) return false;
        const Json json = is_signed ? Json(number) : Json(large);
        if constexpr (kind_v<K> == Kind::enumeration) return enum_from_number(json, key);
        else return number_from_json(json, key) == NumberRead::ok;
    }
}
template <class K>
std::string expected_key(std::string_view name) {
    if constexpr (kind_v<K> == Kind::text) return "must be a text that the key can hold";
    else if constexpr (kind_v<K> == Kind::enumeration) {
        Nearest nearest(name);
        for (const std::string_view known : enum_names<K>.name)
            if (!known.empty()) nearest.offer(known);
        return "must be the name of an enumerator" + nearest.hint();
    } else return "must be a whole number that the key can hold";
}

}  // namespace stet::detail
