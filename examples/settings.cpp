// A bot's settings, from a file: changed, refused, rolled back, and kept with their history.
//     settings examples/data/bot.json
#include "settings.hpp"

#include <stet/with/nlohmann_json.hpp>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

using stet::field;

const stet::TextStyle style{.color = std::getenv("NO_COLOR") == nullptr};

void title(const std::string& text) {
    std::cout << (style.color ? "\n\x1b[1m" : "\n") << text << (style.color ? "\x1b[0m\n" : "\n");
}

std::string date(stet::Time time) {
    const std::time_t seconds = time / 1'000'000'000;
    char text[32] = "";
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", std::gmtime(&seconds));
    return text;
}

// The value; or one message with everything that is wrong, and the end of the program.
template <class R>
auto value_or_exit(const std::string& file, R result) {
    if (result) return *std::move(result);
    std::cerr << file << ": " << result.error() << '\n';
    std::exit(1);
}

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in || std::filesystem::is_directory(file)) {
        std::cerr << file.string() << ": there is no such file, or it cannot be read\n";
        std::exit(1);
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

int main(int count, char** arguments) {
    if (count != 2) {
        std::cerr << "settings: give one file: settings examples/data/bot.json\n";
        return 1;
    }
    const std::string file = arguments[1];
    Settings loaded = value_or_exit(file, stet::parse_json<Settings>(read(file), {.comments = true}));
    auto settings = value_or_exit(
        file,
        stet::create(std::move(loaded), {.author = "setup", .reason = "loaded", .source = file}, stet::AuditLog{}));
    const std::string model = settings.current().llm.model;

    title("Loaded");
    std::cout << settings.current().name << ": " << stet::leaf_count<Settings> << " fields, revision "
              << settings.head() << ", model " << model << ", database "
              << stet::to_json(settings.current(), {.secrets = stet::Secrets::redact})["database"]["url"] << '\n';

    title("Two changes, after a snapshot by name");
    CHECK(settings.snapshot("before-model-change", {.author = "admin"}));
    auto upgraded = settings.commit(
        [](Settings& s) {
            s.llm.model = "gpt-4o";
            s.llm.api_key = "sk-proj-another0ne";
            s.limits["gpt-4o"] = {.requests_per_minute = 300, .tokens_per_minute = 150'000, .dollars_per_day = 40};
            s.features.vision = true;
            s.routes.insert(s.routes.begin(), {.id = 40, .match = "photo|picture", .to = "vision", .priority = 70});
            s.tools.pop_back();
        },
        {.author = "admin", .reason = "upgrade to GPT-4o", .metadata = {{"ticket", "OPS-311"}}});
    CHECK(upgraded && *upgraded == 2);
    auto slower = settings.set("routes[1].priority", 20, {.author = "anna", .reason = "orders can wait"});
    CHECK(slower && *slower == 3);
    std::cout << stet::text(*settings.diff(1, 3), style) << '\n';

    title("A bad change is refused, with everything that is wrong with it");
    auto refused = settings.commit(
        [](Settings& s) {
            s.llm.model = "gpt-5-turbo";
            s.llm.temperature = 9;
            s.database.url.clear();
            s.rate_limits.per_user_per_minute = 1000;
            s.limits["gpt-4o"].dollars_per_day = 4000;
            s.routes.front().to.clear();
        },
        {.author = "guest", .reason = "make it creative"});
    CHECK(!refused && refused.error().violations().size() == 6 && settings.head() == 3);
    std::cout << refused.error() << '\n';

    auto late = settings.set(field<"llm.retries">, 5, {.author = "ben", .reason = "flaky network", .expected = 2});
    CHECK(!late && late.error().code() == stet::Errc::revision_conflict);
    auto typo = settings.set("llm.temprature", 0.5, {.author = "ben"});
    CHECK(!typo && typo.error().nearest() == "llm.temperature");
    std::cout << late.error() << '\n' << typo.error() << '\n';

    title("What going back would do");
    auto plan = settings.plan_rollback("before-model-change");
    CHECK(plan && !plan->violations().refuse());
    std::cout << stet::text(plan->patch(), style) << '\n';
    auto back = settings.execute(*plan, {.author = "oncall", .reason = "answers got slow"});
    CHECK(back && *back == 4 && settings.current().llm.model == model &&
          stet::equal(settings.current(), settings.at(1)->value()));

    title("History");
    for (const stet::Revision& revision : settings.history()) {
        std::cout << "  " << revision.number << "  " << date(revision.time) << "  " << revision.author << ": "
                  << revision.reason;
        if (revision.origin.kind == stet::Origin::rollback)
            std::cout << " (rolled back from " << revision.origin.from << " to " << revision.origin.to << ')';
        for (const stet::Tag& tag : revision.metadata) std::cout << " [" << tag.key << ' ' << tag.value << ']';
        std::cout << '\n';
    }

    title("Audit trail");
    for (const stet::AuditRecord& record : settings.audit().records()) {
        std::cout << "  " << record.sequence << "  " << record.author << ' ' << stet::enum_name(record.operation) << ' '
                  << stet::enum_name(record.outcome) << (record.subject.empty() ? "" : " '" + record.subject + "'");
        if (!record.changes.empty()) std::cout << ", " << record.changes.size() << " changes";
        if (!record.error.empty()) std::cout << ": " << record.error.substr(0, record.error.find('\n'));
        std::cout << '\n';
    }
    CHECK(settings.audit().find({.author = "guest"}).size() == 1);

    title("Kept in a file, and read back");
    const auto folder =
        std::filesystem::temp_directory_path() / ("stet-settings-" + std::to_string(std::random_device{}()));
    std::filesystem::create_directory(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);  // the state holds secrets as they are
    const auto state = folder / "state.json";
    std::ofstream(state) << stet::save_state(settings).dump(2) << '\n';
    std::cout << "state of " << settings.history().size() << " revisions: " << std::filesystem::file_size(state)
              << " bytes\n";

    auto memory = value_or_exit(
        state.string(), stet::load_state<Settings>(value_or_exit(state.string(), stet::parse_json<>(read(state)))));
    auto again = value_or_exit(state.string(), stet::open<Settings>(std::move(memory)));
    CHECK(again.head() == 4 && again.history() == settings.history() && again.snapshots() == settings.snapshots());
    CHECK(stet::text(*again.diff(1, 3)) == stet::text(*settings.diff(1, 3)));
    auto undone = again.rollback({.author = "admin", .reason = "the network was to blame"});
    CHECK(undone && *undone == 5 && again.current().llm.model == "gpt-4o");
    std::cout << "and on it goes: revision " << again.head() << ", model " << again.current().llm.model << '\n';
    std::filesystem::remove_all(folder);
}
