#pragma once
// The file layer of POSIX systems; <stet/policy/files.hpp> includes it.

#include <stet/policy/file_layer.hpp>

#if defined(__unix__) || defined(__APPLE__)

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stet {

/// The file system of a POSIX system. Files and folders that it makes are for their owner only.
class Files {
    // An open file, closed when it goes.
    class Handle {
    public:
        Handle(int descriptor, std::string path) : path_(std::move(path)), descriptor_(descriptor) {}
        Handle(Handle&& other) noexcept
            : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
        Handle& operator=(Handle&& other) noexcept {
            std::swap(path_, other.path_);
            std::swap(descriptor_, other.descriptor_);
            return *this;
        }
        ~Handle() {
            if (descriptor_ >= 0) static_cast<void>(::close(descriptor_));
        }

    private:
        friend class Files;
        std::string path_;
        int descriptor_;
    };

public:
    /// An open file, until it goes.
    class File : public Handle {
        using Handle::Handle;
    };
    /// Nobody else has it, until it goes.
    class Lock : public Handle {
        using Handle::Handle;
    };

    /// All of it. That it is missing is an error; ask `exists` first.
    Result<std::string> read(const std::string& path) {
        const Handle file(open(path, O_RDONLY), path);
        if (file.descriptor_ < 0) return failed("open", path);
        struct stat about{};
        if (::fstat(file.descriptor_, &about) != 0) return failed("fstat", path);
        std::string content;
        std::size_t size = 0;
        for (std::size_t room = about.st_size > 0 ? static_cast<std::size_t>(about.st_size) + 1 : 4096;; room += room) {
            content.resize(room);  // one more than it is said to have, to see the end at once
            while (size < room) {
                const ssize_t count = ::read(file.descriptor_, content.data() + size, room - size);
                if (count < 0 && errno == EINTR) continue;
                if (count < 0) return failed("read", path);
                if (count == 0) {
                    content.resize(size);
                    return content;
                }
                size += static_cast<std::size_t>(count);
            }
        }
    }
    Result<bool> exists(const std::string& path) {
        struct stat about{};
        if (::stat(path.c_str(), &about) == 0) return true;
        if (errno == ENOENT || errno == ENOTDIR) return false;
        return failed("stat", path);
    }
    /// A new file, or an old one emptied, for its owner only. A symbolic link is not followed.
    Result<File> create(const std::string& path) {
        File file(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW), path);
        if (file.descriptor_ < 0) return failed("open", path);
        if (::fchmod(file.descriptor_, S_IRUSR | S_IWUSR) != 0) return failed("fchmod", path);
        return file;
    }
    /// What is written goes behind what is there; a file that is not there is made.
    Result<File> append_to(const std::string& path) {
        File file(open(path, O_WRONLY | O_CREAT | O_APPEND), path);
        if (file.descriptor_ < 0) return failed("open", path);
        return file;
    }
    /// All of `bytes`, or an error after some of them.
    Result<void> write(File& file, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::write(file.descriptor_, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count == 0) errno = EIO;
            if (count <= 0) return failed("write", file.path_);
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return {};
    }
    /// What was written is safe. After an error nobody knows what is: write another file, do not sync this one again.
    Result<void> sync(File& file) {
        if (flush(file.descriptor_) != 0) return failed("fsync", file.path_);
        return {};
    }
    Result<void> truncate(File& file, std::uint64_t size) {
        while (::ftruncate(file.descriptor_, static_cast<off_t>(size)) != 0)
            if (errno != EINTR) return failed("ftruncate", file.path_);
        return {};
    }
    /// At once, and instead of what `to` was. Safe when the folder is synced.
    Result<void> rename(const std::string& from, const std::string& to) {
        if (std::rename(from.c_str(), to.c_str()) != 0) return failed("rename", from);
        return {};
    }
    /// It is fine if the file is not there. Safe when the folder is synced.
    Result<void> remove(const std::string& path) {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("unlink", path);
        return {};
    }
    /// For its owner only; it is fine if the folder is there. Safe when the folder around it is synced.
    Result<void> make_folder(const std::string& path) {
        if (::mkdir(path.c_str(), S_IRWXU) == 0) return {};
        const int why = errno;
        struct stat about{};
        if (why == EEXIST && ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode)) return {};
        return Failure(detail::file_error("mkdir", path, why));
    }
    /// The names in the folder are safe: what was made, renamed and removed there.
    Result<void> sync_folder(const std::string& path) {
        const int folder = open(path, O_RDONLY | O_DIRECTORY);
        if (folder < 0) return failed("open", path);
        // Some file systems do not sync folders, and say so.
        const int why = flush(folder) != 0 && errno != EINVAL ? errno : 0;
        static_cast<void>(::close(folder));
        if (why != 0) return Failure(detail::file_error("fsync", path, why));
        return {};
    }
    /// The names in a folder, in the order of their bytes.
    Result<std::vector<std::string>> list(const std::string& folder) const {
        struct Open {
            DIR* folder;
            ~Open() {
                if (folder != nullptr) static_cast<void>(::closedir(folder));
            }
        };
        const Open open{::opendir(folder.c_str())};
        if (open.folder == nullptr) return failed("opendir", folder);
        std::vector<std::string> names;
        for (;;) {
            errno = 0;
            const dirent* const entry = ::readdir(open.folder);
            if (entry == nullptr) break;
            if (const std::string_view name = entry->d_name; name != "." && name != "..") names.emplace_back(name);
        }
        if (errno != 0) return failed("readdir", folder);
        std::sort(names.begin(), names.end());
        return names;
    }
    /// Waits until nobody else has it: no other process, and no other handle in this one. The file stays.
    Result<Lock> lock(const std::string& path) {
        Lock lock(open(path, O_RDWR | O_CREAT), path);
        if (lock.descriptor_ < 0) return failed("open", path);
        while (::flock(lock.descriptor_, LOCK_EX) != 0)
            if (errno != EINTR) return failed("flock", path);
        return lock;
    }
    /// Another one whenever somebody has changed the file, or put another one in its place; 0 if there is none.
    Result<std::uint64_t> stamp(const std::string& path) {
        struct stat about{};
        if (::stat(path.c_str(), &about) != 0) {
            if (errno == ENOENT || errno == ENOTDIR) return std::uint64_t{0};
            return failed("stat", path);
        }
#if defined(__APPLE__)
        const timespec& changed = about.st_mtimespec;
#else
        const timespec& changed = about.st_mtim;
#endif
        return detail::file_stamp(
            {static_cast<std::uint64_t>(changed.tv_sec), static_cast<std::uint64_t>(changed.tv_nsec),
             static_cast<std::uint64_t>(about.st_size), static_cast<std::uint64_t>(about.st_ino)});
    }

private:
    static Failure<Error> failed(const char* call, const std::string& path) {
        return Failure(detail::file_error(call, path, errno));
    }
    static int open(const std::string& path, int flags) {
        for (;;) {
            const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR);
            if (descriptor >= 0 || errno != EINTR) return descriptor;
        }
    }
    static int flush(int descriptor) {
#if defined(F_FULLFSYNC)  // macOS: fsync stops at the cache of the disk
        if (::fcntl(descriptor, F_FULLFSYNC) == 0) return 0;
#endif
        for (;;) {
#if defined(__linux__)
            const int result = ::fdatasync(descriptor);
#else
            const int result = ::fsync(descriptor);
#endif
            if (result == 0 || errno != EINTR) return result;
        }
    }
};

static_assert(file_layer<Files>);

}  // namespace stet

#endif
