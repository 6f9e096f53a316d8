#pragma once
// What a program does with its settings, step by step, and all that can be known about them.

#include <stet/policy/memory.hpp>
#include <stet/test/simulated_disk.hpp>
#include <stet/versioned.hpp>
#include <stet/with/nlohmann_json/write.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace settings_script {

using stet::field;
using stet::test::detail::Chance;

struct Settings {
    int port = 1;
    std::string name{};
    std::vector<int> list{};
    bool operator==(const Settings&) const = default;
};
using InMemory = stet::Versioned<Settings, stet::Memory<Settings, 100'000>>;
inline InMemory in_memory() { return InMemory{Settings{}, stet::Memory<Settings, 100'000>{}}; }

/// What a program does as its step number `step`, whatever its settings are kept in.
template <class V>
bool carry_out(V& settings, std::uint64_t step) {
    Chance chance(step);
    const std::uint64_t which = chance.below(12);
    const std::string name = "s" + std::to_string(chance.below(4));
    const int number = static_cast<int>(step);
    if (which == 0) {
        const auto done = settings.rollback();
        return done || done.error().code() == stet::Errc::revision_pruned ||
               done.error().code() == stet::Errc::no_such_revision;
    }
    if (which == 1) return settings.prune(1 + chance.below(6)).has_value();
    if (which == 2) {
        for (const auto& pin : settings.snapshots())
            if (pin.name == name) return settings.release(name).has_value();
        return settings.snapshot(name).has_value();
    }
    if (which == 3)
        return settings.set(field<"name">, std::string(1000, static_cast<char>('a' + step % 26))).has_value();
    if (which < 6) return settings.commit([&](Settings& s) { s.list.push_back(number); }).has_value();
    return settings.set(field<"port">, number).has_value();
}

/// All that can be known about it.
template <class V>
std::string all_of(const V& settings) {
    std::string all = std::to_string(settings.head()) + " of " + std::to_string(settings.size()) + '\n';
    for (const stet::Revision& revision : settings.history()) {
        const auto state = settings.at(revision.number);
        if (!state) return "revision " + std::to_string(revision.number) + " cannot be read";
        all += std::to_string(revision.number) + ' ' + std::to_string(revision.previous) + ' ' +
               std::to_string(revision.origin.kind) + ' ' + std::to_string(revision.origin.to) + ' ' +
               stet::to_json(state->value()).dump() + '\n';
    }
    for (const stet::Pin& pin : settings.snapshots()) all += pin.name + '=' + std::to_string(pin.number) + '\n';
    return all;
}

}  // namespace settings_script
