// An audit trail as bytes, as a file of lines and as a row of a table: what stands there can be asked for, gone on
// with and pruned, or it is said that it was altered; what was not written does not pass for it.
#include <stet/test/files.hpp>
#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/sqlite/audit.hpp>

#include "fuzz.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using fuzz::require;
using stet::AuditAnchor;
using stet::AuditRecord;
using stet::Number;
using stet::test::SimulatedFiles;
const char* const file = "audit.jsonl";

// One that nobody meets by chance, and one that lets all pass, so that what is behind it is seen.
struct Sum {
    static constexpr bool keyed = false;
    std::string hash(std::string_view bytes) const {
        stet::detail::Sum sum;
        sum.add<false>(bytes);
        return std::to_string(sum.end());
    }
};
struct Same {
    static constexpr bool keyed = false;
    std::string hash(std::string_view) const { return "0"; }
};

template <class Chain>
using Lines = stet::JsonLines<Chain, SimulatedFiles>;
template <class Chain>
Lines<Chain> on(const SimulatedFiles& disk) {
    return Lines<Chain>(file, Chain{}, stet::fail_closed, disk);
}
template <class Chain>
constexpr bool linked = stet::detail::is_linked<Chain>;

AuditRecord made(Number before) {
    AuditRecord record;
    record.time = 5;
    record.author = "admin";
    record.before = before;
    record.after = before + 1;
    record.changes = {{"port", "1", "\"a\\\n\""}};
    return record;
}
template <class Audit>
void tell(Audit& audit, Number before) {
    require(audit.begin(made(before)).has_value(), "a record can be written");
    audit.confirm();
}

// What stands in a file, in order; `sane`: a note cancels what is before it, and a checkpoint is the first.
struct Content {
    std::vector<stet::detail::AuditEntry> entries{};
    bool sane = true;
};
Content content_of(std::string_view text) {
    Content content;
    for (std::size_t end = 0; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1)) {
        stet::detail::AuditEntry entry;
        if (!stet::detail::read_audit_text(stet::detail::split_line(text.substr(0, end)).text, entry)) {
            content.sane = false;
            continue;
        }
        if (entry.is_note && entry.note.cancelled >= entry.note.sequence) content.sane = false;
        if (entry.is_note && entry.note.pruned != 0 && !content.entries.empty()) content.sane = false;
        content.entries.push_back(std::move(entry));
    }
    return content;
}

std::vector<AuditRecord> all_of(const auto& audit) {
    auto found = audit.find({});
    require(found.has_value(), "what stands there can be asked for");
    return *std::move(found);
}
void ask(const auto& audit, const std::vector<AuditRecord>& all) {
    for (const stet::AuditQuery& query :
         {stet::AuditQuery{.author = "admin", .limit = 2}, {.revision = 2, .path = "port"}}) {
        std::vector<AuditRecord> expected;
        for (const AuditRecord& record : all)
            if (matches(record, query)) expected.push_back(record);
        stet::detail::limit_records(expected, query.limit);
        require(*audit.find(query) == expected, "a question is answered as it was meant");
    }
}
// The number up to which it is as written; 0 where it is not.
template <class Chain>
Number verified(const auto& audit, const AuditAnchor& known = {}) {
    if constexpr (linked<Chain>) {
        const auto now = audit.verify(known);
        if (now) return now->sequence;
        require(now.error().code() == stet::Errc::audit_tampered, "what is not as written was altered");
        fuzz::require_said(now.error());
    }
    return 0;
}

enum class Next : std::uint8_t { tell, reconcile, prune };
template <class Chain>
void go_on(const std::string& text, Next next) {
    SimulatedFiles disk;
    disk.put(file, text);
    auto audit = on<Chain>(disk);
    auto before = all_of(audit);
    const Number known = verified<Chain>(audit);
    if (known != 0)
        for (std::size_t i = 0; i < before.size(); ++i)
            require(before[i].sequence <= known && (i == 0 || before[i - 1].sequence < before[i].sequence),
                    "what is found is what was verified");
    const bool may_refuse = known == 0 || known == static_cast<Number>(-1);  // behind the last number comes none
    const bool sane = !may_refuse && content_of(text).sane;
    switch (next) {
        case Next::tell: {
            ask(audit, before);
            if (const auto begun = audit.begin(made(7)); !begun) {
                require(may_refuse, "what is as written can be gone on with");
                return fuzz::require_said(begun.error());
            }
            audit.confirm();
            auto after = all_of(audit);
            if (!sane) return;
            require(after.size() == before.size() + 1, "a record was added");
            require(after.back().before == 7 && after.back().changes == made(7).changes, "it says what it was told");
            require(verified<Chain>(audit) == after.back().sequence, "it is the last one");
            after.pop_back();
            return require(after == before, "those before it are as they were");
        }
        case Next::reconcile: {
            if (!audit.reconcile(1)) return require(may_refuse, "what is as written can be gone on with");
            require(!sane || verified<Chain>(audit) >= known, "notes are written as all else");
            auto other = on<Chain>(disk);
            const auto there = all_of(other);
            require(other.reconcile(1) == std::size_t{0} && all_of(other) == there, "what was cancelled is");
            return;
        }
        default:
            break;
    }
    const auto pruned = audit.prune_to(2);
    if (!pruned) {
        require(may_refuse, "what is as written can be pruned");
        return fuzz::require_said(pruned.error());
    }
    const auto kept = all_of(on<Chain>(disk));
    if (!sane) return;
    const auto least = std::min<std::size_t>(before.size(), 2);
    before.erase(before.begin(), before.end() - static_cast<std::ptrdiff_t>(least));
    require(kept == before, "the newest ones are kept");
    require(verified<Chain>(on<Chain>(disk)) == known, "what was pruned can be verified");
}

// A trail with one of everything, and where it ends.
struct Known {
    std::string text;
    AuditAnchor anchor;
};
const Known& known() {
    static const Known known = [] {
        SimulatedFiles disk;
        auto audit = on<Sum>(disk);
        tell(audit, 0);
        tell(audit, 1);
        require(audit.begin(made(2)).has_value(), "a record can be written");
        audit.cancel();
        tell(audit, 2);
        tell(audit, 3);
        const auto anchor = *audit.anchor();
        return Known{disk.contents()[file], anchor};
    }();
    return known;
}
void pass_for_it(const std::string& text) {
    SimulatedFiles disk;
    disk.put(file, text);
    const bool passes = verified<Sum>(on<Sum>(disk), known().anchor) != 0;
    const bool same = text.starts_with(known().text);
    const auto content = content_of(text.substr(0, text.find('\n') + 1));
    const bool checkpoint = !content.entries.empty() && content.entries[0].is_note;  // who has no key can make one
    require(!passes || same || checkpoint, "what was not written does not pass for what was");
    require(passes || text != known().text, "what was written does");
}
// The known one, with pieces of what is made up in their places: [where, how many bytes go, how many come, those].
std::string edited(std::string_view edits) {
    std::string text = known().text;
    const auto byte = [&] {
        if (edits.empty()) return std::size_t{0};
        const auto value = static_cast<std::size_t>(static_cast<unsigned char>(edits.front()));
        edits.remove_prefix(1);
        return value;
    };
    while (!edits.empty()) {
        const std::size_t high = byte(), at = (high * 256 + byte()) % (text.size() + 1), gone = byte(), size = byte();
        const std::string_view piece = edits.substr(0, size);
        text.replace(at, std::min(gone, text.size() - at), piece);
        edits.remove_prefix(piece.size());
    }
    return text;
}

// The text of a row.
void in_a_row(std::string_view text) {
    static const stet::Sqlite database(":memory:");
    static stet::SqliteAudit<Sum> audit(database, Sum{});
    static const AuditAnchor anchor = [] {
        for (Number number = 0; number < 3; ++number) tell(audit, number);
        return *audit.anchor();
    }();
    const auto connection = *database.connection();
    require(connection->begin().has_value(), "a transaction can be begun");
    auto before = *connection->prepare("SELECT text FROM audit WHERE sequence = 2");
    require(before.step() == true, "there is a row");
    const bool same = before.text(0) == text;
    before.reset();
    require(connection->prepare("UPDATE audit SET text = ?1 WHERE sequence = 2")->bind(1, text).run().has_value(),
            "a row can be altered");
    const auto found = all_of(audit);
    require(found.size() >= 2 && found.size() <= 3, "the others are found");
    require((verified<Sum>(audit, anchor) == 3) == same, "what was altered is seen");
    require((verified<Sum>(audit) == 3) == same, "what was altered is seen without an anchor");
    require(audit.prune_to(1).has_value() == same, "what was altered is not forgotten");
    require(all_of(audit).size() == (same ? 1 : found.size()), "but all else is");
    tell(audit, 3);
    require(all_of(audit).back().before == 3, "it can be gone on with");
    connection->rollback();
}

void is_stable(std::string_view text) {
    stet::detail::AuditEntry entry, again;
    if (!stet::detail::read_audit_text(text, entry)) return;
    const auto write = [](const stet::detail::AuditEntry& from) {
        return from.is_note ? stet::detail::audit_text(from.note) : stet::detail::audit_text(from.record);
    };
    const std::string written = write(entry);
    require(stet::detail::read_audit_text(written, again), "what is written can be read");
    require(again.is_note == entry.is_note && again.record == entry.record, "it is read as what it was");
    require(write(again) == written, "it is written as before");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(fuzz::text_of(data + 1, size - 1));
    const auto next = static_cast<Next>(data[0] / 6 % 3);
    switch (data[0] % 6) {
        case 0:
            return go_on<stet::NoChain>(text, next), 0;
        case 1:
            return go_on<Same>(text, next), 0;
        case 2:
            go_on<Sum>(text, next);
            return pass_for_it(text), 0;
        case 3:
            go_on<Sum>(edited(text), next);
            return pass_for_it(edited(text)), 0;
        case 4:
            return in_a_row(text), 0;
        default:
            is_stable(std::string_view(text).substr(0, text.size() - (text.ends_with('}') ? 1 : 0)));
            return is_stable(text), 0;
    }
}
