#pragma once
// May a struct be versioned? All of it must be readable, comparable, copyable and assignable; what is not is named.

#include <stet/schema/leaves.hpp>

#include <type_traits>

namespace stet {
namespace detail {

template <class T, class... Others>
inline constexpr bool is_among = (std::is_same_v<T, Others> || ...);

// The first of some verdicts that is not in favour; the last one if all are.
template <class First, class... Rest>
constexpr auto first_refusal(First first, Rest... rest) {
    if constexpr (!First::ok || sizeof...(Rest) == 0) return first;
    else return first_refusal(rest...);
}

template <class T, class... Seen>
constexpr auto judge();

// Fields that open must be readable before leaves can be counted.
template <class T, std::size_t... I>
constexpr auto judge_structure(std::index_sequence<I...>);
template <class F>
constexpr auto judge_field() {
    if constexpr (kind_v<F> != Kind::structure || is_indivisible<F>) return Verdict<F, Unreadable::no>{};
    else if constexpr (why_not_reflectable<F> != Unreadable::no) return Verdict<F, why_not_reflectable<F>>{};
    else return judge_structure<F>(std::make_index_sequence<field_count<F>>{});
}
template <class T, std::size_t... I>
constexpr auto judge_structure(std::index_sequence<I...>) {
    if constexpr (all_scalars<T>) return Verdict<T, Unreadable::no>{};
    else return first_refusal(judge_field<field_type<T, I>>()...);
}

template <class T, std::size_t L, class... Seen>
constexpr auto judge_leaf() {
    if constexpr (leaf_marks<T, L>.transient) return Verdict<T, Unreadable::no>{};
    else return judge<leaf_type<T, L>, Seen...>();
}
template <class T, class... Seen, std::size_t... L>
constexpr auto judge_leaves(std::index_sequence<L...>) {
    return first_refusal(Verdict<T, Unreadable::no>{}, judge_leaf<T, L, T, Seen...>()...);
}
template <class T, class... Seen, template <class...> class V, class... A>
constexpr auto judge_alternatives(std::type_identity<V<A...>>) {
    return first_refusal(judge<A, T, Seen...>()...);
}

template <class T, class... Seen>
constexpr auto judge() {
    constexpr Kind kind = kind_v<T>;
    if constexpr (is_scalar<T> || is_among<T, Seen...>) return Verdict<T, Unreadable::no>{};
    else if constexpr (kind == Kind::pointer) return Verdict<T, Unreadable::pointer_member>{};
    else if constexpr (kind == Kind::unknown) return Verdict<T, Unreadable::incomparable_member>{};
    else if constexpr (kind == Kind::structure) {
        constexpr auto readable = judge_field<T>();
        if constexpr (!readable.ok) return readable;
        else if constexpr (!std::is_copy_constructible_v<T>) return Verdict<T, Unreadable::not_copyable>{};
        else if constexpr (!std::is_copy_assignable_v<T>) return Verdict<T, Unreadable::not_assignable>{};
        else if constexpr (is_indivisible<T> && !reflectable<T>) return Verdict<T, Unreadable::no>{};
        else if constexpr (all_scalars<T>) return Verdict<T, Unreadable::no>{};
        else return judge_leaves<T, Seen...>(std::make_index_sequence<leaf_count<T>>{});
    } else if constexpr (kind == Kind::map) {
        return first_refusal(judge<typename T::key_type, T, Seen...>(), judge<typename T::mapped_type, T, Seen...>());
    } else if constexpr (kind == Kind::array || kind == Kind::optional || kind == Kind::sequence || kind == Kind::set) {
        return judge<std::remove_cv_t<typename T::value_type>, T, Seen...>();
    } else if constexpr (kind == Kind::variant) {
        return judge_alternatives<T, Seen...>(std::type_identity<T>{});
    } else return Verdict<T, Unreadable::no>{};
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
