// Audits in files work where nothing can throw: a throw would abort here.
#include <stet/versioned.hpp>
#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/openssl.hpp>
#include <stet/with/sqlite/audit.hpp>

#include <cstdio>
#include <string>

#define CHECK(...) \
    if (!(__VA_ARGS__)) return std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), 1

namespace {

struct Settings {
    std::string name = "bot";
    std::string password = "swordfish";
    static constexpr auto schema() {
        return stet::fields(stet::field<"name">(stet::not_empty), stet::field<"password">(stet::secret));
    }
};

template <class Audit>
int works(Audit audit) {
    stet::Versioned settings{Settings{}, std::move(audit)};
    CHECK(settings.set(stet::field<"password">, "opensesame").has_value());
    CHECK(!settings.set(stet::field<"name">, "").has_value());
    const auto found = settings.audit().find({.outcome = stet::Outcome::refused});
    CHECK(found.has_value() && found->size() == 1 && !found->front().error.empty());
    CHECK(settings.audit().verify()->sequence == 3);
    CHECK(settings.audit().prune_to(1).has_value());
    CHECK(settings.audit().verify()->sequence == 3);
    return 0;
}

}  // namespace

int main() {
    const std::string path = "stet_test_noexcept_audit";
    stet::Files files;
    CHECK(files.remove(path).has_value());
    CHECK(works(stet::JsonLines{path, stet::Hmac{"0123456789abcdef"}}) == 0);
    for (const char* const bad : {"{", "nonsense", "{\"sequence\":-1}", "[1]", "{\"operation\":7}"}) {
        auto file = files.append_to(path);
        CHECK(file.has_value() && files.write(*file, std::string(bad) + "\n").has_value());
        stet::JsonLines audit{path, stet::Hmac{"0123456789abcdef"}};
        CHECK(audit.find({})->size() == 1 && !audit.begin({}).has_value() && !audit.verify().has_value());
    }
    CHECK(files.remove(path).has_value() && files.remove(path + ".lock").has_value());
    CHECK(works(stet::SqliteAudit{stet::Sqlite{":memory:"}, stet::Sha256{}}) == 0);
    CHECK(!stet::JsonLines{"no_such_folder/audit.jsonl"}.begin({}).has_value());
    return 0;
}
