#pragma once
// What no patch sees: transient fields, which may be those of elements of a container. Whoever replaces a value by
// another state of it brings them along.

#include <stet/schema/leaves.hpp>

#include <cstddef>
#include <type_traits>

namespace stet::detail {

/// Has a value, or something inside it, a transient field? `Around` are the structs that it stands in, for types that
/// hold themselves.
template <class V, class... Around>
constexpr bool hides() {
    constexpr Kind kind = kind_v<V>;
    if constexpr ((std::is_same_v<V, Around> || ...)) return false;
    else if constexpr (kind == Kind::structure) {
        bool any = false;
        if constexpr (reflectable<V>) {
            if constexpr (!all_scalars<V> || has_schema<V>)
                for_each_leaf<V>([&]<std::size_t L>() {
                    any = any || leaf_marks<V, L>.transient || hides<leaf_type<V, L>, V, Around...>();
                });
        }
        return any;
    } else if constexpr (kind == Kind::map) {
        return hides<typename V::key_type, Around...>() || hides<typename V::mapped_type, Around...>();
    } else if constexpr (kind == Kind::array || kind == Kind::optional || kind == Kind::sequence || kind == Kind::set) {
        return hides<std::remove_cv_t<typename V::value_type>, Around...>();
    } else if constexpr (kind == Kind::variant) {
        bool any = false;
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() { any = any || hides<A, Around...>(); });
        return any;
    } else return false;
}
/// The same of leaf `L`.
template <class T, std::size_t L>
constexpr bool leaf_hides() {
    if constexpr (leaf_marks<T, L>.transient) return true;
    else return hides<leaf_type<T, L>, T>();
}

/// Brings along what no patch sees, where `from` and `to` have the same elements by position: struct, array, optional,
/// variant and sequence of a flat struct. What stands in one of them only has nowhere to go.
template <class V>
constexpr void keep_hidden(const V& from, V& to) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (!hides<V>()) return;
    else if constexpr (kind == Kind::structure) {
        for_each_leaf<V>([&]<std::size_t L>() {
            if constexpr (leaf_marks<V, L>.transient) get_leaf<L>(to) = get_leaf<L>(from);
            else keep_hidden<leaf_type<V, L>>(get_leaf<L>(from), get_leaf<L>(to));
        });
    } else if constexpr (kind == Kind::array || kind == Kind::sequence) {
        using E = std::remove_cv_t<typename V::value_type>;
        auto kept = from.begin();
        for (auto& element : to) {
            if (kept == from.end()) return;
            keep_hidden<E>(*kept, element);
            ++kept;
        }
    } else if constexpr (kind == Kind::optional) {
        if (from.has_value() && to.has_value()) keep_hidden<typename V::value_type>(*from, *to);
    } else if constexpr (kind == Kind::variant) {
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (from.index() == I && to.index() == I) keep_hidden<A>(*get_if<I>(&from), *get_if<I>(&to));
        });
    }
}

}  // namespace stet::detail
