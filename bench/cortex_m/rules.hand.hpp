#pragma once
// The rules of Config by hand: which are broken, by which field and value.

#include "config.hpp"

#include <bit>

struct Violations {
    struct {
        const char* field;
        std::uint32_t bits;  // of the value
    } list[2];
    std::uint32_t count = 0;

    void add(const char* field, std::uint32_t bits) { list[count++] = {field, bits}; }
};

[[gnu::noinline]] inline Violations check(const Config& config) {
    Violations found;
    if (config.motor.max_rpm < 100 || config.motor.max_rpm > 6000) found.add("motor.max_rpm", config.motor.max_rpm);
    if (!(config.motor.pid.kp >= 0.0f && config.motor.pid.kp <= 10.0f))
        found.add("motor.pid.kp", std::bit_cast<std::uint32_t>(config.motor.pid.kp));
    return found;
}
