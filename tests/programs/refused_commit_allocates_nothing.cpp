// What a flat struct is refused, and what is read, costs no memory: operator new is counted.
#include <stet/stet.hpp>

#include "../bot.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>

namespace {
std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
    ++allocations;
    if (void* const place = std::malloc(size)) return place;
    throw std::bad_alloc();
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }

namespace {

bool all = true;

template <class F>
void allocates_nothing(const char* what, F f) {
    const std::size_t before = allocations;
    const bool ok = f();
    const std::size_t made = allocations - before;
    if (ok && made == 0) return;
    std::printf("%s: %s, %zu allocations\n", what, ok ? "as expected" : "unexpected answer", made);
    all = false;
}

}  // namespace

int main() {
    using bot::Motor;
    using stet::field;
    stet::Versioned motor{Motor{}};
    if (!motor.set(field<"rpm">, 200) || !motor.set(field<"rpm">, 300)) return 1;
    allocates_nothing("commit, two rules broken", [&] {
        const auto refused = motor.commit([](Motor& m) {
            m.rpm = 1;
            m.pid.kp = 99;
        });
        return !refused && refused.error().violations().size() == 2;
    });
    allocates_nothing("the error as fixed text", [&] {
        const auto refused = motor.set(field<"rpm">, 1);
        stet::FixedText<400> text;
        refused.error().write(stet::Writer(text));
        return refused.error().why() == "rpm is 1, must be in 100..6000" && !refused.error().fix().empty() &&
               refused.error().violations()[0].path() == "rpm" && !text.empty();
    });
    allocates_nothing("commit that gives up", [&] { return !motor.commit([](Motor&) { return false; }); });
    allocates_nothing("commit that changes nothing", [&] { return motor.commit([](Motor&) {}) == stet::Number{3}; });
    allocates_nothing("commit with a stale number", [&] { return !motor.commit(Motor{}, {.expected = 1}); });
    allocates_nothing("set of what does not fit", [&] { return !motor.set(field<"rpm">, 70000); });
    allocates_nothing("rollback_to a number that was never there", [&] { return !motor.rollback_to(9); });
    allocates_nothing("revert of what was changed again since", [&] {
        const auto refused = motor.revert(2);
        return !refused && refused.error().code() == stet::Errc::merge_conflict;
    });
    allocates_nothing("the conflicts as fixed text", [&] {
        Motor ours;
        Motor theirs;
        ours.rpm = 200;
        theirs.rpm = 300;
        const auto found = stet::merge(Motor{}, ours, theirs);
        stet::FixedText<100> text;
        stet::Writer(text) << found.conflicts()[0];
        return text == "rpm: base 3000, ours 200, theirs 300" && !found.clean() &&
               stet::resolve(found, stet::theirs).value().rpm == 300;
    });
    allocates_nothing("reading", [&] {
        return motor.current().rpm == 300 && motor.head() == 3 && motor.opening() == stet::Opening::created;
    });
    allocates_nothing("check", [&] { return motor.check(motor.current()).empty() && stet::check(Motor{}).empty(); });
    allocates_nothing("diff of two revisions", [&] { return motor.diff(1, 3)->size() == 1; });

    stet::History<Motor, 8> history{Motor{}};
    allocates_nothing("History, all of it", [&] {
        return history.set(field<"rpm">, 200) && history.commit([](Motor& m) { m.rpm = 300; }) &&
               !history.set(field<"rpm">, 1) && history.undo() && history.redo() && !history.redo();
    });

    stet::Versioned settings{bot::Settings{}};
    if (!settings.set(field<"port">, 2)) return 1;
    allocates_nothing("reading a struct with containers", [&] {
        return settings.current().routes.size() == 2 && settings.head() == 2 &&
               settings.check(settings.current()).empty() && stet::check(settings.current()).empty();
    });
    return all ? 0 : 1;
}
