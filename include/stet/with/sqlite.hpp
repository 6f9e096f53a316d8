#pragma once
// Durable storage by SQLite (3.38 or later): all revisions, names and audit records of a `Versioned` in one file.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/open.hpp>
#include <stet/with/nlohmann_json/durable.hpp>
#include <stet/with/sqlite/connection.hpp>
#include <stet/with/sqlite/log.hpp>

#include <memory>
#include <string>
#include <utility>

namespace stet {

/// An SQLite file: `stet::open<Settings>(stet::Sqlite{"settings.db"}, stet::if_empty(Settings{}))`. Copies share one
/// connection. When a commit returns, it is safe; several processes may share the file.
class Sqlite {
public:
    static constexpr bool names_storage = true;  // for `open`

    explicit Sqlite(std::string path, SqliteOptions options = {})
        : file_(std::make_shared<File>(File{std::move(path), std::move(options), nullptr})) {}

    /// The connection, opened when it is first asked for. Errors: `storage_failed`, `busy`.
    Result<std::shared_ptr<detail::SqliteConnection>> connection() const {
        if (file_->connection == nullptr) {
            auto made = detail::SqliteConnection::open(file_->path, file_->options.durability,
                                                       file_->options.busy_milliseconds, file_->options.vfs);
            if (!made) return Failure(made.error());
            file_->connection = *made;
        }
        return file_->connection;
    }
    /// The storage of `T` in it, for `open`.
    template <class T, class Chain>
    Result<Durable<T, SqliteLog, Chain>> storage() const {
        auto connected = connection();
        if (!connected) return Failure(connected.error());
        return Durable<T, SqliteLog, Chain>::open(SqliteLog(*connected, file_->options), file_->options.keep);
    }

private:
    struct File {
        std::string path;
        SqliteOptions options;
        std::shared_ptr<detail::SqliteConnection> connection;
    };
    std::shared_ptr<File> file_;
};

}  // namespace stet
