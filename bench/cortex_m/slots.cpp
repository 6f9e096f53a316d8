// Slots on flash, rules, migration and confirmation, as a firmware uses them: the same main() over `Settings` from
// slots.stet.hpp, slots.hand.hpp and slots.simple.hpp.

#if defined(SIMPLE)
#include "slots.simple.hpp"
#elif defined(BY_HAND)
#include "slots.hand.hpp"
#else
#include "slots.stet.hpp"
#endif

Flash flash;

int main() {
    volatile std::uint16_t rpm = 4000;
    volatile std::uint32_t now = 10;
    Settings settings{flash};
    bool ok = settings.open();
    Config next = settings.current();
    next.address[3] = 7;
    ok = settings.store(next) && ok;
    ok = settings.set_max_rpm(rpm) && ok;
    ok = settings.rollback() && ok;
    next.address[3] = 8;
    ok = settings.try_out(next, now) && ok;
    ok = settings.confirm(settings.head()) && ok;
    next.address[3] = 9;
    ok = settings.try_out(next, now) && settings.waiting() && ok;
    ok = settings.poll(now + 1) && settings.was_taken_back() && settings.rejected() != 0 && ok;
    rpm = 9000;
    return ok && !settings.set_max_rpm(rpm) && !settings.broken(next) && settings.current().id == 1 ? 0 : 1;
}
