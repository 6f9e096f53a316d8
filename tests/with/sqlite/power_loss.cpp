// The power goes at every call that writes, and of what was not synced by then anything may be there: what was
// acknowledged is, what was not is there as a whole or not at all.
#include "with/sqlite/disk.hpp"
#include "with/sqlite/store.hpp"

#include <doctest/doctest.h>
#include <stet/with/sqlite.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

using disk::Disk;
using stet::Durability;
using stet::field;
using store::Settings;
using store::Store;

namespace {

stet::Sqlite file_on(const Disk& disk, Durability durability) {
    return stet::Sqlite("settings.db", {.durability = durability, .vfs = disk.name()});
}

// Each is whole: done if it says so. A small WAL is carried into the file often, and begun again.
constexpr int steps = 30;
bool step(Store& s, int n) {
    switch (n % 10) {
        case 0:
            return s.commit([&](Settings& v) { v.notes.assign(9'000, static_cast<char>('a' + n)); }).has_value();
        case 1:
            return s.snapshot("name " + std::to_string(n)).has_value();
        case 2:
            return s.set(field<"port">, 1000 + n, {.author = "somebody", .reason = "because"}).has_value();
        case 3:
            return s.commit([&](Settings& v) { v.notes.clear(); }).has_value();
        case 4:
            return s.rollback_to(s.head() - 1).has_value();
        case 5:
            return s.edit([&](auto& edit) { edit.at(field<"limits">).insert(std::to_string(n), n); }).has_value();
        case 6:
            return n < 10 || s.release("name " + std::to_string(n - 15)).has_value();
        case 7:
            return s.prune(5).has_value();
        case 8:
            return s.commit_confirmed([&](Settings& v) { ++v.counter; }, std::chrono::hours(1)).has_value();
        default:
            return (n < 20 ? s.confirm(s.head()) : s.take_back()).has_value();
    }
}
// So many steps were acknowledged; 0 if it was not even opened.
int run(Disk& disk, Durability durability, std::vector<std::string>* dumps) {
    auto opened = store::open(file_on(disk, durability));
    if (!opened) return 0;
    sqlite3_wal_autocheckpoint(opened->storage().log().connection()->get(), 10);
    int done = 1;
    if (dumps != nullptr) dumps->push_back(store::dump(*opened));
    for (int n = 0; n < steps; ++n) {
        if (!step(*opened, n)) return done;
        ++done;
        if (dumps != nullptr) dumps->push_back(store::dump(*opened));
    }
    return done;
}

void lose_power(Durability durability, int schedules) {
    Disk disk;
    std::vector<std::string> dumps;
    disk.heal();
    REQUIRE(run(disk, durability, &dumps) == steps + 1);
    const long writes = disk.calls();
    REQUIRE(writes > (durability == Durability::full ? 300 : 250));
    long lost = 0;
    for (int schedule = 0; schedule < schedules; ++schedule) {
        // Every write has its turn before one has its second.
        const auto seed = static_cast<std::uint64_t>(schedule) + 1;
        const long at = (schedule * 89L) % writes;
        INFO("schedule " << schedule << ", power lost at write " << at << " of " << writes);
        disk.restore(Disk::Image{});
        disk.cut_at(at);
        const int done = run(disk, durability, nullptr);
        CHECK(disk.is_off());
        disk.power_loss(seed);
        if (schedule % 3 == 0) {  // and again while it is opened
            disk.cut_at(static_cast<long>(seed % 12));
            static_cast<void>(store::open(file_on(disk, durability)));
            disk.power_loss(seed + 1'000'000);
        }
        auto opened = store::open(file_on(disk, durability));
        if (!opened) {
            FAIL_CHECK(opened.error().why().view());
            continue;
        }
        CHECK(store::unbroken(*opened));
        const std::string now = store::dump(*opened);
        const int least = durability == Durability::full ? std::max(done - 1, 0) : 0;
        int found = std::min(done, steps);
        while (found >= least && dumps[static_cast<std::size_t>(found)] != now) --found;
        CHECK_MESSAGE(found >= least, done << " steps were done, and what is there is\n" << now);
        lost += found < done - 1 ? 1 : 0;
        CHECK(store::go_on(*opened));
        CHECK(store::unbroken(*opened));
    }
    CHECK((lost == 0) == (durability == Durability::full));
}

}  // namespace

TEST_CASE("SQLite, power loss: what was acknowledged is there, nothing is half there") {
    lose_power(Durability::full, store::cases(320) * 3 / 4);
}
TEST_CASE("SQLite, power loss: Durability::normal may lose the last ones, and nothing before them") {
    lose_power(Durability::normal, store::cases(320) / 4);
}
