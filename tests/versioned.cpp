#include <stet/versioned.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/render/text.hpp>

#include "bot.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using bot::Motor;
using bot::Settings;
using stet::Errc;
using stet::field;
using stet::Number;
using stet::Origin;

namespace {

template <class Versioned>
std::vector<Number> numbers(const Versioned& versioned, stet::HistoryQuery query = {}) {
    std::vector<Number> list;
    for (const stet::Revision& revision : versioned.history(query)) list.push_back(revision.number);
    return list;
}
using Numbers = std::vector<Number>;

// Revisions 1 to `last`; revision n has port n.
template <class Versioned>
void commit_ports(Versioned& settings, int last) {
    for (int port = static_cast<int>(settings.head()) + 1; port <= last; ++port)
        REQUIRE(settings.set(field<&Settings::port>, port) == static_cast<Number>(port));
}

}  // namespace

TEST_CASE("Versioned(value): revision 1") {
    const stet::Versioned settings{Settings{}};
    CHECK(settings.head() == 1);
    CHECK(settings.current().name == "bot");
    CHECK(settings.opening() == stet::Opening::created);
    const auto history = settings.history();
    REQUIRE(history.size() == 1);
    CHECK(history[0].number == 1);
    CHECK(history[0].previous == 0);
    CHECK(history[0].origin == Origin{Origin::create, 0, 0});
    CHECK(history[0].time > 1'600'000'000'000'000'000);
}

TEST_CASE("commit(function): a new revision with author, reason, source and origin") {
    stet::Versioned settings{Settings{}, bot::FakeClock{}};
    const auto second = settings.commit([](Settings& s) { s.llm.model = "o1"; },
                                        {.author = "admin", .reason = "upgrade", .source = "cli"});
    REQUIRE(second);
    CHECK(*second == 2);
    CHECK(settings.head() == 2);
    CHECK(settings.current().llm.model == "o1");
    const stet::Revision made = settings.history()[0];
    CHECK(made == stet::Revision{2, 1, 1020, "admin", "upgrade", "cli", {Origin::commit, 0, 0}, {}});
}

TEST_CASE("commit(function): false, an error and a result give up, and nothing changes") {
    stet::Versioned settings{Settings{}};
    const auto no = settings.commit([](Settings& s) {
        s.port = 1;
        return false;
    });
    REQUIRE_FALSE(no);
    CHECK(no.error().code() == Errc::gave_up);
    CHECK(no.error().what() == "the change gave up");
    const auto own = settings.commit([](Settings& s) -> stet::Result<void> {
        s.port = 2;
        return stet::Failure(stet::Error(Errc::malformed, "a line"));
    });
    REQUIRE_FALSE(own);
    CHECK(own.error().code() == Errc::malformed);
    CHECK(own.error().subject() == "a line");
    struct Text {
        std::string text;
    };
    const auto foreign = settings.commit([](Settings& s) -> stet::Result<void, Text> {
        s.port = 3;
        return stet::Failure(Text{"no"});
    });
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().code() == Errc::gave_up);
    CHECK(settings.head() == 1);
    CHECK(settings.current().port == 8080);
    CHECK(numbers(settings) == Numbers{1});
    CHECK(settings.commit([](Settings& s) {
        s.port = 4;
        return true;
    }) == Number{2});
    CHECK(settings.commit([](Settings& s) -> stet::Result<void> {
        s.port = 5;
        return {};
    }) == Number{3});
}

TEST_CASE("commit(value)") {
    stet::Versioned settings{Settings{}};
    Settings next;
    next.name = "other";
    CHECK(settings.commit(next) == Number{2});
    CHECK(next.name == "other");
    next.name = "third";
    CHECK(settings.commit(std::move(next)) == Number{3});
    CHECK(settings.current().name == "third");
    CHECK(settings.commit(settings.current()) == Number{3});  // itself
}

TEST_CASE("commit: what changes nothing makes no revision, unless forced") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.commit([](Settings&) {}) == Number{1});
    CHECK(settings.commit(Settings{}) == Number{1});
    CHECK(settings.set(field<"port">, 8080) == Number{1});
    CHECK(settings.set("port", 8080) == Number{1});
    CHECK(settings.rollback_to(1) == Number{1});
    CHECK(numbers(settings) == Numbers{1});
    CHECK(settings.commit([](Settings&) {}, {.reason = "again", .force = true}) == Number{2});
    CHECK(settings.set(field<"port">, 8080, {.force = true}) == Number{3});
    CHECK(settings.rollback_to(3, {.force = true}) == Number{4});
    CHECK(numbers(settings) == Numbers{4, 3, 2, 1});
    CHECK(settings.diff(1, 4)->empty());
    CHECK(settings.rollback() == Number{4});  // 3 is the same state
}

TEST_CASE("commit: transient fields change without a revision") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.commit([](Settings& s) { s.hits = 7; }) == Number{1});
    CHECK(settings.current().hits == 7);
    CHECK(settings.set(field<&Settings::hits>, 8) == Number{1});
    CHECK(settings.current().hits == 8);
    CHECK(settings.set("hits", 9) == Number{1});
    CHECK(settings.current().hits == 9);
    CHECK(settings.set("status", "busy") == Number{1});
    CHECK(settings.current().status == "busy");
}

TEST_CASE("commit: a broken rule refuses; the error has all violations") {
    stet::Versioned settings{Settings{}};
    const auto refused = settings.commit(
        [](Settings& s) {
            s.name.clear();
            s.llm.temperature = 9;
            s.low = 10;
            s.hits = 99;
        },
        {.author = "guest"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::rule_broken);
    REQUIRE(refused.error().violations().size() == 3);
    CHECK(refused.error().violations()[0].path() == "name");
    CHECK(refused.error().violations()[1].path() == "llm.temperature");
    CHECK(refused.error().violations()[1].value() == "9");
    CHECK(refused.error().violations()[2].path() == "low, high");
    CHECK(stet::text(refused.error()) ==
          "the change breaks a rule:\n"
          "  name is \"\", must not be empty\n"
          "  llm.temperature is 9, must be in 0..2\n"
          "  low, high: low must not exceed high\n"
          "  fix: correct the fields named in violations(), then commit again");
    CHECK(refused.error().why().view() == "name is \"\", must not be empty (and 2 more)");
    CHECK(settings.head() == 1);
    CHECK(settings.current().name == "bot");
    CHECK(settings.current().hits == 0);
    CHECK(numbers(settings) == Numbers{1});
}

TEST_CASE("rules(...): rules of one instance, with state") {
    int most = 9000;
    stet::Versioned settings{Settings{},
                             stet::rules(field<&Settings::port>([&most](int port) { return port <= most; }))};
    CHECK(settings.set(field<"port">, 9000) == Number{2});
    most = 100;
    const auto refused = settings.set(field<"port">, 101);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::rule_broken);
    CHECK(refused.error().violations()[0].path() == "port");
    CHECK(settings.set(field<"name">, "other") == Number{3});  // reads no port, so today's limit is not asked
    CHECK(settings.set(field<"port">, 100) == Number{4});
    const auto back = settings.rollback_to(2);
    REQUIRE_FALSE(back);  // the rules of today
    CHECK(back.error().code() == Errc::rule_broken);
    CHECK(settings.head() == 4);
    CHECK(settings.check(settings.current()).empty());
    CHECK(settings.check(Settings{}).size() == 1);
    CHECK(stet::check(Settings{}).empty());
}

TEST_CASE("Change::expected: on every verb") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    commit_ports(settings, 3);
    REQUIRE(settings.snapshot("mine"));
    const auto plan = settings.plan_rollback(1);
    REQUIRE(plan);
    const stet::Change stale{.author = "guest", .expected = 2};
    const auto stays = [&](const auto& result) {
        REQUIRE_FALSE(result);
        CHECK(result.error().code() == Errc::revision_conflict);
        CHECK(result.error().expected() == 2);
        CHECK(result.error().actual() == 3);
        CHECK(stet::text(result.error()) ==
              "somebody else was faster: expected revision 2, the head is 3\n"
              "  fix: read the head again, repeat the change on it, and commit with its number as expected");
    };
    bool called = false;
    stays(settings.commit([&](Settings&) { called = true; }, stale));
    CHECK_FALSE(called);
    stays(settings.commit(Settings{}, stale));
    stays(settings.set(field<"port">, 9, stale));
    stays(settings.set("port", 9, stale));
    stays(settings.set(*stet::Path<Settings>::parse("port"), 9, stale));
    stays(settings.rollback(stale));
    stays(settings.rollback_to(1, stale));
    stays(settings.rollback_to("mine", stale));
    stays(settings.revert(3, stale));
    stays(settings.execute(*plan, stale));
    stays(settings.snapshot("other", stale));
    stays(settings.release("mine", stale));
    stays(settings.prune(1, stale));
    CHECK(settings.head() == 3);
    CHECK(settings.current().port == 3);
    CHECK(numbers(settings) == Numbers{3, 2, 1});
    CHECK(settings.snapshots() == std::vector<stet::Pin>{{"mine", 3}});
    for (const stet::AuditRecord& record : settings.audit().find({.author = "guest"}))
        CHECK(record.outcome == stet::Outcome::refused);
    CHECK(settings.audit().find({.author = "guest"}).size() == 13);

    CHECK(settings.set(field<"port">, 4, {.expected = 3}) == Number{4});
    CHECK(settings.release("mine", {.expected = 4}));
    CHECK(settings.prune(1, {.expected = 4}) == std::size_t{3});
}

TEST_CASE("rollback(): the state before the head, as a new revision; twice is as before") {
    stet::Versioned settings{Settings{}};
    commit_ports(settings, 3);
    CHECK(settings.rollback({.author = "oncall", .reason = "too high"}) == Number{4});
    CHECK(settings.current().port == 2);
    CHECK(settings.history()[0].origin == Origin{Origin::rollback, 3, 2});
    CHECK(settings.history()[0].author == "oncall");
    CHECK(settings.rollback() == Number{5});
    CHECK(settings.current().port == 3);
    CHECK(settings.history()[0].origin == Origin{Origin::rollback, 4, 3});
}

TEST_CASE("rollback(): nothing before the first revision, or it was pruned") {
    stet::Versioned settings{Settings{}};
    const auto nothing = settings.rollback();
    REQUIRE_FALSE(nothing);
    CHECK(nothing.error().code() == Errc::no_such_revision);
    commit_ports(settings, 3);
    REQUIRE(settings.prune(1));
    const auto gone = settings.rollback();
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code() == Errc::revision_pruned);
    CHECK(settings.current().port == 3);
}

TEST_CASE("rollback_to(number): a whole earlier state, its origin, and a rollback of the rollback") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.commit([](Settings& s) {
        s.name = "second";
        s.routes.push_back({3, "new"});
        s.limits.erase("o1");
        s.spare.emplace();
        s.target = bot::Route{9, "x"};
    }));
    REQUIRE(settings.commit([](Settings& s) { s.port = 3; }));
    CHECK(settings.rollback_to(1, {.expected = 3}) == Number{4});
    CHECK(stet::diff(settings.current(), Settings{}).empty());
    CHECK(settings.history()[0].origin == Origin{Origin::rollback, 3, 1});
    CHECK(settings.rollback_to(3) == Number{5});
    CHECK(settings.current().name == "second");
    CHECK(settings.current().routes.size() == 3);
    CHECK(settings.current().port == 3);
    CHECK(settings.history()[0].origin == Origin{Origin::rollback, 4, 3});
    CHECK(settings.diff(3, 5)->empty());
    CHECK(settings.diff(1, 4)->empty());
}

TEST_CASE("rollback_to: a number that was never there, and one that was pruned, are told apart") {
    stet::Versioned settings{Settings{}};
    commit_ports(settings, 12);
    const auto gone = settings.rollback_to(2);
    REQUIRE_FALSE(gone);
    CHECK(stet::text(gone.error()) ==
          "the revision is no longer kept: revision 2 was pruned, the oldest that is kept is 3\n"
          "  fix: choose one that is kept; a Versioned pins what must stay with snapshot(name)");
    const auto never = settings.rollback_to(13);
    REQUIRE_FALSE(never);
    CHECK(stet::text(never.error()) ==
          "there is no such revision: revision 13 was never made, the head is 12\n"
          "  fix: ask history(), or each_revision(), for the revisions that exist");
    const auto name = settings.rollback_to("before");
    REQUIRE_FALSE(name);
    CHECK(name.error().code() == Errc::no_such_snapshot);
    CHECK(name.error().subject() == "before");
    CHECK(settings.head() == 12);
}

TEST_CASE("rollback_to(name)") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.snapshot("before"));
    commit_ports(settings, 3);
    CHECK(settings.rollback_to("before") == Number{4});
    CHECK(settings.current().port == 8080);
    CHECK(settings.history()[0].origin == Origin{Origin::rollback, 3, 1});
    const auto misspelt = settings.rollback_to("befor");
    REQUIRE_FALSE(misspelt);
    CHECK(misspelt.error().nearest() == "before");
    CHECK(stet::text(misspelt.error()) == "there is no such snapshot: 'befor'\n  fix: did you mean 'before'?");
}

TEST_CASE("rollback_to: transient fields stay as they are") {
    stet::Versioned settings{Settings{}};
    commit_ports(settings, 3);
    REQUIRE(settings.snapshot("three"));
    REQUIRE(settings.commit([](Settings& s) {
        s.hits = 42;
        s.status = "busy with something that is longer than a short string";
        s.port = 4;
    }));
    REQUIRE(settings.rollback());
    CHECK(settings.current().hits == 42);
    REQUIRE(settings.rollback_to(1));
    CHECK(settings.current().hits == 42);
    CHECK(settings.current().port == 8080);
    REQUIRE(settings.rollback_to("three"));
    CHECK(settings.current().port == 3);
    CHECK(settings.current().status == "busy with something that is longer than a short string");
    stet::Versioned motor{Motor{}};
    REQUIRE(motor.commit([](Motor& m) {
        m.rpm = 200;
        m.hits = 3;
    }));
    REQUIRE(motor.rollback());
    CHECK(motor.current().rpm == 3000);
    CHECK(motor.current().hits == 3);
}

TEST_CASE("revert: undoes one revision and keeps what came later") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.set(field<"llm.model">, "o1"));
    REQUIRE(settings.set(field<"limits">, std::map<std::string, int>{{"o1", 1}}));
    CHECK(settings.revert(2, {.author = "oncall"}) == Number{5});
    CHECK(settings.current().port == 8080);
    CHECK(settings.current().llm.model == "o1");
    CHECK(settings.current().limits.size() == 1);
    CHECK(settings.history()[0].origin == Origin{Origin::revert, 2, 0});
    CHECK(settings.history()[0].author == "oncall");
    CHECK(settings.revert(5) == Number{6});  // the revert itself
    CHECK(settings.current().port == 2);
    CHECK(settings.revert(6) == Number{7});  // of the head
    CHECK(settings.current().port == 8080);
}

TEST_CASE("revert: a field that was changed again since is a conflict, and all stays as it was") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.commit([](Settings& s) {
        s.name = "second";
        s.port = 2;
    }));
    REQUIRE(settings.set(field<"port">, 3));
    const auto conflict = settings.revert(2);
    REQUIRE_FALSE(conflict);
    CHECK(conflict.error().code() == Errc::merge_conflict);
    CHECK(conflict.error().subject() == "port");
    CHECK(
        stet::text(conflict.error()) ==
        "later changes stand in the way: 'port'\n  fix: change that field back first, or say which side stands; a plan "
        "shows all conflicts()");
    CHECK(settings.current().name == "second");
    CHECK(settings.current().port == 3);
    CHECK(numbers(settings) == Numbers{3, 2, 1});
    CHECK(settings.revert(9).error().code() == Errc::no_such_revision);
    commit_ports(settings, 14);
    CHECK(settings.revert(2).error().code() == Errc::revision_pruned);
}

TEST_CASE("revert: of a pinned revision needs the one before it, too") {
    stet::Versioned settings{Settings{}};
    commit_ports(settings, 3);
    REQUIRE(settings.set(field<&Settings::name>, "fourth"));
    REQUIRE(settings.snapshot("four"));
    REQUIRE(settings.set(field<&Settings::name>, "fifth"));
    REQUIRE(settings.snapshot("five"));
    commit_ports(settings, 30);
    REQUIRE(settings.at(4));
    const auto missing = settings.revert(4);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code() == Errc::revision_pruned);
    CHECK(missing.error().expected() == 3);
    CHECK(stet::text(missing.error()) ==
          "the revision is no longer kept: revert of revision 4: revision 3 was pruned, the oldest that is kept is 21\n"
          "  fix: choose one that is kept; a Versioned pins what must stay with snapshot(name)");
    CHECK(stet::text(settings.plan_revert(4).error()) == stet::text(missing.error()));
    REQUIRE(settings.set(field<&Settings::hits>, 7));
    const auto plan = settings.plan_revert(5);
    REQUIRE(plan);
    CHECK(settings.revert(5) == Number{31});  // 4 is there
    CHECK(settings.current().name == "fourth");
    CHECK(settings.current().port == 30);
    CHECK(settings.current().hits == 7);
    CHECK(stet::text(plan->patch()) == stet::text(*settings.diff(30, 31)));
    CHECK(settings.revert(5) == Number{31});  // it is undone already
}

TEST_CASE("revert: the rules of today, and transient fields stay") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.set(field<"high">, 20));
    REQUIRE(settings.set(field<"low">, 15));
    const auto refused = settings.revert(2);  // low 15, high 9
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::rule_broken);
    CHECK(settings.current().high == 20);
    REQUIRE(settings.commit([](Settings& s) { s.hits = 5; }));
    REQUIRE(settings.revert(3));
    CHECK(settings.current().hits == 5);
}

TEST_CASE("snapshot(name): pins a revision across pruning and the limit of 10") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.snapshot("first") == Number{1});
    commit_ports(settings, 4);
    CHECK(settings.snapshot("fourth") == Number{4});
    CHECK(settings.snapshot("fourth again") == Number{4});
    commit_ports(settings, 20);
    CHECK(numbers(settings) == Numbers{20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 4, 1});
    CHECK(settings.at(4)->value().port == 4);
    CHECK(settings.at("first")->value().port == 8080);
    CHECK(settings.prune(2) == std::size_t{8});
    CHECK(numbers(settings) == Numbers{20, 19, 4, 1});
    CHECK(settings.at("fourth")->revision() == 4);
    CHECK(settings.at("fourth again")->value().port == 4);
    CHECK(settings.snapshots() == std::vector<stet::Pin>{{"first", 1}, {"fourth", 4}, {"fourth again", 4}});
    CHECK(settings.rollback_to(4) == Number{21});
    CHECK(settings.current().port == 4);
}

TEST_CASE("snapshot(name): what is pinned among the last 10 does not count") {
    stet::Versioned settings{Settings{}};
    commit_ports(settings, 15);
    REQUIRE(settings.snapshot("fifteenth"));
    commit_ports(settings, 20);
    CHECK(numbers(settings) == Numbers{20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10});
    CHECK(settings.size() == 11);
    REQUIRE(settings.release("fifteenth"));
    CHECK(numbers(settings) == Numbers{20, 19, 18, 17, 16, 15, 14, 13, 12, 11});
    CHECK(settings.size() == 10);
}

TEST_CASE("size(): the revisions that are kept, each counted once") {
    stet::Versioned settings{Settings{}};
    CHECK(settings.size() == 1);
    REQUIRE(settings.snapshot("first"));
    REQUIRE(settings.snapshot("first again"));
    CHECK(settings.size() == 1);
    commit_ports(settings, 5);
    CHECK(settings.size() == 5);
    commit_ports(settings, 30);
    CHECK(settings.size() == 11);
    REQUIRE(settings.prune(2));
    CHECK(settings.size() == 3);
    REQUIRE(settings.release("first"));
    CHECK(settings.size() == 3);
    REQUIRE(settings.release("first again"));
    CHECK(settings.size() == 2);
}

TEST_CASE("snapshot(name): a name is used once; release(name) frees it and its revision") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.snapshot("mine"));
    const auto twice = settings.snapshot("mine");
    REQUIRE_FALSE(twice);
    CHECK(stet::text(twice.error()) ==
          "a snapshot has this name already: 'mine'\n  fix: choose another name, or release(name) the old one first");
    commit_ports(settings, 3);
    REQUIRE(settings.prune(1));
    CHECK(settings.at(1));
    CHECK(settings.release("mine") == Number{3});
    CHECK(settings.at(1).error().code() == Errc::revision_pruned);
    CHECK(settings.snapshots().empty());
    CHECK(settings.release("mine").error().code() == Errc::no_such_snapshot);
    CHECK(settings.snapshot("mine") == Number{3});
    REQUIRE(settings.release("mine"));
    CHECK(settings.at(3));  // the head stays
}

TEST_CASE("prune(keep): the newest stay; the head always") {
    stet::Versioned settings{Settings{}};
    commit_ports(settings, 5);
    CHECK(settings.prune(9) == std::size_t{0});
    CHECK(settings.prune(3) == std::size_t{2});
    CHECK(numbers(settings) == Numbers{5, 4, 3});
    CHECK(settings.prune(0) == std::size_t{2});
    CHECK(numbers(settings) == Numbers{5});
    CHECK(settings.current().port == 5);
    commit_ports(settings, 17);
    CHECK(numbers(settings) == Numbers{17, 16, 15, 14, 13, 12, 11, 10, 9, 8});
    CHECK(settings.at(8)->value().port == 8);
    CHECK(settings.prune(4) == std::size_t{6});
    commit_ports(settings, 18);
    CHECK(numbers(settings) == Numbers{18, 17, 16, 15, 14});
    CHECK(settings.at(14)->value().port == 14);
}

TEST_CASE("at(number): any revision that is kept") {
    stet::Versioned settings{Settings{}};
    commit_ports(settings, 12);
    for (int number = 3; number <= 12; ++number) {
        const auto then = settings.at(static_cast<Number>(number));
        REQUIRE(then);
        CHECK(then->revision() == static_cast<Number>(number));
        CHECK(then->value().port == number);
    }
    CHECK(settings.at(2).error().code() == Errc::revision_pruned);
    CHECK(settings.at(2).error().expected() == 2);
    CHECK(settings.at(2).error().actual() == 3);
    CHECK(settings.at(13).error().code() == Errc::no_such_revision);
    CHECK(settings.at(0).error().code() == Errc::no_such_revision);
    CHECK(settings.at("none").error().code() == Errc::no_such_snapshot);
}

TEST_CASE("diff(a, b): any two revisions that are kept, pinned ones included") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.snapshot("first"));
    commit_ports(settings, 12);
    for (const Number from : Numbers{1, 3, 7, 12})
        for (const Number to : Numbers{1, 3, 7, 12}) {
            const auto patch = settings.diff(from, to);
            REQUIRE(patch);
            CHECK(patch->empty() == (from == to));
            CHECK(patch->touches(field<"port">) == (from != to));
        }
    CHECK(stet::text(*settings.diff(1, 12)) == "~ port: 8080 -> 12");
    CHECK(stet::text(*settings.diff(12, 3)) == "~ port: 12 -> 3");
    CHECK(settings.diff(2, 12).error().code() == Errc::revision_pruned);
    CHECK(settings.diff(12, 2).error().code() == Errc::revision_pruned);
    CHECK(settings.diff(12, 13).error().code() == Errc::no_such_revision);
}

TEST_CASE("history({.limit, .since}): newest first") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.snapshot("first"));
    commit_ports(settings, 2);
    REQUIRE(settings.snapshot("second"));
    commit_ports(settings, 14);
    CHECK(numbers(settings) == Numbers{14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 2, 1});
    CHECK(numbers(settings, {.limit = 3}) == Numbers{14, 13, 12});
    CHECK(numbers(settings, {.limit = 11}) == Numbers{14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 2});
    CHECK(numbers(settings, {.limit = 99}).size() == 12);
    CHECK(numbers(settings, {.since = 11}) == Numbers{14, 13, 12});
    CHECK(numbers(settings, {.limit = 2, .since = 11}) == Numbers{14, 13});
    CHECK(numbers(settings, {.since = 14}).empty());
    CHECK(numbers(settings, {.since = 1}) == Numbers{14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 2});
    CHECK(numbers(settings, {.since = 3}) == Numbers{14, 13, 12, 11, 10, 9, 8, 7, 6, 5});
}

TEST_CASE("Change::metadata: comes back with the revision") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.set(field<"port">, 2, {.metadata = {{"ticket", "42"}, {"env", "prod"}}}));
    CHECK(settings.history()[0].metadata == std::vector<stet::Tag>{{"ticket", "42"}, {"env", "prod"}});
    CHECK(settings.at(2)->info().metadata[0] == stet::Tag{"ticket", "42"});
    CHECK(settings.history()[1].metadata.empty());
    REQUIRE(settings.snapshot("tagged"));
    commit_ports(settings, 14);
    CHECK(settings.at("tagged")->info().metadata[1].value == "prod");
}

TEST_CASE("Versioned(Versioned&&): all of it moves") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    commit_ports(settings, 3);
    REQUIRE(settings.snapshot("three"));
    auto moved = std::move(settings);
    CHECK(moved.head() == 3);
    CHECK(moved.current().port == 3);
    CHECK(moved.audit().records().size() == 4);
    CHECK(moved.rollback_to(1) == Number{4});
    CHECK(moved.rollback_to("three") == Number{5});
    CHECK(moved.current().port == 3);
    static_assert(!std::is_copy_constructible_v<stet::Versioned<Settings>>);
}

TEST_CASE("Versioned of a flat struct") {
    stet::Versioned motor{Motor{}};
    CHECK(motor.set(field<"rpm">, 200) == Number{2});
    CHECK(motor.set("pid.kp", 2.5) == Number{3});
    CHECK(motor.commit([](Motor& m) { m.mode = bot::Mode::full; }) == Number{4});
    const auto refused = motor.commit([](Motor& m) {
        m.rpm = 1;
        m.pid.kp = 11;
    });
    REQUIRE_FALSE(refused);
    CHECK(refused.error().violations().size() == 2);
    CHECK(refused.error().violations()[1].path().view() == "pid.kp");
    CHECK(stet::text(refused.error()) ==
          "the change breaks a rule:\n"
          "  rpm is 1, must be in 100..6000\n"
          "  pid.kp is 11, must be in 0..10\n"
          "  fix: correct the fields named in violations(), then commit again");
    const stet::Error common = refused.error();
    CHECK(common.violations().size() == 2);
    CHECK(motor.revert(2) == Number{5});
    CHECK(motor.current().rpm == 3000);
    CHECK(motor.current().pid.kp == 2.5F);
    CHECK(motor.rollback_to(1) == Number{6});
    CHECK(stet::diff(motor.current(), Motor{}).empty());
    CHECK(stet::text(*motor.diff(6, 4)) == "~ rpm: 3000 -> 200\n~ pid.kp: 1 -> 2.5\n~ mode: eco -> full");
}
