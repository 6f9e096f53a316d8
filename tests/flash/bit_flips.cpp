// A bit, or two, of what is stored turn round: the newest revision that is whole is found, or the factory settings.
#include "flash/config.hpp"

#include <stet/test/device.hpp>

#include <doctest/doctest.h>

#include <cstdlib>

namespace {

struct Small {
    std::uint32_t id = 1;
    std::uint16_t rpm = 1000;
};
using Flash = stet::test::Flash<2, 96, 8>;
using Settings = stet::Stored<Small, Flash>;

Flash prepared() {
    Flash device;
    Settings settings(device, Small{});
    CHECK(settings.open());
    for (std::uint16_t i = 0; i < 3; ++i) CHECK(settings.set(stet::field<"rpm">, 2000 + i).has_value());
    return device;
}
// What opens is one of the states that were, and never one behind another that is whole.
bool opens(const Flash& device) {
    Flash copy = device;
    copy.power_on();
    Settings settings(copy, Small{});
    const auto opening = settings.open();
    const Small& now = settings.current();
    const bool was = now.rpm == 2002 || now.rpm == 2001 || now.rpm == 2000 || now.rpm == 1000;
    const bool noticed = now.rpm == 2002 || opening.found.damaged != 0;
    return was && noticed && now.id == 1 && copy.fault() == nullptr && settings.set(stet::field<"id">, 2).has_value();
}

}  // namespace

TEST_CASE("bit flips: every single one") {
    const Flash device = prepared();
    std::uint32_t found_older = 0;
    for (std::uint32_t bit = 0; bit < Flash::size * 8; ++bit) {
        Flash flipped = device;
        flipped.flip(bit);
        CHECK(opens(flipped));
        Flash copy = flipped;
        Settings settings(copy, Small{});
        static_cast<void>(settings.open());
        found_older += settings.current().rpm != 2002 ? 1U : 0U;
    }
    CHECK(found_older == 8 * (32 + sizeof(Small)));  // the newest record: its header and its value
}

TEST_CASE("bit flips: random pairs") {
    const Flash device = prepared();
    const char* const cases = std::getenv("STET_CASES");
    const std::uint32_t pairs = 100 * (cases != nullptr ? static_cast<std::uint32_t>(std::atoi(cases)) : 100U);
    std::uint32_t random = 88172645;
    bool all = true;
    for (std::uint32_t i = 0; i < pairs && all; ++i) {
        Flash flipped = device;
        for (int k = 0; k < 2; ++k) {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            flipped.flip(random % (Flash::size * 8));
        }
        all = opens(flipped);
    }
    CHECK(all);
}

TEST_CASE("bit flips: whole pages of random bits") {
    std::uint32_t random = 88172645;
    for (int round = 0; round < 300; ++round) {
        Flash device = prepared();
        std::byte junk[Flash::page_size];
        for (std::byte& one : junk) {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            one = static_cast<std::byte>(random >> 9);
        }
        device.put(round % 2 == 0 ? 0 : Flash::page_size, junk, Flash::page_size);
        if (round % 3 == 0) device.put(round % 2 != 0 ? 0 : Flash::page_size, junk, Flash::page_size);
        Settings settings(device, Small{});
        const auto opening = settings.open();
        CHECK(opening.found.damaged > 0);
        CHECK((settings.current().rpm == 1000 || settings.current().rpm >= 2000));
        CHECK(settings.set(stet::field<"id">, 2).has_value());
        CHECK(device.fault() == nullptr);
    }
}
