#include <stet/policy/files.hpp>

#include "../folder.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using stet::Files;

namespace {

void put(const std::string& path, std::string_view text) {
    Files files;
    auto file = files.create(path);
    REQUIRE(file);
    REQUIRE(files.write(*file, text));
}

}  // namespace

TEST_CASE("Files: what is written is read, emptied, cut and continued") {
    static_assert(stet::file_layer<Files>);
    static_assert(!stet::file_layer<int>);
    const Folder folder;
    Files files;
    const std::string path = folder / "settings.json";
    CHECK(*files.exists(path) == false);
    {
        auto file = files.create(path);
        REQUIRE(file);
        REQUIRE(files.write(*file, "one"));
        REQUIRE(files.write(*file, std::string(100'000, 'x')));
        REQUIRE(files.write(*file, ""));
        REQUIRE(files.sync(*file));
        CHECK(*files.read(path) == "one" + std::string(100'000, 'x'));
        REQUIRE(files.truncate(*file, 2));
        CHECK(*files.read(path) == "on");
    }
    CHECK(*files.exists(path));
    {
        auto file = files.append_to(path);
        REQUIRE(file);
        REQUIRE(files.write(*file, " more"));
        REQUIRE(files.truncate(*file, 3));
        REQUIRE(files.write(*file, std::string("\0z", 2)));  // at the end, wherever that is now
    }
    CHECK(*files.read(path) == std::string("on \0z", 5));
    REQUIRE(files.create(path));
    CHECK(files.read(path)->empty());
}

TEST_CASE("Files: a handle is moved, and closes its file once") {
    const Folder folder;
    Files files;
    auto first = files.create(folder / "a");
    auto second = files.create(folder / "b");
    REQUIRE(first);
    REQUIRE(second);
    Files::File moved = *std::move(first);
    REQUIRE(files.write(moved, "a"));
    moved = *std::move(second);
    REQUIRE(files.write(moved, "b"));
    CHECK(*files.read(folder / "a") == "a");
    CHECK(*files.read(folder / "b") == "b");
}

TEST_CASE("Files: names") {
    const Folder folder;
    Files files;
    REQUIRE(files.make_folder(folder / "revisions"));
    REQUIRE(files.make_folder(folder / "revisions"));
    put(folder / "b", "1");
    put(folder / "a", "2");
    CHECK(*files.list(folder.path()) == std::vector<std::string>{"a", "b", "revisions"});
    CHECK(files.list(folder / "revisions")->empty());
    REQUIRE(files.rename(folder / "a", folder / "b"));
    CHECK(*files.read(folder / "b") == "2");
    REQUIRE(files.remove(folder / "b"));
    REQUIRE(files.remove(folder / "b"));
    REQUIRE(files.sync_folder(folder.path()));
    CHECK(*files.list(folder.path()) == std::vector<std::string>{"revisions"});
}

TEST_CASE("Files: a stamp says when somebody has changed the file") {
    const Folder folder;
    Files files;
    const std::string path = folder / "settings.json";
    CHECK(*files.stamp(path) == 0);
    put(path, "one");
    const std::uint64_t first = *files.stamp(path);
    CHECK(first != 0);
    CHECK(*files.stamp(path) == first);
    put(path, "three");  // another size
    const std::uint64_t second = *files.stamp(path);
    CHECK(second != first);
    put(folder / "other", "three");
    REQUIRE(files.rename(folder / "other", path));  // another file
    CHECK(*files.stamp(path) != second);
}

TEST_CASE("Files: a lock keeps other handles out, and other processes") {
    const Folder folder;
    const std::string path = folder / "lock";
    constexpr int rounds = 200;
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            Files files;
            for (int round = 0; round < rounds; ++round) {
                auto lock = files.lock(path);
                if (!lock) return;
                if (const int now = ++inside; now > most) most = now;
                --inside;
            }
        });
    for (std::thread& thread : threads) thread.join();
    CHECK(most == 1);
    CHECK(inside == 0);
}
