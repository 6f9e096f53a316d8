#pragma once
// A connection to an SQLite file, its statements and its errors.

#include <stet/error.hpp>
#include <stet/result.hpp>
#include <stet/schema/violations.hpp>

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if defined(__unix__) || defined(__APPLE__)
#include <fcntl.h>
#include <unistd.h>
#endif

namespace stet {

/// When is a commit safe? `full`: when it returns, against the loss of power, too. `normal`: against the end of the
/// process; a loss of power may cost the last ones, and never leaves something half done.
enum class Durability : std::uint8_t { full, normal };

namespace detail {

struct SqliteClose {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
};
struct SqliteFinalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

class SqliteConnection;

/// A statement that is run, with parameters from 1, and begins again when it is run the next time.
class SqliteStatement {
public:
    SqliteStatement() = default;
    SqliteStatement(SqliteConnection& connection, sqlite3_stmt* statement)
        : connection_(&connection), statement_(statement) {}

    SqliteStatement& bind(int at, std::int64_t number) {
        note(sqlite3_bind_int64(statement_.get(), at, number));
        return *this;
    }
    SqliteStatement& bind_null(int at) {
        note(sqlite3_bind_null(statement_.get(), at));
        return *this;
    }
    SqliteStatement& bind(int at, std::uint64_t number) { return bind(at, static_cast<std::int64_t>(number)); }
    /// `kept`: SQLITE_STATIC where the text lives until the statement has run, which costs no copy.
    SqliteStatement& bind(int at, std::string_view text, sqlite3_destructor_type kept = SQLITE_TRANSIENT) {
        const char* const from = text.data() == nullptr ? "" : text.data();
        note(sqlite3_bind_text64(statement_.get(), at, from, text.size(), kept, SQLITE_UTF8));
        return *this;
    }
    SqliteStatement& bind_bytes(int at, std::string_view bytes, sqlite3_destructor_type kept = SQLITE_TRANSIENT) {
        const char* const from = bytes.data() == nullptr ? "" : bytes.data();
        note(sqlite3_bind_blob64(statement_.get(), at, from, bytes.size(), kept));
        return *this;
    }

    /// The next row: true if there is one.
    Result<bool> step();
    /// To the end; rows are of no interest.
    Result<void> run() {
        for (;;) {
            const auto more = step();
            if (!more) return Failure(more.error());
            if (!*more) return {};
        }
    }
    /// Begins it again, whichever way a function ends: who is in the middle of it keeps an old state of the file.
    class Ending {
    public:
        explicit Ending(SqliteStatement& statement) : statement_(statement) {}
        Ending(const Ending&) = delete;
        Ending& operator=(const Ending&) = delete;
        ~Ending() { statement_.reset(); }

    private:
        SqliteStatement& statement_;
    };
    /// Parameters keep what was bound to them.
    void reset() noexcept {
        sqlite3_reset(statement_.get());
        bound_ = SQLITE_OK;
    }

    std::int64_t number(int column) const { return sqlite3_column_int64(statement_.get(), column); }
    std::uint64_t unsigned_number(int column) const { return static_cast<std::uint64_t>(number(column)); }
    std::string_view text(int column) const {
        const void* const at = sqlite3_column_blob(statement_.get(), column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
        return at == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(at), size);
    }

private:
    void note(int code) {
        if (bound_ == SQLITE_OK) bound_ = code;
    }
    SqliteConnection* connection_ = nullptr;
    std::unique_ptr<sqlite3_stmt, SqliteFinalize> statement_;
    int bound_ = SQLITE_OK;
};

/// A connection, shared by what is kept in the same file: what one of them writes while a transaction is open is part
/// of it. One thread at a time uses it.
class SqliteConnection {
public:
    /// For the owner only, where it is new. `vfs`: one of SQLite's file systems, empty for the default.
    static Result<std::shared_ptr<SqliteConnection>> open(const std::string& path, Durability durability,
                                                          int busy_milliseconds, const std::string& vfs) {
#if defined(__unix__) || defined(__APPLE__)
        if (vfs.empty() && path != ":memory:") {  // what SQLite makes beside it gets the same rights
            const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
            if (made >= 0) ::close(made);
        }
#endif
        sqlite3* raw = nullptr;
        const int code =
            sqlite3_open_v2(path.c_str(), &raw,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                            vfs.empty() ? nullptr : vfs.c_str());
        std::unique_ptr<sqlite3, SqliteClose> opened(raw);
        auto connection = std::make_shared<SqliteConnection>(Opened{}, std::move(opened), path);
        if (code != SQLITE_OK) return Failure(connection->error(code));
        sqlite3_busy_timeout(raw, busy_milliseconds);
        // What is forgotten is overwritten.
        if (auto done = connection->run("PRAGMA secure_delete=ON; PRAGMA foreign_keys=OFF"); !done)
            return Failure(done.error());
        if (auto done = connection->use_wal(busy_milliseconds); !done) return Failure(done.error());
        // Where there is no WAL, only EXTRA is safe.
        if (auto done = connection->run(durability == Durability::full ? "PRAGMA synchronous=EXTRA"
                                                                       : "PRAGMA synchronous=NORMAL");
            !done)
            return Failure(done.error());
        for (const auto& [made, sql] :
             {std::pair{&connection->begin_, "BEGIN IMMEDIATE"}, std::pair{&connection->commit_, "COMMIT"},
              std::pair{&connection->rollback_, "ROLLBACK"}}) {
            sqlite3_stmt* statement = nullptr;
            const int prepared = sqlite3_prepare_v3(raw, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
            if (prepared != SQLITE_OK) return Failure(connection->error(prepared));
            made->reset(statement);
        }
        return connection;
    }

private:
    struct Opened {};

public:
    SqliteConnection(Opened, std::unique_ptr<sqlite3, SqliteClose> connection, std::string path)
        : connection_(std::move(connection)), path_(std::move(path)) {}

    Result<void> run(const char* sql) {
        const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) return Failure(error(code));
        return {};
    }
    Result<SqliteStatement> prepare(std::string_view sql) {
        sqlite3_stmt* made = nullptr;
        const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &made, nullptr);
        if (code != SQLITE_OK) return Failure(error(code));
        return SqliteStatement(*this, made);
    }

    /// The format of what stands in the file, 0 for nothing, which is kept in the file's `user_version`.
    Result<std::int64_t> format() {
        auto version = prepare("PRAGMA user_version");
        if (!version) return Failure(version.error());
        const auto row = version->step();
        if (!row) return Failure(row.error());
        return version->number(0);
    }

    bool in_transaction() const noexcept { return sqlite3_get_autocommit(connection_.get()) == 0; }
    /// How many rows were changed through this connection so far.
    std::int64_t changes() const noexcept { return sqlite3_total_changes64(connection_.get()); }
    Result<void> begin() {
        if (auto done = tidy(); !done) return done;
        if (in_doubt_)
            if (auto done = overwrite(); !done) return done;
        if (auto begun = result(once(begin_)); !begun) return begun;
        turn_ = true;
        if (data_version() != seen_) ++surprises_;
        return {};
    }
    /// If it fails, nothing of the transaction has happened; where even that cannot be made sure of, the error says so.
    Result<void> commit() {
        const int code = once(commit_);
        if (code == SQLITE_OK) return end_turn(), Result<void>{};
        rollback();
        // All of it may stand in the WAL, and only the sync have failed: who opens the file after a crash would take it
        // for committed.
        in_doubt_ = (code & 0xFF) != SQLITE_BUSY;
        if (in_doubt_ && !overwrite() && (code & 0xFF) == SQLITE_FULL) in_doubt_ = pads();
        return Failure(error(code, in_doubt_ ? "; it may have been kept" : ""));
    }
    void rollback() noexcept {
        if (!in_transaction() && !turn_) return;
        if (in_transaction()) static_cast<void>(once(rollback_));
        left_over_ = in_transaction();
        ++surprises_;
        end_turn();
    }
    /// What was known of the file holds as long as these are the same. `commits`: transactions of this connection, from
    /// `begin` to `commit`; `surprises`: others wrote something in between, or something was taken back.
    std::uint64_t commits() const noexcept { return commits_; }
    std::uint64_t surprises() const noexcept { return surprises_; }
    /// Is there a transaction that could not be rolled back? What it changed is not to be read or committed.
    bool left_over() const noexcept { return left_over_; }
    Result<void> tidy() {
        if (!left_over_) return {};
        const int code = in_transaction() ? once(rollback_) : SQLITE_OK;
        left_over_ = in_transaction();
        return left_over_ ? result(code) : Result<void>{};
    }

    /// `storage_full`, `busy`, or `storage_failed` with what SQLite says.
    Error error(int code, const char* besides = "") const {
        std::string why = path_.substr(path_.find_last_of('/') + 1) + ": " + sqlite3_errstr(code & 0xFF) + besides;
        if ((code & 0xFF) == SQLITE_ERROR) why += std::string(": ") + sqlite3_errmsg(connection_.get());
        switch (code & 0xFF) {
            case SQLITE_FULL:
                return Error(Errc::storage_full, why);
            case SQLITE_BUSY:
            case SQLITE_LOCKED:
                return Error(Errc::busy, why);
            default:
                return Error(Errc::storage_failed, why);
        }
    }
    sqlite3* get() const { return connection_.get(); }

private:
    // Changes with each commit of anybody, as far as this connection has looked into the file.
    unsigned data_version() const noexcept {
        unsigned version = 0;
        sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_DATA_VERSION, &version);
        return version;
    }
    void end_turn() noexcept {
        if (!turn_) return;
        turn_ = false;
        ++commits_;
        seen_ = data_version();
    }
    // Others that open the same new file at the same time are not waited for by SQLite itself.
    Result<void> use_wal(int milliseconds) {
        for (;; milliseconds -= 10) {
            const int code = sqlite3_exec(connection_.get(), "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
            if (code == SQLITE_OK) return {};
            if ((code & 0xFF) != SQLITE_BUSY || milliseconds <= 0) return Failure(error(code));
            sqlite3_sleep(10);
        }
    }
    // What stands in the WAL after the last commit is overwritten by a commit that changes nothing.
    Result<void> overwrite() {
        if (auto done = tidy(); !done) return done;
        if (auto begun = result(once(begin_)); !begun) return begun;
        auto done = write_format();
        if (done) in_doubt_ = false;
        else rollback();
        return done;
    }

    // Does SQLite write more after the end of a transaction, so that a disk may be full although all of it is there?
    bool pads() const {
        sqlite3_file* file = nullptr;
        if (sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file)) !=
                SQLITE_OK ||
            file == nullptr || file->pMethods == nullptr)
            return true;
        return (file->pMethods->xDeviceCharacteristics(file) & SQLITE_IOCAP_POWERSAFE_OVERWRITE) == 0;
    }
    Result<void> write_format() {
        const auto now = format();
        if (!now) return Failure(now.error());
        if (auto done = run(("PRAGMA user_version=" + std::to_string(*now)).c_str()); !done) return done;
        return result(once(commit_));
    }
    using Prepared = std::unique_ptr<sqlite3_stmt, SqliteFinalize>;
    static int once(const Prepared& statement) noexcept {
        const int code = sqlite3_step(statement.get());
        sqlite3_reset(statement.get());
        return code == SQLITE_DONE ? SQLITE_OK : code;
    }
    Result<void> result(int code) const {
        if (code != SQLITE_OK) return Failure(error(code));
        return {};
    }

    std::unique_ptr<sqlite3, SqliteClose> connection_;
    std::string path_;
    Prepared begin_, commit_, rollback_;  // where there is no memory left, they are still there
    bool left_over_ = false;
    bool in_doubt_ = false;
    bool turn_ = false;  // since begin()
    unsigned seen_ = 0;
    std::uint64_t commits_ = 0, surprises_ = 1;
};

inline Result<bool> SqliteStatement::step() {
    int code = bound_;
    if (code == SQLITE_OK) code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    reset();
    if (code == SQLITE_DONE) return false;
    return Failure(connection_->error(code));
}

}  // namespace detail
}  // namespace stet
