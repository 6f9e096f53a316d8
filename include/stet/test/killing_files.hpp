#pragma once
// The real files for tests, and the end of the process in the middle of one call.

#include <stet/policy/files.hpp>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stet::test {

/// The real files, and the end of the process in the middle of one call, counted from 1. Copies count together.
class KillingFiles {
public:
    using File = Files::File;
    using Lock = Files::Lock;

    explicit KillingFiles(std::size_t call) : left_(std::make_shared<std::size_t>(call)) {}

    Result<std::string> read(const std::string& path) { return (step(), files_.read(path)); }
    Result<bool> exists(const std::string& path) { return (step(), files_.exists(path)); }
    Result<File> create(const std::string& path) { return (step(), files_.create(path)); }
    Result<File> append_to(const std::string& path) { return (step(), files_.append_to(path)); }
    /// Half of the bytes were written then.
    Result<void> write(File& file, std::string_view bytes) {
        if (*left_ == 1) static_cast<void>(files_.write(file, bytes.substr(0, bytes.size() / 2)));
        return (step(), files_.write(file, bytes));
    }
    Result<void> sync(File& file) { return (step(), files_.sync(file)); }
    Result<void> truncate(File& file, std::uint64_t size) { return (step(), files_.truncate(file, size)); }
    Result<void> rename(const std::string& from, const std::string& to) { return (step(), files_.rename(from, to)); }
    Result<void> remove(const std::string& path) { return (step(), files_.remove(path)); }
    Result<void> make_folder(const std::string& path) { return (step(), files_.make_folder(path)); }
    Result<void> sync_folder(const std::string& path) { return (step(), files_.sync_folder(path)); }
    Result<std::vector<std::string>> list(const std::string& folder) { return (step(), files_.list(folder)); }
    Result<Lock> lock(const std::string& path) { return (step(), files_.lock(path)); }
    Result<std::uint64_t> stamp(const std::string& path) { return (step(), files_.stamp(path)); }

private:
    void step() {
        if (--*left_ != 0) return;
#if defined(_WIN32)
        static_cast<void>(::TerminateProcess(::GetCurrentProcess(), 9));
#else
        static_cast<void>(std::raise(SIGKILL));
#endif
    }

    Files files_;
    std::shared_ptr<std::size_t> left_;
};

static_assert(file_layer<KillingFiles>);

}  // namespace stet::test
