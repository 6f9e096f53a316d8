#pragma once
// The file layer of Windows; <stet/policy/files.hpp> includes it. It includes <windows.h> without the macros min and
// max, and without its rarer parts: who needs those includes it first.

#include <stet/policy/file_layer.hpp>

#if defined(_WIN32)

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#pragma push_macro("NOMINMAX")
#pragma push_macro("WIN32_LEAN_AND_MEAN")
#undef NOMINMAX
#undef WIN32_LEAN_AND_MEAN
#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#pragma pop_macro("WIN32_LEAN_AND_MEAN")
#pragma pop_macro("NOMINMAX")

namespace stet {
namespace detail {

/// UTF-16 as UTF-8; empty if it is not UTF-16.
inline std::string narrow(std::wstring_view wide) {
    const auto size = static_cast<int>(wide.size());
    const auto convert = [&](char* to, int room) {
        return ::WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wide.data(), size, to, room, nullptr, nullptr);
    };
    std::string text(static_cast<std::size_t>(convert(nullptr, 0)), '\0');
    if (!text.empty()) convert(text.data(), static_cast<int>(text.size()));
    return text;
}

/// `number` is what GetLastError() says. The reason is in the language of the system, so that its number is with it.
inline Error windows_error(const char* call, const std::string& path, DWORD number) {
    const bool full = number == ERROR_DISK_FULL || number == ERROR_HANDLE_DISK_FULL || number == 1295 ||
                      number == ERROR_FILE_TOO_LARGE;
    wchar_t text[512];
    const DWORD size = ::FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, number, 0,
                                        text, sizeof(text) / sizeof(text[0]), nullptr);
    std::string reason = narrow({text, size});
    while (!reason.empty() && std::string_view(" .\r\n").find(reason.back()) != std::string_view::npos)
        reason.pop_back();
    reason += (reason.empty() ? "error " : " (error ") + std::to_string(number) + (reason.empty() ? "" : ")");
    return file_error(call, path, full, reason);
}

}  // namespace detail

/// The file system of Windows. Paths are UTF-8, also longer ones than MAX_PATH; with `/` or `\`.
///
/// Who may read a file is what its folder says, as Windows has it: a file that is put in the place of another one has
/// the rights that it inherits, not those that the other one was given. Settings with secrets belong into a folder of
/// their user, such as %APPDATA%, or into one whose rights the setup has restricted.
///
/// A file that another program keeps open, and does not share, cannot be replaced: it is tried for a second, as virus
/// scanners and backups let go of it soon; then it is an error. Before Windows 10, and on FAT, exFAT and network
/// drives, that is so even if it is shared.
class Files {
    // An open file, closed when it goes.
    class Handle {
    public:
        explicit Handle(std::string path) : path_(std::move(path)) {}
        Handle(Handle&& other) noexcept
            : path_(std::move(other.path_)),
              handle_(std::exchange(other.handle_, INVALID_HANDLE_VALUE)),
              appends_(other.appends_) {}
        Handle& operator=(Handle&& other) noexcept {
            std::swap(path_, other.path_);
            std::swap(handle_, other.handle_);
            std::swap(appends_, other.appends_);
            return *this;
        }
        ~Handle() { close(); }

    private:
        friend class Files;
        void close() noexcept {
            if (is_open()) static_cast<void>(::CloseHandle(std::exchange(handle_, INVALID_HANDLE_VALUE)));
        }
        bool is_open() const noexcept { return handle_ != INVALID_HANDLE_VALUE; }

        std::string path_;
        HANDLE handle_ = INVALID_HANDLE_VALUE;
        bool appends_ = false;
    };

public:
    /// An open file, until it goes. Others may read it, write it, rename it and remove it meanwhile.
    class File : public Handle {
        using Handle::Handle;
    };
    /// Nobody else has it, until it goes, or the process does.
    class Lock : public Handle {
        using Handle::Handle;
    };

    /// All of it. That it is missing is an error; ask `exists` first.
    Result<std::string> read(const std::string& path) {
        Handle file(path);
        if (const DWORD why = open(file, GENERIC_READ, OPEN_EXISTING)) return failed("CreateFile", path, why);
        LARGE_INTEGER known{};
        if (!::GetFileSizeEx(file.handle_, &known)) return failed("GetFileSizeEx", path);
        std::string content;
        std::size_t size = 0;
        for (std::size_t room = static_cast<std::size_t>(known.QuadPart) + 1;; room += room) {
            content.resize(room);  // one more than it is said to have, to see the end at once
            while (size < room) {
                DWORD count = 0;
                if (!::ReadFile(file.handle_, content.data() + size, part_of(room - size), &count, nullptr))
                    return failed("ReadFile", path);
                if (count == 0) {
                    content.resize(size);
                    return content;
                }
                size += count;
            }
        }
    }
    Result<bool> exists(const std::string& path) {
        Handle file(path);
        const DWORD why = open(file, FILE_READ_ATTRIBUTES, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
        if (why != 0 && !is_missing(why)) return failed("CreateFile", path, why);
        return why == 0;
    }
    /// A new file, or an old one emptied. A symbolic link is not followed.
    Result<File> create(const std::string& path) {
        File file(path);
        if (const DWORD why = open(file, GENERIC_WRITE, OPEN_ALWAYS, FILE_FLAG_OPEN_REPARSE_POINT))
            return failed("CreateFile", path, why);
        FILE_ATTRIBUTE_TAG_INFO about{};
        if (::GetFileInformationByHandleEx(file.handle_, FileAttributeTagInfo, &about, sizeof(about)) &&
            (about.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
            if (IsReparseTagNameSurrogate(about.ReparseTag)) return failed("CreateFile", path, ERROR_CANT_ACCESS_FILE);
            file.close();  // of a cloud, or compressed: opened the way that its driver sees it
            if (const DWORD why = open(file, GENERIC_WRITE, OPEN_EXISTING)) return failed("CreateFile", path, why);
        }
        if (auto done = truncate(file, 0); !done) return Failure(done.error());
        return file;
    }
    /// What is written goes behind what is there; a file that is not there is made.
    Result<File> append_to(const std::string& path) {
        File file(path);
        if (const DWORD why = open(file, GENERIC_WRITE, OPEN_ALWAYS)) return failed("CreateFile", path, why);
        file.appends_ = true;
        return file;
    }
    /// All of `bytes`, or an error after some of them.
    Result<void> write(File& file, std::string_view bytes) {
        while (!bytes.empty()) {
            OVERLAPPED end{};
            end.Offset = end.OffsetHigh = 0xFFFFFFFFU;  // wherever that is now
            DWORD count = 0;
            if (!::WriteFile(file.handle_, bytes.data(), part_of(bytes.size()), &count, file.appends_ ? &end : nullptr))
                return failed("WriteFile", file.path_);
            if (count == 0) return failed("WriteFile", file.path_, ERROR_WRITE_FAULT);
            bytes.remove_prefix(count);
        }
        return {};
    }
    /// What was written is safe. After an error nobody knows what is: write another file, do not sync this one again.
    Result<void> sync(File& file) {
        if (!::FlushFileBuffers(file.handle_)) return failed("FlushFileBuffers", file.path_);
        return {};
    }
    Result<void> truncate(File& file, std::uint64_t size) {
        FILE_END_OF_FILE_INFO end{};  // unlike SetEndOfFile, it leaves alone where is written next
        end.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
        if (!::SetFileInformationByHandle(file.handle_, FileEndOfFileInfo, &end, sizeof(end)))
            return failed("SetFileInformationByHandle", file.path_);
        return {};
    }
    /// At once, and instead of what `to` was. Safe when it returns.
    Result<void> rename(const std::string& from, const std::string& to) {
        std::wstring wide_from;
        if (const DWORD why = widen(from, wide_from)) return failed("MoveFileEx", from, why);
        const DWORD why = attempt(to, [&](const wchar_t* wide_to) {
            constexpr DWORD how = MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH;
            return replace(wide_from.c_str(), wide_to) || ::MoveFileExW(wide_from.c_str(), wide_to, how) != 0;
        });
        if (why != 0) return failed("MoveFileEx", from, why);
        return {};
    }
    /// It is fine if the file is not there. Safe when the folder is synced.
    Result<void> remove(const std::string& path) {
        const DWORD why = attempt(path, [](const wchar_t* wide) { return ::DeleteFileW(wide) != 0; });
        if (why != 0 && !is_missing(why)) return failed("DeleteFile", path, why);
        return {};
    }
    /// It is fine if the folder is there. Safe when the folder around it is synced.
    Result<void> make_folder(const std::string& path) {
        bool is_there = false;
        const DWORD why = attempt(path, [&](const wchar_t* wide) {
            if (::CreateDirectoryW(wide, nullptr)) return true;
            const DWORD number = ::GetLastError();
            const DWORD about = number == ERROR_ALREADY_EXISTS ? ::GetFileAttributesW(wide) : 0;
            is_there = about != INVALID_FILE_ATTRIBUTES && (about & FILE_ATTRIBUTE_DIRECTORY) != 0;
            ::SetLastError(number);
            return is_there;
        });
        if (why != 0) return failed("CreateDirectory", path, why);
        return {};
    }
    /// The names in the folder are safe: what was made, renamed and removed there. NTFS and ReFS keep the order of such
    /// changes in their journals, which is flushed with each file, and here; on FAT and exFAT there is none.
    Result<void> sync_folder(const std::string& path) {
        Handle folder(path);
        if (const DWORD why = open(folder, GENERIC_WRITE, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS))
            return why == ERROR_ACCESS_DENIED ? Result<void>() : failed("CreateFile", path, why);
        if (::FlushFileBuffers(folder.handle_)) return {};
        switch (const DWORD why = ::GetLastError()) {
            case ERROR_ACCESS_DENIED:
            case ERROR_CALL_NOT_IMPLEMENTED:
            case ERROR_INVALID_FUNCTION:
            case ERROR_INVALID_HANDLE:
            case ERROR_INVALID_PARAMETER:
            case ERROR_NOT_SUPPORTED:
                return {};  // most file systems do not flush folders, and say so
            default:
                return failed("FlushFileBuffers", path, why);
        }
    }
    /// The names in a folder, in the order of their bytes.
    Result<std::vector<std::string>> list(const std::string& folder) const {
        struct Search {
            HANDLE handle;
            ~Search() {
                if (handle != INVALID_HANDLE_VALUE) static_cast<void>(::FindClose(handle));
            }
        };
        std::vector<std::string> names;
        std::wstring wide;
        if (const DWORD why = widen(folder, wide)) return failed("FindFirstFileEx", folder, why);
        wide += wide.back() == L':' ? L"*" : L"\\*";
        WIN32_FIND_DATAW found;
        const Search search{
            ::FindFirstFileExW(wide.c_str(), FindExInfoBasic, &found, FindExSearchNameMatch, nullptr, 0)};
        if (search.handle == INVALID_HANDLE_VALUE) {
            if (::GetLastError() == ERROR_FILE_NOT_FOUND) return names;  // an empty drive has not even "."
            return failed("FindFirstFileEx", folder);
        }
        do {
            std::string name = detail::narrow(found.cFileName);
            if (name.empty()) return failed("FindNextFile", folder, ERROR_NO_UNICODE_TRANSLATION);
            if (name != "." && name != "..") names.push_back(std::move(name));
        } while (::FindNextFileW(search.handle, &found));
        if (const DWORD why = ::GetLastError(); why != ERROR_NO_MORE_FILES) return failed("FindNextFile", folder, why);
        std::sort(names.begin(), names.end());
        return names;
    }
    /// Waits until nobody else has it: no other process, and no other handle in this one. The file stays.
    Result<Lock> lock(const std::string& path) {
        Lock lock(path);
        if (const DWORD why = open(lock, GENERIC_READ | GENERIC_WRITE, OPEN_ALWAYS))
            return failed("CreateFile", path, why);
        OVERLAPPED at{};
        at.Offset = 0x40000000;  // behind all that is read: who has no lock may not read what is locked
        if (!::LockFileEx(lock.handle_, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &at)) return failed("LockFileEx", path);
        return lock;
    }
    /// Another one whenever somebody has changed the file, or put another one in its place; 0 if there is none.
    Result<std::uint64_t> stamp(const std::string& path) {
        Handle file(path);
        const DWORD why = open(file, FILE_READ_ATTRIBUTES, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
        if (is_missing(why)) return std::uint64_t{0};
        if (why != 0) return failed("CreateFile", path, why);
        BY_HANDLE_FILE_INFORMATION about{};
        if (!::GetFileInformationByHandle(file.handle_, &about)) return failed("GetFileInformationByHandle", path);
        return detail::file_stamp({joined(about.ftLastWriteTime.dwHighDateTime, about.ftLastWriteTime.dwLowDateTime),
                                   joined(about.nFileSizeHigh, about.nFileSizeLow),
                                   joined(about.nFileIndexHigh, about.nFileIndexLow), about.dwVolumeSerialNumber});
    }

private:
    static Failure<Error> failed(const char* call, const std::string& path) {
        return failed(call, path, ::GetLastError());
    }
    static Failure<Error> failed(const char* call, const std::string& path, DWORD number) {
        return Failure(detail::windows_error(call, path, number));
    }
    static bool is_missing(DWORD why) {
        return why == ERROR_FILE_NOT_FOUND || why == ERROR_PATH_NOT_FOUND || why == ERROR_DIRECTORY;
    }
    static std::uint64_t joined(DWORD high, DWORD low) { return std::uint64_t{high} << 32U | low; }
    // What is read or written with one call: file servers refuse much more.
    static DWORD part_of(std::size_t size) {
        constexpr std::size_t most = std::size_t{16} << 20U;
        return static_cast<DWORD>(size < most ? size : most);
    }

    // 0, or why this is not a path. One that is too long for MAX_PATH is made absolute, with the prefix that says so.
    static DWORD widen(const std::string& path, std::wstring& wide) {
        if (path.empty()) return ERROR_PATH_NOT_FOUND;
        if (path.find('\0') != std::string::npos || path.size() > 0xFFFF) return ERROR_INVALID_NAME;
        const auto convert = [&](wchar_t* to, int room) {
            return ::MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path.data(), static_cast<int>(path.size()), to,
                                         room);
        };
        wide.resize(static_cast<std::size_t>(convert(nullptr, 0)));
        if (wide.empty()) return ::GetLastError();
        convert(wide.data(), static_cast<int>(wide.size()));
        constexpr DWORD longest = MAX_PATH - 12;  // of a folder, which has to leave room for a name
        const DWORD size = ::GetFullPathNameW(wide.c_str(), 0, nullptr, nullptr);
        if (size < longest || wide.starts_with(L"\\\\?\\")) return 0;
        std::wstring full(size, L'\0');
        full.resize(::GetFullPathNameW(wide.c_str(), size, full.data(), nullptr));
        if (full.empty()) return ::GetLastError();
        wide = full.starts_with(L"\\\\") ? L"\\\\?\\UNC\\" + full.substr(2) : L"\\\\?\\" + full;
        return 0;
    }

    // 0, or why `call` failed with the path. While somebody else has the file open it is called again, for a second.
    template <class Call>
    static DWORD attempt(const std::string& path, Call call) {
        std::wstring wide;
        if (const DWORD why = widen(path, wide)) return why;
        for (int tries = 0;; ++tries) {
            if (call(std::as_const(wide).c_str())) return 0;
            const DWORD why = ::GetLastError();
            if (tries == 100 || !is_in_use(why, wide.c_str())) return why;
            ::Sleep(10);
        }
    }
    // Access is denied, too, as long as a file that was removed or replaced is still open.
    static bool is_in_use(DWORD why, const wchar_t* wide) {
        if (why != ERROR_ACCESS_DENIED) return why == ERROR_SHARING_VIOLATION;
        const DWORD about = ::GetFileAttributesW(wide);
        if (about == INVALID_FILE_ATTRIBUTES) return !is_missing(::GetLastError());
        return (about & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_READONLY)) == 0;
    }
    // As POSIX does it, so that others may go on reading what is replaced: since Windows 10, on NTFS.
    static bool replace(const wchar_t* from, const wchar_t* to) {
        struct Asked {  // the FILE_RENAME_INFO of FileRenameInfoEx, which older headers do not have
            DWORD flags;
            HANDLE folder;
            DWORD bytes;
            wchar_t name[1];
        };
        constexpr auto rename_info_ex = static_cast<FILE_INFO_BY_HANDLE_CLASS>(22);
        constexpr DWORD replace_if_exists = 1;
        constexpr DWORD posix_semantics = 2;
        Handle file{std::string()};
        file.handle_ = ::CreateFileW(from, DELETE | SYNCHRONIZE, shared, nullptr, OPEN_EXISTING,
                                     FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_WRITE_THROUGH, nullptr);
        const DWORD room = ::GetFullPathNameW(to, 0, nullptr, nullptr);
        if (!file.is_open() || room == 0) return false;
        const std::size_t size = sizeof(Asked) + room * sizeof(wchar_t);
        std::vector<Asked> asked(size / sizeof(Asked) + 1);
        wchar_t* const name = asked.front().name;
        const DWORD length = ::GetFullPathNameW(to, room, name, nullptr);
        if (length >= room) return false;
        asked.front().flags = replace_if_exists | posix_semantics;
        asked.front().bytes = length * DWORD{sizeof(wchar_t)};
        return ::SetFileInformationByHandle(file.handle_, rename_info_ex, asked.data(), static_cast<DWORD>(size)) != 0;
    }
    static constexpr DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    static DWORD open(Handle& into, DWORD access, DWORD disposition, DWORD flags = 0) {
        const DWORD why = attempt(into.path_, [&](const wchar_t* wide) {
            into.handle_ =
                ::CreateFileW(wide, access, shared, nullptr, disposition, FILE_ATTRIBUTE_NORMAL | flags, nullptr);
            return into.is_open();
        });
        if (why != 0) return why;
        return ::GetFileType(into.handle_) == FILE_TYPE_DISK ? 0 : ERROR_INVALID_NAME;  // NUL and the like are no files
    }
};

static_assert(file_layer<Files>);

}  // namespace stet

#endif
