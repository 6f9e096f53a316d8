#pragma once
// The forms in JSON of types of the standard library that are neither structs nor containers to the library: durations
// and points in time as their ticks, std::vector<bool> as an array. None of their headers is needed here.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/with/nlohmann_json/number.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {
namespace detail {

template <class T>
concept duration_like = requires(const T& duration) {
    typename T::rep;
    typename T::period;
    { duration.count() } -> std::same_as<typename T::rep>;
    T(duration.count());
} && std::is_arithmetic_v<typename T::rep>;

template <class T>
concept time_point_like = requires(const T& time) {
    typename T::clock;
    { time.time_since_epoch() } -> std::same_as<typename T::duration>;
    T(time.time_since_epoch());
} && duration_like<typename T::duration>;

template <class T>
concept bits_like = requires(T& bits) {
    typename T::allocator_type;
    typename T::reference;
    bits.flip();
    bits.push_back(true);
} && std::same_as<typename T::value_type, bool>;

}  // namespace detail

template <detail::duration_like T>
struct JsonFormat<T> {
    static constexpr std::string_view expected = "must be a number of ticks";
    static nlohmann::json write(const T& value) { return detail::number_to_json(value.count()); }
    static bool read(const nlohmann::json& json, T& value) {
        typename T::rep ticks{};
        if (detail::number_from_json(json, ticks) != detail::NumberRead::ok) return false;
        value = T(ticks);
        return true;
    }
};

template <detail::time_point_like T>
struct JsonFormat<T> {
    static constexpr std::string_view expected = "must be a number of ticks";
    static nlohmann::json write(const T& value) {
        return JsonFormat<typename T::duration>::write(value.time_since_epoch());
    }
    static bool read(const nlohmann::json& json, T& value) {
        typename T::duration since{};
        if (!JsonFormat<typename T::duration>::read(json, since)) return false;
        value = T(since);
        return true;
    }
};

template <detail::bits_like T>
struct JsonFormat<T> {
    static constexpr std::string_view expected = "must be an array of true and false";
    static nlohmann::json write(const T& value) {
        nlohmann::json::array_t bits;
        for (const bool bit : value) bits.emplace_back(bit);
        return nlohmann::json(std::move(bits));
    }
    static bool read(const nlohmann::json& json, T& value) {
        const auto* const bits = json.get_ptr<const nlohmann::json::array_t*>();
        if (bits == nullptr) return false;
        T all;
        for (const nlohmann::json& bit : *bits) {
            const bool* const is_set = bit.get_ptr<const bool*>();
            if (is_set == nullptr) return false;
            all.push_back(*is_set);
        }
        value = std::move(all);
        return true;
    }
};

}  // namespace stet
