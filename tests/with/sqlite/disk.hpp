#pragma once
// A disk for SQLite, in memory, that fails when it is told to and forgets what was not synced when the power goes.

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace disk {

/// What a call that fails says, and what it has done by then.
enum class Fault : std::uint8_t {
    full,      // SQLITE_FULL, SQLITE_IOERR of its kind where nothing is written
    error,     // SQLITE_IOERR of its kind, and nothing is done
    partial,   // the same after half of it was done
    late,      // the same after all of it was done
    read_only  // SQLITE_READONLY, SQLITE_CANTOPEN
};
inline constexpr std::array all_faults{Fault::full, Fault::error, Fault::partial, Fault::late, Fault::read_only};

/// Which calls count.
enum Calls : unsigned { writing = 1, reading = 2, every = 3 };

/// Names, and bytes that are seen; and those that are safe. A file system (VFS) of SQLite as long as it lives.
class Disk {
    using Bytes = std::vector<unsigned char>;
    // Bytes that were written and not synced. To shorten a file is to write zeros to what goes.
    struct Written {
        std::size_t at = 0;
        Bytes bytes;
        std::size_t size = 0;  // of the file after it
    };
    struct Handle;
    struct File {
        Bytes now, safe;
        std::vector<Written> pending;
        std::vector<std::unique_ptr<unsigned char[]>> shared, lost;  // memory of the wal-index
        std::vector<Handle*> handles;
    };
    using Names = std::map<std::string, std::shared_ptr<File>>;

public:
    static constexpr std::size_t block = 512;

    Disk() : name_("disk" + std::to_string(++made())) {
        vfs_.iVersion = 1;
        vfs_.szOsFile = sizeof(Handle);
        vfs_.mxPathname = 256;
        vfs_.zName = name_.c_str();
        vfs_.pAppData = this;
        vfs_.xOpen = &Disk::open;
        vfs_.xDelete = &Disk::remove;
        vfs_.xAccess = &Disk::access;
        vfs_.xFullPathname = [](sqlite3_vfs*, const char* path, int size, char* out) {
            sqlite3_snprintf(size, out, "%s", path);
            return SQLITE_OK;
        };
        vfs_.xRandomness = [](sqlite3_vfs* vfs, int size, char* out) {
            for (int i = 0; i < size; ++i) out[i] = static_cast<char>(of(vfs).salt_());
            return size;
        };
        vfs_.xSleep = [](sqlite3_vfs*, int microseconds) { return microseconds; };
        vfs_.xCurrentTime = [](sqlite3_vfs*, double* now) {
            *now = 2460000.5;
            return SQLITE_OK;
        };
        vfs_.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
        sqlite3_vfs_register(&vfs_, 0);
    }
    ~Disk() { sqlite3_vfs_unregister(&vfs_); }
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    const std::string& name() const { return name_; }

    /// All that is on a disk which nobody uses.
    class Image {
        friend class Disk;
        Names now, safe;
    };
    Image image() const {
        Image image;
        copy(now_, safe_, image.now, image.safe);
        return image;
    }
    /// Puts it back; who has a file open has it no more.
    void restore(const Image& image) {
        crash();
        copy(image.now, image.safe, now_, safe_);
        heal();
    }
    Bytes* bytes(const std::string& path) {
        const auto found = now_.find(path);
        return found == now_.end() ? nullptr : &found->second->now;
    }

    /// The `n`-th call from now fails, from 0, and those after it, too, if it lasts.
    void fail(long n, Fault fault, bool lasting = false, unsigned which = writing) {
        calls_ = 0;
        fail_at_ = n;
        fault_ = fault;
        lasting_ = lasting;
        which_ = which;
        failed_ = false;
    }
    void heal() { fail(-1, Fault::error); }
    bool failed() const { return failed_; }
    /// That counted since the last `fail` or `heal`.
    long calls() const { return calls_; }

    /// The `n`-th call that writes, from 0, is the last one, and may be half done: all that come after fail.
    void cut_at(long n) {
        heal();
        cut_at_ = n;
    }
    bool is_off() const { return off_; }

    /// The process is gone, the computer is not.
    void crash() {
        ++age_;
        for (auto* names : {&now_, &safe_})
            for (auto& [name, file] : *names) {
                for (auto& region : file->shared) file->lost.push_back(std::move(region));  // who is gone looks there
                file->shared.clear();
                file->handles.clear();
            }
        off_ = false;
        cut_at_ = -1;
    }
    /// The power is gone, and back: of what was not synced some is there, as the seed says.
    void power_loss(std::uint64_t seed) {
        crash();
        std::mt19937_64 random(seed);
        Names after;
        std::set<std::string> all;
        for (const auto& [name, file] : now_) all.insert(name);
        for (const auto& [name, file] : safe_) all.insert(name);
        const auto entries = random() % 3;  // all as they are safe, all as they were seen, some of both
        for (const std::string& name : all) {
            const bool newer = entries == 1 || (entries == 2 && random() % 2 == 0);
            const Names& from = newer ? now_ : safe_;
            if (const auto found = from.find(name); found != from.end()) after.insert(*found);
        }
        for (auto& [name, file] : after) {
            settle(*file, random);
            file->now = file->safe;
        }
        now_ = safe_ = after;
        heal();
    }

private:
    struct Handle {
        sqlite3_file base;
        Disk* disk;
        File* file;
        std::shared_ptr<File>* holds;
        std::uint64_t age;
        int lock;
        bool new_entry;  // its first sync is one of the folder, too
        bool mapped;
        unsigned shared_locks, exclusive_locks;
        bool gone() const { return age != disk->age_ || disk->off_; }
    };

    static std::uint64_t& made() {
        static std::uint64_t number = 0;
        return number;
    }
    static Disk& of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }
    static Handle& of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

    static void copy(const Names& now, const Names& safe, Names& to_now, Names& to_safe) {
        std::map<const File*, std::shared_ptr<File>> copies;
        const auto all = [&](const Names& from) {
            Names made;
            for (const auto& [name, file] : from) {
                auto& twin = copies[file.get()];
                if (twin == nullptr) {
                    twin = std::make_shared<File>();
                    twin->now = file->now;
                    twin->safe = file->safe;
                    twin->pending = file->pending;
                }
                made[name] = twin;
            }
            return made;
        };
        Names new_now = all(now), new_safe = all(safe);
        to_now = std::move(new_now);
        to_safe = std::move(new_safe);
    }

    // Should this call fail? Then what it says; `error` is what such calls say of errors.
    struct Verdict {
        bool fails = false;
        Fault fault = Fault::error;
        int code = SQLITE_OK;
    };
    Verdict call(unsigned kind, int error) {
        if (off_) return {true, Fault::error, error};
        if ((kind & writing) != 0 && cut_at_ >= 0 && cut_at_-- == 0) {
            off_ = true;
            return {true, Fault::late, error};  // on its way
        }
        if ((kind & which_) == 0) return {};
        const long n = calls_++;
        if (fail_at_ < 0 || n < fail_at_ || (n > fail_at_ && !lasting_)) return {};
        failed_ = true;
        if (fault_ == Fault::full && error == SQLITE_IOERR_WRITE) error = SQLITE_FULL;
        if (fault_ == Fault::read_only && (error == SQLITE_IOERR_WRITE || error == SQLITE_IOERR_TRUNCATE))
            error = SQLITE_READONLY;
        return {true, fault_, error};
    }

    // A block is as it was before, or after any of the writes to it.
    static void settle(File& file, std::mt19937_64& random) {
        const auto way = random() % 4;
        std::size_t size = file.safe.size();
        for (const Written& one : file.pending) size = std::max({size, one.size, one.at + one.bytes.size()});
        const std::size_t blocks = size / block + 1;
        std::vector<std::size_t> writes(blocks), kept(blocks), seen(blocks);
        const auto each_block = [&](const Written& one, const auto& f) {
            for (std::size_t from = one.at; from < one.at + one.bytes.size();) {
                const std::size_t to = std::min((from / block + 1) * block, one.at + one.bytes.size());
                f(from / block, from, to);
                from = to;
            }
        };
        const std::size_t first = file.pending.empty() ? 0 : random() % (file.pending.size() + 1);  // so many in order
        for (std::size_t i = 0; i < file.pending.size(); ++i)
            each_block(file.pending[i], [&](std::size_t at, auto, auto) {
                ++writes[at];
                if (way == 1 || (way == 2 && (i < first || (i == first && random() % 2 == 0)))) kept[at] = writes[at];
            });
        if (way == 3)
            for (std::size_t i = 0; i < blocks; ++i) kept[i] = random() % (writes[i] + 1);
        Bytes after = file.safe;
        after.resize(size);
        std::size_t length = file.safe.size();
        const std::size_t lengths = way == 0   ? 0
                                    : way == 1 ? file.pending.size()
                                    : way == 2 ? std::min(first + 1, file.pending.size())
                                               : first;
        for (std::size_t i = 0; i < file.pending.size(); ++i) {
            const Written& one = file.pending[i];
            each_block(one, [&](std::size_t at, std::size_t from, std::size_t to) {
                if (seen[at]++ < kept[at])
                    std::copy(one.bytes.data() + (from - one.at), one.bytes.data() + (to - one.at),
                              after.data() + from);
            });
            if (i < lengths) length = one.size;
        }
        after.resize(length);
        file.safe = std::move(after);
        file.pending.clear();
    }

    void write(File& file, const unsigned char* from, std::size_t size, std::size_t at) {
        if (file.now.size() < at + size) file.now.resize(at + size);
        std::copy(from, from + size, file.now.begin() + static_cast<std::ptrdiff_t>(at));
        file.pending.push_back({at, Bytes(from, from + size), file.now.size()});
    }

    static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* raw, int flags, int* out) {
        Disk& disk = of(vfs);
        Handle& handle = of(raw);
        handle.base.pMethods = nullptr;
        const Verdict verdict = disk.call(writing, SQLITE_CANTOPEN);
        if (verdict.fails) return verdict.code;
        const std::string name = path == nullptr ? "" : path;
        std::shared_ptr<File> file;
        if (const auto found = disk.now_.find(name); found != disk.now_.end()) file = found->second;
        bool fresh = false;
        if (file == nullptr) {
            if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
            file = std::make_shared<File>();
            if (path != nullptr) disk.now_[name] = file;
            fresh = true;
        }
        handle.disk = &disk;
        handle.file = file.get();
        handle.holds = new std::shared_ptr<File>(file);
        handle.age = disk.age_;
        handle.lock = SQLITE_LOCK_NONE;
        handle.new_entry = fresh && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
        handle.mapped = false;
        handle.shared_locks = handle.exclusive_locks = 0;
        handle.base.pMethods = &methods();
        file->handles.push_back(&handle);
        if (out != nullptr) *out = flags;
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
        Disk& disk = of(vfs);
        const Verdict verdict = disk.call(writing, SQLITE_IOERR_DELETE);
        if (verdict.fails && verdict.fault != Fault::late && verdict.fault != Fault::partial) return verdict.code;
        if (disk.now_.erase(path) == 0) return verdict.fails ? verdict.code : SQLITE_IOERR_DELETE_NOENT;
        if (verdict.fails) return verdict.code;
        if (sync_folder != 0) disk.safe_ = disk.now_;
        return SQLITE_OK;
    }
    static int access(sqlite3_vfs* vfs, const char* path, int, int* out) {
        Disk& disk = of(vfs);
        if (const Verdict verdict = disk.call(reading, SQLITE_IOERR_ACCESS); verdict.fails) return verdict.code;
        const auto found = disk.now_.find(path);
        *out = found != disk.now_.end() && !(found->second->now.empty()) ? 1 : 0;
        return SQLITE_OK;
    }

    static int close(sqlite3_file* raw) {
        Handle& handle = of(raw);
        if (handle.age == handle.disk->age_) std::erase(handle.file->handles, &handle);
        delete handle.holds;
        return SQLITE_OK;
    }
    static int read(sqlite3_file* raw, void* out, int amount, sqlite3_int64 at) {
        Handle& handle = of(raw);
        if (handle.gone()) return SQLITE_IOERR_READ;
        if (const Verdict verdict = handle.disk->call(reading, SQLITE_IOERR_READ); verdict.fails) return verdict.code;
        const auto size = static_cast<std::size_t>(amount), from = static_cast<std::size_t>(at);
        const Bytes& bytes = handle.file->now;
        const std::size_t there = from >= bytes.size() ? 0 : std::min(size, bytes.size() - from);
        if (there != 0) std::memcpy(out, bytes.data() + from, there);
        if (there == size) return SQLITE_OK;
        std::memset(static_cast<char*>(out) + there, 0, size - there);
        return SQLITE_IOERR_SHORT_READ;
    }
    static int write(sqlite3_file* raw, const void* in, int amount, sqlite3_int64 at) {
        Handle& handle = of(raw);
        if (handle.gone()) return SQLITE_IOERR_WRITE;
        const Verdict verdict = handle.disk->call(writing, SQLITE_IOERR_WRITE);
        auto size = static_cast<std::size_t>(amount);
        if (verdict.fails && verdict.fault == Fault::partial) size /= 2;
        if (!verdict.fails || verdict.fault == Fault::partial || verdict.fault == Fault::late)
            handle.disk->write(*handle.file, static_cast<const unsigned char*>(in), size, static_cast<std::size_t>(at));
        return verdict.code;
    }
    static int truncate(sqlite3_file* raw, sqlite3_int64 to) {
        Handle& handle = of(raw);
        if (handle.gone()) return SQLITE_IOERR_TRUNCATE;
        const Verdict verdict = handle.disk->call(writing, SQLITE_IOERR_TRUNCATE);
        if (verdict.fails && verdict.fault != Fault::late) return verdict.code;
        File& file = *handle.file;
        const auto size = static_cast<std::size_t>(to);
        if (size < file.now.size()) file.pending.push_back({size, Bytes(file.now.size() - size), size});
        file.now.resize(size);
        return verdict.code;
    }
    // After a sync that failed, nobody knows what is on the disk, and no sync will ask again for it.
    static int sync(sqlite3_file* raw, int) {
        Handle& handle = of(raw);
        if (handle.gone()) return SQLITE_IOERR_FSYNC;
        Disk& disk = *handle.disk;
        File& file = *handle.file;
        const Verdict verdict = disk.call(writing, SQLITE_IOERR_FSYNC);
        if (verdict.fails) {
            if (disk.off_) return verdict.code;
            if (verdict.fault == Fault::late) {
                file.safe = file.now;
                file.pending.clear();
            } else settle(file, disk.salt_);
            return verdict.code;
        }
        for (const Written& one : file.pending) {
            if (file.safe.size() < one.at + one.bytes.size()) file.safe.resize(one.at + one.bytes.size());
            std::copy(one.bytes.begin(), one.bytes.end(), file.safe.begin() + static_cast<std::ptrdiff_t>(one.at));
            file.safe.resize(one.size);
        }
        file.pending.clear();
        if (handle.new_entry) {
            disk.safe_ = disk.now_;
            handle.new_entry = false;
        }
        return SQLITE_OK;
    }
    static int size(sqlite3_file* raw, sqlite3_int64* out) {
        Handle& handle = of(raw);
        if (handle.gone()) return SQLITE_IOERR_FSTAT;
        *out = static_cast<sqlite3_int64>(handle.file->now.size());
        return SQLITE_OK;
    }

    static int lock(sqlite3_file* raw, int level) {
        Handle& handle = of(raw);
        if (handle.gone()) return SQLITE_IOERR_LOCK;
        if (handle.lock >= level) return SQLITE_OK;
        int others = SQLITE_LOCK_NONE;
        for (const Handle* other : handle.file->handles)
            if (other != &handle) others = std::max(others, other->lock);
        if (level == SQLITE_LOCK_SHARED && others >= SQLITE_LOCK_PENDING) return SQLITE_BUSY;
        if (level >= SQLITE_LOCK_RESERVED && others >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
        if (level == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
            handle.lock = SQLITE_LOCK_PENDING;
            return SQLITE_BUSY;
        }
        handle.lock = level;
        return SQLITE_OK;
    }
    static int unlock(sqlite3_file* raw, int level) {
        of(raw).lock = level;
        return SQLITE_OK;
    }
    static int is_reserved(sqlite3_file* raw, int* out) {
        *out = 0;
        for (const Handle* other : of(raw).file->handles) *out |= other->lock >= SQLITE_LOCK_RESERVED ? 1 : 0;
        return SQLITE_OK;
    }

    static int map(sqlite3_file* raw, int region, int size, int extend, void volatile** out) {
        Handle& handle = of(raw);
        *out = nullptr;
        if (handle.gone()) return SQLITE_IOERR_SHMMAP;
        if (const Verdict verdict = handle.disk->call(writing, SQLITE_IOERR_SHMMAP); verdict.fails) return verdict.code;
        handle.mapped = true;
        auto& all = handle.file->shared;
        while (all.size() <= static_cast<std::size_t>(region)) {
            if (extend == 0) return SQLITE_OK;
            all.push_back(std::make_unique<unsigned char[]>(static_cast<std::size_t>(size)));
        }
        *out = all[static_cast<std::size_t>(region)].get();
        return SQLITE_OK;
    }
    static int lock_shared(sqlite3_file* raw, int at, int count, int flags) {
        Handle& handle = of(raw);
        if (handle.gone()) return SQLITE_IOERR_SHMLOCK;
        const unsigned mask = ((1U << (at + count)) - (1U << at));
        if ((flags & SQLITE_SHM_UNLOCK) != 0) {
            handle.shared_locks &= ~mask;
            handle.exclusive_locks &= ~mask;
            return SQLITE_OK;
        }
        const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
        for (const Handle* other : handle.file->handles) {
            if (other == &handle) continue;
            if ((other->exclusive_locks & mask) != 0) return SQLITE_BUSY;
            if (exclusive && (other->shared_locks & mask) != 0) return SQLITE_BUSY;
        }
        (exclusive ? handle.exclusive_locks : handle.shared_locks) |= mask;
        return SQLITE_OK;
    }
    static int unmap(sqlite3_file* raw, int) {
        Handle& handle = of(raw);
        handle.mapped = false;
        handle.shared_locks = handle.exclusive_locks = 0;
        if (handle.age != handle.disk->age_) return SQLITE_OK;
        for (const Handle* other : handle.file->handles)
            if (other->mapped) return SQLITE_OK;
        handle.file->shared.clear();
        return SQLITE_OK;
    }

    static const sqlite3_io_methods& methods() {
        static const sqlite3_io_methods all = [] {
            sqlite3_io_methods m{};
            m.iVersion = 2;
            m.xClose = &Disk::close;
            m.xRead = &Disk::read;
            m.xWrite = &Disk::write;
            m.xTruncate = &Disk::truncate;
            m.xSync = &Disk::sync;
            m.xFileSize = &Disk::size;
            m.xLock = &Disk::lock;
            m.xUnlock = &Disk::unlock;
            m.xCheckReservedLock = &Disk::is_reserved;
            m.xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; };
            m.xSectorSize = [](sqlite3_file*) { return static_cast<int>(block); };
            m.xDeviceCharacteristics = [](sqlite3_file* raw) {
                return of(raw).disk->overwrites_safely ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
            };
            m.xShmMap = &Disk::map;
            m.xShmLock = &Disk::lock_shared;
            m.xShmBarrier = [](sqlite3_file*) {};
            m.xShmUnmap = &Disk::unmap;
            return m;
        }();
        return all;
    }

public:
    /// As SQLite takes it for granted of the disks of today.
    bool overwrites_safely = true;

private:
    std::string name_;
    sqlite3_vfs vfs_{};
    Names now_, safe_;
    std::mt19937_64 salt_{1};
    std::uint64_t age_ = 1;
    long calls_ = 0, fail_at_ = -1, cut_at_ = -1;
    unsigned which_ = writing;
    Fault fault_ = Fault::error;
    bool lasting_ = false, failed_ = false, off_ = false;
};

}  // namespace disk
