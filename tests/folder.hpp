#pragma once
// A folder for one test, which goes with all that is in it.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

class Folder {
public:
    explicit Folder(const std::filesystem::path& inside = std::filesystem::temp_directory_path()) {
        std::string name = (inside / "stet.XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    /// Where syncing costs nothing, for who asks for many and takes no power away.
    static std::filesystem::path in_memory() {
        const std::filesystem::path shared = "/dev/shm";
        std::error_code ignored;
        const bool is_there = std::filesystem::is_directory(shared, ignored);
        return is_there && ::access(shared.c_str(), W_OK) == 0 ? shared : std::filesystem::temp_directory_path();
    }
    const std::string& path() const { return path_; }
    std::string operator/(const char* name) const { return path_ + "/" + name; }

private:
    std::string path_;
};
