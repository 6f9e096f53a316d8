#include "flash/config.hpp"

#include <stet/test/device.hpp>

#include <doctest/doctest.h>

#include <cstring>

namespace {

using flash::Config;
using flash::id;
using flash::max_rpm;
using stet::Errc;
using stet::Opening;
using stet::SlotKind;
using stet::TakenBack;
using Flash = stet::test::Flash<2, 512, 8>;
using Settings = stet::Stored<Config, Flash>;

struct Mute {
    static constexpr std::uint32_t pages = 2, page_size = 512, write_unit = 1;
    static bool read(std::uint32_t, std::byte*, std::uint32_t) { return false; }
    static bool program(std::uint32_t, const std::byte*, std::uint32_t) { return false; }
};

}  // namespace

TEST_CASE("Stored: a new device holds the factory settings as revision 1") {
    Flash device;
    Settings settings(device, Config{});
    const auto opening = settings.open();
    CHECK(opening);
    CHECK(opening.how == Opening::created);
    CHECK(opening.found.blank);
    CHECK(settings.head() == 1);
    CHECK(stet::equal(settings.current(), Config{}));
    CHECK(settings.taken_back() == TakenBack::no);
    CHECK(settings.rejected() == 0);
    CHECK(settings.rollback().error().why() == "the first revision: nothing comes before it");
    CHECK(settings.revert(1).error().why() == "the first revision: nothing comes before it");
}

TEST_CASE("Stored: what was committed is there at the next start") {
    Flash device;
    {
        Settings settings(device, Config{});
        CHECK(settings.open());
        CHECK(settings.set(max_rpm, 4000).has_value());
        const auto done = settings.commit([](Config& c) { c.id = 7; });
        CHECK((done && *done == 3));
    }
    Settings settings(device, Config{});
    const auto opening = settings.open();
    CHECK(opening);
    CHECK(opening.how == Opening::opened);
    CHECK(opening.found.records == 3);
    CHECK(opening.found.damaged == 0);
    CHECK(settings.head() == 3);
    CHECK(settings.current().motor.max_rpm == 4000);
    CHECK(settings.current().id == 7);
}

TEST_CASE("Stored: it can be a constant-initialised variable, and nothing works before open") {
    static Flash device;
    static Settings settings(device, Config{});
    CHECK(settings.head() == 0);
    CHECK(settings.current().id == 1);
    const auto refused = settings.set(id, 2);
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::not_opened);
    CHECK(refused.error().fix().view() == "call open() first");
    CHECK(settings.current().id == 1);
    static Mute mute;
    static constinit stet::Stored<Config, Mute> global(mute, Config{});
    const auto opening = global.open();  // which can do nothing
    CHECK(!opening);
    CHECK(!opening.written);
    CHECK(global.head() == 0);
    CHECK(stet::equal(global.current(), Config{}));
    const auto failed = global.set(id, 2);
    REQUIRE(!failed);
    CHECK(failed.error().code() == Errc::not_opened);
    CHECK(global.current().id == 1);
}

TEST_CASE("Stored: a change that breaks a rule, gives up or changes nothing leaves the device as it is") {
    Flash device;
    Settings settings(device, Config{});
    CHECK(settings.open());
    const auto steps = device.steps();
    const auto broken = settings.set(max_rpm, 9000);
    REQUIRE(!broken);
    CHECK(broken.error().code() == Errc::rule_broken);
    CHECK(broken.error().violations().size() == 1);
    CHECK(!settings.set(max_rpm, 70000));
    const auto gave_up = settings.commit([](Config& c) {
        c.id = 9;
        return false;
    });
    REQUIRE(!gave_up);
    CHECK(gave_up.error().code() == Errc::gave_up);
    const auto same = settings.commit(Config{});
    CHECK((same && *same == 1));
    CHECK(device.steps() == steps);
    CHECK(stet::equal(settings.current(), Config{}));
}

TEST_CASE("Stored: rollback, rollback_to, revert and at") {
    Flash device;
    Settings settings(device, Config{});
    CHECK(settings.open());
    CHECK(settings.set(max_rpm, 4000).has_value());  // 2
    CHECK(settings.set(id, 5).has_value());          // 3
    CHECK(settings.set(max_rpm, 5000).has_value());  // 4
    const auto back = settings.rollback();           // 5: as 3
    CHECK((back && *back == 5));
    CHECK(settings.current().motor.max_rpm == 4000);
    const auto again = settings.rollback();  // 6: as 4, for a rollback is undone by another one
    CHECK((again && *again == 6));
    CHECK(settings.current().motor.max_rpm == 5000);
    const auto reverted = settings.revert(3);  // 7: without id 5, and with what came later
    CHECK((reverted && *reverted == 7));
    CHECK(settings.current().id == 1);
    CHECK(settings.current().motor.max_rpm == 5000);
    const auto conflict = settings.revert(2);
    REQUIRE(!conflict);
    CHECK(conflict.error().code() == Errc::merge_conflict);
    CHECK(conflict.error().subject() == "motor.max_rpm");
    const auto first = settings.rollback_to(1);  // 8
    CHECK((first && *first == 8));
    CHECK(stet::equal(settings.current(), Config{}));
    const auto third = settings.at(3);
    REQUIRE(third);
    CHECK(third->id == 5);
    CHECK(third->motor.max_rpm == 4000);
    const auto none = settings.at(99);
    REQUIRE(!none);
    CHECK(none.error().code() == Errc::no_such_revision);
    CHECK(none.error().actual() == 8);
    CHECK(!settings.rollback_to(0));
    SlotKind kinds[9]{};
    std::uint32_t from[9]{};
    CHECK(settings
              .each_revision([&](const stet::SlotInfo& info) {
                  kinds[info.number] = info.kind;
                  from[info.number] = info.from;
              })
              .has_value());
    CHECK(kinds[1] == SlotKind::created);
    CHECK(kinds[2] == SlotKind::commit);
    CHECK((kinds[5] == SlotKind::rollback && from[5] == 3));
    CHECK((kinds[7] == SlotKind::revert && from[7] == 3));
    CHECK(settings.set(id, 8).has_value());
    CHECK(settings.reset_to_factory().has_value());
    CHECK(stet::equal(settings.current(), Config{}));
}

TEST_CASE("Stored: old revisions go page by page, and say so") {
    Flash device;
    Settings settings(device, Config{});
    CHECK(settings.open());
    for (std::uint16_t i = 0; i < 40; ++i) CHECK(settings.set(max_rpm, 1000 + i).has_value());
    CHECK(settings.head() == 41);
    const auto pruned = settings.at(2);
    REQUIRE(!pruned);
    CHECK(pruned.error().code() == Errc::revision_pruned);
    CHECK(pruned.error().why() == "revision 2 was pruned");
    CHECK(settings.at(41)->motor.max_rpm == 1039);
    CHECK(settings.at(40)->motor.max_rpm == 1038);
    CHECK(device.fault() == nullptr);
}

TEST_CASE("Stored: wear is even over any number of pages") {
    using Many = stet::test::Flash<5, 256, 8>;
    Many device;
    stet::Stored<Config, Many> settings(device, Config{});
    CHECK(settings.open());
    for (std::uint16_t i = 0; i < 500; ++i) CHECK(settings.set(max_rpm, 1000 + i).has_value());
    for (std::uint32_t page = 1; page < Many::pages; ++page) {
        CHECK(device.erased_times(page) + 1 >= device.erased_times(0));
        CHECK(device.erased_times(page) <= device.erased_times(0) + 1);
    }
    CHECK(device.erased_times(0) > 15);
}

TEST_CASE("Stored: a transient field is not stored, and stays as it is") {
    Flash device;
    {
        Settings settings(device, Config{});
        CHECK(settings.open());
        CHECK(*settings.commit([](Config& c) { c.hits = 99; }) == 1);  // nothing that is versioned has changed
        CHECK(settings.current().hits == 99);
        CHECK(settings.set(id, 2).has_value());
        CHECK(settings.rollback().has_value());
        CHECK(settings.current().hits == 99);
    }
    Settings settings(device, Config{});
    CHECK(settings.open());
    CHECK(settings.current().hits == 0);
}

TEST_CASE("Stored: a provisional commit stays if it is confirmed, also across a reset") {
    Flash device;
    {
        Settings settings(device, Config{});
        CHECK(settings.open());
        const auto token = settings.commit_confirmed([](Config& c) { c.id = 7; }, 1000);
        REQUIRE(token);
        CHECK(*token == 2);
        CHECK(settings.waiting());
        CHECK(settings.current().id == 7);
        CHECK(!settings.poll(999));
        const auto meanwhile = settings.set(id, 8);
        REQUIRE(!meanwhile);
        CHECK(meanwhile.error().code() == Errc::provisional);
        CHECK(!settings.commit_confirmed([](Config& c) { c.id = 9; }, 1000));
        const auto wrong = settings.confirm(1);
        REQUIRE(!wrong);
        CHECK(wrong.error().code() == Errc::nothing_to_confirm);
        CHECK(*settings.confirm(*token) == 2);
        CHECK(*settings.confirm(*token) == 2);  // once more changes nothing
        CHECK(!settings.waiting());
        CHECK(!settings.poll(2000));
        CHECK(!settings.take_back());
    }
    Settings settings(device, Config{});
    CHECK(settings.open());
    CHECK(settings.head() == 2);
    CHECK(settings.current().id == 7);
    CHECK(settings.taken_back() == TakenBack::no);
}

TEST_CASE("Stored: a provisional commit is taken back by its deadline, by request and by a reset, and remembered") {
    Flash device;
    {
        Settings settings(device, Config{});
        CHECK(settings.open());
        CHECK(settings.set(max_rpm, 4000).has_value());                                                 // 2
        CHECK(settings.commit_confirmed([](Config& c) { c.id = 7; }, 0xFFFFFFF0U + 0x20).has_value());  // 3
        CHECK(!settings.poll(0xFFFFFFF0U));  // the clock starts again before the deadline comes
        CHECK(!settings.poll(0x0F));
        CHECK(settings.poll(0x10));  // 4
        CHECK(settings.head() == 4);
        CHECK(settings.current().id == 1);
        CHECK(settings.current().motor.max_rpm == 4000);
        CHECK(settings.taken_back() == TakenBack::deadline);
        CHECK(settings.rejected() == 3);
        CHECK(!settings.poll(0x11));
        CHECK(settings.commit_confirmed([](Config& c) { c.id = 8; }, 5).has_value());  // 5
        CHECK(*settings.take_back() == 6);
        CHECK(settings.taken_back() == TakenBack::request);
        CHECK(settings.rejected() == 5);
        CHECK(settings.set(max_rpm, 4100).has_value());  // 7
        CHECK(settings.taken_back() == TakenBack::no);
        CHECK(settings.commit_confirmed([](Config& c) { c.id = 9; }, 5).has_value());  // 8
    }
    {
        Settings settings(device, Config{});
        const auto opening = settings.open();
        CHECK(!opening);
        CHECK(opening.how == Opening::taken_back);
        CHECK(settings.head() == 9);
        CHECK(settings.current().id == 1);
        CHECK(settings.current().motor.max_rpm == 4100);
        CHECK(settings.taken_back() == TakenBack::reset);
        CHECK(settings.rejected() == 8);
        CHECK(settings.at(8)->id == 9);  // what it was can still be seen
    }
    Settings settings(device, Config{});
    CHECK(settings.open().how == Opening::opened);
    CHECK(settings.taken_back() == TakenBack::reset);  // until the next change
    CHECK(settings.rejected() == 8);
    CHECK(settings.rollback().has_value());  // to the one before, never to what was taken back
    CHECK(settings.current().id == 1);
    CHECK(settings.rejected() == 8);
}

TEST_CASE("Stored: a confirmation that the device refuses is stored as a revision instead") {
    Flash device;
    Settings settings(device, Config{});
    CHECK(settings.open());
    const auto token = settings.commit_confirmed([](Config& c) { c.id = 7; }, 10);
    REQUIRE(token);
    const std::byte junk[8]{};
    const std::uint32_t confirmation = 2 * Settings::storage_type::record_bytes;
    device.put(confirmation, junk, 8);  // which can be programmed no more
    const auto done = settings.confirm(*token);
    REQUIRE(done);
    CHECK(*done == 3);
    CHECK(!settings.waiting());
    Settings later(device, Config{});
    CHECK(later.open().how == Opening::opened);
    CHECK(later.current().id == 7);
    CHECK(later.head() == 3);
}

TEST_CASE("Stored: nothing is lost where the power fails again and again while something is taken back") {
    using Small = stet::test::Flash<2, 128 + 16, 8>;
    Small device;
    using Tight = stet::Stored<Config, Small>;
    {
        Tight settings(device, Config{});
        CHECK(settings.open());
        CHECK(settings.set(max_rpm, 4000).has_value());
        CHECK(settings.commit_confirmed([](Config& c) { c.id = 7; }, 10).has_value());
    }
    for (std::uint32_t round = 0; round < 40; ++round) {
        device.power_on(round % 7, stet::test::all_cuts[round % 5], round);
        Tight settings(device, Config{});
        static_cast<void>(settings.open());
        CHECK(settings.current().id == 1);
        CHECK(settings.current().motor.max_rpm == 4000);
    }
    device.power_on();
    Tight settings(device, Config{});
    static_cast<void>(settings.open());
    CHECK(settings.current().motor.max_rpm == 4000);
    CHECK(settings.set(id, 3).has_value());
    CHECK(device.fault() == nullptr);
}

TEST_CASE("Stored: a stored head that breaks today's rules is met as the caller chose") {
    struct Strict {
        std::uint32_t id = 1;
        std::uint16_t rpm = 1000;
        static constexpr auto schema() { return stet::fields(stet::field<"rpm">(stet::in_range(100, 2000))); }
    };
    struct Loose {
        std::uint32_t id = 1;
        std::uint16_t rpm = 1000;
    };
    static_assert(stet::fingerprint<Strict> == stet::fingerprint<Loose>);  // rules are no part of what is stored
    Flash device;
    {
        stet::Stored<Loose, Flash> settings(device, Loose{});
        CHECK(settings.open());
        CHECK(settings.set(stet::field<"rpm">, 1500).has_value());
        CHECK(settings.set(stet::field<"rpm">, 9000).has_value());
    }
    using Today = stet::Stored<Strict, Flash>;
    SUBCASE("last good") {
        Today settings(device, Strict{});
        CHECK(settings.open().how == Opening::last_good);
        CHECK(settings.current().rpm == 1500);
        CHECK(settings.head() == 4);
    }
    SUBCASE("factory") {
        Today settings(device, Strict{});
        CHECK(settings.open(stet::if_broken(stet::factory)).how == Opening::factory);
        CHECK(settings.current().rpm == 1000);
        CHECK(settings.head() == 4);
    }
    SUBCASE("live with it") {
        Today settings(device, Strict{});
        CHECK(settings.open(stet::if_broken(stet::accept)).how == Opening::with_violations);
        CHECK(settings.current().rpm == 9000);
        CHECK(settings.head() == 3);
        CHECK(settings.set(stet::field<"id">, 2).has_value());  // only rules that it could break are asked
    }
    Today again(device, Strict{});
    CHECK(again.open(stet::if_broken(stet::accept)).found.records >= 3);
}

TEST_CASE("Stored: foreign data and half a device are no settings, and say so") {
    Flash device;
    std::byte text[512];
    for (std::size_t i = 0; i < sizeof(text); ++i) text[i] = static_cast<std::byte>(i * 7 + 1);
    device.put(0, text, 512);
    Settings settings(device, Config{});
    const auto opening = settings.open();
    CHECK(!opening);
    CHECK(opening.how == Opening::factory);
    CHECK(opening.found.damaged == 1);
    CHECK(opening.found.records == 0);
    CHECK(opening.written);
    CHECK(settings.head() > 0);
    CHECK(device.fault() == nullptr);
}

TEST_CASE("Stored: rules of the instance") {
    Flash device;
    stet::Stored settings{device, Config{}, stet::rules(stet::field<"id">(stet::in_range(0, 99)))};
    CHECK(settings.open());
    CHECK(!settings.set(id, 100));
    CHECK(settings.set(id, 99).has_value());
    CHECK(settings.check(*settings.at(1)).empty());
}

TEST_CASE("Stored: the worst case of a commit is a constant") {
    using Storage = Settings::storage_type;
    static_assert(Storage::record_bytes == (32 + sizeof(Config) + 7) / 8 * 8);
    static_assert(Storage::max_programmed_bytes == Storage::record_bytes && Storage::max_erased_pages == 1);
    static_assert(Storage::revisions_per_page == 512 / Storage::record_bytes);
    Flash device;
    Settings settings(device, Config{});
    CHECK(settings.open());
    for (std::uint16_t i = 0; i < 30; ++i) {
        device.power_on();
        CHECK(settings.set(max_rpm, 1000 + i).has_value());
        CHECK(device.steps() <= Storage::record_bytes / 8 + Storage::max_erased_pages);
    }
}
