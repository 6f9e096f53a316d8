#include <stet/policy/pick.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/policy/memory.hpp>
#include <stet/versioned.hpp>

#include "../bot.hpp"

#include <doctest/doctest.h>

using bot::FakeClock;
using bot::Settings;
using stet::AuditLog;
using stet::field;
using stet::Memory;
using stet::Versioned;

namespace {

auto own_rules() { return stet::rules(field<"port">(stet::max(9000))); }
using OwnRules = decltype(own_rules());

template <class Versioned>
bool has_all(Versioned versioned) {
    bool ok = versioned.head() == 1;
    for (int port = 2; port <= 5; ++port) ok = ok && versioned.set(field<"port">, port).has_value();
    ok = ok && !versioned.set(field<"port">, 9001);
    return ok && versioned.history().size() == 3 && versioned.history()[0].time < 10'000 &&
           versioned.audit().records().size() == 6 && versioned.audit().records()[5].outcome == stet::Outcome::refused;
}

}  // namespace

TEST_CASE("policies in any order") {
    using M = Memory<Settings, 3>;
    CHECK(has_all(Versioned{Settings{}, M{}, AuditLog{}, FakeClock{}, own_rules()}));
    CHECK(has_all(Versioned{Settings{}, own_rules(), FakeClock{}, AuditLog{}, M{}}));
    CHECK(has_all(Versioned{Settings{}, AuditLog{}, M{}, own_rules(), FakeClock{}}));
    CHECK(has_all(Versioned{Settings{}, FakeClock{}, own_rules(), M{}, AuditLog{}}));
}

TEST_CASE("policy_of: the one that was given, or the default") {
    using namespace stet::detail;
    static_assert(std::is_same_v<policy_of<IsStorage<Settings>, Memory<Settings>>, Memory<Settings>>);
    static_assert(std::is_same_v<policy_of<IsStorage<Settings>, Memory<Settings>, AuditLog, Memory<Settings, 3>>,
                                 Memory<Settings, 3>>);
    static_assert(std::is_same_v<policy_of<IsAudit, stet::NoAudit, FakeClock, AuditLog>, AuditLog>);
    static_assert(std::is_same_v<policy_of<IsClock, stet::SystemClock, AuditLog>, stet::SystemClock>);
    static_assert(std::is_same_v<policy_of<IsRules, stet::Rules<>, OwnRules, AuditLog>, OwnRules>);
    static_assert(count_policies<IsClock, FakeClock, AuditLog, stet::SystemClock> == 2);
}

TEST_CASE("Versioned<T, NoAudit>: is one without") {
    Versioned<Settings, stet::NoAudit> settings{Settings{}, {}};
    CHECK(settings.set(field<"port">, 2));
    static_assert(sizeof(Versioned<Settings, stet::NoAudit>) == sizeof(Versioned<Settings>));
}
