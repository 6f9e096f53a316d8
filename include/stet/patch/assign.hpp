#pragma once
// Putting a value into a field without losing any of it: numbers only where they fit, enumerators by value or name.

#include <stet/reflect/enums.hpp>
#include <stet/reflect/kinds.hpp>
#include <stet/result.hpp>

#include <string_view>
#include <type_traits>
#include <utility>

namespace stet::detail {

template <class V>
inline constexpr bool is_plain_number = std::is_arithmetic_v<V> && !std::is_same_v<V, bool>;

/// Could a `U` ever become the value of a field of type `V`?
template <class V, class U>
constexpr bool can_assign() {
    using From = std::remove_cvref_t<U>;
    if constexpr (is_plain_number<V>) return is_plain_number<From>;
    else if constexpr (std::is_same_v<V, bool>) return std::is_same_v<From, bool>;
    else if constexpr (std::is_enum_v<V>) return std::is_same_v<From, V> || std::is_convertible_v<U, std::string_view>;
    else if constexpr (optional_like<V>) {
        if constexpr (std::is_same_v<From, V> || !(is_plain_number<From> || std::is_same_v<From, bool>))
            return std::is_assignable_v<V&, U>;
        else return can_assign<typename V::value_type, U>();
    } else if constexpr (is_plain_number<From> || std::is_same_v<From, bool>) {
        return !text_like<V> && std::is_assignable_v<V&, U>;  // a string would take 65 as 'A'
    } else return std::is_assignable_v<V&, U>;
}

template <class To, class From>
constexpr bool number_fits(From value) {
    if constexpr (std::is_floating_point_v<To>) return true;
    else if constexpr (std::is_floating_point_v<From>) {
        constexpr auto limit = static_cast<From>(1ULL << 53U);  // whole numbers are exact up to here
        return value >= -limit && value <= limit && static_cast<From>(static_cast<long long>(value)) == value &&
               number_fits<To>(static_cast<long long>(value));
    } else {
        const auto wide = +value;
        if constexpr (std::is_signed_v<To> || !std::is_signed_v<decltype(wide)>)
            return static_cast<decltype(wide)>(static_cast<To>(wide)) == wide &&
                   (static_cast<To>(wide) < To{}) == (wide < decltype(wide){});
        else return wide >= 0 && static_cast<decltype(wide)>(static_cast<To>(wide)) == wide;
    }
}

/// False where the value does not fit; then the target is as it was.
template <class V, class U>
constexpr bool assign(V& target, U&& value) {
    using From = std::remove_cvref_t<U>;
    if constexpr (is_plain_number<V>) {
        if (!number_fits<V>(value)) return false;
        target = static_cast<V>(value);
        return true;
    } else if constexpr (std::is_enum_v<V> && !std::is_same_v<From, V>) {
        return enum_value(std::string_view(value), target);
    } else if constexpr (optional_like<V> && is_plain_number<From>) {
        typename V::value_type content{};
        if (!assign(content, value)) return false;
        target = content;
        return true;
    } else {
        target = std::forward<U>(value);
        return true;
    }
}

/// What a field of type `V` can hold, for whoever gave it something else.
template <class V>
constexpr std::string_view what_fits() {
    if constexpr (std::is_same_v<V, bool>) return "true or false";
    else if constexpr (std::is_floating_point_v<V>) return "a number";
    else if constexpr (is_plain_number<V>) {
        constexpr bool negative = std::is_signed_v<V>;
        if constexpr (sizeof(V) == 1)
            return negative ? "a whole number from -128 to 127" : "a whole number from 0 to 255";
        else if constexpr (sizeof(V) == 2)
            return negative ? "a whole number from -32768 to 32767" : "a whole number from 0 to 65535";
        else if constexpr (sizeof(V) == 4)
            return negative ? "a whole number from -2147483648 to 2147483647" : "a whole number from 0 to 4294967295";
        else return negative ? "a whole number of 64 bits" : "a whole number of 64 bits, 0 or more";
    } else if constexpr (std::is_enum_v<V>) return "the name of an enumerator, or the enumerator itself";
    else if constexpr (optional_like<V>) return what_fits<typename V::value_type>();
    else if constexpr (text_like<V>) return "a text";
    else return "a value of the field's type";
}

/// Puts a value where only the run time knows the type; what would have fitted is said in any case.
struct PutAt {
    bool done = false;
    std::string_view fits{};

    template <class V, class U>
    constexpr void put(V& target, U&& value) {
        fits = what_fits<V>();
        if constexpr (can_assign<V, U>()) done = assign(target, std::forward<U>(value));
    }
};

// A function that takes the draft by value would change a copy, and nothing else.
template <class Function, class T>
inline constexpr bool is_on_copy = false;
template <class R, class C, class T>
inline constexpr bool is_on_copy<R (C::*)(T), T> = true;
template <class R, class C, class T>
inline constexpr bool is_on_copy<R (C::*)(T) const, T> = true;
template <class R, class C, class T>
inline constexpr bool is_on_copy<R (C::*)(T) noexcept, T> = true;
template <class R, class C, class T>
inline constexpr bool is_on_copy<R (C::*)(T) const noexcept, T> = true;
template <class Make, class T>
constexpr bool takes_copy() {
    if constexpr (requires { &Make::operator(); }) return is_on_copy<decltype(&Make::operator()), T>;
    else return false;
}

template <class Make, class T>
constexpr void require_reference() {
    static_assert(!takes_copy<std::remove_const_t<Make>, T>(),
                  "stet: the function that makes a change takes T by value, so it would change a copy: write T&");
}

/// Runs a caller's function on a draft; an error if it gives up.
template <class E, class Make, class T>
constexpr Result<void, E> make_draft(Make& make, T& draft) {
    require_reference<Make, T>();
    using Answer = std::invoke_result_t<Make&, T&>;
    if constexpr (std::is_void_v<Answer>) {
        make(draft);
    } else if constexpr (requires(Answer answer) {
                             answer.has_value();
                             answer.error();
                         }) {
        if (auto answer = make(draft); !answer.has_value()) {
            if constexpr (std::is_constructible_v<E, decltype(answer.error())>) return Failure(E(answer.error()));
            else return Failure(E(Errc::gave_up));
        }
    } else {
        static_assert(std::is_same_v<Answer, bool>,
                      "stet: the function that makes a change returns void, bool (false gives up) or a Result");
        if (!make(draft)) return Failure(E(Errc::gave_up));
    }
    return {};
}

}  // namespace stet::detail
