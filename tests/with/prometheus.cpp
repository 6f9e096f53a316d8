#include <stet/with/prometheus.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/versioned.hpp>

#include "../bot.hpp"

#include <doctest/doctest.h>
#include <prometheus/text_serializer.h>

#include <memory>
#include <string>

using bot::Settings;
using stet::field;

namespace {

std::string scraped(const prometheus::Registry& registry) {
    return prometheus::TextSerializer().Serialize(registry.Collect());
}
bool has(const std::string& text, const std::string& line) {
    INFO(text);
    return text.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("Prometheus: counts, durations and sizes by operation and outcome") {
    const auto registry = std::make_shared<prometheus::Registry>();
    stet::Versioned settings{Settings{}, stet::also(stet::AuditLog{}, stet::Prometheus{registry, {{"store", "bot"}}}),
                             bot::FakeClock{0, 1'000'000}};
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.commit([](Settings& s) {
        s.port = 3;
        s.name = "cat";
    }));
    CHECK_FALSE(settings.set(field<"port">, 0));
    REQUIRE(settings.rollback());
    const std::string text = scraped(*registry);
    const auto series = [](const std::string& name, const std::string& operation, const std::string& outcome) {
        return name + "{operation=\"" + operation + "\",outcome=\"" + outcome + "\",store=\"bot\"} ";
    };
    CHECK(has(text, series("stet_operations_total", "create", "done") + "1"));
    CHECK(has(text, series("stet_operations_total", "commit", "done") + "2"));
    CHECK(has(text, series("stet_operations_total", "commit", "refused") + "1"));
    CHECK(has(text, series("stet_operations_total", "rollback", "done") + "1"));
    CHECK(has(text, series("stet_operations_total", "prune", "denied") + "0"));
    CHECK(has(text, series("stet_operation_duration_seconds_count", "commit", "done") + "2"));
    CHECK(has(text, series("stet_operation_duration_seconds_sum", "commit", "refused") + "0.001"));
    CHECK(has(text, series("stet_changed_fields_sum", "commit", "done") + "3"));
    CHECK(has(text, series("stet_changed_fields_count", "commit", "refused") + "0"));
    CHECK(has(text, series("stet_change_bytes_sum", "commit", "done") + "29"));  // port8080 2, port23, name"bot""cat"
    CHECK(settings.audit().records().size() == 5);
}

TEST_CASE("Prometheus: two values in one registry, told apart by a label; without an audit") {
    const auto registry = std::make_shared<prometheus::Registry>();
    stet::Versioned one{Settings{}, stet::also(stet::Prometheus{registry, {{"store", "one"}}})};
    stet::Versioned two{Settings{}, stet::also(stet::Prometheus{registry, {{"store", "two"}}})};
    REQUIRE(two.set(field<"port">, 2));
    const std::string text = scraped(*registry);
    CHECK(has(text, "stet_operations_total{operation=\"commit\",outcome=\"done\",store=\"one\"} 0"));
    CHECK(has(text, "stet_operations_total{operation=\"commit\",outcome=\"done\",store=\"two\"} 1"));
}
