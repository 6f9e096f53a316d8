// Versioned, where two changes meet: reverts, rollbacks of some fields, commits on older revisions.

#include <stet/versioned.hpp>

#include <stet/patch/then_records.hpp>
#include <stet/policy/audit_log.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using stet::Errc;
using stet::field;
using stet::Side;

namespace {

struct Llm {
    std::string model = "gpt-4";
    double temperature = 0.5;
};
struct Route {
    int id = 0;
    int weight = 0;
};
struct Settings {
    Llm llm;
    int low = 1;
    int high = 9;
    std::map<std::string, int> limits{{"a", 1}, {"b", 2}};
    std::vector<Route> routes{{1, 10}, {2, 20}};
    int cache = 0;

    static constexpr auto schema() {
        return stet::fields(field<&Settings::routes>(stet::keyed_by<&Route::id>),
                            field<&Settings::cache>(stet::transient),
                            stet::check<&Settings::low, &Settings::high>(
                                "low must not exceed high", [](int least, int most) { return least <= most; }));
    }
};

}  // namespace

TEST_CASE("revert keeps what came later, in the same container too") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.commit([](Settings& s) { s.routes.insert(s.routes.begin(), {9, 90}); }));  // 2
    REQUIRE(settings.commit([](Settings& s) { s.routes[2].weight = 21; }));                     // 3
    REQUIRE(settings.commit([](Settings& s) { s.limits["c"] = 3; }));                           // 4
    REQUIRE(settings.revert(2));
    REQUIRE(settings.current().routes.size() == 2);
    CHECK(settings.current().routes[1].weight == 21);
    CHECK(settings.current().limits.size() == 3);
    CHECK(settings.history({.limit = 1})[0].origin == stet::Origin{stet::Origin::revert, 2, 0});
}

TEST_CASE("revert stops at a conflict, which the plan shows, and goes on with a decision") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.set(field<"llm.model">, "gpt-4o"));
    REQUIRE(settings.commit([](Settings& s) {
        s.llm.model = "claude";
        s.limits["a"] = 7;
    }));
    const auto refused = settings.revert(2);
    REQUIRE(refused.error().code() == Errc::merge_conflict);
    CHECK(refused.error().subject() == "llm.model");
    CHECK(settings.head() == 3);

    const auto plan = settings.plan_revert(2);
    REQUIRE(plan->conflicts().size() == 1);
    CHECK(plan->conflicts()[0].base() == "\"gpt-4o\"");
    CHECK(plan->conflicts()[0].ours() == "\"claude\"");
    CHECK(plan->conflicts()[0].theirs() == "\"gpt-4\"");
    CHECK(settings.execute(*plan).error().code() == Errc::merge_conflict);

    const auto decided = settings.plan_revert(2, {Side::theirs});
    CHECK_FALSE(decided->conflicts()[0].open());
    CHECK(settings.execute(*decided).value() == 4);
    CHECK(settings.current().llm.model == "gpt-4");
    CHECK(settings.current().limits.at("a") == 7);
    REQUIRE(settings.rollback());
    CHECK(settings.revert(2, {}, {Side::ours}).value() == 5);  // nothing is left to undo
    CHECK(settings.current().llm.model == "claude");
}

TEST_CASE("revert of a range undoes all of it and nothing else") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.set(field<"low">, 2));                              // 2
    REQUIRE(settings.set(field<"low">, 3));                              // 3
    REQUIRE(settings.commit([](Settings& s) { s.limits.erase("b"); }));  // 4
    REQUIRE(settings.set(field<"high">, 30));                            // 5
    CHECK(settings.plan_revert(2, 4)->patch().size() == 2);
    REQUIRE(settings.revert(2, 4));
    CHECK(settings.current().low == 1);
    CHECK(settings.current().limits.at("b") == 2);
    CHECK(settings.current().high == 30);
    CHECK(settings.history({.limit = 1})[0].origin == stet::Origin{stet::Origin::revert, 2, 4});
    CHECK(settings.revert(4, 2).error().code() == Errc::no_such_revision);
    CHECK(settings.revert(2, 99).error().code() == Errc::no_such_revision);
}

TEST_CASE("revert is refused where the combination breaks a rule") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.set(field<"high">, 20));
    REQUIRE(settings.set(field<"low">, 15));
    CHECK(settings.revert(2).error().code() == Errc::rule_broken);
    CHECK(settings.plan_revert(2)->violations().size() == 1);
}

TEST_CASE("rollback_only and rollback_keeping: some fields only, inside containers too") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.commit([](Settings& s) {
        s.llm = {"x", 0.9};
        s.low = 5;
        s.limits["a"] = 100;
        s.cache = 3;
    }));
    CHECK(settings.plan_rollback_only(1, {field<"llm">})->patch().size() == 2);
    REQUIRE(settings.rollback_only(1, {field<"llm">, stet::Path<Settings>::parse("limits[a]").value()}));
    CHECK(settings.current().llm.model == "gpt-4");
    CHECK(settings.current().limits.at("a") == 1);
    CHECK(settings.current().low == 5);
    REQUIRE(settings.rollback_to(2));
    const auto plan = settings.plan_rollback_keeping(1, {field<"llm.model">});
    CHECK(plan->patch().size() == 3);
    CHECK_FALSE(plan->patch().touches(field<"llm.model">));
    REQUIRE(settings.rollback_keeping(1, {field<"llm.model">}));
    CHECK(settings.current().llm.model == "x");
    CHECK(settings.current().llm.temperature == 0.5);
    CHECK(settings.current().low == 1);
    CHECK(settings.current().cache == 3);  // transient fields stay
    REQUIRE(settings.commit([](Settings& s) { s.limits.erase("a"); }));
    CHECK(settings.rollback_only(1, {stet::Path<Settings>::parse("limits[a]").value()}).error().code() ==
          Errc::no_such_element);
    CHECK(settings.rollback_only(99, {field<"llm">}).error().code() == Errc::no_such_revision);
}

TEST_CASE("{.expected = 2, .on_conflict = stet::merge}: made on revision 2, merged with what came after") {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    REQUIRE(settings.set(field<"llm.model">, "gpt-4o"));
    CHECK(settings.set(field<"low">, 2, {.expected = 1}).error().code() == Errc::revision_conflict);
    CHECK(settings.set(field<"low">, 2, {.expected = 1, .on_conflict = stet::merge}).value() == 3);
    CHECK(
        settings.commit([](Settings& s) { s.limits["a"] = 4; }, {.expected = 1, .on_conflict = stet::merge}).value() ==
        4);
    Settings whole;
    whole.llm.temperature = 0.1;
    CHECK(settings.commit(whole, {.expected = 1, .on_conflict = stet::merge}).value() == 5);
    CHECK(settings.set("limits[b]", 6, {.expected = 1, .on_conflict = stet::merge}).value() == 6);
    const Settings& now = settings.current();
    CHECK(now.llm.model == "gpt-4o");
    CHECK(now.llm.temperature == 0.1);
    CHECK(now.low == 2);
    CHECK(now.limits == std::map<std::string, int>{{"a", 4}, {"b", 6}});

    const auto conflict = settings.set("limits[b]", 8, {.expected = 1, .on_conflict = stet::merge});
    REQUIRE(conflict.error().code() == Errc::merge_conflict);
    CHECK(conflict.error().subject() == "limits[\"b\"]");
    CHECK(settings.set(field<"high">, 1, {.expected = 1, .on_conflict = stet::merge}).error().code() ==
          Errc::rule_broken);  // alone it would fit
    CHECK(settings.set(field<"low">, 2, {.expected = 99, .on_conflict = stet::merge}).error().code() ==
          Errc::no_such_revision);
    CHECK(settings.set("limits[z]", 8, {.expected = 1, .on_conflict = stet::merge}).error().code() ==
          Errc::no_such_element);
    CHECK(settings.head() == 6);
}

TEST_CASE("revert of what has no effect any more makes no revision") {
    struct List {
        std::vector<int> numbers;
    };
    stet::Versioned list{List{{2, 1}}};
    REQUIRE(list.commit(List{{1, 2}}));  // 2: a number changed places
    REQUIRE(list.commit(List{{2}}));     // 3: and is alone
    const auto plan = list.plan_revert(2);
    REQUIRE(plan);
    CHECK(plan->patch().empty());
    CHECK(*list.revert(2) == 3);
}
