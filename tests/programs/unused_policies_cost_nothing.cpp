// Policies without state take no place, and those that are not used take no code that could be called.
#include <stet/stet.hpp>

#include "../bot.hpp"

namespace {

struct NoState {
    stet::Time now() const { return 0; }
};
struct NoStateAudit {
    stet::Result<void> begin(stet::AuditRecord) { return {}; }
    void confirm() noexcept {}
    void cancel() noexcept {}
};

// What a Versioned is made of, written down by hand.
template <class T>
struct ByHand {
    stet::detail::Slot<T> value;
    STET_NO_UNIQUE_ADDRESS stet::detail::drafts_of<T> drafts;
    stet::Memory<T> storage;
    stet::Number head;
    stet::Opening opening;
};

using bot::Motor;
using bot::Settings;
template <class... Policies>
constexpr std::size_t size = sizeof(stet::Versioned<Settings, Policies...>);

static_assert(std::is_empty_v<stet::NoAudit> && std::is_empty_v<stet::SystemClock> && std::is_empty_v<stet::Rules<>>);
static_assert(size<> == sizeof(ByHand<Settings>));
static_assert(sizeof(stet::Versioned<Motor>) == sizeof(ByHand<Motor>));
static_assert(size<stet::NoAudit> == size<>);
static_assert(size<NoState> == size<>);
static_assert(size<NoStateAudit> == size<>);
static_assert(size<NoStateAudit, NoState> == size<>);
static_assert(size<stet::Memory<Settings, 1000>> == size<>);
static_assert(size<stet::AuditLog> == size<> + sizeof(stet::AuditLog));
static_assert(size<bot::FakeClock> == size<> + sizeof(bot::FakeClock));
static_assert(sizeof(stet::History<Motor, 8, stet::Copies, stet::Rules<>>) <= 8 * sizeof(Motor) + 16);

}  // namespace

int main() {
    stet::Versioned settings{Settings{}, NoState{}, NoStateAudit{}};
    return settings.set(stet::field<"port">, 2) ? 0 : 1;
}
