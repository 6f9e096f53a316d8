#include <stet/with/spdlog.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/versioned.hpp>

#include "../bot.hpp"

#include <doctest/doctest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <memory>
#include <sstream>
#include <string>

using bot::Settings;
using stet::field;

namespace {

struct Log {
    std::ostringstream out;
    std::shared_ptr<spdlog::logger> logger =
        std::make_shared<spdlog::logger>("stet", std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
    Log() {
        logger->set_pattern("%l %v");
        logger->set_level(spdlog::level::trace);
    }
    std::string taken() {
        std::string text = out.str();
        out.str("");
        return text;
    }
};

}  // namespace

TEST_CASE("Spdlog: a line for every operation, at a level by its outcome, without values") {
    Log log;
    stet::Versioned settings{Settings{}, stet::also(stet::AuditLog{}, stet::Spdlog{log.logger}), bot::FakeClock{0, 10}};
    CHECK(log.taken() == "info operation=create outcome=done before=0 after=1 changes=0 duration_ns=20\n");
    REQUIRE(settings.set(field<"password">, "opensesame", {.author = "admin", .reason = "why", .source = "cli"}));
    CHECK(
        log.taken() ==
        "info operation=commit outcome=done before=1 after=2 author=\"admin\" reason=\"why\" source=\"cli\" changes=1 "
        "duration_ns=20\n");
    REQUIRE(settings.commit([](Settings&) {}));
    CHECK(log.taken() == "debug operation=commit outcome=unchanged before=2 after=2 changes=0 duration_ns=10\n");
    REQUIRE(settings.snapshot("two"));
    CHECK(log.taken() ==
          "info operation=snapshot outcome=done before=2 after=2 subject=\"two\" changes=0 duration_ns=10\n");
    CHECK_FALSE(settings.set(field<"port">, 0));
    const std::string refused = log.taken();
    CHECK(refused.find("warning operation=commit outcome=refused") == 0);
    CHECK(refused.find("error=\"the value breaks a rule") == std::string::npos);
    CHECK(refused.find("port is 0, must be in 1..65535\\n") != std::string::npos);
    log.logger->set_level(spdlog::level::err);
    CHECK_FALSE(settings.set(field<"port">, 0));
    CHECK(log.taken().empty());
    stet::AuditRecord denied;
    denied.outcome = stet::Outcome::denied;
    stet::Spdlog{log.logger}(denied);
    CHECK(log.taken().find("error operation=commit outcome=denied") == 0);
}

TEST_CASE("Spdlog: no author writes a line of his own") {
    Log log;
    stet::Versioned settings{Settings{}, stet::also(stet::Spdlog{log.logger})};
    log.taken();
    REQUIRE(settings.set(field<"port">, 2, {.author = "me\ninfo operation=commit author=\"root\"", .reason = "{}"}));
    const std::string text = log.taken();
    CHECK(text.find('\n') == text.size() - 1);
    CHECK(text.find("author=\"me\\ninfo operation=commit author=\\\"root\\\"\" reason=\"{}\"") != std::string::npos);
}
