// Every call that a FileLog makes while it runs a script fails, in each way in which one can fail, once or from then
// on: the step fails and has changed nothing, or it succeeds; when the fault is gone, the log goes on; what it then
// says is safe is found after a power loss, too.

#include "../files/log_script.hpp"

#include <set>

using namespace log_script;
using stet::test::Fault;

namespace {

std::size_t failures = 0;
std::set<std::size_t> failed_steps;

struct Case {
    Fault fault;
    bool goes_on;
    std::size_t call;
};

bool fail(const Case& of, std::size_t step, const std::string& what) {
    std::printf("fault %d%s at call %zu, step %zu: %s\n", static_cast<int>(of.fault), of.goes_on ? " from then on" : "",
                of.call, step, what.c_str());
    return false;
}
std::string differs_for_others(const SimulatedFiles& files, const Model& model) {
    Run other{files};
    if (!other.start()) return "it does not start";
    return differs(*other.log, files, model);
}

bool holds(const Case& of) {
    const auto steps = script();
    Run run;
    Model model;
    if (of.goes_on) run.files.fail_from(of.call, of.fault, of.call);
    else run.files.fail_at(of.call, of.fault, of.call);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto done = steps[i].act(run);
        if (!done) {
            ++failures;
            failed_steps.insert(i);
            if (done.error().code() != stet::Errc::storage_failed && done.error().code() != stet::Errc::storage_full)
                return fail(of, i, "another error");
            if (of.goes_on && steps[i].act(run)) {  // nothing of it was needed any more
                steps[i].effect(model);
                continue;
            }
            if (!of.goes_on) {  // while it is running, and if it never comes back
                if (const auto wrong = differs_for_others(run.files, model); !wrong.empty())
                    return fail(of, i, "a failed step was seen by others: " + wrong);
                for (std::uint64_t seed = 1; seed <= 5; ++seed)
                    if (const auto wrong = differs_for_others(run.files.power_loss(of.call * 100 + seed), model);
                        !wrong.empty())
                        return fail(of, i, "a failed step is found after a power loss: " + wrong);
            }
            run.files.mend();
            if (!run.log.has_value() || (i > 0 && !run.log->state())) return fail(of, i, "it cannot be used any more");
            if (i > 0)
                if (const auto wrong = differs(*run.log, run.files, model); !wrong.empty())
                    return fail(of, i, "a failed step has changed something: " + wrong);
            if (!steps[i].act(run)) return fail(of, i, "it cannot be done again");
        }
        steps[i].effect(model);
    }
    run.files.mend();
    if (const auto wrong = differs(*run.log, run.files, model); !wrong.empty())
        return fail(of, steps.size(), "at the end: " + wrong);
    if (rejected(run.files) != model.rejected) return fail(of, steps.size(), "what was rejected is lost");
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const SimulatedFiles disk = run.files.power_loss(of.call * 10 + seed);
        if (const auto wrong = differs_for_others(disk, model); !wrong.empty())
            return fail(of, steps.size(), "after a power loss at the end: " + wrong);
        if (rejected(disk) != model.rejected) return fail(of, steps.size(), "what was rejected is lost");
    }
    return true;
}

}  // namespace

int main() {
    std::size_t calls = 0;
    {
        Run run;
        for (const Step& step : script()) static_cast<void>(step.act(run));
        calls = run.files.calls();
    }
    // Every call with every fault, or every so many.
    const std::size_t every = from_environment("STET_FAULTS_EVERY", 10);
    bool ok = true;
    std::size_t cases = 0;
    for (const Fault fault : stet::test::all_faults)
        for (const bool goes_on : {false, true})
            for (std::size_t call = 1 + cases % every; call <= calls; call += every) {
                ++cases;
                ok = holds({fault, goes_on, call}) && ok;
            }
    std::printf("%zu calls, %zu cases, %zu failures in %zu steps\n", calls, cases, failures, failed_steps.size());
    return ok && failures > cases / 2 && failed_steps.size() > 10 ? 0 : 1;
}
