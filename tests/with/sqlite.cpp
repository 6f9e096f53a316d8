#include <stet/with/sqlite.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/shared.hpp>

#include "../policy/same_as_memory.hpp"
#include "folder.hpp"

#include <filesystem>
#include <stdexcept>

using bot::Motor;
using bot::Settings;
using stet::Errc;
using stet::field;
using stet::Number;
using stet::Opening;
using stet::Sqlite;

namespace {

template <class T>
auto opened(const std::string& path) {
    auto made = stet::open<T>(Sqlite{path}, stet::if_empty(T{}));
    if (!made) FAIL(made.error().why().view());
    return *std::move(made);
}
std::string said(const auto& result) {
    REQUIRE_FALSE(result);
    return stet::detail::to_text([&](const stet::Writer& out) { result.error().write(out); });
}

}  // namespace

TEST_CASE("Sqlite: what was committed is there when it is opened again") {
    const Folder folder;
    const std::string path = folder / "settings.db";
    {
        auto settings = stet::open<Settings>(Sqlite{path}, stet::if_empty(Settings{}), bot::FakeClock{});
        REQUIRE(settings);
        CHECK(settings->opening() == Opening::created);
        CHECK(settings->set(field<"port">, 9000,
                            {.author = "admin", .reason = "incident 42", .source = "cli", .metadata = {{"t", "1"}}}) ==
              Number{2});
        CHECK(settings->snapshot("before") == Number{2});
        CHECK(settings->set(field<"password">, "hunter22") == Number{3});
        CHECK(settings->rollback_to(1) == Number{4});
        CHECK(settings->revert(2) == Number{4});  // nothing to undo any more
    }
    const auto settings = opened<Settings>(path);
    CHECK(settings.opening() == Opening::opened);
    CHECK(settings.head() == 4);
    CHECK(settings.size() == 4);
    CHECK(settings.current().port == 8080);
    REQUIRE(settings.at("before"));
    CHECK(settings.at("before")->value().port == 9000);
    CHECK(settings.at(3)->value().password == "hunter22");
    const auto history = settings.history();
    REQUIRE(history.size() == 4);
    CHECK(history[2].author == "admin");
    CHECK(history[2].reason == "incident 42");
    CHECK(history[2].source == "cli");
    CHECK(history[2].time == 1020);
    CHECK(history[2].metadata == std::vector<stet::Tag>{{"t", "1"}});
    CHECK(history[0].origin == stet::Origin{stet::Origin::rollback, 3, 1});
    CHECK(settings.diff(1, 3)->touches(field<"password">));
}

TEST_CASE_TEMPLATE("Sqlite: every verb does what it does in memory", T, Settings, Motor) {
    const Folder folder;
    for (unsigned seed = 1; seed <= 12; ++seed) {
        const std::string path = folder / ("s" + std::to_string(seed)).c_str();
        using Clock = bot::FakeClock;
        const auto open = [&] {
            auto made =
                stet::open<T>(Sqlite{path, {.durability = stet::Durability::normal}}, stet::if_empty(T{}), Clock{});
            REQUIRE(made);
            return *std::move(made);
        };
        policy::same_as_memory(open(), seed, 150, [&](auto&& now) {
            {
                const auto closed = std::move(now);
            }
            return open();
        });
    }
}

TEST_CASE("Sqlite: for the owner only") {
    const Folder folder;
    const auto settings = opened<Settings>(folder / "s.db");
    using std::filesystem::perms;
    for (const char* name : {"s.db", "s.db-wal", "s.db-shm"}) {
        const auto rights = std::filesystem::status(folder / name).permissions();
        CHECK((rights & (perms::group_all | perms::others_all)) == perms::none);
    }
}

TEST_CASE("Sqlite: nothing to open, and what is none") {
    const Folder folder;
    const auto empty = stet::open<Settings>(Sqlite{folder / "empty.db"});
    REQUIRE_FALSE(empty);
    CHECK(empty.error().code() == Errc::not_created);
    CHECK(said(stet::open<Settings>(Sqlite{"/no/such/folder/x.db"})) ==
          "the storage refused: 'x.db: unable to open database file'\n  fix: see why()");
    std::FILE* file = std::fopen((folder / "text.db").c_str(), "w");
    for (int i = 0; i < 100; ++i) std::fputs("this is no database, and longer than the head of one\n", file);
    std::fclose(file);
    CHECK(said(stet::open<Settings>(Sqlite{folder / "text.db"}, stet::if_empty(Settings{}))) ==
          "the storage refused: 'text.db: file is not a database'\n  fix: see why()");
}

TEST_CASE("Sqlite: a file of a newer program is left as it is") {
    const Folder folder;
    const Sqlite file{folder / "s.db"};
    REQUIRE((*file.connection())->run("PRAGMA user_version=1000"));
    CHECK(said(stet::open<Settings>(file, stet::if_empty(Settings{}))) ==
          "the storage refused: 'the file was written by a newer version of stet'\n  fix: see why()");
}

TEST_CASE("Sqlite: a rejected first value leaves the file empty") {
    const Folder folder;
    Settings wrong;
    wrong.port = 0;
    const auto refused = stet::open<Settings>(Sqlite{folder / "s.db"}, stet::if_empty(wrong));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::rule_broken);
    CHECK(opened<Settings>(folder / "s.db").opening() == Opening::created);
}

TEST_CASE("Sqlite: two at the same file never overwrite what they have not seen") {
    const Folder folder;
    auto one = opened<Settings>(folder / "s.db");
    auto other = opened<Settings>(folder / "s.db");
    REQUIRE(one.set(field<"port">, 1000) == Number{2});
    CHECK(other.head() == 1);

    SUBCASE("a function, an edit and a field are made of what is there now") {
        CHECK(other.commit([](Settings& s) { s.level = 7; }) == Number{3});
        CHECK(other.current().port == 1000);
        CHECK(one.set(field<"name">, "one") == Number{4});
        CHECK(one.current().level == 7);
        CHECK(other.edit([](auto& edit) { edit.set(field<"low">, 2); }) == Number{5});
        CHECK(other.current().name == "one");
    }
    SUBCASE("a value was made of what was there then") {
        Settings mine = other.current();
        mine.level = 7;
        const auto refused = other.commit(mine);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code() == Errc::revision_conflict);
        CHECK(refused.error().expected() == 1);
        CHECK(refused.error().actual() == 2);
        CHECK(other.head() == 2);  // now it has been seen
        CHECK(other.current().port == 1000);
        CHECK(other.commit(mine) == Number{3});
    }
    SUBCASE("merged on demand") {
        Settings mine = other.current();
        mine.level = 7;
        CHECK(other.commit(mine, {.on_conflict = stet::merge}) == Number{3});
        CHECK(other.current().port == 1000);
        CHECK(other.current().level == 7);
        REQUIRE(one.set(field<"port">, 2000));
        mine.port = 3000;
        const auto both = other.commit(mine, {.on_conflict = stet::merge});
        REQUIRE_FALSE(both);
        CHECK(both.error().code() == Errc::merge_conflict);
    }
    SUBCASE("expected") {
        const auto refused = other.set(field<"level">, 7, {.expected = 1});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code() == Errc::revision_conflict);
        CHECK(other.set(field<"level">, 7, {.expected = 2}) == Number{3});
    }
    SUBCASE("rolling back what has not been seen, and a plan of before") {
        const auto plan = other.plan_commit([](Settings& s) { s.level = 3; });
        REQUIRE(plan);
        CHECK(other.rollback_to(1).error().code() == Errc::revision_conflict);
        CHECK(other.execute(*plan).error().code() == Errc::plan_expired);
        CHECK(other.rollback_to(1) == Number{3});
        CHECK(other.history()[0].origin == stet::Origin{stet::Origin::rollback, 2, 1});
    }
    SUBCASE("refresh, names and pruning") {
        REQUIRE(one.snapshot("two"));
        REQUIRE(one.set(field<"port">, 3000));
        CHECK(other.refresh() == Number{3});
        CHECK(other.current().port == 3000);
        CHECK(other.at("two")->value().port == 1000);
        CHECK(other.history().size() == 3);
        CHECK(one.prune(1) == std::size_t{1});
        CHECK(other.refresh() == Number{3});
        CHECK(other.at(1).error().code() == Errc::revision_pruned);
        CHECK(other.release("two"));
        CHECK(one.refresh() == Number{3});
        CHECK(one.size() == 2);  // 2 is in the run, and counts again
    }
    SUBCASE("one that is written in an own transaction is waited for, and then given up") {
        const Sqlite impatient{folder / "s.db", {.busy_milliseconds = 1}};
        auto third = stet::open<Settings>(impatient);
        REQUIRE(third);
        const auto held = one.commit([&](Settings& s) {
            s.level = 9;
            const auto busy = third->set(field<"port">, 5);
            REQUIRE_FALSE(busy);
            CHECK(busy.error().code() == Errc::busy);
        });
        CHECK(held == Number{3});
        CHECK(third->set(field<"port">, 5) == Number{4});
    }
}

TEST_CASE("Sqlite: what others commit, readers and watchers of a shared one see") {
    const Folder folder;
    auto one = opened<Settings>(folder / "s.db");
    auto shared = stet::open<Settings>(Sqlite{folder / "s.db"}, stet::Shared{});
    REQUIRE(shared);
    auto reader = shared->reader();
    int heard = 0;
    const auto watch = shared->watch(field<"port">, [&] { ++heard; });
    REQUIRE(one.set(field<"port">, 1));
    REQUIRE(one.set(field<"level">, 2));
    CHECK(reader.read().port == 8080);
    CHECK(shared->refresh() == Number{3});
    CHECK(reader.read().port == 1);
    CHECK(reader.read().level == 2);
    CHECK(reader.revision() == 3);
    CHECK(heard == 1);
    CHECK(shared->set(field<"name">, "x") == Number{4});
    CHECK(one.refresh() == Number{4});
    CHECK(one.current().name == "x");
    REQUIRE(one.set(field<"port">, 2));
    CHECK(shared->set(field<"level">, 3) == Number{6});
    CHECK(reader.read().port == 2);
    CHECK(heard == 2);
}

TEST_CASE("Sqlite: a small change of a large value writes little, and reading walks not far") {
    struct Large {
        std::vector<std::string> lines = std::vector<std::string>(2000, "a line of a document");
        int cursor = 0;
    };
    const Folder folder;
    auto document =
        stet::open<Large>(Sqlite{folder / "d.db", {.durability = stet::Durability::normal}}, stet::if_empty(Large{}));
    REQUIRE(document);
    auto& connection = *document->storage().log().connection();
    for (int i = 1; i <= 450; ++i) REQUIRE(document->set(field<"cursor">, i));
    auto sizes = connection.prepare("SELECT count(*), sum(form = 0), max(length(data) * form) FROM revisions");
    REQUIRE(sizes);
    REQUIRE(*sizes->step());
    CHECK(sizes->number(0) == 451);
    CHECK(sizes->number(1) == 3);  // whole ones
    CHECK(sizes->number(2) < 64);  // bytes of a patch
    CHECK(document->at(333)->value().cursor == 332);
    REQUIRE(document->edit([](auto& edit) { edit.at(field<"lines">)[1000].set("another"); }));
    const auto raw = document->storage().raw(452);
    REQUIRE(raw);
    CHECK(raw->at("lines").at(1000) == "another");
}

TEST_CASE("Sqlite: sealed, only who has the key reads it") {
    const Folder folder;
    const auto turned = [](std::string_view bytes) {  // stands for a cipher
        std::string out("K");
        for (const char c : bytes) out += static_cast<char>(c ^ 0x5A);
        return out;
    };
    const auto back = [](std::string_view bytes) -> std::optional<std::string> {
        if (!bytes.starts_with('K')) return {};
        std::string out;
        for (const char c : bytes.substr(1)) out += static_cast<char>(c ^ 0x5A);
        return out;
    };
    const stet::SqliteOptions sealed{.seal = turned, .unseal = back};
    {
        auto settings = stet::open<Settings>(Sqlite{folder / "s.db", sealed}, stet::if_empty(Settings{}));
        REQUIRE(settings);
        REQUIRE(settings->set(field<"password">, "correct horse"));
        CHECK(settings->at(1)->value().password == "swordfish");
    }
    std::string all;
    for (const auto& file : std::filesystem::directory_iterator(folder / "")) {
        std::FILE* const in = std::fopen(file.path().c_str(), "rb");
        for (int c = 0; (c = std::fgetc(in)) != EOF;) all += static_cast<char>(c);
        std::fclose(in);
    }
    CHECK(all.size() > 1000);
    CHECK(all.find("swordfish") == std::string::npos);
    CHECK(all.find("correct horse") == std::string::npos);
    CHECK(stet::open<Settings>(Sqlite{folder / "s.db", sealed})->current().password == "correct horse");
    const auto without = stet::open<Settings>(Sqlite{folder / "s.db"});
    REQUIRE_FALSE(without);
    CHECK(without.error().code() == Errc::unreadable);
}

TEST_CASE("Sqlite: many commits together, or none of them") {
    const Folder folder;
    auto settings = opened<Settings>(folder / "s.db");
    auto other = stet::open<Settings>(Sqlite{folder / "s.db", {.busy_milliseconds = 1}});
    REQUIRE(other);
    const auto many = [&](int from) {
        for (int i = from; i < from + 100; ++i) REQUIRE(settings.set(field<"port">, i));
    };
    CHECK(settings.together([&] { many(1000); }, {.author = "import"}) == Number{101});
    CHECK(settings.at(50)->value().port == 1048);
    CHECK(other->refresh() == Number{101});

    const auto unchanged = [&] {
        CHECK(settings.head() == 101);
        CHECK(settings.size() == 101);
        CHECK(settings.current().port == 1099);
        CHECK(settings.at(102).error().code() == Errc::no_such_revision);
        CHECK(other->refresh() == Number{101});
    };
    SUBCASE("it gives up") {
        const auto given_up = settings.together([&] {
            many(2000);
            CHECK(settings.current().port == 2099);
            CHECK(other->refresh() == Number{101});
            CHECK(other->set(field<"port">, 1).error().code() == Errc::busy);
            return false;
        });
        REQUIRE_FALSE(given_up);
        CHECK(given_up.error().code() == Errc::gave_up);
        unchanged();
    }
    SUBCASE("it throws") {
        CHECK_THROWS_AS(static_cast<void>(settings.together([&] {
                            many(2000);
                            throw std::runtime_error("half way");
                        })),
                        std::runtime_error);
        unchanged();
    }
    SUBCASE("by functions, which keep a draft") {
        const auto change = [&](int to) { REQUIRE(settings.commit([&](Settings& s) { s.port = to; })); };
        CHECK_FALSE(settings.together([&] {
            change(1);
            change(2);
            return false;
        }));
        unchanged();
        change(3);
        change(4);
        CHECK(settings.at(102)->value().port == 3);
        CHECK(settings.rollback_to(101));
    }
    SUBCASE("nothing at all") {
        CHECK(settings.together([] {}) == Number{101});
    }
    CHECK(settings.set(field<"name">, "after"));
    CHECK(other->refresh() == settings.head());
    CHECK(other->current().name == "after");
    const auto again = opened<Settings>(folder / "s.db");
    CHECK(again.head() == settings.head());
    CHECK(stet::diff(again.current(), settings.current()).empty());
}

TEST_CASE("Sqlite: a secret that leaked is forgotten") {
    struct Keys {
        std::string password = "swordfish";
        std::map<std::string, std::string> keys{{"api", "leaked-key"}, {"other", "kept"}};
        struct Inner {
            std::string token = "inner-token";
        } inner;
        std::vector<std::string> list{"in a list"};
        int port = 1;
    };
    const Folder folder;
    const std::string path = folder / "s.db";
    const auto anywhere = [&](std::string_view text) {
        std::string all;
        for (const auto& file : std::filesystem::directory_iterator(folder / "")) {
            std::FILE* const in = std::fopen(file.path().c_str(), "rb");
            for (int c = 0; (c = std::fgetc(in)) != EOF;) all += static_cast<char>(c);
            std::fclose(in);
        }
        return all.find(text) != std::string::npos;
    };
    auto keys = stet::open<Keys>(Sqlite{path}, stet::if_empty(Keys{}), stet::AuditLog{});
    REQUIRE(keys);
    REQUIRE(keys->set(field<"port">, 2));
    REQUIRE(keys->snapshot("two"));
    REQUIRE(keys->set(field<"password">, "leaked as well"));
    REQUIRE(keys->set(field<"inner">, Keys::Inner{"leaked inner"}));
    REQUIRE(keys->commit([](Keys& k) { k.keys["api"] = "second-leaked-key"; }));
    REQUIRE(keys->set(field<"port">, 3));
    REQUIRE(keys->prune(4));
    REQUIRE(keys->commit([](Keys& k) {
        k.password = "new one";
        k.keys["api"] = "new key";
        k.inner.token = "new token";
    }));
    CHECK(anywhere("swordfish"));
    CHECK(*keys->forget(field<"password">, {.author = "admin", .reason = "leaked"}) >= 3);
    CHECK_FALSE(anywhere("swordfish"));
    CHECK_FALSE(anywhere("leaked as well"));
    CHECK(keys->audit().records().back().operation == stet::Operation::forget);
    CHECK(keys->audit().records().back().subject == "password");
    CHECK(*keys->forget("keys[\"api\"]") >= 3);
    CHECK(*keys->forget("inner.token") >= 3);
    for (const char* gone : {"leaked-key", "second-leaked-key", "inner-token", "leaked inner"})
        CHECK_FALSE(anywhere(gone));
    CHECK(anywhere("kept"));
    CHECK(keys->forget(field<"password">) == std::size_t{0});

    for (const auto& revision : keys->history()) {
        CAPTURE(revision.number);
        const auto there = keys->at(revision.number);
        REQUIRE(there);
        CHECK(there->value().password == "new one");
        CHECK(there->value().inner.token == "new token");
        CHECK(there->value().keys.at("api") == "new key");
        CHECK(there->value().port == (revision.number < 6 ? 2 : 3));
    }
    CHECK(keys->rollback_to("two"));
    CHECK(keys->current().password == "new one");
    CHECK(keys->forget("list[0]").error().code() == Errc::wrong_type);
    CHECK(keys->together([&] { CHECK(keys->forget(field<"password">).error().code() == Errc::storage_failed); }));
    CHECK(keys->forget("pasword").error().code() == Errc::no_such_field);
    const auto again = stet::open<Keys>(Sqlite{path});
    REQUIRE(again);
    CHECK(again->at(keys->storage().floor())->value().password == "new one");
}

TEST_CASE("Sqlite: a bounded history") {
    const Folder folder;
    auto settings = stet::open<Settings>(Sqlite{folder / "s.db", {.durability = stet::Durability::normal, .keep = 20}},
                                         stet::if_empty(Settings{}));
    REQUIRE(settings);
    REQUIRE(settings->snapshot("first"));
    for (int i = 1; i <= 200; ++i) {
        REQUIRE(settings->set(field<"port">, i) == static_cast<Number>(i) + 1);
        CHECK(settings->size() <= 27);
        CHECK(settings->size() >= (i < 20 ? static_cast<std::size_t>(i) + 1 : 20U));
    }
    CHECK(settings->at("first")->value().port == 8080);
    CHECK(settings->at(185)->value().port == 184);
    CHECK(settings->revert(190).error().code() == Errc::merge_conflict);
    CHECK(settings->at(150).error().code() == Errc::revision_pruned);
}
