#pragma once
// The same with stet.

#include <stet/embedded.hpp>

#include "device.hpp"

class Settings {
public:
    explicit Settings(Flash& flash) : stored_(flash, Config{}) {}

    const Config& current() const { return stored_.current(); }
    std::uint32_t head() const { return static_cast<std::uint32_t>(stored_.head()); }
    bool waiting() const { return stored_.waiting(); }
    bool was_taken_back() const { return stored_.taken_back() != stet::TakenBack::no; }
    std::uint32_t rejected() const { return static_cast<std::uint32_t>(stored_.rejected()); }
    VERB bool open() { return stored_.open().written; }
    VERB bool store(const Config& next) { return stored_.commit(next).has_value(); }
    VERB bool set_max_rpm(std::uint16_t rpm) { return stored_.set(stet::field<"motor.max_rpm">, rpm).has_value(); }
    VERB bool rollback() { return stored_.rollback().has_value(); }
    VERB bool try_out(const Config& next, std::uint32_t deadline) {
        return stored_.commit_confirmed(next, deadline).has_value();
    }
    VERB bool confirm(std::uint32_t number) { return stored_.confirm(number).has_value(); }
    VERB bool poll(std::uint32_t now) { return stored_.poll(now); }
    VERB bool broken(const Config& config) const { return stored_.check(config).refuse(); }

private:
    stet::Stored<Config, Flash, stet::migrations<ConfigV1, Config>> stored_;
};
