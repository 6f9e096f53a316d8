// The power goes at every call that writes while revisions and their audit trail are: afterwards each revision has its
// record and each record its revision, and what was acknowledged is there with its record.
#include "with/sqlite/audited.hpp"

#include <doctest/doctest.h>
#include <stet/with/openssl.hpp>
#include <stet/with/sqlite/audit.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using audited::disagreement;
using audited::Store;
using audited::Where;
using disk::Disk;
using stet::Durability;
using stet::Errc;
using stet::field;
using store::Settings;

namespace {

// Each is whole: acknowledged if it says so.
constexpr int steps = 14;
bool step(Store& s, const Disk& disk, int n) {
    const std::string name = "name " + std::to_string(n);
    // That one was refused is no promise that its record is there; it only is where there was power.
    const auto refused = [&](const auto& result, Errc code) {
        return !result && result.error().code() == code && !disk.is_off();
    };
    switch (n % 14) {
        case 0:
            return s.commit([&](Settings& v) { v.notes.assign(700, static_cast<char>('a' + n)); }).has_value();
        case 1:
            return s.snapshot(name).has_value();
        case 2:
            return s.set(field<"port">, 1000 + n, {.author = "somebody", .reason = "because"}).has_value();
        case 3:
            return refused(s.commit([](Settings& v) { v.port = 0; }, {.author = "guest"}), Errc::rule_broken);
        case 4:
            return s.commit([&](Settings& v) { v.notes.clear(); }).has_value();
        case 5:
            return s.commit([](Settings&) {}, {.reason = "nothing"}).has_value();
        case 6:
            return s.rollback_to(s.head() - 1).has_value();
        case 7:
            return s.edit([&](auto& edit) { edit.at(field<"limits">).insert(std::to_string(n), n); }).has_value();
        case 8:
            return s
                .together([&] {
                    return s.commit([](Settings& v) { ++v.counter; }).has_value() &&
                           s.set(field<"name">, name).has_value();
                })
                .has_value();
        case 9:
            return s.prune(5).has_value();
        case 10:
            return refused(s.snapshot("name 1"), Errc::snapshot_exists);
        case 11:
            return s.release("name 1").has_value();
        case 12:
            return s.commit_confirmed([](Settings& v) { ++v.counter; }, std::chrono::hours(1)).has_value();
        default:
            return (n < 20 ? s.confirm(s.head()) : s.take_back()).has_value();
    }
}

struct Trace {
    Disk::Image image{};  // as a process finds it when the one before it was killed
    std::string dump{};
    std::vector<std::string> lines{};
};
// Carries the WAL into the file often.
auto open_often(const Disk& disk, Where where, Durability durability) {
    auto opened = audited::open(disk, where, durability);
    if (opened) sqlite3_wal_autocheckpoint(opened->storage().log().connection()->get(), 10);
    return opened;
}
// Before it is opened the first time, and after each step.
std::vector<Trace> trace(Disk& disk, Where where, Durability durability) {
    std::vector<Trace> all(1);
    auto opened = open_often(disk, where, durability);
    REQUIRE(opened);
    for (int n = 0;; ++n) {
        REQUIRE(disagreement(*opened, where == Where::same_file) == "");
        all.push_back({disk.image(), store::dump(*opened), audited::lines(*opened)});
        if (n == steps) return all;
        INFO("step " << n);
        REQUIRE(step(*opened, disk, n));
    }
}

// Opens, and does two steps: up to which place of the trace all was acknowledged.
std::size_t go_on(Disk& disk, Where where, Durability durability, std::size_t from) {
    auto opened = open_often(disk, where, durability);
    if (!opened) return from;
    from = std::max<std::size_t>(from, 1);
    for (int n = 0; n < 2; ++n) {
        if (from > steps || !step(*opened, disk, static_cast<int>(from) - 1)) return from;
        ++from;
    }
    return from;
}

struct Lost {
    long schedules = 0, something = 0;
};
void look(Disk& disk, Where where, Durability durability, const std::vector<Trace>& all, std::size_t told, Lost& lost) {
    auto opened = open_often(disk, where, durability);
    if (!opened) {
        FAIL_CHECK(opened.error().why().view());
        return;
    }
    const bool together = where == Where::same_file;
    const std::string dump = store::dump(*opened);
    const auto lines = audited::lines(*opened);
    // As it was told, or one step further; some of those before it where a commit is not waited for.
    const std::size_t least = durability == Durability::full ? told : 1;
    const std::size_t most = std::min<std::size_t>(told + 1, steps + 1);
    std::size_t found = most;
    while (found >= least && found != 0 && (all[found].dump != dump || (together && all[found].lines != lines)))
        --found;
    CHECK_MESSAGE((found >= least && found != 0), "acknowledged up to " << told << ", and what is there is\n"
                                                                        << audited::dump(*opened));
    lost.something += found < told ? 1 : 0;
    if (together) {
        if (lost.schedules % 2 == 0) CHECK(opened->audit().verify());  // what it says agreed when it was written
    } else {
        // Where the storage is empty again, a trail of more than one revision is taken for that of another one.
        if (durability == Durability::normal && opened->opening() == stet::Opening::created) return;
        CHECK(disagreement(*opened, false) == "");
        if (durability == Durability::full)
            CHECK(std::equal(
                all[told].lines.begin(), all[told].lines.end(), lines.begin(),
                lines.begin() + static_cast<std::ptrdiff_t>(std::min(lines.size(), all[told].lines.size()))));
    }
    if (++lost.schedules % 8 != 0) return;
    CHECK(store::go_on(*opened));
    CHECK(disagreement(*opened, together) == "");
}

Lost lose_power(Where where, Durability durability, int schedules) {
    Disk disk;
    const std::vector<Trace> all = trace(disk, where, durability);
    struct Cut {
        std::size_t from;
        long at;
    };
    std::vector<Cut> cuts;
    for (std::size_t from = 0; from + 1 < all.size(); ++from) {
        disk.restore(all[from].image);
        REQUIRE(go_on(disk, where, durability, from) >= from + 1);
        for (long n = disk.calls(); n-- > 0;) cuts.push_back({from, n});
    }
    Lost lost;
    const auto count = static_cast<std::size_t>(schedules);
    for (std::size_t i = 0; i < count; i += 4) {
        const Cut& cut = cuts[i / 4 * 89 % cuts.size()];
        disk.restore(all[cut.from].image);
        disk.cut_at(cut.at);
        const std::size_t told = go_on(disk, where, durability, cut.from);
        CHECK(disk.is_off());
        const Disk::Image then = disk.image();
        for (std::uint64_t seed = i; seed < i + 4; ++seed) {
            INFO("step " << cut.from << ", power lost at write " << cut.at << ", seed " << seed << ", audit "
                         << audited::text(where));
            disk.restore(then);
            disk.power_loss(seed + 1);
            if (seed % 4 == 3) {  // and again while it is opened
                disk.cut_at(static_cast<long>(seed / 4 % 12));
                static_cast<void>(open_often(disk, where, durability));
                disk.power_loss(seed + 1'000'000);
            }
            look(disk, where, durability, all, told, lost);
        }
    }
    CHECK(cuts.size() > 300);
    return lost;
}

// So many, or a part of what is asked for.
int cases(int usual) { return std::min(store::cases(320), 500) * usual / 320; }

}  // namespace

TEST_CASE("SQLite, audited, power loss: what was acknowledged is there with its record, in the same file") {
    const Lost lost = lose_power(Where::same_file, Durability::full, cases(1200));
    CHECK(lost.something == 0);
}
TEST_CASE("SQLite, audited, power loss: the last ones that Durability::normal loses go with their records") {
    const Lost lost = lose_power(Where::same_file, Durability::normal, cases(300));
    CHECK(lost.something > 0);
}
TEST_CASE("SQLite, audited, power loss: what was acknowledged is there with its record, in another file") {
    const Lost lost = lose_power(Where::other_file, Durability::full, cases(300));
    CHECK(lost.something == 0);
    CHECK(lose_power(Where::other_file, Durability::normal, cases(60)).something > 0);
}
TEST_CASE("SQLite, audited, power loss: what was acknowledged is there with its record, in lines beside it") {
    const Lost lost = lose_power(Where::lines, Durability::full, cases(300));
    CHECK(lost.something == 0);
    CHECK(lose_power(Where::lines, Durability::normal, cases(60)).something > 0);
}
