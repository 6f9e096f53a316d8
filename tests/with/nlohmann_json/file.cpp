#include <stet/with/nlohmann_json/file.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/shared.hpp>
#include <stet/test/files.hpp>

#include "../../folder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

using nlohmann::json;
using stet::Errc;
using stet::field;
using stet::if_empty;
using stet::Number;
using stet::Opening;
using stet::test::SimulatedFiles;

namespace {

struct Llm {
    std::string model = "gpt-4o-mini";
    double temperature = 0.7;
    bool operator==(const Llm&) const = default;
};
struct Settings {
    int port = 8080;
    std::string password{};
    Llm llm{};
    std::vector<std::string> hosts{};
    int visits = 0;

    static constexpr auto schema() {
        return stet::fields(field<"port">(stet::in_range(1, 65535)), field<"password">(stet::secret),
                            field<"visits">(stet::transient));
    }
    bool operator==(const Settings&) const = default;
};
using File = stet::BasicJsonFile<SimulatedFiles>;

template <class Result>
std::string text_of(const Result& result) {
    std::string text;
    result.error().write(stet::Writer(text));
    return text;
}
File in(SimulatedFiles files, std::size_t keep = 50) { return File("settings.json", {.keep = keep}, files); }
auto opened(SimulatedFiles files) { return stet::open<Settings>(in(files), if_empty(Settings{})); }
json shown(const SimulatedFiles& files) { return json::parse(files.contents().at("settings.json")); }

}  // namespace

TEST_CASE("JsonFile: revisions survive the program") {
    SimulatedFiles files;
    {
        auto settings = opened(files);
        REQUIRE(settings);
        CHECK(settings->opening() == Opening::created);
        REQUIRE(settings->set(field<"port">, 81, {.author = "ann", .reason = "to try it", .metadata = {{"a", "b"}}}));
        REQUIRE(settings->snapshot("good"));
        REQUIRE(settings->commit([](Settings& s) {
            s.llm.model = "gpt-4o";
            s.hosts = {"a", "b"};
        }));
        CHECK(shown(files)["llm"]["model"] == "gpt-4o");
        CHECK(!shown(files).contains("visits"));
        REQUIRE(settings->rollback_to("good"));
    }
    auto settings = opened(files.power_loss(5));
    REQUIRE(settings);
    CHECK(settings->opening() == Opening::opened);
    CHECK(settings->head() == 4);
    CHECK(settings->current().port == 81);
    CHECK(settings->current().hosts.empty());
    CHECK(settings->at(3)->value().hosts == std::vector<std::string>{"a", "b"});
    CHECK(settings->at("good")->revision() == 2);
    const auto history = settings->history();
    REQUIRE(history.size() == 4);
    CHECK(history[0].origin == stet::Origin{stet::Origin::rollback, 3, 2});
    CHECK(history[2].author == "ann");
    CHECK(history[2].metadata == std::vector<stet::Tag>{{"a", "b"}});
    REQUIRE(settings->revert(2));
    CHECK(settings->current() == Settings{});
}

TEST_CASE("JsonFile: the file alone is the first revision") {
    SimulatedFiles files;
    files.put("settings.json", R"({"port": 99})");  // what is missing has its default
    auto settings = opened(files);
    REQUIRE(settings);
    CHECK(settings->opening() == Opening::opened);
    CHECK(settings->current().port == 99);
    CHECK(settings->current().llm == Llm{});
    CHECK(settings->head() == 1);
    CHECK(settings->history()[0].source == "file");
    CHECK(settings->history()[0].origin.kind == stet::Origin::create);
    CHECK(shown(files)["llm"]["model"] == "gpt-4o-mini");  // with all that it can say
    CHECK(files.contents().count("settings.json.rejected") == 0);

    for (const char* const broken : {"{\n\"port\": 1,\n\"port\": 2}", "{\"prot\": 1}", "[]", "", "{"}) {
        SimulatedFiles other;
        other.put("settings.json", broken);
        const auto before = other.contents();
        const auto refused = opened(other);
        REQUIRE(!refused);
        CHECK(refused.error().code() == Errc::malformed);
        CHECK(text_of(refused).find("settings.json: ") != std::string::npos);
        CHECK(other.contents().at("settings.json") == broken);
    }
    SimulatedFiles wrong;  // it keeps no rule
    wrong.put("settings.json", R"({"port": 0})");
    CHECK(opened(wrong).error().code() == Errc::rule_broken);
}

TEST_CASE("take_edit: what is written by hand is a revision with the source file") {
    SimulatedFiles files;
    auto settings = *opened(files);
    CHECK(*stet::take_edit(settings) == 1);
    json edited = shown(files);
    edited["port"] = 90;
    edited["hosts"] = {"x"};
    files.put("settings.json", edited.dump());
    CHECK(settings.current().port == 8080);
    CHECK(*stet::take_edit(settings, {.author = "bob"}) == 2);
    CHECK(settings.current().port == 90);
    CHECK(settings.history()[0].source == "file");
    CHECK(settings.history()[0].author == "bob");
    CHECK(*stet::take_edit(settings) == 2);
    REQUIRE(settings.rollback());
    CHECK(settings.current().port == 8080);
    CHECK(shown(files)["port"] == 8080);
    CHECK(files.contents().count("settings.json.rejected") == 0);

    // While nobody was running.
    edited["port"] = 91;
    files.put("settings.json", edited.dump());
    auto later = *opened(files);
    CHECK(later.opening() == stet::Opening::edited);
    CHECK(later.head() == 4);
    CHECK(later.current().port == 91);
    CHECK(later.history()[0].source == "file");
    CHECK(*settings.refresh() == 4);
    CHECK(settings.current().port == 91);
    CHECK(opened(files)->opening() == stet::Opening::opened);
}

TEST_CASE("JsonFile: an edit that cannot be taken does not keep a program from starting") {
    for (const char* const text : {"{\"port\": 0}", "{\"prot\": 1}", "{"}) {
        CAPTURE(text);
        SimulatedFiles files;
        REQUIRE(opened(files)->set(field<"port">, 81));
        files.put("settings.json", text);
        auto settings = *opened(files);
        CHECK(settings.opening() == stet::Opening::edit_refused);
        CHECK(settings.current().port == 81);
        CHECK(files.contents().at("settings.json") == text);
        CHECK_FALSE(stet::take_edit(settings));  // which says why
    }
}

TEST_CASE("take_edit: what cannot be taken is reported, stays, and is put aside by the next commit") {
    SimulatedFiles files;
    auto settings = *opened(files);
    const auto refused = [&](const std::string& text, Errc code, const char* why) {
        files.put("settings.json", text);
        const auto answer = stet::take_edit(settings);
        REQUIRE(!answer);
        CHECK(answer.error().code() == code);
        CHECK(text_of(answer).find(why) != std::string::npos);
        CHECK(files.contents().at("settings.json") == text);
        CHECK(settings.current().port == 8080);
        return text;
    };
    refused("{\n  \"port\": 81,\n}", Errc::malformed, "settings.json: line 3, column 1");
    refused("{\"port\": \"high\", \"prot\": 1}", Errc::malformed, "settings.json: prot");
    refused("{\"llm\": {\"temperature\": []}}", Errc::malformed, "settings.json: llm.temperature");
    const std::string last = refused("{\"port\": 70000}", Errc::rule_broken, "port is 70000");
    REQUIRE(settings.set(field<"port">, 82));
    CHECK(files.contents().at("settings.json.rejected") == last);
    CHECK(shown(files)["port"] == 82);
    CHECK(*stet::take_edit(settings) == 2);

    // Nor is the secret of a file that cannot be taken said.
    files.put("settings.json", "{\"password\": 12345, \"port\": 83}");
    CHECK(text_of(stet::take_edit(settings)).find("12345") == std::string::npos);
}

TEST_CASE("take_edit: an edit that somebody else's commit was made on top of is a conflict") {
    SimulatedFiles files;
    auto one = *opened(files);
    auto two = *opened(files);
    files.put("settings.json", R"({"port": 90})");
    REQUIRE(two.set(field<"port">, 91));  // did not look
    CHECK(files.contents().at("settings.json.rejected") == R"({"port": 90})");
    CHECK(*stet::take_edit(one) == 2);
    CHECK(one.current().port == 91);
    files.put("settings.json", R"({"port": 92})");
    CHECK(stet::take_edit(one, {.expected = 1}).error().code() == Errc::revision_conflict);
    CHECK(*stet::take_edit(one) == 3);
}

TEST_CASE("JsonFile: what others commit is followed, and nothing of it is lost") {
    SimulatedFiles files;
    auto one = *opened(files);
    auto two = *opened(files);
    REQUIRE(one.set(field<"port">, 81));
    CHECK(two.current().port == 8080);
    REQUIRE(two.set(field<"llm.model">, "x"));  // takes up what the other did
    CHECK(two.current().port == 81);
    CHECK(*one.refresh() == 3);
    CHECK(one.current().llm.model == "x");
    CHECK(one.set(field<"port">, 82, {.expected = 2}).error().code() == Errc::revision_conflict);
}

TEST_CASE("JsonFile: the last revisions are kept, and those with a name") {
    SimulatedFiles files;
    auto settings = *stet::open<Settings>(in(files, 8), if_empty(Settings{}));
    REQUIRE(settings.snapshot("first"));
    std::size_t most = 0;
    for (int port = 100; port < 140; ++port) {
        REQUIRE(settings.set(field<"port">, port));
        most = std::max(most, settings.size());
        CHECK(settings.size() >= std::min<std::size_t>(9, static_cast<std::size_t>(port) - 98));
        for (const stet::Revision& revision : settings.history()) CHECK(settings.at(revision.number));
    }
    CHECK(most <= 12);
    CHECK(settings.at("first")->value().port == 8080);
    std::size_t kept = 0;
    for (const auto& file : files.contents())
        if (file.first.find("revisions/0") != std::string::npos) ++kept;
    CHECK(kept == settings.size());
    auto again = *stet::open<Settings>(in(files, 8), if_empty(Settings{}));
    CHECK(again.size() == settings.size());
    CHECK(again.at("first")->value().port == 8080);
    CHECK(again.prune(1));
    CHECK(again.size() == 2);

    SimulatedFiles all;
    auto endless = *stet::open<Settings>(in(all, 0), if_empty(Settings{}));
    for (int port = 100; port < 200; ++port) REQUIRE(endless.set(field<"port">, port));
    CHECK(endless.size() == 101);
}

TEST_CASE("JsonFile: a head that is damaged is met as the caller chose") {
    SimulatedFiles files;
    {
        auto settings = *opened(files);
        REQUIRE(settings.set(field<"port">, 81));
        REQUIRE(settings.set(field<"port">, 82));
    }
    files.put("settings.json.revisions/00000003.json", "{\"crc32\": \"00000000\",}");
    CHECK(opened(files).error().code() == Errc::storage_failed);
    auto settings = stet::open<Settings>(in(files), if_empty(Settings{}), stet::if_broken(stet::last_good));
    REQUIRE(settings);
    CHECK(settings->opening() == Opening::last_good);
    CHECK(settings->current().port == 81);
    CHECK(settings->head() == 4);
    // What the settings file said is not lost.
    CHECK(json::parse(files.contents().at("settings.json.rejected"))["port"] == 82);
}

TEST_CASE("JsonFile: with an audit, and shared by threads") {
    SimulatedFiles files;
    auto settings = stet::open<Settings>(in(files), if_empty(Settings{}), stet::AuditLog{}, stet::Shared{});
    REQUIRE(settings);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 10; ++n)
                static_cast<void>(settings->commit([](Settings& s) { s.hosts.push_back("h"); }));
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(settings->head() == 31);
    CHECK(settings->snapshot().value().hosts.size() == 30);
    files.put("settings.json", R"({"port": 90})");
    CHECK(*stet::take_edit(*settings) == 32);
    CHECK(settings->snapshot().value().port == 90);
    CHECK(settings->audit().records().back().source == "file");
    files.put("settings.json", R"({"port": 0})");
    CHECK(!stet::take_edit(*settings));
    CHECK(settings->audit().records().back().outcome == stet::Outcome::refused);
}

TEST_CASE("JsonFile: on the real files") {
    const Folder folder;
    const std::string path = folder / "settings.json";
    {
        auto settings = stet::open<Settings>(stet::JsonFile{path}, if_empty(Settings{}));
        REQUIRE(settings);
        REQUIRE(settings->set(field<"port">, 81));
    }
    stet::Files files;
    {
        auto file = files.create(path);
        REQUIRE(files.write(*file, R"({"port": 82})"));
    }
    auto settings = stet::open<Settings>(stet::JsonFile{path}, if_empty(Settings{}));
    REQUIRE(settings);
    CHECK(*stet::take_edit(*settings) == 3);
    CHECK(settings->current().port == 82);
    CHECK(stet::open<Settings>(stet::JsonFile{folder / "none/settings.json"}).error().code() == Errc::storage_failed);
    CHECK(stet::open<Settings>(stet::JsonFile{folder / "other.json"}).error().code() == Errc::not_created);
}
