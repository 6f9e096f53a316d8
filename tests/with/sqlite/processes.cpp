// Several processes at one file.
#include "folder.hpp"
#include "with/sqlite/child.hpp"
#include "with/sqlite/store.hpp"

#include <doctest/doctest.h>
#include <stet/with/sqlite.hpp>

#include <algorithm>
#include <string>
#include <vector>

using child::ended_well;
using child::file_at;
using child::Line;
using child::start;
using stet::Errc;
using stet::field;
using stet::Number;
using store::Settings;
using store::Store;

namespace {

// One of `all` processes, which makes `commits` revisions in three ways and says which.
bool take_part(const std::string& path, int self, int commits, const Line& line) {
    auto opened = store::open(file_at(path));
    if (!opened) return false;
    Store& s = *opened;
    const std::string own = "process " + std::to_string(self);
    Number last = 0;
    for (int done = 0; done < commits;) {
        stet::Result<Number> made = stet::Failure(stet::Error(Errc::gave_up));
        const Number seen = s.head();
        const auto keep = [&](const auto& result) {
            if (!result) {
                // Somebody else was faster: what he did is current now.
                if (result.error().code() != Errc::revision_conflict || s.head() <= seen) _exit(2);
                return false;
            }
            if (*result <= last || s.head() != *result || !line.tell(*result)) _exit(3);
            last = *result;
            ++done;
            return true;
        };
        switch (done % 3) {
            case 0:
                if (!keep(s.commit([](Settings& v) { ++v.counter; }, {.author = own}))) return false;
                break;
            case 1: {
                Settings next = s.current();
                ++next.port;
                keep(s.commit(std::move(next), {.author = own, .expected = done % 2 == 0 ? seen : 0}));
                break;
            }
            default:
                if (!keep(s.commit([&](Settings& v) { ++v.limits[own]; },
                                   {.author = own, .expected = seen, .on_conflict = stet::merge})))
                    return false;
        }
        if (done % 10 == 0 && (!s.refresh() || s.head() < last)) return false;
    }
    return true;
}

void all_at_once(int processes, int commits) {
    const Folder folder;
    const std::string path = folder / "settings.db";
    const int each = commits / processes;
    Line line;
    std::vector<pid_t> children;
    for (int i = 0; i < processes; ++i) children.push_back(start([&] { return take_part(path, i, each, line); }));
    line.hear_only();
    // This one follows them.
    std::vector<Number> numbers;
    const Number all = static_cast<Number>(each * processes);
    {
        auto opened = store::open(file_at(path));
        REQUIRE(opened);
        Number head = opened->head();
        int counter = 0, port = 0;
        while (const Number number = line.hear()) {
            numbers.push_back(number);
            if (numbers.size() % 16 != 0) continue;
            REQUIRE(opened->refresh());
            CHECK(opened->head() >= std::max(number, head));
            CHECK(opened->current().counter >= counter);
            CHECK(opened->current().port >= port);
            head = opened->head();
            counter = opened->current().counter;
            port = opened->current().port;
        }
        CHECK(opened->refresh() == all + 1);
    }
    for (const pid_t child : children) CHECK(ended_well(child));
    std::sort(numbers.begin(), numbers.end());
    REQUIRE(numbers.size() == all);
    for (std::size_t i = 0; i < numbers.size(); ++i) REQUIRE(numbers[i] == i + 2);  // no gap, none twice
    const auto opened = store::open(file_at(path));
    REQUIRE(opened);
    CHECK(opened->opening() == stet::Opening::opened);
    CHECK(opened->head() == all + 1);
    CHECK(opened->size() == all + 1);
    CHECK(store::unbroken(*opened));
    const Settings& now = opened->current();
    CHECK(now.counter == processes * ((each + 2) / 3));
    CHECK(now.port == 8080 + processes * ((each + 1) / 3));
    for (int i = 0; i < processes; ++i) CHECK(now.limits.at("process " + std::to_string(i)) == each / 3);
}

}  // namespace

TEST_CASE("SQLite, processes: two of them lose nothing of each other") { all_at_once(2, store::cases(400)); }
TEST_CASE("SQLite, processes: eight of them lose nothing of each other") { all_at_once(8, store::cases(400)); }

TEST_CASE("SQLite, processes: all of them open a file that is not yet there") {
    const Folder folder;
    for (int round = 0; round < std::min(store::cases(20), 200); ++round) {
        const std::string path = folder / ("new " + std::to_string(round)).c_str();
        Line line;
        std::vector<pid_t> children;
        for (int i = 0; i < 4; ++i)
            children.push_back(start([&] {
                const auto opened = store::open(file_at(path));
                return opened && opened->head() == 1 && line.tell(static_cast<Number>(opened->opening()) + 1);
            }));
        line.hear_only();
        int created = 0, found = 0;
        while (const Number how = line.hear())
            ++(how - 1 == static_cast<Number>(stet::Opening::created) ? created : found);
        CHECK(created == 1);
        CHECK(found == 3);
        for (const pid_t child : children) CHECK(ended_well(child));
    }
}

TEST_CASE("SQLite, processes: a value that was made of an older one is refused") {
    const Folder folder;
    const std::string path = folder / "settings.db";
    auto one = store::open(file_at(path)), two = store::open(file_at(path));
    REQUIRE(one);
    REQUIRE(two);
    Settings stale = two->current();
    stale.name = "stale";
    REQUIRE(one->set(field<"port">, 1));
    const auto refused = two->commit(stale);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::revision_conflict);
    CHECK(two->current().port == 1);  // it has been taken up, and the caller may try again
    CHECK(two->head() == 2);
    CHECK(two->commit([](Settings& v) { v.name = "again"; }) == Number{3});
    CHECK(one->refresh() == Number{3});
    CHECK(one->current().name == "again");
    CHECK(one->rollback_to(1) == Number{4});
}
