#pragma once
// How much a `History` keeps: so many states, or so many bytes.

#include <cstddef>
#include <type_traits>

namespace stet {

/// An amount of memory: `History<Config, stet::bytes{512}>`.
struct bytes {
    std::size_t count;
};

/// What the second parameter of `History` is made from: a number of states, or `bytes`. `Limit{8, 0}` in a message of
/// the compiler are 8 states, `Limit{0, 512}` are 512 bytes. A function for histories of any size is
/// `template <class T, stet::Limit N, class Kept> void f(stet::History<T, N, Kept>&)`.
struct Limit {
    std::size_t states = 0;
    std::size_t in_bytes = 0;

    template <class Count>
        requires(std::is_convertible_v<Count, std::size_t> && !std::is_floating_point_v<Count>)
    consteval Limit(Count count) : states(not_negative(count)) {}
    consteval Limit(bytes budget) : in_bytes(budget.count) {}

private:
    template <class Count>
    static consteval std::size_t not_negative(Count count) {
        if constexpr (std::is_integral_v<Count> && std::is_signed_v<Count>)
            if (count < 0) return 0;
        return static_cast<std::size_t>(count);
    }
};

}  // namespace stet
