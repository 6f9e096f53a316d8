// The settings of a firmware on two pages of flash: they survive a reset and a power cut at any moment.
#include <stet/embedded.hpp>

#include <stet/test/power_cuts.hpp>  // on the host: a device made of memory, and the proof

#include <cstdint>

// [settings]
struct ConfigV1 {  // what the last release has stored
    std::uint16_t rpm = 3000;
    bool fan = true;
};
struct Config {
    std::uint32_t max_rpm = 3000;
    bool fan = true;
    std::uint8_t fan_level = 40;

    static constexpr auto schema() {
        return stet::fields(stet::field<"max_rpm">(stet::in_range(100, 6000), stet::renamed_from("rpm")),
                            stet::field<"fan_level">(stet::in_range(0, 100)));
    }
};

// The driver of your part, with what its data sheet says: five lines.
struct Flash {
    static constexpr std::uint32_t pages = 2, page_size = 1024, write_unit = 8;
    static constexpr std::byte erased{0xFF};
    bool read(std::uint32_t at, std::byte* to, std::uint32_t count) { return part.read(at, to, count); }
    bool program(std::uint32_t at, const std::byte* from, std::uint32_t count) { return part.program(at, from, count); }
    bool erase(std::uint32_t page) { return part.erase(page); }

    stet::test::Flash<pages, page_size, write_unit>& part;  // on the board: its registers
};

// What an interrupt may do to whom: two functions.
struct Interrupts {
    static void enter() {}  // on the board: __disable_irq()
    static void leave() {}  // and __enable_irq()
};
// [/settings]

// [use]
using Settings =
    stet::Stored<Config, Flash, stet::migrations<ConfigV1, Config>, stet::Locked<Interrupts>>;  // policies, any order

bool first_start(Flash& flash) {
    Settings settings{flash, Config{}};  // the factory settings; no heap, no static constructor
    const stet::StoredOpening opening = settings.open();
    bool ok = opening.how == stet::Opening::created && settings.head() == 1;
    ok = ok && settings.set(stet::field<"max_rpm">, 4000U).has_value();  // checked, stored, in force: in this order
    ok = ok && !settings.set(stet::field<"max_rpm">, 9000U);             // a rule: refused, and nothing is written

    // A change that could lock you out is taken back unless you say that you are still there.
    const auto token = settings.commit_confirmed([](Config& config) { config.fan = false; }, 5000);
    ok = ok && token && !settings.read().fan && !settings.poll(4999);
    return ok && settings.poll(5000) && settings.read().fan && settings.taken_back() == stet::TakenBack::deadline;
}

bool after_a_reset(Flash& flash) {
    Settings settings{flash, Config{}};
    bool ok = static_cast<bool>(settings.open());  // true: nothing damaged, nothing taken back, nothing in the way
    ok = ok && settings.get(stet::field<"max_rpm">) == 4000 && settings.rejected() == 3;
    ok = ok && settings.rollback().has_value();  // the state before that, as a new revision
    ok = ok && settings.read().max_rpm == 3000;
    int provisional = 0;
    const auto count = [&](const stet::SlotInfo& info) { provisional += info.kind == stet::SlotKind::provisional; };
    ok = ok && settings.each_revision(count).has_value();
    return ok && provisional == 1 && settings.at(2)->max_rpm == 4000;
}

// The same proof for your own struct, on the host: the power is cut before, in and after every step, and again at every
// step of the start that follows.
bool survives() {
    const auto script = [](auto& settings) {
        for (std::uint32_t rpm = 1000; rpm < 1020; ++rpm) (void)settings.set(stet::field<"max_rpm">, rpm);
        if (const auto token = settings.commit_confirmed([](Config& config) { config.fan = !config.fan; }, 10))
            (void)settings.confirm(*token);
        (void)settings.rollback();
    };
    return static_cast<bool>(stet::test::survives_power_cuts<Config>(stet::test::Flash<2, 256, 8>{}, script));
}
// [/use]

int main() {
    stet::test::Flash<Flash::pages, Flash::page_size, Flash::write_unit> part;
    Flash flash{part};
    return first_start(flash) && after_a_reset(flash) && survives() ? 0 : 1;
}
