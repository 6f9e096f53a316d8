#pragma once
// A store with an audit trail in the same file, in another one, or in lines beside it; and what must be so of both.

#include "with/sqlite/disk.hpp"
#include "with/sqlite/disk_files.hpp"
#include "with/sqlite/store.hpp"

#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/openssl.hpp>
#include <stet/with/sqlite.hpp>
#include <stet/with/sqlite/audit.hpp>

#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace audited {

using stet::AuditRecord;
using stet::Number;
using stet::Outcome;
using stet::Sha256;
using store::Settings;

enum class Where : std::uint8_t { same_file, other_file, lines };
inline constexpr Where everywhere[] = {Where::same_file, Where::other_file, Where::lines};
inline std::string text(Where where) {
    return where == Where::same_file ? "in the same file" : where == Where::other_file ? "in another file" : "in lines";
}

/// One type for all of them, because compiling a `Versioned` takes its time.
class Trail {
public:
    Trail(Where where, const stet::Sqlite& file, const disk::Disk& disk, stet::OnAuditFailure on_failure)
        : audit_(make(where, file, disk, on_failure)) {}

    stet::Result<void> begin(AuditRecord record) {
        return std::visit([&](auto& audit) { return audit.begin(std::move(record)); }, audit_);
    }
    void confirm() noexcept {
        std::visit([](auto& audit) { audit.confirm(); }, audit_);
    }
    void cancel() noexcept {
        std::visit([](auto& audit) { audit.cancel(); }, audit_);
    }
    stet::Result<std::size_t> reconcile(Number head) {
        return std::visit([&](auto& audit) { return audit.reconcile(head); }, audit_);
    }
    std::string digest(const Settings& value) const {
        return std::visit([&](const auto& audit) { return audit.digest(value); }, audit_);
    }
    stet::Result<std::vector<AuditRecord>> find(const stet::AuditQuery& query) const {
        return std::visit([&](const auto& audit) { return audit.find(query); }, audit_);
    }
    stet::Result<stet::AuditAnchor> verify(const stet::AuditAnchor& known = {}) const {
        return std::visit([&](const auto& audit) { return audit.verify(known); }, audit_);
    }
    stet::Result<std::size_t> prune_to(std::size_t count) {
        return std::visit([&](auto& audit) { return audit.prune_to(count); }, audit_);
    }

private:
    using InTable = stet::SqliteAudit<Sha256>;
    using InLines = stet::JsonLines<Sha256, disk::Files>;
    using Either = std::variant<InTable, InLines>;
    static Either make(Where where, const stet::Sqlite& file, const disk::Disk& disk, stet::OnAuditFailure on_failure) {
        if (where == Where::lines) return InLines("audit.jsonl", Sha256{}, on_failure, disk::Files(disk));
        if (where == Where::same_file) return InTable(file, Sha256{}, on_failure);
        return InTable(stet::Sqlite("audit.db", {.vfs = disk.name()}), Sha256{}, on_failure);
    }
    Either audit_;
};

inline auto open(const disk::Disk& disk, Where where, stet::Durability durability = stet::Durability::full,
                 stet::OnAuditFailure on_failure = stet::fail_closed) {
    const stet::Sqlite file("settings.db", {.durability = durability, .vfs = disk.name()});
    return stet::open<Settings>(stet::Sqlite(file), stet::if_empty(Settings{}),
                                stet::if_provisional(stet::keep_waiting), store::Clock{},
                                Trail(where, file, disk, on_failure));
}
using Opened = decltype(open(std::declval<const disk::Disk&>(), Where::lines));
using Store = typename Opened::value_type;

/// A record as text, but for the times, which begin again with each `open`.
inline std::string line(const AuditRecord& record) {
    std::string out;
    for (const auto number : {record.sequence, Number{static_cast<unsigned char>(record.operation)},
                              Number{static_cast<unsigned char>(record.outcome)}, record.before, record.after,
                              Number{record.origin.kind}, record.origin.from, record.origin.to})
        (out += std::to_string(number)) += ' ';
    for (const std::string* const text : {&record.author, &record.reason, &record.source, &record.digest_before,
                                          &record.digest_after, &record.subject, &record.error})
        (out += *text) += '|';
    for (const auto& change : record.changes) ((((out += change.path) += '=') += change.before) += ':') += change.after;
    return out;
}
inline std::vector<AuditRecord> records(const Store& s) {
    auto found = s.audit().find({});
    return found ? *std::move(found) : std::vector<AuditRecord>{};
}
inline std::vector<std::string> lines(const Store& s) {
    std::vector<std::string> all;
    for (AuditRecord& record : records(s)) all.push_back(line(std::move(record)));
    return all;
}
/// All that a user can see of both.
inline std::string dump(const Store& s) {
    std::string out = store::dump(s);
    for (const std::string& line : lines(s)) out += line + "\n";
    return out;
}

/// What is wrong, or nothing: each revision has one record that made it, and each such record its revision; what they
/// say of it is so, and nobody has altered them. `names`: of names it must be so, too.
inline std::string disagreement(const Store& s, bool names, const stet::AuditAnchor& known = {}) {
    const Trail& audit = s.audit();
    if (const auto verified = audit.verify(known); !verified) return "verify: " + std::string(verified.error().why());
    const auto all = audit.find({});
    if (!all) return "find: " + std::string(all.error().why());
    std::vector<const AuditRecord*> made(s.head() + 1);
    std::set<std::string> named, ever;
    Number last = 0;
    for (const AuditRecord& record : *all) {
        if (record.sequence <= last) return "the order of records";
        last = record.sequence;
        if (record.outcome != Outcome::done) continue;
        if (record.operation == stet::Operation::snapshot) {
            named.insert(record.subject);
            ever.insert(record.subject);
        }
        if (record.operation == stet::Operation::release) named.erase(record.subject);
        if (record.after == record.before) continue;
        const std::string which = "record " + std::to_string(record.sequence);
        if (record.after > s.head()) return which + " of a revision that is not there: " + line(record);
        if (record.after != record.before + 1) return which + " made more than one revision";
        if (made[record.after] != nullptr) return which + " of a revision that has one";
        made[record.after] = &record;
        const std::string before = record.before == 0               ? ""
                                   : made[record.before] == nullptr ? "no record"
                                                                    : made[record.before]->digest_after;
        if (record.digest_before != before) return which + " has another digest before it";
    }
    for (Number number = 1; number <= s.head(); ++number)
        if (made[number] == nullptr) return "revision " + std::to_string(number) + " has no record";
    for (const stet::Revision& revision : s.history()) {
        const AuditRecord& record = *made[revision.number];
        const auto at = s.at(revision.number);
        if (!at) return std::string(at.error().why());
        const std::string which = "of revision " + std::to_string(revision.number);
        if (record.digest_after != audit.digest(at->value())) return "the digest " + which;
        if (record.author != revision.author || record.reason != revision.reason || record.source != revision.source ||
            record.origin != revision.origin)
            return "the author, reason, source or origin " + which;
    }
    for (const stet::Pin& pin : s.snapshots())
        if ((names ? named : ever).count(pin.name) == 0) return "name " + pin.name + " has no record";
    if (names && named.size() != s.snapshots().size()) return "there are records of other names";
    return {};
}

}  // namespace audited
