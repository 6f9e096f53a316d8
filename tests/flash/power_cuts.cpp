#include <stet/test/power_cuts.hpp>

#include "flash/config.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string_view>

namespace {

using flash::Config;
using flash::id;
using flash::max_rpm;
using stet::test::survives_power_cuts;

// Every verb, over more revisions than a page holds, with bytes that look erased.
constexpr auto script = [](auto& settings) {
    const auto next = static_cast<std::uint16_t>(settings.read().motor.max_rpm % 1000 + 100);
    for (int i = 0; i < 3; ++i) static_cast<void>(settings.set(max_rpm, next + i));
    static_cast<void>(settings.set(stet::field<"address">, std::array<std::uint8_t, 4>{0xFF, 0xFF, 0xFF, 0xFF}));
    static_cast<void>(settings.rollback());
    if (const auto token = settings.commit_confirmed([](Config& c) { c.id += 0xFFFF0000U; }, 100))
        static_cast<void>(settings.confirm(*token));
    static_cast<void>(settings.set(max_rpm, next + 7));
    static_cast<void>(settings.revert(settings.head()));
    static_cast<void>(settings.commit_confirmed([](Config& c) { c.id += 5; }, 100));
    static_cast<void>(settings.poll(101));
    static_cast<void>(settings.commit_confirmed([](Config& c) { c.id += 9; }, 100));
    static_cast<void>(settings.take_back());
    static_cast<void>(settings.set(max_rpm, next + 17));
    static_cast<void>(settings.reset_to_factory());
    static_cast<void>(settings.commit_confirmed([](Config& c) { c.id += 11; }, 100));
};

template <class Device>
void proves() {
    const auto found = survives_power_cuts<Config>(Device{}, script);
    CHECK_MESSAGE(found, (found.failure == nullptr ? "" : found.failure), " at step ", found.step, ", cut ",
                  static_cast<int>(found.cut));
    CHECK(found.starts > found.steps * 10);
    CHECK(found.revisions > 12);
    if (stet::erasable_device<Device>) CHECK(found.erased > 0);
}

// Says that it is done, and does it with the next one.
class Lazy : public stet::test::Flash<2, 512, 8> {
public:
    bool program(std::uint32_t at, const std::byte* from, std::uint32_t count) {
        if (count_ != 0 && !Flash::program(at_, bytes_, count_)) return false;
        std::memcpy(bytes_, from, count);
        at_ = at;
        count_ = count;
        return true;
    }
    bool read(std::uint32_t at, std::byte* to, std::uint32_t count) {
        if (!Flash::read(at, to, count)) return false;
        for (std::uint32_t i = 0; i < count_; ++i)
            if (at_ + i >= at && at_ + i < at + count) to[at_ + i - at] = bytes_[i];
        return true;
    }
    using Flash::power_on;
    void power_on() {
        count_ = 0;
        Flash::power_on();
    }
    void power_on(std::uint32_t steps, stet::test::Cut cut, std::uint32_t seed) {
        count_ = 0;
        Flash::power_on(steps, cut, seed);
    }

private:
    std::byte bytes_[64]{};
    std::uint32_t at_ = 0;
    std::uint32_t count_ = 0;
};

}  // namespace

TEST_CASE("power cuts: flash, units of 8 bytes, two pages") { proves<stet::test::Flash<2, 512, 8>>(); }
TEST_CASE("power cuts: flash, pages that hold hardly more than two revisions") {
    proves<stet::test::Flash<2, 160, 16>>();
}
TEST_CASE("power cuts: flash, three pages, units of 4 bytes") { proves<stet::test::Flash<3, 256, 4>>(); }
TEST_CASE("power cuts: flash that is erased to 0, large units") { proves<stet::test::Flash<3, 512, 64, 0>>(); }
TEST_CASE("power cuts: an EEPROM") { proves<stet::test::Eeprom<2, 256, 8>>(); }

TEST_CASE("power cuts: between two programs") {
    struct ConfigV1 {
        std::uint32_t id = 1;
        flash::Motor motor;
    };
    using Device = stet::test::Flash<2, 256, 8>;
    Device device;
    {
        stet::Stored<ConfigV1, Device> older(device, ConfigV1{});
        CHECK(older.open());
        CHECK(older.set(id, 0xFFFFFFFFU).has_value());
    }
    const auto found = survives_power_cuts<Config>(
        device,
        [](auto& settings) {
            static_cast<void>(settings.set(max_rpm, settings.read().motor.max_rpm % 1000 + 100));
            script(settings);
        },
        Config{}, stet::migrations<ConfigV1, Config>{});
    CHECK_MESSAGE(found, (found.failure == nullptr ? "" : found.failure), " at step ", found.step);
}

TEST_CASE("power cuts: a device that does what it said only later is found out") {
    const auto found = survives_power_cuts<Config>(Lazy{}, script);
    CHECK(!found);
    CHECK(found.failure != nullptr);
}
TEST_CASE("power cuts: a script that makes no revision proves nothing") {
    using Device = stet::test::Flash<2, 512, 8>;
    const auto found = survives_power_cuts<Config>(Device{}, [](auto&) {});
    CHECK(!found);
    CHECK(std::string_view(found.failure) == "the script makes no revision, which proves nothing");
    CHECK(found.revisions == 0);
    CHECK(
        !survives_power_cuts<Config>(Device{}, [](auto& settings) { static_cast<void>(settings.set(max_rpm, 9000)); }));
}
TEST_CASE("power cuts: with rules of the instance and a lock; a device that is larger than a stack") {
    struct Section {
        static void enter() {}
        static void leave() {}
    };
    using Device = stet::test::Flash<2, 512, 8>;
    const auto some = [](auto& settings) { static_cast<void>(settings.set(id, settings.read().id + 1)); };
    CHECK(survives_power_cuts<Config>(Device{}, some, Config{}, stet::rules(stet::field<"id">(stet::in_range(0, 99))),
                                      stet::Locked<Section>{}));
    static const stet::test::Flash<4, 262144, 4096> large;
    CHECK(survives_power_cuts<Config>(large, some));
}
