// History of a flat struct where there are neither exceptions nor run-time types.
#include <stet/embedded.hpp>

#include "../motor.hpp"

using bot::Motor;
using stet::field;

int main() {
    stet::History<Motor, 4> history{Motor{}};
    for (int rpm = 101; rpm <= 120; ++rpm)
        if (!history.set(field<"rpm">, rpm)) return 1;
    if (history.size() != 4 || history.set(field<"rpm">, 1) || history.current().rpm != 120) return 2;
    int back = 0;
    while (history.undo()) ++back;
    if (back != 3 || history.current().rpm != 117 || !history.redo() || history.current().rpm != 118) return 3;
    if (history.commit([](Motor&) { return false; })) return 4;
    const auto refused = history.commit([](Motor& m) { m.pid.kp = 99; });
    if (refused || refused.error().violations().size() != 1) return 5;
    stet::FixedText<300> text;
    refused.error().write(stet::Writer(text));
    if (text !=
        "the change breaks a rule:\n  pid.kp is 99, must be in 0..10\n  fix: correct the fields named in "
        "violations(), then commit again")
        return 6;
    auto own = stet::make_history<2>(Motor{}, stet::rules(field<"rpm">(stet::max(4000))));
    return own.set(field<"rpm">, 4001) ? 7 : 0;
}
