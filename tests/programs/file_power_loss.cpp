// The power goes in the middle of every call that a FileLog makes while it runs a script, and again while the next
// start repairs what it finds: what was acknowledged is there, and of what was just being done all or nothing.
// STET_CASES says how many schedules there are, at least one for each call.

#include "../files/log_script.hpp"

using namespace log_script;

namespace {

std::size_t schedules = 0;
std::size_t again = 0;

bool fail(std::size_t call, std::uint64_t seed, std::size_t step, const std::string& what) {
    std::printf("call %zu, seed %llu, step %zu: %s\n", call, static_cast<unsigned long long>(seed), step, what.c_str());
    return false;
}

// What was before the step at which the power went, and what would have been after it.
bool survives(const SimulatedFiles& dead, std::size_t call, std::uint64_t seed, std::size_t step, const Model& before,
              const Model& after) {
    ++schedules;
    stet::test::detail::Chance chance(seed);
    SimulatedFiles disk = dead.power_loss(chance.next());
    for (std::size_t depth = chance.below(4); depth > 0; --depth) {  // it goes again, while it is repaired
        disk.cut_power_at(1 + chance.below(40));
        Run run{disk};
        static_cast<void>(run.start());
        if (!disk.is_dead()) break;
        ++again;
        disk = disk.power_loss(chance.next());
    }
    disk.cut_power_at(0);
    Run run{disk};
    if (const auto started = run.start(); !started) {
        std::string why;
        started.error().write(stet::Writer(why));
        return fail(call, seed, step, "it does not start: " + why);
    }
    const std::string not_old = differs(*run.log, disk, before);
    const std::string not_new = differs(*run.log, disk, after);
    if (!not_old.empty() && !not_new.empty())
        return fail(call, seed, step, "neither old (" + not_old + ") nor new (" + not_new + ")");
    const auto aside = rejected(disk);
    if (aside != after.rejected && (not_old.empty() ? aside != before.rejected : true))
        return fail(call, seed, step, "what was rejected is lost");
    // It goes on.
    Model next = not_new.empty() ? after : before;
    const Number number = next.head() + 1;
    const Step more = append(number, value(99));
    if (!more.act(run)) return fail(call, seed, step, "it does not go on");
    more.effect(next);
    disk = disk.power_loss(chance.next());
    Run last{disk};
    if (!last.start()) return fail(call, seed, step, "it does not start after going on");
    const std::string lost = differs(*last.log, disk, next);
    return lost.empty() || fail(call, seed, step, "lost after going on: " + lost);
}

}  // namespace

int main() {
    const auto steps = script();
    std::size_t calls = 0;
    {
        Run run;
        Model model;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (!steps[i].act(run)) return fail(0, 0, i, "the script fails without a fault") ? 0 : 1;
            steps[i].effect(model);
            if (const auto wrong = differs(*run.log, run.files, model); !wrong.empty())
                return fail(0, 0, i, "without a fault: " + wrong) ? 0 : 1;
        }
    }
    {
        Run run;
        for (const Step& step : steps) static_cast<void>(step.act(run));
        calls = run.files.calls();
    }
    const std::size_t each = from_environment("STET_CASES", 600) / calls + 1;
    bool ok = true;
    for (std::size_t call = 1; call <= calls && ok; ++call) {
        Run run;
        run.files.cut_power_at(call);
        Model before;
        std::size_t step = 0;
        while (step < steps.size() && steps[step].act(run)) steps[step++].effect(before);
        Model after = before;
        if (step < steps.size()) steps[step].effect(after);
        for (std::uint64_t seed = 1; seed <= each && ok; ++seed)
            ok = survives(run.files, call, call * 1'000'003 + seed, step, before, after);
    }
    std::printf("%zu calls, %zu schedules, in %zu of them the power went again\n", calls, schedules, again);
    return ok && schedules >= calls && again > 0 ? 0 : 1;
}
