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

enum class Operation : std::uint8_t { create, commit, rollback, revert, snapshot, release, prune, forget };
enum class Outcome : std::uint8_t {
    done,       ///< a revision was made, or what was asked for happened
    unchanged,  ///< nothing would have changed, so nothing was done
    refused,    ///< an error came back and nothing happened
    denied      ///< the access policy said no, and nothing happened
};

/// A changed field as text; a secret as dots.
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
    Time duration = 0;  ///< nanoseconds until it was decided; 0 where the clock went backwards meanwhile
    Operation operation = Operation::commit;
    Outcome outcome = Outcome::done;
    std::string author{};
    std::string reason{};
    std::string source{};
    Number before = 0;      ///< the head when it began
    Number after = 0;       ///< the head when it ended
    Origin origin{};        ///< of the revision that was made or refused
    std::string subject{};  ///< the name of a snapshot
    std::string error{};    ///< what and why, where it was refused
    std::vector<AuditedChange> changes{};

    bool operator==(const AuditRecord&) const = default;
};

/// `begin` takes a record before the operation takes effect and may refuse it; then `confirm` or `cancel` follows, and
/// neither can fail. So a record and what it tells of are there together, or not at all.
template <class A>
concept audit_policy = requires(A& audit, AuditRecord record) {
    { audit.begin(static_cast<AuditRecord&&>(record)) } -> std::same_as<Result<void>>;
    { audit.confirm() } noexcept;
    { audit.cancel() } noexcept;
};

/// No audit, and no cost of one.
struct NoAudit {};

}  // namespace stet
