#include <stet/policy/files.hpp>

#include "../folder.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using stet::Errc;
using stet::Files;

namespace {

template <class Result>
std::string text_of(const Result& result) {
    std::string text;
    result.error().write(stet::Writer(text));
    return text;
}
void put(const std::string& path, std::string_view text) {
    Files files;
    auto file = files.create(path);
    REQUIRE(file);
    REQUIRE(files.write(*file, text));
}
std::wstring wide(std::string_view path) {
    const std::filesystem::path made(std::u8string(path.begin(), path.end()));
    return made.wstring();
}
// Another program that has the file open, and lets others do with it what `shared` says.
struct Held {
    HANDLE handle;
    Held(const std::string& path, DWORD shared)
        : handle(::CreateFileW(wide(path).c_str(), GENERIC_READ, shared, nullptr, OPEN_EXISTING, 0, nullptr)) {
        REQUIRE(handle != INVALID_HANDLE_VALUE);
    }
    ~Held() { ::CloseHandle(handle); }
};

}  // namespace

TEST_CASE("Files: an error names the file, the call, the reason and its number") {
    const Folder folder;
    Files files;
    const std::string missing = folder / "none/settings.json";
    const auto refused = files.read(missing);
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::storage_failed);
    CHECK(text_of(refused).find("the storage refused:\n  " + missing + ": CreateFile: ") == 0);
    CHECK(text_of(refused).find(" (error 3)\n") != std::string::npos);
    CHECK(text_of(files.read(folder / "none")).find(" (error 2)\n") != std::string::npos);
    CHECK(text_of(files.create(missing)).find("CreateFile: ") != std::string::npos);
    CHECK(text_of(files.append_to(missing)).find("CreateFile: ") != std::string::npos);
    CHECK(text_of(files.rename(missing, missing)).find("MoveFileEx: ") != std::string::npos);
    CHECK(text_of(files.make_folder(missing)).find("CreateDirectory: ") != std::string::npos);
    CHECK(text_of(files.sync_folder(missing)).find("CreateFile: ") != std::string::npos);
    CHECK(text_of(files.list(missing)).find("FindFirstFileEx: ") != std::string::npos);
    CHECK(text_of(files.lock(missing)).find("CreateFile: ") != std::string::npos);
    CHECK(text_of(files.remove(folder.path())).find("DeleteFile: ") != std::string::npos);
    CHECK(text_of(files.read(folder.path())).find("CreateFile: ") != std::string::npos);
    put(folder / "file", "");
    CHECK(text_of(files.make_folder(folder / "file")).find("CreateDirectory: ") != std::string::npos);
    CHECK(*files.exists(folder / "file/settings.json") == false);
    CHECK(*files.exists(missing) == false);
    CHECK(*files.exists("") == false);
    CHECK(!files.list(""));  // and not that of the drive
}

TEST_CASE("Files: no space, and no quota, is a full storage") {
    for (const DWORD number : {DWORD{ERROR_DISK_FULL}, DWORD{ERROR_HANDLE_DISK_FULL}, DWORD{1295}})
        CHECK(stet::detail::windows_error("WriteFile", "a", number).code() == Errc::storage_full);
    CHECK(stet::detail::windows_error("WriteFile", "a", ERROR_ACCESS_DENIED).code() == Errc::storage_failed);
    std::string text;
    stet::detail::windows_error("WriteFile", "a", 0x2FFFFFFF).write(stet::Writer(text));
    CHECK(text.find("a: WriteFile: error 805306367\n") != std::string::npos);
}

TEST_CASE("Files: a path is UTF-8, and nothing else is taken for it") {
    const Folder folder;
    Files files;
    const std::string name = "Einstellungen für 東京 😀.json";
    put(folder / name.c_str(), "here");
    CHECK(*files.read(folder / name.c_str()) == "here");
    CHECK(*files.list(folder.path()) == std::vector<std::string>{name});
    CHECK(::GetFileAttributesW((wide(folder.path()) + L"\\Einstellungen für 東京 😀.json").c_str()) !=
          INVALID_FILE_ATTRIBUTES);
    for (const char* const wrong : {"caf\xE9.json", "\xED\xA0\x80.json", "\xC0\xAF.json", "\xF0\x9F\x98"}) {
        const std::string path = folder / wrong;
        CHECK(text_of(files.create(path)).find("(error 1113)") != std::string::npos);
        CHECK(!files.exists(path));
        CHECK(!files.stamp(path));
        CHECK(!files.list(path));
        CHECK(!files.rename(path, folder / "a"));
        CHECK(!files.rename(folder / name.c_str(), path));
        CHECK(!files.remove(path));
        CHECK(!files.make_folder(path));
    }
    CHECK(!files.create(folder.path() + std::string("/a\0b", 4)));
    CHECK(files.list(folder.path())->size() == 1);
}

TEST_CASE("Files: a path may be longer than MAX_PATH, and have either slash") {
    const Folder folder;
    Files files;
    std::string path = folder.path();
    for (int i = 0; i < 6; ++i) {
        path += (i % 2 == 0 ? "/" : "\\") + std::string(60, static_cast<char>('a' + i));
        REQUIRE(files.make_folder(path));
    }
    REQUIRE(path.size() > MAX_PATH);
    put(path + "/settings.json.new", "here");
    REQUIRE(files.rename(path + "/settings.json.new", path + "\\settings.json"));
    CHECK(*files.read(path + "/settings.json") == "here");
    CHECK(*files.list(path) == std::vector<std::string>{"settings.json"});
    CHECK(*files.stamp(path + "/settings.json") != 0);
    REQUIRE(files.sync_folder(path));
    REQUIRE(files.remove(path + "/settings.json"));
    CHECK(*files.exists(path + "/settings.json") == false);
}

TEST_CASE("Files: a device is no file") {
    const Folder folder;
    Files files;
    CHECK(!files.create("NUL"));
    CHECK(!files.append_to("NUL"));
    CHECK(!files.read("NUL"));
}

TEST_CASE("Files: the folder of a file") {
    using stet::detail::folder_of;
    CHECK(folder_of("settings.json") == ".");
    CHECK(folder_of("a/settings.json") == "a");
    CHECK(folder_of("a\\b/settings.json") == "a\\b");
    CHECK(folder_of("a/b\\settings.json") == "a/b");
    CHECK(folder_of("/settings.json") == "/");
    CHECK(folder_of("C:settings.json") == "C:");
    CHECK(folder_of("C:\\settings.json") == "C:\\");
    CHECK(folder_of("C:/a/settings.json") == "C:/a");
    CHECK(folder_of("\\\\server\\share\\settings.json") == "\\\\server\\share");
}

TEST_CASE("Files: what others have open is replaced as soon as they let go of it") {
    const Folder folder;
    Files files;
    put(folder / "settings.json", "old");
    put(folder / "new", "new");
    {
        std::atomic<bool> opened = false;
        std::thread other([&] {
            const Held held(folder / "settings.json", FILE_SHARE_READ);
            opened = true;
            ::Sleep(50);
        });
        while (!opened) ::Sleep(1);
        CHECK(files.rename(folder / "new", folder / "settings.json"));
        other.join();
    }
    CHECK(*files.read(folder / "settings.json") == "new");
    put(folder / "newer", "newer");
    {
        const Held held(folder / "settings.json", FILE_SHARE_READ);
        CHECK(text_of(files.rename(folder / "newer", folder / "settings.json")).find("MoveFileEx: ") !=
              std::string::npos);
        CHECK(*files.read(folder / "settings.json") == "new");
    }
    CHECK(files.rename(folder / "newer", folder / "settings.json"));
    CHECK(*files.read(folder / "settings.json") == "newer");
}

TEST_CASE("Files: a file that is open may be read, moved and removed by others") {
    const Folder folder;
    Files files;
    auto file = files.create(folder / "draft");
    REQUIRE(file);
    REQUIRE(files.write(*file, "one"));
    REQUIRE(files.rename(folder / "draft", folder / "audit.jsonl"));
    CHECK(*files.read(folder / "audit.jsonl") == "one");
    REQUIRE(files.write(*file, " two"));
    CHECK(*files.read(folder / "audit.jsonl") == "one two");
    CHECK(files.remove(folder / "audit.jsonl"));
}
