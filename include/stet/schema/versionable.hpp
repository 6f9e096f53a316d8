#pragma once
// May a struct be versioned? All of it must be readable, comparable, copyable and assignable; what is not is named.

#include <stet/schema/leaves.hpp>

#include <type_traits>

namespace stet {
namespace detail {

template <class T, class... Others>
inline constexpr bool is_among = (std::is_same_v<T, Others> || ...);

template <class T, class... Seen>
constexpr auto judge();

template <class T, class... Seen>
constexpr auto judge_all(std::index_sequence<>) {
    return Verdict<T, Unreadable::no>{};
}
// The leaves of a struct, one after the other, until one is refused.
template <class T, class... Seen, std::size_t First, std::size_t... Rest>
constexpr auto judge_all(std::index_sequence<First, Rest...>) {
    if constexpr (leaf_marks<T, First>.transient) return judge_all<T, Seen...>(std::index_sequence<Rest...>{});
    else {
        constexpr auto verdict = judge<leaf_type<T, First>, Seen...>();
        if constexpr (!verdict.ok) return verdict;
        else return judge_all<T, Seen...>(std::index_sequence<Rest...>{});
    }
}

// Fields that open must be readable before leaves can be counted.
template <class T, class... Seen>
constexpr auto judge_structure() {
    if constexpr (why_not_reflectable<T> != Unreadable::no) return Verdict<T, why_not_reflectable<T>>{};
    else return [&]<std::size_t... I>(std::index_sequence<I...>) {
        constexpr auto first_bad = []<class Self, std::size_t J, std::size_t... K>(Self self, std::index_sequence<J, K...>) {
            using F = field_type<T, J>;
            constexpr bool inner = kind_v<F> == Kind::structure && !is_indivisible<F>;
            if constexpr (inner) {
                constexpr auto verdict = judge_structure<F>();
                if constexpr (!verdict.ok) return verdict;
                else if constexpr (sizeof...(K) > 0) return self(self, std::index_sequence<K...>{});
                else return Verdict<T, Unreadable::no>{};
            } else if constexpr (sizeof...(K) > 0) return self(self, std::index_sequence<K...>{});
            else return Verdict<T, Unreadable::no>{};
        };
        if constexpr (sizeof...(I) == 0) return Verdict<T, Unreadable::no>{};
        else return first_bad(first_bad, std::index_sequence<I...>{});
    }(std::make_index_sequence<field_count<T>>{});
}

template <class T, class... Seen>
constexpr auto judge() {
    if constexpr (is_among<T, Seen...>) return Verdict<T, Unreadable::no>{};
    else {
        constexpr Kind kind = kind_v<T>;
        if constexpr (kind == Kind::pointer) return Verdict<T, Unreadable::pointer_member>{};
        else if constexpr (kind == Kind::unknown) return Verdict<T, Unreadable::incomparable_member>{};
        else if constexpr (kind == Kind::structure) {
            constexpr auto verdict = judge_structure<T>();
            if constexpr (!verdict.ok) return verdict;
            else if constexpr (!std::is_copy_constructible_v<T>) return Verdict<T, Unreadable::not_copyable>{};
            else if constexpr (!std::is_copy_assignable_v<T>) return Verdict<T, Unreadable::not_assignable>{};
            else return judge_all<T, T, Seen...>(std::make_index_sequence<leaf_count<T>>{});
        } else if constexpr (kind == Kind::map) {
            constexpr auto verdict = judge<typename T::key_type, T, Seen...>();
            if constexpr (!verdict.ok) return verdict;
            else return judge<typename T::mapped_type, T, Seen...>();
        } else if constexpr (kind == Kind::array || kind == Kind::optional || kind == Kind::sequence || kind == Kind::set) {
            return judge<std::remove_cv_t<typename T::value_type>, T, Seen...>();
        } else if constexpr (kind == Kind::variant) {
            return []<template <class...> class V, class A, class... B>(std::type_identity<V<A, B...>>) {
                constexpr auto first_bad = []<class Self, class C, class... D>(Self self, std::type_identity<C>,
                                                                             std::type_identity<D>... rest) {
                    constexpr auto verdict = judge<C, T, Seen...>();
                    if constexpr (!verdict.ok || sizeof...(D) == 0) return verdict;
                    else return self(self, rest...);
                };
                return first_bad(first_bad, std::type_identity<A>{}, std::type_identity<B>{}...);
            }(std::type_identity<T>{});
        } else return Verdict<T, Unreadable::no>{};
    }
}

template <class T>
constexpr auto verdict_on() {
    if constexpr (kind_v<T> == Kind::structure) return judge<T>();
    else return Verdict<T, unreadable_v<T>>{};
}

template <class T>
constexpr bool require_versionable() {
    return require<decltype(verdict_on<T>())>();
}

}  // namespace detail

/// Can revisions of `T` be kept? Every field must be readable, comparable, copyable and assignable.
template <class T>
concept versionable = decltype(detail::verdict_on<T>())::ok;

}  // namespace stet
