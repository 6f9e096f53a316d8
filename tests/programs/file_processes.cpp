// Several processes commit to one settings file at a time: no change is lost, numbers have no gaps and come once, and
// an edit by hand in between is a revision or put aside. STET_COMMITS says how many commits there are.

#include <stet/with/nlohmann_json/file.hpp>

#include "../folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

using stet::field;

namespace {

struct Settings {
    std::vector<int> counts{};
    std::string last{};
};

int run(const std::string& path, std::size_t commits, std::size_t number) {
    auto settings = stet::open<Settings>(stet::JsonFile{path, {.keep = 20}});
    if (!settings) return 2;
    const std::string me = std::to_string(number);
    for (std::size_t i = 0; i < commits; ++i) {
        const auto done = settings->commit(
            [&](Settings& s) {
                ++s.counts[number];
                s.last = me;
            },
            {.author = me, .force = true});
        if (!done) return 3;
        if (i % 16 == 5 && !settings->snapshot(me + "." + std::to_string(i))) return 4;
        if (i % 16 == 15 && !settings->release(me + "." + std::to_string(i - 10))) return 5;
    }
    return 0;
}

bool holds(std::size_t processes, std::size_t commits) {
    const Folder folder(Folder::in_memory());
    const std::string path = folder / "settings.json";
    {
        Settings first;
        first.counts.resize(processes);
        if (!stet::open<Settings>(stet::JsonFile{path}, stet::if_empty(first))) return false;
    }
    std::vector<pid_t> children;
    std::fflush(stdout);
    for (std::size_t number = 0; number < processes; ++number) {
        children.push_back(::fork());
        if (children.back() == 0) ::_exit(run(path, commits / processes, number));
    }
    bool ok = true;
    // Who only looks waits for nobody, and sees whole revisions.
    auto looking = stet::open<Settings>(stet::JsonFile{path});
    std::size_t looked = 0;
    for (stet::Number last = 0; looking && ok && last <= processes * (commits / processes); ++looked) {
        const auto head = looking->refresh();
        std::size_t sum = 1;
        for (const int count : looking->current().counts) sum += static_cast<std::size_t>(count);
        ok = head && *head >= last && sum == *head;
        if (!ok)
            std::printf("after %zu: head %zu, sum %zu\n", static_cast<std::size_t>(last),
                        static_cast<std::size_t>(head ? *head : 0), sum);
        if (!ok && !head) {
            std::string why;
            head.error().write(stet::Writer(why));
            std::printf("%s\n", why.c_str());
        }
        if (head) last = *head;
        int status = 0;
        if (children.empty()) break;
        if (::waitpid(children.back(), &status, WNOHANG) == children.back()) {
            children.pop_back();
            if (status != 0) {
                std::printf("a process ended with %d\n", WEXITSTATUS(status));
                ok = false;
            }
        }
    }
    for (const pid_t child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        if (status != 0) std::printf("a process ended with %d\n", WEXITSTATUS(status));
        ok = ok && status == 0;
    }
    auto settings = stet::open<Settings>(stet::JsonFile{path});
    if (!settings) return false;
    for (const int count : settings->current().counts) ok = ok && count == static_cast<int>(commits / processes);
    ok = ok && settings->head() == 1 + processes * (commits / processes);
    ok = ok && settings->opening() == stet::Opening::opened;
    stet::Number next = settings->head();
    const auto history = settings->history();
    for (std::size_t i = 0; i < 20 && i < history.size(); ++i) ok = ok && history[i].number == next--;
    std::printf("%zu processes, head %zu, %zu looks\n", processes, static_cast<std::size_t>(settings->head()), looked);
    return ok && looked > 0;
}

}  // namespace

int main() {
    const char* const asked = std::getenv("STET_COMMITS");
    const std::size_t commits = asked == nullptr ? 1000 : static_cast<std::size_t>(std::strtoul(asked, nullptr, 10));
    const bool two = holds(2, commits);
    const bool eight = holds(8, commits);
    return two && eight ? 0 : 1;
}
