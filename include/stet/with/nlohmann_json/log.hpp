#pragma once
// The log under a durable storage: JSON documents by number, kept safe. It knows nothing of structs, rules or authors'
// rights.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/policy/storage.hpp>
#include <stet/result.hpp>
#include <stet/revision.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stet {

/// What stands in an entry: the value, or the operations of RFC 6902 (add, remove, replace) that make it of the one
/// before.
enum class Form : std::uint8_t { whole, patch };

/// A revision as it is stored.
struct LogEntry {
    Revision revision{};
    std::uint64_t fingerprint = 0;  ///< of the struct that it was written from
    Form form = Form::whole;
    std::string data{};     ///< a JSON document as CBOR
    std::size_t bytes = 0;  ///< that the data takes where it is kept, if it was read
};

/// Which revisions a log holds.
struct LogState {
    Number head = 0;
    Number floor = 0;        ///< the oldest of the unbroken run that ends at the head
    std::size_t size = 0;    ///< of the run, and those that are older and pinned
    bool recovered = false;  ///< something half done was found, and undone
    bool unchanged = false;  ///< names included, since `lock` was called or something appended before
};

/// - `open()`: makes what is missing, undoes what was half done. Called once, first.
/// - `state()`: as it is now.
/// - `lock()`, `unlock()`: the same, and between them nobody else appends.
/// - `append(entry)`: one more, and how many bytes its data takes; when it returns, it is safe. Error:
///   `revision_conflict` if `entry.revision.previous` is not the head.
/// - `read(number)`: an entry, as it was appended or revised. Errors: `no_such_revision`, `storage_failed`.
/// - `pin(name, number)`, `unpin(name)`, `pins()`: names, in the order in which they were given.
/// - `revise(floor, entries)`: puts these in the place of those with their numbers, and forgets what is below `floor`
///   and has no name; but the one before `floor` can still be read, because what the first one changed is told by it.
///   Called only with the lock.
/// All of them happen whole or not at all.
template <class L>
concept revision_log =
    std::move_constructible<L> && requires(L& log, const LogEntry& entry, const std::vector<LogEntry>& entries,
                                           Number number, std::string_view name) {
        { log.open() } -> std::same_as<Result<LogState>>;
        { log.state() } -> std::same_as<Result<LogState>>;
        { log.lock() } -> std::same_as<Result<LogState>>;
        { log.unlock() } noexcept;
        { log.append(entry) } -> std::same_as<Result<std::size_t>>;
        { log.read(number) } -> std::same_as<Result<LogEntry>>;
        { log.pin(name, number) } -> std::same_as<Result<void>>;
        { log.unpin(name) } -> std::same_as<Result<void>>;
        { log.pins() } -> std::same_as<Result<std::vector<Pin>>>;
        { log.revise(number, entries) } -> std::same_as<Result<void>>;
    };

}  // namespace stet
