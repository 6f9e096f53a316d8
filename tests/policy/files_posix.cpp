#include <stet/policy/files.hpp>

#include "../folder.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>

using stet::Errc;
using stet::Files;

namespace {

template <class Result>
std::string text_of(const Result& result) {
    std::string text;
    result.error().write(stet::Writer(text));
    return text;
}
unsigned mode_of(const std::string& path) {
    struct stat about{};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    return about.st_mode & 0777U;
}
void put(const std::string& path, std::string_view text) {
    Files files;
    auto file = files.create(path);
    REQUIRE(file);
    REQUIRE(files.write(*file, text));
}

}  // namespace

TEST_CASE("Files: for their owner only") {
    const Folder folder;
    Files files;
    const auto mask = ::umask(0);
    put(folder / "new", "");
    REQUIRE(files.append_to(folder / "log"));
    REQUIRE(files.lock(folder / "lock"));
    REQUIRE(files.make_folder(folder / "folder"));
    put(folder / "open", "");
    REQUIRE(::chmod((folder / "open").c_str(), 0666) == 0);
    put(folder / "open", "secret");
    static_cast<void>(::umask(mask));
    for (const char* name : {"new", "log", "lock", "open"}) CHECK(mode_of(folder / name) == 0600U);
    CHECK(mode_of(folder / "folder") == 0700U);
}

TEST_CASE("Files: a link is not followed by who makes a file") {
    const Folder folder;
    Files files;
    put(folder / "theirs", "kept");
    REQUIRE(::symlink((folder / "theirs").c_str(), (folder / "link").c_str()) == 0);
    CHECK(files.create(folder / "link").error().code() == Errc::storage_failed);
    CHECK(*files.read(folder / "theirs") == "kept");
    CHECK(*files.read(folder / "link") == "kept");
}

TEST_CASE("Files: an error names the file, the call and the reason") {
    const Folder folder;
    Files files;
    const std::string missing = folder / "none/settings.json";
    const auto refused = files.read(missing);
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::storage_failed);
    CHECK(text_of(refused) ==
          "the storage refused:\n  " + missing + ": open: No such file or directory\n  fix: see why()");
    CHECK(text_of(files.create(missing)).find("open: No such file") != std::string::npos);
    CHECK(text_of(files.append_to(missing)).find("open: No such file") != std::string::npos);
    CHECK(text_of(files.rename(missing, missing)).find("rename: No such file") != std::string::npos);
    CHECK(text_of(files.make_folder(missing)).find("mkdir: No such file") != std::string::npos);
    CHECK(text_of(files.sync_folder(missing)).find("open: No such file") != std::string::npos);
    CHECK(text_of(files.list(missing)).find("opendir: No such file") != std::string::npos);
    CHECK(text_of(files.lock(missing)).find("open: No such file") != std::string::npos);
    CHECK(text_of(files.remove(folder.path())).find("unlink: ") != std::string::npos);
    CHECK(text_of(files.read(folder.path())).find("Is a directory") != std::string::npos);
    put(folder / "file", "");
    CHECK(text_of(files.make_folder(folder / "file")).find("mkdir: File exists") != std::string::npos);
    CHECK(*files.exists(folder / "file/settings.json") == false);
    CHECK(*files.exists(missing) == false);
    const std::string long_name = folder / std::string(300, 'x').c_str();
    CHECK(text_of(files.exists(long_name)).find("stat: File name too long") != std::string::npos);
    CHECK(text_of(files.stamp(long_name)).find("stat: File name too long") != std::string::npos);
}

TEST_CASE("Files: a full disk") {
    Files files;
    if (!*files.exists("/dev/full")) return;
    auto file = files.append_to("/dev/full");
    if (!file) return;  // not ours to write
    const auto refused = files.write(*file, "x");
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::storage_full);
    CHECK(text_of(refused).find("/dev/full: write: No space left on device") != std::string::npos);
}

TEST_CASE("Files: a lock goes with the process that has it") {
    const Folder folder;
    const std::string path = folder / "lock";
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        Files files;
        auto lock = files.lock(path);
        if (!lock || ::write(pipe[1], "x", 1) != 1) ::_exit(1);
        for (;;) ::pause();
    }
    char byte = 0;
    REQUIRE(::read(pipe[0], &byte, 1) == 1);
    std::atomic<bool> killed = false;
    std::thread killer([&] {
        killed = true;
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
    });
    Files files;
    CHECK(files.lock(path));
    CHECK(killed);
    killer.join();
    ::close(pipe[0]);
    ::close(pipe[1]);
}
