#pragma once
// `save_state` and `load_state`: the whole record of a `Versioned` as JSON: every kept revision with its value, and the
// names that pin some of them. It holds secrets as they are.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/policy/memory.hpp>
#include <stet/versioned.hpp>
#include <stet/with/nlohmann_json/read.hpp>
#include <stet/with/nlohmann_json/stored.hpp>
#include <stet/with/nlohmann_json/write.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {
namespace detail {

inline constexpr std::string_view state_format = "stet-state";
inline constexpr int state_version = 1;

// What stands in the JSON is what stands here.
template <class T>
struct StoredRevision {
    Number number = 0;
    Number previous = 0;
    Time time = 0;
    std::string author{};
    std::string reason{};
    std::string source{};
    Origin origin{};
    std::vector<Tag> metadata{};
    std::optional<Time> deadline{};  // of a provisional one
    T value{};

    Revision info() const {
        return {number, previous, time, author, reason, source, origin, metadata, deadline.value_or(0)};
    }
};
template <class T>
struct StoredState {
    std::string format{};
    int version = 0;
    std::string fingerprint{};
    Number head = 0;
    Number floor = 0;  // the oldest of the unbroken run that ends at the head; below it only what is pinned is left
    std::optional<T> before{};  // the value that the revision at the floor was made from, if that is known
    std::vector<StoredRevision<T>> revisions{};
    std::vector<Pin> pins{};
};

struct SaveState {
    /// All that is kept, as JSON: `{"format": "stet-state", "version": 1, "fingerprint", "head", "floor", "before",
    /// "revisions":
    /// [{"number", "previous", "time", "author", "reason", "source", "origin", "metadata", "deadline", "value"}, ...],
    /// "pins":
    /// [{"name", "number"}, ...]}`, revisions oldest first. Transient fields are not kept. Secrets are: guard what it
    /// is written to.
    template <class T, class... Policies>
    Json operator()(const Versioned<T, Policies...>& versioned) const {
        if constexpr (require_json_in<T>() && require_json_out<T>()) {
            StoredState<T> state{std::string(state_format), state_version, fingerprint_text<T>(), versioned.head(),
                                 versioned.storage().floor()};
            const std::vector<Revision> history = versioned.history();
            for (auto at = history.rbegin(); at != history.rend(); ++at) {
                auto snapshot = versioned.at(at->number);
                if (!snapshot) continue;
                if (const auto* const patch = versioned.storage().patch(at->number);
                    at->number == state.floor && patch != nullptr && !patch->empty()) {
                    state.before = snapshot->value();
                    Apply::undo(*patch, *state.before);
                }
                state.revisions.push_back(
                    {at->number, at->previous, at->time, at->author, at->reason, at->source, at->origin, at->metadata,
                     at->deadline == 0 ? std::nullopt : std::optional(at->deadline), snapshot->value()});
            }
            state.pins = versioned.snapshots();
            return JsonWriter{Secrets::keep, false}.write(state);
        } else return {};
    }
};

template <class T, std::size_t N>
class LoadState {
public:
    /// What `save_state` kept, for `stet::open<T>(...)` to go on with; of more than `N` revisions the newest `N` and
    /// what is pinned. Rules are not run here: `open` does that. Errors: `malformed` with all problems, or with the
    /// fingerprint alone if the state was written for another struct.
    Result<Memory<T, N>> operator()(const Json& json) const {
        if constexpr (require_json_in<T>()) {
            Violations found;
            JsonReader reader(found, {.depth = depth}, true);
            StoredState<T> state;
            if (!made_for<T>(json, reader, state_format, state_version) ||
                !reader.read(json, state, PathView{}, depth) || !consistent(state, reader))
                return Failure(Error(Errc::malformed, std::move(found)));
            return fill(std::move(state));
        }
    }

private:
    // Numbers ascend; from the floor to the head none is left out; below the floor, each has a name; each name has a
    // revision.
    static bool consistent(const StoredState<T>& state, JsonReader& reader) {
        const PathView root{};
        const PathView revisions = root.named("revisions", 0);
        const PathView pins = root.named("pins", 0);
        bool ok = true;
        const auto wrong = [&](const PathView& where, Number number, const char* rule, std::string expected) {
            const std::string value = std::to_string(number);
            ok = reader.refuse(where, value, rule, std::move(expected));
        };
        const auto pinned = [&](Number number) {
            for (const Pin& pin : state.pins)
                if (pin.number == number) return true;
            return false;
        };
        if (state.revisions.empty())
            return reader.refuse(revisions, {}, "no revisions", "must hold at least one revision");
        if (state.head != state.revisions.back().number)
            wrong(root.named("head", 0), state.head, "wrong head",
                  "must be the number of the last revision, " + std::to_string(state.revisions.back().number));
        if (state.floor == 0 || state.floor > state.head)
            wrong(root.named("floor", 0), state.floor, "wrong floor",
                  "must be a number in 1.." + std::to_string(state.head));
        if (state.head > largest_number)
            wrong(root.named("head", 0), state.head, "out of range", "must leave room for more revisions");
        Number last = 0;
        bool has_floor = false;
        for (std::size_t i = 0; i < state.revisions.size(); ++i) {
            const auto& revision = state.revisions[i];
            const PathView here = revisions.at(i);
            const PathView number = here.named("number", 0);
            has_floor = has_floor || revision.number == state.floor;
            if (revision.number <= last)
                wrong(number, revision.number, "not ascending", "must be above " + std::to_string(last));
            else if (revision.number > state.floor && last != revision.number - 1)
                wrong(number, revision.number, "gap", "must follow " + std::to_string(last));
            else if (revision.number < state.floor && !pinned(revision.number))
                wrong(number, revision.number, "not pinned", "must be in 'pins' or not below the floor");
            if (revision.previous >= revision.number)
                wrong(here.named("previous", 0), revision.previous, "wrong previous",
                      "must be below " + std::to_string(revision.number));
            if (enum_name(revision.origin.kind).empty())
                wrong(here.named("origin.kind", 0), revision.origin.kind, "no such enumerator",
                      "must be one of create, commit, rollback, revert, confirm, take_back");
            last = revision.number;
        }
        if (ok && !has_floor)
            wrong(root.named("floor", 0), state.floor, "wrong floor", "must be the number of a revision that is there");
        for (std::size_t i = 0; i < state.pins.size(); ++i) {
            bool there = false;
            for (const auto& revision : state.revisions) there = there || revision.number == state.pins[i].number;
            if (!there)
                wrong(pins.at(i).named("number", 0), state.pins[i].number, "no such revision",
                      "must be the number of a revision that is there");
            for (std::size_t j = 0; j < i; ++j)
                if (state.pins[j].name == state.pins[i].name)
                    ok = reader.refuse(pins.at(i).named("name", 0), state.pins[i].name, "duplicate",
                                       "must not be there twice");
        }
        return ok;
    }

    static Memory<T, N> fill(StoredState<T>&& state) {
        Memory<T, N> memory;
        for (const Pin& pin : state.pins)  // first, because what is pinned takes the place of no other
            for (const auto& revision : state.revisions)
                if (revision.number == pin.number)
                    static_cast<void>(memory.pin(pin.name, revision.info(), revision.value));
        const T* before = state.before.has_value() ? &*state.before : nullptr;
        for (const auto& revision : state.revisions) {
            if (revision.number < state.floor) continue;
            const T& from = before == nullptr ? revision.value : *before;
            Revision info = revision.info();
            Patch<T> patch = diff(from, revision.value);
            static_cast<void>(memory.append(info, patch, revision.value));
            before = &revision.value;
        }
        memory.give_head(std::move(state.revisions.back().value));
        return memory;
    }

    static constexpr Number largest_number = Number{1} << 62U;
    static constexpr std::size_t depth = 500;
};

}  // namespace detail

/// `std::ofstream(file) << save_state(settings).dump(2)`
inline constexpr detail::SaveState save_state{};

/// `auto memory = load_state<Settings>(*parse_json<>(text)); auto settings = open<Settings>(std::move(*memory));`
template <class T, std::size_t N = 10>
inline constexpr detail::LoadState<T, N> load_state{};

}  // namespace stet
