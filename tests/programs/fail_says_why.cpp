// A programming error ends the program, and the sentence is on stderr.
#include <stet/stet.hpp>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/wait.h>
#include <unistd.h>
#include <cstdio>
#include <string>

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

}  // namespace

int main() {
    const std::string said = said_by([] {
        const stet::Result<int> result = stet::Failure(stet::Error(stet::Errc::gave_up));
        static_cast<void>(*result);
    });
    if (said == "stet: the result holds an error; test it before reading the value\n") return 0;
    std::printf("said: %s\n", said.c_str());
    return 1;
}
#else
int main() {}
#endif
