// Provisional commits in a file: they survive the process as what they are, and opening or a deadline takes them back.
#include <stet/with/nlohmann_json.hpp>
#include <stet/with/nlohmann_json/file.hpp>
#include <stet/with/sqlite.hpp>

#include "folder.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using stet::Errc;
using stet::field;
using stet::Number;
using stet::Opening;
using stet::Origin;

namespace {

struct Network {
    std::string address = "10.0.0.2";
    int mtu = 1500;
};

constexpr stet::Time second = 1'000'000'000;
struct Clock {
    stet::Time* time;
    stet::Time now() const { return *time; }
};

auto to_address(const char* address) {
    return [address](Network& network) { network.address = address; };
}
void run(const std::string& path, const char* sql) {
    sqlite3* file = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &file) == SQLITE_OK);
    REQUIRE(sqlite3_exec(file, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(file);
}

struct Fixture {
    Folder folder;
    stet::Time time = 1'700'000'000 * second;
    Clock clock{&time};
    std::string path = folder / "network.db";

    auto open(std::size_t keep = 0) {
        return stet::open<Network>(stet::Sqlite{path, {.keep = keep}}, stet::if_empty(Network{}), clock);
    }
    auto look() { return stet::open<Network>(stet::Sqlite{path}, stet::if_provisional(stet::keep_waiting), clock); }
};

template <class Open>
void restarts(const Open& open) {
    {
        auto network = open();
        REQUIRE(network);
        REQUIRE(network->set(field<"mtu">, 1400));
        REQUIRE(network->commit_confirmed(to_address("10.0.0.3"), 10min) == Number{3});
    }
    {
        auto network = open();
        REQUIRE(network);
        CHECK(network->opening() == Opening::taken_back);
        CHECK(network->current().address == "10.0.0.2");
        CHECK(network->current().mtu == 1400);
        CHECK(network->head() == 4);
        CHECK(network->history()[0].origin == Origin{Origin::take_back, 3, 2});
        REQUIRE(network->commit_confirmed(to_address("10.0.0.4"), 10min) == Number{5});
        REQUIRE(network->confirm(5) == Number{6});
    }
    auto network = open();
    REQUIRE(network);
    CHECK(network->opening() == Opening::opened);
    CHECK(network->current().address == "10.0.0.4");
    CHECK(network->head() == 6);
    CHECK_FALSE(network->waiting());
    CHECK(network->rollback() == Number{7});
    CHECK(network->current().address == "10.0.0.2");
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "SQLite: what was not confirmed when the program ended is taken back at the next start") {
    restarts([&] { return open(); });
}
TEST_CASE_FIXTURE(Fixture, "SQLite: also where only one revision is kept") {
    auto network = open(1);
    REQUIRE(network);
    for (int mtu = 1000; mtu < 1020; ++mtu) REQUIRE(network->set(field<"mtu">, mtu));
    REQUIRE(network->commit_confirmed(to_address("10.0.0.3"), 10min));
    CHECK(network->size() <= 3);
    REQUIRE(network->take_back());
    CHECK(network->current().address == "10.0.0.2");
    CHECK(network->current().mtu == 1019);
}
TEST_CASE("a settings file: what was not confirmed when the program ended is taken back at the next start") {
    const Folder folder;
    stet::Time time = second;
    const std::string path = folder / "network.json";
    restarts([&] { return stet::open<Network>(stet::JsonFile{path}, stet::if_empty(Network{}), Clock{&time}); });
}

TEST_CASE_FIXTURE(Fixture, "SQLite: who shares the file knows what waits, and can confirm it or see its time end") {
    auto one = open();
    REQUIRE(one);
    REQUIRE(one->commit_confirmed(to_address("10.0.0.3"), 10min) == Number{2});
    auto other = look();
    REQUIRE(other);
    CHECK(other->opening() == Opening::opened);
    CHECK(other->waiting() == stet::Waiting{2, time + 600 * second});
    CHECK(other->set(field<"mtu">, 1300).error().code() == Errc::provisional);
    SUBCASE("it confirms") {
        CHECK(other->confirm(2) == Number{3});
        time += 601 * second;
        CHECK(one->poll() == false);
        CHECK_FALSE(one->waiting());
        CHECK(one->current().address == "10.0.0.3");
        CHECK(one->confirm(2) == Number{3});
    }
    SUBCASE("it takes it back in time") {
        time += 601 * second;
        CHECK(other->poll() == true);
        CHECK(one->poll() == false);  // it has been done
        CHECK(one->current().address == "10.0.0.2");
        CHECK(one->confirm(2).error().code() == Errc::nothing_to_confirm);
    }
    SUBCASE("a new one is seen by those who had the file open before") {
        REQUIRE(one->confirm(2));
        REQUIRE(one->commit_confirmed(to_address("10.0.0.4"), 10min) == Number{4});
        CHECK(other->commit(to_address("10.0.0.5")).error().code() == Errc::provisional);
        CHECK(other->waiting().token == 4);
        CHECK(other->take_back() == Number{5});
        CHECK(one->commit(to_address("10.0.0.5")) == Number{6});
    }
    SUBCASE("one that starts takes it back, and the others see that") {
        const auto started = open();
        REQUIRE(started);
        CHECK(started->opening() == Opening::taken_back);
        CHECK(one->poll() == false);
        CHECK(one->current().address == "10.0.0.2");
    }
}

TEST_CASE_FIXTURE(Fixture, "SQLite: together with others it has happened, or never did") {
    auto network = open();
    REQUIRE(network);
    CHECK_FALSE(network->together([&] {
        REQUIRE(network->commit_confirmed(to_address("10.0.0.3"), 10min));
        CHECK(network->waiting());
        return false;
    }));
    CHECK_FALSE(network->waiting());
    CHECK(network->set(field<"mtu">, 1400));
    CHECK(network->together([&] { return true; }, {.confirm_within = 1s}).error().code() == Errc::cannot_wait);
    REQUIRE(network->together([&] {
        REQUIRE(network->set(field<"mtu">, 1300));
        REQUIRE(network->commit_confirmed(to_address("10.0.0.3"), 10min));
    }));
    CHECK(network->waiting());
    REQUIRE(network->take_back());
    CHECK(network->current().mtu == 1300);
}

TEST_CASE_FIXTURE(Fixture, "SQLite: one of several changes that are made together can be that it stays") {
    auto network = open();
    REQUIRE(network);
    REQUIRE(network->commit_confirmed(to_address("10.0.0.3"), 10min) == Number{2});
    REQUIRE(network->together([&] {
        CHECK(network->set(field<"mtu">, 1400).error().code() == Errc::provisional);
        return network->confirm(2) && network->set(field<"mtu">, 1400);
    }));
    CHECK(network->head() == 4);
    CHECK_FALSE(network->waiting());
}

TEST_CASE_FIXTURE(Fixture, "SQLite: nothing is forgotten of what may come back") {
    auto network = open();
    REQUIRE(network);
    REQUIRE(network->commit_confirmed(to_address("10.0.0.3"), 10min) == Number{2});
    CHECK(network->forget(field<"address">).error().code() == Errc::provisional);
    REQUIRE(network->take_back());
    CHECK(network->current().address == "10.0.0.2");
    CHECK(network->forget(field<"address">));
}

TEST_CASE_FIXTURE(Fixture, "SQLite: who cannot read what others did meanwhile goes on with what it knows") {
    auto one = open();
    REQUIRE(one);
    REQUIRE(one->commit_confirmed(to_address("10.0.0.3"), 10min) == Number{2});
    auto other = look();
    REQUIRE(other);
    REQUIRE(other->confirm(2));
    for (int mtu = 1000; mtu < 1005; ++mtu) REQUIRE(other->set(field<"mtu">, mtu));
    REQUIRE(other->prune(1));
    REQUIRE(other->commit([](Network& n) { n = {std::string(500, 'a'), 1501}; }));
    run(path, "UPDATE revisions SET data = x'00' WHERE number > 3");
    CHECK(one->poll().error().code() == Errc::unreadable);
    CHECK(one->waiting().token == 2);
    CHECK(one->snapshot().revision() == 2);
    CHECK_FALSE(one->rollback());
    CHECK_FALSE(one->take_back());
    CHECK(one->current().address == "10.0.0.3");
}

namespace {

// Refuses the next so many records.
struct Stubborn {
    int* times;
    stet::Result<void> begin(const stet::AuditRecord&) {
        if (*times == 0) return {};
        --*times;
        return stet::Failure(stet::Error(Errc::audit_failed, "not now"));
    }
    static void confirm() noexcept {}
    static void cancel() noexcept {}
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "SQLite: what cannot be taken back now can be later, and nothing else comes in its place") {
    {
        auto network = open();
        REQUIRE(network);
        REQUIRE(network->set(field<"mtu">, 1400));
        REQUIRE(network->commit_confirmed(to_address("10.0.0.3"), 10min) == Number{3});
    }
    int times = 1;
    const auto again = [&](stet::IfBroken if_broken) {
        return stet::open<Network>(stet::Sqlite{path}, if_broken, stet::if_empty(Network{}), Stubborn{&times});
    };
    for (const auto choice : {stet::factory, stet::last_good, stet::accept}) {
        times = 1;
        const auto refused = again(stet::if_broken(choice));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code() == Errc::audit_failed);
    }
    times = 0;
    const auto network = again(stet::if_broken(stet::factory));
    REQUIRE(network);
    CHECK(network->opening() == Opening::taken_back);
    CHECK(network->current().mtu == 1400);
}

TEST_CASE("a settings file that keeps one revision beside it keeps what may come back, too") {
    const Folder folder;
    const std::string path = folder / "network.json";
    const auto open = [&] { return stet::open<Network>(stet::JsonFile{path, {.keep = 1}}, stet::if_empty(Network{})); };
    {
        auto network = open();
        REQUIRE(network);
        for (int mtu = 1000; mtu < 1004; ++mtu) REQUIRE(network->set(field<"mtu">, mtu));
        REQUIRE(network->commit_confirmed(to_address("10.0.0.3"), 10min) == Number{6});
        CHECK_FALSE(network->set(field<"mtu">, 1500));
        CHECK(network->waiting());
    }
    const auto network = open();
    REQUIRE(network);
    CHECK(network->opening() == Opening::taken_back);
    CHECK(network->current().address == "10.0.0.2");
    CHECK(network->current().mtu == 1003);
}

TEST_CASE("what waits does so in a state as JSON, too") {
    stet::Versioned network{Network{}};
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 10min) == Number{2});
    auto memory = stet::load_state<Network>(stet::save_state(network));
    REQUIRE(memory);
    const auto opened = stet::open<Network>(std::move(*memory));
    REQUIRE(opened);
    CHECK(opened->opening() == Opening::taken_back);
    CHECK(opened->current().address == "10.0.0.2");
}

TEST_CASE_FIXTURE(Fixture, "SQLite: where what should come back cannot be read, it is met as the caller chose") {
    {
        auto network = open();
        REQUIRE(network);
        REQUIRE(network->set(field<"mtu">, 1400));
        REQUIRE(network->commit_confirmed(to_address("10.0.0.3"), 10min) == Number{3});  // stored whole
    }
    run(path, "UPDATE revisions SET data = x'00' WHERE number = 2");
    CHECK_FALSE(open());
    CHECK_FALSE(stet::open<Network>(stet::Sqlite{path}, stet::if_broken(stet::accept), clock));
    {
        auto network = look();
        REQUIRE(network);
        CHECK(network->waiting().token == 3);
        CHECK(network->take_back().error().code() == Errc::unreadable);
        CHECK(network->current().address == "10.0.0.3");
        CHECK(network->waiting().token == 3);
    }
    auto network = stet::open<Network>(stet::Sqlite{path}, stet::if_broken(stet::last_good), clock);
    REQUIRE(network);
    CHECK(network->opening() == Opening::last_good);
    CHECK(network->current().address == "10.0.0.2");
    CHECK(network->current().mtu == 1500);
    CHECK(network->history()[0].reason == "what was there before a provisional commit cannot be read");
    CHECK_FALSE(network->waiting());
    CHECK(network->set(field<"mtu">, 1300));
}

TEST_CASE_FIXTURE(Fixture, "SQLite: a head that cannot be read, and an older one that was never confirmed") {
    {
        auto network = open();
        REQUIRE(network);
        REQUIRE(network->commit_confirmed([](Network& n) { n.mtu = 9000; }, 10min));
        REQUIRE(network->take_back());
        REQUIRE(network->commit([](Network& n) { n = {std::string(500, 'a'), 1501}; }) == Number{4});
    }
    run(path, "UPDATE revisions SET data = x'00' WHERE number IN (3, 4)");
    const auto network = stet::open<Network>(stet::Sqlite{path}, stet::if_broken(stet::last_good), clock);
    REQUIRE(network);
    CHECK(network->current().mtu == 1500);
    CHECK(network->history()[0].origin.to == 1);
}
