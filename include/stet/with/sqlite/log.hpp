#pragma once
// The log of revisions in an SQLite file.

#include <stet/checksum.hpp>
#include <stet/with/nlohmann_json/cbor.hpp>
#include <stet/with/nlohmann_json/log.hpp>
#include <stet/with/sqlite/connection.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {

/// How an SQLite file is used.
struct SqliteOptions {
    Durability durability = Durability::full;
    int busy_milliseconds = 5000;  ///< how long to wait while another process commits
    /// What is written of values goes through `seal`, what is read through `unseal`, which gives nothing where it was
    /// not sealed so: encryption. Names of authors, reasons and times are not sealed.
    std::function<std::string(std::string_view)> seal{};
    std::function<std::optional<std::string>(std::string_view)> unseal{};
    std::size_t keep = 0;  ///< at least so many revisions that have no name, and not many more; 0 for all
    std::string vfs{};     ///< one of SQLite's file systems by its name; empty for the default
};

/// A `revision_log` in an SQLite file (WAL), a row each revision; several processes may share it.
class SqliteLog {
public:
    SqliteLog(std::shared_ptr<detail::SqliteConnection> connection, SqliteOptions options)
        : connection_(std::move(connection)), options_(std::move(options)) {}

    Result<LogState> open() {
        if (auto made = make_tables(); !made) return Failure(made.error());
        if (auto ready = prepare_all(); !ready) return Failure(ready.error());
        return state();
    }

    Result<LogState> state() {
        if (auto done = connection_->tidy(); !done) return Failure(done.error());
        LogState state;
        const Statement::Ending ending(state_);
        const auto row = state_.step();
        if (!row) return Failure(row.error());
        if (*row) {
            state.head = state_.unsigned_number(0);
            state.floor = state_.unsigned_number(1);
            if ((state.floor == 0) != (state.head == 0) || state.floor > state.head || state_.number(3) != 0)
                return Failure(Error(Errc::storage_failed, "what is stored of the head is damaged"));
            state.size = (state.head == 0 ? 0 : state.head - state.floor + 1) + state_.unsigned_number(2);
        }
        return state;
    }

    Result<LogState> lock() {
        if (auto begun = connection_->begin(); !begun) return Failure(begun.error());
        changes_ = connection_->changes();
        if (is_known()) {
            LogState same = known_;
            same.unchanged = true;
            return same;
        }
        auto now = state();
        if (!now) connection_->rollback();
        else know(*now);
        return now;
    }
    void unlock() noexcept {
        if (held_) return;
        // What an audit wrote of an operation that made no revision.
        if (!connection_->in_transaction() || connection_->changes() == changes_ || connection_->left_over())
            connection_->rollback();
        else static_cast<void>(commit().has_value());
    }

    /// What an audit wrote with the lock is safe; with `hold`, it is when all is.
    Result<void> settle() {
        if (!connection_->in_transaction() || held_ || connection_->changes() == changes_) return {};
        return commit();
    }

    /// Until `release` or `abandon`, what is appended is not yet safe, and costs no more than to be written. Called
    /// only with the lock.
    Result<void> hold() {
        held_ = true;
        return {};
    }
    Result<void> release() {
        held_ = false;
        if (!connection_->in_transaction()) return Failure(given_up());
        return commit();
    }
    void abandon() noexcept {
        held_ = false;
        connection_->rollback();
    }

    Result<std::size_t> append(const LogEntry& entry) {
        std::string sealed;
        const std::string_view data = seal(entry.data, sealed);
        const bool known = connection_->in_transaction() && is_known();
        auto written = whole_or_not([&]() -> Result<std::size_t> {
            if (!known) {
                const auto now = state();
                if (!now) return Failure(now.error());
                known_ = *now;
            }
            if (known_.head != entry.revision.previous)
                return Failure(Error(Errc::revision_conflict, entry.revision.previous, known_.head));
            const std::string tags = write_tags(entry.revision.metadata);
            bind(append_, entry, tags, data);
            if (auto done = append_.run(); !done) return Failure(done.error());
            if (known_.floor == 0)
                if (auto done = set_floor(entry.revision.number); !done) return Failure(done.error());
            return data.size();
        });
        if (!written) return forget_known(), written;
        known_.head = entry.revision.number;
        if (known_.floor == 0) known_.floor = known_.head;
        ++known_.size;
        know(known_);
        return written;
    }

    Result<LogEntry> read(Number number) {
        const Statement::Ending ending(read_);
        const auto row = read_.bind(1, number).step();
        if (!row) return Failure(row.error());
        if (!*row) return Failure(Error(Errc::no_such_revision, number, 0));
        LogEntry entry;
        Revision& revision = entry.revision;
        revision.number = number;
        revision.previous = read_.unsigned_number(0);
        revision.time = read_.number(1);
        revision.author = read_.text(2);
        revision.reason = read_.text(3);
        revision.source = read_.text(4);
        revision.origin = {static_cast<Origin::Kind>(read_.number(5)), read_.unsigned_number(6),
                           read_.unsigned_number(7)};
        const std::string tags(read_.text(8));
        entry.fingerprint = read_.unsigned_number(9);
        entry.form = read_.number(10) == 0 ? Form::whole : Form::patch;
        std::string data(read_.text(11));
        revision.deadline = read_.number(13);
        const bool intact = read_.unsigned_number(12) == sum(entry, tags, data);
        entry.bytes = data.size();
        if (!intact || !read_tags(tags, revision.metadata) || !unseal(std::move(data), entry.data))
            return Failure(Error(Errc::unreadable, number, 0, "what is stored of it is damaged"));
        return entry;
    }

    Result<void> pin(std::string_view name, Number number) {
        return whole_or_not([&] { return pin_.bind(1, name).bind(2, number).bind(3, sum(name, number)).run(); });
    }
    Result<void> unpin(std::string_view name) {
        forget_known();
        return whole_or_not([&]() -> Result<void> {
            if (auto done = unpin_.bind(1, name).run(); !done) return done;
            return erase_.run();
        });
    }
    Result<std::vector<Pin>> pins() {
        const Statement::Ending ending(pins_);
        std::vector<Pin> list;
        for (;;) {
            const auto row = pins_.step();
            if (!row) return Failure(row.error());
            if (!*row) return list;
            list.push_back({std::string(pins_.text(0)), pins_.unsigned_number(1)});
            if (pins_.unsigned_number(2) != sum(list.back().name, list.back().number))
                return Failure(Error(Errc::storage_failed, "the name of a snapshot is damaged"));
        }
    }

    Result<void> revise(Number floor, const std::vector<LogEntry>& entries) {
        forget_known();
        return whole_or_not([&]() -> Result<void> {
            for (const LogEntry& entry : entries) {
                std::string sealed;
                const std::string_view data = seal(entry.data, sealed);
                const std::string tags = write_tags(entry.revision.metadata);
                bind(replace_, entry, tags, data);
                if (auto done = replace_.run(); !done) return done;
            }
            if (auto done = set_floor(floor); !done) return done;
            return erase_.run();
        });
    }

    /// What was revised leaves no trace in the files.
    Result<void> wipe() {
        if (connection_->in_transaction())
            if (auto done = connection_->commit(); !done) return done;
        auto checkpoint = connection_->prepare("PRAGMA wal_checkpoint(TRUNCATE)");
        if (!checkpoint) return Failure(checkpoint.error());
        const auto row = checkpoint->step();
        if (!row) return Failure(row.error());
        if (*row && checkpoint->number(0) != 0)
            return Failure(Error(Errc::busy, "somebody reads what is older; forget again when that is done"));
        return {};
    }

    const std::shared_ptr<detail::SqliteConnection>& connection() const { return connection_; }

private:
    using Statement = detail::SqliteStatement;
    static constexpr int format = 2;  // 1 had no deadlines
    static constexpr const char* revisions_table =
        "revisions(number INTEGER PRIMARY KEY, previous INTEGER NOT NULL, time INTEGER NOT NULL, author TEXT NOT NULL, "
        "reason TEXT NOT NULL, source TEXT NOT NULL, origin INTEGER NOT NULL, origin_from INTEGER NOT NULL, origin_to "
        "INTEGER NOT NULL, metadata BLOB NOT NULL, fingerprint INTEGER NOT NULL, form INTEGER NOT NULL, data BLOB NOT "
        "NULL, checksum INTEGER NOT NULL, deadline INTEGER NOT NULL DEFAULT 0)";
    static constexpr const char* pins_table =
        "pins(position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, number INTEGER NOT NULL, checksum INTEGER NOT "
        "NULL)";
    static constexpr const char* run_table = "run(only INTEGER PRIMARY KEY CHECK(only = 1), floor INTEGER NOT NULL)";
    static constexpr const char* tables[] = {revisions_table, pins_table, run_table};

    // In a transaction of its own, or in the one that is open.
    template <class Do>
    auto whole_or_not(const Do& what) -> decltype(what()) {
        if (held_ && !connection_->in_transaction()) return Failure(given_up());
        if (!connection_->in_transaction())
            if (auto begun = connection_->begin(); !begun) return Failure(begun.error());
        struct Undo {  // an exception, too
            SqliteLog* log;
            ~Undo() {
                if (log != nullptr && !log->held_) log->connection_->rollback();
            }
        } undo{this};
        auto done = what();
        if (!done) return done;
        undo.log = nullptr;
        if (!held_)
            if (auto safe = connection_->commit(); !safe) return Failure(safe.error());
        return done;
    }

    // What is known of the file, as long as nothing else has happened to it.
    bool is_known() const {
        return known_commits_ == connection_->commits() && known_surprises_ == connection_->surprises();
    }
    void know(const LogState& state) {
        known_ = state;
        known_commits_ = connection_->commits();
        known_surprises_ = connection_->surprises();
    }
    Result<void> commit() {
        const bool known = is_known();
        auto done = connection_->commit();
        if (done && known) know(known_);
        return done;
    }
    void forget_known() { known_surprises_ = 0; }

    // SQLite does that where a disk is full.
    static Error given_up() {
        return Error(Errc::storage_failed, "the transaction that holds several commits was given up");
    }

    Result<void> make_tables() {
        const auto found = connection_->format();
        if (!found) return Failure(found.error());
        if (*found == format) return check_tables();
        if (*found > format)
            return Failure(Error(Errc::storage_failed, "the file was written by a newer version of stet"));
        std::string sql = "BEGIN IMMEDIATE;";
        for (const char* const table : tables) sql += std::string("CREATE TABLE IF NOT EXISTS ") + table + ";";
        if (*found == 1) sql += "ALTER TABLE revisions ADD COLUMN deadline INTEGER NOT NULL DEFAULT 0;";
        auto made = connection_->run((sql + "PRAGMA user_version=2;COMMIT").c_str());
        if (made) return check_tables();
        connection_->rollback();
        const auto now = connection_->format();  // another process may have been faster
        if (now && *now == format) return check_tables();
        return made;
    }
    // SQLite does as the text says that stands in the file, whatever that has become.
    Result<void> check_tables() {
        auto select = connection_->prepare("SELECT count(*) FROM sqlite_schema WHERE sql IN (?1, ?2, ?3)");
        if (!select) return Failure(select.error());
        for (int i = 0; i < 3; ++i) select->bind(i + 1, std::string("CREATE TABLE ") + tables[i]);
        const auto row = select->step();
        if (!row) return Failure(row.error());
        if (select->number(0) == 3) return {};
        return Failure(Error(Errc::storage_failed, "the tables in the file are not those that stet makes"));
    }
    Result<void> prepare_all() {
        const std::pair<Statement*, const char*> all[] = {
            {&state_,
             "SELECT coalesce((SELECT max(number) FROM revisions), 0), coalesce((SELECT floor FROM run), 0), (SELECT "
             "count(DISTINCT number) FROM pins WHERE number < (SELECT floor FROM run)), (SELECT EXISTS(SELECT 1 FROM "
             "revisions WHERE number > (SELECT max(number) FROM revisions)))"},
            {&append_, "INSERT INTO revisions VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)"},
            {&replace_, "INSERT OR REPLACE INTO revisions VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)"},
            {&read_,
             "SELECT previous, time, author, reason, source, origin, origin_from, origin_to, metadata, fingerprint, "
             "form, data, checksum, deadline FROM revisions WHERE number = ?1"},
            {&floor_, "INSERT OR REPLACE INTO run VALUES(1, ?1)"},
            {&erase_,
             "DELETE FROM revisions WHERE number < (SELECT floor - 1 FROM run) AND number NOT IN (SELECT number FROM "
             "pins)"},
            {&pin_, "INSERT INTO pins(name, number, checksum) VALUES(?1, ?2, ?3)"},
            {&unpin_, "DELETE FROM pins WHERE name = ?1"},
            {&pins_, "SELECT name, number, checksum FROM pins ORDER BY position"},
        };
        for (const auto& [statement, sql] : all) {
            auto made = connection_->prepare(sql);
            if (!made) return Failure(made.error());
            *statement = *std::move(made);
        }
        return {};
    }
    Result<void> set_floor(Number floor) { return floor_.bind(1, floor).run(); }

    // All of it lives until the statement has run.
    static void bind(Statement& to, const LogEntry& entry, std::string_view tags, std::string_view data) {
        const Revision& revision = entry.revision;
        const auto here = SQLITE_STATIC;
        to.bind(1, revision.number).bind(2, revision.previous).bind(3, std::int64_t{revision.time});
        to.bind(4, revision.author, here).bind(5, revision.reason, here).bind(6, revision.source, here);
        to.bind(7, std::int64_t{revision.origin.kind}).bind(8, revision.origin.from).bind(9, revision.origin.to);
        to.bind_bytes(10, tags, here).bind(11, entry.fingerprint);
        to.bind(12, std::int64_t{entry.form == Form::whole ? 0 : 1}).bind_bytes(13, data, here);
        to.bind(14, sum(entry, tags, data)).bind(15, std::int64_t{revision.deadline});
    }
    static std::uint64_t sum(std::string_view name, Number number) {
        detail::Sum all;
        all.add_word(number);
        all.add<false>(name);
        return all.end();
    }
    // Of all that stands in the row.
    static std::uint64_t sum(const LogEntry& entry, std::string_view tags, std::string_view data) {
        const Revision& revision = entry.revision;
        detail::Sum all;
        for (const std::uint64_t word : {revision.number, revision.previous, static_cast<std::uint64_t>(revision.time),
                                         std::uint64_t{revision.origin.kind}, revision.origin.from, revision.origin.to,
                                         entry.fingerprint, std::uint64_t{entry.form == Form::whole ? 0U : 1U}})
            all.add_word(word);
        for (const std::string_view part : {std::string_view(revision.author), std::string_view(revision.reason),
                                            std::string_view(revision.source), tags, data})
            all.add<false>(part);
        if (revision.deadline != 0) all.add_word(static_cast<std::uint64_t>(revision.deadline));
        return all.end();
    }

    std::string_view seal(const std::string& data, std::string& sealed) const {
        if (!options_.seal) return data;
        return sealed = options_.seal(data);
    }
    bool unseal(std::string&& bytes, std::string& data) const {
        if (!options_.unseal) return data = std::move(bytes), true;
        auto plain = options_.unseal(bytes);
        if (plain) data = std::move(*plain);
        return plain.has_value();
    }
    static std::string write_tags(const std::vector<Tag>& tags) {
        if (tags.empty()) return {};
        detail::Json::array_t list;
        for (const Tag& tag : tags) {
            list.emplace_back(detail::json_text(tag.key));
            list.emplace_back(detail::json_text(tag.value));
        }
        detail::Json json(std::move(list));
        const detail::TakenApart after(json);
        return detail::to_cbor(json);
    }
    static bool read_tags(const std::string& bytes, std::vector<Tag>& tags) {
        if (bytes.empty()) return true;
        detail::Json json;
        const detail::TakenApart after(json);
        if (!detail::from_cbor(bytes, json)) return false;
        const auto* const list = json.get_ptr<const detail::Json::array_t*>();
        if (list == nullptr || list->size() % 2 != 0) return false;
        for (std::size_t i = 0; i < list->size(); i += 2) {
            const auto* const key = (*list)[i].get_ptr<const std::string*>();
            const auto* const value = (*list)[i + 1].get_ptr<const std::string*>();
            Tag tag;
            if (key == nullptr || value == nullptr || !detail::text_from_json(*key, tag.key) ||
                !detail::text_from_json(*value, tag.value))
                return false;
            tags.push_back(std::move(tag));
        }
        return true;
    }

    std::shared_ptr<detail::SqliteConnection> connection_;
    SqliteOptions options_;
    Statement state_, append_, replace_, read_, floor_, erase_, pin_, unpin_, pins_;
    LogState known_{};
    std::uint64_t known_commits_ = 0, known_surprises_ = 0;  // there is always one
    std::int64_t changes_ = 0;
    bool held_ = false;
};

}  // namespace stet
