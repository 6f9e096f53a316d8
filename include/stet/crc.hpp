#pragma once
// CRC-32, as Ethernet, zip and PNG have it (polynomial 0xEDB88320, reflected): what stored bytes are checked with. It
// finds every change of one or two bits, and of any run of up to 32. Bit by bit: a table costs flash, and what is
// checked is short.

#include <stet/config.hpp>

#include <cstddef>
#include <cstdint>

namespace stet {

/// Continued over several runs of bytes: `Crc32 crc; crc.add(a, n); crc.add(b, m); crc.value()`.
class Crc32 {
public:
    constexpr void add(const std::byte* bytes, std::size_t count) { state_ = over(state_, bytes, count); }
    constexpr std::uint32_t value() const { return ~state_; }

private:
    // Goes from register to register.
    STET_NO_INLINE static constexpr std::uint32_t over(std::uint32_t state, const std::byte* bytes, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            state ^= static_cast<std::uint32_t>(bytes[i]);
            for (int bit = 0; bit < 8; ++bit) state = (state >> 1) ^ ((state & 1U) != 0 ? 0xEDB88320U : 0U);
        }
        return state;
    }

    std::uint32_t state_ = 0xFFFFFFFFU;
};

}  // namespace stet
