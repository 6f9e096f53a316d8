// Every byte of a file is altered, one after the other: what is read is right, or it is said that it cannot be read.
#include "with/sqlite/disk.hpp"
#include "with/sqlite/store.hpp"
#include "with/sqlite/verbs.hpp"

#include <doctest/doctest.h>
#include <stet/with/sqlite.hpp>

#include <map>
#include <string>
#include <vector>

using disk::Disk;
using stet::Number;
using store::Settings;
using store::Store;

namespace {

stet::Sqlite file_on(const Disk& disk) { return stet::Sqlite("settings.db", {.vfs = disk.name()}); }

// A file with small pages, so that it has some of every kind.
void make_file(const Disk& disk, const char* page_size) {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open_v2("settings.db", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, disk.name().c_str()) ==
            SQLITE_OK);
    REQUIRE(sqlite3_exec(raw, page_size, nullptr, nullptr, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_close(raw) == SQLITE_OK);
}

struct Known {
    Number head = 0;
    std::map<Number, std::string> revisions{};
    std::vector<stet::Pin> pins{};
};
std::string line(const stet::Revision& revision, const Settings& value) {
    return std::to_string(revision.previous) + revision.author + revision.reason + std::to_string(revision.time) +
           std::to_string(revision.origin.kind) + store::text(value);
}
Known known(const Store& s) {
    Known known{s.head(), {}, s.snapshots()};
    for (const stet::Revision& revision : s.history())
        known.revisions[revision.number] = line(revision, s.at(revision.number)->value());
    return known;
}

// What somebody is told that is not so.
std::string lie(Disk& disk, const Known& known, long& refused, long& unreadable, long& right) {
    auto opened = store::open(file_on(disk));
    if (!opened) {
        ++refused;
        return opened.error().why().empty() ? "no reason" : "";
    }
    const Store& s = *opened;
    if (s.head() != known.head) return "head " + std::to_string(s.head());
    std::size_t read = 0;
    bool all = true;
    if (line(*s.storage().find(s.head()), s.current()) != known.revisions.at(s.head())) {
        // The value is what matters; what else is known of it may be unreadable by now.
        if (s.storage().find(s.head())->reason.find("(") != 0) return "another value";
    }
    for (const stet::Revision& revision : s.history()) {
        const auto at = s.at(revision.number);
        const auto should = known.revisions.find(revision.number);
        if (should == known.revisions.end()) return "revision " + std::to_string(revision.number);
        ++read;
        if (!at) {
            all = false;
            if (at.error().why().empty()) return "no reason for a revision";
        } else if (line(revision, at->value()) != should->second) {
            all = false;
            if (revision.reason.find("(") != 0 ||
                store::text(at->value()) != should->second.substr(should->second.find('{')))
                return "another revision " + std::to_string(revision.number);
        }
    }
    if (s.snapshots() != known.pins) return "other names";
    if (read != known.revisions.size()) return "only " + std::to_string(read) + " revisions";
    ++(all ? right : unreadable);
    static_cast<void>(opened->commit([](Settings& v) { ++v.counter; }).has_value());
    return "";
}

void alter(const char* page_size, int revisions, std::size_t stride) {
    Disk disk;
    make_file(disk, page_size);
    Known is;
    {
        auto opened = store::open(file_on(disk));
        REQUIRE(opened);
        REQUIRE(store::prepare(*opened));
        for (int n = 0; n < revisions; ++n)
            REQUIRE(opened->commit([&](Settings& v) { v.counter = n + 500; }, {.author = "me", .reason = "so"}));
        is = known(*opened);
    }
    const Disk::Image start = disk.image();
    const std::size_t size = disk.bytes("settings.db")->size();
    long refused = 0, unreadable = 0, right = 0;
    std::map<std::string, std::vector<std::size_t>> lies;
    for (std::size_t at = 0; at < size; at += stride)
        for (const unsigned change : {1U << (at % 8), 0xFFU}) {
            disk.restore(start);
            auto& byte = (*disk.bytes("settings.db"))[at];
            byte = static_cast<unsigned char>(byte ^ change);
            if (const std::string found = lie(disk, is, refused, unreadable, right); !found.empty())
                lies[found].push_back(at);
        }
    MESSAGE(size << " bytes: refused " << refused << ", some unreadable " << unreadable << ", right " << right);
    for (const auto& [what, where] : lies) {
        std::string all;
        for (const std::size_t at : where) all += " " + std::to_string(at);
        FAIL_CHECK(what << " at" << all);
    }
}

}  // namespace

TEST_CASE("SQLite, damaged: no byte of a file makes it tell what is not so") {
    const int cases = store::cases(100);  // every byte, every third, or some
    alter("PRAGMA page_size=512; VACUUM", 12, cases > 10'000 ? 1 : cases >= 2'000 ? 3 : 13);
    alter("PRAGMA page_size=4096; VACUUM", 3, cases > 10'000 ? 1 : cases >= 2'000 ? 3 : 29);
}
