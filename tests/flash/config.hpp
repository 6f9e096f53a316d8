#pragma once
// The settings that the tests of devices keep.

#include <stet/embedded.hpp>

#include <array>
#include <cstdint>

namespace flash {

enum class Mode : std::uint8_t { off, eco, boost };
struct Pid {
    float kp = 1.0F, ki = 0.1F, kd = 0.0F;
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
    std::uint32_t hits = 0;

    static constexpr auto schema() {
        return stet::fields(stet::field<"motor.max_rpm">(stet::in_range(100, 6000)),
                            stet::field<"motor.pid.kp">(stet::in_range(0.0F, 10.0F)),
                            stet::field<"hits">(stet::transient));
    }
};

inline constexpr auto id = stet::field<"id">;
inline constexpr auto max_rpm = stet::field<"motor.max_rpm">;

}  // namespace flash
