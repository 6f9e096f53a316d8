#include "flash/config.hpp"

#include <stet/test/device.hpp>

#include <doctest/doctest.h>

namespace {

using flash::Config;
using flash::id;
using flash::max_rpm;
using stet::Errc;

// Interrupts that are turned off and on again, and what was before.
struct Interrupts {
    static inline bool off = false;
    static inline int entered = 0;
    static bool enter() {
        ++entered;
        const bool before = off;
        off = true;
        return before;
    }
    static void leave(bool before) { off = before; }
};
struct Mutex {
    static inline int depth = 0;
    static inline int entered = 0;
    static void enter() { ++depth, ++entered; }
    static void leave() { --depth; }
};

// In the middle of programming an interrupt comes, and wants to read and to change.
struct Interrupted : stet::test::Flash<2, 512, 8> {
    void (*interrupt)(void*) = nullptr;
    void* context = nullptr;
    bool program(std::uint32_t at, const std::byte* from, std::uint32_t count) {
        CHECK(!Interrupts::off);
        CHECK(Mutex::depth == 0);
        if (interrupt != nullptr) interrupt(context);
        return Flash::program(at, from, count);
    }
    bool erase(std::uint32_t page) {
        CHECK(!Interrupts::off);
        return Flash::erase(page);
    }
};
using Settings = stet::Stored<Config, Interrupted, stet::Locked<Interrupts>>;

}  // namespace

TEST_CASE("Locked: what is read while a change is under way is the old value, whole; another change is refused") {
    Interrupted device;
    Settings settings(device, Config{});
    CHECK(settings.open());
    CHECK(settings.set(id, 5).has_value());
    struct Seen {
        Settings* settings;
        int calls = 0;
        bool old = true, refused = true;
    } seen{&settings};
    device.context = &seen;
    device.interrupt = [](void* context) {
        Seen& now = *static_cast<Seen*>(context);
        ++now.calls;
        now.old = now.old && now.settings->read().id == 5 && now.settings->get(max_rpm) == 3000;
        const auto changed = now.settings->set(id, 99);
        now.refused = now.refused && !changed && changed.error().code() == Errc::busy;
    };
    CHECK(settings
              .commit([](Config& c) {
                  CHECK(!Interrupts::off);  // a function of the user's may take its time
                  c.id = 6;
                  c.motor.max_rpm = 4000;
              })
              .has_value());
    device.interrupt = nullptr;
    CHECK(seen.calls > 0);
    CHECK(seen.old);
    CHECK(seen.refused);
    CHECK(settings.read().id == 6);
    CHECK(settings.get(max_rpm) == 4000);
    CHECK(!Interrupts::off);
    CHECK(settings.set(id, 7).has_value());  // and it is free again
    CHECK(!settings.set(max_rpm, 9000));
    CHECK(settings.set(id, 8).has_value());  // after a refusal, too
}

TEST_CASE("Locked: a section of two functions, as a value; policies in any order") {
    stet::test::Flash<2, 512, 8> device;
    stet::Stored settings{device, Config{}, stet::rules(stet::field<"id">(stet::in_range(0, 99))),
                          stet::Locked{Mutex{}}};
    CHECK(settings.open());
    const int before = Mutex::entered;
    CHECK(settings.set(id, 5).has_value());
    CHECK(!settings.set(id, 100));
    CHECK(settings.read().id == 5);
    CHECK(Mutex::entered > before);
    CHECK(Mutex::depth == 0);
    const auto token = settings.commit_confirmed([](Config& c) { c.id = 9; }, 10);
    REQUIRE(token);
    CHECK(settings.poll(11));
    CHECK(settings.read().id == 5);
}

TEST_CASE("Stored: without Locked there is neither a lock nor a byte for one") {
    using Plain = stet::Stored<Config, stet::test::Flash<2, 512, 8>>;
    CHECK(sizeof(Plain) <= 2 * sizeof(Config) + sizeof(Plain::storage_type) + 32);
    CHECK(sizeof(Settings) <= sizeof(Plain) + 8);
}
