// Each verb in a function of its own, which is where bench/cortex_m/run begins to add up the stack.

#include <stet/embedded.hpp>

#include "config.hpp"
#include "device.hpp"

#undef VERB

using Steps = stet::History<Config, 8>;
using stet::field;

#define VERB extern "C" [[gnu::used, gnu::noinline]]

VERB bool verb_commit_value(Steps& s, const Config& next) { return s.commit(next).has_value(); }
VERB bool verb_commit_function(Steps& s, std::uint16_t rpm) {
    return s.commit([rpm](Config& c) { c.motor.max_rpm = rpm; }).has_value();
}
VERB bool verb_set(Steps& s, int rpm) { return s.set(field<"motor.max_rpm">, rpm).has_value(); }
VERB bool verb_undo(Steps& s) { return s.undo().has_value(); }
VERB bool verb_redo(Steps& s) { return s.redo().has_value(); }
VERB bool verb_go_to(Steps& s, std::size_t position) { return s.go_to(position).has_value(); }
VERB bool verb_group(Steps& s, std::uint16_t rpm) {
    auto group = s.group();
    return s.commit([rpm](Config& c) { c.motor.max_rpm = rpm; }).has_value();
}
VERB std::size_t verb_diff(const Config& a, const Config& b) { return stet::diff(a, b).size(); }
VERB bool verb_apply(const stet::Patch<Config>& patch, Config& value) {
    const auto made = stet::apply(patch, value);
    if (made) value = *made;
    return made.has_value();
}
VERB std::size_t verb_check(const Config& c) { return stet::check(c).size(); }
VERB bool verb_merge(const Config& base, Config& ours, const Config& theirs) {
    const auto made = stet::merge(base, ours, theirs);
    ours = made.value();
    return static_cast<bool>(made);
}

VERB bool verb_revert(Steps& s, std::size_t position) { return s.revert(position).has_value(); }
VERB bool verb_rollback_to(Steps& s, std::size_t position) { return s.rollback_to(position).has_value(); }

using Settings = stet::Stored<Config, Flash, stet::migrations<ConfigV1, Config>>;

VERB bool verb_stored_open(Settings& s) { return static_cast<bool>(s.open()); }
VERB bool verb_stored_commit(Settings& s, std::uint16_t rpm) {
    return s.commit([rpm](Config& c) { c.motor.max_rpm = rpm; }).has_value();
}
VERB bool verb_stored_set(Settings& s, int rpm) { return s.set(field<"motor.max_rpm">, rpm).has_value(); }
VERB bool verb_stored_rollback(Settings& s) { return s.rollback().has_value(); }
VERB bool verb_stored_revert(Settings& s, std::uint32_t number) { return s.revert(number).has_value(); }
VERB bool verb_stored_commit_confirmed(Settings& s, std::uint16_t rpm, std::uint32_t deadline) {
    return s.commit_confirmed([rpm](Config& c) { c.motor.max_rpm = rpm; }, deadline).has_value();
}
VERB bool verb_stored_confirm(Settings& s, std::uint32_t token) { return s.confirm(token).has_value(); }
VERB bool verb_stored_poll(Settings& s, std::uint32_t now) { return s.poll(now); }

int main() { return 0; }
