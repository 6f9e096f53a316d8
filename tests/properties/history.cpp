// History against a vector of whole values with a cursor, a mark, names and groups: random sequences of all verbs, for
// limits from 1 to many, for Copies, for Deltas and for Changes. RC_PARAMS="max_success=10000 seed=1" sets the number
// of cases and the seed.

#include <stet/stet.hpp>

#include "../every_kind.hpp"
#include "cases.hpp"

#include <rapidcheck.h>

#include <cstdlib>
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

/// What a history is to do, without any cleverness.
template <class T, std::size_t N>
struct Model {
    struct Step {
        T value;
        std::string name;
    };
    std::vector<Step> steps{{T{}, ""}};
    std::size_t cursor = 0;
    std::size_t saved = 0;  // from 1; 0 is nowhere
    int cache = 0;
    bool joinable = false;
    bool touched = false;
    T value{};  // the current one, in a group, too
    std::vector<T> begins;
    std::string group_name;

    Model() { saved = 1; }

    bool changes(const T& next) const { return dumped(next) != dumped(value); }
    void push(const T& next, std::string_view name) {
        if (saved > cursor + 1) saved = 0;
        steps.resize(cursor + 1);
        steps.push_back({next, std::string(name)});
        if (steps.size() > N) {
            steps.erase(steps.begin());
            saved = saved == 0 ? 0 : saved - 1;
        }
        cursor = steps.size() - 1;
    }
    void commit(const T& next, std::string_view name, bool joins) {
        cache = next.cache;
        if (!changes(next)) return;
        value = next;
        if (!begins.empty()) touched = true;
        else if (joins && joinable && cursor > 0 && saved != cursor + 1) {
            if (dumped(next) == dumped(steps[cursor - 1].value)) {
                steps.pop_back();
                --cursor;
                joinable = false;
            } else steps[cursor].value = next;
        } else {
            push(next, name);
            joinable = true;
        }
    }
    void go(std::size_t position) {
        cursor = position;
        value = steps[cursor].value;
        joinable = false;
    }
    void begin(std::string_view name) {
        if (begins.empty()) group_name = name;
        begins.push_back(value);
    }
    void end(bool cancel) {
        const T begun = begins.back();
        begins.pop_back();
        if (cancel) value = begun;
        if (!begins.empty()) return;
        touched = joinable = false;
        if (!cancel && changes(begun)) push(value, group_name);
    }
    /// Of a budget in bytes it is not known here what fits into it.
    void drop_oldest() {
        steps.erase(steps.begin());
        saved = saved == 0 ? 0 : saved - 1;
        --cursor;
    }
    bool can_undo() const { return begins.empty() && cursor > 0; }
    bool can_redo() const { return begins.empty() && cursor + 1 < steps.size(); }
    bool dirty() const { return touched || saved != cursor + 1; }
    void mark() { saved = touched ? 0 : cursor + 1; }
};

/// Hears every change, and tells whether what was heard is what happened.
template <class T>
struct Witness {
    T value;
    int before = 0, after = 0, small = 0;
    int expected = 0, expected_small = 0;
    int jumps = 0;  // to the same value: an element may have gone and come back elsewhere among its equals

    void expect(const T& from, const T& to) {
        expected += dumped(from) != dumped(to) ? 1 : 0;
        expected_small += from.small != to.small ? 1 : 0;
    }
};

template <class T, stet::Limit N, class Kept>
void law(const std::vector<std::uint8_t>& bytes) {
    using History = stet::History<T, N, Kept>;
    using Group = std::remove_cvref_t<decltype(std::declval<History&>().group())>;
    constexpr bool changes = std::is_same_v<Kept, stet::Changes>;
    constexpr bool named = changes || std::is_same_v<Kept, stet::NamedCopies>;
    constexpr bool in_place = !changes && N.in_bytes > 0;
    constexpr std::size_t states = N.in_bytes > 0 ? 1000 : N.states;
    static_assert(N.in_bytes == 0 || changes || sizeof(History) <= N.in_bytes);

    Dice dice(bytes);
    History history{T{}};
    Model<T, states> model;
    std::vector<std::unique_ptr<Group>> groups;

    Witness<T> witness{T{}};
    stet::Subscription all, small;
    if constexpr (changes) {
        if (dice.below(2) == 1) history.coalesce([](const auto&, const auto& next) { return next.name == "join"; });
        if (dice.below(2) == 1) {
            all = history.subscribe([&](const stet::Patch<T>& patch, stet::When when) {
                RC_ASSERT(!patch.empty());
                if (when == stet::When::before) {
                    ++witness.before;
                    witness.value = history.current();
                } else {
                    ++witness.after;
                    const auto made = stet::apply(patch, witness.value);
                    RC_ASSERT(made.has_value());
                    RC_ASSERT(dumped(*made) == dumped(history.current()));
                    RC_ASSERT(history.undo().error().code() == Errc::in_notification);
                }
            });
            small = history.subscribe(field<"small">, [&] { ++witness.small; });
        }
    }
    const bool rule = changes && bytes.size() > 0 && bytes[0] % 2 == 1;
    const bool watched = changes && bytes.size() > 1 && bytes[1] % 2 == 1;

    for (int turns = 0; !dice.done() && turns < 60; ++turns) {
        const T from = model.value;
        switch (dice.below(16)) {
            case 0:
            case 1:
            case 2: {
                T next = history.current();
                for (std::size_t edits = 1 + dice.below(3); edits > 0; --edits) edit(next, dice);
                if (stet::check(next).refuse()) {  // a key occurs twice
                    RC_ASSERT(history.commit(next).error().code() == Errc::rule_broken);
                    break;
                }
                const auto function = [&](T& value) {
                    RC_ASSERT(dumped(value) == dumped(model.value));  // what is current
                    RC_ASSERT(value.cache == model.cache);
                    value = next;
                };
                const auto way = dice.below(4);
                if (way == 0) RC_ASSERT(history.commit(next));
                else if (way == 1) RC_ASSERT(history.commit(function));
                else if (way == 2) RC_ASSERT(history.amend(function));
                else if constexpr (named) RC_ASSERT(history.commit("join", function));
                else RC_ASSERT(history.amend(next));
                model.commit(next, way == 3 && named ? "join" : "", way == 2 || (way == 3 && (rule || !named)));
                break;
            }
            case 3:
            case 4: {
                T next = history.current();
                next.small = static_cast<std::int8_t>(dice.number());
                if constexpr (named) RC_ASSERT(history.set("small", field<"small">, next.small));
                else RC_ASSERT(history.set(field<"small">, next.small));
                model.commit(next, named ? "small" : "", false);
                break;
            }
            case 5: {
                T next = history.current();
                next.cache = static_cast<int>(dice.below(9));
                RC_ASSERT(history.set(field<"cache">, next.cache));
                model.commit(next, "", false);
                break;
            }
            case 6:
                RC_ASSERT_FALSE(history.commit([&](T& value) {  // what gives up leaves nothing
                    edit(value, dice);
                    return false;
                }));
                break;
            case 7: {
                T next = history.current();  // back to what was before
                next = model.steps[model.cursor > 0 ? model.cursor - 1 : 0].value;
                next.cache = model.cache;
                RC_ASSERT(history.amend(next));
                model.commit(next, "", true);
                break;
            }
            case 8: {
                const std::size_t position = dice.below(N.in_bytes > 0 ? 2 * history.size() : 2 * N.states);
                const auto gone = history.go_to(position);
                RC_ASSERT(gone.has_value() == (model.begins.empty() && position < model.steps.size()));
                if (gone) {
                    if (position != model.cursor) model.go(position);
                    witness.jumps += dumped(from) == dumped(model.value) ? 1 : 0;
                } else
                    RC_ASSERT(gone.error().code() == (model.begins.empty() ? Errc::no_such_element : Errc::group_open));
                break;
            }
            case 9:
                history.mark_saved();
                model.mark();
                break;
            case 10:
                if (groups.size() == 3) break;
                if constexpr (named) groups.emplace_back(new Group(history.group("group")));
                else groups.emplace_back(new Group(history.group()));
                model.begin(named ? "group" : "");
                break;
            case 11:
            case 12: {
                if (groups.empty()) break;
                const bool cancel = dice.below(2) == 1;
                if (cancel) {
                    if (groups.size() > 1) RC_ASSERT(groups[0]->cancel().error().code() == Errc::group_open);
                    RC_ASSERT(groups.back()->cancel());
                }
                groups.pop_back();
                model.end(cancel);
                break;
            }
            case 13:
            case 14: {
                const auto undone = history.undo();
                RC_ASSERT(undone.has_value() == model.can_undo());
                if (undone) model.go(model.cursor - 1);
                else RC_ASSERT(undone.error().code() == (groups.empty() ? Errc::nothing_to_undo : Errc::group_open));
                break;
            }
            default: {
                const auto redone = history.redo();
                RC_ASSERT(redone.has_value() == model.can_redo());
                if (redone) model.go(model.cursor + 1);
                else RC_ASSERT(redone.error().code() == (groups.empty() ? Errc::nothing_to_redo : Errc::group_open));
                break;
            }
        }
        if constexpr (in_place) {
            const bool too_many = model.steps.size() > history.size();
            if (too_many) RC_ASSERT(history.bytes() + 2 * sizeof(T) + 64 > N.in_bytes);
            while (model.steps.size() > history.size()) model.drop_oldest();
        }
        witness.expect(from, model.value);
        RC_ASSERT(dumped(history.current()) == dumped(model.value));
        RC_ASSERT(history.current().cache == model.cache);
        RC_ASSERT(history.size() == model.steps.size());
        RC_ASSERT(history.position() == model.cursor);
        RC_ASSERT(history.can_undo() == model.can_undo());
        RC_ASSERT(history.can_redo() == model.can_redo());
        RC_ASSERT(history.dirty() == model.dirty());
        RC_ASSERT(history.undo_name() == (model.can_undo() ? model.steps[model.cursor].name : ""));
        RC_ASSERT(history.redo_name() == (model.can_redo() ? model.steps[model.cursor + 1].name : ""));
        for (std::size_t i = 1; i < model.steps.size(); ++i) RC_ASSERT(history.name(i) == model.steps[i].name);
        if (groups.empty()) {
            const std::size_t looked = dice.below(model.steps.size());
            RC_ASSERT(dumped(*history.at(looked)) == dumped(model.steps[looked].value));
        }
    }
    if (watched) {
        RC_ASSERT(witness.before == witness.after);
        RC_ASSERT(witness.after >= witness.expected);
        RC_ASSERT(witness.after <= witness.expected + witness.jumps);
        RC_ASSERT(witness.small == witness.expected_small);
    }
    while (!groups.empty()) {
        groups.pop_back();
        model.end(false);
    }
    if constexpr (in_place)
        while (model.steps.size() > history.size()) model.drop_oldest();
    for (std::size_t i = 0; i < model.steps.size(); ++i) {
        RC_ASSERT(history.go_to(i));
        RC_ASSERT(dumped(history.current()) == dumped(model.steps[i].value));
    }
}

template <class T, stet::Limit N, class Kept>
bool check(const std::string& what) {
    return rc::check("History and a vector of whole values tell the same: " + what, [] {
        law<T, N, Kept>(*rc::gen::container<std::vector<std::uint8_t>>(400, rc::gen::arbitrary<std::uint8_t>()));
    });
}

}  // namespace

int main() {
    use_sequences(10, 100);
    bool all = check<Every, 1, stet::Changes>("every kind, 1");
    all &= check<Every, 5, stet::Changes>("every kind, 5");
    all &= check<Every, 64, stet::Changes>("every kind, 64");
    all &= check<Flat, 5, stet::Copies>("flat, 5 copies");
    all &= check<Flat, 3, stet::NamedCopies>("flat, 3 copies with names");
    all &= check<Flat, stet::bytes{sizeof(Flat) + 56}, stet::Deltas>("flat, few bytes");
    all &= check<Flat, stet::bytes{sizeof(Flat) + 240}, stet::Deltas>("flat, some bytes");
    all &= check<Flat, stet::bytes{4000}, stet::Automatic>("flat, many bytes");
    all &= check<Flat, 5, stet::Changes>("flat, 5 changes");
    all &= check<Flat, 2, stet::Changes>("flat, 2 changes");
    return all ? 0 : 1;
}
