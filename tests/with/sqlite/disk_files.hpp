#pragma once
// The file layer of the library on a disk of SQLite's, so that what stands beside a database fails with it, and loses
// what was not synced when the same power goes.

#include "with/sqlite/disk.hpp"

#include <stet/policy/files.hpp>

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace disk {

/// What an audit trail needs of it: nothing is renamed.
class Files {
    template <class R = void>
    using Result = stet::Result<R>;
    struct Close {
        void operator()(sqlite3_file* file) const {
            if (file->pMethods != nullptr) file->pMethods->xClose(file);
            ::operator delete(static_cast<void*>(file));
        }
    };

public:
    using File = std::unique_ptr<sqlite3_file, Close>;
    struct Lock {};

    explicit Files(const Disk& disk) : vfs_(sqlite3_vfs_find(disk.name().c_str())) {}

    Result<std::string> read(const std::string& path) {
        auto file = open(path, SQLITE_OPEN_READONLY);
        if (!file) return stet::Failure(file.error());
        const auto size = size_of(*file);
        if (!size) return stet::Failure(size.error());
        std::string content(*size, '\0');
        if (!content.empty())
            if (auto done = say((*file)->pMethods->xRead(file->get(), content.data(), static_cast<int>(*size), 0));
                !done)
                return stet::Failure(done.error());
        return content;
    }
    Result<bool> exists(const std::string& path) {
        int there = 0;
        if (auto done = say(vfs_->xAccess(vfs_, path.c_str(), SQLITE_ACCESS_EXISTS, &there)); !done)
            return stet::Failure(done.error());
        return there != 0;
    }
    Result<File> create(const std::string& path) {
        auto file = append_to(path);
        if (file)
            if (auto done = truncate(*file, 0); !done) return stet::Failure(done.error());
        return file;
    }
    // As a WAL: with its first sync its name is safe, too.
    Result<File> append_to(const std::string& path) {
        return open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL);
    }
    Result<void> write(File& file, std::string_view bytes) {
        const auto size = size_of(file);
        if (!size) return stet::Failure(size.error());
        return say(file->pMethods->xWrite(file.get(), bytes.data(), static_cast<int>(bytes.size()),
                                          static_cast<sqlite3_int64>(*size)));
    }
    Result<void> sync(File& file) { return say(file->pMethods->xSync(file.get(), SQLITE_SYNC_FULL)); }
    Result<void> truncate(File& file, std::uint64_t size) {
        return say(file->pMethods->xTruncate(file.get(), static_cast<sqlite3_int64>(size)));
    }
    Result<void> rename(const std::string&, const std::string&) { return say(SQLITE_IOERR); }
    Result<void> remove(const std::string& path) { return say(vfs_->xDelete(vfs_, path.c_str(), 1)); }
    Result<void> make_folder(const std::string&) { return {}; }
    Result<void> sync_folder(const std::string&) { return {}; }
    Result<std::vector<std::string>> list(const std::string&) { return std::vector<std::string>{}; }
    Result<Lock> lock(const std::string&) { return Lock{}; }
    Result<std::uint64_t> stamp(const std::string& path) {
        const auto there = exists(path);
        if (!there) return stet::Failure(there.error());
        if (!*there) return std::uint64_t{0};
        const auto content = read(path);
        if (!content) return stet::Failure(content.error());
        return std::hash<std::string>{}(*content) | 1U;
    }

private:
    static Result<void> say(int code) {
        if (code == SQLITE_OK) return {};
        const auto what = (code & 0xFF) == SQLITE_FULL ? stet::Errc::storage_full : stet::Errc::storage_failed;
        return stet::Failure(stet::Error(what, sqlite3_errstr(code)));
    }
    Result<File> open(const std::string& path, int flags) {
        File file(static_cast<sqlite3_file*>(::operator new(static_cast<std::size_t>(vfs_->szOsFile))));
        if (auto done = say(vfs_->xOpen(vfs_, path.c_str(), file.get(), flags, nullptr)); !done)
            return stet::Failure(done.error());
        return file;
    }
    static Result<std::size_t> size_of(const File& file) {
        sqlite3_int64 size = 0;
        if (auto done = say(file->pMethods->xFileSize(file.get(), &size)); !done) return stet::Failure(done.error());
        return static_cast<std::size_t>(size);
    }

    sqlite3_vfs* vfs_;
};

static_assert(stet::file_layer<Files>);

}  // namespace disk
