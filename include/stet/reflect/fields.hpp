#pragma once
// The fields of a struct: how many, of which type, and each of them of a value. The only header that includes PFR.

#include <stet/config.hpp>
#include <stet/reflect/kinds.hpp>
#include <stet/reflect/probe.hpp>
#include <stet/reflect/sentences.hpp>

#include <boost/pfr/core.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace stet {

/// The members of a class that is no aggregate, in their order; see `Members`.
template <auto... Pointers>
struct MemberList {
    static constexpr std::size_t size = sizeof...(Pointers);
};
template <auto... Pointers>
inline constexpr MemberList<Pointers...> members{};

template <class A, class B>
struct Members<std::pair<A, B>> {
    static constexpr auto list = members<&std::pair<A, B>::first, &std::pair<A, B>::second>;
};

/// Can `T` be read field by field? True for aggregates that PFR can take apart and for classes that list their members.
template <class T>
concept reflectable = detail::listed<T> || detail::unreadable_v<T> == Unreadable::no;

namespace detail {

template <class T>
inline constexpr Unreadable why_not_reflectable = listed<T> ? Unreadable::no : unreadable_v<T>;
template <class T>
    requires listed<T>
inline constexpr Unreadable why_not_reflectable<T> = Unreadable::no;

template <class T>
constexpr auto member_list() {
    if constexpr (listed_inside<T>) return T::members();
    else return std::remove_cv_t<decltype(Members<T>::list)>{};
}

template <std::size_t I, auto First, auto... Rest>
constexpr auto nth_pointer(MemberList<First, Rest...>) {
    if constexpr (I == 0) return First;
    else return nth_pointer<I - 1>(members<Rest...>);
}

template <class T>
constexpr std::size_t count_of_fields() {
    if constexpr (listed<T>) return decltype(member_list<T>())::size;
    else if constexpr (reflectable<T>) return count_fields<T>();
    else return 0;
}

// References to all fields. PFR is told the count that the probe found: its own count crashes g++ 12 on a struct such
// as { std::vector<int> v{1, 2}; }, and asking twice would cost twice. (PFR's public functions have no place for a
// count.) A class that lists its members stands for its own tuple.
template <class T>
STET_ALWAYS_INLINE constexpr decltype(auto) tie_fields(T& value) {
    namespace pfr = boost::pfr::detail;
    if constexpr (listed<std::remove_cv_t<T>>) return (value);
    else return pfr::tie_as_tuple(value, pfr::size_t_<count_fields<std::remove_cv_t<T>>()>{});
}

template <std::size_t I, class Reference>
STET_ALWAYS_INLINE constexpr Reference tied(
    const boost::pfr::detail::sequence_tuple::base_from_member<I, Reference>& member) {
    return member.value;
}
template <std::size_t I, class T>
    requires listed<std::remove_cv_t<T>>
STET_ALWAYS_INLINE constexpr auto& tied(T& value) {
    return value.*(nth_pointer<I>(member_list<std::remove_cv_t<T>>()));
}

}  // namespace detail

/// The number of fields of `T` (of itself: nested structs count as one).
template <class T>
inline constexpr std::size_t field_count = detail::count_of_fields<std::remove_cv_t<T>>();

/// Field number `I` of a value.
template <std::size_t I, class T>
STET_ALWAYS_INLINE constexpr auto& get_field(T& value) {
    return detail::tied<I>(detail::tie_fields(value));
}

/// The type of field number `I`.
template <class T, std::size_t I>
using field_type = std::remove_cvref_t<decltype(get_field<I>(std::declval<std::remove_cv_t<T>&>()))>;

namespace detail {

/// Calls `f.operator()<I>()` for each field number of `T`.
template <class T, class F>
constexpr void for_each_field(F&& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (f.template operator()<I>(), ...);
    }(std::make_index_sequence<field_count<T>>{});
}

// Fields that need no thought: nothing opens, nothing has a schema, nothing can be refused. Asked for all of them at
// once, because templates are not free.
template <class V>
inline constexpr bool is_scalar = std::is_arithmetic_v<V> || std::is_enum_v<V>;
template <class T>
inline constexpr bool all_scalars = []<std::size_t... I>(std::index_sequence<I...>) {
    return (is_scalar<field_type<T, I>> && ...);
}(std::make_index_sequence<field_count<T>>{});

/// Does `T` open into its fields?
template <class T>
constexpr bool opens() {
    if constexpr (is_indivisible<T> || kind_v<T> != Kind::structure) return false;
    else return reflectable<T>;
}

}  // namespace detail
}  // namespace stet
