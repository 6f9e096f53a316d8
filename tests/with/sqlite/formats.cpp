// Stores as each released format wrote them stay readable. They were written by this file, with STET_WRITE_STORES=1 in
// the environment; a new format gets a new name here, and what is there is never written again.
#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/nlohmann_json/file.hpp>
#include <stet/with/openssl.hpp>
#include <stet/with/sqlite.hpp>
#include <stet/with/sqlite/audit.hpp>

#include "folder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace {

namespace fs = std::filesystem;
using stet::field;
using stet::Number;

enum class Mode : std::uint8_t { off, on };
struct Row {
    int id = 0;
    std::string text;
};
struct Stored {  // a field of every kind; never changed again
    std::string name = "n";
    double ratio = 0.1;
    float small = 0.25F;
    std::int64_t large = -9'007'199'254'740'993;
    std::uint64_t most = 18'446'744'073'709'551'615U;
    bool on = true;
    Mode mode = Mode::on;
    std::vector<Row> rows{{1, "one"}, {2, "two"}};
    std::map<std::string, int> map{{"a", 1}};
    std::map<int, std::string> numbers{{-1, "minus"}};
    std::optional<std::string> maybe;
    std::variant<int, Row> either{7};
    std::string bytes = std::string("\xff\x00\x01", 3);
    std::string secret = "swordfish";

    static constexpr auto schema() { return stet::fields(field<"secret">(stet::secret)); }
};
struct Clock {
    stet::Time time = 1'700'000'000'000'000'000;
    stet::Time now() { return time += 1'000'000'000; }
};

const std::string key = "the key of these stores";
const fs::path kept = fs::path(__FILE__).parent_path().parent_path().parent_path() / "data" / "stores";

// The same in all stores: 1 as it begins, 2 and 3 change something, 4 is 1 again; 2 has a name.
template <class V>
void write(V& stored) {
    REQUIRE(stored.commit(
        [](Stored& s) {
            s.rows.push_back({3, "three"});
            s.maybe = "there";
            s.either = Row{9, "row"};
        },
        {.author = "admin", .reason = "why\n\xfe", .source = "test", .metadata = {{"ticket", "42"}}}));
    REQUIRE(stored.snapshot("two"));
    REQUIRE(stored.set(field<"ratio">, 1e300));
    REQUIRE(stored.rollback_to(1, {.author = "oncall"}));
}
template <class V>
void read(V& stored) {
    CHECK(stored.opening() == stet::Opening::opened);
    CHECK(stored.head() == 4);
    CHECK(stored.size() == 4);
    const Stored first;
    CHECK(stet::diff(stored.current(), first).empty());
    CHECK(stet::diff(stored.at(1)->value(), first).empty());
    const auto two = stored.at("two");
    REQUIRE(two);
    CHECK(two->revision() == 2);
    CHECK(two->value().rows.size() == 3);
    CHECK(two->value().rows[2].text == "three");
    CHECK(two->value().maybe == "there");
    CHECK(std::get<Row>(two->value().either).text == "row");
    CHECK(two->info().author == "admin");
    CHECK(two->info().reason == "why\n\xfe");
    CHECK(two->info().source == "test");
    CHECK(two->info().metadata == std::vector<stet::Tag>{{"ticket", "42"}});
    CHECK(two->info().time > 1'700'000'000'000'000'000);
    CHECK(stored.at(3)->value().ratio == 1e300);
    CHECK(stored.at(4)->info().origin == stet::Origin{stet::Origin::rollback, 3, 1});
    CHECK(stored.revert(2).has_value());  // nothing to undo
    CHECK(stored.set(field<"on">, false) == Number{5});
}
// Since format 2 there are provisional commits: the first is confirmed, the second not.
template <class V>
void write_provisional(V& stored) {
    write(stored);
    REQUIRE(stored.set(field<"name">, "tried", {.confirm_within = std::chrono::minutes(1)}) == Number{5});
    REQUIRE(stored.confirm(5, {.author = "admin"}) == Number{6});
    REQUIRE(stored.set(field<"name">, "waits", {.confirm_within = std::chrono::minutes(1)}) == Number{7});
}
template <class V>
void read_provisional(V& stored) {
    CHECK(stored.opening() == stet::Opening::taken_back);
    CHECK(stored.head() == 8);
    CHECK(stored.current().name == "tried");
    CHECK(stored.at(8)->info().origin == stet::Origin{stet::Origin::take_back, 7, 6});
    CHECK(stored.at(7)->value().name == "waits");
    CHECK(stored.at(7)->info().deadline == stored.at(7)->info().time + 60'000'000'000);
    CHECK(stored.at(6)->info().origin == stet::Origin{stet::Origin::confirm, 5, 4});
    CHECK(stored.at(6)->info().deadline == 0);
    CHECK(stored.rollback() == Number{9});
    CHECK(stored.current().name == "n");
}
// A copy, since opening may write.
std::string copy_of(const char* name, const Folder& folder) {
    fs::copy(kept / name, folder / name, fs::copy_options::recursive);
    return folder / name;
}
bool writes() { return std::getenv("STET_WRITE_STORES") != nullptr; }

}  // namespace

TEST_CASE("a store of format 1: SQLite, with its audit trail") {
    if (writes() && !fs::exists(kept / "1.db")) {
        fs::create_directories(kept);
        const stet::Sqlite file{(kept / "1.db").string()};
        auto stored =
            stet::open<Stored>(file, stet::if_empty(Stored{}), stet::SqliteAudit{file, stet::Hmac{key}}, Clock{});
        REQUIRE(stored);
        write(*stored);
    }
    const Folder folder;
    const stet::Sqlite file{copy_of("1.db", folder)};
    auto stored = stet::open<Stored>(file, stet::SqliteAudit{file, stet::Hmac{key}}, Clock{});
    REQUIRE(stored);
    const auto trail = stored->audit().find({});
    REQUIRE(trail);
    REQUIRE(trail->size() == 5);  // and the name
    CHECK((*trail)[1].author == "admin");
    CHECK((*trail)[1].changes.size() == 3);
    CHECK(stored->audit().verify());
    read(*stored);
}

TEST_CASE("a store of format 1: a settings file, with its audit trail") {
    if (writes() && !fs::exists(kept / "1.json")) {
        fs::create_directories(kept);
        auto stored = stet::open<Stored>(stet::JsonFile{(kept / "1.json").string()}, stet::if_empty(Stored{}),
                                         stet::JsonLines{(kept / "1.jsonl").string(), stet::Hmac{key}}, Clock{});
        REQUIRE(stored);
        write(*stored);
    }
    const Folder folder;
    const std::string path = copy_of("1.json", folder);
    copy_of("1.json.revisions", folder);
    auto stored =
        stet::open<Stored>(stet::JsonFile{path}, stet::JsonLines{copy_of("1.jsonl", folder), stet::Hmac{key}}, Clock{});
    REQUIRE(stored);
    const auto trail = stored->audit().find({});
    REQUIRE(trail);
    REQUIRE(trail->size() == 5);
    CHECK((*trail)[1].author == "admin");
    CHECK(stored->audit().verify());
    read(*stored);
}

TEST_CASE("a store of format 2: SQLite, with its audit trail") {
    if (writes() && !fs::exists(kept / "2.db")) {
        const stet::Sqlite file{(kept / "2.db").string()};
        auto stored =
            stet::open<Stored>(file, stet::if_empty(Stored{}), stet::SqliteAudit{file, stet::Hmac{key}}, Clock{});
        REQUIRE(stored);
        write_provisional(*stored);
    }
    const Folder folder;
    const stet::Sqlite file{copy_of("2.db", folder)};
    auto stored = stet::open<Stored>(file, stet::SqliteAudit{file, stet::Hmac{key}}, Clock{});
    REQUIRE(stored);
    CHECK(stored->audit().verify());
    const auto confirmed = stored->audit().find({.operation = stet::Operation::confirm});
    REQUIRE(confirmed);
    REQUIRE(confirmed->size() == 1);
    CHECK(confirmed->front().author == "admin");
    read_provisional(*stored);
}

TEST_CASE("a store of format 2: a settings file, with its audit trail") {
    if (writes() && !fs::exists(kept / "2.json")) {
        auto stored = stet::open<Stored>(stet::JsonFile{(kept / "2.json").string()}, stet::if_empty(Stored{}),
                                         stet::JsonLines{(kept / "2.jsonl").string(), stet::Hmac{key}}, Clock{});
        REQUIRE(stored);
        write_provisional(*stored);
    }
    const Folder folder;
    const std::string path = copy_of("2.json", folder);
    copy_of("2.json.revisions", folder);
    auto stored =
        stet::open<Stored>(stet::JsonFile{path}, stet::JsonLines{copy_of("2.jsonl", folder), stet::Hmac{key}}, Clock{});
    REQUIRE(stored);
    CHECK(stored->audit().verify());
    read_provisional(*stored);
}
