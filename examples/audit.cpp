// Who changed what, in a file that tells on whoever alters it: sealed records, questions, retention, an anchor.
#include <stet/open.hpp>
#include <stet/policy/also.hpp>
#include <stet/stet.hpp>
#include <stet/with/openssl.hpp>
#include <stet/with/sqlite.hpp>
#include <stet/with/sqlite/audit.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

struct Settings {
    std::string url = "postgres://db.internal/app";
    std::string password = "correct horse";
    int pool = 10;

    static constexpr auto schema() {
        return stet::fields(stet::field<"password">(stet::secret), stet::field<"pool">(stet::in_range(1, 500)));
    }
};

void audited(const std::string& path, const std::string& key) {
    // [audit]
    // The trail is in the file of the revisions: a commit and its record are one transaction. Whoever else wants to
    // hear of it stands behind: stet::Prometheus, stet::Spdlog, a function.
    stet::Sqlite file{path};
    int failures = 0;
    auto settings = stet::open<Settings>(
        file,
        stet::also(stet::SqliteAudit{file, stet::Hmac{key}},
                   [&](const stet::AuditRecord& record) { failures += record.outcome == stet::Outcome::refused; }),
        stet::if_empty(Settings{}));
    CHECK(settings);

    CHECK(settings->set(stet::field<"pool">, 200, {.author = "dana", .reason = "tuning, ticket 42"}));
    CHECK(settings->set(stet::field<"password">, "battery staple", {.author = "dana"}));
    CHECK(!settings->set(stet::field<"pool">, 0, {.author = "kim"}));

    const auto by_dana = settings->audit().find({.author = "dana", .path = "pool"});
    CHECK(by_dana);
    for (const stet::AuditRecord& record : *by_dana)
        for (const stet::AuditedChange& change : record.changes)
            std::cout << record.author << ": " << change.path << " was " << change.before << ", is " << change.after
                      << " (" << record.reason << ")\n";

    // Keep this where who can write the file cannot: it tells that an end was cut off.
    const stet::AuditAnchor anchor = *settings->audit().anchor();
    CHECK(settings->audit().verify(anchor));

    // The newest 100 records stay; a sealed checkpoint stands for the others.
    CHECK(settings->audit().prune_to(100));
    // [/audit]
    CHECK(failures == 1);
    CHECK(anchor.sequence == 4);

    // Somebody helps himself.
    CHECK((*file.connection())->run("UPDATE audit SET text = replace(text, 'dana', 'kim') WHERE sequence = 2"));
    const auto verified = settings->audit().verify(anchor);
    CHECK(!verified && verified.error().code() == stet::Errc::audit_tampered);
    std::cout << stet::text(verified.error()) << '\n';
}

int main() {
    const std::string folder = "stet_example_audit";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
    audited(folder + "/settings.db", "a key of your own, from where you keep such");
    std::filesystem::remove_all(folder);
}
