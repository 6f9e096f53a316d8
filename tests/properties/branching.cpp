// History with Branching against a list of whole values with their parents: random sequences of all verbs, for limits
// from 1 to many. RC_PARAMS="max_success=10000 seed=1" sets the number of cases and the seed.

#include <stet/history_branching.hpp>
#include <stet/stet.hpp>

#include "../every_kind.hpp"
#include "cases.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace {

using every::Dice;
using every::dumped;
using every::Every;
using every::Flat;
using stet::Errc;
using stet::field;
using stet::Number;

/// What a tree of states is to do, without any cleverness.
template <class T, std::size_t N>
struct Model {
    struct State {
        Number number;
        Number parent;
        T value;
        std::string name;
    };
    std::vector<State> states{{1, 0, T{}, ""}};
    std::vector<Number> visits{1};  // one after the other
    Number current = 1, saved = 1, last = 1;
    int cache = 0;
    bool joinable = false, touched = false;
    T value{};  // the current one, in a group, too
    std::vector<T> begins;
    std::string group_name;

    State* find(Number number) {
        for (State& state : states)
            if (state.number == number) return &state;
        return nullptr;
    }
    std::vector<Number> children(Number of) {
        std::vector<Number> found;
        for (const State& state : states)
            if (state.parent == of) found.push_back(state.number);
        return found;
    }
    std::vector<Number> way_to(Number number) {
        std::vector<Number> way;
        for (; number != 0; number = find(number)->parent) way.insert(way.begin(), number);
        return way;
    }
    Number next(Number of) {
        const auto all = children(of);
        for (std::size_t i = visits.size(); i-- > 0;)
            if (std::find(all.begin(), all.end(), visits[i]) != all.end()) return visits[i];
        return 0;
    }
    std::vector<Number> branch() {
        std::vector<Number> way = way_to(current);
        while (const Number on = next(way.back())) way.push_back(on);
        return way;
    }
    std::size_t position() { return way_to(current).size() - 1; }

    void erase(Number number) { states.erase(states.begin() + (find(number) - states.data())); }
    void drop_one() {
        const auto way = way_to(current);
        for (const State& state : states)
            if (children(state.number).empty() && std::find(way.begin(), way.end(), state.number) == way.end())
                return erase(state.number);
        states.erase(states.begin());
        states[0].parent = 0;
        states[0].name = "";
    }
    void push(const T& made, std::string_view name) {
        if (N == 1) states = {{++last, 0, made, ""}};
        else {
            if (states.size() == N) drop_one();
            states.push_back({++last, current, made, std::string(name)});
        }
        visits.push_back(current = last);
    }
    bool changes(const T& made) const { return dumped(made) != dumped(value); }
    void commit(const T& made, std::string_view name, bool joins) {
        cache = made.cache;
        if (!changes(made)) return;
        value = made;
        if (!begins.empty()) touched = true;
        else if (joins && joinable && find(current)->parent != 0 && saved != current) {
            const Number parent = find(current)->parent;
            if (dumped(made) == dumped(find(parent)->value)) {
                erase(current);
                current = parent;
                joinable = false;
            } else {
                State& joined = *find(current);
                joined.value = made;
                visits.push_back(current = joined.number = ++last);
            }
        } else {
            push(made, name);
            joinable = true;
        }
    }
    void go(Number number) {
        const auto way = way_to(number);
        visits.insert(visits.end(), way.begin(), way.end());
        current = number;
        value = find(number)->value;
        joinable = false;
    }
    void end(bool cancel) {
        const T begun = begins.back();
        begins.pop_back();
        if (cancel) value = begun;
        if (!begins.empty()) return;
        touched = joinable = false;
        if (!cancel && changes(begun)) push(value, group_name);
    }
};

template <class T, stet::Limit N, std::size_t M>
void same_tree(const stet::History<T, N, stet::Branching>& history, Model<T, M>& model, bool grouped) {
    static_assert(N.states == M);
    std::size_t seen = 0;
    history.each_state([&](const stet::StateInfo& info) {
        RC_ASSERT(seen < model.states.size());
        const auto& state = model.states[seen++];
        RC_ASSERT(info.number == state.number);
        RC_ASSERT(info.parent == state.parent);
        RC_ASSERT(info.name == state.name);
        RC_ASSERT(info.current == (state.number == model.current));
        RC_ASSERT(info.saved == (state.number == model.saved));
    });
    RC_ASSERT(seen == model.states.size());
    RC_ASSERT(history.states() == seen);
    RC_ASSERT(history.state() == model.current);

    const auto branch = model.branch();
    RC_ASSERT(history.size() == branch.size());
    RC_ASSERT(history.position() == model.position());
    for (std::size_t i = 0; i < branch.size(); ++i) {
        RC_ASSERT(history.state(i) == branch[i]);
        RC_ASSERT(history.name(i) == model.find(branch[i])->name);
        RC_ASSERT(history.saved(i) == (model.saved == branch[i]));
    }
    const bool more = history.position() + 1 < branch.size();
    RC_ASSERT(history.can_undo() == (!grouped && model.position() > 0));
    RC_ASSERT(history.can_redo() == (!grouped && more));
    RC_ASSERT(history.dirty() == (model.touched || model.saved != model.current));
    const auto children = model.children(model.current);
    RC_ASSERT(history.branches() == children.size());
    if (more) RC_ASSERT(children[history.branch()] == branch[history.position() + 1]);
}

template <class T, std::size_t N>
void law(const std::vector<std::uint8_t>& bytes) {
    using History = stet::History<T, N, stet::Branching>;
    using Group = std::remove_cvref_t<decltype(std::declval<History&>().group())>;

    Dice dice(bytes);
    History history{T{}};
    Model<T, N> model;
    std::vector<std::unique_ptr<Group>> groups;

    const bool rule = dice.below(2) == 1;
    if (rule) history.coalesce([](const auto&, const auto& next) { return next.name == "join"; });
    const bool watched = dice.below(2) == 1;
    T heard{};
    int before = 0, after = 0, expected = 0, jumps = 0;
    stet::Subscription watch;
    if (watched)
        watch = history.subscribe([&](const stet::Patch<T>& patch, stet::When when) {
            if (when == stet::When::before) {
                ++before;
                heard = history.current();
            } else {
                ++after;
                RC_ASSERT(dumped(*stet::apply(patch, heard)) == dumped(history.current()));
                RC_ASSERT(history.go_to_state(1).error().code() == Errc::in_notification);
                RC_ASSERT(history.take_branch(0).error().code() == Errc::in_notification);
            }
        });

    for (int turns = 0; !dice.done() && turns < 60; ++turns) {
        const T from = model.value;
        const bool open = !groups.empty();
        bool jumped = false;
        switch (dice.below(18)) {
            case 0:
            case 1:
            case 2:
            case 3: {
                T next = history.current();
                for (std::size_t edits = 1 + dice.below(3); edits > 0; --edits) edit(next, dice);
                if (stet::check(next).refuse()) {  // a key occurs twice
                    RC_ASSERT(history.commit(next).error().code() == Errc::rule_broken);
                    break;
                }
                const auto function = [&](T& value) { value = next; };
                const auto way = dice.below(4);
                if (way == 0) RC_ASSERT(history.commit("value", next));
                else if (way == 1) RC_ASSERT(history.commit("function", function));
                else if (way == 2) RC_ASSERT(history.amend(function));
                else RC_ASSERT(history.commit("join", function));
                model.commit(next,
                             way == 0   ? "value"
                             : way == 1 ? "function"
                             : way == 2 ? ""
                                        : "join",
                             way == 2 || (way == 3 && rule));
                break;
            }
            case 4: {
                T next = history.current();
                next.small = static_cast<std::int8_t>(dice.number());
                RC_ASSERT(history.edit("edit", [&](auto& edit) { edit.set(field<"small">, next.small); }));
                model.commit(next, "edit", false);
                break;
            }
            case 5: {
                T next = history.current();
                next.cache = static_cast<int>(dice.below(9));
                next.small = static_cast<std::int8_t>(dice.below(2));
                RC_ASSERT(history.set(field<"cache">, next.cache));
                RC_ASSERT(history.set("set", field<"small">, next.small));
                model.commit(next, "set", false);
                break;
            }
            case 6: {  // back to what was before
                const Number parent = model.find(model.current)->parent;
                T next = model.find(parent == 0 ? model.current : parent)->value;
                next.cache = model.cache;
                RC_ASSERT(history.amend(next));
                model.commit(next, "", true);
                break;
            }
            case 7: {
                const auto branch = model.branch();
                const std::size_t position = dice.below(branch.size() + 1);
                const auto gone = history.go_to(position);
                RC_ASSERT(gone.has_value() == (!open && position < branch.size()));
                jumped = gone.has_value();
                if (gone && position != model.position()) model.go(branch[position]);
                break;
            }
            case 8:
            case 9:
            case 10: {
                const Number number = dice.below(2) == 0 ? model.states[dice.below(model.states.size())].number
                                                         : dice.below(static_cast<std::size_t>(model.last) + 2);
                const bool there = model.find(number) != nullptr;
                const auto gone = history.go_to_state(number);
                RC_ASSERT(gone.has_value() == (!open && there));
                if (!gone) RC_ASSERT(gone.error().code() == (open ? Errc::group_open : Errc::no_such_element));
                jumped = gone.has_value();
                if (gone && number != model.current) model.go(number);
                break;
            }
            case 11: {
                const auto children = model.children(model.current);
                const std::size_t taken = dice.below(children.size() + 1);
                const auto done = history.take_branch(taken);
                RC_ASSERT(done.has_value() == (!open && taken < children.size()));
                if (!done) RC_ASSERT(done.error().code() == (open ? Errc::group_open : Errc::no_such_element));
                if (done) {
                    model.visits.push_back(children[taken]);
                    model.joinable = false;
                }
                break;
            }
            case 12:
                history.mark_saved();
                model.saved = model.touched ? 0 : model.current;
                break;
            case 13:
                if (groups.size() == 2) break;
                groups.emplace_back(new Group(history.group("group")));
                model.group_name = "group";
                model.begins.push_back(model.value);
                break;
            case 14: {
                if (groups.empty()) break;
                const bool cancel = dice.below(2) == 1;
                if (cancel) RC_ASSERT(groups.back()->cancel());
                groups.pop_back();
                model.end(cancel);
                break;
            }
            case 15:
            case 16: {
                const bool can = !open && model.position() > 0;
                RC_ASSERT(history.undo().has_value() == can);
                if (can) model.go(model.find(model.current)->parent);
                break;
            }
            default: {
                const Number next = model.next(model.current);
                const bool can = !open && next != 0;
                RC_ASSERT(history.redo().has_value() == can);
                if (can) model.go(next);
                break;
            }
        }
        expected += dumped(from) != dumped(model.value) ? 1 : 0;
        jumps += jumped && dumped(from) == dumped(model.value) ? 1 : 0;
        RC_ASSERT(dumped(history.current()) == dumped(model.value));
        RC_ASSERT(history.current().cache == model.cache);
        same_tree(history, model, !groups.empty());
        const auto& looked = model.states[dice.below(model.states.size())];
        if (groups.empty()) RC_ASSERT(dumped(*history.at_state(looked.number)) == dumped(looked.value));
        else RC_ASSERT(history.at_state(looked.number).error().code() == Errc::group_open);
    }
    if (watched) {
        RC_ASSERT(before == after);
        RC_ASSERT(after >= expected);
        RC_ASSERT(after <= expected + jumps);
    }
    while (!groups.empty()) {
        groups.pop_back();
        model.end(false);
    }
    watch.end();
    History copy(history);
    History moved(std::move(history));
    for (const auto& state : model.states)
        for (History* each : {&copy, &moved}) {
            RC_ASSERT(each->go_to_state(state.number));
            RC_ASSERT(dumped(each->current()) == dumped(state.value));
        }
}

template <class T, std::size_t N>
bool check(const std::string& what) {
    return rc::check("History and a list of values with parents tell the same: " + what, [] {
        law<T, N>(*rc::gen::container<std::vector<std::uint8_t>>(400, rc::gen::arbitrary<std::uint8_t>()));
    });
}

}  // namespace

int main() {
    use_sequences(5, 100);
    bool all = check<Every, 2>("every kind, 2");
    all &= check<Every, 6>("every kind, 6");
    all &= check<Every, 64>("every kind, 64");
    all &= check<Flat, 1>("flat, 1");
    all &= check<Flat, 5>("flat, 5");
    return all ? 0 : 1;
}
