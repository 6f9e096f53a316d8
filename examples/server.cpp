// A server's settings: who changed what, when, why, and how to get back in a second.
#include <stet/stet.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

struct Pool {
    int size = 10;
    double timeout_s = 2.5;
    static constexpr auto schema() {
        return stet::fields(stet::field<"size">(stet::in_range(1, 500)), stet::field<"timeout_s">(stet::min(0.1)));
    }
};
struct Settings {
    std::string url = "postgres://db.internal/app";
    std::string password = "correct horse";
    Pool pool;
    std::vector<std::string> origins{"https://app.example.org"};
    static constexpr auto schema() {
        return stet::fields(stet::field<&Settings::url>(stet::not_empty), stet::field<"password">(stet::secret));
    }
};

int main() {
    // [server]
    // limits of this machine are rules of this instance; the audit trail is a policy
    stet::Versioned settings{Settings{}, stet::AuditLog{},
                             stet::rules(stet::field<"pool.size">(stet::warning(stet::max(64))))};
    CHECK(settings.snapshot("before-tuning", {.author = "dana"}));

    auto tuned = settings.commit(
        [](Settings& s) {
            s.pool.size = 200;
            s.password = "battery staple";
            s.origins.push_back("https://beta.example.org");
        },
        {.author = "dana", .reason = "tuning, ticket 42", .metadata = {{"ticket", "42"}}});
    CHECK(tuned && *tuned == 2);

    // somebody who has read revision 1 is told, not overwritten
    auto late = settings.set(stet::field<"pool.timeout_s">, 5.0, {.author = "kim", .expected = 1});
    CHECK(!late && late.error().code() == stet::Errc::revision_conflict && late.error().actual() == 2);

    // 3 a.m.: look first, then go back; the plan expires if anybody commits in between
    auto plan = settings.plan_rollback("before-tuning");
    CHECK(plan);
    std::printf("%s\n", stet::text(plan->patch()).c_str());
    auto restored = settings.execute(*plan, {.author = "oncall", .reason = "incident 7"});
    CHECK(restored && *restored == 3 && settings.current().pool.size == 10);

    // who touched the pool, and with which outcome?
    for (const stet::AuditRecord& record : settings.audit().find({.path = "pool"}))
        std::printf("%s: %s\n", record.author.c_str(), record.reason.c_str());
    // [/server]
    CHECK(settings.audit().find({.outcome = stet::Outcome::refused}).size() == 1);
    CHECK(settings.audit().find({.path = "pool"}).size() == 2);
    for (const stet::AuditRecord& record : settings.audit().records())
        for (const stet::AuditedChange& change : record.changes)
            CHECK(change.path != "password" ||
                  (change.before == stet::secret_dots && change.after == stet::secret_dots));
}
