#pragma once
// The same with stet.

#include <stet/embedded.hpp>

#include "config.hpp"

#define VERB [[gnu::noinline]]

class Settings {
public:
    VERB explicit Settings(const Config& first) : history_(first) {}

    const Config& current() const { return history_.current(); }
    VERB bool store(const Config& next) { return history_.commit(next).has_value(); }
    VERB bool set_max_rpm(std::uint16_t rpm) { return history_.set(stet::field<"motor.max_rpm">, rpm).has_value(); }
    VERB bool set_kp(float kp) { return history_.set(stet::field<"motor.pid.kp">, kp).has_value(); }
    VERB bool undo() { return history_.undo().has_value(); }
    VERB bool redo() { return history_.redo().has_value(); }
    VERB bool go_to(unsigned position) { return history_.go_to(position).has_value(); }
    VERB unsigned changes(const Config& other) const {
        return static_cast<unsigned>(stet::diff(current(), other).size());
    }
    VERB static unsigned broken(const Config& config) { return static_cast<unsigned>(stet::check(config).size()); }

private:
    stet::History<Config, 8> history_;
};
