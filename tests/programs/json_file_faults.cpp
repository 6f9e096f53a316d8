// The same faults, and power losses, under a Versioned: open, commit, set, rollback, snapshot, release and prune on a
// JsonFile. A verb that fails has changed nothing, and works when the fault is gone.
// STET_FAULTS_EVERY=1 asks for every call.

#include <stet/test/files.hpp>
#include <stet/with/nlohmann_json/file.hpp>

#include "../files/settings_script.hpp"

#include <cstdio>
#include <cstdlib>
#include <optional>

using namespace settings_script;
using stet::test::Fault;
using stet::test::SimulatedFiles;
using File = stet::BasicJsonFile<SimulatedFiles>;

namespace {

constexpr std::uint64_t steps = 14;

auto open(const SimulatedFiles& files) {
    return stet::open<Settings>(File("settings.json", {.keep = 0}, files), stet::if_empty(Settings{}));
}
std::string found(const SimulatedFiles& files) {
    const auto settings = open(files);
    if (settings) return all_of(*settings);
    std::string why;
    settings.error().write(stet::Writer(why));
    return why;
}

std::size_t failures = 0;
std::size_t losses = 0;

bool fail(std::size_t call, std::uint64_t step, const char* what, const std::string& there, const std::string& wanted) {
    std::printf("call %zu, step %zu: %s\nthere is: %.300s\nwanted: %.300s\n", call, static_cast<std::size_t>(step),
                what, there.c_str(), wanted.c_str());
    return false;
}

template <class V>
bool survives_fault(SimulatedFiles& files, V& settings, bool goes_on, std::size_t call) {
    InMemory model = in_memory();
    for (std::uint64_t step = 1; step <= steps; ++step) {
        if (carry_out(settings, step)) {
            if (!carry_out(model, step)) return fail(call, step, "the model refuses", {}, {});
            continue;
        }
        ++failures;
        const std::string before = all_of(model);
        if (!goes_on)
            if (const auto there = found(files.power_loss(call)); there != before)
                return fail(call, step, "a failed verb is found after a power loss", there, before);
        files.mend();
        if (const auto there = all_of(settings); there != before)
            return fail(call, step, "a failed verb has changed something", there, before);
        if (!carry_out(settings, step)) return fail(call, step, "it cannot be done again", {}, {});
        if (!carry_out(model, step)) return fail(call, step, "the model refuses", {}, {});
    }
    files.mend();
    const std::string wanted = all_of(model);
    if (const auto there = all_of(settings); there != wanted) return fail(call, steps, "at the end", there, wanted);
    if (const auto there = found(files.power_loss(call)); there != wanted)
        return fail(call, steps, "after a power loss at the end", there, wanted);
    if (files.contents().count("settings.json.rejected") != 0)
        return fail(call, steps, "something was put aside", {}, {});
    return true;
}

bool survives_fault(Fault fault, bool goes_on, std::size_t call) {
    SimulatedFiles files;
    if (goes_on) files.fail_from(call, fault, call);
    else files.fail_at(call, fault, call);
    auto first = open(files);
    if (first) return survives_fault(files, *first, goes_on, call);
    ++failures;
    files.mend();
    auto second = open(files);
    if (!second) return fail(call, 0, "it does not open", found(files), "");
    return survives_fault(files, *second, goes_on, call);
}
bool survives_power_loss(std::size_t call, std::size_t seeds) {
    SimulatedFiles files;
    files.cut_power_at(call);
    InMemory model = in_memory();
    std::optional<std::string> before;  // nothing yet
    std::string after = all_of(model);
    if (auto settings = open(files)) {
        before = after;
        for (std::uint64_t step = 1; step <= steps; ++step) {
            const bool done = carry_out(*settings, step);
            static_cast<void>(carry_out(model, step));
            after = all_of(model);
            if (!done) break;
            before = after;
        }
    }
    for (std::size_t seed = 1; seed <= seeds; ++seed, ++losses) {
        const SimulatedFiles disk = files.power_loss(call * 1000 + seed);
        if (const auto there = found(disk); there != after && (!before || there != *before))
            return fail(call, 0, "neither old nor new", there, before.value_or("nothing") + "or\n" + after);
        if (disk.contents().count("settings.json.rejected") != 0)
            return fail(call, 0, "something was put aside", {}, {});
    }
    return true;
}

}  // namespace

int main() {
    SimulatedFiles files;
    {
        auto settings = open(files);
        for (std::uint64_t step = 1; step <= steps; ++step)
            if (!settings || !carry_out(*settings, step)) return fail(0, step, "without a fault", {}, {}) ? 0 : 1;
    }
    const std::size_t calls = files.calls();
    const char* const asked = std::getenv("STET_FAULTS_EVERY");
    const std::size_t every = asked == nullptr ? 16 : static_cast<std::size_t>(std::strtoul(asked, nullptr, 10));
    bool ok = true;
    std::size_t cases = 0;
    for (const Fault fault : stet::test::all_faults)
        for (const bool goes_on : {false, true})
            for (std::size_t call = 1 + cases % every; call <= calls; call += every, ++cases)
                ok = survives_fault(fault, goes_on, call) && ok;
    for (std::size_t call = 1; call <= calls; ++call) ok = survives_power_loss(call, every == 1 ? 20 : 1) && ok;
    std::printf("%zu calls, %zu cases, %zu failures, %zu power losses\n", calls, cases, failures, losses);
    return ok && failures > cases / 2 ? 0 : 1;
}
