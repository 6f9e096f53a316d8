// What bench/cortex_m measures stet against is worth as much: it survives the same power cuts, in the same script, and
// notices the same.
#include <stet/embedded.hpp>
#include <stet/test/power_cuts.hpp>

#include "../../bench/cortex_m/slots.hand.hpp"

#include <doctest/doctest.h>

#include <optional>

namespace {

using Device = stet::test::Flash<2, 512, 8>;

// With the names that the proof and the script call.
template <class Flash>
class ByHand {
public:
    explicit ByHand(Flash& flash) : settings_(flash) {}
    bool open() { return settings_.open(); }
    Config read() const { return settings_.current(); }
    stet::Number head() const { return settings_.head(); }
    stet::Number rejected() const { return settings_.rejected(); }
    bool waiting() const { return settings_.waiting(); }
    template <class F>
    bool commit(const F& f) {
        Config next = settings_.current();
        f(next);
        return settings_.store(next);
    }
    template <class F>
    std::optional<std::uint32_t> commit_confirmed(const F& f, std::uint32_t deadline) {
        Config next = settings_.current();
        f(next);
        return settings_.try_out(next, deadline) ? std::optional(settings_.head()) : std::nullopt;
    }
    bool confirm(std::uint32_t token) { return settings_.confirm(token); }
    bool rollback() { return settings_.rollback(); }
    bool poll(std::uint32_t now) { return settings_.poll(now); }
    bool take_back() { return settings_.take_back(); }
    template <class F>
    bool each_revision(const F& f) {
        settings_.each([&](const auto& header) {
            stet::SlotInfo info;
            info.number = header.number;
            f(info);
        });
        return true;
    }

private:
    Settings<Flash> settings_;
};

// Every verb of it, over more revisions than a page holds, with bytes that look erased.
constexpr auto script = [](auto& settings) {
    const auto rpm = static_cast<std::uint16_t>(settings.read().motor.max_rpm % 1000 + 100);
    const auto set = [&](int more) {
        static_cast<void>(
            settings.commit([&](Config& c) { c.motor.max_rpm = static_cast<std::uint16_t>(rpm + more); }));
    };
    for (int i = 0; i < 3; ++i) set(i);
    static_cast<void>(settings.commit([](Config& c) { c.address = {0xFF, 0xFF, 0xFF, 0xFF}; }));
    static_cast<void>(settings.rollback());
    if (const auto token = settings.commit_confirmed([](Config& c) { c.id += 0xFFFF0000U; }, 100))
        static_cast<void>(settings.confirm(static_cast<std::uint32_t>(*token)));
    set(7);
    static_cast<void>(settings.commit([](Config& c) { c.motor.max_rpm = 9000; }));  // which is refused
    static_cast<void>(settings.commit_confirmed([](Config& c) { c.id += 5; }, 100));
    static_cast<void>(settings.poll(101));
    static_cast<void>(settings.commit_confirmed([](Config& c) { c.id += 9; }, 100));
    static_cast<void>(settings.take_back());
    for (int i = 10; i < 20; ++i) set(i);
    static_cast<void>(settings.commit([](Config& c) { c = Config{}; }));
    static_cast<void>(settings.commit_confirmed([](Config& c) { c.id += 11; }, 100));
};

template <class Flash>
stet::test::PowerCuts by_hand(const Flash& flash) {
    const auto make = [](Flash& on) { return ByHand<Flash>(on); };
    return stet::test::detail::PowerCutRun<Config, Flash, decltype(script), decltype(make)>(flash, script, make).run();
}
void holds(const stet::test::PowerCuts& found) {
    CHECK_MESSAGE(found, (found.failure == nullptr ? "" : found.failure), " at step ", found.step, ", cut ",
                  static_cast<int>(found.cut));
    CHECK(found.revisions > 12);
    CHECK(found.erased > 0);
}

template <class Flash>
Flash prepared() {
    Flash flash;
    Settings settings(flash);
    CHECK(settings.open());
    for (std::uint16_t i = 0; i < 3; ++i) CHECK(settings.set_max_rpm(static_cast<std::uint16_t>(2000 + i)));
    return flash;
}

struct Newer {
    std::uint32_t id = 1;
    std::array<std::uint8_t, 60> more{};
};

}  // namespace

TEST_CASE("by hand: it survives the power cuts that stet survives") {
    holds(stet::test::survives_power_cuts<Config>(Device{}, script));
    holds(by_hand(Device{}));
    holds(by_hand(stet::test::Flash<2, 160, 8>{}));
    holds(by_hand(stet::test::Flash<3, 256, 4, 0>{}));
}

TEST_CASE("by hand: every flipped bit is noticed, and no value is made up") {
    const Device flash = prepared<Device>();
    for (std::uint32_t bit = 0; bit < Device::size * 8; ++bit) {
        Device flipped = flash;
        flipped.flip(bit);
        Settings settings(flipped);
        static_cast<void>(settings.open());
        const auto rpm = settings.current().motor.max_rpm;
        const bool was = rpm == 2002 || ((rpm == 2001 || rpm == 2000 || rpm == 3000) && settings.found().damaged != 0);
        CHECK(was);
        CHECK(settings.set_max_rpm(1234));
        CHECK(flipped.fault() == nullptr);
    }
}

TEST_CASE("by hand: what is refused has a reason, and a broken rule its field and value") {
    Device flash;
    Settings settings(flash);
    CHECK(!settings.set_max_rpm(2000));
    CHECK(settings.error() == Error::not_opened);
    CHECK(settings.open());
    CHECK(settings.how() == Start::created);
    CHECK(!settings.rollback());
    CHECK(settings.error() == Error::no_revision);
    CHECK(!settings.set_max_rpm(9000));
    CHECK(settings.error() == Error::rule);
    REQUIRE(settings.violations().count == 1);
    CHECK(std::string_view(settings.violations().list[0].field) == "motor.max_rpm");
    CHECK(settings.violations().list[0].bits == 9000);
    CHECK(!settings.confirm(77));
    CHECK(settings.error() == Error::token);
}

TEST_CASE("by hand: a record of an older firmware is migrated, that of a newer one is kept and said to be there") {
    Device flash;
    {
        stet::Stored<Newer, Device> newer(flash, Newer{});  // a mark that is the same, and a version that is not
        CHECK(newer.open());
    }
    Settings settings(flash);
    static_cast<void>(settings.open());
    CHECK(settings.how() == Start::factory);  // stet's header is another one: foreign data
    CHECK(settings.found().damaged != 0);

    using Slots = Settings<Device>;
    const auto put = [](Device& on, std::uint8_t version, std::uint32_t number, const void* value, std::uint16_t size) {
        std::byte bytes[512]{};
        Slots::Header header;
        header.mark = 0x5E71;
        header.version = version;
        header.length = size;
        header.number = number;
        header.crc = 0;
        stet::Crc32 crc;
        crc.add(reinterpret_cast<const std::byte*>(&header), sizeof(header));  // of address 0
        crc.add(static_cast<const std::byte*>(value), size);
        header.crc = crc.value();
        std::memcpy(bytes, &header, sizeof(header));
        std::memcpy(bytes + sizeof(header), value, size);
        on.put(0, bytes, static_cast<std::uint32_t>((sizeof(header) + size + 7) / 8 * 8));
    };
    Device older;
    const ConfigV1 v1{7, Mode::boost, 1500, 2.5f};
    put(older, 1, 5, &v1, sizeof(v1));
    Settings from_older(older);
    CHECK(from_older.open());
    CHECK(from_older.head() == 5);
    CHECK(from_older.current().id == 7);
    CHECK(from_older.current().motor.max_rpm == 1500);
    CHECK(from_older.current().motor.pid.kp == 2.5f);

    Device later;
    const Newer v3{};
    put(later, 3, 9, &v3, sizeof(v3));
    for (int start = 0; start < 2; ++start) {
        Settings beside(later);
        static_cast<void>(beside.open());
        CHECK(beside.found().newer == 9);
        for (std::uint16_t i = 0; i < 5; ++i)
            static_cast<void>(beside.set_max_rpm(static_cast<std::uint16_t>(2000 + i)));
        CHECK(beside.head() > 9);
        CHECK(beside.current().motor.max_rpm == 2004);
    }
    Settings full(later);
    static_cast<void>(full.open());
    bool refused = false;
    for (std::uint16_t i = 0; i < 40 && !refused; ++i) refused = !full.set_max_rpm(static_cast<std::uint16_t>(100 + i));
    CHECK(refused);
    CHECK(full.error() == Error::full);
}

TEST_CASE("by hand: what was taken back is known after a reset") {
    Device flash;
    {
        Settings settings(flash);
        CHECK(settings.open());
        Config next;
        next.id = 4;
        CHECK(settings.try_out(next, 10));
        CHECK(settings.waiting());
        CHECK(!settings.set_max_rpm(2000));
        CHECK(settings.error() == Error::waiting);
    }
    Settings settings(flash);
    CHECK(settings.open());
    CHECK(settings.how() == Start::taken_back);
    CHECK(settings.why() == Why::reset);
    CHECK(settings.rejected() == 2);
    CHECK(settings.current().id == 1);
}
