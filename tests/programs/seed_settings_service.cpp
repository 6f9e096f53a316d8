// A settings service with versioning and rollback: one block for each acceptance criterion.
#include <stet/stet.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::exit(1)))

using stet::Errc;
using stet::field;

namespace {

struct Routing {
    std::string fallback = "general";
    int max_hops = 3;
};
struct Settings {
    std::string default_model = "gpt-4";
    double temperature = 0.2;
    std::string database_url = "postgres://bot:secret@localhost/app";
    Routing routing;

    static constexpr auto schema() {
        return stet::fields(field<&Settings::default_model>(stet::not_empty),
                            field<&Settings::temperature>(stet::in_range(0.0, 2.0)),
                            field<&Settings::database_url>(stet::secret, stet::not_empty),
                            field<"routing.max_hops">(stet::in_range(1, 10)));
    }
};

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// 1. Versioning: every change of a settings struct is a numbered version that is never changed again.
void versioning() {
    stet::Versioned settings{Settings{}};
    CHECK(settings.head() == 1);
    const stet::Snapshot<Settings> first = settings.snapshot();
    CHECK(settings.set(field<"default_model">, "gpt-4o") == stet::Number{2});
    CHECK(settings.set("routing.fallback", "billing") == stet::Number{3});
    CHECK(settings.head() == 3 && settings.current().routing.fallback == "billing");
    CHECK(first.revision() == 1 && first->default_model == "gpt-4" && first->routing.fallback == "general");
    CHECK(settings.at(1)->value().default_model == "gpt-4" && settings.at(2)->value().default_model == "gpt-4o");
    CHECK(settings.set(field<"default_model">, "gpt-4o") == stet::Number{3});  // no change, no version
}

// 2. A snapshot before a risky change, by name or as a handle.
void snapshots() {
    stet::Versioned settings{Settings{}};
    CHECK(settings.snapshot("before-model-change"));
    CHECK(settings.set(field<"default_model">, "gpt-4o"));
    CHECK(settings.snapshot("after"));
    const auto names = settings.snapshots();
    CHECK(names.size() == 2 && names[0] == stet::Pin{"before-model-change", 1} && names[1] == stet::Pin{"after", 2});
    CHECK(settings.at("before-model-change")->value().default_model == "gpt-4");
    auto twice = settings.snapshot("after");
    CHECK(!twice && twice.error().code() == Errc::snapshot_exists);
    CHECK(settings.release("after") && settings.snapshots().size() == 1);
    CHECK(settings.snapshot("after") && settings.at("after")->revision() == 2);
}

// 3. The history keeps the last 10 versions; what has a name stays beyond that.
void last_ten() {
    stet::Versioned settings{Settings{}};
    for (int i = 0; i < 3; ++i) CHECK(settings.set(field<"default_model">, "early " + std::to_string(i)));
    CHECK(settings.snapshot("early"));  // version 4
    for (int i = 0; i < 20; ++i) CHECK(settings.set(field<"default_model">, "late " + std::to_string(i)));
    CHECK(settings.head() == 24);
    const auto history = settings.history();
    CHECK(history.size() == 11 && history.front().number == 24 && history[9].number == 15 && history[10].number == 4);
    CHECK(settings.at(15) && settings.at(15)->value().default_model == "late 10");
    auto pruned = settings.at(14);
    CHECK(!pruned && pruned.error().code() == Errc::revision_pruned && pruned.error().expected() == 14 &&
          pruned.error().actual() == 15);
    CHECK(settings.at(4)->value().default_model == "early 2");

    stet::Versioned few{Settings{}, stet::Memory<Settings, 2>{}};  // or any other number
    for (int i = 0; i < 5; ++i) CHECK(few.set(field<"routing.max_hops">, i + 4));
    CHECK(few.history().size() == 2);
}

// 4. Rollback to a version before, which is a new version itself.
void rollback_to_version() {
    stet::Versioned settings{Settings{}};
    CHECK(settings.set(field<"default_model">, "gpt-4o"));
    CHECK(settings.set(field<"database_url">, "postgres://other"));
    CHECK(settings.rollback({.author = "oncall"}) == stet::Number{4});  // the one before
    CHECK(settings.current().database_url == Settings{}.database_url && settings.current().default_model == "gpt-4o");
    CHECK(settings.rollback_to(1) == stet::Number{5});
    CHECK(settings.current().default_model == "gpt-4");
    const auto last = settings.history({.limit = 1}).front();
    CHECK(last.origin == stet::Origin{stet::Origin::rollback, 4, 1});
    CHECK(settings.rollback() == stet::Number{6} && settings.current().default_model == "gpt-4o");  // undone by another
    auto never = settings.rollback_to(99);
    CHECK(!never && never.error().code() == Errc::no_such_revision && settings.head() == 6);
}

// 5. Rollback to a named snapshot, however long ago.
void rollback_to_snapshot() {
    stet::Versioned settings{Settings{}};
    CHECK(settings.snapshot("before-model-change"));
    for (int i = 0; i < 30; ++i) CHECK(settings.set(field<"default_model">, "model " + std::to_string(i)));
    const auto plan = settings.plan_rollback("before-model-change");
    CHECK(plan && stet::text(plan->patch()) == "~ default_model: \"model 29\" -> \"gpt-4\"" && settings.head() == 31);
    CHECK(settings.rollback_to("before-model-change", {.reason = "incident"}) == stet::Number{32});
    CHECK(settings.current().default_model == "gpt-4" && settings.history({.limit = 1})[0].origin.to == 1);
    auto wrong = settings.rollback_to("before-model-chnge");
    CHECK(!wrong && wrong.error().code() == Errc::no_such_snapshot && wrong.error().nearest() == "before-model-change");
}

// 6. What changed between any two versions, to be read by people.
void diff_visualization() {
    stet::Versioned settings{Settings{}};
    CHECK(settings.commit([](Settings& s) {
        s.default_model = "gpt-4o";
        s.routing.max_hops = 5;
        s.database_url = "postgres://bot:other@localhost/app";
    }));
    const std::string text = stet::text(*settings.diff(1, 2));
    CHECK(text == "~ default_model: \"gpt-4\" -> \"gpt-4o\"\n~ database_url: ••• -> •••\n~ routing.max_hops: 3 -> 5");
    CHECK(stet::text(*settings.diff(2, 1)) != text && settings.diff(2, 2)->empty());
    CHECK(holds(stet::text(*settings.diff(1, 2), {.color = true}), "\x1b[33m~ default_model"));
    CHECK(settings.diff(1, 2)->touches(field<"routing">) && !settings.diff(1, 2)->touches(field<"temperature">));
}

// 7. All or nothing.
void atomic_updates() {
    stet::Versioned settings{Settings{}};
    auto refused = settings.commit([](Settings& s) {
        s.default_model = "gpt-4o";  // good
        s.temperature = 9;           // bad
    });
    CHECK(!refused && stet::equal(settings.current(), Settings{}) && settings.head() == 1);
    auto gave_up = settings.commit([](Settings& s) {
        s.default_model = "gpt-4o";
        return false;
    });
    CHECK(!gave_up && gave_up.error().code() == Errc::gave_up && stet::equal(settings.current(), Settings{}));
    auto late = settings.set(field<"default_model">, "gpt-4o", {.expected = 7});
    CHECK(!late && late.error().expected() == 7 && late.error().actual() == 1);
#if STET_EXCEPTIONS
    bool thrown = false;
    try {
        static_cast<void>(settings.commit([](Settings& s) {
            s.default_model = "gpt-4o";
            throw 1;
        }));
    } catch (int) {
        thrown = true;
    }
    CHECK(thrown && stet::equal(settings.current(), Settings{}) && settings.history().size() == 1);
#endif
}

// 8. Validation before anything is applied, with everything that is wrong.
void validation() {
    stet::Versioned settings{Settings{}};
    Settings bad;
    bad.default_model.clear();
    bad.temperature = -1;
    bad.database_url.clear();
    bad.routing.max_hops = 99;
    CHECK(settings.check(bad).size() == 4);  // asked without doing it
    const auto refused = settings.commit(bad, {.author = "guest"});
    CHECK(!refused && refused.error().code() == Errc::rule_broken);
    const auto& violations = refused.error().violations();
    CHECK(violations.size() == 4);
    CHECK(violations[0].path() == "default_model" && violations[0].rule() == "not_empty");
    CHECK(violations[1].path() == "temperature" && violations[1].value() == "-1" &&
          violations[1].expected() == "must be in 0..2");
    CHECK(violations[2].path() == "database_url" && violations[2].value() == stet::secret_dots);
    CHECK(violations[3].path() == "routing.max_hops");
    CHECK(!holds(stet::text(refused.error()), "secret@"));
    CHECK(!stet::create(bad) && stet::create(Settings{}));
}

// 9. Who changed what, when, and why; what was refused, too; secrets never.
void audit_log() {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    CHECK(settings.snapshot("before", {.author = "admin"}));
    CHECK(
        settings.set(field<"default_model">, "gpt-4o", {.author = "admin", .reason = "upgrade", .source = "console"}));
    CHECK(settings.set(field<"database_url">, "postgres://bot:hidden@db", {.author = "anna"}));
    CHECK(!settings.set(field<"temperature">, 9, {.author = "guest"}));
    CHECK(settings.rollback_to("before", {.author = "oncall", .reason = "incident"}));
    const auto& records = settings.audit().records();
    CHECK(records.size() == 6 && records[0].operation == stet::Operation::create);
    const stet::AuditRecord& change = records[2];
    CHECK(change.sequence == 3 && change.author == "admin" && change.reason == "upgrade" &&
          change.source == "console" && change.time > 0);
    CHECK(change.before == 1 && change.after == 2 && change.changes.size() == 1);
    CHECK(change.changes[0] == stet::AuditedChange{"default_model", "\"gpt-4\"", "\"gpt-4o\""});
    CHECK(records[3].changes[0] ==
          stet::AuditedChange{"database_url", std::string(stet::secret_dots), std::string(stet::secret_dots)});
    CHECK(records[4].outcome == stet::Outcome::refused && holds(records[4].error, "temperature is 9"));
    CHECK(records[5].operation == stet::Operation::rollback && records[5].origin.to == 1);
    CHECK(settings.audit().find({.author = "guest"}).size() == 1);
    CHECK(settings.audit().find({.path = "default_model"}).size() == 2);
    CHECK(settings.audit().find({.outcome = stet::Outcome::refused}).size() == 1);
}

}  // namespace

// 10. The tests pass.
int main() {
    versioning();
    snapshots();
    last_ten();
    rollback_to_version();
    rollback_to_snapshot();
    diff_visualization();
    atomic_updates();
    validation();
    audit_log();
}
