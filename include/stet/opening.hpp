#pragma once
// What is found when a storage is opened, and what is done about it.

#include <stet/fwd.hpp>

#include <cstdint>

namespace stet {

/// How a `Versioned`, or a `Stored`, came to its first state.
enum class Opening : std::uint8_t {
    created,          ///< from a value
    opened,           ///< from a storage
    last_good,        ///< the stored head broke today's rules; the newest revision that keeps them came back
    factory,          ///< nothing that is stored can be used; the value of if_empty() took its place
    with_violations,  ///< it breaks today's rules, and lives with that
    recovered,        ///< from a storage on which something was half written or damaged; the newest whole revision
    migrated,         ///< the head was written from another version of the struct, and read all the same
    taken_back,       ///< a provisional commit had not been confirmed; what was in force before it
    edited,           ///< somebody had changed it by hand, and the new revision says so by its source
    edit_refused,     ///< somebody had changed it by hand, and that is no revision; `take_edit` says why
};

/// What to do when the stored head breaks today's rules.
enum class Broken : std::uint8_t { refuse, last_good, factory, accept };

inline constexpr Broken last_good = Broken::last_good;  ///< the newest kept revision that keeps the rules comes back
inline constexpr Broken factory = Broken::factory;      ///< the value of if_empty() comes in its place
inline constexpr Broken accept = Broken::accept;        ///< it stays, violations and all

struct IfBroken {
    Broken choice;
};
/// For `open`: `if_broken(last_good)`, `if_broken(factory)` or `if_broken(accept)`; without it, a `Versioned` is not
/// opened, and a `Stored` takes the last good one.
constexpr IfBroken if_broken(Broken choice) { return {choice}; }

/// What to do when the stored head is a provisional commit that was not confirmed.
enum class Provisional : std::uint8_t { take_back, wait };

inline constexpr Provisional keep_waiting = Provisional::wait;  ///< until it is confirmed, or its time is over

struct IfProvisional {
    Provisional choice;
};
/// For `open`: `if_provisional(keep_waiting)` is for who looks at, or works with, what another process has open.
/// Without it, opening takes a provisional commit back: the program that made it has ended, maybe because of it.
constexpr IfProvisional if_provisional(Provisional choice) { return {choice}; }

}  // namespace stet
