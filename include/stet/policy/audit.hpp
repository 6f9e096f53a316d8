#pragma once
// The audit policy: every operation that was asked for, the refused ones too, is told to it.

#include <stet/result.hpp>
#include <stet/revision.hpp>
#include <stet/schema/violations.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace stet {

enum class Operation : std::uint8_t {
    create,
    commit,
    rollback,
    revert,
    snapshot,
    release,
    prune,
    forget,
    confirm,
    take_back
};
enum class Outcome : std::uint8_t {
    done,       ///< a revision was made, or what was asked for happened
    unchanged,  ///< nothing would have changed, so nothing was done
    refused,    ///< an error came back and nothing happened
    denied      ///< the access policy said no, and nothing happened
};

/// A changed field as text; a secret as a keyed digest where the audit has a key, else as dots.
struct AuditedChange {
    std::string path;
    std::string before;  ///< empty where something came
    std::string after;   ///< empty where something went
    bool operator==(const AuditedChange&) const = default;
};

/// One operation: who, when, why, what, with which outcome.
struct AuditRecord {
    Number sequence = 0;  ///< the order of records, from 1; given by the audit
    Time time = 0;
    Time duration = 0;        ///< nanoseconds until it was decided; 0 where the clock went backwards meanwhile
    bool clock_back = false;  ///< the clock went backwards meanwhile, or since the record before
    Operation operation = Operation::commit;
    Outcome outcome = Outcome::done;
    std::string author{};
    std::string reason{};
    std::string source{};
    Number before = 0;            ///< the head when it began
    Number after = 0;             ///< the head when it ended
    std::string digest_before{};  ///< of the value of revision `before`, where a revision was made and the audit knows
    std::string digest_after{};   ///< of the value of the revision that was made, where the audit wants digests
    Origin origin{};              ///< of the revision that was made or refused
    std::string subject{};        ///< the name of a snapshot, the path that was forgotten; "provisional" of a commit
    std::string error{};          ///< what and why, where it was refused
    std::vector<AuditedChange> changes{};

    bool operator==(const AuditRecord&) const = default;
};

/// `begin` takes a record before the operation takes effect and may refuse it; then `confirm` or `cancel` follows, and
/// neither can fail. So a record and what it tells of are there together, or not at all. An audit may also have
///
///     std::string digest(const T& value) const;              // of a revision, for `digest_after`
///     std::string keyed_digest(std::string_view text) const; // stands for a secret; only who has the key can guess it
///     Result<std::size_t> reconcile(Number head);            // cancels what the storage does not have; see JsonLines
template <class A>
concept audit_policy = requires(A& audit, AuditRecord record) {
    { audit.begin(static_cast<AuditRecord&&>(record)) } -> std::same_as<Result<void>>;
    { audit.confirm() } noexcept;
    { audit.cancel() } noexcept;
};

/// No audit, and no cost of one.
struct NoAudit {};

namespace detail {

/// Does an audit want the digest of each revision?
template <class A, class T>
concept wants_digest = requires(const A& audit, const T& value) {
    { audit.digest(value) } -> std::convertible_to<std::string>;
};
/// Has an audit something better than dots for a secret?
template <class A>
concept has_keyed_digest = requires(const A& audit, std::string_view text) {
    { audit.keyed_digest(text) } -> std::convertible_to<std::string>;
};
/// Can an audit be of another opinion than the storage about what has happened?
template <class A>
concept reconciles = requires(A& audit, Number head) {
    { audit.reconcile(head) } -> std::same_as<Result<std::size_t>>;
};

/// Was a revision made?
template <std::same_as<AuditRecord> Record>
bool made_revision(const Record& record) {
    return record.outcome == Outcome::done && record.after > record.before;
}

}  // namespace detail

}  // namespace stet
