// Bot configurations with versions: every call and every error that somebody who comes from a version manager of
// dictionaries looks for, under the name it has there.
#include <stet/stet.hpp>
#include <stet/with/nlohmann_json.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::exit(1)))

using stet::Errc;
using stet::field;
using Json = nlohmann::json;

namespace {

struct Llm {
    std::string provider = "openai";
    std::string model = "gpt-4";
};
struct Memory {
    std::string type = "buffer";
    int max_messages = 10;
};
struct Config {
    std::string name = "SupportBot";
    Llm llm;
    Memory memory;
    std::map<std::string, std::string> extra;

    static constexpr auto schema() {
        return stet::fields(field<&Config::name>(stet::not_empty),
                            field<"memory.max_messages">(stet::in_range(1, 1000)));
    }
};
using Manager = stet::Versioned<Config>;

const Config claude{.name = "SupportBot", .llm = {"anthropic", "claude-3-sonnet"}, .memory = {}, .extra = {}};

// create(): once, with reason, author and metadata.
Manager created() {
    auto manager = stet::create(
        Config{}, {.author = "configbot", .reason = "Initial bot configuration", .metadata = {{"source", "wizard"}}});
    CHECK(manager && manager->head() == 1);
    return *std::move(manager);
}

void config_version() {
    const Manager manager = created();
    const auto version = manager.at(1);  // get_version(1)
    CHECK(version && version->revision() == 1 && version->value().llm.model == "gpt-4");
    const stet::Revision& info = version->info();
    CHECK(info.time > 1'500'000'000'000'000'000 && info.reason == "Initial bot configuration");
    CHECK(info.previous == 0 && info.author == "configbot");  // None
    CHECK(info.metadata == std::vector<stet::Tag>{{"source", "wizard"}});
    CHECK(info.origin.kind == stet::Origin::create);
}

void create_only_once() {
    Manager manager = created();
    auto storage = std::move(manager).release_storage();
    auto again = stet::create(Config{}, {}, storage);  // ValueError
    CHECK(!again && again.error().code() == Errc::already_created);
    auto opened = stet::open<Config>(std::move(storage));
    CHECK(opened && opened->head() == 1);
    Config nameless;
    nameless.name.clear();
    CHECK(!stet::create(nameless));  // outside data is checked
}

void update_replaces() {
    Manager manager = created();
    auto second = manager.commit(claude, {.author = "admin", .reason = "Switch to Claude"});
    CHECK(second == stet::Number{2});
    CHECK(manager.at(*second)->info().previous == 1);
    CHECK(manager.current().llm.model == "claude-3-sonnet");  // current_config
    CHECK(manager.at(1)->value().llm.model == "gpt-4");       // immutable
}

void optimistic_locking() {
    Manager manager = created();
    CHECK(manager.commit(claude, {.expected = 1}) == stet::Number{2});
    Config mine;
    mine.memory.max_messages = 99;
    auto conflict = manager.commit(mine, {.reason = "My update", .expected = 1});  // VersionConflictError
    CHECK(!conflict && conflict.error().code() == Errc::revision_conflict);
    CHECK(conflict.error().expected() == 1 && conflict.error().actual() == 2);
    CHECK(stet::text(conflict.error()).find("expected revision 1, the head is 2") != std::string::npos);
    CHECK(manager.head() == 2 && stet::equal(manager.current(), claude));
    auto retried =
        manager.commit([](Config& c) { c.memory.max_messages = 99; }, {.expected = conflict.error().actual()});
    CHECK(retried == stet::Number{3} && manager.current().llm.provider == "anthropic");
    CHECK(!manager.rollback_to(1, {.expected = 2}) && !manager.rollback({.expected = 2}) && manager.head() == 3);
}

void rollback() {
    Manager manager = created();
    CHECK(manager.commit(claude) && manager.set(field<"memory.max_messages">, 50));
    auto fourth = manager.rollback_to(1, {.author = "admin", .reason = "Reverting to stable configuration"});
    CHECK(fourth == stet::Number{4});
    CHECK(stet::equal(manager.at(4)->value(), manager.at(1)->value()));
    const stet::Revision info = manager.at(4)->info();
    CHECK(info.origin.kind == stet::Origin::rollback && info.origin.from == 3 &&
          info.origin.to == 1);  // rollback_from, rollback_to
    CHECK(info.author == "admin" && info.previous == 3);
}

void querying() {
    Manager manager = created();
    for (int i = 0; i < 6; ++i)
        CHECK(manager.set(field<"memory.max_messages">, 20 + i, {.reason = "Step " + std::to_string(i)}));
    CHECK(manager.head() == 7);  // current_version
    const auto history = manager.history();
    CHECK(history.size() == 7 && history.front().number == 7 &&
          history.back().number == 1);  // len(manager), newest first
    const auto recent = manager.history({.limit = 5});
    CHECK(recent.size() == 5 && recent.front().number == 7 && recent.back().number == 3);
    const auto since = manager.history({.since = 2});
    CHECK(since.size() == 5 && since.back().number == 3);
    CHECK(manager.history({.limit = 2, .since = 2}).size() == 2 && manager.history({.since = 7}).empty());
}

void missing_versions() {
    Manager manager = created();
    auto missing = manager.at(999);  // None
    CHECK(!missing && missing.error().code() == Errc::no_such_revision && missing.error().expected() == 999);
    CHECK(!manager.at(stet::Number{0}));
    auto nowhere = manager.rollback_to(999);  // ValueError
    CHECK(!nowhere && nowhere.error().code() == Errc::no_such_revision);
    CHECK(!manager.diff(1, 999) && !manager.diff(999, 1) && manager.head() == 1);
    for (int i = 0; i < 12; ++i) CHECK(manager.set(field<"memory.max_messages">, 20 + i));
    auto pruned = manager.at(1);  // was there once: another answer
    CHECK(!pruned && pruned.error().code() == Errc::revision_pruned && pruned.error().actual() == 4);
}

// The manager's dictionary: from_version, to_version, added, removed, changed; changed has every field on its own.
template <class Versions>
Json comparison(const Versions& manager, stet::Number from, stet::Number to) {
    const auto patch = manager.diff(from, to);
    CHECK(patch);
    Json out = {{"from_version", from},
                {"to_version", to},
                {"added", Json::object()},
                {"removed", Json::object()},
                {"changed", Json::object()}};
    patch->visit([&](const stet::PathView& path, const auto& before, const auto& after) {
        std::string name;
        stet::Writer(name) << path;
        constexpr bool came = std::is_same_v<std::remove_cvref_t<decltype(before)>, stet::Absent>;
        constexpr bool went = std::is_same_v<std::remove_cvref_t<decltype(after)>, stet::Absent>;
        if constexpr (came) out["added"][name] = stet::to_json(after);
        else if constexpr (went) out["removed"][name] = stet::to_json(before);
        else out["changed"][name] = {{"from", stet::to_json(before)}, {"to", stet::to_json(after)}};
    });
    return out;
}

void comparing() {
    Manager manager = created();
    Config next = claude;
    next.extra = {{"tone", "kind"}, {"region", "eu"}};
    CHECK(manager.commit(next));
    next.extra.erase("tone");
    CHECK(manager.commit(next));
    CHECK(comparison(manager, 1, 2) == Json::parse(R"({"from_version": 1, "to_version": 2, "removed": {},
        "added": {"extra[\"region\"]": "eu", "extra[\"tone\"]": "kind"},
        "changed": {"llm.provider": {"from": "openai", "to": "anthropic"},
                    "llm.model": {"from": "gpt-4", "to": "claude-3-sonnet"}}})"));
    CHECK(comparison(manager, 2, 3)["removed"] == Json::parse(R"({"extra[\"tone\"]": "kind"})"));
    CHECK(comparison(manager, 3, 2)["added"] == Json::parse(R"({"extra[\"tone\"]": "kind"})"));
    CHECK(comparison(manager, 2, 2)["changed"].empty());
    // get_version_comparison()
    const Json ui = {{"from", {{"version", 1}, {"config", stet::to_json(manager.at(1)->value())}}},
                     {"to", {{"version", 2}, {"config", stet::to_json(manager.at(2)->value())}}},
                     {"changes", comparison(manager, 1, 2)}};
    CHECK(ui["to"]["config"]["llm"]["model"] == "claude-3-sonnet");
}

void serialization() {
    Manager manager = created();
    CHECK(manager.commit(
        claude, {.author = "admin", .reason = "Switch to Claude", .source = "cli", .metadata = {{"ticket", "7"}}}));
    CHECK(manager.rollback_to(1) && manager.snapshot("stable"));
    const std::string text = stet::save_state(manager).dump(2);  // to_dict, json.dump

    const auto parsed = stet::parse_json<>(text);  // json.load, from_dict
    CHECK(parsed);
    auto memory = stet::load_state<Config>(*parsed);
    CHECK(memory);
    auto restored = stet::open<Config>(std::move(*memory));
    CHECK(restored && restored->head() == 3 && restored->history() == manager.history());
    CHECK(stet::equal(restored->current(), manager.current()) &&
          comparison(*restored, 1, 2) == comparison(manager, 1, 2));
    CHECK(restored->at(3)->info().origin == stet::Origin{stet::Origin::rollback, 2, 1});
    CHECK(restored->at("stable")->revision() == 3);
    CHECK(restored->commit(claude) == stet::Number{4} && manager.head() == 3);
    Json damaged = *parsed;
    damaged["revisions"][1].erase("value");
    const auto refused = stet::load_state<Config>(damaged);
    CHECK(!refused && refused.error().violations()[0].path() == "revisions[1].value");
}

// ConfigBot: create the first time, update from then on.
class SaveConfigTool {
public:
    struct Saved {
        stet::Number version;
        stet::Time saved_at;
    };
    stet::Result<Saved> execute(const Config& config, std::string_view reason = "User save") {
        const stet::Change change{.author = "configbot", .reason = reason};
        if (!manager_) {
            auto first = stet::create(config, change);
            if (!first) return stet::Failure(first.error());
            manager_.emplace(*std::move(first));
        } else if (auto next = manager_->commit(config, change); !next) return stet::Failure(next.error());
        return Saved{manager_->head(), manager_->snapshot().info().time};
    }
    const Manager& manager() const { return *manager_; }

private:
    std::optional<Manager> manager_;  // none as long as there is no version
};

void config_bot() {
    SaveConfigTool tool;
    Config bad;
    bad.memory.max_messages = 0;
    CHECK(!tool.execute(bad));
    auto first = tool.execute(Config{}, "First save");
    CHECK(first && first->version == 1 && first->saved_at > 0);
    auto second = tool.execute(claude);
    CHECK(second && second->version == 2 && second->saved_at >= first->saved_at);
    auto refused = tool.execute(bad);
    CHECK(!refused && refused.error().code() == Errc::rule_broken);
    CHECK(tool.execute(Config{})->version == 3);
    const auto history = tool.manager().history();
    CHECK(history[1].author == "configbot" && history[1].reason == "User save" && history[2].reason == "First save");
}

void audit_trail() {
    Manager manager = created();
    CHECK(manager.commit(claude, {.author = "admin", .reason = "Switch to Claude"}));
    CHECK(manager.set(field<"name">, "Bot", {.author = "anna"}));
    std::string trail;
    for (const stet::Revision& version : manager.history()) {
        trail += 'v' + std::to_string(version.number) + ' ' + version.author + ':';
        if (version.previous != 0) {
            const Json compared = comparison(manager, version.previous, version.number);
            for (const auto& [name, change] : compared["changed"].items()) trail += ' ' + name;
        }
        trail += '\n';
    }
    CHECK(trail == "v3 anna: name\nv2 admin: llm.model llm.provider\nv1 configbot:\n");
}

void safe_experimentation() {
    Manager manager = created();
    const stet::Number stable = manager.head();
    Config experimental = claude;
    experimental.memory.max_messages = 1000;
    CHECK(manager.commit(experimental, {.reason = "Experiment"}));
    const bool works = manager.current().memory.max_messages < 500;  // test_config(current_config)
    if (!works) CHECK(manager.rollback_to(stable, {.reason = "Experiment failed"}));
    CHECK(manager.head() == 3 && stet::equal(manager.current(), Config{}));
    CHECK(manager.history({.limit = 1})[0].reason == "Experiment failed");
}

}  // namespace

int main() {
    config_version();
    create_only_once();
    update_replaces();
    optimistic_locking();
    rollback();
    querying();
    missing_versions();
    comparing();
    serialization();
    config_bot();
    audit_trail();
    safe_experimentation();
}
