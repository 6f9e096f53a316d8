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

}  // namespace

TEST_CASE("embedded.hpp: the whole of it in a constant expression") { STET_BOTH(firmware); }
TEST_CASE("embedded.hpp: brings no vector, memory, functional, chrono, atomic or mutex") {
    CHECK(BROUGHT_TOO_MUCH == 0);
}
