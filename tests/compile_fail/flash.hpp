#pragma once
// A device that the cases of stet::Stored begin with: it has all that is asked for, and does nothing.

#include <cstddef>
#include <cstdint>

struct Flash {
    static constexpr std::uint32_t pages = 2, page_size = 512, write_unit = 8;
    static constexpr std::byte erased{0xFF};
    static bool read(std::uint32_t, std::byte*, std::uint32_t) { return false; }
    static bool program(std::uint32_t, const std::byte*, std::uint32_t) { return false; }
    static bool erase(std::uint32_t) { return false; }
};
