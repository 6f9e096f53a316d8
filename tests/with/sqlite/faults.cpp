// Every call that SQLite makes to the file system fails, one after the other, in every way: what was asked for is
// refused in one sentence and has changed nothing, or it is done; and all goes on.
#include "with/sqlite/disk.hpp"
#include "with/sqlite/store.hpp"
#include "with/sqlite/verbs.hpp"

#include <doctest/doctest.h>
#include <stet/with/sqlite.hpp>

#include <string>
#include <utility>
#include <vector>

using disk::Disk;
using disk::Fault;
using store::Answer;
using store::Settings;
using store::Store;
using store::Verb;
using store::verbs;

namespace {

stet::Sqlite file_on(const Disk& disk) { return stet::Sqlite("settings.db", {.vfs = disk.name()}); }

// In the file, or still in the WAL.
void prepare(Disk& disk, bool closed) {
    auto opened = store::open(file_on(disk));
    REQUIRE(opened);
    REQUIRE(store::prepare(*opened));
    if (!closed) disk.crash();
}

std::string dump_of(Disk& disk) {
    auto opened = store::open(file_on(disk));
    if (!opened) return "not opened: " + store::answer(opened).why;
    return store::dump(*opened);
}
// Of what another process would find that opens it when this one is no more.
std::string dump_after(Disk& disk, const Disk::Image& image, std::uint64_t power_loss) {
    disk.restore(image);
    if (power_loss != 0) disk.power_loss(power_loss);
    return dump_of(disk);
}

void checkpoint_soon(Store& s) { sqlite3_wal_autocheckpoint(s.storage().log().connection()->get(), 1); }

}  // namespace

TEST_CASE("SQLite, faults: no verb leaves anything behind where a call fails") {
    Disk disk, other;
    const int step = store::cases(100) < 2000 ? 17 : 1;  // of those below every 17th, or all of them
    long all = 0, in_doubt = 0;
    const auto one = [&](const Disk::Image& start, const std::string& before, const Verb& verb, long n, Fault fault,
                         bool lasting, unsigned which, bool checkpoints) {
        disk.restore(start);
        disk.overwrites_safely = n % 3 != 0;  // otherwise SQLite fills up the sector after a commit
        auto opened = store::open(file_on(disk));
        REQUIRE(opened);
        Store& s = *opened;
        if (checkpoints) checkpoint_soon(s);
        if (n % 2 == 0) CHECK(store::dump(s) == before);  // or what it reads is not yet in memory
        disk.fail(n, fault, lasting, which);
        const Answer got = verb(s);
        const bool failed = disk.failed();
        disk.heal();
        if (!got.done) {
            CHECK(failed);
            CHECK(got.why.size() > 20);
            CHECK(got.why.find('\n') == std::string::npos);
            CHECK(store::dump(s) == before);
        }
        const std::string now = store::dump(s);
        // What is acknowledged is there and what is refused is not, whatever happens next.
        if (got.why.find("may have been kept") == std::string::npos) {
            const Disk::Image then = disk.image();
            CHECK(dump_after(other, then, 0) == now);
            const auto seed = static_cast<std::uint64_t>(n) * 7 + 1;
            for (std::uint64_t i = 0; i < 2; ++i) CHECK(dump_after(other, then, seed + i) == now);
        } else {
            CHECK(lasting);
            ++in_doubt;
        }
        CHECK(store::go_on(s));
        const std::string after = store::dump(s);
        CHECK(store::unbroken(s));
        {
            const Store gone = *std::move(opened);
        }
        CHECK(dump_of(disk) == after);
    };
    for (const bool closed : {true, false}) {
        disk.restore(Disk::Image{});
        prepare(disk, closed);
        const Disk::Image start = disk.image();
        const std::string before = dump_of(disk);
        for (const unsigned which : {disk::writing, disk::reading})
            for (const bool checkpoints : {false, true})
                for (const auto& [name, verb] : verbs()) {
                    disk.restore(start);
                    auto opened = store::open(file_on(disk));
                    REQUIRE(opened);
                    if (checkpoints) checkpoint_soon(*opened);
                    disk.fail(-1, Fault::error, false, which);
                    CHECK(verb(*opened).done);
                    const long calls = disk.calls();
                    for (const Fault fault : disk::all_faults)
                        for (const bool lasting : {false, true})
                            for (long n = 0; n < calls; ++n) {
                                if (which == disk::reading && fault != Fault::error) continue;
                                if (all++ % step != 0) continue;
                                INFO(std::string(name) << ", call " << n << ", fault " << static_cast<int>(fault)
                                                       << ", lasting " << lasting << ", calls " << which
                                                       << ", checkpoints " << checkpoints << ", closed " << closed);
                                one(start, before, verb, n, fault, lasting, which, checkpoints);
                            }
                }
    }
    CHECK(all > 4000);
    CHECK(in_doubt > 0);
}

TEST_CASE("SQLite, faults: what could not be made or opened can be, later") {
    Disk disk;
    prepare(disk, false);
    const Disk::Image filled = disk.image();
    for (const bool empty : {true, false})
        for (const unsigned which : {disk::writing, disk::reading})
            for (const Fault fault : disk::all_faults)
                for (const bool lasting : {false, true})
                    for (const bool padded : {false, true})
                        for (long n = 0, more = 1; more != 0; ++n) {
                            INFO("call " << n << ", fault " << static_cast<int>(fault) << ", lasting " << lasting
                                         << ", calls " << which << ", empty " << empty);
                            disk.restore(empty ? Disk::Image{} : filled);
                            disk.overwrites_safely = !padded;
                            const stet::Sqlite file = file_on(disk);
                            disk.fail(n, fault, lasting, which);
                            const stet::Number head = empty ? 1 : 8;
                            {
                                auto opened = store::open(file);
                                more = disk.failed() ? 1 : 0;
                                disk.heal();
                                if (opened) CHECK(opened->head() == head);
                                else {
                                    CHECK(more != 0);
                                    const Answer got = store::answer(opened);
                                    CHECK(got.why.size() > 20);
                                    CHECK(got.why.find('\n') == std::string::npos);
                                }
                            }
                            const auto again = store::open(n % 2 == 0 ? file : file_on(disk));
                            if (!again) FAIL_CHECK(store::answer(again).why);
                            else CHECK(again->head() == head);
                        }
}
