// Two people change the same settings: what goes together is merged, what does not is a conflict that can be decided.
#include <stet/stet.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

// [merge]
struct Route {
    std::string host;
    int weight = 1;
};
struct Settings {
    std::string model = "gpt-4";
    int requests = 0;
    std::vector<Route> routes{{"a", 1}, {"b", 1}};
    std::map<std::string, int> limits{{"free", 10}};

    static constexpr auto schema() {
        return stet::fields(stet::field<"requests">(stet::merge_by_sum),  // a counter: both sides count
                            stet::field<"routes">(stet::keyed_by<&Route::host>));
    }
};

int main() {
    stet::Versioned settings{Settings{}};
    const Settings base = settings.current();

    Settings ours = base, theirs = base;
    ours.model = "gpt-4o", ours.requests = 3, ours.routes[1].weight = 5;
    theirs.model = "claude", theirs.requests = 4, theirs.routes.insert(theirs.routes.begin(), {"c", 2});

    const auto merged = stet::merge(base, ours, theirs);
    CHECK(merged.conflicts().size() == 1 && !merged.clean());
    std::printf("%s\n", stet::text(merged.conflicts()[0]).c_str());
    const auto decided = stet::resolve(merged, stet::theirs);
    CHECK(decided && decided.value().model == "claude" && decided.value().requests == 7);
    CHECK(decided.value().routes.size() == 3 && decided.value().routes[2].weight == 5);

    // a commit on an older revision can ask to be merged instead of refused
    CHECK(settings.commit(ours, {.author = "kim"}));
    CHECK(!settings.set("limits[free]", 20, {.expected = 1}));
    CHECK(settings.set("limits[free]", 20, {.author = "dana", .expected = 1, .on_conflict = stet::merge}));

    // undo what one revision changed and keep what came later; what was changed again since is asked about
    CHECK(settings.set(stet::field<"model">, "gpt-5"));
    CHECK(settings.revert(2).error().code() == stet::Errc::merge_conflict);
    const auto plan = settings.plan_revert(2);
    for (const stet::Conflict& conflict : plan->conflicts())
        for (const stet::Suggestion& suggestion : conflict.suggestions())
            std::printf("  %s\n", suggestion.text.c_str());
    CHECK(settings.revert(2, {.reason = "incident 8"}, {stet::ours}));
    CHECK(settings.current().model == "gpt-5" && settings.current().routes[1].weight == 1);
    CHECK(settings.current().limits.at("free") == 20);

    // a dialog with Apply and Cancel
    auto dialog = stet::candidate(settings);
    dialog.edit().model.clear();
    CHECK(settings.current().model == "gpt-5" && dialog.diff().size() == 1 && !dialog.stale());
    dialog.edit().model = "gpt-6";
    CHECK(dialog.commit({.author = "lee"}));
}
// [/merge]
