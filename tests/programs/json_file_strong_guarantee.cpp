// Every allocation that a verb of a FileLog makes fails, one at a time: bad_alloc comes through, nothing has changed,
// for this program and for the next one, and the same verb works when there is memory again. nlohmann's library
// allocates when it destroys a document: where that fails the program ends, and the next one finds all or nothing.

#include <stet/with/nlohmann_json/file.hpp>

#include "../folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>

namespace {
long allocations_left = -1;  // negative for all
}

void* operator new(std::size_t size) {
    if (allocations_left >= 0 && allocations_left-- == 0) throw std::bad_alloc();
    if (void* const place = std::malloc(size)) return place;
    throw std::bad_alloc();
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }

namespace {

using nlohmann::json;
using Log = stet::FileLog<>;

stet::LogEntry entry(stet::Number number) {
    stet::LogEntry made;
    made.revision = {number, number - 1, 1, "somebody with a long name", "for a reason that is no short text", "test"};
    made.data = stet::detail::to_cbor({{"port", number}, {"name", std::string(100, 'x')}});
    return made;
}

// What there is of it, for a program that starts now.
std::string all_of(const std::string& path) {
    Log log(path);
    const auto state = log.open();
    if (!state) return "it does not open";
    std::string all =
        std::to_string(state->head) + ' ' + std::to_string(state->floor) + ' ' + std::to_string(state->size);
    for (stet::Number number = 1; number <= state->head; ++number)
        if (const auto read = log.read(number)) all += '\n' + read->data;
    const auto pins = log.pins();
    for (const stet::Pin& pin : *pins) all += '\n' + pin.name;
    const auto edit = log.edited();
    all += edit && !edit->has_value() ? "" : "an edit";
    return all;
}

enum Outcome { passed_through = 10, all_done, refused, changed, not_again };

// In a process of its own.
template <class Verb>
int attempt(const std::string& path, const std::string& before, const Verb& verb, long k) {
    Log log(path);
    if (!log.open()) return refused;
    bool done = false;
    bool thrown = false;
    allocations_left = k;
    try {
        done = verb(log);
    } catch (const std::bad_alloc&) {
        thrown = true;
    }
    allocations_left = -1;
    if (!thrown) return done ? all_done : refused;
    if (k % 2 == 0 && !log.state()) return changed;  // this program first, every other time
    if (all_of(path) != before) return changed;
    return verb(log) ? passed_through : not_again;
}

template <class Verb>
bool holds(const char* name, const Folder& folder, const Verb& verb) {
    const std::filesystem::path start = folder / "start";
    const std::filesystem::path place = folder / "place";
    const std::string before = all_of((start / "settings.json").string());
    std::string after;
    long passed = 0;
    long ended = 0;
    for (long k = 0; after.empty(); ++k) {
        std::filesystem::remove_all(place);
        std::filesystem::copy(start, place, std::filesystem::copy_options::recursive);
        const std::string path = (place / "settings.json").string();
        std::fflush(stdout);
        const pid_t process = ::fork();
        if (process == 0) {
            static_cast<void>(std::freopen("/dev/null", "w", stderr));
            ::_exit(attempt(path, before, verb, k));
        }
        int status = 0;
        ::waitpid(process, &status, 0);
        const std::string there = all_of(path);
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) {
            ++ended;
            if (there == before) continue;
            std::filesystem::remove_all(place);  // then it must be all of it
            std::filesystem::copy(start, place, std::filesystem::copy_options::recursive);
            Log log(path);
            if (log.open() && verb(log) && all_of(path) == there) continue;
            std::printf("%s, allocation %ld: something half done\n", name, k);
            return false;
        }
        const int outcome = WEXITSTATUS(status);
        if (outcome == passed_through && there != before) ++passed;
        else if (outcome == all_done && there != before) after = there;
        else {
            std::printf("%s, allocation %ld: outcome %d\n%s\n", name, k, outcome, there.c_str());
            return false;
        }
    }
    std::printf("%s: %ld passed through, at %ld the program ended\n", name, passed, ended);
    return passed > 20;
}

}  // namespace

int main() {
    const Folder folder(Folder::in_memory());
    std::filesystem::create_directory(folder / "start");
    {
        Log log(folder / "start/settings.json");
        if (!log.open()) return 1;
        for (stet::Number number = 1; number <= 4; ++number)
            if (!log.append(entry(number))) return 1;
        if (!log.pin("old", 2)) return 1;
    }
    const stet::LogEntry whole = entry(5);
    stet::LogEntry patch = entry(5);
    patch.form = stet::Form::patch;
    patch.data = stet::detail::to_cbor(json::parse(R"([{"op": "replace", "path": "/port", "value": 55}])"));
    bool ok = holds("append", folder, [&](Log& to) { return to.append(whole).has_value(); });
    ok = holds("append a patch", folder, [&](Log& to) { return to.append(patch).has_value(); }) && ok;
    ok = holds("pin", folder, [](Log& to) { return to.pin("good", 3).has_value(); }) && ok;
    ok = holds("forget", folder, [&](Log& to) { return to.revise(3, {}).has_value(); }) && ok;
    ok = holds("unpin", folder, [](Log& to) { return to.unpin("old").has_value(); }) && ok;
    return ok ? 0 : 1;
}
