// Memory runs out in the middle of a verb, at the k-th allocation for every k, of the library or of SQLite: afterwards
// all is as it was, and goes on working; or the verb was done.
#include "folder.hpp"
#include "with/sqlite/verbs.hpp"

#include <stet/with/sqlite.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <optional>
#include <string>

namespace {

// How many more allocations go well; negative for all. Of those that are counted one fails, or all from then on.
long left = -1;
bool lasting = false, of_sqlite = false;
bool failed = false;

bool fails(bool sqlite) {
    if (left < 0 || sqlite != of_sqlite) return false;
    if (left > 0) {
        --left;
        return false;
    }
    if (!lasting) left = -1;
    return failed = true;
}

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
    if (!fails(false))
        if (void* const place = std::malloc(size)) return place;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* place) noexcept { std::free(place); }
[[gnu::noinline]] void operator delete(void* place, std::size_t) noexcept { std::free(place); }

namespace {

using store::Store;

sqlite3_mem_methods real;

bool use_memory_that_fails() {
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real) != SQLITE_OK) return false;
    sqlite3_mem_methods mine = real;
    mine.xMalloc = [](int size) { return fails(true) ? nullptr : real.xMalloc(size); };
    mine.xRealloc = [](void* place, int size) { return fails(true) ? nullptr : real.xRealloc(place, size); };
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &mine) == SQLITE_OK;
}

stet::Sqlite file_at(const std::string& path) { return stet::Sqlite(path, {.durability = stet::Durability::normal}); }
std::string dump_of(const std::string& path) {
    const auto opened = store::open(file_at(path));
    return opened ? store::dump(*opened) : "not opened: " + std::string(opened.error().why().view());
}

// What the verb did, if it could do it.
std::optional<store::Answer> attempt(const store::Verb& verb, Store& s, long k) {
    failed = false;
    left = k;
    std::optional<store::Answer> got;
    try {
        got = verb(s);
    } catch (const std::bad_alloc&) {
    }
    left = -1;
    return got;
}

bool holds(const Folder& folder) {
    const std::string start = folder / "start", path = folder / "settings";
    {
        auto opened = store::open(file_at(start));
        if (!opened || !store::prepare(*opened)) return false;
    }
    const std::string before = dump_of(start);
    const long step = store::cases(100) < 2000 ? 5 : 1;  // every fifth, or all of them
    bool all = true;
    long cases = 0, refused = 0, thrown = 0;
    for (const auto& [name, verb] : store::verbs())
        for (const bool lasts : {false, true}) {
            long k = 0;
            for (bool done = false; !done; k += step) {
                const auto wrong = [&](const char* what, const std::string& found) {
                    std::printf("%s: %s: allocation %ld of %s, lasting %d:\n%s\n", name, what, k,
                                of_sqlite ? "SQLite" : "the library", lasts, found.c_str());
                    all = false;
                };
                std::filesystem::copy_file(start, path, std::filesystem::copy_options::overwrite_existing);
                {
                    auto opened = store::open(file_at(path));
                    if (!opened) return false;
                    Store& s = *opened;
                    if (k % 2 == 0 && store::dump(s) != before) wrong("before", store::dump(s));
                    lasting = lasts;
                    const auto got = attempt(verb, s, k);
                    done = !failed;
                    ++cases;
                    if (!got) ++thrown;
                    if (got && !got->done) ++refused;
                    if (done && !(got && got->done)) wrong("not done", got ? got->why : "");
                    if (got && !got->done && (got->why.size() < 20 || got->why.find('\n') != std::string::npos))
                        wrong("no good reason", got->why);
                    if (!got && of_sqlite) wrong("SQLite throws nothing", "");
                    if (!(got && got->done) && store::dump(s) != before) wrong("left something behind", store::dump(s));
                    const std::string now = store::dump(s);
                    if (dump_of(path) != now) wrong("another one finds", dump_of(path) + "and not\n" + now);
                    const auto next = store::answer(store::go_on(s));
                    if (!next.done) wrong("does not go on", (got ? got->why : "") + "\n" + next.why);
                    if (!store::unbroken(s)) wrong("has gaps", store::dump(s));
                }
                if (!all) return false;
            }
        }
    std::printf("%s: %ld cases, %ld refused, %ld thrown\n", of_sqlite ? "SQLite" : "the library", cases, refused,
                thrown);
    return all && (of_sqlite ? refused > 100 : thrown > 100);
}

}  // namespace

int main() {
    if (!use_memory_that_fails()) return 1;
    store::before_answer = [] { left = -1; };
    bool all = true;
    for (const bool sqlite : {true, false}) {
        of_sqlite = sqlite;
        const Folder folder;
        if (!holds(folder)) {
            std::printf("of %s: it does not hold\n", sqlite ? "SQLite" : "the library");
            all = false;
        }
    }
    return all ? 0 : 1;
}
