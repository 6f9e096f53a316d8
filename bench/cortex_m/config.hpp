#pragma once
// The Config of examples/firmware.cpp; by hand it has no schema.

#include <array>
#include <cstdint>

enum class Mode : std::uint8_t { off, eco, boost };
struct Pid {
    float kp = 1.0f, ki = 0.1f, kd = 0.0f;
};
struct Motor {
    Mode mode = Mode::eco;
    std::uint16_t max_rpm = 3000;
    Pid pid;
};
struct Config {
    std::uint32_t id = 1;
    Motor motor;
    std::array<std::uint8_t, 4> address{192, 168, 0, 2};

#ifndef BY_HAND
    static constexpr auto schema() {
        return stet::fields(stet::field<"motor.max_rpm">(stet::in_range(100, 6000)),
                            stet::field<"motor.pid.kp">(stet::in_range(0.0f, 10.0f)));
    }
#endif
};
