#pragma once
// What a good engineer writes for this one struct who tells as much as stet does: a ring of eight copies with a cursor,
// a comparison field by field that says which fields differ, two range checks that say which field broke them with
// which value, and a reason for whatever is refused. history.simple.hpp says yes or no.

#include "config.hpp"
#include "rules.hand.hpp"

#include <bit>

#define VERB [[gnu::noinline]]

enum class Error : std::uint8_t { none, rule, nothing_to_undo, nothing_to_redo, no_position };

class Settings {
public:
    VERB explicit Settings(const Config& first) { states_[0] = first; }

    const Config& current() const { return states_[slot(cursor_)]; }
    Error error() const { return error_; }  // of the last verb that said false
    const Violations& violations() const { return violations_; }

    VERB bool store(const Config& next) {
        if (changes_of(next) == 0) return true;
        violations_ = check(next);
        if (violations_.count != 0) return refuse(Error::rule);
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
        if (cursor_ == 0) return refuse(Error::nothing_to_undo);
        --cursor_;
        return true;
    }
    VERB bool redo() {
        if (cursor_ + 1U >= size_) return refuse(Error::nothing_to_redo);
        ++cursor_;
        return true;
    }
    VERB bool go_to(unsigned position) {
        if (position >= size_) return refuse(Error::no_position);
        cursor_ = static_cast<std::uint8_t>(position);
        return true;
    }
    // How many fields differ from the current ones, and which: a bit for each.
    VERB unsigned changes(const Config& other) const {
        unsigned count = 0;
        for (unsigned mask = changes_of(other); mask != 0; mask &= mask - 1) ++count;
        return count;
    }
    VERB unsigned changes_of(const Config& other) const {
        const Config& now = current();
        unsigned mask = now.id != other.id;
        mask |= (now.motor.mode != other.motor.mode) << 1;
        mask |= (now.motor.max_rpm != other.motor.max_rpm) << 2;
        mask |= differ(now.motor.pid.kp, other.motor.pid.kp) << 3;
        mask |= differ(now.motor.pid.ki, other.motor.pid.ki) << 4;
        mask |= differ(now.motor.pid.kd, other.motor.pid.kd) << 5;
        mask |= (now.address != other.address) << 6;
        return mask;
    }
    // How many rules it breaks.
    VERB static unsigned broken(const Config& config) { return check(config).count; }

private:
    static constexpr unsigned count = 8;
    static unsigned differ(float a, float b) {
        return std::bit_cast<std::uint32_t>(a) != std::bit_cast<std::uint32_t>(b);
    }
    unsigned slot(unsigned position) const { return (oldest_ + position) % count; }
    bool refuse(Error error) {
        error_ = error;
        return false;
    }

    Config states_[count];
    Violations violations_;
    std::uint8_t oldest_ = 0, cursor_ = 0, size_ = 1;
    Error error_ = Error::none;
};
