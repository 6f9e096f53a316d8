#pragma once
// `SqliteAudit`: an audit trail in an SQLite file, where it can be the one of the revisions, in the same transactions.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/reflect/enums.hpp>
#include <stet/with/nlohmann_json/audit_line.hpp>
#include <stet/with/sqlite.hpp>
#include <stet/with/sqlite/connection.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace stet {

/// An audit trail in a table of an SQLite file: `stet::Sqlite file{"settings.db"}; stet::open<Settings>(file,
/// stet::SqliteAudit{file, stet::Hmac{key}}, ...)`. Where that file is the storage, too, a revision and its record are
/// one transaction; of an operation that makes no revision, and beside another storage, the record is safe before it
/// takes effect. Changed fields are there as in `JsonLines`. A question costs O(trail), but for what was not done: an
/// index is paid for by every commit.
template <class Chain = NoChain>
class SqliteAudit : public detail::ChainedAudit<Chain> {
    using Base = detail::ChainedAudit<Chain>;
    using Base::linked;

public:
    explicit SqliteAudit(Sqlite file, Chain chain = {}, OnAuditFailure on_failure = fail_closed)
        : Base(std::move(chain)), file_(std::move(file)), on_failure_(on_failure) {}
    SqliteAudit(Sqlite file, OnAuditFailure on_failure)
        requires std::default_initializable<Chain>
        : SqliteAudit(std::move(file), Chain{}, on_failure) {}

    Result<void> begin(AuditRecord record) {
        if (pending_ != 0) cancel();  // an exception came out of the last begin()
        auto written = whole_or_not([&] { return write(record); }, owed_ != 0 || missing_ != 0);
        if (written) {
            noted_owed_ = std::exchange(owed_, 0);
            noted_missing_ = std::exchange(missing_, 0);
            pending_ = record.sequence;
            return written;
        }
        if (on_failure_ == fail_closed) return written;
        ++missing_;
        return {};
    }
    void confirm() noexcept { pending_ = 0; }
    /// What the storage took back with its transaction is gone; else the next record brings a note with it.
    void cancel() noexcept {
        const Number number = std::exchange(pending_, 0);
        if (number == 0) return;  // it was not written
        made_ = {};
        if (!joined_) owed_ = number;
        else if (connection_->in_transaction()) {
            if (!remove_.bind(1, number).run()) owed_ = number;
        } else {  // with the notes before it
            owed_ = noted_owed_;
            missing_ = noted_missing_;
        }
    }

    /// Records of revisions that the storage does not have did not happen: a note says so of each. Returns how many
    /// there were. Nobody may be appending a revision meanwhile. Where the storage has none at all, only the first one
    /// can have been under way; a trail of more is that of another storage.
    Result<std::size_t> reconcile(Number head) {
        // In the turn of the storage of the same file, and what stands there is of this connection alone.
        if (connection_ != nullptr && connection_->in_transaction() && reconciled_ == connection_->surprises())
            return std::size_t{0};
        std::size_t count = 0;
        auto done = whole_or_not([&]() -> Result<void> {
            std::vector<Number> wrong;
            const Statement::Ending ending(revisions_);
            for (;;) {
                const auto row = revisions_.step();
                if (!row) return Failure(row.error());
                const Number made = revisions_.unsigned_number(1);
                if (!*row || made <= head || (head == 0 && made != 1)) break;
                wrong.push_back(revisions_.unsigned_number(0));
            }
            if (wrong.empty()) return {};
            auto tail = read_tail();
            if (!tail) return Failure(tail.error());
            for (const Number number : wrong)
                if (auto noted = add_note(*tail, {.time = tail->time, .cancelled = number}); !noted) return noted;
            count = wrong.size();
            return {};
        });
        if (!done) return Failure(done.error());
        reconciled_ = connection_->surprises();
        return count;
    }

    /// The records that match, oldest first.
    Result<std::vector<AuditRecord>> find(const AuditQuery& query) const {
        if (auto ready = connect(); !ready) return Failure(ready.error());
        std::vector<std::variant<std::int64_t, std::string>> values;
        std::string where =
            "operation IS NOT NULL AND sequence NOT IN (SELECT cancelled FROM audit WHERE cancelled IS "
            "NOT NULL)";
        const auto condition = [&](std::string_view sql, auto... value) {
            (where += " AND ") += sql;
            (values.emplace_back(std::move(value)), ...);
        };
        const auto number = [](auto value) { return static_cast<std::int64_t>(value); };
        if (query.sequence != 0) condition("sequence = ?", number(query.sequence));
        if (query.revision != 0) {
            const auto revision = number(query.revision);
            // No operation makes more than one.
            condition("(after = ? OR (after = ? AND before = ?) OR back_to = ?)", revision, revision + 1, revision,
                      revision);
        }
        if (!query.author.empty()) condition("author = ?", std::string(query.author));
        if (!query.operation.any()) condition("operation = ?", std::string(enum_name(query.operation.value())));
        if (!query.outcome.any()) condition("outcome = ?", std::string(enum_name(query.outcome.value())));
        if (!query.outcome.any() && query.outcome.value() != Outcome::done)
            condition("outcome <> 'done'");  // the index
        if (query.since != 0) condition("time >= ?", number(query.since));
        if (query.until != 0) condition("time <= ?", number(query.until));
        if (!query.path.empty() && detail::json_text(query.path) == query.path) {  // else what is found is looked at
            std::string path = detail::Json(std::string(query.path)).dump();
            path.pop_back();
            condition("instr(text, ?)", "\"path\":" + path);
        }
        auto select =
            connection_->prepare("SELECT sequence, text FROM audit WHERE " + where + " ORDER BY sequence DESC");
        if (!select) return Failure(select.error());
        int at = 0;
        for (const auto& value : values) std::visit([&](const auto& bound) { select->bind(++at, bound); }, value);
        std::vector<AuditRecord> found;
        while (query.limit == 0 || found.size() < query.limit) {
            const auto row = select->step();
            if (!row) return Failure(row.error());
            if (!*row) break;
            detail::AuditEntry entry;  // what cannot be read is left out: verify() names it
            if (select->unsigned_number(0) == owed_ || !detail::read_audit_text(open_text(select->text(1)), entry))
                continue;
            if (!entry.is_note && matches(entry.record, query)) found.push_back(std::move(entry.record));
        }
        std::reverse(found.begin(), found.end());
        return found;
    }

    /// Forgets the oldest records, up to the first that is not older than `time`. A checkpoint takes their place.
    /// Returns how many entries were forgotten. Errors: what cannot be verified is not forgotten.
    Result<std::size_t> prune_before(Time time) {
        return prune(
            "SELECT coalesce((SELECT sequence FROM audit WHERE time >= ?1 ORDER BY sequence LIMIT 1), (SELECT "
            "max(sequence) + 1 FROM audit))",
            time);
    }
    /// Forgets all but the newest `count` records.
    Result<std::size_t> prune_to(std::size_t count) {
        if (count == 0) return prune("SELECT max(sequence) + 1 FROM audit WHERE ?1 = 0", 0);
        return prune(
            "SELECT coalesce((SELECT sequence FROM audit WHERE operation IS NOT NULL AND sequence NOT IN (SELECT "
            "cancelled FROM audit WHERE cancelled IS NOT NULL) ORDER BY sequence DESC LIMIT 1 OFFSET ?1 - 1), 0)",
            static_cast<std::int64_t>(count));
    }

    /// The newest entry if every one is what was written; else the error `audit_tampered` names the first that was
    /// altered, removed or put elsewhere. With an anchor of earlier, an end that was cut off is found, too. O(size of
    /// the trail).
    Result<AuditAnchor> verify(const AuditAnchor& known = {}) const {
        if constexpr (detail::require_chain<Chain>()) {
            if (auto ready = connect(); !ready) return Failure(ready.error());
            // All of it as it was at one moment.
            const bool own = !connection_->in_transaction();
            if (own)
                if (auto begun = connection_->run("BEGIN"); !begun) return Failure(begun.error());
            auto verified = verify_rows(known);
            if (own) connection_->rollback();
            return verified;
        }
    }
    /// Where the trail stands.
    Result<AuditAnchor> anchor() const {
        if constexpr (detail::require_chain<Chain>()) {
            if (auto ready = connect(); !ready) return Failure(ready.error());
            auto tail = read_tail();
            if (!tail) return Failure(tail.error());
            return AuditAnchor{tail->sequence, tail->hash};
        }
    }

    /// How many records could not be written since the last that could, which fail_open allows.
    std::uint64_t missing() const { return missing_; }

private:
    using Statement = detail::SqliteStatement;
    using Note = detail::AuditNote;
    struct Tail {  // the last entry
        Number sequence = 0;
        Time time = 0;
        std::string hash{};
    };

    // The digest of the newest revision that a record told of, so that the next one need not look for it.
    struct Made {
        Number revision = 0;
        std::string digest{};
        std::uint64_t surprises = 0;
    };

    // What stands in a row besides its number, text and hash: nothing that the text does not say, but for questions.
    struct Columns {
        Time time = 0;
        std::string operation{}, outcome{}, author{};  // empty where it is a note
        Number before = 0, after = 0, back_to = 0;
        Number cancelled = 0;
        Number made = 0;  // the revision
        std::string digest{};
        bool operator==(const Columns&) const = default;

        explicit Columns(const Note& note) : time(note.time), cancelled(note.cancelled) {}
        explicit Columns(const AuditRecord& record)
            : time(record.time),
              operation(enum_name(record.operation)),
              outcome(enum_name(record.outcome)),
              author(record.author),
              before(record.before),
              after(record.after),
              back_to(record.origin.to) {
            if (!detail::made_revision(record)) return;
            made = record.after;
            digest = record.digest_after;
        }
        Columns(const Statement& row, int at)
            : time(row.number(at)),
              operation(row.text(at + 1)),
              outcome(row.text(at + 2)),
              author(row.text(at + 3)),
              before(row.unsigned_number(at + 4)),
              after(row.unsigned_number(at + 5)),
              back_to(row.unsigned_number(at + 6)),
              cancelled(row.unsigned_number(at + 7)),
              made(row.unsigned_number(at + 8)),
              digest(row.text(at + 9)) {}
        // What says nothing is NULL. It lives until the statement has run.
        void bind(Statement& to, int at) const {
            const auto put = [&](int place, const std::string& value) {
                if (value.empty()) to.bind_null(at + place);
                else to.bind(at + place, value, SQLITE_STATIC);
            };
            const auto number = [&](int place, Number value) {
                if (value == 0) to.bind_null(at + place);
                else to.bind(at + place, value);
            };
            to.bind(at, std::int64_t{time});
            put(1, operation);
            put(2, outcome);
            put(3, author);
            number(4, before);
            number(5, after);
            number(6, back_to);
            number(7, cancelled);
            number(8, made);
            put(9, digest);
        }
    };
    static constexpr const char* tables =
        "CREATE TABLE IF NOT EXISTS audit(sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, operation TEXT, outcome "
        "TEXT, author TEXT, before INTEGER, after INTEGER, back_to INTEGER, cancelled INTEGER, made INTEGER, digest "
        "TEXT, text TEXT NOT NULL, hash TEXT NOT NULL);"
        "CREATE INDEX IF NOT EXISTS audit_outcome ON audit(outcome) WHERE outcome <> 'done';"
        "CREATE INDEX IF NOT EXISTS audit_cancelled ON audit(cancelled) WHERE cancelled IS NOT NULL;"
        "CREATE TABLE IF NOT EXISTS audit_checkpoint(only INTEGER PRIMARY KEY CHECK(only = 1), text TEXT NOT NULL, "
        "hash TEXT NOT NULL)";

    Result<void> connect() const {
        if (connection_ == nullptr) {
            auto connected = file_.connection();
            if (!connected) return Failure(connected.error());
            connection_ = *connected;
        }
        if (checked_ == connection_->surprises()) return {};
        if (prepared_ && are_there_.run()) {
            checked_ = connection_->surprises();
            return {};
        }
        prepared_ = false;  // or the tables have gone with a transaction that was taken back
        if (auto made = connection_->run(tables); !made) return made;
        const std::pair<Statement*, const char*> all[] = {
            {&are_there_, "SELECT 1 FROM audit, audit_checkpoint WHERE audit.sequence < 0"},
            {&tail_, "SELECT sequence, time, hash FROM audit ORDER BY sequence DESC LIMIT 1"},
            {&checkpoint_, "SELECT text, hash FROM audit_checkpoint"},
            {&insert_, "INSERT INTO audit VALUES(?1,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?2,?3)"},
            {&remove_, "DELETE FROM audit WHERE sequence = ?1"},
            {&digest_, "SELECT digest FROM audit WHERE after = ?1 AND made = ?1 ORDER BY sequence DESC LIMIT 1"},
            {&revisions_,
             "SELECT sequence, made FROM audit WHERE made IS NOT NULL AND sequence NOT IN (SELECT cancelled FROM audit "
             "WHERE cancelled IS NOT NULL) ORDER BY sequence DESC"},
        };
        for (const auto& [statement, sql] : all) {
            auto made = connection_->prepare(sql);
            if (!made) return Failure(made.error());
            *statement = *std::move(made);
        }
        prepared_ = true;
        checked_ = connection_->surprises();
        return {};
    }

    // In the transaction that is open, or in one of its own; all of it or nothing. A single statement is that anyway.
    template <class Do>
    Result<void> whole_or_not(const Do& what, bool several = true) {
        if (connection_ == nullptr)
            if (auto ready = connect(); !ready) return ready;
        joined_ = connection_->in_transaction();
        if (joined_ && !several) {
            if (auto ready = connect(); !ready) return ready;
            return what();
        }
        if (auto begun = joined_ ? connection_->run("SAVEPOINT stet_audit") : connection_->begin(); !begun)
            return begun;
        struct Undo {  // an exception, too
            SqliteAudit* audit;
            ~Undo() {
                if (audit != nullptr) audit->take_back();
            }
        } undo{this};
        if (auto ready = connect(); !ready) return ready;
        if (auto done = what(); !done) return done;
        undo.audit = nullptr;
        return joined_ ? connection_->run("RELEASE stet_audit") : connection_->commit();
    }
    void take_back() noexcept {
        if (!joined_) connection_->rollback();
        else if (connection_->in_transaction())
            static_cast<void>(connection_->run("ROLLBACK TO stet_audit; RELEASE stet_audit").has_value());
    }

    // --- writing

    Result<void> write(AuditRecord& record) {
        auto tail = read_tail();
        if (!tail) return Failure(tail.error());
        record.clock_back = record.clock_back || record.time < tail->time;
        for (const Note& note :
             {Note{.time = record.time, .cancelled = owed_}, Note{.time = record.time, .missing = missing_}})
            if (note.cancelled != 0 || note.missing != 0)
                if (auto added = add_note(*tail, note); !added) return added;
        record.sequence = tail->sequence + 1;
        const bool makes = detail::made_revision(record);
        if (makes && record.before != 0) {
            auto digest = digest_of(record.before);
            if (!digest) return Failure(digest.error());
            record.digest_before = *std::move(digest);
        }
        if (auto added = add(*tail, record); !added) return added;
        if (makes) made_ = {record.after, record.digest_after, connection_->surprises()};
        return {};
    }
    Result<std::string> digest_of(Number revision) {
        if (made_.revision == revision && made_.surprises == connection_->surprises()) return made_.digest;
        const Statement::Ending ending(digest_);
        const auto row = digest_.bind(1, revision).step();
        if (!row) return Failure(row.error());
        return *row ? std::string(digest_.text(0)) : std::string();
    }
    Result<void> add_note(Tail& tail, Note note) {
        note.sequence = tail.sequence + 1;
        return add(tail, note);
    }
    // A record or a note, whose number is the next.
    template <class Entry>
    Result<void> add(Tail& tail, const Entry& entry) {
        std::string json = detail::audit_text(entry);
        tail.hash = this->link(tail.hash, json);
        if (linked && tail.hash.empty()) return this->no_hash();
        tail.sequence = entry.sequence;
        tail.time = entry.time;
        insert_.reset();
        const Columns columns(entry);
        insert_.bind(1, tail.sequence).bind(2, json += '}', SQLITE_STATIC).bind(3, tail.hash, SQLITE_STATIC);
        columns.bind(insert_, 4);
        return insert_.run();
    }

    // How many entries go: those before the number that `choose` gives, 0 for none.
    Result<std::size_t> prune(std::string_view choose, std::int64_t by) {
        std::size_t count = 0;
        auto done = whole_or_not([&]() -> Result<void> {
            auto chosen = first_number(choose, by);
            if (!chosen) return Failure(chosen.error());
            const auto before = first_number("SELECT count(*) FROM audit WHERE sequence < ?1", *chosen);
            if (!before) return Failure(before.error());
            if (*before == 0) return {};
            if constexpr (linked)
                if (const auto verified = verify_rows({}); !verified) return Failure(verified.error());
            count = static_cast<std::size_t>(*before);
            return put_checkpoint(*chosen, count);
        });
        if (!done) return Failure(done.error());
        return count;
    }
    Result<void> put_checkpoint(std::int64_t first, std::size_t count) {
        detail::AuditEntry old;
        const auto row = checkpoint_.step();
        if (!row) return Failure(row.error());
        if (*row) static_cast<void>(detail::read_audit_text(open_text(checkpoint_.text(0)), old));
        checkpoint_.reset();
        Note note{.pruned = old.note.pruned + count};
        auto last =
            connection_->prepare("SELECT sequence, time, hash FROM audit WHERE sequence < ?1 ORDER BY sequence DESC");
        if (!last) return Failure(last.error());
        if (const auto found = last->bind(1, first).step(); !found) return Failure(found.error());
        note.sequence = last->unsigned_number(0);
        note.time = last->number(1);
        note.previous = last->text(2);
        last->reset();
        std::string json = detail::audit_text(note);
        const std::string seal = this->seal(json);
        if (linked && seal.empty()) return this->no_hash();
        auto put = connection_->prepare("INSERT OR REPLACE INTO audit_checkpoint VALUES(1, ?1, ?2)");
        if (!put) return Failure(put.error());
        if (auto done = put->bind(1, json += '}').bind(2, seal).run(); !done) return done;
        auto remove = connection_->prepare("DELETE FROM audit WHERE sequence < ?1");
        if (!remove) return Failure(remove.error());
        return remove->bind(1, first).run();
    }

    // --- reading

    // The text of an entry stands there as JSON; without its last brace it is what the hash is of.
    static std::string_view open_text(std::string_view json) {
        return json.ends_with('}') ? json.substr(0, json.size() - 1) : std::string_view();
    }
    Result<std::int64_t> first_number(std::string_view sql, std::int64_t by) const {
        auto select = connection_->prepare(sql);
        if (!select) return Failure(select.error());
        const auto row = select->bind(1, by).step();
        if (!row) return Failure(row.error());
        return *row ? select->number(0) : 0;
    }
    // The last entry, or what stands for the last that was forgotten.
    Result<Tail> read_tail() const {
        Tail tail;
        const auto row = tail_.step();
        if (!row) return Failure(row.error());
        if (*row) {
            tail = {tail_.unsigned_number(0), tail_.number(1), std::string(tail_.text(2))};
            tail_.reset();
            return tail;
        }
        const auto checkpoint = checkpoint_.step();
        if (!checkpoint) return Failure(checkpoint.error());
        detail::AuditEntry entry;
        if (*checkpoint && detail::read_audit_text(open_text(checkpoint_.text(0)), entry))
            tail = {entry.note.sequence, entry.note.time, entry.note.previous};
        checkpoint_.reset();
        return tail;
    }

    struct Row {
        Number sequence = 0;  // 0 where it cannot be read
        std::string text{}, hash{};
    };
    Result<AuditAnchor> verify_rows(const AuditAnchor& known) const {
        AuditAnchor from;
        const auto checkpoint = checkpoint_.step();
        if (!checkpoint) return Failure(checkpoint.error());
        if (*checkpoint) {
            const std::string json(checkpoint_.text(0));
            const std::string seal(checkpoint_.text(1));
            checkpoint_.reset();
            detail::AuditEntry entry;
            const bool read = detail::read_audit_text(open_text(json), entry);
            from = {entry.note.sequence, entry.note.previous};
            if (!read || seal != this->seal(open_text(json)))
                return Failure(detail::tampered(from.sequence, "altered"));
        }
        auto rows = read_rows();
        if (!rows) return Failure(rows.error());
        std::vector<detail::ChainEntry> entries;
        for (const Row& row : *rows) entries.push_back({row.sequence, open_text(row.text), row.hash});
        return detail::verify_chain(this->chain(), from, entries, known);
    }
    // A row whose columns say something else than its text has no hash that could be right.
    Result<std::vector<Row>> read_rows() const {
        auto select = connection_->prepare(
            "SELECT sequence, text, hash, time, operation, outcome, author, before, after, back_to, cancelled, made, "
            "digest "
            "FROM audit ORDER BY sequence");
        if (!select) return Failure(select.error());
        std::vector<Row> rows;
        for (;;) {
            const auto more = select->step();
            if (!more) return Failure(more.error());
            if (!*more) return rows;
            Row row;
            row.text = select->text(1);
            row.hash = select->text(2);
            detail::AuditEntry entry;
            if (detail::read_audit_text(open_text(row.text), entry)) {
                row.sequence = entry.sequence();
                const Columns columns = entry.is_note ? Columns(entry.note) : Columns(entry.record);
                if (select->unsigned_number(0) != row.sequence || Columns(*select, 3) != columns) row.hash.clear();
            }
            rows.push_back(std::move(row));
        }
    }
    Sqlite file_;
    OnAuditFailure on_failure_;
    mutable std::shared_ptr<detail::SqliteConnection> connection_;
    mutable Statement are_there_, tail_, checkpoint_, insert_, remove_, digest_, revisions_;
    mutable bool prepared_ = false;
    mutable std::uint64_t checked_ = 0;  // the tables were there, as long as nothing surprising has happened
    std::uint64_t reconciled_ = 0;       // the same of records of revisions that are not there
    Made made_{};
    bool joined_ = false;  // what is pending is in a transaction of somebody else
    Number pending_ = 0;
    Number owed_ = 0;            // a record that a note has still to cancel
    std::uint64_t missing_ = 0;  // records that could not be written
    Number noted_owed_ = 0;      // what the notes before the pending record say of these two
    std::uint64_t noted_missing_ = 0;
};

}  // namespace stet
