#include <stet/embedded.hpp>

// What <stet/embedded.hpp> brings must not bring the heap, streams, threads or the clock.
#if defined(_GLIBCXX_VECTOR) || defined(_GLIBCXX_MEMORY) || defined(_GLIBCXX_FUNCTIONAL) || \
    defined(_GLIBCXX_CHRONO) || defined(_GLIBCXX_ATOMIC) || defined(_GLIBCXX_MUTEX)
#define BROUGHT_TOO_MUCH 1
#else
#define BROUGHT_TOO_MUCH 0
#endif

#include "both.hpp"

#include <array>
#include <cstdint>

namespace {

using stet::field;

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
    static constexpr auto schema() {
        return stet::fields(field<"motor.max_rpm">(stet::in_range(100, 6000)),
                            field<"motor.pid.kp">(stet::in_range(0.0F, 10.0F)));
    }
};
constexpr Config factory = stet::validated(Config{});

// What a firmware does, proven when it is built.
constexpr bool firmware() {
    stet::History<Config, 8> history{factory};
    if (!history.commit([](Config& c) { c.motor.max_rpm = 4000; })) return false;
    if (history.commit([](Config& c) { c.motor.max_rpm = 9000; })) return false;
    if (!history.undo() || history.current().motor.max_rpm != 3000) return false;
    if (!history.redo() || history.current().motor.max_rpm != 4000) return false;
    const auto patch = stet::diff(factory, history.current());
    if (!patch.touches(field<"motor.max_rpm">) || patch.touches(field<"motor.pid">) || patch.size() != 1) return false;
    const auto back = stet::apply(patch.inverted(), history.current());
    return back && stet::equal(*back, factory);
}
static_assert(sizeof(stet::History<Config, 8>) <= 8 * sizeof(Config) + 16);
static_assert(stet::History<Config, 8>::max_bytes == sizeof(stet::History<Config, 8>));
static_assert(stet::Patch<Config>::max_bytes <= 2 * sizeof(Config) + 8);

// The same in a budget of bytes, with all that a firmware may be asked for.
template <stet::Limit N>
constexpr bool session() {
    stet::History<Config, N> history{factory};
    if (!history.set(field<"motor.max_rpm">, 4000) || !history.set(field<"motor.pid.kp">, 2.0F)) return false;
    if (!history.commit([](Config& c) { c.motor.mode = Mode::boost, c.address[3] = 7; })) return false;
    // check: by itself, and before a change takes effect
    Config draft = history.current();
    draft.motor.max_rpm = 9000;
    if (stet::check(draft).size() != 1 || history.commit(draft) || history.size() != 4) return false;
    // diff and merge: with what somebody else has made of the factory settings
    Config other = factory;
    other.id = 2;
    other.motor.pid.ki = 0.5F;
    const auto merged = stet::merge(factory, history.current(), other);
    if (!merged || !history.commit(merged.value())) return false;
    const auto added = stet::diff(*history.at(3), history.current());
    if (added.size() != 2 || !added.touches(field<"id">) || added.touches(field<"motor.mode">)) return false;
    other.motor.max_rpm = 5000;
    if (stet::merge(factory, history.current(), other).clean()) return false;
    // revert: the speed as it was, all else as it is
    if (!history.revert(1) || history.current().motor.max_rpm != 3000 || history.current().motor.pid.kp != 2)
        return false;
    if (!history.set(field<"motor.pid.kp">, 3.0F)) return false;
    const auto stands = history.revert(2);
    if (stands || stands.error().code() != stet::Errc::merge_conflict || stands.error().subject() != "motor.pid.kp")
        return false;
    // rollback: all as it was, as a step that can be undone
    if (!history.rollback_to(0) || !stet::equal(history.current(), factory) || history.size() != 8) return false;
    if (!history.undo() || history.current().motor.pid.kp != 3 || history.current().id != 2) return false;
    if (!history.redo() || !stet::equal(history.current(), factory)) return false;
    return history.go_to(3) && history.current().address[3] == 7 && history.current().motor.max_rpm == 4000;
}
static_assert(sizeof(stet::History<Config, stet::bytes{512}>) <= 512);
static_assert(sizeof(stet::History<Config, stet::bytes{160}>) < sizeof(stet::History<Config, 8>));

}  // namespace

TEST_CASE("embedded.hpp: the whole of it in a constant expression") { STET_BOTH(firmware); }
TEST_CASE("embedded.hpp: history, diff, check, merge, revert and rollback in a constant expression") {
    STET_BOTH(session<8>);
    STET_BOTH(session<stet::bytes{160}>);
}
TEST_CASE("embedded.hpp: brings no vector, memory, functional, chrono, atomic or mutex") {
    CHECK(BROUGHT_TOO_MUCH == 0);
}
