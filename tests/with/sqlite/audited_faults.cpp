// Every call to the file system fails, one after the other, in every way, while revisions and their audit trail are
// written: each revision has its record afterwards and each record its revision, and all goes on.
#include "with/sqlite/audited.hpp"
#include "with/sqlite/verbs.hpp"

#include <doctest/doctest.h>
#include <stet/with/openssl.hpp>
#include <stet/with/sqlite/audit.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using audited::AuditRecord;
using audited::disagreement;
using audited::Outcome;
using audited::Store;
using audited::Where;
using disk::Disk;
using disk::Fault;
using store::Answer;
using store::Settings;

namespace {

// Of these, that they say no is what is wanted.
Answer refused(const stet::Result<stet::Number>& result, stet::Errc code) {
    Answer got = store::answer(result);
    got.done = !result && result.error().code() == code;
    return got;
}
auto all_verbs() {
    auto all = store::verbs<Store>();
    all.emplace_back("commit that changes nothing", [](Store& s) { return store::answer(s.commit([](Settings&) {})); });
    all.emplace_back("commit that breaks a rule", [](Store& s) {
        return refused(s.commit([](Settings& v) { v.port = 0; }), stet::Errc::rule_broken);
    });
    all.emplace_back("snapshot of a name that is taken",
                     [](Store& s) { return refused(s.snapshot("early"), stet::Errc::snapshot_exists); });
    return all;
}
bool keeps_a_record(const std::string& verb) {
    return verb != "refresh" && verb != "commit that breaks a rule" && verb != "snapshot of a name that is taken";
}

std::vector<std::string> lines_of_done(const Store& s) {
    std::vector<std::string> lines;
    for (const AuditRecord& record : audited::records(s))
        if (record.outcome == Outcome::done) lines.push_back(audited::line(record));
    return lines;
}

void checkpoint_soon(Store& s) { sqlite3_wal_autocheckpoint(s.storage().log().connection()->get(), 1); }

struct Case {
    Where where;
    bool closed, checkpoints;
    unsigned which;
    const char* verb;
    Fault fault;
    bool lasting;
    long n;
};
std::string text(const Case& one) {
    return std::string(one.verb) + ", call " + std::to_string(one.n) + ", fault " +
           std::to_string(static_cast<int>(one.fault)) + ", lasting " + std::to_string(one.lasting) + ", calls " +
           std::to_string(one.which) + ", checkpoints " + std::to_string(one.checkpoints) + ", closed " +
           std::to_string(one.closed) + ", audit " + audited::text(one.where);
}

// What another process would find that opens it when this one is no more; `power_loss` is a seed, or 0.
std::string found_after(Disk& disk, const Disk::Image& image, std::uint64_t power_loss, Where where,
                        const stet::AuditAnchor& known, std::vector<std::string>* lines) {
    disk.restore(image);
    if (power_loss != 0) disk.power_loss(power_loss);
    const auto opened = audited::open(disk, where);
    if (!opened) return "not opened: " + store::answer(opened).why;
    if (lines != nullptr) *lines = audited::lines(*opened);
    return disagreement(*opened, where == Where::same_file, known);
}

void try_one(const Case& one, const Disk::Image& start, const store::VerbOf<Store>& verb) {
    static Disk disk, other;
    INFO(text(one));
    const bool names = one.where == Where::same_file;
    disk.restore(start);
    disk.overwrites_safely = one.n % 3 != 0;
    auto opened = audited::open(disk, one.where);
    REQUIRE(opened);
    Store& s = *opened;
    if (one.checkpoints) checkpoint_soon(s);
    const std::string before = store::dump(s);
    const auto done_before = lines_of_done(s);
    const std::size_t lines_before = audited::lines(s).size();
    const auto anchor = *s.audit().verify();
    disk.fail(one.n, one.fault, one.lasting, one.which);
    const Answer got = verb(s);
    const bool failed = disk.failed();
    disk.heal();

    // What has stood in another file since before it was given up cannot be cancelled there while the disk fails.
    const bool owes = !got.done && one.lasting && !names && std::string_view(one.verb).starts_with("together");
    if (!owes) CHECK(disagreement(s, names, anchor) == "");
    const auto lines = audited::lines(s);
    if (!got.done) {
        CHECK(failed);
        CHECK(store::dump(s) == before);
        if (!owes) CHECK(lines_of_done(s) == done_before);
    } else if (keeps_a_record(one.verb)) {
        CHECK(lines.size() > lines_before);
    }
    const Disk::Image then = disk.image();
    for (const std::uint64_t power_loss : {std::uint64_t{0}, static_cast<std::uint64_t>(one.n) + 1}) {
        INFO("found again, power loss " << power_loss);
        std::vector<std::string> found;
        CHECK(found_after(other, then, power_loss, one.where, anchor, &found) == "");
        if (got.done && keeps_a_record(one.verb)) CHECK(found == lines);
    }

    CHECK(store::go_on(s, {.author = "next"}));
    const auto newest = audited::records(s).back();
    CHECK(newest.author == "next");
    CHECK(newest.after == s.head());
    // Where a disk may damage what is beside a write, SQLite fills the sector up after a commit, and does not know
    // whether that is safe; where the next sync fails, it is not, and what is written behind it is lost with it.
    if (disk.overwrites_safely) {
        INFO("found again after the next commit");
        std::vector<std::string> found;
        const auto power_loss = static_cast<std::uint64_t>(one.n) * 3 + 1;
        CHECK(found_after(other, disk.image(), power_loss, one.where, anchor, &found) == "");
        CHECK(found == audited::lines(s));
    }
    const std::string after = audited::dump(s);
    {
        const Store gone = *std::move(opened);
    }
    const auto again = audited::open(disk, one.where);
    REQUIRE(again);
    CHECK(disagreement(*again, names, anchor) == "");
    CHECK(audited::dump(*again) == after);
}

void fail_every_call(Where where) {
    Disk disk;
    const int step = store::cases(100) < 2000 ? 131 : 89;  // of those below every so manyth
    long all = 0;
    for (const bool closed : {true, false}) {
        disk.restore(Disk::Image{});
        {
            auto opened = audited::open(disk, where);
            REQUIRE(opened);
            REQUIRE(store::prepare(*opened));
            if (!closed) disk.crash();
        }
        const Disk::Image start = disk.image();
        for (const unsigned which : {disk::writing, disk::reading})
            for (const bool checkpoints : {false, true})
                for (const auto& [name, verb] : all_verbs()) {
                    disk.restore(start);
                    auto opened = audited::open(disk, where);
                    REQUIRE(opened);
                    if (checkpoints) checkpoint_soon(*opened);
                    REQUIRE(disagreement(*opened, where == Where::same_file) == "");
                    disk.fail(-1, Fault::error, false, which);
                    CHECK(verb(*opened).done);
                    const long calls = disk.calls();
                    for (const Fault fault : disk::all_faults)
                        for (const bool lasting : {false, true})
                            for (long n = 0; n < calls; ++n) {
                                if (which == disk::reading && fault != Fault::error) continue;
                                if (all++ % step != 0) continue;
                                try_one({where, closed, checkpoints, which, name, fault, lasting, n}, start, verb);
                            }
                }
    }
    CHECK(all > 5000);
}

}  // namespace

TEST_CASE("SQLite, audited, faults: a revision and its record in the same file") { fail_every_call(Where::same_file); }
TEST_CASE("SQLite, audited, faults: a revision and its record in another file") { fail_every_call(Where::other_file); }
TEST_CASE("SQLite, audited, faults: a revision and its record in lines beside it") { fail_every_call(Where::lines); }

TEST_CASE("SQLite, audited, faults: what retention forgets of a trail is forgotten, or all is there") {
    Disk disk, other;
    {
        auto opened = audited::open(disk, Where::same_file);
        REQUIRE(opened);
        REQUIRE(store::prepare(*opened));
    }
    const Disk::Image start = disk.image();
    for (const Fault fault : disk::all_faults)
        for (const bool lasting : {false, true})
            for (long n = 0, more = 1; more != 0; n += store::cases(100) < 2000 ? 3 : 1) {
                INFO("call " << n << ", fault " << static_cast<int>(fault) << ", lasting " << lasting);
                disk.restore(start);
                auto opened = audited::open(disk, Where::same_file);
                REQUIRE(opened);
                Store& s = *opened;
                const auto before = audited::lines(s);
                const auto anchor = *s.audit().verify();
                disk.fail(n, fault, lasting);
                const auto pruned = s.audit().prune_to(4);
                more = disk.failed() ? 1 : 0;
                disk.heal();
                if (more == 0) CHECK(pruned);
                const auto after = audited::lines(s);
                CHECK(after == std::vector<std::string>(before.end() - (pruned ? 4 : std::ptrdiff_t(before.size())),
                                                        before.end()));
                CHECK(s.audit().verify(anchor) == anchor);
                const Disk::Image then = disk.image();
                if (!pruned && lasting) continue;  // it may have been kept
                other.restore(then);
                other.power_loss(static_cast<std::uint64_t>(n) + 1);
                const auto again = audited::open(other, Where::same_file);
                REQUIRE(again);
                CHECK(audited::lines(*again) == after);
                CHECK(again->audit().verify(anchor) == anchor);
                CHECK(s.commit([](Settings& v) { ++v.counter; }));
                CHECK(s.audit().verify(anchor)->sequence == anchor.sequence + 1);
            }
}
