#include <stet/test/files.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>

using stet::Errc;
using stet::test::Fault;
using stet::test::SimulatedFiles;

namespace {

constexpr std::uint64_t seeds = 300;

void put(SimulatedFiles& files, const std::string& path, std::string_view text, bool safely) {
    auto file = files.create(path);
    REQUIRE(file);
    REQUIRE(files.write(*file, text));
    if (!safely) return;
    REQUIRE(files.sync(*file));
    REQUIRE(files.sync_folder("."));
}

// What may be found after a power loss, as text: "(none)" for no file.
std::set<std::string> found(const SimulatedFiles& files, const std::string& path) {
    std::set<std::string> all;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto contents = files.power_loss(seed).contents();
        const auto at = contents.find(path);
        all.insert(at == contents.end() ? "(none)" : at->second);
    }
    return all;
}

}  // namespace

TEST_CASE("SimulatedFiles: as long as there is power it is a file system") {
    SimulatedFiles files;
    CHECK(*files.exists("a") == false);
    CHECK(files.read("a").error().code() == Errc::storage_failed);
    put(files, "a", "one", false);
    CHECK(*files.read("a") == "one");
    auto more = files.append_to("a");
    REQUIRE(more);
    REQUIRE(files.write(*more, "+"));
    REQUIRE(files.truncate(*more, 2));
    REQUIRE(files.write(*more, "!"));
    CHECK(*files.read("a") == "on!");
    const std::uint64_t stamp = *files.stamp("a");
    CHECK(*files.stamp("a") == stamp);
    REQUIRE(files.create("a"));
    CHECK(files.read("a")->empty());
    CHECK(*files.stamp("a") != stamp);
    CHECK(*files.stamp("b") == 0);

    REQUIRE(files.make_folder("f"));
    REQUIRE(files.make_folder("f"));
    CHECK(files.make_folder("a").error().code() == Errc::storage_failed);
    CHECK(!files.make_folder("g/h"));
    CHECK(!files.create("g/h"));
    CHECK(!files.rename("none", "b"));
    CHECK(!files.rename("a", "g/b"));
    CHECK(!files.remove("f"));
    CHECK(!files.list("g"));
    put(files, "f/x", "in it", false);
    REQUIRE(files.rename("a", "f/y"));
    CHECK(*files.list("f") == std::vector<std::string>{"x", "y"});
    CHECK(*files.list(".") == std::vector<std::string>{"f"});
    REQUIRE(files.remove("f/x"));
    REQUIRE(files.remove("f/x"));
    CHECK(*files.list("f") == std::vector<std::string>{"y"});

    {
        auto lock = files.lock("lock");
        REQUIRE(lock);
        CHECK(!files.lock("lock"));  // would wait for ever
    }
    CHECK(files.lock("lock"));
}

TEST_CASE("SimulatedFiles: copies are the same file system, and power_loss makes another") {
    SimulatedFiles files;
    SimulatedFiles same = files;
    put(same, "a", "one", true);
    CHECK(*files.read("a") == "one");
    SimulatedFiles next = files.power_loss(1);
    next.put("a", "two");
    CHECK(*next.read("a") == "two");
    CHECK(*files.read("a") == "one");
}

TEST_CASE("SimulatedFiles: what is synced stays, what is not may stay, go or be torn") {
    const std::string old_text(1600, 'o');
    const std::string new_text(1600, 'n');
    SimulatedFiles files;
    put(files, "a", old_text, true);
    CHECK(found(files, "a") == std::set<std::string>{old_text});

    {
        auto file = files.append_to("a");
        REQUIRE(files.truncate(*file, 0));
        REQUIRE(files.write(*file, new_text));
        const auto all = found(files, "a");
        CHECK(all.count(old_text) == 1);
        CHECK(all.count(new_text) == 1);
        bool mixed = false, is_short = false, hole = false, later_only = false;
        for (const std::string& text : all) {
            mixed = mixed || (text.find('o') != std::string::npos && text.find('n') != std::string::npos);
            is_short = is_short || text.size() < new_text.size();
            hole = hole || (text.size() == 1600 && text.find_first_not_of("on") != std::string::npos);
            later_only = later_only || (text.size() > 1024 && text[0] == 'o' && text[1024] == 'n');
            for (std::size_t i = 1; i < text.size(); ++i) CHECK((text[i] == text[i - 1] || i % 512 == 0));
        }
        CHECK(mixed);
        CHECK(is_short);
        CHECK(hole);
        CHECK(later_only);  // reordered
        REQUIRE(files.sync(*file));
    }
    CHECK(found(files, "a") == std::set<std::string>{new_text});
}

TEST_CASE("SimulatedFiles: names are safe when their folder is synced; a rename is whole or not at all") {
    SimulatedFiles files;
    put(files, "a", "old", true);
    {
        auto file = files.create("a.new");
        REQUIRE(files.write(*file, "new"));
        REQUIRE(files.sync(*file));
    }
    CHECK(found(files, "a.new") == std::set<std::string>{"(none)", "new"});
    REQUIRE(files.rename("a.new", "a"));
    CHECK(found(files, "a") == std::set<std::string>{"old", "new"});
    REQUIRE(files.sync_folder("."));
    CHECK(found(files, "a") == std::set<std::string>{"new"});
    CHECK(found(files, "a.new") == std::set<std::string>{"(none)"});
    REQUIRE(files.remove("a"));
    CHECK(found(files, "a") == std::set<std::string>{"(none)", "new"});
    REQUIRE(files.sync_folder("."));
    CHECK(found(files, "a") == std::set<std::string>{"(none)"});

    // In an order of their own: the later of two is there, and the earlier not.
    put(files, "b", "", false);
    put(files, "c", "", false);
    bool later_only = false;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto contents = files.power_loss(seed).contents();
        later_only = later_only || (contents.count("c") == 1 && contents.count("b") == 0);
    }
    CHECK(later_only);

    // What is in a folder whose name is lost is lost.
    REQUIRE(files.make_folder("f"));
    {
        auto file = files.create("f/x");
        REQUIRE(files.write(*file, "x"));
        REQUIRE(files.sync(*file));
    }
    REQUIRE(files.sync_folder("f"));
    CHECK(found(files, "f/x") == std::set<std::string>{"(none)", "x"});
    REQUIRE(files.sync_folder("."));
    CHECK(found(files, "f/x") == std::set<std::string>{"x"});
}

TEST_CASE("SimulatedFiles: the power goes in the middle of a call") {
    for (std::size_t call = 1; call <= 6; ++call) {
        SimulatedFiles files;
        files.put("a", "old");
        files.cut_power_at(call);
        bool ok = true;
        {
            auto file = files.create("a.new");
            ok = file.has_value();
            if (ok) ok = files.write(*file, "new").has_value();
            if (ok) ok = files.sync(*file).has_value();
        }
        if (ok) ok = files.rename("a.new", "a").has_value();
        if (ok) ok = files.sync_folder(".").has_value();
        CHECK(ok == (call == 6));
        CHECK(files.is_dead() == (call < 6));
        if (call < 6) CHECK(!files.read("a"));
        const auto all = found(files, "a");
        if (call < 4) CHECK(all == std::set<std::string>{"old"});
        else if (call < 6) CHECK(all == std::set<std::string>{"old", "new"});
        else CHECK(all == std::set<std::string>{"new"});
        if (call == 1) CHECK(found(files, "a.new") == std::set<std::string>{"", "(none)"});
    }
}

TEST_CASE("SimulatedFiles: calls that fail") {
    const auto fails_with = [](Fault fault) {
        SimulatedFiles files;
        put(files, "a", "old", true);
        files.fail_at(files.calls() + 2, fault);
        auto file = files.create("b");
        REQUIRE(file);
        const auto refused = files.write(*file, "four");
        REQUIRE(!refused);
        REQUIRE(files.write(*file, "more"));  // it was one call
        CHECK(*files.read("b") == (fault == Fault::short_write ? "fomore" : "more"));
        return refused.error().code();
    };
    CHECK(fails_with(Fault::full_disk) == Errc::storage_full);
    CHECK(fails_with(Fault::short_write) == Errc::storage_full);
    CHECK(fails_with(Fault::io_error) == Errc::storage_failed);
    CHECK(fails_with(Fault::read_only) == Errc::storage_failed);
    CHECK(fails_with(Fault::failing_sync) == Errc::storage_failed);

    SimulatedFiles files;
    put(files, "a", "old", true);
    files.fail_from(files.calls() + 1, Fault::full_disk);
    CHECK(*files.read("a") == "old");  // nothing is needed for that
    CHECK(!files.create("b"));
    CHECK(!files.rename("a", "b"));
    CHECK(!files.remove("a"));
    CHECK(!files.make_folder("f"));
    CHECK(!files.lock("lock"));
    CHECK(!files.sync_folder("."));
    files.fail_from(files.calls() + 1, Fault::io_error);
    CHECK(!files.read("a"));
    CHECK(!files.list("."));
    CHECK(!files.stamp("a"));
    CHECK(!files.exists("a"));
    files.mend();
    CHECK(*files.read("a") == "old");
    CHECK(*files.list(".") == std::vector<std::string>{"a"});
}

TEST_CASE("SimulatedFiles: after a sync that failed the next one does not make it good") {
    bool lost = false, kept = false;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        SimulatedFiles files;
        put(files, "a", "old", true);
        auto file = files.append_to("a");
        REQUIRE(files.write(*file, "new"));
        files.fail_at(files.calls() + 1, Fault::failing_sync, seed);
        CHECK(!files.sync(*file));
        CHECK(files.sync(*file));
        CHECK(*files.read("a") == "oldnew");
        const auto all = found(files, "a");
        lost = lost || all == std::set<std::string>{"old"};
        kept = kept || all == std::set<std::string>{"oldnew"};
    }
    CHECK(lost);
    CHECK(kept);
}
