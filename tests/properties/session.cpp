// A session that is saved and loaded is the same session: random sequences of changes, undo, redo, marks and times, for
// every kind of value and of history. RC_PARAMS="max_success=10000 seed=1" sets the number of cases and the seed.

#include <stet/with/nlohmann_json/session.hpp>

#include <stet/history_branching.hpp>
#include <stet/stet.hpp>
#include <stet/with/nlohmann_json/parse.hpp>

#include "../every_kind.hpp"
#include "cases.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

using every::Dice;
using every::dumped;
using every::Every;
using every::Flat;

template <>
struct stet::JsonFormat<every::Opaque> {
    static nlohmann::json write(const every::Opaque& value) { return value.value(); }
    static bool read(const nlohmann::json& json, every::Opaque& value) {
        int number = 0;
        if (!json.is_number_integer()) return false;
        json.get_to(number);
        value = every::Opaque(number);
        return true;
    }
};

namespace {

template <class T, std::size_t N, class Kept>
constexpr auto load(const nlohmann::json& json) {
    if constexpr (std::is_same_v<Kept, stet::NamedCopies>)
        return stet::load_session<T, N, Kept>(json, {"move", "resize"});
    else return stet::load_session<T, N, Kept>(json);
}

/// Changes of unordered maps have no order, either.
std::string sorted(nlohmann::json session) {
    for (auto& step : session["steps"]) std::sort(step["patch"].begin(), step["patch"].end());
    return session.dump();
}

/// `b` is `a` without its oldest states and those behind its own.
template <bool Timed, class A, class B>
void check_same(const A& a, const B& b, std::size_t dropped) {
    RC_ASSERT(a.position() == b.position() + dropped);
    for (std::size_t i = 0; i < b.size(); ++i) {
        RC_ASSERT(dumped(*a.at(i + dropped)) == dumped(*b.at(i)));
        RC_ASSERT(a.saved(i + dropped) == b.saved(i));
        if (i == 0) continue;
        RC_ASSERT(a.name(i + dropped) == b.name(i));
        if constexpr (Timed) RC_ASSERT(a.time(i + dropped) == b.time(i));
    }
}

template <class H>
std::vector<stet::Number> states_of(const H& tree) {
    std::vector<stet::Number> numbers;
    tree.each_state([&](const stet::StateInfo& state) { numbers.push_back(state.number); });
    return numbers;
}
/// `b` is `a`, whatever the numbers of their states are; and so is where redo leads to from each of them.
template <class A, class B>
void check_same_tree(A a, B b) {
    const auto ours = states_of(a);
    const auto theirs = states_of(b);
    RC_ASSERT(ours.size() == theirs.size());
    for (std::size_t i = ours.size(); i-- > 0;) {
        RC_ASSERT(dumped(*a.at_state(ours[i])) == dumped(*b.at_state(theirs[i])));
        RC_ASSERT(a.go_to_state(ours[i]));
        RC_ASSERT(b.go_to_state(theirs[i]));
        RC_ASSERT(a.branch() == b.branch());
        check_same<true>(a, b, 0);
    }
}

template <class T, std::size_t N, class Kept>
void law(const std::vector<std::uint8_t>& bytes) {
    constexpr bool tree = std::is_same_v<Kept, stet::Branching>;
    constexpr bool changes = tree || std::is_same_v<Kept, stet::Changes>;
    constexpr bool named = !std::is_same_v<Kept, stet::Copies>;
    Dice dice(bytes);
    stet::History<T, N, Kept> history{T{}};
    const auto change = [&] {
        T next = history.current();
        for (std::size_t edits = 1 + dice.below(4); edits > 0; --edits) edit(next, dice);
        if constexpr (named) {
            if (dice.below(2) == 0) static_cast<void>(history.commit("move", next));
            else static_cast<void>(history.commit("resize", next));
        } else static_cast<void>(history.commit(next));
    };
    while (!dice.done()) {
        switch (dice.below(12)) {
            case 0:
                static_cast<void>(history.undo());
                break;
            case 1:
                static_cast<void>(history.redo());
                break;
            case 2:
                RC_ASSERT(history.go_to(dice.below(history.size())));
                break;
            case 3:
                if (dice.below(4) == 0) history.mark_unsaved();
                else history.mark_saved();
                break;
            case 4: {
                const auto group = history.group();
                change();
                change();
                break;
            }
            case 5:
                if constexpr (changes) history.tick(1000 * dice.below(250));
                break;
            case 6:
                static_cast<void>(history.amend([&](T& value) { edit(value, dice); }));
                break;
            case 7:
                if constexpr (tree) {
                    const auto states = states_of(history);
                    RC_ASSERT(history.go_to_state(states[dice.below(states.size())]));
                    if (history.branches() > 0) RC_ASSERT(history.take_branch(dice.below(history.branches())));
                }
                break;
            default:
                change();
        }
    }

    const auto json = stet::save_session(history);
    RC_ASSERT(json.has_value());
    const auto text = stet::parse_json<>(json->dump());
    RC_ASSERT(text.has_value());
    auto loaded = load<T, N, Kept>(*text);
    RC_ASSERT(loaded.has_value());
    RC_ASSERT(loaded->size() == history.size());
    check_same<changes>(history, *loaded, 0);
    RC_ASSERT(sorted(*stet::save_session(*loaded)) == sorted(*json));
    if constexpr (tree) {
        check_same_tree(history, *loaded);
        const auto few = load<T, 3, Kept>(*text);
        RC_ASSERT(few.has_value());
        RC_ASSERT(dumped(few->current()) == dumped(history.current()));
        RC_ASSERT(few->states() == std::min<std::size_t>(3, history.states()));
        return;
    }
    for (std::size_t i = 0; i < history.size(); ++i) {
        RC_ASSERT(history.go_to(i));
        RC_ASSERT(loaded->go_to(i));
        RC_ASSERT(dumped(history.current()) == dumped(loaded->current()));
        RC_ASSERT(history.dirty() == loaded->dirty());
    }

    const auto small = load<T, 3, Kept>(*text);
    RC_ASSERT(small.has_value());
    RC_ASSERT(history.go_to((*json)["position"].template get<std::size_t>()));
    const std::size_t dropped = history.position() < 3 ? 0 : history.position() - 2;
    RC_ASSERT(small->size() == std::min<std::size_t>(3, history.size() - dropped));
    check_same<changes>(history, *small, dropped);
}

template <class T, std::size_t N, class Kept>
bool check(const std::string& what) {
    return rc::check("A session that is saved and loaded is the same: " + what, [] {
        constexpr std::size_t bytes = std::is_same_v<Kept, stet::Branching> ? 100 : 300;
        law<T, N, Kept>(*rc::gen::container<std::vector<std::uint8_t>>(bytes, rc::gen::arbitrary<std::uint8_t>()));
    });
}

}  // namespace

int main() {
    use_sequences(5, 100);
    bool all = check<Every, 1, stet::Changes>("every kind, 1");
    all &= check<Every, 64, stet::Changes>("every kind, 64");
    all &= check<Flat, 5, stet::Copies>("flat, 5 copies");
    all &= check<Flat, 8, stet::NamedCopies>("flat, 8 copies with names");
    all &= check<Flat, 16, stet::Changes>("flat, 16 changes");
    all &= check<Every, 16, stet::Branching>("every kind, a tree");
    all &= check<Flat, 8, stet::Branching>("flat, a tree");
    return all ? 0 : 1;
}
