#pragma once
// Numbers in JSON: exact or not at all.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/patch/assign.hpp>
#include <stet/with/nlohmann_json/format.hpp>

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

namespace stet::detail {

// A float in as few digits as it has: 0.1, not 0.10000000149011612.
inline double shortest_double(float value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value);
    const Json parsed = Json::parse(digits, end.ptr, nullptr, false);
    if (parsed.is_number_float()) {
        const double number = *parsed.get_ptr<const Json::number_float_t*>();
        if (static_cast<float>(number) == value) return number;
    }
    return static_cast<double>(value);
}

template <class N>
constexpr auto widened(N value) {
    if constexpr (std::is_signed_v<N>) return static_cast<std::int64_t>(value);
    else return static_cast<std::uint64_t>(value);
}

template <class N>
Json number_to_json(N value) {
    if constexpr (std::is_same_v<N, bool>) return Json(value);
    else if constexpr (std::is_floating_point_v<N>) {
        if (value != value) return Json("NaN");
        if (value - value != 0) return Json(value > 0 ? "Infinity" : "-Infinity");
        if constexpr (std::is_same_v<N, float>) return Json(shortest_double(value));
        else return Json(static_cast<double>(value));
    } else return Json(widened(value));
}

enum class NumberRead { ok, wrong_type, out_of_range };

// Whole numbers become floating ones where nothing is lost, and floating ones whole ones where there is nothing to
// lose.
template <class N, class From>
NumberRead convert_number(From from, N& to) {
    if constexpr (std::is_floating_point_v<N> && std::is_floating_point_v<From>) {
        const N converted = static_cast<N>(from);
        if (converted - converted != 0) return NumberRead::out_of_range;
        to = converted;
    } else if constexpr (std::is_floating_point_v<N>) {
        const N converted = static_cast<N>(from);
        constexpr N past = static_cast<N>(std::is_signed_v<From> ? 0x1p63 : 0x1p64);
        if (converted >= past || static_cast<From>(converted) != from) return NumberRead::out_of_range;
        to = converted;
    } else if constexpr (std::is_floating_point_v<From>) {
        if (!number_fits<long long>(from) && from - from == 0 && from > -9e15 && from < 9e15)
            return NumberRead::wrong_type;
        if (!number_fits<N>(from)) return NumberRead::out_of_range;
        to = static_cast<N>(from);
    } else {
        if (!number_fits<N>(from)) return NumberRead::out_of_range;
        to = static_cast<N>(from);
    }
    return NumberRead::ok;
}

template <class N>
NumberRead number_from_json(const Json& json, N& to) {
    switch (json.type()) {
        case Json::value_t::number_integer:
            return convert_number(*json.get_ptr<const Json::number_integer_t*>(), to);
        case Json::value_t::number_unsigned:
            return convert_number(*json.get_ptr<const Json::number_unsigned_t*>(), to);
        case Json::value_t::number_float:
            return convert_number(*json.get_ptr<const Json::number_float_t*>(), to);
        case Json::value_t::string:
            if constexpr (std::is_floating_point_v<N>) {
                const std::string& text = *json.get_ptr<const std::string*>();
                if (text == "NaN") to = std::numeric_limits<N>::quiet_NaN();
                else if (text == "Infinity") to = std::numeric_limits<N>::infinity();
                else if (text == "-Infinity") to = -std::numeric_limits<N>::infinity();
                else return NumberRead::wrong_type;
                return NumberRead::ok;
            }
            return NumberRead::wrong_type;
        default:
            return NumberRead::wrong_type;
    }
}

}  // namespace stet::detail
