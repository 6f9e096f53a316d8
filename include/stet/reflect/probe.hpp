#pragma once
// Can a type be taken apart, and if not, why? Found out before PFR is asked, so that every answer is one sentence.

#include <stet/config.hpp>
#include <stet/reflect/bindings.hpp>
#include <stet/reflect/sentences.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace stet::detail {

// Never defined: its parts have addresses and names, and nothing is ever stored.
template <class T>
struct Ghost {
    T value;
};
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
template <class T>
extern Ghost<T> ghost;

inline constexpr const char* never_called = "stet: the probe of a struct's fields was called";

// A value of any type but T itself; of no reference, and of a union only where that is the question. Never called, but
// defined: std::optional's constructor names the conversion, and clang wants it for types without linkage.
template <class T, bool Unions = true>
struct AnyValue {
    template <class U>
        requires(!std::is_same_v<std::remove_cv_t<U>, T> && (Unions || !std::is_union_v<U>))
    operator U() const {
        fail(never_called);
    }
};

template <class T>
struct AnyReference {
    template <class U>
        requires(!std::is_same_v<std::remove_cv_t<U>, T> && std::is_copy_constructible_v<U>)
    operator U&() const {
        fail(never_called);
    }
};

template <class T>
struct AnyBase {
    template <class U>
        requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T>)
    operator U() const {
        fail(never_called);
    }
};

template <class Any, std::size_t>
using repeat = Any;

template <class T, class Any, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
    return requires { T{repeat<Any, I>{}...}; };
}

template <class T, class Any, std::size_t Count>
inline constexpr bool takes_v = takes<T, Any>(std::make_index_sequence<Count>{});

// Without braces none can be left out: an initialiser for each field itself, never for the parts of an array or union.
template <class T, class Any, std::size_t... I>
constexpr bool takes_in_parentheses(std::index_sequence<I...>) {
#if defined(__cpp_aggregate_paren_init)
    return requires { T(repeat<Any, I>{}...); };
#else
    return true;
#endif
}

inline constexpr std::size_t not_found = static_cast<std::size_t>(-1);

// The most initialisers that T takes, between two bounds: by halving. Where T{} is allowed, the upper bound is found by
// doubling first, since most structs are small and a question about 50 initialisers costs 50 times more.
template <class T, class Any, std::size_t Low, std::size_t High>
constexpr std::size_t most() {
    if constexpr (Low == High) {
        return Low;
    } else {
        constexpr std::size_t middle = Low + (High - Low + 1) / 2;
        if constexpr (takes_v<T, Any, middle>) return most<T, Any, middle, High>();
        else return most<T, Any, Low, middle - 1>();
    }
}

template <class T, class Any, std::size_t Low, std::size_t High>
constexpr std::size_t most_from_below() {
    constexpr std::size_t middle = Low == 0 ? 6 : 2 * Low;
    if constexpr (middle >= High) return most<T, Any, Low, High>();
    else if constexpr (takes_v<T, Any, middle>) return most_from_below<T, Any, middle, High>();
    else return most<T, Any, Low, middle - 1>();
}

template <class T, class Any, std::size_t High>
constexpr std::size_t most_from_above() {
    if constexpr (takes_v<T, Any, High>) return High;
    else if constexpr (High == 0) return not_found;
    else return most_from_above<T, Any, High - 1>();
}

template <class T, class Any = AnyValue<T>>
constexpr std::size_t count_fields() {
    constexpr std::size_t bound = sizeof(T) * 8 > max_fields + 1 ? max_fields + 1 : sizeof(T) * 8;
    if constexpr (takes_v<T, Any, 0>) return most_from_below<T, Any, 0, bound>();
    else return most_from_above<T, Any, bound>();
}

template <class T, std::size_t Count>
constexpr Unreadable ask_bindings() {
    constexpr Binding found = bindings<Count>(ghost<T>.value);
    if constexpr (found == Binding::bit_field) return Unreadable::bit_field;
    else if constexpr (found == Binding::volatile_field) return Unreadable::volatile_member;
    else return Unreadable::no;
}

template <class T>
constexpr Unreadable why_unreadable() {
    if constexpr (std::is_union_v<T>) return Unreadable::union_type;
    else if constexpr (!std::is_class_v<T>) return Unreadable::not_a_class;
    else if constexpr (!std::is_aggregate_v<T>) return Unreadable::not_an_aggregate;
    else if constexpr (takes_v<T, AnyBase<T>, 1>) return Unreadable::base_class;
    else {
        constexpr std::size_t count = count_fields<T>();
        if constexpr (count == not_found)
            return count_fields<T, AnyReference<T>>() == not_found ? Unreadable::unknown : Unreadable::reference_member;
        else if constexpr (!takes_in_parentheses<T, AnyValue<T>>(std::make_index_sequence<count>{}))
            return Unreadable::c_array;
        else if constexpr (count > max_fields) return Unreadable::too_many_fields;
        else if constexpr (count > few_fields && !requires { sizeof(ManyBindings<count>); })
            return Unreadable::many_fields;
        else if constexpr (!takes_in_parentheses<T, AnyValue<T, false>>(std::make_index_sequence<count>{}))
            return Unreadable::union_member;
        else return ask_bindings<T, count>();
    }
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

template <class T>
inline constexpr Unreadable unreadable_v = why_unreadable<T>();

}  // namespace stet::detail
