#pragma once
// The history that somebody would write by hand for one leaf that is known: a ring of what was there and what is there,
// the oldest dropped first, one rule.

#include "structs.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace hand {

using namespace bench;

/// Where a leaf is in a struct.
template <class T, class V>
std::uint32_t place(const T& value, const V& leaf) {
    return static_cast<std::uint32_t>(reinterpret_cast<const std::byte*>(&leaf) -
                                      reinterpret_cast<const std::byte*>(&value));
}

template <class T, std::size_t N>
class Inverse {
    struct Step {
        std::uint32_t leaf;
        std::uint32_t before;
        std::uint32_t after;
    };

public:
    explicit Inverse(const T& value) : value_(value) {}
    const T& current() const { return value_; }

    /// `leaf` is a place in S and M, an entity of L.
    template <class V>
    bool commit(std::uint32_t leaf, V after) {
        if (!holds(after)) return false;
        const auto bits = std::bit_cast<std::uint32_t>(after);
        const std::uint32_t before = get(leaf);
        if (before == bits) return true;
        steps_[cursor_ % (N - 1)] = {leaf, before, bits};
        newest_ = ++cursor_;
        if (newest_ - oldest_ == N) ++oldest_;
        put(leaf, bits);
        return true;
    }
    bool undo() {
        if (cursor_ == oldest_) return false;
        const Step& step = steps_[--cursor_ % (N - 1)];
        put(step.leaf, step.before);
        return true;
    }
    bool redo() {
        if (cursor_ == newest_) return false;
        const Step& step = steps_[cursor_++ % (N - 1)];
        put(step.leaf, step.after);
        return true;
    }

private:
    bool holds(float value) const {
        return std::is_same_v<T, S> ? value >= 0.0F && value <= 1.0F : value >= 0.0F && value <= 1000.0F;
    }
    bool holds(int most) const {
        if constexpr (std::is_same_v<T, M>) return value_.db.pool_min <= most;
        else return false;
    }
    std::uint32_t get(std::uint32_t leaf) const {
        if constexpr (std::is_same_v<T, L>) return std::bit_cast<std::uint32_t>(value_.entities[leaf].hp);
        else {
            std::uint32_t bits = 0;
            std::memcpy(&bits, reinterpret_cast<const std::byte*>(&value_) + leaf, sizeof bits);
            return bits;
        }
    }
    void put(std::uint32_t leaf, std::uint32_t bits) {
        if constexpr (std::is_same_v<T, L>) value_.entities[leaf].hp = std::bit_cast<float>(bits);
        else std::memcpy(reinterpret_cast<std::byte*>(&value_) + leaf, &bits, sizeof bits);
    }

    T value_;
    std::array<Step, N - 1> steps_{};
    std::uint64_t oldest_ = 0, cursor_ = 0, newest_ = 0;
};

}  // namespace hand
