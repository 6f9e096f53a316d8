// Versioned against a model that keeps whole values: random sequences of every verb, on a struct with containers and on
// a flat one; after each step both tell the same.

#include <stet/stet.hpp>

#include "cases.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

using stet::Errc;
using stet::Number;
using namespace std::chrono_literals;

struct Row {
    int id = 0;
    std::string text;
};
struct Rich {
    int number = 1;
    int other = 1;
    std::string text = "t";
    std::vector<int> list{1, 2};
    std::vector<Row> rows;
    std::map<std::string, int> map;
    std::optional<Row> maybe;
    int hits = 0;
    static constexpr auto schema() {
        using stet::field;
        return stet::fields(field<&Rich::number>(stet::in_range(0, 5)), field<&Rich::rows>(stet::keyed_by<&Row::id>),
                            field<&Rich::hits>(stet::transient),
                            stet::check<"number", "other">("other must not be below number",
                                                           [](int number, int other) { return number <= other + 3; }));
    }
};
struct Flat {
    int number = 1;
    int other = 1;
    std::array<int, 3> list{};
    std::optional<int> maybe;
    int hits = 0;
    static constexpr auto schema() {
        using stet::field;
        return stet::fields(field<&Flat::number>(stet::in_range(0, 5)), field<&Flat::hits>(stet::transient),
                            stet::check<"number", "other">("other must not be below number",
                                                           [](int number, int other) { return number <= other + 3; }));
    }
};

std::string dump(const Flat& v, bool hits = true) {
    std::string out = std::to_string(v.number) + ' ' + std::to_string(v.other) + " [";
    for (const int i : v.list) out += std::to_string(i) + ' ';
    return out + "] " + (v.maybe ? std::to_string(*v.maybe) : "none") + ' ' + (hits ? std::to_string(v.hits) : "");
}
std::string dump(const Rich& v, bool hits = true) {
    std::string out = std::to_string(v.number) + ' ' + std::to_string(v.other) + " [" + v.text + "] [";
    for (const int i : v.list) out += std::to_string(i) + ' ';
    out += "] [";
    for (const Row& row : v.rows) out += std::to_string(row.id) + '=' + row.text + ' ';
    out += "] [";
    for (const auto& [key, mapped] : v.map) out += key + '=' + std::to_string(mapped) + ' ';
    out += "] " + (v.maybe ? std::to_string(v.maybe->id) + '=' + v.maybe->text : "none");
    return out + ' ' + (hits ? std::to_string(v.hits) : "");
}
bool keeps_keys(const Flat&) { return true; }
bool keeps_keys(const Rich& v) {
    for (const Row& row : v.rows)
        for (const Row& other : v.rows)
            if (&row != &other && row.id == other.id) return false;
    return true;
}
bool keeps_rules(const auto& v) { return v.number >= 0 && v.number <= 5 && v.number <= v.other + 3 && keeps_keys(v); }

using Dice = std::vector<int>;
struct Roll {
    const Dice& dice;
    std::size_t at = 0;
    int below(int n) { return at < dice.size() ? dice[at++] % n : 0; }
    bool more() const { return at < dice.size(); }
};
std::string word(Roll& roll) {
    const char* const words[] = {"", "a", "b", "a text that is too long for the place inside a string"};
    return words[roll.below(4)];
}

void edit(Flat& v, Roll& roll) {
    switch (roll.below(6)) {
        case 0:
            v.number = roll.below(8) - 1;
            break;
        case 1:
            v.other = roll.below(6) - 3;
            break;
        case 2:
            v.list[static_cast<std::size_t>(roll.below(3))] = roll.below(4);
            break;
        case 3:
            v.maybe = roll.below(3);
            break;
        case 4:
            v.maybe.reset();
            break;
        default:
            v.hits = roll.below(9);
            break;
    }
}
void edit(Rich& v, Roll& roll) {
    switch (roll.below(12)) {
        case 0:
            v.number = roll.below(8) - 1;
            break;
        case 1:
            v.other = roll.below(6) - 3;
            break;
        case 2:
            v.text = word(roll);
            break;
        case 3:
            v.list.insert(v.list.begin() + roll.below(static_cast<int>(v.list.size()) + 1), roll.below(4));
            break;
        case 4:
            if (!v.list.empty()) v.list.erase(v.list.begin() + roll.below(static_cast<int>(v.list.size())));
            break;
        case 5:
            v.rows.insert(v.rows.begin(), {static_cast<int>(v.rows.size()), word(roll)});
            break;
        case 6:
            if (!v.rows.empty()) v.rows.erase(v.rows.begin() + roll.below(static_cast<int>(v.rows.size())));
            break;
        case 7:
            if (!v.rows.empty())
                v.rows[static_cast<std::size_t>(roll.below(static_cast<int>(v.rows.size())))].text = word(roll);
            break;
        case 8:
            v.map[word(roll)] = roll.below(3);
            break;
        case 9:
            v.map.erase(word(roll));
            break;
        case 10:
            if (v.maybe && roll.below(2) == 0) v.maybe.reset();
            else v.maybe = Row{roll.below(3), word(roll)};
            break;
        default:
            v.hits = roll.below(9);
            break;
    }
}

struct Clock {
    stet::Time time = 1'700'000'000'000'000'000;
    stet::Time now() const { return time; }
};

// What a Versioned does, with whole values and no cleverness.
template <class T>
struct Model {
    struct Kept {
        T value;
        Number previous = 0;
        stet::Origin origin;
        T before;  // of the revision before it
    };
    T current{};
    Number head = 0;
    std::size_t limit;
    std::map<Number, Kept> all;  // that is kept
    std::vector<stet::Pin> pins;
    std::vector<stet::Outcome> audit;
    bool waiting = false;  // is the head a provisional commit?

    explicit Model(std::size_t most) : limit(most) { add(current, {stet::Origin::create, 0, 0}); }

    std::size_t most() const { return waiting ? limit + 1 : limit; }  // what may come back does not count
    void add(const T& next, stet::Origin origin, bool waits = false) {
        all.insert_or_assign(head + 1, Kept{next, head, origin, head == 0 ? next : current});
        ++head;
        current = next;
        waiting = waits;
        drop(most());
        audit.push_back(stet::Outcome::done);
    }
    // The head stays, and what is pinned; of the others the newest `keep`, and none that is older than one that went.
    std::size_t drop(std::size_t keep) {
        std::size_t counted = 0;
        std::size_t dropped = 0;
        bool gap = false;
        for (Number number = head; number > 0; --number) {
            gap = gap || !all.contains(number);
            if (!all.contains(number) || is_pinned(number)) continue;
            if (number != head && (gap || counted >= keep)) {
                gap = true;
                all.erase(number);
                ++dropped;
            } else ++counted;
        }
        return dropped;
    }
    // Is it in the unbroken run that ends at the head?
    bool in_run(Number number) const {
        for (; number < head; ++number)
            if (!all.contains(number)) return false;
        return all.contains(number);
    }
    bool refused() { return audit.push_back(stet::Outcome::refused), false; }
    bool same(const T& a, const T& b) const { return dump(a, false) == dump(b, false); }

    bool put(T next, stet::Origin origin, bool force = false, bool waits = false) {
        if (same(next, current) && !force) {
            current = next;
            audit.push_back(stet::Outcome::unchanged);
            return true;
        }
        if (!keeps_rules(next)) return refused();
        add(next, origin, waits);
        return true;
    }
    bool kept(Number number) const { return all.contains(number); }
    bool is_pinned(Number number) const {
        for (const auto& pin : pins)
            if (pin.number == number) return true;
        return false;
    }
    T at(Number number) const {
        T value = all.at(number).value;
        value.hits = current.hits;
        return value;
    }
    bool rollback_to(Number number) {
        if (!kept(number)) return refused();
        return put(at(number), {stet::Origin::rollback, head, number});
    }
    // What was confirmed follows what was there before; what was taken back never was.
    Number previous(Number of) const {
        const Kept& kept = all.at(of);
        if (kept.origin.kind == stet::Origin::confirm) return kept.origin.to;
        if (kept.origin.kind != stet::Origin::take_back) return kept.previous;
        return all.contains(kept.origin.to) ? previous(kept.origin.to) : kept.origin.to - 1;
    }
    bool confirm(Number token) {
        const auto is = [&](Number number, stet::Origin::Kind kind) {
            return kept(number) && all.at(number).origin.kind == kind;
        };
        if (waiting && token == head) {
            add(current, {stet::Origin::confirm, token, token - 1});
            return true;
        }
        const bool confirmed = is(token + 1, stet::Origin::confirm) && all.at(token + 1).origin.from == token;
        if (!confirmed && (token != head || is(head, stet::Origin::take_back))) return refused();
        audit.push_back(stet::Outcome::unchanged);
        return true;
    }
    bool take_back() {
        if (!waiting) return refused();
        T before = all.at(head).before;
        before.hits = current.hits;
        add(before, {stet::Origin::take_back, head, head - 1});
        return true;
    }
    std::size_t prune(std::size_t keep) {
        if (waiting && !is_pinned(head - 1)) keep = (keep == 0 && !is_pinned(head) ? 1 : keep) + 1;
        return drop(keep);
    }
};

template <class T>
bool law(const Dice& dice) {
    constexpr std::size_t limit = 5;
    stet::Versioned<T, stet::Memory<T, limit>, stet::AuditLog, Clock> versioned(T{}, {}, stet::AuditLog{}, Clock{});
    Model<T> model(limit);
    Roll roll{dice};
    std::optional<stet::Plan<T>> plan;
    T planned{};
    const auto number = [&] { return static_cast<Number>(roll.below(static_cast<int>(model.head) + 2)); };
    const auto agrees = [&](const auto& result, bool expected) {
        RC_ASSERT(result.has_value() == expected);
        if constexpr (std::is_same_v<typename std::remove_cvref_t<decltype(result)>::value_type, Number>)
            if (expected) RC_ASSERT(*result == model.head);
    };
    for (int steps = 0; roll.more() && steps < 60; ++steps) {
        const std::string name(1, static_cast<char>('a' + roll.below(4)));
        const int what = roll.below(20);
        if (model.waiting && (what <= 10 || what == 15)) {  // nothing else makes a revision
            const auto result = what < 3    ? versioned.commit([](T& v) { ++v.number; })
                                : what < 5  ? versioned.set("number", 3)
                                : what < 8  ? versioned.rollback()
                                : what < 10 ? versioned.rollback_to(number())
                                            : versioned.revert(number());
            RC_ASSERT(result.error().code() == Errc::provisional);
            model.refused();
            continue;
        }
        switch (what) {
            case 0:
            case 1:
            case 2:
            case 3: {  // commit
                T next = model.current;
                for (int edits = 1 + roll.below(3); edits > 0; --edits) edit(next, roll);
                const bool force = roll.below(8) == 1;
                const bool by_value = roll.below(2) == 1;
                const stet::Change change{.force = force};
                const std::string before = dump(model.current);
                const bool gives_up = roll.below(8) == 1;
                if (gives_up) {
                    const auto answer = versioned.commit([&](T& v) {
                        v = next;
                        return false;
                    });
                    RC_ASSERT(answer.error().code() == Errc::gave_up);
                    model.refused();
                    break;
                }
                const bool expected = model.put(next, {stet::Origin::commit, 0, 0}, force);
                if (by_value) agrees(versioned.commit(next, change), expected);
                else
                    agrees(versioned.commit(
                               [&](T& v) {
                                   RC_ASSERT(dump(v) == before);  // what the function is given is what is in force
                                   v = next;
                               },
                               change),
                           expected);
                break;
            }
            case 4: {  // set a number, by name or path
                T next = model.current;
                next.number = roll.below(8) - 1;
                const bool expected = model.put(next, {stet::Origin::commit, 0, 0});
                if (roll.below(2) == 1) agrees(versioned.set(stet::field<"number">, next.number), expected);
                else agrees(versioned.set("number", next.number), expected);
                break;
            }
            case 5: {  // set what is not versioned
                T next = model.current;
                next.hits = roll.below(9);
                const bool expected = model.put(next, {stet::Origin::commit, 0, 0});
                if (roll.below(2) == 1) agrees(versioned.set(stet::field<"hits">, next.hits), expected);
                else agrees(versioned.set("hits", next.hits), expected);
                break;
            }
            case 6: {  // set an element
                T next = model.current;
                const auto index = static_cast<std::size_t>(roll.below(4));
                const bool there = index < next.list.size();
                if (there) next.list[index] = 7;
                const bool expected = there ? model.put(next, {stet::Origin::commit, 0, 0}) : model.refused();
                agrees(versioned.set("list[" + std::to_string(index) + "]", 7), expected);
                break;
            }
            case 7: {  // rollback
                const bool expected = model.rollback_to(model.previous(model.head));
                agrees(versioned.rollback(), expected);
                break;
            }
            case 8: {  // rollback_to
                const Number to = number();
                const auto code = to == 0 || to > model.head ? Errc::no_such_revision : Errc::revision_pruned;
                const bool known = model.kept(to);
                const bool expected = model.rollback_to(to);
                const auto result = versioned.rollback_to(to);
                agrees(result, expected);
                if (!expected) RC_ASSERT(result.error().code() == (known ? Errc::rule_broken : code));
                break;
            }
            case 9: {  // rollback_to a name
                std::optional<Number> to;
                for (const auto& pin : model.pins)
                    if (pin.name == name) to = pin.number;
                const bool expected = to ? model.rollback_to(*to) : model.refused();
                agrees(versioned.rollback_to(name), expected);
                break;
            }
            case 10: {  // revert: of the head always; of an earlier one as a merge of whole fields would, or not at all
                const Number named = number();
                const bool confirms = model.kept(named) && model.all.at(named).origin.kind == stet::Origin::confirm;
                const Number of = confirms ? named - 1 : named;  // what was confirmed
                const std::string before = dump(versioned.current());
                const auto result = versioned.revert(named, {.author = "revert"});
                if (!model.kept(of) || of == 1) {  // nothing comes before the first
                    RC_ASSERT_FALSE(result.has_value());
                    model.refused();
                } else if (!model.in_run(of) && !model.kept(of - 1)) {  // nobody knows what it changed
                    RC_ASSERT(result.error().code() == Errc::revision_pruned);
                    RC_ASSERT(result.error().expected() == of - 1);
                    model.refused();
                } else if (of == model.head) {
                    T next = model.all.at(of).before;
                    next.hits = model.current.hits;
                    agrees(result, model.put(next, {stet::Origin::revert, of, 0}));
                } else if (result) {
                    T next = versioned.current();
                    const auto made = model.all.at(of);
                    const auto one = [](const auto& was, const auto& is, const auto& now, const auto& after) {
                        if (was != is) RC_ASSERT((now == is || now == was) && after == was);  // or it is undone already
                        else RC_ASSERT(now == after);
                    };
                    one(made.before.number, made.value.number, model.current.number, next.number);
                    one(made.before.other, made.value.other, model.current.other, next.other);
                    RC_ASSERT(next.hits == model.current.hits);
                    RC_ASSERT(model.put(next, {stet::Origin::revert, of, 0}));
                } else {
                    RC_ASSERT(dump(versioned.current()) == before);
                    model.refused();
                }
                break;
            }
            case 11: {  // snapshot
                bool taken = false;
                for (const auto& pin : model.pins) taken = taken || pin.name == name;
                if (!taken) {
                    model.pins.push_back({name, model.head});
                    model.audit.push_back(stet::Outcome::done);
                } else model.refused();
                agrees(versioned.snapshot(name), !taken);
                break;
            }
            case 12: {  // release
                const bool was = std::erase_if(model.pins, [&](const stet::Pin& pin) { return pin.name == name; }) != 0;
                if (was) {
                    model.drop(model.most());
                    model.audit.push_back(stet::Outcome::done);
                } else model.refused();
                agrees(versioned.release(name), was);
                break;
            }
            case 13: {  // prune
                const auto keep = static_cast<std::size_t>(roll.below(6));
                const std::size_t dropped = model.prune(keep);
                model.audit.push_back(dropped == 0 ? stet::Outcome::unchanged : stet::Outcome::done);
                RC_ASSERT(versioned.prune(keep) == dropped);
                break;
            }
            case 14: {  // plan
                const Number to = number();
                const std::string before = dump(versioned.current());
                if (roll.below(2) == 0) {
                    const auto made = versioned.plan_rollback(to);
                    RC_ASSERT(made.has_value() == model.kept(to));
                    if (made) planned = model.at(to);
                    if (made) plan.emplace(*made);
                } else {
                    T next = model.current;
                    edit(next, roll);
                    next.hits = model.current.hits;
                    const auto made = versioned.plan_commit(next);
                    RC_ASSERT(made.has_value());
                    planned = next;
                    plan.emplace(*made);
                }
                RC_ASSERT(dump(versioned.current()) == before);
                break;
            }
            case 16:
            case 17: {  // for a while
                T next = model.current;
                for (int edits = 1 + roll.below(3); edits > 0; --edits) edit(next, roll);
                if (model.waiting) {
                    RC_ASSERT(versioned.commit_confirmed(next, 1s).error().code() == Errc::provisional);
                    model.refused();
                    break;
                }
                const bool expected = model.put(next, {stet::Origin::commit, 0, 0}, false, true);
                agrees(versioned.commit_confirmed(next, 1s), expected);
                break;
            }
            case 18: {
                const Number token = roll.below(3) == 0 ? number() : model.head;
                const bool expected = model.confirm(token);
                agrees(versioned.confirm(token), expected);
                break;
            }
            case 19: {
                const bool expected = model.take_back();
                if (expected && roll.below(2) == 0) {
                    versioned.clock().time += 1'000'000'000;
                    RC_ASSERT(versioned.poll() == true);
                } else {
                    RC_ASSERT(versioned.poll() == false);
                    agrees(versioned.take_back(), expected);
                }
                break;
            }
            default: {  // execute: exactly what was shown, or expired
                if (!plan) break;
                const auto result = versioned.execute(*plan);
                if (plan->base() != model.head) {
                    RC_ASSERT(result.error().code() == Errc::plan_expired);
                    model.refused();
                } else {
                    planned.hits = model.current.hits;
                    const Number head = model.head;
                    const auto shown = stet::apply(plan->patch(), model.current);
                    RC_ASSERT(shown.has_value());
                    RC_ASSERT(model.same(*shown, planned));
                    const bool expected = model.put(planned, plan->origin());
                    RC_ASSERT(expected != plan->violations().refuse());
                    agrees(result, expected);
                    if (expected && model.head != head) {
                        const auto done = versioned.diff(head, model.head);
                        if (done) RC_ASSERT(done->leaves() == plan->patch().leaves());  // two scripts may differ
                    }
                }
            }
        }
        // both tell the same
        RC_ASSERT(versioned.head() == model.head);
        RC_ASSERT(dump(versioned.current()) == dump(model.current));
        RC_ASSERT(versioned.snapshots() == model.pins);
        std::vector<Number> listed;
        for (const auto& revision : versioned.history()) {
            listed.push_back(revision.number);
            RC_ASSERT(dump(versioned.at(revision.number)->value()) == dump(model.at(revision.number)));
            RC_ASSERT(revision.previous == model.all.at(revision.number).previous);
            RC_ASSERT(revision.origin == model.all.at(revision.number).origin);
        }
        std::vector<Number> expected;
        for (Number n = model.head; n > 0; --n)
            if (model.kept(n)) expected.push_back(n);
        RC_ASSERT(listed == expected);
        RC_ASSERT(versioned.size() == listed.size());
        if (const Number from = number(), to = number(); model.kept(from) && model.kept(to)) {
            const auto patch = versioned.diff(from, to);
            RC_ASSERT(patch.has_value());
            const auto applied = stet::apply(*patch, model.at(from));
            RC_ASSERT(applied.has_value());
            RC_ASSERT(dump(*applied) == dump(model.at(to)));
        }
        const auto& records = versioned.audit().records();
        RC_ASSERT(records.size() == model.audit.size());
        for (std::size_t i = 0; i < records.size(); ++i) {
            RC_ASSERT(records[i].sequence == i + 1);
            RC_ASSERT(records[i].outcome == model.audit[i]);
        }
    }
    return true;
}

template <class T>
bool check(const std::string& what) {
    return rc::check("Versioned and a model of whole values tell the same: " + what, [] {
        const auto dice = *rc::gen::resize(600, rc::gen::container<Dice>(600, rc::gen::inRange(0, 1 << 20)));
        RC_ASSERT(law<T>(dice));
    });
}

}  // namespace

int main() {
    use_sequences(2, 600);
    const bool rich = check<Rich>("a struct with containers");
    const bool flat = check<Flat>("a flat struct");
    return rich && flat ? 0 : 1;
}
