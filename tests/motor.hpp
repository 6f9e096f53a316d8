#pragma once
// A motor's settings: flat, so that nothing in the library needs the heap for them.

#include <stet/reflect/field.hpp>
#include <stet/schema/rule.hpp>
#include <stet/schema/schema.hpp>

#include <array>
#include <cstdint>

namespace bot {

enum class Mode : std::uint8_t { off, eco, full };

struct Pid {
    float kp = 1.0F;
    float ki = 0.0F;
};
struct Motor {
    std::uint16_t rpm = 3000;
    Pid pid;
    Mode mode = Mode::eco;
    std::array<int, 2> pins{4, 5};
    int hits = 0;

    static constexpr auto schema() {
        using stet::field;
        return stet::fields(field<&Motor::rpm>(stet::in_range(100, 6000)), field<"pid.kp">(stet::in_range(0.0F, 10.0F)),
                            field<&Motor::hits>(stet::transient));
    }
};

}  // namespace bot
