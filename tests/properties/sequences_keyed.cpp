// Sequences whose elements have a key, edited by position: the recorded patch does what the diff of before and after
// does, alone and where it is merged with another one by key.

#include <stet/patch/edit.hpp>
#include <stet/patch/merge_records.hpp>
#include <stet/render/text.hpp>

#include "cases.hpp"

#include <rapidcheck.h>

#include <compare>
#include <cstdint>
#include <deque>
#include <iterator>
#include <list>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

using stet::field;
using stet::text;

struct Id {
    int series = 0;
    int number = 0;
    auto operator<=>(const Id&) const = default;
};
struct Part {
    std::string id;
    int weight = 0;
};
struct Row {
    int number = 0;
    Id id;
    std::string label;
    std::vector<Part> parts;
    static constexpr auto schema() { return stet::fields(field<&Row::parts>(stet::keyed_by<&Part::id>)); }
};
template <template <class...> class Sequence>
struct Table {
    Sequence<Row> rows;
    static constexpr auto schema() { return stet::fields(field<&Table::rows>(stet::keyed_by<&Row::id>)); }
};

using Bytes = std::vector<std::uint8_t>;
struct Dice {
    const Bytes& bytes;
    std::size_t at = 0;
    std::size_t below(std::size_t count) { return count > 0 && at < bytes.size() ? bytes[at++] % count : 0; }
    int number(std::size_t count) { return static_cast<int>(below(count)); }
    bool more() const { return at < bytes.size(); }
};

template <class All, class Key>
bool is_free(const All& all, const Key& id) {
    for (const auto& one : all)
        if (one.id == id) return false;
    return true;
}
template <class All>
const auto& nth(const All& all, std::size_t at) {
    return *std::next(all.begin(), static_cast<std::ptrdiff_t>(at));
}
Id some_id(Dice& dice) { return {dice.number(2), dice.number(10)}; }
std::string some_name(Dice& dice) { return std::string(1, static_cast<char>('a' + dice.below(6))); }

// One edit by position of elements with `id`, whose keys stay unique; `change` makes one of what else they hold.
template <class C, class E, class Change, class Rename>
void edit_elements(const C& cursor, const E& made, Dice& dice, const Rename& rename, const Change& change) {
    const auto& now = cursor.current();
    const bool free = is_free(now, made.id);
    const std::size_t what = dice.below(10);
    const std::size_t at = dice.below(now.size() + (what < 2 ? 1 : 0));
    if (what < 2) {
        if (free && what == 0) cursor.insert(at, made);
        else if (free) cursor.push_back(made);
    } else if (now.size() == 0) {
        return;
    } else if (what == 2) {
        cursor.erase(at);
    } else if (what == 3) {
        cursor.swap(at, dice.below(now.size()));
    } else if (what < 6) {
        if (free || made.id == nth(now, at).id) rename(cursor[at], at, made.id);
    } else if (what == 6) {
        E whole = made;
        if (!free) whole.id = nth(now, at).id;
        cursor[at].assign(whole);
    } else if (what == 7) {
        change(cursor.at_key(nth(now, at).id));
    } else change(cursor[at]);
}
template <class E>
void edit_once(const E& edit, Dice& dice) {
    const Part part{some_name(dice), dice.number(4)};
    Row row{dice.number(4), some_id(dice), some_name(dice), {part}};
    const auto rename = [&](const auto& at, std::size_t index, const Id& id) {
        const std::string path = "rows[" + std::to_string(index) + "].id.";
        switch (dice.below(4)) {
            case 0:
                return at.set(field<"id">, id);
            case 1:
                return at.at(field<"id">).set(field<"number">, id.number);
            case 2:
                at.set(field<"id.series">, id.series);
                return at.set(field<"id.number">, id.number);
            default:
                edit.set(path + "series", id.series);
                edit.set(path + "number", id.number);
        }
    };
    // half of the key may have been set where the whole of it is free
    const auto unique_rename = [&](const auto& at, std::size_t index, Id id) {
        const Id was = at.current().id;
        const auto& all = edit.current().rows;
        for (const Id half : {Id{was.series, id.number}, Id{id.series, was.number}})
            if (half != was && !is_free(all, half)) return at.set(field<"id">, id);
        rename(at, index, id);
    };
    edit_elements(edit.at(field<"rows">), row, dice, unique_rename, [&](const auto& at) {
        const std::size_t what = dice.below(4);
        if (what == 0) return at.set(field<"number">, row.number);
        if (what == 1) return at.at(field<"label">).assign(row.label);
        edit_elements(
            at.at(field<"parts">), part, dice,
            [&](const auto& inner, std::size_t, const std::string& id) {
                if (dice.below(2) == 0) inner.set(field<"id">, id);
                else inner.at(field<"id">).assign(id);
            },
            [&](const auto& inner) { inner.set(field<"weight">, part.weight); });
    });
}

template <class T>
struct Two {
    T after;
    stet::Patch<T> recorded, compared;
};
template <class T>
Two<T> edited(const T& base, const Bytes& script, std::size_t most) {
    T value = base;
    auto patch = stet::edit_in_place(value, [&](auto& edit) {
        Dice dice{script};
        for (std::size_t i = 0; i < most && dice.more(); ++i) edit_once(edit, dice);
    });
    RC_ASSERT(patch.has_value());
    stet::Patch<T> compared = stet::diff(base, value);
    return {std::move(value), *std::move(patch), std::move(compared)};
}

template <class T>
T table(const Bytes& bytes) {
    T made;
    for (const std::uint8_t byte : bytes) {
        Row row{byte % 4, {byte % 2, byte % 10}, "", {{"a", 1}, {"b", byte % 3}, {"c", 0}}};
        if (made.rows.size() < 8 && is_free(made.rows, row.id)) made.rows.push_back(std::move(row));
    }
    return made;
}

template <class T>
std::string seen(const stet::Merge<T>& merge) {
    std::string all;
    for (const auto& conflict : merge.conflicts()) stet::Writer(all) << conflict << '\n';
    return all;
}

template <class T>
std::multiset<std::string> open(const stet::Merge<T>& merge) {
    std::multiset<std::string> all;
    for (const auto& conflict : merge.conflicts())
        if (conflict.open()) all.insert(conflict.base() + conflict.ours() + conflict.theirs());
    return all;
}
template <class T>
std::multiset<std::string> unordered(const T& table) {
    std::multiset<std::string> all;
    for (const Row& row : table.rows) {
        const std::string id = std::to_string(row.id.series) + ' ' + std::to_string(row.id.number) + ' ';
        all.insert(id + std::to_string(row.number) + row.label);
        for (const Part& part : row.parts) all.insert(id + part.id + std::to_string(part.weight));
    }
    return all;
}

template <class T>
bool laws(const std::string& of) {
    bool all = true;
    const auto law = [&](const std::string& what, auto property) {
        all = rc::check(of + ": " + what, property) && all;
    };
    law("one edit by position is recorded as a diff finds it", [](const Bytes& rows, const Bytes& script) {
        const Two<T> two = edited(table<T>(rows), script, 1);
        RC_ASSERT(text(two.recorded) == text(two.compared));
    });
    law("edits by position lead where they led, and back", [](const Bytes& rows, const Bytes& script) {
        const T base = table<T>(rows);
        const Two<T> two = edited(base, script, 20);
        const auto there = stet::apply(two.recorded, base);
        RC_ASSERT(there.has_value());
        RC_ASSERT(stet::equal(*there, two.after));
        const auto back = stet::apply(two.recorded.inverted(), two.after);
        RC_ASSERT(back.has_value());
        RC_ASSERT(stet::equal(*back, base));
    });
    law("edits by position that are given up leave everything as it was", [](const Bytes& rows, const Bytes& script) {
        const T base = table<T>(rows);
        T value = base;
        const auto made = stet::edit_in_place(value, [&](auto& edit) {
            Dice dice{script};
            while (dice.more()) edit_once(edit, dice);
            return false;
        });
        RC_ASSERT(!made.has_value());
        RC_ASSERT(stet::equal(value, base));
    });
    law("an edit by position merges by key as the diff does",
        [](const Bytes& rows, const Bytes& script, const Bytes& other) {
            const T base = table<T>(rows);
            const Two<T> ours = edited(base, script, 1);
            const Two<T> theirs = edited(base, other, 1);
            const auto recorded = stet::rebase(theirs.recorded, ours.recorded);
            const auto compared = stet::rebase(theirs.compared, ours.compared);
            RC_ASSERT(seen(recorded) == seen(compared));
            const auto a = stet::apply(recorded.patch(), ours.after);
            const auto b = stet::apply(compared.patch(), ours.after);
            RC_ASSERT(a.has_value());
            RC_ASSERT(b.has_value());
            RC_ASSERT(stet::equal(*a, *b));
        });
    law("many edits by position merge to the same elements as the diff does, with the same open conflicts",
        [](const Bytes& rows, const Bytes& script, const Bytes& other) {
            const T base = table<T>(rows);
            const Two<T> ours = edited(base, script, 6);
            const Two<T> theirs = edited(base, other, 6);
            const auto recorded = stet::rebase(theirs.recorded, ours.recorded);
            const auto compared = stet::rebase(theirs.compared, ours.compared);
            RC_ASSERT(open(recorded) == open(compared));
            RC_ASSERT(unordered(*stet::apply(recorded.patch(), ours.after)) ==
                      unordered(*stet::apply(compared.patch(), ours.after)));
        });
    return all;
}

}  // namespace

int main() {
    use_cases();
    const bool vectors = laws<Table<std::vector>>("vector");
    const bool deques = laws<Table<std::deque>>("deque");
    const bool lists = laws<Table<std::list>>("list");
    return vectors && deques && lists ? 0 : 1;
}
