// Provisional commits: in force for a while only, unless they are confirmed.
#include <stet/open.hpp>
#include <stet/policy/audit_log.hpp>
#include <stet/shared.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <ratio>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using stet::Errc;
using stet::field;
using stet::Number;
using stet::Opening;
using stet::Operation;
using stet::Origin;
using stet::Outcome;

struct Network {
    std::string address = "10.0.0.2";
    int mtu = 1500;

    static constexpr auto schema() { return stet::fields(field<"mtu">(stet::in_range(576, 9000))); }
};

struct Clock {
    stet::Time* time;
    stet::Time now() const { return *time; }
};
constexpr stet::Time second = 1'000'000'000;

auto to_address(const char* address) {
    return [address](Network& network) { network.address = address; };
}

struct Fixture {
    stet::Time time = 1'700'000'000 * second;
    stet::Versioned<Network, Clock, stet::AuditLog, stet::Memory<Network, 50>> network{
        Network{}, Clock{&time}, stet::AuditLog{}, stet::Memory<Network, 50>{}};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a provisional commit is in force, and goes back unless it is confirmed in time") {
    const auto token = network.commit_confirmed(to_address("10.0.0.3"), 10min, {.author = "admin"});
    REQUIRE(token == Number{2});
    CHECK(network.current().address == "10.0.0.3");
    CHECK(network.waiting() == stet::Waiting{2, time + 600 * second});
    CHECK(network.history()[0].deadline == time + 600 * second);
    CHECK(network.poll() == false);
    time += 600 * second - 1;
    CHECK(network.poll() == false);
    CHECK(network.current().address == "10.0.0.3");
    time += 1;
    CHECK(network.poll() == true);
    CHECK(network.current().address == "10.0.0.2");
    CHECK_FALSE(network.waiting());
    CHECK(network.head() == 3);
    const stet::Revision back = network.history()[0];
    CHECK(back.origin == Origin{Origin::take_back, 2, 1});
    CHECK(back.reason == "not confirmed in time");
    CHECK(back.source == "poll");
    CHECK(back.deadline == 0);
    CHECK(network.poll() == false);
    CHECK(network.confirm(2).error().code() == Errc::nothing_to_confirm);  // too late
    CHECK(network.confirm(3).error().code() == Errc::nothing_to_confirm);  // that is what came back
}

TEST_CASE_FIXTURE(Fixture, "a confirmed one stays, whatever the time") {
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 10min) == Number{2});
    time += 700 * second;  // nobody has taken it back
    CHECK(network.confirm(2, {.author = "admin"}) == Number{3});
    CHECK(network.history()[0].origin == Origin{Origin::confirm, 2, 1});
    CHECK(network.history()[0].author == "admin");
    CHECK_FALSE(network.waiting());
    CHECK(network.confirm(2) == Number{3});  // once more
    CHECK(network.head() == 3);
    CHECK(network.poll() == false);
    CHECK(network.current().address == "10.0.0.3");
    CHECK(network.set(field<"mtu">, 9000) == Number{4});
    CHECK(network.confirm(2) == Number{4});  // whose answer was lost
    CHECK(network.confirm(4) == Number{4});  // it waits for nothing
    CHECK(network.confirm(3).error().code() == Errc::nothing_to_confirm);
}

TEST_CASE_FIXTURE(Fixture, "only its own token confirms it") {
    REQUIRE(network.set(field<"mtu">, 1400));
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 1s) == Number{3});
    for (const Number other : {Number{0}, Number{1}, Number{2}, Number{4}}) {
        const auto refused = network.confirm(other);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code() == Errc::nothing_to_confirm);
    }
    CHECK(network.waiting());
}

TEST_CASE_FIXTURE(Fixture,
                  "it is taken back on request, and whatever the rules of today say of what was there before") {
    CHECK(network.take_back().error().code() == Errc::nothing_to_confirm);
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 10min));
    CHECK(network.take_back({.author = "admin", .reason = "no answer"}) == Number{3});
    CHECK(network.current().address == "10.0.0.2");
    CHECK(network.history()[0].reason == "no answer");
    CHECK(network.take_back().error().code() == Errc::nothing_to_confirm);
}

TEST_CASE_FIXTURE(Fixture,
                  "while it waits nothing else makes a revision; it can be named, looked at and pruned around") {
    REQUIRE(network.set(field<"mtu">, 1400));
    const auto plan = network.plan_rollback(1);
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 10min) == Number{3});
    const auto refused = [&](const auto& result) {
        REQUIRE_FALSE(result);
        CHECK(result.error().code() == Errc::provisional);
    };
    refused(network.commit(to_address("10.0.0.4")));
    refused(network.commit(Network{}));
    refused(network.commit(to_address("10.0.0.4"), {.expected = 2, .on_conflict = stet::merge}));
    refused(network.commit_confirmed(to_address("10.0.0.4"), 1s));
    refused(network.edit([](auto& edit) { edit.set(field<"mtu">, 1300); }));
    refused(network.set(field<"mtu">, 1300));
    refused(network.set("mtu", 1300));
    refused(network.rollback());
    refused(network.rollback_to(1));
    refused(network.rollback_only(1, {field<"mtu">}));
    refused(network.revert(2));
    refused(network.execute(*plan));
    CHECK(network.head() == 3);
    CHECK(network.current().address == "10.0.0.3");
    CHECK(network.current().mtu == 1400);

    CHECK(network.snapshot("tried"));
    CHECK(network.release("tried"));
    CHECK(network.prune(1) == 1u);  // what may come back does not count
    CHECK(network.at(2));
    time += 600 * second;
    CHECK(network.poll() == true);
    CHECK(network.current().address == "10.0.0.2");
    CHECK(network.current().mtu == 1400);
}

TEST_CASE_FIXTURE(Fixture, "any verb can make a provisional revision") {
    REQUIRE(network.set(field<"mtu">, 1400));
    REQUIRE(network.set(field<"address">, "10.0.0.9"));
    const auto took_back = [&] {
        CHECK(network.waiting());
        time += 5 * second;
        CHECK(network.poll() == true);
        CHECK(network.current().mtu == 1400);
        CHECK(network.current().address == "10.0.0.9");
    };
    REQUIRE(network.rollback_to(1, {.confirm_within = 5s}));
    CHECK(network.current().mtu == 1500);
    CHECK(network.history()[0].origin == Origin{Origin::rollback, 3, 1});
    took_back();
    REQUIRE(network.revert(2, {.confirm_within = 5s}));
    CHECK(network.current().mtu == 1500);
    took_back();
    REQUIRE(network.set(field<"mtu">, 1300, {.confirm_within = 5s}));
    took_back();
    REQUIRE(network.edit([](auto& edit) { edit.set(field<"mtu">, 1300); }, {.confirm_within = 5s}));
    took_back();
    REQUIRE(network.execute(*network.plan_rollback(1), {.confirm_within = 5s}));
    took_back();
    REQUIRE(network.commit(Network{}, {.confirm_within = 5s}));
    took_back();
}

TEST_CASE_FIXTURE(Fixture, "rollback after it goes to what was before") {
    REQUIRE(network.set(field<"mtu">, 1400));
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 10min) == Number{3});
    SUBCASE("the one that was confirmed") {
        REQUIRE(network.confirm(3));
        CHECK(network.plan_rollback()->origin().to == 2);
        REQUIRE(network.rollback());
        CHECK(network.current().address == "10.0.0.2");
        CHECK(network.current().mtu == 1400);
    }
    SUBCASE("not to the one that was taken back") {
        REQUIRE(network.take_back());
        REQUIRE(network.rollback());
        CHECK(network.current().address == "10.0.0.2");
        CHECK(network.current().mtu == 1500);
    }
    SUBCASE("one taken back after one that was") {
        REQUIRE(network.take_back());
        REQUIRE(network.commit_confirmed(to_address("10.0.0.4"), 10min));
        REQUIRE(network.take_back());
        REQUIRE(network.rollback());
        CHECK(network.current().mtu == 1500);
    }
    SUBCASE("what it would go to is gone") {
        REQUIRE(network.take_back());
        REQUIRE(network.prune(1));
        CHECK(network.rollback().error().code() == Errc::revision_pruned);
    }
}

TEST_CASE_FIXTURE(Fixture, "what changes nothing does not wait, unless it is forced to") {
    CHECK(network.commit_confirmed(to_address("10.0.0.2"), 10min) == Number{1});
    CHECK_FALSE(network.waiting());
    CHECK(network.confirm(1) == Number{1});
    REQUIRE(network.commit_confirmed(to_address("10.0.0.2"), 1s, {.force = true}) == Number{2});
    CHECK(network.waiting());
    time += second;
    CHECK(network.poll() == true);
    CHECK(network.head() == 3);
}

TEST_CASE_FIXTURE(Fixture, "what fails does not wait") {
    CHECK(network.commit_confirmed([](Network& n) { n.mtu = 1; }, 10min).error().code() == Errc::rule_broken);
    CHECK(network.commit_confirmed([](Network&) { return false; }, 10min).error().code() == Errc::gave_up);
    CHECK_FALSE(network.waiting());
    CHECK(network.set(field<"mtu">, 1400));
}

TEST_CASE_FIXTURE(Fixture, "what cannot wait says so") {
    const auto refused = [&](const auto& result) {
        REQUIRE_FALSE(result);
        CHECK(result.error().code() == Errc::cannot_wait);
    };
    refused(network.commit_confirmed(to_address("10.0.0.3"), 0s));
    refused(network.commit_confirmed(to_address("10.0.0.3"), -1s));
    refused(network.snapshot("name", {.confirm_within = 1s}));
    refused(network.prune(1, {.confirm_within = 1s}));
    refused(network.confirm(1, {.confirm_within = 1s}));
    refused(stet::create(Network{}, {.confirm_within = 1s}));
    CHECK(network.head() == 1);
    const auto error = network.commit_confirmed(to_address("10.0.0.3"), 0s).error();
    CHECK(error.what() == "this cannot wait for a confirmation");
    CHECK(error.fix().view() ==
          "give confirm_within, longer than nothing, to commit, edit, set, rollback, revert or execute");
}

TEST_CASE_FIXTURE(Fixture, "a time that never ends, and a clock that goes back") {
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), std::chrono::hours::max()) == Number{2});
    CHECK(network.waiting().deadline == std::numeric_limits<stet::Time>::max());
    CHECK(network.poll() == false);
    time -= 1;  // behind the commit
    CHECK(network.poll() == true);
    CHECK(network.current().address == "10.0.0.2");
}

TEST_CASE("a deadline in the year 1970 is one") {
    stet::Time time = -second;
    stet::Versioned network(Network{}, Clock{&time});
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 1s));
    CHECK(network.waiting());
    time = 1;
    CHECK(network.poll() == true);
}

TEST_CASE_FIXTURE(Fixture, "to revert what confirms is to revert what was confirmed") {
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 10min));
    REQUIRE(network.confirm(2) == Number{3});
    REQUIRE(network.set(field<"mtu">, 1400));
    CHECK(network.plan_revert(3)->origin() == Origin{Origin::revert, 2, 0});
    REQUIRE(network.revert(3));
    CHECK(network.current().address == "10.0.0.2");
    CHECK(network.current().mtu == 1400);
}

TEST_CASE_FIXTURE(Fixture, "a plan of something else than a commit, a rollback or a revert is a commit") {
    const auto made = network.plan_commit([](Network& n) { n.mtu = 1; });
    const stet::Plan<Network> plan(made->patch(), 1, Operation::take_back, {Origin::take_back, 1, 1}, {});
    CHECK(network.execute(plan).error().code() == Errc::rule_broken);
}

TEST_CASE("spans of time") {
    CHECK_FALSE(stet::TimeSpan().given());
    CHECK(stet::TimeSpan(0s).given());
    CHECK(stet::TimeSpan(10min).nanoseconds() == 600 * second);
    for (int n = 1; n < 2000; ++n) {
        REQUIRE(stet::TimeSpan(std::chrono::nanoseconds(n)).nanoseconds() == n);
        REQUIRE(stet::TimeSpan(std::chrono::milliseconds(n)).nanoseconds() == stet::Time{n} * 1'000'000);
    }
    CHECK(stet::TimeSpan(std::chrono::hours(24 * 365)).nanoseconds() == 365 * 86'400 * second);
    CHECK(stet::TimeSpan(std::chrono::duration<int, std::exa>(1)).nanoseconds() == 9'200'000'000 * second);
    CHECK(stet::TimeSpan(std::chrono::duration<double>(0.5)).nanoseconds() == second / 2);
    CHECK(stet::TimeSpan(std::chrono::duration<int, std::pico>(2000)).nanoseconds() == 2);
    CHECK(stet::TimeSpan(-1s).nanoseconds() == 0);
    CHECK(stet::TimeSpan(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN())).nanoseconds() == 0);
    CHECK(stet::TimeSpan(std::chrono::hours::max()).nanoseconds() == 9'200'000'000 * second);
}

TEST_CASE_FIXTURE(Fixture, "the audit hears of all of it") {
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 10min, {.author = "admin"}));
    REQUIRE(network.confirm(2, {.author = "oncall"}));
    REQUIRE(network.confirm(2));
    REQUIRE_FALSE(network.confirm(7));
    REQUIRE(network.commit_confirmed(to_address("10.0.0.4"), 10min));
    REQUIRE_FALSE(network.rollback());
    time += 601 * second;
    REQUIRE(network.poll() == true);
    const auto& trail = network.audit().records();
    const auto is = [&](std::size_t at, Operation operation, Outcome outcome) {
        CHECK(trail[at].operation == operation);
        CHECK(trail[at].outcome == outcome);
    };
    REQUIRE(trail.size() == 8);
    is(1, Operation::commit, Outcome::done);
    is(2, Operation::confirm, Outcome::done);
    CHECK(trail[2].author == "oncall");
    CHECK(trail[2].origin == Origin{Origin::confirm, 2, 1});
    CHECK(trail[2].changes.empty());
    CHECK(trail[1].subject == "provisional");
    CHECK(network.audit().find({.subject = "provisional"}).size() == 2);
    is(3, Operation::confirm, Outcome::unchanged);
    is(4, Operation::confirm, Outcome::refused);
    is(5, Operation::commit, Outcome::done);
    is(6, Operation::rollback, Outcome::refused);
    is(7, Operation::take_back, Outcome::done);
    CHECK(trail[7].origin == Origin{Origin::take_back, 4, 3});
    REQUIRE(trail[7].changes.size() == 1);
    CHECK(trail[7].changes[0].after == "\"10.0.0.3\"");
}

namespace {

struct Roles {
    std::string* who;
    std::string actor() const { return *who; }
    bool may(const stet::Request& request) const {
        if (request.actor == "root") return true;
        if (request.operation == Operation::confirm || request.operation == Operation::take_back)
            return request.actor == "oncall";
        return false;
    }
};
struct OnCall {  // may not touch the mtu in any way
    std::string* who;
    std::string actor() const { return *who; }
    bool may(const stet::Request& request) const { return *who == "root" || !request.inside("mtu"); }
};

}  // namespace

TEST_CASE("who may not touch a field may not confirm it, nor take it back") {
    std::string who = "root";
    stet::Versioned network(Network{}, OnCall{&who});
    REQUIRE(network.set(field<"mtu">, 1400, {.confirm_within = 10s}));
    who = "oncall";
    CHECK(network.confirm(2).error().code() == Errc::denied);
    CHECK(network.take_back().error().code() == Errc::denied);
    who = "root";
    CHECK(network.confirm(2));
    REQUIRE(network.set(field<"address">, "10.0.0.3", {.confirm_within = 10s}));
    who = "oncall";
    CHECK(network.take_back());
}

TEST_CASE("who may confirm and take back is asked of the access policy; a deadline asks nobody") {
    stet::Time time = second;
    std::string who = "root";
    stet::Versioned network(Network{}, Clock{&time}, Roles{&who});
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 10s));
    who = "nobody";
    CHECK(network.confirm(2).error().code() == Errc::denied);
    CHECK(network.take_back().error().code() == Errc::denied);
    CHECK(network.waiting());
    who = "oncall";
    CHECK(network.confirm(2));
    who = "root";
    REQUIRE(network.commit_confirmed(to_address("10.0.0.4"), 10s));
    who = "nobody";
    time += 20 * second;
    CHECK(network.poll() == true);
    CHECK(network.current().address == "10.0.0.3");
}

TEST_CASE("opening takes it back, as the program that made it has ended") {
    stet::Time time = second;
    stet::Versioned network(Network{}, Clock{&time});
    REQUIRE(network.set(field<"mtu">, 1400));
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 10s));
    auto storage = std::move(network).release_storage();
    SUBCASE("by default") {
        const auto opened = stet::open<Network>(std::move(storage), Clock{&time});
        REQUIRE(opened);
        CHECK(opened->opening() == Opening::taken_back);
        CHECK(opened->current().address == "10.0.0.2");
        CHECK(opened->current().mtu == 1400);
        CHECK(opened->history()[0].reason == "not confirmed before the storage was opened again");
        CHECK(opened->history()[0].origin == Origin{Origin::take_back, 3, 2});
    }
    SUBCASE("not for who keeps it waiting") {
        auto opened = stet::open<Network>(std::move(storage), stet::if_provisional(stet::keep_waiting), Clock{&time});
        REQUIRE(opened);
        CHECK(opened->opening() == Opening::opened);
        CHECK(opened->waiting() == stet::Waiting{3, 11 * second});
        CHECK(opened->set(field<"mtu">, 1300).error().code() == Errc::provisional);
        CHECK(opened->confirm(3));
        CHECK(opened->current().address == "10.0.0.3");
    }
    SUBCASE("but its time is over") {
        time += 10 * second;
        const auto opened =
            stet::open<Network>(std::move(storage), stet::if_provisional(stet::keep_waiting), Clock{&time});
        REQUIRE(opened);
        CHECK(opened->opening() == Opening::taken_back);
    }
}

TEST_CASE("what comes back is looked at by today's rules when it is opened") {
    int only = 0;
    const auto rule = stet::rules(field<"mtu">([&only](int mtu) { return only == 0 || mtu == only; }));
    stet::Versioned network(Network{}, rule);
    REQUIRE(network.set(field<"mtu">, 1400));
    REQUIRE(network.commit_confirmed([](Network& n) { n.mtu = 1400, n.address = "10.0.0.3"; }, 10s) == Number{3});
    REQUIRE(network.take_back());
    REQUIRE(network.set(field<"mtu">, 1300) == Number{5});
    REQUIRE(network.commit_confirmed([](Network& n) { n.mtu = 1400; }, 10s) == Number{6});
    auto storage = std::move(network).release_storage();
    only = 1400;
    SUBCASE("it is refused, and taken back all the same") {
        const auto refused = stet::open<Network>(std::move(storage), rule);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code() == Errc::rule_broken);
        CHECK(storage.head() == 7);
    }
    SUBCASE("the last good one is none that was never confirmed") {
        const auto opened = stet::open<Network>(std::move(storage), rule, stet::if_broken(stet::last_good));
        REQUIRE(opened);
        CHECK(opened->opening() == Opening::last_good);
        CHECK(opened->current().mtu == 1400);
        CHECK(opened->current().address == "10.0.0.2");
        CHECK(opened->history()[0].origin.to == 4);  // which is revision 2 again
    }
}

TEST_CASE("under stet::Shared readers and watchers see it come and go") {
    stet::Time time = second;
    stet::Versioned network(Network{}, stet::Shared{}, Clock{&time});
    auto reader = network.reader();
    std::vector<std::string> heard;
    const auto watch =
        network.watch(field<"address">, [&](const stet::Patch<Network>&) { heard.push_back(reader.read().address); });
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 1s));
    CHECK(reader.read().address == "10.0.0.3");
    REQUIRE(network.confirm(2));
    REQUIRE(network.commit_confirmed(to_address("10.0.0.4"), 1s));
    time += second;
    CHECK(network.poll() == true);
    CHECK(reader.read().address == "10.0.0.3");
    CHECK(heard == std::vector<std::string>{"10.0.0.3", "10.0.0.4", "10.0.0.3"});
}

TEST_CASE("a storage that keeps one revision can still take it back") {
    stet::Versioned network(Network{}, stet::Memory<Network, 1>{});
    REQUIRE(network.set(field<"mtu">, 1400));
    REQUIRE(network.commit_confirmed(to_address("10.0.0.3"), 10s));
    CHECK(network.size() == 2);  // what may come back stays, and does not count
    CHECK(network.at(2)->value().mtu == 1400);
    CHECK(network.snapshot("a"));
    CHECK(network.release("a"));
    CHECK(network.at(2));
    CHECK(network.take_back());
    CHECK(network.size() == 1);
    CHECK(network.current().address == "10.0.0.2");
    CHECK(network.current().mtu == 1400);
}
