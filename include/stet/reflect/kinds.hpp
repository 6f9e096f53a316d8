#pragma once
// What a field is to the library, recognised by what it can do and never by its name, so that other people's containers
// are as good as the standard's.

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

/// Specialise as true for a type that is compared, merged and replaced as one value: a quaternion, a colour.
template <class T>
inline constexpr bool is_indivisible = false;

/// Specialise as true for a pointer-like type whose `==` says all there is to say (a handle, an interned name).
template <class T>
inline constexpr bool is_opaque = false;

/// Specialise with `static constexpr auto list = stet::members<&C::a_, &C::b_>;` for a class that is no aggregate and
/// cannot be edited; one that can be edited has a `static constexpr auto members()` that returns the same.
template <class T>
struct Members;

template <class T>
concept equality_comparable = requires(const T& a, const T& b) {
    { a == b } -> std::convertible_to<bool>;
};

/// A string of `char`: has a length and contiguous characters.
template <class T>
concept text_like = std::is_class_v<T> && std::is_convertible_v<const T&, std::string_view> && requires(const T& text) {
    typename T::value_type;
    { text.size() } -> std::convertible_to<std::size_t>;
} && std::is_same_v<typename T::value_type, char>;

/// A fixed number of elements, known at compile time: `std::array`.
template <class T>
concept array_like = std::is_class_v<T> && requires(const T& array) {
    typename T::value_type;
    std::tuple_size<T>::value;
    array.size();
    array[0];
    array.begin();
};

/// At most one value: `std::optional`.
template <class T>
concept optional_like = std::is_class_v<T> && requires(T& optional, const T& constant) {
    typename T::value_type;
    { constant.has_value() } -> std::convertible_to<bool>;
    *constant;
    optional.reset();
    optional.emplace(*constant);
};

namespace detail {
template <class T>
struct alternatives {
    static constexpr std::size_t count = 0;
};
template <template <class...> class V, class... A>
struct alternatives<V<A...>> {
    static constexpr std::size_t count = sizeof...(A);
    template <class F>
    static constexpr void for_each_index(F f) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (f.template operator()<I, A>(), ...);
        }(std::make_index_sequence<sizeof...(A)>{});
    }
};
}  // namespace detail

/// One of several types: `std::variant`.
template <class T>
concept variant_like = std::is_class_v<T> && (detail::alternatives<T>::count > 0) && requires(T& variant) {
    { variant.index() } -> std::convertible_to<std::size_t>;
    { variant.valueless_by_exception() } -> std::convertible_to<bool>;
    get_if<0>(&variant);
};

namespace detail {
template <class T>
concept container_like = std::is_class_v<T> && requires(T& container, const T& constant) {
    typename T::value_type;
    { constant.size() } -> std::convertible_to<std::size_t>;
    constant.begin();
    constant.end();
    container.clear();
};
}  // namespace detail

/// Unique keys, each with a value: `std::map`, `std::unordered_map`.
template <class T>
concept map_like = detail::container_like<T> && requires(T& map, const typename T::key_type& key) {
    typename T::mapped_type;
    { map.find(key)->second } -> std::convertible_to<typename T::mapped_type>;
    map.try_emplace(key, map.find(key)->second);
    map.erase(map.find(key));
};

/// Unique keys without a value: `std::set`, `std::unordered_set`.
template <class T>
concept set_like = detail::container_like<T> && !map_like<T> && requires(T& set, const typename T::key_type& key) {
    { *set.find(key) } -> std::convertible_to<const typename T::key_type&>;
    set.insert(key).second;
    set.erase(set.find(key));
};

/// Elements in an order that the user gives: `std::vector`, `std::deque`, `std::list`.
template <class T>
concept sequence_like = detail::container_like<T> && !text_like<T> && !map_like<T> && !set_like<T> &&
                        requires(T& sequence, const typename T::value_type& element) {
                            { *sequence.begin() } -> std::same_as<typename T::value_type&>;
                            sequence.insert(sequence.begin(), element);
                            sequence.erase(sequence.begin());
                            sequence.push_back(element);
                        };

namespace detail {
/// A comparison, hash function or allocator that holds nothing: any two are the same.
template <class F>
concept stateless = std::is_empty_v<F> && std::is_default_constructible_v<F>;
}  // namespace detail

/// A map or set that keeps its keys sorted.
template <class T>
concept sorted_keys = requires { typename T::key_compare; };

/// Elements side by side in memory.
template <class T>
concept contiguous = requires(const T& sequence) {
    { sequence.data() } -> std::convertible_to<const typename T::value_type*>;
};

/// How the library treats a type; every type is exactly one of these.
enum class Kind {
    number,  ///< arithmetic: compared by bits, but any NaN equals any NaN
    enumeration,
    text,
    array,
    optional,
    variant,
    sequence,
    set,
    map,
    structure,  ///< opens into its fields
    opaque,     ///< compared by its own ==
    pointer,    ///< refused: what it points at is not part of the value
    unknown     ///< refused: nothing can be compared
};

namespace detail {

template <class T>
concept listed_inside = requires { T::members(); };
template <class T>
concept listed_outside = requires { Members<T>::list; };
template <class T>
concept listed = listed_inside<T> || listed_outside<T>;

template <class T>
concept pointer_like = std::is_pointer_v<T> || std::is_member_pointer_v<T> || std::is_null_pointer_v<T> ||
                       (std::is_class_v<T> && requires(const T& p) {
                           typename T::element_type;
                           *p;
                           p.get();
                       });

template <class T>
constexpr Kind kind_of() {
    if constexpr (is_opaque<T>) return Kind::opaque;
    else if constexpr (std::is_arithmetic_v<T>) return Kind::number;
    else if constexpr (std::is_enum_v<T>) return Kind::enumeration;
    else if constexpr (pointer_like<T>) return Kind::pointer;
    else if constexpr (text_like<T>) return Kind::text;
    else if constexpr (array_like<T>) return Kind::array;
    else if constexpr (optional_like<T>) return Kind::optional;
    else if constexpr (variant_like<T>) return Kind::variant;
    else if constexpr (map_like<T>) return Kind::map;
    else if constexpr (set_like<T>) return Kind::set;
    else if constexpr (sequence_like<T>) return Kind::sequence;
    else if constexpr (listed<T> || (std::is_aggregate_v<T> && !std::is_array_v<T>)) return Kind::structure;
    else if constexpr (equality_comparable<T>) return Kind::opaque;
    else return Kind::unknown;
}

template <class T>
inline constexpr Kind kind_v = kind_of<std::remove_cv_t<T>>();

}  // namespace detail
}  // namespace stet
