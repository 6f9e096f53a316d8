#pragma once
// What the library asks of a file system, and how its errors read. The file systems are in files.hpp.

#include <stet/result.hpp>
#include <stet/schema/violations.hpp>

#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace stet {

/// What the library asks of a file system. Paths are UTF-8, or whatever bytes a POSIX system
/// has for names. Errors are
/// `storage_full` where there is no space or quota left, else `storage_failed`; they name the file, the call and the
/// reason.
template <class L>
concept file_layer =
    std::move_constructible<typename L::File> && std::move_constructible<typename L::Lock> &&
    requires(L& files, typename L::File& file, const std::string& path, std::string_view bytes, std::uint64_t size) {
        { files.read(path) } -> std::same_as<Result<std::string>>;
        { files.exists(path) } -> std::same_as<Result<bool>>;
        { files.create(path) } -> std::same_as<Result<typename L::File>>;
        { files.append_to(path) } -> std::same_as<Result<typename L::File>>;
        { files.write(file, bytes) } -> std::same_as<Result<void>>;
        { files.sync(file) } -> std::same_as<Result<void>>;
        { files.truncate(file, size) } -> std::same_as<Result<void>>;
        { files.rename(path, path) } -> std::same_as<Result<void>>;
        { files.remove(path) } -> std::same_as<Result<void>>;
        { files.make_folder(path) } -> std::same_as<Result<void>>;
        { files.sync_folder(path) } -> std::same_as<Result<void>>;
        { files.list(path) } -> std::same_as<Result<std::vector<std::string>>>;
        { files.lock(path) } -> std::same_as<Result<typename L::Lock>>;
        { files.stamp(path) } -> std::same_as<Result<std::uint64_t>>;
    };

namespace detail {

/// What a call of a file layer came to.
inline Error file_error(const char* call, const std::string& path, bool full, const std::string& reason) {
    Violations why;
    why.add(Violation(path, {}, call, std::string(call) + ": " + reason));
    return Error(full ? Errc::storage_full : Errc::storage_failed, std::move(why));
}
/// `number` is an errno.
inline Error file_error(const char* call, const std::string& path, int number) {
    const bool full = number == ENOSPC || number == EFBIG
#ifdef EDQUOT
                      || number == EDQUOT
#endif
        ;
    return file_error(call, path, full, std::generic_category().message(number));
}

/// One number of what tells a file from another one, and from itself as it was; never 0.
inline std::uint64_t file_stamp(std::initializer_list<std::uint64_t> parts) {
    std::uint64_t mixed = 0;
    for (const std::uint64_t part : parts) {
        mixed = (mixed ^ part) * 0x9E3779B97F4A7C15U;
        mixed ^= mixed >> 29U;
    }
    return mixed == 0 ? 1 : mixed;
}

/// May a file be put in the place of one that is open? Windows has file systems where it may not.
#if defined(_WIN32)
inline constexpr bool replaces_open_files = false;
#else
inline constexpr bool replaces_open_files = true;
#endif

/// The folder that a file is in.
inline std::string folder_of(const std::string& path) {
#if defined(_WIN32)
    const std::size_t slash = path.find_last_of("/\\");
    const std::size_t drive = path.size() > 1 && path[1] == ':' ? 2 : 0;  // "C:name" is in the current folder of C:
    if (slash == std::string::npos) return drive == 0 ? "." : path.substr(0, drive);
    return path.substr(0, slash == drive ? slash + 1 : slash);
#else
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
#endif
}

}  // namespace detail
}  // namespace stet
