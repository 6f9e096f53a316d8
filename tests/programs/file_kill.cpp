// A program that commits to a settings file is killed (SIGKILL) again and again, in the middle of a call that it makes,
// or from outside, and goes on from there: what it has acknowledged is there, and of what it was doing all or nothing.
// STET_CASES says how often, at most a thousand times.

#include <stet/test/killing_files.hpp>
#include <stet/with/nlohmann_json/file.hpp>

#include "../files/settings_script.hpp"
#include "../folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace settings_script;

namespace {

template <class File>
[[noreturn]] void child(File file, std::uint64_t step, int acknowledge) {
    auto settings = stet::open<Settings>(file, stet::if_empty(Settings{}));
    if (!settings) ::_exit(2);
    std::uint64_t done = step;  // so far: opened
    if (::write(acknowledge, &done, sizeof done) != sizeof done) ::_exit(3);
    for (std::uint64_t i = 0; i < 25; ++i) {
        if (!carry_out(*settings, ++done)) ::_exit(4);
        if (::write(acknowledge, &done, sizeof done) != sizeof done) ::_exit(3);
    }
    ::_exit(0);
}

int fail(std::size_t kill, const std::string& what) {
    std::printf("kill %zu: %s\n", kill, what.c_str());
    return 1;
}

}  // namespace

int main() {
    const char* const asked = std::getenv("STET_CASES");
    const std::size_t kills = asked == nullptr ? 100 : std::min<std::size_t>(std::strtoul(asked, nullptr, 10), 1000);
    const Folder folder(Folder::in_memory());
    const std::string path = folder / "settings.json";
    InMemory model{Settings{}, stet::Memory<Settings, 100'000>{}};
    Chance chance(42);
    std::uint64_t step = 0;
    std::size_t killed = 0, acknowledged = 0, in_between = 0, runs = 0;
    for (; killed < kills; ++runs) {
        if (runs > 20 * kills + 100) return fail(killed, "it hardly ever dies");
        int pipe[2];
        if (::pipe(pipe) != 0) return fail(killed, "no pipe");
        const bool from_outside = chance.below(3) == 0;
        const std::size_t call = 1 + chance.below(500);
        const std::size_t heard_first = chance.below(20);
        std::fflush(stdout);
        const pid_t process = ::fork();
        if (process == 0) {
            ::close(pipe[0]);
            if (from_outside) child(stet::JsonFile{path, {.keep = 0}}, step, pipe[1]);
            child(stet::BasicJsonFile(path, {.keep = 0}, stet::test::KillingFiles(call)), step, pipe[1]);
        }
        ::close(pipe[1]);
        std::uint64_t last = step;
        std::uint64_t one = 0;
        bool opened = false;
        for (std::size_t heard = 0; ::read(pipe[0], &one, sizeof one) == sizeof one; ++heard) {
            last = one;
            opened = true;
            if (from_outside && heard == heard_first) ::kill(process, SIGKILL);
        }
        ::close(pipe[0]);
        int status = 0;
        ::waitpid(process, &status, 0);
        if (WIFSIGNALED(status)) ++killed;
        else if (WEXITSTATUS(status) != 0) return fail(killed, "exit " + std::to_string(WEXITSTATUS(status)));

        for (; step < last; ++acknowledged)
            if (!carry_out(model, ++step)) return fail(killed, "the model refuses");
        auto settings = stet::open<Settings>(stet::JsonFile{path, {.keep = 0}}, stet::if_empty(Settings{}));
        if (!settings) {
            std::string why;
            settings.error().write(stet::Writer(why));
            return fail(killed, "it does not start: " + why);
        }
        const std::string there = all_of(*settings);
        const std::string before = all_of(model);
        if (there != before) {
            ++step;
            if (!opened || !carry_out(model, step)) return fail(killed, "before all steps, not as it was");
            if (const std::string after = all_of(model); there != after)
                return fail(killed, "there is\n" + there + "and there should be\n" + before + "or\n" + after);
            ++in_between;
        } else if (WIFSIGNALED(status))
            ++step, static_cast<void>(carry_out(*settings, step)), static_cast<void>(carry_out(model, step));
        auto edit = stet::take_edit(*settings);
        if (!edit || *edit != model.head()) return fail(killed, "an edit that is none");
        if (stet::Files files; *files.exists(path + ".rejected")) return fail(killed, "something was put aside");
    }
    std::printf("%zu kills in %zu runs, %zu steps acknowledged; of %zu others all was there\n", killed, runs,
                acknowledged, in_between);
    return acknowledged > kills && in_between > 0 ? 0 : 1;
}
