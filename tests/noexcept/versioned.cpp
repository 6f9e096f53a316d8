// Versioned where there are neither exceptions nor run-time types.
#include <stet/stet.hpp>

#include "../bot.hpp"

using bot::Settings;
using stet::field;

int main() {
    stet::Versioned settings{Settings{}, stet::AuditLog{}};
    if (!settings.snapshot("first") || !settings.set(field<"port">, 2) || !settings.set("llm.model", "o1")) return 1;
    const auto refused = settings.commit([](Settings& s) { s.port = 0; });
    if (refused || refused.error().violations().size() != 1) return 2;
    if (!settings.revert(2) || settings.current().port != 8080 || settings.current().llm.model != "o1") return 3;
    const auto plan = settings.plan_rollback("first");
    if (!plan || !settings.execute(*plan) || settings.execute(*plan)) return 4;
    if (settings.audit().records().size() != 8) return 5;
    auto opened = stet::open<Settings>(std::move(settings).release_storage(), stet::if_broken(stet::last_good));
    return opened && opened->head() == 5 && opened->rollback() == stet::Number{6} ? 0 : 6;
}
