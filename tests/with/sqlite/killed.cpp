// A process that commits is killed at any moment: nothing that it was told is safe is lost, and nothing is half there.
#include "folder.hpp"
#include "with/sqlite/child.hpp"
#include "with/sqlite/store.hpp"

#include <doctest/doctest.h>
#include <stet/with/sqlite.hpp>

#include <algorithm>
#include <csignal>
#include <random>
#include <string>

using child::file_at;
using child::Line;
using stet::Durability;
using stet::Number;
using store::Settings;
using store::Store;

namespace {

// Commits for ever: what revision n holds is known from n.
bool work(const std::string& path, Durability durability, const Line& line) {
    auto opened = store::open(file_at(path, durability));
    if (!opened || !line.tell(opened->head())) return false;
    Store& s = *opened;
    sqlite3_wal_autocheckpoint(s.storage().log().connection()->get(), 20);
    for (;;) {
        const auto next = static_cast<int>(s.head()) + 1;
        const std::string pin = "name " + std::to_string(next);
        const auto done = s.commit([&](Settings& v) {
            v.counter = next;
            v.notes.assign(static_cast<std::size_t>(next * 37 % 3000), 'n');
        });
        if (!done || !line.tell(*done)) return false;
        if (next % 5 == 0 && !s.snapshot(pin)) return false;
        if (next % 5 == 1)
            for (const stet::Pin& one : s.snapshots())
                if (one.number + 20 < s.head() && !s.release(one.name)) return false;
        if (next % 7 == 0 && !s.prune(30)) return false;
    }
}
void check_work(const Store& s) {
    CHECK(store::unbroken(s));
    for (const stet::Revision& revision : s.history()) {
        const auto at = s.at(revision.number);
        REQUIRE(at);
        if (revision.number == 1) continue;
        CHECK(at->value().counter == static_cast<int>(revision.number));
        CHECK(at->value().notes.size() == revision.number * 37 % 3000);
    }
    for (const stet::Pin& pin : s.snapshots()) {
        CHECK(pin.name == "name " + std::to_string(pin.number));
        CHECK(s.at(pin.name));
    }
}

}  // namespace

TEST_CASE("SQLite, killed: a process that is killed has lost nothing that it was told is safe") {
    const Folder folder;
    const std::string path = folder / "settings.db";
    std::mt19937 random(7);
    const int kills = std::min(store::cases(60), 1000);
    Number before = 0;
    for (int i = 0; i < kills; ++i) {
        CAPTURE(i);
        Line line;
        const Durability durability = i % 2 == 0 ? Durability::full : Durability::normal;
        const pid_t worker = child::start([&] { return work(path, durability, line); });
        line.hear_only();
        // From before it has opened the file on.
        if (i % 4 != 0) static_cast<void>(line.hear());
        usleep(static_cast<useconds_t>(random() % (i % 3 == 0 ? 2'000U : 40'000U)));
        REQUIRE(kill(worker, SIGKILL) == 0);
        int status = 0;
        REQUIRE(waitpid(worker, &status, 0) == worker);
        REQUIRE(WIFSIGNALED(status));  // and not of itself, because something failed
        Number told = 0;
        while (const Number number = line.hear()) told = number;
        const auto opened = store::open(file_at(path, durability));
        REQUIRE(opened);
        CHECK(opened->head() >= std::max(told, before));
        if (told != 0) CHECK(opened->head() <= told + 1);
        check_work(*opened);
        before = opened->head();
    }
    CHECK(before > static_cast<Number>(kills));
}
