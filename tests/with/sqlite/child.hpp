#pragma once
// Processes that a test starts, and that tell it what they have done.

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stet/fwd.hpp>
#include <stet/with/sqlite.hpp>

#include <array>
#include <string>

namespace child {

using stet::Number;

/// What a process tells the one that started it: numbers, safe when they were written.
class Line {
public:
    Line() { REQUIRE(pipe(ends_.data()) == 0); }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line() {
        close(ends_[0]);
        if (ends_[1] >= 0) close(ends_[1]);
    }
    bool tell(Number number) const { return write(ends_[1], &number, sizeof number) == sizeof number; }
    void hear_only() {
        close(ends_[1]);
        ends_[1] = -1;
    }
    /// The next one, or 0 where nobody is left who could tell any.
    Number hear() const {
        Number number = 0;
        return read(ends_[0], &number, sizeof number) == sizeof number ? number : 0;
    }

private:
    std::array<int, 2> ends_{};
};

/// A process that runs `f()`, and says with its exit code whether that was true. Nobody may have the file open here.
template <class F>
pid_t start(const F& f) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) _exit(f() ? 0 : 1);
    return child;
}
inline bool ended_well(pid_t child) {
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// For whoever may have to wait long for its turn.
inline stet::Sqlite file_at(const std::string& path, stet::Durability durability = stet::Durability::full) {
    return stet::Sqlite(path, {.durability = durability, .busy_milliseconds = 120'000});
}

}  // namespace child
