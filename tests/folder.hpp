#pragma once
// A folder for one test, which goes with all that is in it.

#if defined(_WIN32)
#include <random>
#else
#include <unistd.h>
#endif

#include <cstdlib>
#include <filesystem>
#include <string>

class Folder {
public:
    explicit Folder(const std::filesystem::path& inside = std::filesystem::temp_directory_path()) {
#if defined(_WIN32)
        std::random_device random;
        std::filesystem::path made;
        do made = inside / ("stet." + std::to_string(random()));
        while (!std::filesystem::create_directory(made));
        const std::u8string name = made.generic_u8string();
        path_.assign(name.begin(), name.end());
#else
        std::string name = (inside / "stet.XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
#endif
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(std::filesystem::path(std::u8string(path_.begin(), path_.end())), ignored);
    }
    /// Where syncing costs nothing, for who asks for many and takes no power away.
    static std::filesystem::path in_memory() {
#if !defined(_WIN32)
        const std::filesystem::path shared = "/dev/shm";
        std::error_code ignored;
        if (std::filesystem::is_directory(shared, ignored) && ::access(shared.c_str(), W_OK) == 0) return shared;
#endif
        return std::filesystem::temp_directory_path();
    }
    const std::string& path() const { return path_; }
    std::string operator/(const char* name) const { return path_ + "/" + name; }

private:
    std::string path_;
};
