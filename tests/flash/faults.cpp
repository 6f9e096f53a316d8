// Devices that fail and live on: a step that is not done, or done and not said so; reads that fail for a while.
#include "flash/config.hpp"

#include <stet/test/device.hpp>

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cstring>

namespace {

using flash::Config;
using flash::id;
using flash::max_rpm;
using stet::Errc;
using stet::Opening;
using stet::TakenBack;

struct Flaky : stet::test::Flash<2, 512, 8> {
    int failing_reads = 0;     // so many from now on
    int good_reads = 0;        // but first so many that do not
    int failing_programs = 0;  // so many fail
    bool done_though = false;  // but are done
    bool read(std::uint32_t at, std::byte* to, std::uint32_t count) {
        if (good_reads > 0) --good_reads;
        else if (failing_reads > 0) return --failing_reads, false;
        return Flash::read(at, to, count);
    }
    bool program(std::uint32_t at, const std::byte* from, std::uint32_t count) {
        if (failing_programs == 0) return Flash::program(at, from, count);
        --failing_programs;
        if (done_though) static_cast<void>(Flash::program(at, from, count));
        return false;
    }
};
using Settings = stet::Stored<Config, Flaky>;

}  // namespace

TEST_CASE("Stored: what a device says it has not done, and has, is done") {
    Flaky device;
    Settings settings(device, Config{});
    CHECK(settings.open());
    for (int fails = 1; fails < 8; ++fails) {
        device.failing_programs = fails;
        device.done_though = true;
        const auto first = settings.set(id, 90U + static_cast<unsigned>(fails));
        device.failing_programs = 0;
        const std::uint32_t in_force = settings.current().id;
        CHECK((first ? in_force == 90U + static_cast<unsigned>(fails) : in_force < 90U + static_cast<unsigned>(fails)));
        CHECK(settings.set(id, 7U + static_cast<unsigned>(fails)).has_value());
        Settings later(device, Config{});
        static_cast<void>(later.open());
        CHECK(later.current().id == 7U + static_cast<unsigned>(fails));  // the later one, whatever became of the first
        CHECK(later.head() == settings.head());
    }
    CHECK(device.fault() == nullptr);
}

TEST_CASE("Stored: a record that cannot be written goes to the next page, within the same commit") {
    Flaky device;
    Settings settings(device, Config{});
    CHECK(settings.open());
    device.failing_programs = 1;
    CHECK(settings.set(id, 2).has_value());
    CHECK(settings.current().id == 2);
    device.failing_programs = 2;
    const auto failed = settings.set(id, 3);
    REQUIRE(!failed);
    CHECK(failed.error().code() == Errc::storage_failed);
    CHECK(failed.error().why() == "'a function of the device returned false'");
    CHECK(settings.current().id == 2);
    CHECK(settings.set(id, 4).has_value());
    Settings later(device, Config{});
    static_cast<void>(later.open());
    CHECK(later.current().id == 4);
    CHECK(device.fault() == nullptr);
}

TEST_CASE("Stored: a number is never given out twice, although a record could not be read for a while") {
    for (int good = 0; good < 12; ++good) {
        Flaky device;
        {
            Settings settings(device, Config{});
            CHECK(settings.open());
            CHECK(settings.set(id, 2).has_value());
            CHECK(settings.set(id, 3).has_value());
        }
        device.good_reads = good;
        device.failing_reads = 2;
        {
            Settings settings(device, Config{});
            static_cast<void>(settings.open());
            CHECK(settings.set(max_rpm, 2222).has_value());
        }
        device.good_reads = device.failing_reads = 0;
        Settings later(device, Config{});
        static_cast<void>(later.open());
        CHECK(later.current().motor.max_rpm == 2222);
    }
}

TEST_CASE("Stored: a device that cannot be read is not written") {
    Flaky device;
    {
        Settings settings(device, Config{});
        CHECK(settings.open());
        CHECK(settings.set(id, 42).has_value());
    }
    device.failing_reads = 1000000;
    Settings settings(device, Config{});
    const auto opening = settings.open();
    CHECK(!opening);
    CHECK(!opening.written);
    CHECK(opening.found.silent);
    CHECK(settings.current().id == 1);
    const auto refused = settings.set(id, 5);
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::not_opened);
    device.failing_reads = 0;
    CHECK(settings.open());  // and once more, when it is ready
    CHECK(settings.current().id == 42);
}

TEST_CASE("Stored: what was in force before a provisional commit comes back, or it waits") {
    Flaky device;
    Settings settings(device, Config{});
    CHECK(settings.open());
    CHECK(settings.set(id, 2).has_value());
    CHECK(settings.set(id, 3).has_value());
    CHECK(settings.commit_confirmed([](Config& c) { c.id = 4; }, 10).has_value());
    for (int good = 0; good < 3; ++good) {
        device.good_reads = good;
        device.failing_reads = 2;
        const auto failed = settings.take_back();
        device.good_reads = device.failing_reads = 0;
        if (failed) {
            CHECK(settings.current().id == 3);
            break;
        }
        CHECK(failed.error().code() == Errc::storage_failed);
        CHECK(settings.waiting());
        CHECK(settings.current().id == 4);
    }
    static_cast<void>(settings.take_back());
    CHECK(!settings.waiting());
    CHECK(settings.current().id == 3);
}

TEST_CASE("Stored: a damaged newest record is said to be, wherever it stands") {
    for (std::uint16_t commits = 1; commits < 24; ++commits) {
        Flaky device;
        std::uint32_t at = 0;
        {
            Settings settings(device, Config{});
            CHECK(settings.open());
            for (std::uint16_t i = 0; i < commits; ++i) CHECK(settings.set(max_rpm, 1000 + i).has_value());
            at = settings.storage().newest().at;
        }
        device.flip(at * 8 + 200);
        Settings settings(device, Config{});
        const auto opening = settings.open();
        CHECK(!opening);
        CHECK(opening.how == Opening::recovered);
        CHECK(opening.found.torn);
        CHECK(opening.found.damaged == 1);
        CHECK(settings.current().motor.max_rpm == (commits == 1 ? 3000 : 998 + commits));
    }
}

TEST_CASE("Stored: revert undoes one revision, or says that the one before it is gone") {
    Flaky device;
    std::uint32_t second = 0;
    {
        Settings settings(device, Config{});
        CHECK(settings.open());
        CHECK(settings.set(id, 2).has_value());
        second = settings.storage().newest().at;
        CHECK(settings.set(max_rpm, 2000).has_value());
        const auto first = settings.revert(1);
        REQUIRE(!first);
        CHECK(first.error().code() == Errc::no_such_revision);
    }
    device.flip(second * 8 + 200);
    Settings settings(device, Config{});
    CHECK(!settings.open());
    const auto refused = settings.revert(3);
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::revision_pruned);
    CHECK(refused.error().expected() == 2);
    CHECK(settings.current().id == 2);
    CHECK(settings.current().motor.max_rpm == 2000);
}

TEST_CASE("Stored: rollback after something was taken back goes to the state before, not to the same one") {
    Flaky device;
    Settings settings(device, Config{});
    CHECK(settings.open());
    CHECK(settings.set(id, 2).has_value());
    CHECK(settings.set(id, 3).has_value());
    CHECK(settings.commit_confirmed([](Config& c) { c.id = 4; }, 10).has_value());
    CHECK(settings.take_back().has_value());
    CHECK(settings.rollback().has_value());
    CHECK(settings.current().id == 2);
    CHECK(settings.rollback().has_value());  // the one before it is what was taken back to
    CHECK(settings.current().id == 3);
}

TEST_CASE("Stored: an older program programs nothing twice behind half a record of a newer, larger one") {
    struct Small {
        std::uint32_t id = 1;
    };
    struct Big {
        std::uint32_t id = 1;
        std::array<std::uint8_t, 200> blob{};
    };
    using Device = stet::test::Flash<2, 1024, 8>;
    for (std::uint32_t steps = 1; steps < 70; ++steps) {
        Device device;
        {
            stet::Stored<Small, Device> settings(device, Small{});
            CHECK(settings.open());
        }
        device.power_on(steps, stet::test::Cut::new_bits, steps);
        {
            stet::Stored<Big, Device, stet::migrations<Big>> settings(device, Big{});
            static_cast<void>(settings.open());
            static_cast<void>(settings.commit([](Big& b) {
                b.blob.fill(0xFF);
                b.blob.back() = 1;
            }));
        }
        device.power_on();
        stet::Stored<Small, Device> settings(device, Small{});
        static_cast<void>(settings.open());
        for (std::uint32_t i = 0; i < 6; ++i) CHECK(settings.set(id, 10 + i).has_value());
        CHECK(device.fault() == nullptr);
    }
}

TEST_CASE(
    "Stored: a flipped bit behind a confirmed commit takes nothing back; a blank or a cleared word confirms nothing") {
    Flaky device;
    std::uint32_t word = 0;
    {
        Settings settings(device, Config{});
        CHECK(settings.open());
        const auto token = settings.commit_confirmed([](Config& c) { c.id = 4; }, 10);
        REQUIRE(token);
        CHECK(settings.confirm(*token).has_value());
        word = settings.storage().newest().at + Settings::storage_type::record_bytes;
    }
    for (std::uint32_t bit = 0; bit < 32; ++bit) {
        Flaky flipped = device;
        flipped.flip(word * 8 + bit);
        Settings settings(flipped, Config{});
        CHECK(settings.open());
        CHECK(settings.current().id == 4);
    }
    for (std::uint32_t crc = 0; crc < 100000; ++crc) {
        const std::uint32_t one = crc * 2654435761U;
        REQUIRE(std::popcount(stet::detail::confirmation_of(one)) == 16);
    }
    CHECK(!stet::detail::confirms(0xFFFFFFFFU, 0));
    CHECK(!stet::detail::confirms(0, 0xFFFFFFFFU));
    CHECK(stet::detail::confirms(stet::detail::confirmation_of(77), 77));
}

TEST_CASE("Stored: if_broken(refuse) leaves a head that breaks the rules where it is, and a good one in force") {
    struct Loose {
        std::uint32_t id = 1;
        std::uint16_t rpm = 1000;
    };
    struct Strict {
        std::uint32_t id = 1;
        std::uint16_t rpm = 1000;
        static constexpr auto schema() { return stet::fields(stet::field<"rpm">(stet::in_range(100, 2000))); }
    };
    using Device = stet::test::Flash<2, 512, 8>;
    Device device;
    {
        stet::Stored<Loose, Device> settings(device, Loose{});
        CHECK(settings.open(stet::if_broken(stet::Broken::refuse)));
        CHECK(settings.set(stet::field<"rpm">, 9000).has_value());
    }
    {
        stet::Stored<Loose, Device> settings(device, Loose{});
        CHECK(settings.open(stet::if_broken(stet::Broken::refuse)));
        CHECK(settings.current().rpm == 9000);
    }
    stet::Stored<Strict, Device> settings(device, Strict{});
    const auto opening = settings.open(stet::if_broken(stet::Broken::refuse));
    CHECK(!opening);
    CHECK(settings.current().rpm == 1000);
    CHECK(!settings.set(id, 2));
    stet::Stored<Loose, Device> again(device, Loose{});
    CHECK(again.open());
    CHECK(again.current().rpm == 9000);
}

TEST_CASE("Stored: nothing of a transient field reaches the device, and padding neither") {
    struct Padded {
        std::uint8_t small = 1;
        std::uint32_t key = 0;
        std::uint16_t rpm = 1000;
        static constexpr auto schema() { return stet::fields(stet::field<"key">(stet::transient)); }
    };
    using Device = stet::test::Flash<2, 512, 8>;
    Device device;
    stet::Stored<Padded, Device> settings(device, Padded{});
    CHECK(settings.open());
    CHECK(settings
              .commit([](Padded& p) {
                  p.key = 0xDEADBEEF;
                  p.rpm = 2000;
              })
              .has_value());
    CHECK(settings.current().key == 0xDEADBEEF);
    CHECK(settings.at(2)->key == 0);
    const std::uint32_t key = 0xDEADBEEF;
    for (std::uint32_t at = 0; at + 4 < Device::size; ++at) CHECK(std::memcmp(device.bytes() + at, &key, 4) != 0);
}

TEST_CASE("Stored: a change inside a change is refused, with and without a lock") {
    Flaky device;
    Settings settings(device, Config{});
    CHECK(!settings.at(1));
    CHECK(settings.at(1).error().code() == Errc::not_opened);
    CHECK(settings.open());
    CHECK(settings
              .commit([&](Config& c) {
                  const auto inner = settings.set(max_rpm, 2000);
                  CHECK(!inner);
                  CHECK(inner.error().code() == Errc::busy);
                  c.id = 2;
              })
              .has_value());
    CHECK(settings.current().motor.max_rpm == 3000);
    CHECK(settings.current().id == 2);
}

TEST_CASE("Stored: what must follow a provisional commit has its room beside it, so that nothing is erased meanwhile") {
    for (std::uint16_t before = 0; before < 20; ++before) {
        Flaky device;
        Settings settings(device, Config{});
        CHECK(settings.open());
        for (std::uint16_t i = 0; i < before; ++i) CHECK(settings.set(max_rpm, 1000 + i).has_value());
        CHECK(settings.commit_confirmed([](Config& c) { c.id = 4; }, 10).has_value());
        const std::uint32_t erased = device.erased_times(0) + device.erased_times(1);
        CHECK(settings.poll(11));
        CHECK(device.erased_times(0) + device.erased_times(1) == erased);
        Settings later(device, Config{});
        CHECK(later.open());
        CHECK(later.rejected() == before + 2U);
    }
}
