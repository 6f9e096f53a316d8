// History and rules, as a firmware uses them: the same main() over `Settings` from history.stet.hpp, from
// history.hand.hpp and from history.simple.hpp. bench/cortex_m/run subtracts main() and what runs before it.

#if defined(SIMPLE)
#include "history.simple.hpp"
#elif defined(BY_HAND)
#include "history.hand.hpp"
#else
#include "history.stet.hpp"
#endif

int main() {
    volatile std::uint16_t rpm = 4000;
    volatile float kp = 2;
    volatile unsigned position = 0;
    Settings settings{Config{}};
    Config next = settings.current();
    next.address[3] = 7;
    bool ok = settings.store(next);
    ok = settings.set_max_rpm(rpm) && ok;
    ok = settings.set_kp(kp) && ok;
    ok = settings.undo() && ok;
    ok = settings.redo() && ok;
    ok = settings.go_to(position) && ok;
    ok = settings.changes(next) == 1 && ok;
    ok = settings.broken(next) == 0 && ok;
    rpm = 9000;
    return ok && !settings.set_max_rpm(rpm) && settings.current().id == 1 ? 0 : 1;
}
