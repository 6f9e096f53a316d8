// What a newcomer reads first. Spelling may improve; behaviour may not change.
#include <stet/stet.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

// [settings]
struct Llm {
    std::string provider = "openai";
    std::string model = "gpt-4";
    double temperature = 0.2;
};
struct Database {
    std::string url = "postgres://localhost/app";
    int pool_size = 10;
};
struct Settings {
    std::string name = "support-bot";
    Llm llm;
    Database database;
    int max_messages = 10;

    static constexpr auto schema() {  // beside the fields, so that no translation unit can miss it
        return stet::fields(stet::field<&Settings::name>(stet::not_empty),
                            stet::field<&Settings::max_messages>(stet::in_range(1, 1000)),
                            stet::field<"llm.temperature">(stet::in_range(0.0, 2.0)),
                            stet::field<"database.url">(stet::secret),
                            stet::field<&Settings::database, &Database::pool_size>(stet::in_range(1, 500)));
    }
};
// [/settings]

using stet::field;

int main() {
    stet::Versioned settings{Settings{}};             // revision 1, the last 10 in memory
    CHECK(settings.snapshot("before-model-change"));  // pins revision 1 under a name

    auto second = settings.commit([](Settings& s) { s.llm.model = "gpt-4o"; },
                                  {.author = "admin", .reason = "upgrade to GPT-4o"});
    CHECK(second && *second == 2);

    auto third = settings.set(field<"max_messages">, 20, {.author = "admin", .reason = "longer memory"});
    CHECK(third && *third == 3);  // a recorded edit: costs what changed

    auto refused = settings.commit(
        [](Settings& s) {
            s.llm.temperature = 9;
            s.name.clear();
        },
        {.author = "guest", .reason = "why not"});
    CHECK(!refused && refused.error().violations().size() == 2);  // both, with paths; nothing changed
    std::cout << refused.error() << '\n';
    CHECK(settings.head() == 3);

    auto stale = settings.set(field<"name">, "other", {.author = "guest", .expected = 2});
    CHECK(!stale && stale.error().code() == stet::Errc::revision_conflict);  // expected 2, actual 3

    auto typed = settings.set("llm.model", "o1", {.author = "admin"});  // a path known only at run time
    CHECK(typed && settings.current().llm.model == "o1");               // revision 4
    CHECK(!settings.set("llm.modle", "o1"));                            // unknown field, nearest: llm.model

    auto changes = settings.diff(1, 4);
    CHECK(changes && changes->touches(field<"llm.model">));
    std::cout << stet::text(*changes) << '\n';  // ~ llm.model: "gpt-4" -> "o1" ...

    auto kept = settings.revert(3, {.author = "oncall", .reason = "too long"});  // undo 3, keep 4
    CHECK(kept && settings.current().max_messages == 10 && settings.current().llm.model == "o1");

    auto plan = settings.plan_rollback("before-model-change");  // dry run: shows exactly what would happen
    CHECK(plan);
    std::cout << stet::text(plan->patch()) << '\n';
    auto sixth = settings.execute(*plan, {.author = "oncall", .reason = "incident 42"});
    CHECK(sixth && *sixth == 6 && settings.current().llm.model == "gpt-4");
    CHECK(!settings.execute(*plan));  // the head has moved: the plan has expired

    for (const auto& revision : settings.history({.limit = 5}))  // newest first
        std::cout << revision.number << ' ' << revision.author << ": " << revision.reason << '\n';
    CHECK(settings.history({.limit = 1}).begin()->origin.kind == stet::Origin::rollback);

    stet::Snapshot<Settings> snapshot = settings.snapshot();  // a handle that stays valid and unchanged
    CHECK(snapshot.revision() == 6 && snapshot->name == "support-bot");
}
