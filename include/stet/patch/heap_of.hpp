#pragma once
// What a value holds on the heap, about: for limits in bytes.

#include <stet/reflect/kinds.hpp>
#include <stet/schema/leaves.hpp>

#include <cstddef>
#include <type_traits>

namespace stet::detail {

template <class V>
std::size_t heap_of(const V& value) {
    std::size_t sum = 0;
    if constexpr (std::is_trivially_copyable_v<V>) return 0;
    else if constexpr (requires {
                           value.before;
                           value.after;
                       })
        return heap_of(value.before) + heap_of(value.after);
    else if constexpr (optional_like<V>) return value.has_value() ? heap_of(*value) : 0;
    else if constexpr (requires { typename V::value_type; } && requires { value.begin() != value.end(); }) {
        using E = typename V::value_type;
        if constexpr (requires { value.capacity() * sizeof(*value.data()); }) {
            const auto* const data = reinterpret_cast<const std::byte*>(value.data());
            const auto* const here = reinterpret_cast<const std::byte*>(&value);
            if (data < here || data >= here + sizeof value) sum = value.capacity() * sizeof(E);
        } else {
            for (auto at = value.begin(); at != value.end(); ++at) sum += sizeof(E) + 2 * sizeof(void*);
        }
        if constexpr (!std::is_trivially_copyable_v<E>)
            for (const auto& element : value) sum += heap_of(element);
    } else if constexpr (requires {
                             value.first;
                             value.second;
                         })
        return heap_of(value.first) + heap_of(value.second);
    else if constexpr (kind_v<V> == Kind::structure && !is_indivisible<V>) {
        for_each_leaf<V>([&]<std::size_t L>() { sum += heap_of(get_leaf<L>(value)); });
    } else if constexpr (kind_v<V> == Kind::variant) {
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (value.index() == I) sum = heap_of(*get_if<I>(&value));
        });
    }
    return sum;
}

}  // namespace stet::detail
