#include <stet/policy/access.hpp>

#include <stet/open.hpp>
#include <stet/policy/audit_log.hpp>
#include <stet/render/text.hpp>
#include <stet/versioned.hpp>

#include "../bot.hpp"

#include <doctest/doctest.h>

#include <string>

using bot::Settings;
using stet::Errc;
using stet::field;
using stet::Number;
using stet::Operation;
using stet::Outcome;

namespace {

// Only admins change the password, and only they roll back; guests change nothing.
bool may(const stet::Request& request) {
    if (request.actor == "admin") return true;
    if (request.actor == "guest") return false;
    if (request.operation == Operation::prune) return false;
    return !request.inside("password");
}
std::string said(const auto& result) {
    REQUIRE_FALSE(result);
    return stet::detail::to_text([&](const stet::Writer& out) { result.error().write(out); });
}

}  // namespace

TEST_CASE("Request::inside") {
    stet::Request request{.actor = "x", .path = "llm.model"};
    CHECK(request.inside("llm"));
    CHECK(request.inside("llm.model"));
    CHECK_FALSE(request.inside("llm.mode"));
    CHECK_FALSE(request.inside("model"));
    request.path = "routes[1].to";
    CHECK(request.inside("routes"));
}

TEST_CASE("access: what is denied does not happen, and the audit hears of it") {
    stet::Versioned settings{Settings{}, stet::access(may), stet::AuditLog{}};
    CHECK(settings.set(field<"port">, 1, {.author = "user"}) == Number{2});
    CHECK(said(settings.set(field<"password">, "hunter22", {.author = "user"})) ==
          "this is not allowed: password may not be changed by 'user'\n  fix: ask somebody who may, or leave that "
          "field as it is");
    CHECK(said(settings.commit(
              [](Settings& s) {
                  s.port = 2;
                  s.password = "hunter22";
              },
              {.author = "user"})) == said(settings.set(field<"password">, "x123", {.author = "user"})));
    CHECK(settings.set(field<"port">, 9, {.author = "guest"}).error().code() == Errc::denied);
    CHECK(settings.head() == 2);
    CHECK(settings.current().password == "swordfish");
    const auto& records = settings.audit().records();
    REQUIRE(records.size() == 6);
    CHECK(records.back().outcome == Outcome::denied);
    CHECK(records.back().author == "guest");
    CHECK(records.back().error.find("port may not be changed") != std::string::npos);
    CHECK(settings.audit().find({.outcome = Outcome::denied}).size() == 4);
    CHECK(settings.audit().find({.outcome = Outcome::denied, .path = "password"}).size() == 3);
    CHECK(settings.set(field<"password">, "hunter22", {.author = "admin"}) == Number{3});
}

TEST_CASE("access: a rollback cannot bring back what one may not set") {
    stet::Versioned settings{Settings{}, stet::access(may)};
    REQUIRE(settings.set(field<"password">, "hunter22", {.author = "admin"}));
    REQUIRE(settings.set(field<"port">, 1, {.author = "user"}));
    CHECK(settings.rollback_to(1, {.author = "user"}).error().code() == Errc::denied);
    CHECK(settings.revert(2, {.author = "user"}).error().code() == Errc::denied);
    CHECK(settings.rollback_only(1, {field<"password">}, {.author = "user"}).error().code() == Errc::denied);
    const auto plan = settings.plan_rollback(1);
    REQUIRE(plan);
    CHECK(settings.execute(*plan, {.author = "user"}).error().code() == Errc::denied);
    CHECK(settings.head() == 3);
    CHECK(settings.rollback_keeping(1, {field<"password">}, {.author = "user"}) == Number{4});
    CHECK(settings.current().port == 8080);
    CHECK(settings.current().password == "hunter22");
    CHECK(settings.rollback_to(1, {.author = "admin"}) == Number{5});
}

TEST_CASE("access: by operation, also of what changes no field") {
    stet::Versioned settings{Settings{}, stet::access([](const stet::Request& request) {
                                 return request.operation == Operation::create ||
                                        request.operation == Operation::commit || request.actor == "admin";
                             })};
    REQUIRE(settings.set(field<"port">, 1, {.author = "user"}));
    CHECK(settings.rollback({.author = "user"}).error().code() == Errc::denied);
    CHECK(said(settings.snapshot("mine", {.author = "user"})) ==
          "this is not allowed: mine may not be changed by 'user'\n  fix: ask somebody who may, or leave that field as "
          "it is");
    CHECK(settings.snapshot("mine", {.author = "admin"}));
    CHECK(settings.release("mine", {.author = "user"}).error().code() == Errc::denied);
    CHECK(settings.snapshots().size() == 1);
    CHECK(settings.prune(1, {.author = "user"}).error().code() == Errc::denied);
    CHECK(settings.size() == 2);
    CHECK(settings.rollback({.author = "admin"}) == Number{3});
}

TEST_CASE("access: the author is who the program knows, not who they say they are") {
    std::string logged_in = "user";
    stet::Versioned settings{Settings{}, stet::access(may, [&] { return logged_in; }), stet::AuditLog{}};
    CHECK(settings.set(field<"port">, 1, {.author = "admin"}) == Number{2});
    CHECK(settings.history()[0].author == "user");
    CHECK(settings.audit().records().back().author == "user");
    CHECK(settings.set(field<"password">, "hunter22", {.author = "admin"}).error().code() == Errc::denied);
    logged_in = "admin";
    CHECK(settings.set(field<"password">, "hunter22", {.author = "user"}) == Number{3});
    CHECK(settings.history()[0].author == "admin");
    logged_in = "";  // not known: then who the caller says
    CHECK(settings.set(field<"port">, 2, {.author = "guest"}).error().code() == Errc::denied);
}

TEST_CASE("access: opening is nobody's") {
    const auto opened = stet::create(Settings{}, {.author = "guest"}, stet::access(may));
    REQUIRE(opened);
    CHECK(opened->head() == 1);
}

TEST_CASE("without an access policy nothing is asked and nothing is kept") {
    static_assert(sizeof(stet::Versioned<bot::Motor>) == sizeof(stet::Versioned<bot::Motor, stet::Memory<bot::Motor>>));
    static_assert(!stet::access_policy<stet::NoAccess>);
    static_assert(stet::access_policy<decltype(stet::access(may))>);
    static_assert(!stet::access_policy<stet::AuditLog>);
}
