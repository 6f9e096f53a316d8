#pragma once
// Two pages of flash, somewhere else, and the settings of an older firmware.

#include "config.hpp"

#include <cstddef>
#include <cstdint>

#define VERB [[gnu::noinline]]

struct Flash {
    static constexpr std::uint32_t pages = 2, page_size = 1024, write_unit = 8;
    static constexpr std::byte erased{0xFF};
    VERB bool read(std::uint32_t at, std::byte* to, std::uint32_t count) {
        for (std::uint32_t i = 0; i < count; ++i) to[i] = cells[at + i];
        return true;
    }
    VERB bool program(std::uint32_t at, const std::byte* from, std::uint32_t count) {
        for (std::uint32_t i = 0; i < count; ++i) cells[at + i] = from[i];
        return true;
    }
    VERB bool erase(std::uint32_t page) {
        for (std::uint32_t i = 0; i < page_size; ++i) cells[page * page_size + i] = erased;
        return true;
    }
    std::byte cells[pages * page_size];
};

struct ConfigV1 {
    std::uint32_t id = 1;
    Mode mode = Mode::eco;
    std::uint16_t max_rpm = 3000;
    float kp = 1.0f;
};
