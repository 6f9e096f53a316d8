// A programming error ends the program, and the sentence is on stderr.
#include <stet/shared.hpp>
#include <stet/stet.hpp>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/wait.h>
#include <unistd.h>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

namespace {

std::string said_by(void (*wrong)()) {
    int ends[2];
    if (pipe(ends) != 0) return {};
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        wrong();
        _exit(0);
    }
    close(ends[1]);
    std::string said;
    char some[256];
    for (ssize_t size; (size = read(ends[0], some, sizeof some)) > 0;)
        said.append(some, static_cast<std::size_t>(size));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? said : "it went on";
}

bool expect(const std::string& said, const std::string& sentence) {
    if (said == sentence + '\n') return true;
    std::printf("said: %s\n", said.c_str());
    return false;
}

struct Document {
    std::string text;
};
using History = stet::History<Document, 4>;

}  // namespace

int main() {
    bool ok = true;
    const std::string said = said_by([] {
        const stet::Result<int> result = stet::Failure(stet::Error(stet::Errc::gave_up));
        static_cast<void>(*result);
    });
    ok = expect(said, "stet: the result holds an error; test it before reading the value") && ok;
    ok =
        expect(said_by([] {
                   History history{Document{}};
                   const auto told = history.subscribe([&] { history = History{Document{}}; });
                   static_cast<void>(history.set(stet::field<"text">, "new"));
               }),
               "stet: History: it is destroyed, or another one is assigned to it, in a function that it calls; do that "
               "when the call has returned") &&
        ok;
    ok = expect(said_by([] {
                    History history{Document{}};
                    const auto group = history.group();
                    const History other = std::move(history);
                }),
                "stet: group: its history was moved or assigned to; end the group before") &&
         ok;

    using Shared = stet::Versioned<Document, stet::Shared>;
    ok = expect(said_by([] {
                    Shared settings{Document{}, stet::Shared{}};
                    const auto watch = settings.watch(stet::field<"text">, [&] { settings.wait_for(9); });
                    static_cast<void>(settings.set(stet::field<"text">, "new"));
                }),
                "stet: wait_for: nobody else can commit while a verb calls this function; wait when it has returned") &&
         ok;
    ok = expect(said_by([] {
                    std::optional<Shared> settings(std::in_place, Document{}, stet::Shared{});
                    const auto watch = settings->watch(stet::field<"text">, [&] { settings.reset(); });
                    static_cast<void>(settings->set(stet::field<"text">, "new"));
                }),
                "stet: Versioned: it is destroyed or moved in a function that it calls; do that when the call has "
                "returned") &&
         ok;
    ok = expect(said_by([] {
                    Shared settings{Document{}, stet::Shared{}};
                    const Shared other = std::move(settings);
                    static_cast<void>(settings.head());
                }),
                "stet: Versioned: its value was moved to another one; use that") &&
         ok;
    return ok ? 0 : 1;
}
#else
int main() {}
#endif
