#pragma once
// What a good engineer writes for this one struct: a ring of eight copies with a cursor, a comparison field by field,
// two range checks.

#include "config.hpp"

#include <bit>

#define VERB [[gnu::noinline]]

class Settings {
public:
    VERB explicit Settings(const Config& first) { states_[0] = first; }

    const Config& current() const { return states_[slot(cursor_)]; }
    VERB bool store(const Config& next) {
        if (broken(next) != 0) return false;
        if (changes(next) == 0) return true;
        if (cursor_ + 1U == count) oldest_ = static_cast<std::uint8_t>((oldest_ + 1U) % count);
        else ++cursor_;
        size_ = static_cast<std::uint8_t>(cursor_ + 1U);
        states_[slot(cursor_)] = next;
        return true;
    }
    VERB bool set_max_rpm(std::uint16_t rpm) {
        Config next = current();
        next.motor.max_rpm = rpm;
        return store(next);
    }
    VERB bool set_kp(float kp) {
        Config next = current();
        next.motor.pid.kp = kp;
        return store(next);
    }
    VERB bool undo() {
        if (cursor_ == 0) return false;
        --cursor_;
        return true;
    }
    VERB bool redo() {
        if (cursor_ + 1U >= size_) return false;
        ++cursor_;
        return true;
    }
    VERB bool go_to(unsigned position) {
        if (position >= size_) return false;
        cursor_ = static_cast<std::uint8_t>(position);
        return true;
    }
    // How many fields differ from the current ones.
    VERB unsigned changes(const Config& other) const {
        const Config& now = current();
        unsigned count = now.id != other.id;
        count += now.motor.mode != other.motor.mode;
        count += now.motor.max_rpm != other.motor.max_rpm;
        count += differ(now.motor.pid.kp, other.motor.pid.kp);
        count += differ(now.motor.pid.ki, other.motor.pid.ki);
        count += differ(now.motor.pid.kd, other.motor.pid.kd);
        count += now.address != other.address;
        return count;
    }
    // How many rules it breaks.
    VERB static unsigned broken(const Config& config) {
        unsigned count = config.motor.max_rpm < 100 || config.motor.max_rpm > 6000;
        count += !(config.motor.pid.kp >= 0.0f && config.motor.pid.kp <= 10.0f);
        return count;
    }

private:
    static constexpr unsigned count = 8;
    static bool differ(float a, float b) { return std::bit_cast<std::uint32_t>(a) != std::bit_cast<std::uint32_t>(b); }
    unsigned slot(unsigned position) const { return (oldest_ + position) % count; }

    Config states_[count];
    std::uint8_t oldest_ = 0, cursor_ = 0, size_ = 1;
};
