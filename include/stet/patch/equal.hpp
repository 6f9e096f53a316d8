#pragma once
// Equality as the library means it: NaN equals NaN, -0 differs from +0; absent, empty and zero differ. Transient fields
// do not count.

#include <stet/reflect/sentences.hpp>

#include <stet/config.hpp>
#include <stet/schema/leaves.hpp>
#include <stet/schema/versionable.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace stet {
namespace detail {

template <class V>
constexpr bool same(const V& a, const V& b);

template <class N>
constexpr bool same_number(N a, N b) {
    if constexpr (std::is_integral_v<N>) return a == b;
    else {
        if constexpr (STET_BARE && sizeof(N) == 4) {  // there is no unit for them
            const auto x = std::bit_cast<std::uint32_t>(a);
            const auto y = std::bit_cast<std::uint32_t>(b);
            return x == y || ((x << 1U) > 0xFF000000U && (y << 1U) > 0xFF000000U);
        }
        const bool both_nan = (a != a) & (b != b);  // NOLINT: that is how a NaN shows
        if constexpr (sizeof(N) == 4)
            return (std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b)) | both_nan;
        else if constexpr (sizeof(N) == 8)
            return (std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b)) | both_nan;
        else return (a == b && __builtin_signbit(a) == __builtin_signbit(b)) || both_nan;
    }
}

// Equal bytes are equal values wherever bytes can be copied; unequal bytes prove nothing (padding, NaN).
template <class V>
STET_ALWAYS_INLINE constexpr bool same_bytes(const V& a, const V& b) {
    if constexpr (std::is_trivially_copyable_v<V>) {
        if (!std::is_constant_evaluated()) return std::memcmp(&a, &b, sizeof(V)) == 0;
    }
    return false;
}

// Unequal bytes prove that values differ: no padding, no floating point, nothing with a notion of its own.
template <class V>
inline constexpr bool bytes_decide =
    (std::is_integral_v<V> || std::is_enum_v<V>) && std::has_unique_object_representations_v<V>;

inline constexpr std::size_t block_bytes = 4096;

// How many elements that are equal as bytes there are, of `most`: in blocks, and where one differs, in halves of it.
// `equal(at, count)` compares some.
template <class E, class Equal>
STET_ALWAYS_INLINE std::size_t equal_blocks(std::size_t most, const Equal& equal) {
    std::size_t block = sizeof(E) < block_bytes ? block_bytes / sizeof(E) : 1;
    std::size_t at = 0;
    while (at < most) {
        const std::size_t count = most - at < block ? most - at : block;
        if (equal(at, count)) at += count;
        else if (count == 1) break;
        else block = count / 2;
    }
    return at;
}

/// The first position from `at` on where two runs of `size` elements may differ.
template <class E>
constexpr std::size_t skip_equal(const E* a, const E* b, std::size_t at, std::size_t size) {
    if constexpr (std::is_trivially_copyable_v<E>) {
        if (!std::is_constant_evaluated()) {
            const auto equal = [&](std::size_t from, std::size_t count) STET_INLINE_LAMBDA {
                return std::memcmp(a + at + from, b + at + from, count * sizeof(E)) == 0;
            };
            return at < size ? at + equal_blocks<E>(size - at, equal) : at;
        }
    }
    while (at < size && detail::same(a[at], b[at])) ++at;
    return at;
}

/// How many elements before the ends of two runs of `size` are equal, of which `at` are known to be.
template <class E>
constexpr std::size_t skip_equal_before(const E* a, const E* b, std::size_t at, std::size_t size) {
    if (!std::is_constant_evaluated()) {
        const auto equal = [&](std::size_t from, std::size_t count) STET_INLINE_LAMBDA {
            return std::memcmp(a - at - from - count, b - at - from - count, count * sizeof(E)) == 0;
        };
        if (at < size) at += equal_blocks<E>(size - at, equal);
    }
    return at;
}

// Two sequences or arrays of the same size.
template <class V>
constexpr bool same_elements(const V& a, const V& b) {
    using E = std::remove_cv_t<typename V::value_type>;
    if constexpr (contiguous<V>) {
        const std::size_t size = a.size();
        if constexpr (bytes_decide<E>) {
            if (!std::is_constant_evaluated())
                return size == 0 || std::memcmp(a.data(), b.data(), size * sizeof(E)) == 0;
        }
        std::size_t at = 0;
        while ((at = skip_equal(a.data(), b.data(), at, size)) < size) {
            if (!detail::same(a.data()[at], b.data()[at])) return false;
            ++at;
        }
        return true;
    } else {
        auto other = b.begin();
        for (const auto& element : a) {
            if (!detail::same(element, *other)) return false;
            ++other;
        }
        return true;
    }
}

template <class V>
constexpr bool same_structure(const V& a, const V& b) {
    if (same_bytes(a, b)) return true;
    bool all = true;
    for_each_leaf<V>([&]<std::size_t L>() {
        if constexpr (!leaf_marks<V, L>.transient) all = all && detail::same(get_leaf<L>(a), get_leaf<L>(b));
    });
    return all;
}

template <class V>
constexpr bool same(const V& a, const V& b) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (kind == Kind::number) return same_number(a, b);
    else if constexpr (kind == Kind::enumeration) return a == b;
    else if constexpr (kind == Kind::text) return std::string_view(a) == std::string_view(b);
    else if constexpr (kind == Kind::array) return same_elements(a, b);
    else if constexpr (kind == Kind::sequence) return a.size() == b.size() && same_elements(a, b);
    else if constexpr (kind == Kind::optional)
        return a.has_value() == b.has_value() && (!a.has_value() || detail::same(*a, *b));
    else if constexpr (kind == Kind::variant) {
        if (a.index() != b.index()) return false;
        bool equal = true;
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (a.index() == I) equal = detail::same<A>(*get_if<I>(&a), *get_if<I>(&b));
        });
        return equal;
    } else if constexpr (kind == Kind::map || kind == Kind::set) {
        if (a.size() != b.size()) return false;
        for (const auto& item : a) {
            if constexpr (kind == Kind::map) {
                const auto found = b.find(item.first);
                if (found == b.end() || !detail::same(item.second, found->second)) return false;
            } else {
                if (b.find(item) == b.end()) return false;
            }
        }
        return true;
    } else if constexpr (kind == Kind::structure) return same_structure(a, b);
    else return static_cast<bool>(a == b);
}

struct Equal {
    template <class T>
    constexpr bool operator()(const T& a, const T& b) const {
        if constexpr (require_versionable<T>()) return detail::same(a, b);
        else return false;
    }
};

}  // namespace detail

/// Are two values the same, as a diff sees it? Needs no operator==.
inline constexpr detail::Equal equal{};

}  // namespace stet
