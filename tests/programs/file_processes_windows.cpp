// Several processes commit to one settings file and one audit trail at a time, and another one ends while it has the
// lock: no change is lost, who looks sees whole revisions, and what a process leaves behind keeps nobody waiting.

#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/nlohmann_json/file.hpp>

#include <stet/test/killing_files.hpp>

#include "../folder.hpp"

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

using stet::field;

namespace {

constexpr int processes = 3;
constexpr int commits = 15;

struct Settings {
    std::vector<int> counts{};
};

auto opened(const std::string& folder) {
    return stet::open<Settings>(stet::JsonFile{folder + "/settings.json", {.keep = 20}},
                                stet::JsonLines{folder + "/audit.jsonl"});
}
int commit(const std::string& folder, std::size_t number) {
    auto settings = opened(folder);
    if (!settings) return 2;
    for (int i = 0; i < commits; ++i) {
        const auto done = settings->commit([&](Settings& s) { ++s.counts[number]; }, {.force = true});
        if (!done) {
            std::string why;
            done.error().write(stet::Writer(why));
            std::printf("%s\n", why.c_str());
            return 3;
        }
    }
    return 0;
}
int die(const std::string& folder, std::size_t call) {
    stet::test::KillingFiles files(call);
    auto settings = stet::open<Settings>(
        stet::BasicJsonFile<stet::test::KillingFiles>(folder + "/settings.json", {.keep = 20}, files));
    if (!settings) return 2;
    return settings->commit([](Settings& s) { s.counts[0] += 100; }, {.force = true}) ? 0 : 3;
}

// This program again.
HANDLE start(const char* role, const std::string& folder, std::size_t number) {
    wchar_t self[MAX_PATH];
    ::GetModuleFileNameW(nullptr, self, MAX_PATH);
    const std::string words = std::string(" ") + role + " \"" + folder + "\" " + std::to_string(number);
    std::wstring line = L"\"" + std::wstring(self) + L"\"" + std::wstring(words.begin(), words.end());
    STARTUPINFOW how{};
    how.cb = sizeof(how);
    PROCESS_INFORMATION made{};
    if (!::CreateProcessW(self, line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &how, &made)) return nullptr;
    ::CloseHandle(made.hThread);
    return made.hProcess;
}
int result_of(HANDLE process) {
    DWORD code = 99;
    ::WaitForSingleObject(process, INFINITE);
    ::GetExitCodeProcess(process, &code);
    ::CloseHandle(process);
    return static_cast<int>(code);
}

bool shared(const std::string& folder) {
    std::vector<HANDLE> children;
    for (std::size_t number = 0; number < processes; ++number) children.push_back(start("commit", folder, number));
    auto looking = stet::open<Settings>(stet::JsonFile{folder + "/settings.json"});
    if (!looking) return false;
    bool ok = true;
    for (stet::Number last = 1; ok && last <= processes * commits;) {
        const auto head = looking->refresh();
        int sum = 1;
        for (const int count : looking->current().counts) sum += count;
        ok = head && *head >= last && static_cast<stet::Number>(sum) == *head;
        if (head) last = *head;
        if (::WaitForSingleObject(children.back(), 0) == WAIT_OBJECT_0 && last == 1) break;  // it has failed
    }
    for (const HANDLE child : children) ok = result_of(child) == 0 && ok;
    auto settings = opened(folder);
    if (!settings) return false;
    for (const int count : settings->current().counts) ok = ok && count == commits;
    const auto records = settings->audit().find({});
    return ok && settings->head() == processes * commits + 1 && records && records->size() == processes * commits + 1;
}
// Whatever it was at, the next one goes on with the revision before, or with its own.
bool survives(const std::string& folder) {
    for (std::size_t call = 1;; ++call) {
        const int before = opened(folder)->current().counts[0];
        const int code = result_of(start("die", folder, call));
        auto settings = opened(folder);
        if (!settings || (code != 0 && code != 9)) return false;
        const int now = settings->current().counts[0];
        if (now != before && now != before + 100) return false;
        if (!settings->commit([](Settings& s) { ++s.counts[1]; })) return false;
        if (code == 0) return now == before + 100 && call > 10;
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 4 && argv[1] == std::string_view("commit")) return commit(argv[2], std::stoul(argv[3]));
    if (argc == 4 && argv[1] == std::string_view("die")) return die(argv[2], std::stoul(argv[3]));
    const Folder folder;
    {
        Settings first;
        first.counts.resize(processes);
        if (!stet::open<Settings>(stet::JsonFile{folder / "settings.json"}, stet::if_empty(first),
                                  stet::JsonLines{folder / "audit.jsonl"}))
            return 1;
    }
    if (!shared(folder.path())) return std::printf("processes that commit at a time\n"), 1;
    if (!survives(folder.path())) return std::printf("a process that ends in the middle\n"), 1;
}
