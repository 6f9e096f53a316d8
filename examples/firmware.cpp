// Built with -fno-exceptions -fno-rtti for a Cortex-M; linked without malloc and operator new.
#include <stet/embedded.hpp>  // nothing that allocates, throws, prints or locks

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

    static constexpr auto schema() {
        return stet::fields(stet::field<"motor.max_rpm">(stet::in_range(100, 6000)),
                            stet::field<"motor.pid.kp">(stet::in_range(0.0f, 10.0f)));
    }
};

constexpr Config factory = stet::validated(Config{});  // wrong factory settings do not compile

// The whole of it in a constant expression: what the firmware does is proven at build time.
static_assert([] {
    stet::History<Config, 8> history{factory};
    bool ok = history.commit([](Config& c) { c.motor.max_rpm = 4000; }).has_value();
    ok = ok && !history.commit([](Config& c) { c.motor.max_rpm = 9000; });  // rule: refused, unchanged
    ok = ok && history.undo() && history.current().motor.max_rpm == 3000;
    ok = ok && history.redo() && history.current().motor.max_rpm == 4000;
    return ok && stet::diff(factory, history.current()).touches(stet::field<"motor.max_rpm">);
}());

// N counts the retained states, the current one included.
static_assert(sizeof(stet::History<Config, 8>) <= 8 * sizeof(Config) + 16);

int main() {
    stet::History<Config, 8> history{factory};  // and the same at run time
    bool ok = history.set(stet::field<"motor.max_rpm">, 4000).has_value();
    ok = ok && !history.set(stet::field<"motor.max_rpm">, 70000) && history.current().motor.max_rpm == 4000;
    ok = ok && history.undo() && !history.undo() && history.current().motor.max_rpm == factory.motor.max_rpm;
    return ok ? 0 : 1;
}
