#include <stet/with/sqlite/audit.hpp>

#include <stet/open.hpp>
#include <stet/policy/audit_log.hpp>
#include <stet/versioned.hpp>
#include <stet/with/openssl.hpp>

#include "../../bot.hpp"
#include "../../policy/audit_suite.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdio>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using audit_suite::found;
using audit_suite::Numbers;
using audit_suite::tell;
using bot::Settings;
using stet::AuditAnchor;
using stet::AuditRecord;
using stet::Errc;
using stet::field;
using stet::Hmac;
using stet::Number;
using stet::Sha256;
using stet::Sqlite;
using stet::SqliteAudit;

namespace {

const std::string key = "0123456789abcdef0123456789abcdef";

// A file of a test's own, gone when it ends.
struct File {
    std::string path;
    explicit File(const char* name) : path(std::string("stet_test_audit_") + name + ".db") { remove(); }
    ~File() { remove(); }
    void remove() const {
        for (const char* const end : {"", "-wal", "-shm"}) static_cast<void>(std::remove((path + end).c_str()));
    }
    Sqlite open() const { return Sqlite(path); }
};
AuditRecord made(Number before, Number after) {
    AuditRecord record;
    record.before = before;
    record.after = after;
    return record;
}
void run(const Sqlite& file, const std::string& sql) {
    const auto connection = file.connection();
    REQUIRE(connection);
    const auto done = (*connection)->run(sql.c_str());
    INFO(sql << (done ? "" : done.error().why().view()));
    REQUIRE(done);
}
Number count(const Sqlite& file, const std::string& sql) {
    auto statement = (*file.connection())->prepare(sql);
    REQUIRE(statement);
    REQUIRE(statement->step() == true);
    return statement->unsigned_number(0);
}

template <class Audit>
std::string verdict(const Audit& audit, const AuditAnchor& known = {}) {
    const auto verified = audit.verify(known);
    if (verified) return "as written, up to " + std::to_string(verified->sequence);
    INFO(verified.error().why().view());
    REQUIRE(verified.error().code() == Errc::audit_tampered);
    return std::string(verified.error().why());
}

// A storage that refuses when it is told to.
template <class T>
struct Refusing : stet::Memory<T> {
    bool* refuses;
    explicit Refusing(bool* when) : refuses(when) {}
    stet::Result<void> append(stet::Revision& revision, stet::Patch<T>& patch, const T& value) {
        if (*refuses) return stet::Failure(stet::Error(Errc::storage_failed, "told to"));
        return stet::Memory<T>::append(revision, patch, value);
    }
};

// A chain that throws when it is told to.
struct Throwing {
    static constexpr bool keyed = false;
    const bool* throws;
    std::string hash(std::string_view) const {
        if (*throws) throw std::bad_alloc();
        return "00";
    }
};

}  // namespace

TEST_CASE("SqliteAudit: an exception leaves no transaction open, and what is told next is safe") {
    const File path("throws");
    bool throws = false;
    SqliteAudit audit{path.open(), Throwing{&throws}};
    tell(audit, made(0, 1));
    throws = true;
    CHECK_THROWS_AS(static_cast<void>(audit.begin(made(1, 2))), std::bad_alloc);
    throws = false;
    tell(audit, made(1, 2));
    CHECK(found(SqliteAudit{path.open(), Throwing{&throws}}, {}) == Numbers{1, 2});
}

TEST_CASE("SqliteAudit: what all audits have in common, also on another connection, with and without a chain") {
    const File file("suite");
    SqliteAudit plain{file.open()};
    audit_suite::queries(plain);
    SqliteAudit again{file.open()};
    CHECK(found(again, {}) == Numbers{1, 2, 3, 4, 5, 6, 7, 8});
    audit_suite::retention(again);
    tell(plain, made(4, 5));
    CHECK(found(again, {}) == Numbers{10, 11});

    const File other("suite_chain");
    SqliteAudit chained{other.open(), Hmac{key}};
    audit_suite::queries(chained);
    CHECK(verdict(chained) == "as written, up to 8");
    audit_suite::retention(chained);
    CHECK(verdict(chained) == "as written, up to 10");
    CHECK(*chained.anchor() == *chained.verify());
}

TEST_CASE("SqliteAudit: a revision and its record are one transaction") {
    const File path("together");
    {
        const Sqlite file = path.open();
        auto settings = stet::open<Settings>(file, SqliteAudit{file, Hmac{key}}, stet::if_empty(Settings{}));
        REQUIRE(settings);
        REQUIRE(settings->set(field<"port">, 2, {.author = "admin"}));
        CHECK_FALSE(settings->set(field<"port">, 0, {.author = "guest"}));
        REQUIRE(settings->snapshot("two"));
        REQUIRE(settings->set(field<"password">, "opensesame"));
        REQUIRE(settings->rollback_to("two"));
        CHECK(count(file, "SELECT count(*) FROM audit") == 6);
        CHECK(verdict(settings->audit()) == "as written, up to 6");
    }
    const Sqlite file = path.open();
    auto settings = stet::open<Settings>(file, SqliteAudit{file, Hmac{key}}, stet::if_empty(Settings{}));
    REQUIRE(settings);
    CHECK(settings->head() == 4);
    const auto all = *settings->audit().find({});
    REQUIRE(all.size() == 6);
    CHECK(all[2].outcome == stet::Outcome::refused);
    CHECK(all[3].subject == "two");
    CHECK(all[4].digest_before == all[1].digest_after);
    CHECK(all[5].digest_after == all[1].digest_after);
    CHECK(all[5].digest_after == settings->audit().digest(settings->current()));
    CHECK(all[4].changes[0].after.size() == 64);
    CHECK(found(settings->audit(), {.path = "password"}) == Numbers{5, 6});

    // Where the revision cannot be written, its record is not there either.
    run(file, "CREATE TRIGGER full BEFORE INSERT ON revisions BEGIN SELECT RAISE(ABORT, 'no'); END");
    CHECK_FALSE(settings->set(field<"port">, 3));
    run(file, "DROP TRIGGER full");
    CHECK(found(settings->audit(), {}) == Numbers{1, 2, 3, 4, 5, 6, 7});
    CHECK((*settings->audit().find({.sequence = 7}))[0].outcome == stet::Outcome::refused);
    // And where the record cannot be written, no revision is.
    run(file, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
    CHECK_FALSE(settings->set(field<"port">, 3));
    CHECK(settings->head() == 4);
    CHECK_FALSE(settings->snapshot("three"));
    run(file, "DROP TRIGGER full");
    REQUIRE(settings->set(field<"port">, 3));
    CHECK(settings->head() == 5);
    CHECK(verdict(settings->audit()) == "as written, up to 8");
    CHECK(count(file, "SELECT count(*) FROM audit WHERE text LIKE '%opensesame%' OR text LIKE '%swordfish%'") == 0);
}

TEST_CASE("SqliteAudit: what changes nothing is done when its record is safe") {
    const File path("unchanged");
    const Sqlite file = path.open();
    auto settings = stet::open<Settings>(file, SqliteAudit{file, Sha256{}}, stet::if_empty(Settings{}));
    REQUIRE(settings);
    sqlite3* const raw = (*file.connection())->get();
    sqlite3_commit_hook(raw, [](void*) { return 1; }, nullptr);
    const auto refused = settings->commit([](Settings&) {});
    const auto nothing_to_prune = settings->prune(5);
    sqlite3_commit_hook(raw, nullptr, nullptr);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::storage_failed);
    CHECK_FALSE(nothing_to_prune);
    CHECK(found(settings->audit(), {}) == Numbers{1});
    CHECK(settings->commit([](Settings&) {}) == Number{1});
    CHECK(settings->prune(5) == std::size_t{0});
    CHECK(found(settings->audit(), {.outcome = stet::Outcome::unchanged}) == Numbers{2, 3});
    CHECK(settings->together([&] {
        return settings->commit([](Settings&) {}).has_value() && settings->set(field<"port">, 2).has_value();
    }) == Number{2});
    CHECK(found(settings->audit(), {}) == Numbers{1, 2, 3, 4, 5});
    CHECK(verdict(settings->audit()) == "as written, up to 5");
}

TEST_CASE("SqliteAudit: many commits as one transaction, and none of them") {
    const File path("held");
    const Sqlite file = path.open();
    SqliteAudit audit{file};
    const auto connection = *file.connection();
    tell(audit, made(0, 1));
    REQUIRE(connection->begin());
    tell(audit, made(1, 2));
    tell(audit, made(2, 3));
    REQUIRE(audit.begin(made(3, 4)));
    audit.cancel();
    CHECK(found(audit, {}) == Numbers{1, 2, 3});
    connection->rollback();
    CHECK(found(audit, {}) == Numbers{1});
    tell(audit, made(1, 2));
    CHECK(found(audit, {}) == Numbers{1, 2});
    // The tables, too, go with a transaction that made them.
    const File other_path("held_first");
    const Sqlite other = other_path.open();
    SqliteAudit first{other};
    REQUIRE((*other.connection())->begin());
    tell(first, made(0, 1));
    (*other.connection())->rollback();
    CHECK(found(first, {}).empty());
    tell(first, made(0, 1));
    CHECK(found(first, {}) == Numbers{1});
}

TEST_CASE("SqliteAudit beside another storage: what was cancelled did not happen, and a note says so") {
    const File path("beside");
    bool refuses = false;
    stet::Versioned settings{Settings{}, Refusing<Settings>(&refuses), SqliteAudit{path.open(), Sha256{}}};
    REQUIRE(settings.set(field<"port">, 2));
    refuses = true;
    CHECK_FALSE(settings.set(field<"port">, 3));
    refuses = false;
    REQUIRE(settings.set(field<"port">, 4));
    const auto all = *settings.audit().find({});
    REQUIRE(all.size() == 4);
    CHECK(all[2].outcome == stet::Outcome::refused);
    CHECK(all[3].digest_before == all[1].digest_after);
    CHECK(found(SqliteAudit{path.open()}, {}) == Numbers{1, 2, 5, 6});
    CHECK(verdict(settings.audit()) == "as written, up to 6");
    // A program that ended between the record and the revision.
    SqliteAudit again{path.open(), Sha256{}};
    REQUIRE(again.begin(made(3, 4)));
    SqliteAudit next{path.open(), Sha256{}};
    CHECK(next.reconcile(3) == std::size_t{1});
    CHECK(next.reconcile(3) == std::size_t{0});
    CHECK(next.reconcile(0) == std::size_t{0});
    CHECK(found(next, {}) == Numbers{1, 2, 5, 6});
    CHECK(verdict(next) == "as written, up to 8");
}

TEST_CASE("SqliteAudit: one that cannot write refuses, or goes on where it was told to") {
    const File path("open");
    const Sqlite file = path.open();
    stet::Versioned closed{Settings{}, SqliteAudit{file}};
    stet::Versioned open{Settings{}, SqliteAudit{file, stet::fail_open}};
    run(file, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
    CHECK(closed.set(field<"port">, 2).error().code() == Errc::storage_failed);
    CHECK(closed.head() == 1);
    REQUIRE(open.set(field<"port">, 2));
    CHECK(open.audit().missing() == 1);
    run(file, "DROP TRIGGER full");
    REQUIRE(open.set(field<"port">, 3));
    CHECK(open.audit().missing() == 0);
    CHECK(count(file, "SELECT count(*) FROM audit WHERE text LIKE '%\"missing\":1%'") == 1);
    // What a note said that went with its transaction is said again.
    auto same = stet::open<Settings>(file, SqliteAudit{file, stet::fail_open}, stet::if_empty(Settings{}));
    REQUIRE(same);
    run(file, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
    REQUIRE(same->set(field<"port">, 2));
    run(file, "DROP TRIGGER full");
    CHECK(same->audit().missing() == 1);
    run(file, "CREATE TRIGGER full BEFORE INSERT ON revisions BEGIN SELECT RAISE(ABORT, 'no'); END");
    CHECK_FALSE(same->set(field<"port">, 3));
    run(file, "DROP TRIGGER full");
    CHECK(same->audit().missing() == 0);
    CHECK(count(file, "SELECT count(*) FROM audit WHERE text LIKE '%\"missing\":1%'") == 2);
    CHECK(SqliteAudit{Sqlite("no_such_folder/audit.db")}.begin({}).error().code() == Errc::storage_failed);
}

TEST_CASE("SqliteAudit::verify names the first record that was altered, removed or reordered, in any column") {
    const File path("tampered");
    const Sqlite file = path.open();
    SqliteAudit audit{file, Hmac{key}};
    for (const AuditRecord& record : audit_suite::records()) tell(audit, record);
    const auto anchor = *audit.anchor();
    REQUIRE(verdict(audit) == "as written, up to 8");
    const auto after = [&](const std::string& sql, const AuditAnchor& known = {}) {
        run(file, "SAVEPOINT tampering");
        run(file, sql);
        std::string said = verdict(audit, known);
        run(file, "ROLLBACK TO tampering; RELEASE tampering");
        return said;
    };
    for (const char* const column : {"time", "operation", "outcome", "author", "before", "after", "back_to",
                                     "cancelled", "made", "digest", "text", "hash"})
        CHECK(after(std::string("UPDATE audit SET ") + column + " = '7' WHERE sequence = 3") == "record 3 was altered");
    CHECK(after("UPDATE audit SET text = replace(text, 'admin', 'guest')") == "record 2 was altered");
    CHECK(after("UPDATE audit SET text = text || ' ' WHERE sequence = 4") == "record 4 was altered");
    CHECK(after("UPDATE audit SET sequence = 20 WHERE sequence = 8") == "record 8 was altered");
    CHECK(after("DELETE FROM audit WHERE sequence = 1") == "record 1 was removed");
    CHECK(after("DELETE FROM audit WHERE sequence IN (4, 5)") == "record 4 was removed");
    CHECK(after("UPDATE audit SET sequence = 20 WHERE sequence = 3") == "record 3 was reordered");
    CHECK(after("UPDATE audit SET sequence = 20 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 6; "
                "UPDATE audit SET sequence = 6 WHERE sequence = 20") == "record 2 was reordered");
    CHECK(after("DELETE FROM audit WHERE sequence > 6") == "as written, up to 6");
    CHECK(after("DELETE FROM audit WHERE sequence > 6", anchor) == "record 7 was cut off, with all behind it");
    REQUIRE(verdict(audit, anchor) == "as written, up to 8");

    REQUIRE(audit.prune_to(3) == std::size_t{5});
    CHECK(verdict(audit, anchor) == "as written, up to 8");
    CHECK(after("DELETE FROM audit_checkpoint") == "record 1 was removed");
    CHECK(after("UPDATE audit_checkpoint SET text = replace(text, '5', '4')") == "record 4 was altered");
    CHECK(after("UPDATE audit_checkpoint SET hash = 'x'") == "record 5 was altered");
    run(file, "UPDATE audit SET author = 'x' WHERE sequence = 6");
    CHECK(audit.prune_to(1).error().why() == "record 6 was altered");
    CHECK(found(audit, {}).size() == 3);
    CHECK(verdict(SqliteAudit{file, Hmac{"another key of the same length.."}}) == "record 5 was altered");
}

TEST_CASE("SqliteAudit: what was not done is found by an index, which costs what was done nothing") {
    const File path("indices");
    const Sqlite file = path.open();
    SqliteAudit audit{file};
    tell(audit, made(0, 1));
    auto statement =
        (*file.connection())
            ->prepare("EXPLAIN QUERY PLAN SELECT text FROM audit WHERE outcome = ?1 AND outcome <> 'done'");
    REQUIRE(statement);
    REQUIRE(statement->step());
    CHECK(statement->text(3).find("audit_outcome") != std::string_view::npos);
}
