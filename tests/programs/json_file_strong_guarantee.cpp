// Every allocation of a commit to a settings file fails, one after the other: bad_alloc comes through, nothing has
// changed, for this program and for the next one, and the same commit works when there is memory again.

#include <stet/with/nlohmann_json/file.hpp>

#include "../folder.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

namespace {
long allocations_left = -1;  // negative for all
}

void* operator new(std::size_t size) {
    if (allocations_left == 0) throw std::bad_alloc();
    if (allocations_left > 0) --allocations_left;
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
    made.data = {{"port", number}, {"name", std::string(100, 'x')}};
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
        if (const auto read = log.read(number)) all += '\n' + read->data.dump();
    for (const stet::Pin& pin : *log.pins()) all += '\n' + pin.name;
    const auto edit = log.edited();
    all += edit && !edit->has_value() ? "" : "an edit";
    return all;
}

template <class Verb>
bool holds(const char* name, Log& log, const std::string& path, const Verb& verb) {
    const std::string before = all_of(path);
    for (long k = 0;; ++k) {
        bool thrown = false;
        allocations_left = k;
        try {
            if (!verb(log)) {
                allocations_left = -1;
                std::printf("%s, allocation %ld: refused\n", name, k);
                return false;
            }
        } catch (const std::bad_alloc&) {
            thrown = true;
        }
        allocations_left = -1;
        if (!thrown) {
            std::printf("%s: %ld allocations\n", name, k);
            return k > 10 && all_of(path) != before;
        }
        // The same program first, every other time.
        if (k % 2 == 0)
            if (const auto state = log.state(); !state) return false;
        if (const auto there = all_of(path); there != before) {
            std::printf("%s, allocation %ld: there is\n%s\nand there was\n%s\n", name, k, there.c_str(),
                        before.c_str());
            return false;
        }
    }
}

}  // namespace

int main() {
    const Folder folder(Folder::in_memory());
    const std::string path = folder / "settings.json";
    Log log(path);
    if (!log.open()) return 1;
    for (stet::Number number = 1; number <= 3; ++number)
        if (!log.append(entry(number))) return 1;
    const stet::LogEntry four = entry(4);
    stet::LogEntry five = entry(5);
    five.form = stet::Form::patch;
    five.data = json::parse(R"([{"op": "replace", "path": "/port", "value": 5}])");
    const std::vector<stet::LogEntry> revised = {entry(4)};
    bool ok = holds("append", log, path, [&](Log& to) { return to.append(four).has_value(); });
    ok = holds("append a patch", log, path, [&](Log& to) { return to.append(five).has_value(); }) && ok;
    ok = holds("pin", log, path, [](Log& to) { return to.pin("good", 2).has_value(); }) && ok;
    ok = holds("revise", log, path, [&](Log& to) { return to.revise(3, revised).has_value(); }) && ok;
    ok = holds("unpin", log, path, [](Log& to) { return to.unpin("good").has_value(); }) && ok;
    return ok ? 0 : 1;
}
