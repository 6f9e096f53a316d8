#include "flash/config.hpp"

#include <stet/crc.hpp>
#include <stet/test/device.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstring>

namespace {

using stet::Errc;
using stet::Opening;
using stet::SlotKind;

struct V1 {
    std::uint32_t id = 1;
    std::uint16_t rpm = 1000;
};
struct V2 {
    std::uint32_t id = 1;
    std::uint32_t rpm = 1000;
    std::uint8_t mode = 3;
};
using Flash = stet::test::Flash<2, 512, 8>;
using Old = stet::Stored<V1, Flash>;
using New = stet::Stored<V2, Flash, stet::migrations<V1, V2>>;
constexpr auto rpm = stet::field<"rpm">;
constexpr auto id = stet::field<"id">;

}  // namespace

TEST_CASE("Crc32: that of everybody else") {
    constexpr auto of = [](std::string_view text) {
        stet::Crc32 crc;
        for (const char c : text) {
            const auto byte = static_cast<std::byte>(c);
            crc.add(&byte, 1);
        }
        return crc.value();
    };
    static_assert(of("123456789") == 0xCBF43926U);
    static_assert(of("") == 0);
    CHECK(of("The quick brown fox jumps over the lazy dog") == 0x414FA339U);
}

TEST_CASE("SlotStorage: what is appended is found, in order, by number and from the end") {
    Flash device;
    stet::SlotStorage<V1, Flash> slots(device);
    CHECK(slots.scan().blank);
    CHECK(!slots.newest());
    V1 value;
    for (std::uint16_t i = 0; i < 5; ++i) {
        value.rpm = static_cast<std::uint16_t>(100 + i);
        stet::SlotInfo info;
        info.from = 9;
        info.rejected = 8;
        info.kind = i == 0 ? SlotKind::created : SlotKind::commit;
        Errc why{};
        CHECK(slots.append(info, value, V1{}, why));
        CHECK(info.number == i + 1U);
    }
    CHECK(slots.newest().number == 5);
    CHECK(slots.newest().from == 9);
    CHECK(slots.newest().rejected == 8);
    CHECK(slots.before(5).number == 4);
    CHECK(slots.before(1).number == 0);
    CHECK(!slots.find(6));
    CHECK(slots.read(slots.find(3), value));
    CHECK(value.rpm == 102);
    CHECK(!slots.read(slots.find(6), value));
    std::uint32_t sum = 0;
    slots.each([&](const stet::SlotInfo& info) { sum += info.number; });
    CHECK(sum == 15);
    stet::SlotStorage<V1, Flash> again(device);
    const auto report = again.scan();
    CHECK(report.records == 5);
    CHECK(!report.torn);
    CHECK(!report.blank);
    CHECK(again.newest().number == 5);
    CHECK(again.last() == 5);
}

TEST_CASE("SlotStorage: behind the last number comes none") {
    Flash device;
    Old settings(device, V1{});
    CHECK(settings.open());
    stet::detail::SlotHeader header{};
    std::memcpy(&header, device.bytes(), sizeof(header));
    header.number = 0xFFFFFFFFU;
    std::byte record[sizeof(header) + sizeof(V1)];
    std::memcpy(record, &header, sizeof(header));
    std::memcpy(record + sizeof(header), device.bytes() + sizeof(header), sizeof(V1));
    const std::uint32_t at = 0;
    stet::Crc32 crc;
    crc.add(record, offsetof(stet::detail::SlotHeader, crc));
    crc.add(reinterpret_cast<const std::byte*>(&at), sizeof(at));
    crc.add(record + sizeof(header), sizeof(V1));
    header.crc = crc.value();
    std::memcpy(record, &header, sizeof(header));
    device.put(0, record, sizeof(record));
    Old full(device, V1{});
    CHECK(full.open());
    CHECK(full.head() == 0xFFFFFFFFU);
    CHECK(full.set(rpm, 2000).error().code() == Errc::storage_full);
    CHECK(full.current().rpm == 1000);
}

TEST_CASE("SlotStorage: a value of an older struct comes through the migrations") {
    Flash device;
    {
        Old settings(device, V1{});
        CHECK(settings.open());
        CHECK(settings.set(rpm, 2000).has_value());
    }
    New settings(device, V2{});
    const auto opening = settings.open();
    CHECK(opening);
    CHECK(opening.how == Opening::opened);
    CHECK(settings.head() == 2);
    CHECK(settings.current().rpm == 2000);
    CHECK(settings.current().mode == 3);
    CHECK(settings.set(rpm, 100000).has_value());
    CHECK(settings.rollback().has_value());
    CHECK(settings.current().rpm == 2000);
}

TEST_CASE("Stored: an older program keeps what a newer one has left, says so, and starts from its own last good") {
    Flash device;
    {
        Old settings(device, V1{});
        CHECK(settings.open());
        CHECK(settings.set(rpm, 2000).has_value());
    }
    {
        New settings(device, V2{});
        CHECK(settings.open());
        CHECK(settings.set(rpm, 3000).has_value());  // 3
        CHECK(settings.set(id, 7).has_value());      // 4
    }
    {
        Old settings(device, V1{});
        const auto opening = settings.open();
        CHECK(!opening);
        CHECK(opening.how == Opening::opened);
        CHECK(opening.found.newer == 4);
        CHECK(settings.head() == 2);
        CHECK(settings.current().rpm == 2000);
        const auto unreadable = settings.at(4);
        REQUIRE(!unreadable);
        CHECK(unreadable.error().code() == Errc::malformed);
        CHECK(*settings.set(rpm, 2500) == 5);
    }
    {
        Old settings(device, V1{});
        CHECK(settings.open().found.newer == 4);  // although its own are newer now
        CHECK(settings.current().rpm == 2500);
        // It fills what room there is, and does not take that of the newer one.
        bool full = false;
        for (std::uint16_t i = 0; i < 40 && !full; ++i) {
            const auto done = settings.set(rpm, 100 + i);
            full = !done;
            if (full) CHECK(done.error().code() == Errc::storage_full);
        }
        CHECK(full);
        CHECK(device.fault() == nullptr);
    }
    SUBCASE("the newer program is back") {
        New settings(device, V2{});
        CHECK(settings.open().found.newer == 0);
        CHECK(settings.current().rpm < 200);  // what was done last
        CHECK(settings.rollback_to(4).has_value());
        CHECK(settings.current().id == 7);
        CHECK(settings.current().rpm == 3000);
    }
    SUBCASE("it is given up") {
        Old settings(device, V1{});
        CHECK(settings.open().found.newer == 4);
        settings.give_up_newer();
        CHECK(settings.set(rpm, 999).has_value());
        Old later(device, V1{});
        const auto opening = later.open();
        CHECK(opening.found.newer == 0);
        CHECK(later.current().rpm == 999);
    }
}

TEST_CASE("Stored: with a third page an older program goes on beside the data of a newer one") {
    using Three = stet::test::Flash<3, 256, 8>;
    Three device;
    {
        stet::Stored<V1, Three> settings(device, V1{});
        CHECK(settings.open());
    }
    {
        stet::Stored<V2, Three, stet::migrations<V1, V2>> settings(device, V2{});
        CHECK(settings.open());
        CHECK(settings.set(id, 7).has_value());
    }
    stet::Stored<V1, Three> settings(device, V1{});
    CHECK(settings.open().found.newer == 2);
    for (std::uint16_t i = 0; i < 100; ++i) CHECK(settings.set(rpm, 2000 + i).has_value());
    CHECK(device.fault() == nullptr);
    stet::Stored<V2, Three, stet::migrations<V1, V2>> newer(device, V2{});
    CHECK(newer.open());
    CHECK(newer.current().rpm == 2099);
    REQUIRE(newer.at(2));
    CHECK(newer.at(2)->id == 7);
}

TEST_CASE("SlotStorage: records of a struct that is no longer among the migrations are in nobody's way") {
    Flash device;
    {
        Old settings(device, V1{});
        CHECK(settings.open());
    }
    {
        New settings(device, V2{});
        CHECK(settings.open());
        CHECK(settings.set(id, 7).has_value());
    }
    stet::Stored<V2, Flash> today(device, V2{});
    const auto opening = today.open();
    CHECK(opening);
    CHECK(opening.found.records == 2);
    CHECK(today.current().id == 7);
    for (std::uint16_t i = 0; i < 60; ++i) CHECK(today.set(rpm, 2000U + i).has_value());
}

TEST_CASE("SlotStorage: a record that was copied to another place is none") {
    Flash device;
    {
        Old settings(device, V1{});
        CHECK(settings.open());
    }
    Flash copy;
    copy.put(Flash::page_size, device.bytes(), Flash::page_size);
    Old settings(copy, V1{});
    const auto opening = settings.open();
    CHECK(opening.found.records == 0);
    CHECK(opening.found.damaged == 1);
    CHECK(opening.how == Opening::factory);
}

TEST_CASE("SlotStorage: an EEPROM is written over, page after page") {
    using Eeprom = stet::test::Eeprom<2, 128, 4>;
    static_assert(!stet::erasable_device<Eeprom> && stet::storage_device<Eeprom>);
    Eeprom device;
    stet::Stored<V1, Eeprom> settings(device, V1{});
    CHECK(settings.open().how == Opening::created);
    for (std::uint16_t i = 0; i < 50; ++i) CHECK(settings.set(rpm, 2000 + i).has_value());
    stet::Stored<V1, Eeprom> later(device, V1{});
    CHECK(later.open());
    CHECK(later.current().rpm == 2049);
    CHECK(later.head() == 51);
    Eeprom foreign;
    const std::byte junk[5]{};
    foreign.put(30, junk, 5);
    stet::Stored<V1, Eeprom> other(foreign, V1{});
    const auto opening = other.open();
    CHECK(opening.how == Opening::factory);
    CHECK(opening.found.damaged == 1);
}
