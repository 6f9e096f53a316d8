#pragma once
// A file system in memory for tests, in which any call can fail, and from which the power can be taken.

#include <stet/policy/file_layer.hpp>
#include <stet/test/simulated_disk.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet::test {

/// What a call of a `SimulatedFiles` comes to. What a fault cannot happen to fails with EIO.
enum class Fault : std::uint8_t {
    full_disk,     ///< ENOSPC; what is only read goes on working
    io_error,      ///< EIO
    short_write,   ///< half of the bytes, then ENOSPC
    failing_sync,  ///< EIO of a sync: some of what was written is lost, and the next sync does not know of it
    read_only,     ///< EROFS; what is only read goes on working
};
inline constexpr Fault all_faults[] = {Fault::full_disk, Fault::io_error, Fault::short_write, Fault::failing_sync,
                                       Fault::read_only};

/// A file system in memory. Copies are the same file system. There are the folders "." and "/" at first. What is
/// written is safe only after `sync`, and what is made, renamed or removed only after `sync_folder`.
class SimulatedFiles {
    struct Disk {
        std::vector<detail::SimulatedFile> files;  // by number; 0 stands for every folder
        detail::SimulatedNames names;
        std::map<std::string, int> locks;
        std::size_t calls = 0;
        std::size_t fails_at = 0;  // counted from 1
        bool goes_on_failing = false;
        Fault fault = Fault::io_error;
        std::size_t cut_at = 0;
        bool dead = false;
        detail::Chance chance{1};
    };
    static constexpr std::size_t folder = 0;
    enum class Call : std::uint8_t { looks, changes, writes, syncs };

public:
    class File {
        friend class SimulatedFiles;
        File(std::size_t number, std::string path, bool appends)
            : path_(std::move(path)), number_(number), appends_(appends) {}
        std::string path_;
        std::size_t number_;
        std::size_t position_ = 0;
        bool appends_;
    };
    class Lock {
    public:
        Lock(Lock&& other) noexcept : disk_(std::move(other.disk_)), path_(std::move(other.path_)) {
            other.disk_.reset();
        }
        Lock& operator=(Lock&& other) noexcept {
            disk_.swap(other.disk_);
            path_.swap(other.path_);
            return *this;
        }
        ~Lock() {
            if (disk_) disk_->locks.erase(path_);
        }

    private:
        friend class SimulatedFiles;
        Lock(std::shared_ptr<Disk> disk, std::string path) : disk_(std::move(disk)), path_(std::move(path)) {}
        std::shared_ptr<Disk> disk_;
        std::string path_;
    };

    SimulatedFiles() : disk_(std::make_shared<Disk>()) {
        disk_->files.emplace_back();
        for (const char* const name : {".", "/"}) {
            disk_->names.add(name, folder);
            disk_->names.sync(detail::SimulatedNames::folder_of(name));
        }
    }

    /// How many calls were made, failing ones included.
    std::size_t calls() const { return disk_->calls; }
    /// The call with this number, counted from 1, fails.
    void fail_at(std::size_t call, Fault fault, std::uint64_t seed = 1) {
        disk_->fails_at = call;
        disk_->goes_on_failing = false;
        disk_->fault = fault;
        disk_->chance = detail::Chance(seed);
    }
    /// This call and all after it, until `mend()`.
    void fail_from(std::size_t call, Fault fault, std::uint64_t seed = 1) {
        fail_at(call, fault, seed);
        disk_->goes_on_failing = true;
    }
    void mend() { disk_->fails_at = 0; }
    /// The power goes in the middle of this call, counted from 1. It fails, and so do all after it.
    void cut_power_at(std::size_t call) { disk_->cut_at = call; }
    bool is_dead() const { return disk_->dead; }
    /// A disk as the next start finds it, if the power goes now; another one for each seed.
    SimulatedFiles power_loss(std::uint64_t seed) const {
        detail::Chance chance(seed);
        SimulatedFiles next(std::make_shared<Disk>());
        next.disk_->files = disk_->files;
        next.disk_->names = disk_->names;
        next.disk_->names.lose(chance);
        for (detail::SimulatedFile& file : next.disk_->files) file.lose(chance);
        return next;
    }
    /// All files with what stands in them, without a call.
    std::map<std::string, std::string> contents() const {
        std::map<std::string, std::string> all;
        for (const auto& [path, number] : disk_->names.seen())
            if (number != folder) all.emplace(path, disk_->files[number].seen());
        return all;
    }
    /// Puts a file there, as somebody else has left it, safely and without a call.
    void put(const std::string& path, std::string_view text) {
        const std::size_t number = disk_->files.size();
        disk_->files.emplace_back().write(0, text);
        disk_->files.back().sync();
        disk_->names.add(path, number);
        disk_->names.sync(detail::SimulatedNames::folder_of(path));
    }

    Result<std::string> read(const std::string& path) {
        if (const int why = step(Call::looks)) return failed("read", path, why);
        const auto at = disk_->names.seen().find(path);
        if (at == disk_->names.seen().end()) return failed("open", path, ENOENT);
        if (at->second == folder) return failed("read", path, EISDIR);
        return disk_->files[at->second].seen();
    }
    Result<bool> exists(const std::string& path) {
        if (const int why = step(Call::looks)) return failed("stat", path, why);
        return is_there(path);
    }
    Result<File> create(const std::string& path) { return open(path, false); }
    Result<File> append_to(const std::string& path) { return open(path, true); }
    Result<void> write(File& file, std::string_view bytes) {
        if (bytes.empty()) return {};
        const int why = step(Call::writes);
        if (why != 0 && !was_cut() && !(disk_->fault == Fault::short_write && !disk_->dead))
            return failed("write", file.path_, why);
        if (why != 0 && !was_cut()) bytes = bytes.substr(0, bytes.size() / 2);
        detail::SimulatedFile& to = disk_->files[file.number_];
        if (file.appends_) file.position_ = to.seen().size();
        if (!bytes.empty()) to.write(file.position_, bytes);
        file.position_ += bytes.size();
        if (why != 0) return failed("write", file.path_, why);
        return {};
    }
    Result<void> sync(File& file) {
        const int why = step(Call::syncs);
        detail::SimulatedFile& of = disk_->files[file.number_];
        if (why == 0) of.sync();
        else if (!disk_->dead && disk_->fault == Fault::failing_sync) of.fail_sync(disk_->chance);
        if (why != 0) return failed("fsync", file.path_, why);
        return {};
    }
    Result<void> truncate(File& file, std::uint64_t size) {
        const int why = step(Call::changes);
        if (why == 0 || was_cut()) disk_->files[file.number_].cut(static_cast<std::size_t>(size));
        if (why != 0) return failed("ftruncate", file.path_, why);
        return {};
    }
    Result<void> rename(const std::string& from, const std::string& to) {
        const int why = step(Call::changes);
        const auto at = disk_->names.seen().find(from);
        if (why == 0 && at == disk_->names.seen().end()) return failed("rename", from, ENOENT);
        if (why == 0 && !is_there(detail::SimulatedNames::folder_of(to))) return failed("rename", from, ENOENT);
        if ((why == 0 || was_cut()) && at != disk_->names.seen().end()) {
            const std::size_t number = at->second;
            disk_->names.rename(std::string(from), to, number);
        }
        if (why != 0) return failed("rename", from, why);
        return {};
    }
    Result<void> remove(const std::string& path) {
        const int why = step(Call::changes);
        if (const auto at = disk_->names.seen().find(path); at != disk_->names.seen().end()) {
            if (why == 0 && at->second == folder) return failed("unlink", path, EISDIR);
            const std::size_t number = at->second;
            if (why == 0 || was_cut()) disk_->names.remove(std::string(path), number);
        }
        if (why != 0) return failed("unlink", path, why);
        return {};
    }
    Result<void> make_folder(const std::string& path) {
        const int why = step(Call::changes);
        if (why == 0 && is_there(path) && disk_->names.seen().at(path) != folder) return failed("mkdir", path, EEXIST);
        if (why == 0 && !is_there(detail::SimulatedNames::folder_of(path))) return failed("mkdir", path, ENOENT);
        if ((why == 0 || was_cut()) && !is_there(path)) disk_->names.add(path, folder);
        if (why != 0) return failed("mkdir", path, why);
        return {};
    }
    Result<void> sync_folder(const std::string& path) {
        if (const int why = step(Call::syncs)) return failed("fsync", path, why);
        if (!is_there(path)) return failed("open", path, ENOENT);
        disk_->names.sync(path);
        return {};
    }
    Result<std::vector<std::string>> list(const std::string& path) {
        if (const int why = step(Call::looks)) return failed("opendir", path, why);
        if (!is_there(path)) return failed("opendir", path, ENOENT);
        std::vector<std::string> names;
        for (const auto& entry : disk_->names.seen())
            if (entry.first != path && entry.first != "." && entry.first != "/" &&
                detail::SimulatedNames::folder_of(entry.first) == path)
                names.push_back(entry.first.substr(entry.first.rfind('/') + 1));
        return names;
    }
    /// Who would wait for ever is told so, because all of it is one thread.
    Result<Lock> lock(const std::string& path) {
        if (const auto made = open(path, true); !made) return Failure(made.error());
        if (!disk_->locks.emplace(path, 0).second) return failed("flock", path, EDEADLK);
        return Lock(disk_, path);
    }
    Result<std::uint64_t> stamp(const std::string& path) {
        if (const int why = step(Call::looks)) return failed("stat", path, why);
        const auto at = disk_->names.seen().find(path);
        if (at == disk_->names.seen().end()) return std::uint64_t{0};
        const detail::SimulatedFile& file = disk_->files[at->second];
        return detail::Chance(at->second * 1'000'000'007U + file.changes()).next() | 1U;
    }

private:
    explicit SimulatedFiles(std::shared_ptr<Disk> disk) : disk_(std::move(disk)) {}

    static Failure<Error> failed(const char* call, const std::string& path, int number) {
        return Failure(stet::detail::file_error(call, path, number));
    }
    bool is_there(const std::string& path) const { return disk_->names.seen().contains(path); }
    // Is this the call in whose middle the power went?
    bool was_cut() const { return disk_->dead && disk_->calls == disk_->cut_at; }

    // 0, or why the call fails.
    int step(Call call) {
        Disk& disk = *disk_;
        ++disk.calls;
        if (disk.calls == disk.cut_at) disk.dead = true;
        if (disk.dead) return EIO;
        if (disk.fails_at == 0 || disk.calls < disk.fails_at || (disk.calls > disk.fails_at && !disk.goes_on_failing))
            return 0;
        switch (disk.fault) {
            case Fault::full_disk:
                return call == Call::looks ? 0 : ENOSPC;
            case Fault::read_only:
                return call == Call::looks ? 0 : EROFS;
            case Fault::short_write:
                return call == Call::writes ? ENOSPC : EIO;
            default:
                return EIO;
        }
    }
    Result<File> open(const std::string& path, bool appends) {
        const int why = step(Call::changes);
        if (why != 0 && !was_cut()) return failed("open", path, why);
        if (!is_there(detail::SimulatedNames::folder_of(path))) return failed("open", path, ENOENT);
        const auto at = disk_->names.seen().find(path);
        if (at != disk_->names.seen().end() && at->second == folder) return failed("open", path, EISDIR);
        std::size_t number = disk_->files.size();
        if (at != disk_->names.seen().end()) {
            number = at->second;
            if (!appends && !disk_->files[number].seen().empty()) disk_->files[number].cut(0);
        } else {
            disk_->files.emplace_back();
            disk_->names.add(path, number);
        }
        if (why != 0) return failed("open", path, why);
        return File(number, path, appends);
    }

    std::shared_ptr<Disk> disk_;
};

static_assert(file_layer<SimulatedFiles>);

}  // namespace stet::test
