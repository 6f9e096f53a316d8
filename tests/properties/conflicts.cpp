// Does merge find the conflicts that are there, and no others? Random merges and reverts, each labelled by brute force:
// the edits of both sides, addressed by identity, are carried out in both orders on plain text, without the library. If
// each finds what it is about, and both orders end in the same, the merge is to be clean and to end there as well;
// otherwise something would be lost, and the merge has to say so. As these are exact, so are the counts of conflicts.

#include <stet/patch/merge_records.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace {

struct Point {
    int x = 0;
    int y = 0;
};
struct Entry {
    int count = 0;
    std::string note;
};
struct Item {
    int id = 0;
    std::string name;
    int weight = 0;
};
struct Document {
    int number = 0;
    std::string text;
    Point point;
    std::optional<Entry> maybe;
    std::map<std::string, Entry> entries;
    std::set<std::string> members;
    std::vector<Item> items;
    std::array<int, 3> numbers{};
    std::variant<int, std::string> either;

    static constexpr auto schema() { return stet::fields(stet::field<&Document::items>(stet::keyed_by<&Item::id>)); }
};

// ---- what happens to a document

class Dice {
public:
    explicit Dice(std::uint32_t seed) : bits_(seed) {}
    std::size_t below(std::size_t count) { return bits_() % count; }
    int number() { return static_cast<int>(below(4)); }
    std::string text() { return {static_cast<char>('p' + below(4))}; }

private:
    std::mt19937 bits_;  // the same numbers everywhere
};

constexpr std::size_t parts = 9;

void edit(Entry& entry, Dice& dice) {
    if (dice.below(2) == 0) entry.count = dice.number();
    else entry.note = dice.text();
}
void edit_items(std::vector<Item>& items, Dice& dice) {
    const int id = static_cast<int>(1 + dice.below(6));
    const auto at = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
    const auto place = [&] { return items.begin() + static_cast<std::ptrdiff_t>(dice.below(items.size() + 1)); };
    if (at == items.end()) {
        items.insert(place(), Item{id, dice.text(), dice.number()});
        return;
    }
    switch (dice.below(4)) {
        case 0:
            items.erase(at);
            break;
        case 1: {
            Item moved = *at;
            items.erase(at);
            items.insert(place(), std::move(moved));
            break;
        }
        case 2:
            at->name = dice.text();
            break;
        default:
            at->weight = dice.number();
    }
}
void edit(Document& d, std::size_t part, Dice& dice) {
    switch (part) {
        case 0:
            d.number = dice.number();
            break;
        case 1:
            d.text = dice.text();
            break;
        case 2:
            (dice.below(2) == 0 ? d.point.x : d.point.y) = dice.number();
            break;
        case 3:
            if (!d.maybe.has_value()) d.maybe = Entry{dice.number(), dice.text()};
            else if (dice.below(3) == 0) d.maybe.reset();
            else edit(*d.maybe, dice);
            break;
        case 4: {
            const std::string key = dice.text();
            const auto at = d.entries.find(key);
            if (at == d.entries.end()) d.entries[key] = Entry{dice.number(), dice.text()};
            else if (dice.below(3) == 0) d.entries.erase(at);
            else edit(at->second, dice);
            break;
        }
        case 5: {
            const std::string member = dice.text();
            if (d.members.erase(member) == 0) d.members.insert(member);
            break;
        }
        case 6:
            edit_items(d.items, dice);
            break;
        case 7:
            d.numbers[dice.below(3)] = dice.number();
            break;
        default:
            if (dice.below(2) == 0) d.either = dice.number();
            else d.either = dice.text();
    }
}
Document edited(Document document, std::size_t edits, std::size_t focus, Dice& dice) {
    for (; edits > 0; --edits) edit(document, focus < parts ? focus : dice.below(parts), dice);
    return document;
}

// ---- documents as text: things that are there or not, each with its fields, and the order of the items

using Fields = std::map<std::string, std::string>;
struct Plain {
    std::map<std::string, Fields> things;
    std::vector<int> order;
};

std::string item_name(int id) { return "items #" + std::to_string(id); }

Plain plain(const Document& d) {
    Plain result;
    const auto entry = [](const Entry& e) { return Fields{{"count", std::to_string(e.count)}, {"note", e.note}}; };
    Fields& own = result.things["document"];
    own = {{"number", std::to_string(d.number)},
           {"text", d.text},
           {"point.x", std::to_string(d.point.x)},
           {"point.y", std::to_string(d.point.y)},
           {"either", d.either.index() == 0 ? "0 " + std::to_string(std::get<0>(d.either)) : std::get<1>(d.either)}};
    for (std::size_t i = 0; i < d.numbers.size(); ++i)
        own["numbers " + std::to_string(i)] = std::to_string(d.numbers[i]);
    if (d.maybe.has_value()) result.things["maybe"] = entry(*d.maybe);
    for (const auto& [key, value] : d.entries) result.things["entries " + key] = entry(value);
    for (const std::string& member : d.members) result.things["members " + member] = {};
    for (const Item& item : d.items) {
        result.things[item_name(item.id)] = {{"name", item.name}, {"weight", std::to_string(item.weight)}};
        result.order.push_back(item.id);
    }
    return result;
}

// ---- edits of that

struct Edit {
    enum class What : std::uint8_t { set, erase, put } what;
    std::string thing, field, value;
    Fields fields;
    bool operator==(const Edit&) const = default;
};
using EditList = std::vector<Edit>;
using Ids = std::vector<int>;

bool holds(const Ids& ids, int id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

// Only the net effect.
EditList net(const Plain& from, const Plain& to) {
    EditList edits;
    for (const auto& [name, fields] : from.things) {
        const auto now = to.things.find(name);
        if (now == to.things.end()) edits.push_back({Edit::What::erase, name, {}, {}, {}});
        else
            for (const auto& [field, value] : fields)
                if (now->second.at(field) != value)
                    edits.push_back({Edit::What::set, name, field, now->second.at(field), {}});
    }
    for (const auto& [name, fields] : to.things)
        if (!from.things.contains(name)) edits.push_back({Edit::What::put, name, {}, {}, fields});
    return edits;
}

// False if what it is about is not there, or there already.
bool carry_out(const Edit& edit, std::map<std::string, Fields>& things) {
    if (edit.what == Edit::What::put) return things.try_emplace(edit.thing, edit.fields).second;
    const auto at = things.find(edit.thing);
    if (at == things.end()) return false;
    if (edit.what == Edit::What::erase) things.erase(at);
    else at->second[edit.field] = edit.value;
    return true;
}
bool carry_out(const EditList& edits, std::map<std::string, Fields>& things) {
    return std::all_of(edits.begin(), edits.end(), [&](const Edit& edit) { return carry_out(edit, things); });
}

// What is about the same.
bool meet(const Edit& a, const Edit& b) {
    return a.thing == b.thing && (a.what != Edit::What::set || b.what != Edit::What::set || a.field == b.field);
}
std::string spot(const Edit& a, const Edit& b) {
    return a.what == Edit::What::set && b.what == Edit::What::set ? a.thing + ' ' + a.field : a.thing;
}

// ---- the order of the items

// All smallest sets of items that, put elsewhere, make one order of the other.
std::vector<Ids> moves(const Ids& from, const Ids& to) {
    Ids both;
    for (const int id : from)
        if (holds(to, id)) both.push_back(id);
    std::vector<Ids> found;
    for (std::size_t chosen = 0; chosen < (std::size_t{1} << both.size()); ++chosen) {
        Ids moved;
        Ids stay;
        for (std::size_t i = 0; i < both.size(); ++i) ((chosen >> i & 1) != 0 ? moved : stay).push_back(both[i]);
        Ids now;
        for (const int id : to)
            if (holds(stay, id)) now.push_back(id);
        if (now != stay || (!found.empty() && moved.size() > found[0].size())) continue;
        if (!found.empty() && moved.size() < found[0].size()) found.clear();
        found.push_back(moved);
    }
    return found;
}

// Behind what it is behind on its side, as far as that is there and the other side has not moved it.
void put_item(Ids& order, int id, const Ids& side, const Ids& moved_by_other) {
    std::erase(order, id);
    auto at = order.begin();
    for (const int other : side) {
        if (other == id) break;
        if (holds(moved_by_other, other)) continue;
        const auto found = std::find(order.begin(), order.end(), other);
        if (found != order.end()) at = found + 1;
    }
    order.insert(at, id);
}

struct Way {  // one way to read what a side did to the order
    Ids moved, put, erased;
    const Ids& order;
};
void carry_out(const Way& way, const Way& other, const Ids& there_already, Ids& order) {
    for (const int id : way.erased) std::erase(order, id);
    for (const int id : way.order) {
        const bool put = holds(way.put, id) && !holds(there_already, id);
        if (put || (holds(way.moved, id) && holds(order, id))) put_item(order, id, way.order, other.moved);
    }
}

enum class Order : std::uint8_t { same, open, lost };

Order judge(const Ids& base, const Way& ours, const Way& theirs, Ids& result) {
    const auto any = [](const Ids& some, const Ids& others) {
        return std::any_of(some.begin(), some.end(), [&](int id) { return holds(others, id); });
    };
    if (any(ours.moved, theirs.erased) || any(theirs.moved, ours.erased)) return Order::lost;
    result = base;
    carry_out(ours, theirs, {}, result);
    carry_out(theirs, ours, ours.put, result);
    Ids other = base;
    carry_out(theirs, ours, {}, other);
    carry_out(ours, theirs, theirs.put, other);
    // What only one side put somewhere stands where it was put; but what both moved?
    const auto settled = [&](Ids order) {
        std::erase_if(order, [&](int id) {
            return holds(ours.put, id) || holds(theirs.put, id) || holds(ours.moved, id) != holds(theirs.moved, id);
        });
        return order;
    };
    if (settled(result) != settled(other)) return Order::lost;
    return result == other && !any(ours.put, theirs.put) ? Order::same : Order::open;
}

// The best of all ways to read it; `result` is what it is to be if every way leads there.
Order judge(const Ids& base, const Ids& ours, const Ids& theirs, Ids& result) {
    const auto without = [](const Ids& ids, const Ids& gone) {
        Ids left;
        for (const int id : ids)
            if (!holds(gone, id)) left.push_back(id);
        return left;
    };
    bool all_same = true;
    bool all_lost = true;
    std::optional<Ids> first;
    for (const Ids& we : moves(base, ours)) {
        for (const Ids& they : moves(base, theirs)) {
            const Order found = judge(base, {we, without(ours, base), without(base, ours), ours},
                                      {they, without(theirs, base), without(base, theirs), theirs}, result);
            if (!first.has_value()) first = result;
            all_same = all_same && found == Order::same && *first == result;
            all_lost = all_lost && found == Order::lost;
        }
    }
    return all_same ? Order::same : all_lost ? Order::lost : Order::open;
}

// ---- labels

struct Label {
    std::set<std::string> lost;            // where a value would be lost
    Order order = Order::same;             //
    std::map<std::string, Fields> things;  // expected, where ours stands in a conflict
    Ids items;                             // expected, if the order is the same both ways
    bool clean() const { return lost.empty() && order != Order::lost; }
};

// Ours, and of theirs what does not get lost.
std::map<std::string, Fields> where_ours_stands(const EditList& ours, const EditList& theirs, const Plain& our,
                                                const std::set<std::string>& lost) {
    std::map<std::string, Fields> things = our.things;
    for (const Edit& their : theirs) {
        const bool stopped = std::any_of(ours.begin(), ours.end(), [&](const Edit& edit) {
            return meet(edit, their) && (edit == their || lost.contains(spot(edit, their)));
        });
        if (!stopped) carry_out(their, things);
    }
    return things;
}

// In both orders.
Label label_merge(const Plain& base, const Plain& our, const Plain& their) {
    EditList ours = net(base, our);
    EditList theirs = net(base, their);
    Label label;
    label.order = judge(base.order, our.order, their.order, label.items);

    std::map<std::string, Fields> start = base.things;  // what both did the same is done once
    EditList our_own;
    EditList their_own;
    for (const Edit& edit : ours) {
        if (std::find(theirs.begin(), theirs.end(), edit) == theirs.end()) our_own.push_back(edit);
        else carry_out(edit, start);
    }
    for (const Edit& edit : theirs)
        if (std::find(ours.begin(), ours.end(), edit) == ours.end()) their_own.push_back(edit);

    const auto agree = [&](const EditList& x, const EditList& y, std::map<std::string, Fields>& one) {
        std::map<std::string, Fields> other = start;
        one = start;
        return carry_out(x, one) && carry_out(y, one) && carry_out(y, other) && carry_out(x, other) && one == other;
    };
    if (agree(our_own, their_own, label.things)) return label;
    for (const Edit& x : our_own)
        for (const Edit& y : their_own)
            if (std::map<std::string, Fields> ignored; !agree({x}, {y}, ignored)) label.lost.insert(spot(x, y));
    label.things = where_ours_stands(ours, theirs, our, label.lost);
    if (label.lost.empty()) label.lost.insert("?");  // no pair of edits says why: none is known
    return label;
}

// s0 -> s1 (A) -> s2 (B): the value with B's edits and none of A's is s0 with B's, if these touch nothing that A did.
Label label_revert(const Plain& s0, const Plain& s1, const Plain& s2) {
    const EditList a = net(s0, s1);
    const EditList b = net(s1, s2);
    Label label;
    label.order = judge(s1.order, s2.order, s0.order, label.items);
    label.things = s0.things;
    bool applicable = true;
    for (const Edit& edit : b) {
        bool undoes = false;  // what A did here already
        for (const Edit& earlier : a) {
            if (!meet(earlier, edit)) continue;
            const auto was = s0.things.find(edit.thing);
            const auto is = s2.things.find(edit.thing);
            const bool neither = was == s0.things.end() && is == s2.things.end();
            const bool both = was != s0.things.end() && is != s2.things.end();
            const bool fields = earlier.what == Edit::What::set && edit.what == Edit::What::set;
            undoes = neither || (both && (fields ? was->second.at(edit.field) == is->second.at(edit.field)
                                                 : was->second == is->second));
            if (!undoes) label.lost.insert(spot(earlier, edit));
        }
        if (!undoes) applicable = carry_out(edit, label.things) && applicable;
    }
    if (!label.lost.empty()) label.things = where_ours_stands(b, net(s1, s0), s2, label.lost);
    else if (!applicable) label.lost.insert("?");
    return label;
}

// ---- what the library says

struct Count {
    const char* of;
    std::size_t conflict = 0;   // labelled so
    std::size_t clean = 0;      //
    std::size_t missed = 0;     // conflicts, of which the merge says nothing
    std::size_t alarms = 0;     // clean, but the merge stops
    std::size_t open = 0;       // clean, but nobody can say in which order the items are to be
    std::size_t wrong = 0;      // the value is another one
    std::size_t uncounted = 0;  // more or fewer conflicts than there are

    bool print() const {
        std::printf(
            "%s: %zu conflicts and %zu clean (of %zu the order is open): "
            "%zu missed, %zu false alarms (%.2f%%), %zu wrong values, %zu wrong counts\n",
            of, conflict, clean, open, missed, alarms, 100.0 * static_cast<double>(alarms) / static_cast<double>(clean),
            wrong, uncounted);
        return missed == 0 && alarms * 20 <= clean && wrong == 0 && uncounted == 0 && conflict > 1000 && clean > 1000;
    }
};

std::string shown(const Document& document) {
    return stet::detail::to_text([&](const stet::Writer& out) { stet::detail::write_value(out, document); });
}

void compare(Count& count, const Label& label, const Document& value, const stet::Conflicts& conflicts,
             const std::array<const Document*, 3>& from) {
    using Severity = stet::Conflict::Severity;
    const auto of = [&](Severity severity) {
        const auto is = [&](const stet::Conflict& conflict) { return conflict.severity() == severity; };
        return static_cast<std::size_t>(std::count_if(conflicts.begin(), conflicts.end(), is));
    };
    const std::size_t critical = of(Severity::critical);
    const Plain result = plain(value);
    const bool is_missed = label.lost.empty() ? !label.clean() && critical + of(Severity::warning) == 0 : critical == 0;
    const bool is_alarm = label.clean() && critical > 0;
    Ids items;
    for (const auto& [name, fields] : label.things)
        if (name.starts_with("items #")) items.push_back(std::stoi(name.substr(7)));
    Ids present = result.order;
    std::sort(present.begin(), present.end());
    const bool is_wrong = result.things != label.things || present != items ||
                          (label.clean() && label.order == Order::same && result.order != label.items);
    const bool is_uncounted = critical != label.lost.size();

    ++(label.clean() ? count.clean : count.conflict);
    count.open += label.clean() && label.order == Order::open ? 1 : 0;
    count.missed += is_missed ? 1 : 0;
    count.alarms += is_alarm ? 1 : 0;
    count.wrong += is_wrong ? 1 : 0;
    count.uncounted += is_uncounted ? 1 : 0;
    if ((!is_missed && !is_alarm && !is_wrong && !is_uncounted) ||
        count.missed + count.alarms + count.wrong + count.uncounted > 8)
        return;
    std::printf("%s:%s%s%s%s\n", count.of, is_missed ? " missed" : "", is_alarm ? " false alarm" : "",
                is_wrong ? " wrong value" : "", is_uncounted ? " wrong count" : "");
    const char* const names[] = {"base", "ours", "theirs"};
    for (std::size_t i = 0; i < 3; ++i) std::printf("  %-8s%s\n", names[i], shown(*from[i]).c_str());
    std::printf("  merged  %s\n", shown(value).c_str());
    for (const std::string& where : label.lost) std::printf("  lost    %s\n", where.c_str());
    if (label.order == Order::lost) std::printf("  lost    a place\n");
    for (const stet::Conflict& conflict : conflicts)
        std::printf("  found   %d %s\n", static_cast<int>(conflict.severity()),
                    stet::detail::to_text([&](const stet::Writer& out) { out << conflict; }).c_str());
}

}  // namespace

int main() {
    constexpr std::uint32_t scenarios = 20000;
    Count merges{"merges"};
    Count reverts{"reverts"};
    for (std::uint32_t i = 0; i < scenarios; ++i) {
        Dice dice(i);
        const std::size_t focus = dice.below(2) == 0 ? parts : dice.below(parts);  // all edits in one field
        const Document base = edited({}, dice.below(20), dice.below(3) == 0 ? focus : parts, dice);
        const Document ours = edited(base, 1 + dice.below(4), focus, dice);
        const Document theirs = edited(base, 1 + dice.below(4), focus, dice);
        const auto both = stet::merge(base, ours, theirs);
        compare(merges, label_merge(plain(base), plain(ours), plain(theirs)), both.value(), both.conflicts(),
                {&base, &ours, &theirs});

        const Document& s0 = base;
        const Document& s1 = ours;
        const Document s2 = edited(s1, 1 + dice.below(4), focus, dice);
        const auto revert = stet::rebase(stet::diff(s1, s0), stet::diff(s1, s2));
        const auto reverted = stet::apply(revert.patch(), s2);
        if (!reverted.has_value()) {
            std::printf("reverts: the patch does not fit\n");
            return 1;
        }
        compare(reverts, label_revert(plain(s0), plain(s1), plain(s2)), *reverted, revert.conflicts(), {&s1, &s2, &s0});
    }
    const bool merges_pass = merges.print();
    const bool reverts_pass = reverts.print();
    return merges_pass && reverts_pass ? 0 : 1;
}
