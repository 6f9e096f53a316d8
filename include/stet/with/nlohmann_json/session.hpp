#pragma once
// `save_session` and `load_session`: all that a `History` keeps as JSON: the oldest state, the steps from there, what
// was undone and all branches included, the cursor, and the state that is saved. It holds secrets as they are.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/history_branching.hpp>
#include <stet/patch/patch.hpp>
#include <stet/with/nlohmann_json/operation.hpp>
#include <stet/with/nlohmann_json/patch.hpp>
#include <stet/with/nlohmann_json/read.hpp>
#include <stet/with/nlohmann_json/stored.hpp>
#include <stet/with/nlohmann_json/write.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet {
namespace detail {

inline constexpr std::string_view session_format = "stet-session";
inline constexpr int session_version = 1;

// What stands in the JSON is what stands here.
struct StoredStep {
    std::size_t parent = 0;  // the number of the state before it
    std::string name{};
    Ticks time = 0;
    std::vector<StoredOperation> patch{};
};
template <class T>
struct StoredSession {
    std::string format{};
    int version = 0;
    std::string fingerprint{};
    std::size_t position = 0;
    std::optional<std::size_t> saved{};
    std::vector<std::size_t> redo{};
    T oldest{};
    std::vector<StoredStep> steps{};
};

template <class Kept>
inline constexpr bool kept_as_tree = std::is_same_v<Kept, Branching>;

/// A state has a number: in a line, its position and one.
template <class T, Limit N, class Kept, class InstanceRules>
Number number_here(const History<T, N, Kept, InstanceRules>& history) {
    if constexpr (kept_as_tree<Kept>) return history.state();
    else return history.position() + 1;
}
template <class T, Limit N, class Kept, class InstanceRules>
void go_to_number(History<T, N, Kept, InstanceRules>& history, Number number) {
    if (number_here(history) == number) return;
    if constexpr (kept_as_tree<Kept>) static_cast<void>(history.go_to_state(number));
    else static_cast<void>(history.go_to(static_cast<std::size_t>(number - 1)));
}

struct SaveSession {
    /// All that is kept, as JSON: `{"format": "stet-session", "version": 1, "fingerprint", "position", "saved": a
    /// number or null, "redo": [numbers], "oldest", "steps": [{"parent", "name", "time", "patch": as `json_patch` makes
    /// it}, ...]}`. States are numbered in the order in which they are: 0 is the oldest one, step i leads to i + 1, and
    /// starts at its parent, which in a line is i; `position` is the current state, and `redo` are those that redo
    /// leads to where there are others. Name and time are empty and 0 where the history keeps none. Transient fields
    /// are not kept. Secrets are: guard what it is written to. O(states * size of T). Errors: `group_open`, and
    /// `in_notification` while `edit` runs.
    template <class T, Limit N, class Kept, class InstanceRules>
    Result<Json> operator()(const History<T, N, Kept, InstanceRules>& history) const {
        if constexpr (require_json_in<T>() && require_json_out<T>()) {
            if (const auto now = history.at(history.position()); !now) return Failure(Error(now.error()));
            const auto walk = std::make_unique<History<T, N, Kept, InstanceRules>>(history);  // it tells nobody
            const std::vector<StateInfo> states = states_of(history);
            const auto index = [&](Number number) {
                std::size_t at = 0;
                while (states[at].number != number) ++at;
                return at;
            };

            const JsonWriter writer{Secrets::keep, false};
            Json oldest;
            Json saved;
            std::size_t position = 0;
            Json::array_t redo;
            Json::array_t steps;
            for (std::size_t i = 0; i < states.size(); ++i) {
                const StateInfo& state = states[i];
                if (state.current) position = i;
                if (state.saved) saved = i;
                if (i == 0) {
                    go_to_number(*walk, state.number);
                    oldest = writer.write(walk->current());
                } else {
                    go_to_number(*walk, state.parent);
                    const T before = walk->current();
                    go_to_number(*walk, state.number);
                    steps.emplace_back(Json::object_t{
                        {"parent", index(state.parent)},
                        {"name", json_text(state.name)},
                        {"time", state.time},
                        {"patch",
                         JsonPatch<T>(walk->current(), JsonOperations(writer)).make(diff(before, walk->current()))}});
                }
                if constexpr (kept_as_tree<Kept>)
                    if (walk->branches() > 1) redo.emplace_back(index(walk->state(walk->position() + 1)));
            }
            return Json(Json::object_t{{"format", session_format},
                                       {"version", session_version},
                                       {"fingerprint", fingerprint_text<T>()},
                                       {"position", position},
                                       {"saved", std::move(saved)},
                                       {"redo", std::move(redo)},
                                       {"oldest", std::move(oldest)},
                                       {"steps", std::move(steps)}});
        } else return Json();
    }

private:
    template <class T, Limit N, class Kept, class InstanceRules>
    static std::vector<StateInfo> states_of(const History<T, N, Kept, InstanceRules>& history) {
        std::vector<StateInfo> states;
        if constexpr (kept_as_tree<Kept>) {
            history.each_state([&](const StateInfo& state) { states.push_back(state); });
        } else {
            for (std::size_t i = 0; i < history.size(); ++i) {
                Ticks time = 0;
                if constexpr (std::is_same_v<kept_as<T, Kept>, Changes>) time = history.time(i);
                states.push_back({i + 1, i, history.name(i), time, i == history.position(), history.saved(i)});
            }
        }
        return states;
    }
};

template <class T, Limit N, class Kept>
class LoadSession {
    using Names = std::initializer_list<StepName>;

public:
    /// What `save_session` kept, as a history to go on with. Of more than `N` states those on the way to the current
    /// one are kept, the newest `N` of them, and of the others what there is room for; a saved state that is dropped
    /// leaves the history unsaved. Names and times are dropped where `Kept` has none. Errors: `malformed` with all
    /// problems, or with the fingerprint alone if it was written for another struct; `rule_broken` with all violations
    /// of the first state that breaks the rules of today. What is wrong with the state that a step led to has the path
    /// `steps[i].after`. A tree is loaded as Branching.
    template <class... Items>
    Result<History<T, N, Kept, Rules<Items...>>> operator()(const Json& json, Rules<Items...> rules = {}) const {
        return load(json, {}, std::move(rules));
    }
    /// For NamedCopies, which keep no text of their own: `names` are those that steps can have.
    template <class... Items>
        requires std::is_same_v<Kept, NamedCopies>
    Result<History<T, N, Kept, Rules<Items...>>> operator()(const Json& json, Names names,
                                                            Rules<Items...> rules = {}) const {
        return load(json, names, std::move(rules));
    }

private:
    template <class InstanceRules>
    static Result<History<T, N, Kept, InstanceRules>> load(const Json& json, Names names, InstanceRules rules) {
        constexpr bool counted = N.in_bytes == 0 || one_of_kinds<kept_as<T, Kept>, Changes, Branching>;
        static_assert(counted,
                      "stet: load_session<T, stet::bytes{n}>: what fits into a budget in place is not known before it "
                      "is there; write a number of states, or load_session<T, stet::bytes{n}, Changes>");
        if constexpr (counted && require_json_in<T>() && require_json_out<T>()) {
            Violations found;
            JsonReader reader(found, {.depth = depth}, true);
            StoredSession<T> stored;
            if (!made_for<T>(json, reader, session_format, session_version) ||
                !reader.read(json, stored, PathView{}, depth) || !consistent(stored, names, reader))
                return Failure(Error(Errc::malformed, std::move(found)));

            const std::size_t states = stored.steps.size() + 1;
            const std::vector<bool> kept = choose(stored);
            std::vector<std::size_t> children(states);
            for (const StoredStep& step : stored.steps) ++children[step.parent];
            std::vector<Json> documents(states);
            std::vector<Number> numbers(states);
            std::optional<History<T, N, Kept, InstanceRules>> history;
            Ticks now = 0;
            documents[0] = JsonWriter{Secrets::keep, false}.write(stored.oldest);
            for (std::size_t i = 0; i < states; ++i) {
                T state{};
                const std::size_t parent = i == 0 ? 0 : stored.steps[i - 1].parent;
                if (i == 0) {
                    state = std::move(stored.oldest);
                } else {
                    if (--children[parent] == 0) documents[i] = std::move(documents[parent]);
                    else documents[i] = documents[parent];
                    if (!next(stored.steps[i - 1], i - 1, documents[i], state, reader))
                        return Failure(Error(Errc::malformed, std::move(found)));
                    if (children[i] == 0) documents[i] = Json();
                }
                if (!kept[i]) continue;
                if (auto broken = violations(state, rules, i); broken.refuse())
                    return Failure(Error(Errc::rule_broken, std::move(broken)));
                if (history.has_value()) {
                    go_to_number(*history, numbers[parent]);
                    if (const auto made = commit(*history, stored.steps[i - 1], names, now, state); !made)
                        return Failure(Error(made.error()));
                } else {
                    history.emplace(state, rules).mark_unsaved();
                    if constexpr (N.in_bytes > 0) history->limit_bytes(0);  // until all is there
                }
                numbers[i] = number_here(*history);
                if (stored.saved == i) history->mark_saved();
            }
            if constexpr (kept_as_tree<Kept>) choose_branches(*history, stored, numbers);
            settle(*history, numbers[stored.position], stored.steps, now);
            if constexpr (N.in_bytes > 0) history->limit_bytes(N.in_bytes);
            return *std::move(history);
        }
    }

    // Those that there is room for.
    static std::vector<bool> choose(const StoredSession<T>& stored) {
        std::vector<bool> kept(stored.steps.size() + 1);
        std::size_t room = N.in_bytes > 0 ? most_changed_states : N.states;
        std::size_t oldest = stored.position;
        for (std::size_t at = stored.position; room > 0; at = stored.steps[at - 1].parent) {
            kept[oldest = at] = true;
            --room;
            if (at == 0) break;
        }
        for (std::size_t i = oldest + 1; i < kept.size() && room > 0; ++i) {
            if (kept[i] || !kept[stored.steps[i - 1].parent]) continue;
            kept[i] = true;
            --room;
        }
        return kept;
    }
    // What redo leads to. From the leaves to the root: whoever goes to a state chooses its way there, too.
    template <class Loaded>
    static void choose_branches(Loaded& history, const StoredSession<T>& stored, const std::vector<Number>& numbers) {
        std::vector<std::size_t> chosen(numbers.size());  // of each state; 0 where there was no choice
        std::vector<std::size_t> next(numbers.size());    // the same, or the only one that there is
        for (std::size_t i = 1; i < numbers.size(); ++i) next[stored.steps[i - 1].parent] = i;
        for (const std::size_t state : stored.redo) {
            const std::size_t parent = stored.steps[state - 1].parent;
            chosen[parent] = next[parent] = state;
        }
        for (std::size_t parent = numbers.size(); parent-- > 0;) {
            if (numbers[parent] == 0) continue;  // there was no room for it
            std::size_t to = chosen[parent];
            while (to != 0 && numbers[to] == numbers[parent]) to = next[to];  // past a step that changes nothing
            if (to == 0 || numbers[to] == 0) continue;
            go_to_number(history, numbers[parent]);
            const std::size_t before = history.branch();
            std::size_t branch = 0;
            for (; branch < history.branches(); ++branch) {
                static_cast<void>(history.take_branch(branch));
                if (history.state(history.position() + 1) == numbers[to]) break;
            }
            if (branch > 0 && branch == history.branches()) static_cast<void>(history.take_branch(before));
        }
    }

    static bool consistent(const StoredSession<T>& stored, Names names, JsonReader& reader) {
        const PathView root{};
        const PathView steps = root.named("steps", 0);
        bool ok = true;
        const auto reached = [&](const char* key, std::size_t position) {
            if (position > stored.steps.size())
                ok = reader.refuse(root.named(key, 0), std::to_string(position), "no such state",
                                   "must be a number in 0.." + std::to_string(stored.steps.size()));
        };
        reached("position", stored.position);
        reached("saved", stored.saved.value_or(0));
        for (const std::size_t state : stored.redo)
            if (state == 0 || state > stored.steps.size())
                ok = reader.refuse(root.named("redo", 0), std::to_string(state), "no such state",
                                   "must be numbers in 1.." + std::to_string(stored.steps.size()));
        for (std::size_t i = 0; i < stored.steps.size(); ++i) {
            const StoredStep& step = stored.steps[i];
            const PathView here = steps.at(i);
            if (step.parent > i)
                ok = reader.refuse(here.named("parent", 0), std::to_string(step.parent), "no such state",
                                   "must be a number in 0.." + std::to_string(i));
            else if (!kept_as_tree<Kept> && step.parent != i)
                ok = reader.refuse(here.named("parent", 0), std::to_string(step.parent), "a tree",
                                   "must be " + std::to_string(i) + "; load a tree as History<T, N, Branching>");
            if (std::is_same_v<Kept, NamedCopies> && !step.name.empty() && find(names, step.name).view().empty())
                ok = reader.refuse(here.named("name", 0), step.name, "unknown name",
                                   "must be one of the names that load_session is given");
            const PathView patch = here.named("patch", 0);
            for (std::size_t j = 0; j < step.patch.size(); ++j) {
                const StoredOperation& operation = step.patch[j];
                const PathView there = patch.at(j);
                const bool removes = operation.op == "remove";
                if (!removes && operation.op != "add" && operation.op != "replace")
                    ok = reader.refuse(there.named("op", 0), operation.op, "no such operation",
                                       "must be one of add, remove, replace");
                else if (removes && operation.value.json.has_value())
                    ok = reader.refuse(there.named("value", 0), {}, "unknown key", "is nothing that remove has");
                else if (!removes && !operation.value.json.has_value())
                    ok = reader.refuse(there.named("value", 0), {}, "missing key", "must be there");
            }
        }
        return ok;
    }

    // The state that a step leads to.
    static bool next(StoredStep& step, std::size_t number, Json& document, T& state, JsonReader& reader) {
        const PathView root{};
        const PathView steps = root.named("steps", 0);
        const PathView here = steps.at(number);
        const PathView patch = here.named("patch", 0);
        for (std::size_t i = 0; i < step.patch.size(); ++i) {
            if (JsonPatcher(document).carry_out(step.patch[i])) continue;
            const PathView there = patch.at(i);
            return reader.refuse(there.named("path", 0), {}, "no such place",
                                 "must lead to a place in the state before");
        }
        return reader.read(document, state, here.named("after", 0), depth);
    }

    template <class InstanceRules>
    static Violations violations(const T& state, const InstanceRules& rules, std::size_t position) {
        const std::string where = position == 0 ? "oldest." : "steps[" + std::to_string(position - 1) + "].after.";
        Violations all;
        for (const Violation& one : Violations(broken_rules(state, rules)))
            all.add(Violation(where + one.path(), one.value(), one.rule(), one.expected(), one.severity()));
        return all;
    }

    static StepName find(Names names, std::string_view text) {
        for (const StepName name : names)
            if (name.view() == text) return name;
        return {};
    }

    // A step that changes nothing is none: what it changed may be transient today.
    template <class Loaded>
    static auto commit(Loaded& history, const StoredStep& step, Names names, Ticks& now, const T& state) {
        if constexpr (std::is_same_v<Kept, NamedCopies>) return history.commit(find(names, step.name), state);
        else if constexpr (std::is_same_v<kept_as<T, Kept>, Copies>) return history.commit(state);
        else {
            if (step.time != now) history.tick(now = step.time);
            return history.commit(step.name, state);
        }
    }
    // What comes next is no part of the last step, and all times are within reach of the last word about time.
    template <class Loaded>
    static void settle(Loaded& history, Number cursor, const std::vector<StoredStep>& steps, Ticks now) {
        static_cast<void>(history.undo());
        go_to_number(history, cursor);
        Ticks latest = now;
        for (const StoredStep& step : steps)
            if (step.time - latest < Ticks{1} << 63U) latest = step.time;
        if constexpr (kept_as_tree<Kept> || std::is_same_v<kept_as<T, Kept>, Changes>)
            if (latest != now) history.tick(latest);
    }

    static constexpr std::size_t depth = 500;
};

}  // namespace detail

/// `auto json = save_session(history); if (json) std::ofstream(file) << json->dump(2)`
inline constexpr detail::SaveSession save_session{};

/// `auto history = load_session<Document, 64>(*parse_json<>(text))`, for a `History<Document, 64>`; rules of its own
/// come behind the JSON: `load_session<Config, 8, Changes>(json, rules(...))`. With a budget in bytes, what does not
/// fit is dropped when all has been read.
template <class T, Limit N, class Kept = Automatic>
inline constexpr detail::LoadSession<T, N, Kept> load_session{};

}  // namespace stet
