#pragma once
// A firmware that prints all it knows of a struct: for each way to build it, another file says what must come out.

#include <stet/embedded.hpp>

#include "in_memory.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace names {

using stet::field;

enum class Mode : std::uint8_t { qwhite, qblack };
struct Pid {
    float qproportion = 1, qintegral = 0.5F;
};
struct Motor {
    Mode qmode = Mode::qblack;
    std::uint16_t qspeed = 3000;
    Pid qpid;
};
struct Config {
    std::uint32_t qident = 1;
    Motor qmotor;
    std::array<int, 2> qpins{};
    int qleast = 1, qmost = 2;
    static constexpr auto schema() {
        return stet::fields(
            field<"qmotor.qspeed">(stet::in_range(100, 6000)), field<"qpins">(stet::each(stet::max(9))),
            stet::check<"qleast", "qmost">("one must not exceed the other", [](int a, int b) { return a <= b; }));
    }
};
// The same with every way to build it.
static_assert(stet::fingerprint<Config> == 0xfd71de868b6d3d1bULL);

inline std::string printed() {
    std::string all;
    const auto print = [&](const auto& what) {
        stet::FixedText<400> text;
        if constexpr (requires { what.write(stet::Writer(text)); }) what.write(stet::Writer(text));
        else stet::Writer(text) << what;
        all += std::string(text.view()) + '\n';
    };
    stet::History<Config, stet::bytes{512}> history{Config{}};
    const auto broken = history.commit([](Config& c) {
        c.qmotor.qspeed = 9;
        c.qpins[1] = 10;
        c.qleast = 3;
    });
    print(broken.error());
    print(history.set(field<"qmotor.qspeed">, 70000).error());
    if (!history.set(field<"qmotor.qmode">, Mode::qwhite) || !history.set(field<"qmotor.qpid.qproportion">, 2.0F))
        return "refused";
    const auto change = stet::diff(Config{}, history.current());
    change.visit([&](const stet::PathView& path, const auto& before, const auto& after) {
        print(path);
        stet::FixedText<80> text;
        stet::detail::write_value(stet::Writer(text), before);
        stet::Writer(text) << " -> ";
        stet::detail::write_value(stet::Writer(text), after);
        print(text.view());
    });
    if (!history.set(field<"qmotor.qpid.qproportion">, 3.0F)) return "refused";
    print(history.revert(2).error());
    return all;
}

// Each character one further.
inline constexpr std::array<const char*, 10> all_names{"rnpups", "rtqffe", "rqspqpsujpo", "rjoufhsbm", "rnpef",
                                                       "rxijuf", "rcmbdl", "rqjot",       "rmfbtu",    "rjefou"};
// A text that the library brings along.
inline constexpr const char* a_sentence = "nvtu!cf!jo!";  // must be in

inline bool same(const std::string& made, std::string_view expected) {
    if (made == expected) return true;
    std::printf("printed:\n%s\nand not:\n%.*s\n", made.c_str(), static_cast<int>(expected.size()), expected.data());
    return false;
}

}  // namespace names
