#include <stet/with/nlohmann_json/file_log.hpp>

#include <stet/test/files.hpp>

#include "../../folder.hpp"

#include <doctest/doctest.h>
#if !defined(_WIN32)
#include <sys/stat.h>
#endif

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using nlohmann::json;
using stet::Errc;
using stet::FileLog;
using stet::Form;
using stet::LogEntry;
using stet::LogState;
using stet::Number;
using stet::Pin;
using stet::test::SimulatedFiles;
using Log = FileLog<SimulatedFiles>;

namespace {

LogEntry entry(Number number, const json& data) {
    LogEntry made;
    made.revision = {number, number - 1, 1000 + static_cast<stet::Time>(number), "ann", "because", "test"};
    made.fingerprint = 0xFEDCBA9876543210U;
    made.data = stet::detail::to_cbor(data);
    return made;
}
template <class Result>
std::string text_of(const Result& result) {
    std::string text;
    result.error().write(stet::Writer(text));
    return text;
}
// A log with revisions 1 to `count`, of which the value of n is {"n": n}.
Log filled(SimulatedFiles files, Number count) {
    Log log("settings.json", {}, files);
    REQUIRE(log.open());
    for (Number n = 1; n <= count; ++n) REQUIRE(log.append(entry(n, {{"n", n}})));
    return log;
}
std::string shown(Number n) { return "{\n  \"n\": " + std::to_string(n) + "\n}\n"; }
std::vector<std::string> names(const SimulatedFiles& files) {
    std::vector<std::string> all;
    for (const auto& file : files.contents()) all.push_back(file.first);
    return all;
}
void check(const stet::Result<LogState>& state, Number head, Number floor, std::size_t size) {
    REQUIRE(state);
    CHECK(state->head == head);
    CHECK(state->floor == floor);
    CHECK(state->size == size);
}

}  // namespace

TEST_CASE("FileLog: the settings file shows the head, and beside it is a file for each revision") {
    static_assert(stet::revision_log<Log>);
    SimulatedFiles files;
    Log log("settings.json", {}, files);
    check(log.open(), 0, 0, 0);
    CHECK(names(files) == std::vector<std::string>{"settings.json.lock"});
    LogEntry first = entry(1, {{"port", 80}, {"name", "bot"}});
    first.revision.metadata = {{"ticket", "42"}};
    const auto written = log.append(first);
    REQUIRE(written);
    LogEntry second = entry(2, {{"port", 81}, {"name", "bot"}});
    second.revision.origin = {stet::Origin::rollback, 1, 1};
    REQUIRE(log.append(second));
    check(log.state(), 2, 1, 2);
    const auto contents = files.contents();
    CHECK(contents.at("settings.json") == "{\n  \"name\": \"bot\",\n  \"port\": 81\n}\n");
    CHECK(names(files) == std::vector<std::string>{"settings.json", "settings.json.lock",
                                                   "settings.json.revisions/00000001.json",
                                                   "settings.json.revisions/00000002.json"});
    const std::string& kept = contents.at("settings.json.revisions/00000001.json");
    CHECK(*written == kept.size());
    const json readable = json::parse(kept);  // by anybody
    CHECK(readable["data"]["port"] == 80);
    CHECK(readable["revision"]["author"] == "ann");
    CHECK(readable["fingerprint"] == "fedcba9876543210");

    for (const SimulatedFiles& disk : {files, files.power_loss(7)}) {
        Log again("settings.json", {}, disk);
        const auto state = again.open();
        check(state, 2, 1, 2);
        CHECK(!state->recovered);
        const auto read = again.read(1);
        REQUIRE(read);
        CHECK(read->revision == first.revision);
        CHECK(read->fingerprint == first.fingerprint);
        CHECK(read->form == Form::whole);
        CHECK(read->data == first.data);
        CHECK(read->bytes == *written);
        CHECK(again.read(2)->revision == second.revision);
        CHECK(again.read(3).error().code() == Errc::no_such_revision);
        CHECK(again.read(0).error().code() == Errc::no_such_revision);
    }
}

TEST_CASE("FileLog: who does not know the head is refused") {
    SimulatedFiles files;
    Log one = filled(files, 2);
    Log two("settings.json", {}, files);
    REQUIRE(two.open());
    REQUIRE(two.append(entry(3, {{"n", 3}})));
    const auto before = files.contents();
    const auto refused = one.append(entry(3, {{"n", 33}}));
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::revision_conflict);
    CHECK(refused.error().expected() == 2);
    CHECK(refused.error().actual() == 3);
    CHECK(files.contents() == before);
    check(one.state(), 3, 1, 3);
    CHECK(one.read(3)->data == stet::detail::to_cbor(json{{"n", 3}}));
    REQUIRE(one.append(entry(4, {{"n", 4}})));
    LogEntry old_number = entry(5, {{"n", 5}});
    old_number.revision.number = 4;
    old_number.revision.previous = 4;
    CHECK(two.append(old_number).error().code() == Errc::revision_conflict);
}

TEST_CASE("FileLog: a lock keeps others out until it is given back") {
    SimulatedFiles files;
    Log one = filled(files, 1);
    Log two("settings.json", {}, files);
    REQUIRE(two.open());
    check(one.lock(), 1, 1, 1);
    check(one.lock(), 1, 1, 1);
    CHECK(!two.lock());  // the layer says that it would wait for ever
    CHECK(!two.append(entry(2, {{"n", 2}})));
    REQUIRE(one.append(entry(2, {{"n", 2}})));
    check(two.state(), 2, 1, 2);  // to look, nobody waits
    REQUIRE(one.append(entry(3, {{"n", 3}})));
    one.unlock();
    check(two.lock(), 3, 1, 3);
    two.unlock();
}

TEST_CASE("FileLog: patches are carried out") {
    SimulatedFiles files;
    Log log = filled(files, 1);
    LogEntry patch = entry(2, json::parse(R"([{"op": "replace", "path": "/n", "value": 7},
                                              {"op": "add", "path": "/list", "value": [1, 2]},
                                              {"op": "remove", "path": "/list/0"}])"));
    patch.form = Form::patch;
    REQUIRE(log.append(patch));
    CHECK(log.read(2)->data == stet::detail::to_cbor(json::parse(R"({"n": 7, "list": [2]})")));
    CHECK(log.read(2)->form == Form::whole);
    for (const char* const text : {R"([{"op": "replace", "path": "/none", "value": 7}])", R"([{"op": "add"}])", "7",
                                   R"([{"op": "add", "path": "/x"}])", R"([7])"}) {
        patch = entry(3, json::parse(text));
        patch.form = Form::patch;
        const auto before = files.contents();
        CHECK(log.append(patch).error().code() == Errc::patch_conflict);
        CHECK(files.contents() == before);
    }
    patch = entry(3, json::parse(R"([{"op": "remove", "path": "/n"}])"));
    patch.form = Form::patch;
    Log again("settings.json", {}, files);
    REQUIRE(again.open());
    REQUIRE(again.append(patch));
    CHECK(again.read(3)->data == stet::detail::to_cbor(json::parse(R"({"list": [2]})")));
}

TEST_CASE("FileLog: names pin, and what is forgotten goes unless it has one") {
    SimulatedFiles files;
    Log log = filled(files, 6);
    REQUIRE(log.pin("good", 2));
    REQUIRE(log.pin("also", 2));
    REQUIRE(log.pin("late", 5));
    CHECK(log.pin("good", 3).error().code() == Errc::snapshot_exists);
    CHECK(log.pin("none", 7).error().code() == Errc::no_such_revision);
    CHECK(log.unpin("none").error().code() == Errc::no_such_snapshot);
    REQUIRE(log.revise(4, {}));
    check(log.state(), 6, 4, 4);
    CHECK(log.read(1).error().code() == Errc::no_such_revision);
    CHECK(log.read(2)->data == stet::detail::to_cbor(json{{"n", 2}}));
    CHECK(log.pin("gone", 3).error().code() == Errc::no_such_revision);

    Log again("settings.json", {}, files.power_loss(3));
    check(again.open(), 6, 4, 4);
    CHECK(*again.pins() == std::vector<Pin>{{"good", 2}, {"also", 2}, {"late", 5}});
    REQUIRE(again.unpin("good"));
    check(again.state(), 6, 4, 4);
    REQUIRE(again.unpin("also"));
    check(again.state(), 6, 4, 3);
    REQUIRE(again.unpin("late"));
    check(again.state(), 6, 4, 3);
    CHECK(!*again.files().exists("settings.json.revisions/00000002.json"));
    REQUIRE(again.revise(1, {}));  // what is forgotten stays forgotten
    check(again.state(), 6, 4, 3);
}

TEST_CASE("FileLog: revisions are put in the place of others") {
    SimulatedFiles files;
    Log log = filled(files, 3);
    REQUIRE(log.revise(1, {entry(2, {{"n", "*"}}), entry(3, {{"n", "**"}})}));
    CHECK(log.read(1)->data == stet::detail::to_cbor(json{{"n", 1}}));
    CHECK(log.read(2)->data == stet::detail::to_cbor(json{{"n", "*"}}));
    CHECK(files.contents().at("settings.json") == "{\n  \"n\": \"**\"\n}\n");
    for (const auto& file : files.contents()) CHECK(file.second.find("\"n\": 3") == std::string::npos);
    CHECK(!*log.edited());
    Log again("settings.json", {}, files.power_loss(3));
    check(again.open(), 3, 1, 3);
    CHECK(again.read(3)->data == stet::detail::to_cbor(json{{"n", "**"}}));
    CHECK(again.revise(1, {entry(4, {})}).error().code() == Errc::no_such_revision);

    // What was written by hand there stays, and is an edit as before.
    files.put("settings.json", shown(9));
    REQUIRE(log.revise(1, {entry(3, {{"n", 0}})}));
    CHECK(**log.edited() == json{{"n", 9}});
}

TEST_CASE("FileLog: what somebody writes into the settings file is an edit") {
    SimulatedFiles files;
    Log log = filled(files, 2);
    CHECK(!*log.edited());
    files.put("settings.json", "{\"n\":\t2}");  // laid out in another way
    CHECK(!*log.edited());
    files.put("settings.json", shown(1));  // an old one is one, too
    auto edit = log.edited();
    REQUIRE(edit);
    REQUIRE(edit->has_value());
    CHECK(**edit == json{{"n", 1}});

    REQUIRE(log.lock());
    REQUIRE(log.edited());
    log.accept_edit();
    REQUIRE(log.append(entry(3, {{"n", 1}, {"more", true}})));  // as the struct has it
    log.unlock();
    CHECK(!*log.edited());
    CHECK(!*files.exists(log.rejected_path()));
    CHECK(log.read(3)->data == stet::detail::to_cbor(json{{"n", 1}, {"more", true}}));
}

TEST_CASE("FileLog: an edit that was not accepted is put aside before it is replaced") {
    SimulatedFiles files;
    Log log = filled(files, 2);
    const std::string broken = "{\n  \"n\": 3,\n}\n";
    files.put("settings.json", broken);
    const auto refused = log.edited();
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::malformed);
    CHECK(text_of(refused).find("settings.json: line 3, column 1: syntax error") != std::string::npos);
    CHECK(files.contents().at("settings.json") == broken);  // somebody may be at work there
    REQUIRE(log.append(entry(3, {{"n", 3}})));
    CHECK(files.contents().at("settings.json") == shown(3));
    CHECK(files.contents().at("settings.json.rejected") == broken);

    // One that came between being looked at and being accepted.
    files.put("settings.json", shown(10));
    REQUIRE(log.lock());
    CHECK(**log.edited() == json{{"n", 10}});
    log.accept_edit();
    files.put("settings.json", shown(11));
    REQUIRE(log.append(entry(4, {{"n", 10}})));
    log.unlock();
    CHECK(files.contents().at("settings.json") == shown(10));
    CHECK(files.contents().at("settings.json.rejected") == shown(11));

    // Nobody asked.
    files.put("settings.json", shown(12));
    REQUIRE(log.append(entry(5, {{"n", 5}})));
    CHECK(files.contents().at("settings.json.rejected") == shown(12));
    // What is to be written anyway is not lost.
    files.put("settings.json", shown(6));
    REQUIRE(log.append(entry(6, {{"n", 6}})));
    CHECK(files.contents().at("settings.json.rejected") == shown(12));
}

TEST_CASE("FileLog: a settings file that was there before is the first edit; one that is gone is written again") {
    SimulatedFiles files;
    files.put("settings.json", shown(5));
    Log log("settings.json", {}, files);
    check(log.open(), 0, 0, 0);
    REQUIRE(log.lock());
    CHECK(**log.edited() == json{{"n", 5}});
    log.accept_edit();
    REQUIRE(log.append(entry(1, {{"n", 5}})));
    log.unlock();
    CHECK(!*files.exists(log.rejected_path()));

    REQUIRE(files.remove("settings.json"));
    Log again("settings.json", {}, files);
    const auto state = again.open();
    check(state, 1, 1, 1);
    CHECK(state->recovered);
    CHECK(files.contents().at("settings.json") == shown(5));
}

TEST_CASE("FileLog: what is damaged is said to be, and what is there beside it can be read") {
    SimulatedFiles files;
    filled(files, 3);
    const std::string path = "settings.json.revisions/00000002.json";
    std::string text = files.contents().at(path);
    text.replace(text.find("ann"), 3, "bob");
    files.put(path, text);
    Log log("settings.json", {}, files);
    check(log.open(), 3, 1, 3);
    const auto damaged = log.read(2);
    REQUIRE(!damaged);
    CHECK(damaged.error().code() == Errc::storage_failed);
    CHECK(text_of(damaged).find(path + ": does not have the checksum") != std::string::npos);
    CHECK(log.read(1));

    for (const char* const broken : {"", "{\"crc32\": \"", "{}", "no"}) {
        files.put(path, broken);
        CHECK(log.read(2).error().code() == Errc::storage_failed);
    }
    files.put(path, files.contents().at("settings.json.revisions/00000001.json"));
    CHECK(text_of(log.read(2)).find("is a file of another revision") != std::string::npos);

    // The head: nobody knows what the settings file should be, so what is there is an edit.
    files.put("settings.json.revisions/00000003.json", "");
    Log again("settings.json", {}, files);
    check(again.open(), 3, 1, 3);
    CHECK(!again.read(3));
    CHECK(**again.edited() == json{{"n", 3}});
    again.accept_edit();
    REQUIRE(again.append(entry(4, {{"n", 3}})));
    CHECK(again.read(4));

    REQUIRE(again.pin("good", 1));
    files.put("settings.json.revisions/state.json", "{}");
    Log closed("settings.json", {}, files);
    CHECK(text_of(closed.open()).find("state.json: does not have the checksum") != std::string::npos);
}

TEST_CASE("FileLog: a file of a newer program is left alone") {
    SimulatedFiles files;
    Log log = filled(files, 1);
    REQUIRE(log.pin("good", 1));
    struct Newer {
        std::string format = "stet-state-of-file";
        int version = 2;
        int more = 1;
    };
    files.put("settings.json.revisions/state.json", stet::detail::FileRecord::write(Newer{}));
    Log again("settings.json", {}, files);
    CHECK(text_of(again.open()).find("was written by a newer program") != std::string::npos);
}

TEST_CASE("FileLog: what is not a revision is left alone") {
    SimulatedFiles files;
    filled(files, 2);
    for (const char* const name : {"3.json", "notes.txt", "00000004.json.new", "x0000005.json", "00000000.json"})
        files.put(std::string("settings.json.revisions/") + name, "?");
    Log log("settings.json", {}, files);
    check(log.open(), 2, 1, 2);
    REQUIRE(log.append(entry(3, {{"n", 3}})));
    CHECK(files.contents().at("settings.json.revisions/notes.txt") == "?");
    REQUIRE(files.remove("settings.json.revisions/00000002.json"));  // the run is broken
    Log again("settings.json", {}, files);
    check(again.open(), 3, 3, 1);
}

TEST_CASE("FileLog: a commit that was begun is taken back by whoever comes next, and shown to nobody until then") {
    SimulatedFiles files;
    Log log = filled(files, 3);
    // As a process leaves it that died before the settings file was replaced.
    files.put("settings.json.3.new", shown(3));
    files.put("settings.json", shown(2));
    Log looking("settings.json", {}, files);
    check(looking.state(), 2, 1, 2);
    CHECK(looking.read(3).error().code() == Errc::no_such_revision);
    CHECK(files.contents().count("settings.json.3.new") == 1);
    Log next("settings.json", {}, files);
    const auto state = next.open();
    check(state, 2, 1, 2);
    CHECK(state->recovered);
    CHECK(!*next.edited());
    CHECK(files.contents().count("settings.json.3.new") == 0);
    CHECK(files.contents().count("settings.json.revisions/00000003.json") == 0);
    REQUIRE(next.append(entry(3, {{"n", 33}})));
    CHECK(!next.open()->recovered);

    // An edit that was accepted stays an edit.
    files.put("settings.json.3.new", "torn");
    CHECK(next.open()->recovered);
    CHECK(**next.edited() == json{{"n", 33}});
    // Half of a commit of which nothing can be seen.
    files.put("settings.json.3.new", "torn");
    check(next.open(), 2, 1, 2);
    REQUIRE(next.append(entry(3, {{"n", 3}})));
    CHECK(files.contents().at("settings.json") == shown(3));
    CHECK(files.contents().count("settings.json.3.new") == 0);
}

TEST_CASE("FileLog: what the first version of the format has written is read") {
    const std::string data = R"({"crc32": "%s",
  "data": {
    "port": 81
  },
  "fingerprint": "0123456789abcdef",
  "format": "stet-revision",
  "revision": {
    "author": "ann",
    "metadata": [],
    "number": 1,
    "origin": {
      "from": 0,
      "kind": "create",
      "to": 0
    },
    "previous": 0,
    "reason": "",
    "source": "file",
    "time": 1700000000000000000
  },
  "sealed": false,
  "version": 1
}
)";
    const auto with = [](std::string text, const char* crc) { return text.replace(text.find("%s"), 2, crc); };
    SimulatedFiles files;
    REQUIRE(files.make_folder("settings.json.revisions"));
    REQUIRE(files.sync_folder("."));
    files.put("settings.json.revisions/00000001.json", with(data, "8f8778fd"));
    files.put("settings.json.revisions/state.json", with(R"({"crc32": "%s",
  "floor": 1,
  "format": "stet-state-of-file",
  "pins": [
    {
      "name": "good",
      "number": 1
    }
  ],
  "revised": [],
  "version": 1
}
)",
                                                         "ca420762"));
    files.put("settings.json", "{\n  \"port\": 81\n}\n");
    Log log("settings.json", {}, files);
    check(log.open(), 1, 1, 1);
    CHECK(!*log.edited());
    CHECK(*log.pins() == std::vector<Pin>{{"good", 1}});
    const auto read = log.read(1);
    REQUIRE(read);
    CHECK(read->data == stet::detail::to_cbor(json{{"port", 81}}));
    CHECK(read->fingerprint == 0x0123456789ABCDEFU);
    CHECK(read->revision.time == 1'700'000'000'000'000'000);
    CHECK(read->revision.origin.kind == stet::Origin::create);
}

TEST_CASE("FileLog: revisions are sealed, the settings file is not") {
    const auto turn = [](std::string_view text) {
        std::string turned(text);
        for (char& c : turned) c = static_cast<char>(c ^ 0x55);
        return turned;
    };
    const stet::FileOptions options{50, turn,
                                    [turn](std::string_view text) { return std::optional<std::string>(turn(text)); }};
    SimulatedFiles files;
    Log log("settings.json", options, files);
    REQUIRE(log.open());
    REQUIRE(log.append(entry(1, {{"password", "hunter2"}})));
    REQUIRE(log.append(entry(2, {{"password", "other"}})));
    for (const auto& file : files.contents()) CHECK(file.second.find("hunter2") == std::string::npos);
    CHECK(files.contents().at("settings.json").find("other") != std::string::npos);
    Log again("settings.json", options, files);
    REQUIRE(again.open());
    CHECK(again.read(1)->data == stet::detail::to_cbor(json{{"password", "hunter2"}}));
    REQUIRE(again.revise(1, {entry(1, {{"password", "***"}})}));
    CHECK(again.read(1)->data == stet::detail::to_cbor(json{{"password", "***"}}));
    Log closed("settings.json", {}, files);
    REQUIRE(closed.open());
    CHECK(text_of(closed.read(1)).find("is sealed") != std::string::npos);
    const stet::FileOptions wrong{50, turn, [](std::string_view) { return std::optional<std::string>(); }};
    Log other("settings.json", wrong, files);
    REQUIRE(other.open());
    CHECK(text_of(other.read(1)).find("is sealed") != std::string::npos);
}

TEST_CASE("FileLog: on the real files, for the owner only") {
    const Folder folder;
    const std::string path = folder / "settings.json";
    FileLog<> log(path);
    REQUIRE(log.open());
    REQUIRE(log.append(entry(1, {{"n", 1}})));
    REQUIRE(log.append(entry(2, {{"n", 2}})));
    REQUIRE(log.pin("good", 1));
    stet::Files files;
    CHECK(*files.read(path) == shown(2));
#if !defined(_WIN32)
    for (const char* const name : {"settings.json", "settings.json.lock", "settings.json.revisions/00000001.json",
                                   "settings.json.revisions/state.json"}) {
        struct stat about{};
        REQUIRE(::stat((folder / name).c_str(), &about) == 0);
        CHECK((about.st_mode & 0777U) == 0600U);
    }
#endif
    {
        auto file = files.create(path);
        REQUIRE(files.write(*file, shown(7)));
    }
    FileLog<> again(path);
    check(again.open(), 2, 1, 2);
    CHECK(**again.edited() == json{{"n", 7}});
    CHECK(again.read(1)->data == stet::detail::to_cbor(json{{"n", 1}}));
    REQUIRE(again.append(entry(3, {{"n", 3}})));
    CHECK(*files.read(again.rejected_path()) == shown(7));
    FileLog<> nowhere(folder / "none/settings.json");
    CHECK(nowhere.open().error().code() == Errc::storage_failed);
}
