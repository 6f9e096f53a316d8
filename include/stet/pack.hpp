#pragma once
// Values of several types side by side: what std::tuple is for, at a tenth of its cost to compile.

#include <stet/config.hpp>

#include <cstddef>
#include <utility>

namespace stet::detail {

template <std::size_t, class T>
struct PackItem {
    STET_NO_UNIQUE_ADDRESS T value;
};

template <class, class...>
struct PackItems;
template <std::size_t... I, class... T>
struct PackItems<std::index_sequence<I...>, T...> : PackItem<I, T>... {};

template <class... T>
struct Pack : PackItems<std::make_index_sequence<sizeof...(T)>, T...> {
    static constexpr std::size_t size = sizeof...(T);

    /// Calls `f` with each item in turn.
    template <class F>
    STET_ALWAYS_INLINE constexpr void for_each(F&& f) const {
        each(static_cast<F&&>(f), std::make_index_sequence<size>{});
    }

    template <std::size_t I>
    constexpr const auto& get() const {
        return item<I>(*this);
    }

private:
    template <std::size_t I, class U>
    static constexpr const U& item(const PackItem<I, U>& found) {
        return found.value;
    }
    template <class F, std::size_t... I>
    STET_ALWAYS_INLINE constexpr void each([[maybe_unused]] F&& f, std::index_sequence<I...>) const {
        (f(item<I>(*this)), ...);
    }
};
template <class... T>
constexpr Pack<T...> make_pack(T... items) {
    return {{{static_cast<T&&>(items)}...}};
}

}  // namespace stet::detail
