// Settings of a server that survive the process, the power and the next release: an SQLite file with all revisions and
// an audit trail that nobody can alter unseen.
#include <stet/with/openssl.hpp>
#include <stet/with/sqlite.hpp>
#include <stet/with/sqlite/audit.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

// What the last release stored, and what this one does.
namespace last_release {
struct Settings {
    int max_msgs = 20;
    std::string password = "swordfish";
    std::string greeting = "hello";
};
}  // namespace last_release

// [durable]
struct Settings {
    int max_messages = 50;  // was max_msgs
    std::string password = "change me";
    bool maintenance = false;  // new

    static constexpr auto schema() {
        return stet::fields(stet::field<"max_messages">(stet::in_range(1, 1000), stet::renamed_from("max_msgs")),
                            stet::field<"password">(stet::secret));
    }
};

auto open_settings(const std::string& path, const std::string& key, const std::string& user) {
    const stet::Sqlite file{path};  // durability, retention, encryption: {.keep = 1000, .seal = ..., .unseal = ...}
    return stet::open<Settings>(
        file, stet::if_empty(Settings{}), stet::if_broken(stet::last_good),
        stet::SqliteAudit{file, stet::Hmac{key}},  // in the same transaction as the revision
        stet::access(
            [](const stet::Request& request) { return request.actor == "admin" || !request.inside("password"); },
            [user] { return user; }));
}
// [/durable]

int main() {
    const std::string folder = (std::filesystem::temp_directory_path() / "stet_durable_XXXXXX").string();
    std::string made = folder;
    CHECK(mkdtemp(made.data()) != nullptr);
    const std::string path = made + "/settings.db";
    const std::string key = "a key of 32 bytes, from the vault";
    CHECK(stet::open<last_release::Settings>(stet::Sqlite{path}, stet::if_empty(last_release::Settings{})));
    // [use]
    auto settings = open_settings(path, key, "admin");
    CHECK(settings && settings->opening() == stet::Opening::migrated);  // by the names of the fields
    CHECK(settings->current().max_messages == 20 && !settings->current().maintenance);
    CHECK(settings->storage().raw(1)->at("greeting") == "hello");  // what this release does not know is kept

    // when it returns, it is safe; another process may share the file
    auto oncall = open_settings(path, key, "oncall");
    CHECK(oncall && oncall->set(stet::field<"maintenance">, true, {.reason = "incident 7"}) == stet::Number{2});
    CHECK(settings->set(stet::field<"max_messages">, 100) == stet::Number{3});  // on top of it
    CHECK(settings->current().maintenance);

    // what one may not set, one may not bring back
    CHECK(settings->set(stet::field<"password">, "hunter22", {.reason = "rotated"}) == stet::Number{4});
    const auto denied = oncall->rollback_to(1);
    CHECK(!denied && denied.error().code() == stet::Errc::revision_conflict);  // revision 4 has not been seen
    CHECK(oncall->rollback_to(1).error().code() == stet::Errc::denied);
    CHECK(oncall->rollback_keeping(1, {stet::field<"password">}) == stet::Number{5});

    // the old password leaves all revisions and the file
    CHECK(settings->forget(stet::field<"password">));
    CHECK(settings->at(1)->value().password == "hunter22");

    // who, when, why; and is all of it still as it was written?
    const auto records = settings->audit().find({.path = "password"});
    CHECK(records && records->size() == 2);  // one done, one denied
    for (const stet::AuditRecord& record : *records)
        std::printf("%s: %s\n", record.author.c_str(), record.reason.c_str());
    CHECK(settings->audit().verify());
    // [/use]
    std::filesystem::remove_all(made);
}
