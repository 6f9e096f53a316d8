#include <stet/patch/flat_merge_containers.hpp>

#include <stet/patch/merge.hpp>
#include <stet/patch/merge_records.hpp>
#include <stet/render/text.hpp>

#include "../in_house.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <initializer_list>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using stet::field;
using stet::Side;
using stet::text;

namespace {

struct Pin {
    int id = 0;
    int level = 0;
    int hits = 0;
    constexpr bool operator==(const Pin&) const = default;
    static constexpr auto schema() { return stet::fields(field<&Pin::hits>(stet::merge_by_sum)); }
};
struct CachedRow {
    int id = 0;
    int cache = 0;
    static constexpr auto schema() { return stet::fields(field<&CachedRow::cache>(stet::transient)); }
};
// A hash table in place.
class Table {
public:
    using key_type = int;
    using mapped_type = int;
    struct value_type {
        int first;
        int second;
        std::size_t hash;
    };
    constexpr std::size_t size() const { return slots_.size(); }
    static constexpr std::size_t capacity() { return 8; }
    constexpr value_type* begin() { return slots_.begin(); }
    constexpr value_type* end() { return slots_.end(); }
    constexpr const value_type* begin() const { return slots_.begin(); }
    constexpr const value_type* end() const { return slots_.end(); }
    constexpr void clear() { slots_.clear(); }
    constexpr value_type* find(int key) { return begin() + at(key); }
    constexpr const value_type* find(int key) const { return begin() + at(key); }
    constexpr std::pair<value_type*, bool> try_emplace(int key, int value) {
        slots_.push_back({key, value, 0});
        return {end() - 1, true};
    }
    constexpr void erase(value_type* at) { slots_.erase(at); }

private:
    constexpr std::size_t at(int key) const {
        std::size_t index = 0;
        while (index < size() && begin()[index].first != key) ++index;
        return index;
    }
    in_house::SmallVector<value_type, 8> slots_;
};
struct Slots {
    Table table;
};
// Says how much there is room for.
template <class E, std::size_t N>
struct Roomy : in_house::SmallVector<E, N> {
    static constexpr std::size_t capacity() { return N; }
};
struct Board {
    in_house::SmallVector<int, 6> list;
    Roomy<Pin, 6> pins;
    Roomy<Pin, 6> rows;
    in_house::SmallMap<int, Pin, 6> map;
    in_house::SmallSet<int, 4> set;
    static constexpr auto schema() { return stet::fields(field<&Board::pins>(stet::keyed_by<&Pin::id>)); }
};
static_assert(stet::flat<Board>);
// The same with the heap.
struct OnHeap {
    std::vector<Pin> pins;
    std::map<int, Pin> map;
    std::set<int> set;
    static constexpr auto schema() { return stet::fields(field<&OnHeap::pins>(stet::keyed_by<&Pin::id>)); }
};

constexpr Board list_of(std::initializer_list<int> items) {
    Board board;
    for (const int item : items) board.list.push_back(item);
    return board;
}
constexpr Board pins_of(std::initializer_list<Pin> pins) {
    Board board;
    for (const Pin& pin : pins) board.pins.push_back(pin);
    return board;
}
constexpr Board rows_of(std::initializer_list<Pin> pins) {
    Board board;
    for (const Pin& pin : pins) board.rows.push_back(pin);
    return board;
}
template <class V>
std::string shown(const V& sequence) {
    std::string all;
    for (const auto& element : sequence) {
        if constexpr (std::is_same_v<typename V::value_type, Pin>)
            all += std::to_string(element.id) + ':' + std::to_string(element.level) + ' ';
        else all += std::to_string(element) + ' ';
    }
    return all;
}
std::string conflicts_of(const auto& merged) {
    std::string all;
    for (const auto& conflict : merged.conflicts()) all += text(conflict) + '\n';
    return all;
}

}  // namespace

TEST_SUITE("merge of flat structs with containers") {
    TEST_CASE("sequences: both sides, where they changed different stretches") {
        const auto both = [](std::initializer_list<int> base, std::initializer_list<int> ours,
                             std::initializer_list<int> theirs) {
            const auto merged = stet::merge(list_of(base), list_of(ours), list_of(theirs));
            CHECK(merged.clean());
            const auto back = stet::merge(list_of(base), list_of(theirs), list_of(ours));
            CHECK(shown(back.value().list) == shown(merged.value().list));
            return shown(merged.value().list);
        };
        CHECK(both({1, 2, 3}, {9, 2, 3}, {1, 2, 8}) == "9 2 8 ");
        CHECK(both({1, 2, 3}, {2, 3}, {1, 2, 3, 4}) == "2 3 4 ");
        CHECK(both({1, 2, 3}, {0, 1, 2, 3}, {1, 2}) == "0 1 2 ");
        CHECK(both({1, 2, 3, 4}, {1, 5, 6, 3, 4}, {1, 2, 3}) == "1 5 6 3 ");
        CHECK(both({1, 2, 3}, {1, 2}, {1, 7, 8, 3}) == "1 7 8 ");
        CHECK(both({1, 2, 3}, {1, 9, 3}, {1, 2, 4, 3}) == "1 9 4 3 ");
        CHECK(both({1, 2, 3}, {7, 2, 9}, {7, 8, 3}) == "7 8 9 ");  // one of them alike
        static_assert(
            stet::merge(list_of({1, 2, 3}), list_of({9, 2, 3}), list_of({1, 2, 3, 4})).value().list.data()[3] == 4);
    }
    TEST_CASE("sequences: what cannot be told apart is decided as one, or element by element where none came or went") {
        const auto at_one_place = stet::merge(list_of({1}), list_of({1, 2}), list_of({1, 3}));
        CHECK(conflicts_of(at_one_place) == "list: base [1], ours [1, 2], theirs [1, 3]\n");
        CHECK(shown(at_one_place.value().list) == "1 2 ");
        CHECK(shown(stet::resolve(at_one_place, Side::theirs).value().list) == "1 3 ");
        const auto elements = stet::merge(list_of({1, 2, 3}), list_of({4, 5, 3}), list_of({7, 2, 9}));
        CHECK(conflicts_of(elements) == "list[0]: base 1, ours 4, theirs 7\n");
        CHECK(shown(stet::resolve(elements, Side::theirs).value().list) == "7 5 9 ");
        const auto inside = stet::merge(rows_of({{1, 2, 3}}), rows_of({{1, 9, 5}}), rows_of({{4, 2, 7}}));
        CHECK(inside.clean());
        CHECK(*inside.value().rows.begin() == Pin{4, 9, 9});  // hits are summed
    }
    TEST_CASE("sequences: no more than there is room for") {
        const auto full =
            stet::merge(list_of({1, 2, 3, 4, 5}), list_of({0, 1, 2, 3, 4, 5}), list_of({1, 2, 3, 4, 5, 6}));
        CHECK(full.conflicts().size() == 1);
        CHECK(shown(full.value().list) == "0 1 2 3 4 5 ");
        Board base;
        Board ours;
        Board theirs;
        for (int i = 0; i < 3; ++i) ours.set.insert(i);
        for (int i = 5; i < 7; ++i) theirs.set.insert(i);
        CHECK(stet::merge(base, ours, theirs).conflicts().size() == 1);
        theirs.set.erase(theirs.set.begin());
        const auto fits = stet::merge(base, ours, theirs);
        CHECK(fits.clean());
        CHECK(shown(fits.value().set) == "0 1 2 6 ");
    }
    TEST_CASE("keyed sequences: insert, erase, change and move come together") {
        const auto both = [](std::initializer_list<Pin> base, std::initializer_list<Pin> ours,
                             std::initializer_list<Pin> theirs) {
            const auto merged = stet::merge(pins_of(base), pins_of(ours), pins_of(theirs));
            CHECK(conflicts_of(merged).empty());
            return shown(merged.value().pins);
        };
        CHECK(both({{1, 0}, {2, 0}}, {{1, 5}, {2, 0}}, {{2, 7}, {1, 0}}) == "2:7 1:5 ");
        CHECK(both({{1, 0}, {2, 0}}, {{2, 0}, {1, 0}}, {{1, 5}, {2, 0}}) == "2:0 1:5 ");
        CHECK(both({{1, 0}, {2, 0}}, {{1, 0}, {3, 0}, {2, 0}}, {{1, 0}, {2, 0}, {4, 0}}) == "1:0 3:0 2:0 4:0 ");
        CHECK(both({{1, 0}, {2, 0}}, {{2, 0}}, {{1, 0}, {2, 1}, {5, 0}}) == "2:1 5:0 ");
        CHECK(both({{1, 0}}, {{1, 0}, {7, 3}}, {{1, 0}, {7, 3}}) == "1:0 7:3 ");

        const auto merged = stet::merge(pins_of({{1, 0}, {2, 0}, {3, 0}}), pins_of({{1, 4}, {3, 0}}),
                                        pins_of({{2, 6}, {3, 0}, {4, 0}}));
        CHECK(conflicts_of(merged) ==
              "pins[0]: base {id: 1, level: 0, hits: 0}, ours {id: 1, level: 4, hits: 0}, theirs absent\n"
              "pins[0]: base {id: 2, level: 0, hits: 0}, ours absent, theirs {id: 2, level: 6, hits: 0}\n");
        CHECK(shown(merged.value().pins) == "1:4 3:0 4:0 ");
        CHECK(shown(stet::resolve(merged, Side::theirs, Side::theirs).value().pins) == "2:6 3:0 4:0 ");
        CHECK(shown(stet::resolve(merged, Side::base, Side::base).value().pins) == "2:0 1:0 3:0 4:0 ");
    }
    TEST_CASE("keyed sequences: where a key occurs twice, which no rule allows, they change as one") {
        const auto lost = stet::merge(pins_of({{1, 0}, {1, 1}, {2, 0}}), pins_of({{1, 0}, {1, 1}, {2, 5}}),
                                      pins_of({{1, 0}, {1, 1}, {2, 0}, {3, 0}}));
        CHECK(lost.conflicts().size() == 1);
        CHECK(shown(lost.value().pins) == "1:0 1:1 2:5 ");
        const auto many = stet::merge(pins_of({{1, 0}, {2, 0}}), pins_of({{1, 0}, {2, 0}, {9, 0}}),
                                      pins_of({{2, 0}, {1, 0}, {1, 0}, {1, 0}, {1, 0}, {1, 0}}));
        CHECK(many.conflicts().size() == 1);
        CHECK(shown(many.value().pins) == "1:0 2:0 9:0 ");
    }
    TEST_CASE("what no patch sees stays as ours has it") {
        struct Rows {
            Roomy<CachedRow, 4> rows;
        };
        const auto of = [](int first, int second, int cache) {
            Rows all;
            all.rows.push_back({first, cache});
            all.rows.push_back({second, cache});
            return all;
        };
        const auto merged = stet::merge(of(1, 2, 0), of(7, 2, 100), of(1, 8, 200));
        CHECK(merged.clean());
        CHECK((merged.value().rows.data()[0].id == 7 && merged.value().rows.data()[1].id == 8));
        CHECK((merged.value().rows.data()[0].cache == 100 && merged.value().rows.data()[1].cache == 100));
    }
    TEST_CASE("a map whose entries have more than a key and a value") {
        Slots ours;
        Slots theirs;
        ours.table.try_emplace(1, 1);
        theirs.table.try_emplace(2, 2);
        const auto merged = stet::merge(Slots{}, ours, theirs);
        CHECK((merged.clean() && merged.value().table.size() == 2));
    }
    TEST_CASE("maps, sets and keyed sequences: what the merge with the heap finds, for any three values") {
        std::mt19937 random(7);
        const auto pick = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
        const auto edit = [&](Board board) {
            for (int changes = pick(5); changes > 0; --changes) {
                const int id = pick(5);
                auto* const pin = board.pins.begin() + pick(static_cast<int>(board.pins.size()) + 1);
                const auto entry = board.map.find(id);
                switch (pick(6)) {
                    case 0: {
                        bool there = false;
                        for (const Pin& one : board.pins) there = there || one.id == id;
                        if (!there) board.pins.push_back({id, pick(3)});
                        break;
                    }
                    case 1:
                        if (pin != board.pins.end()) board.pins.erase(pin);
                        break;
                    case 2:
                        if (pin != board.pins.end()) ++(pick(2) == 0 ? pin->level : pin->hits);
                        break;
                    case 3:
                        if (entry != board.map.end()) board.map.erase(entry);
                        else board.map.try_emplace(id, {pick(2), pick(2)});
                        break;
                    case 4:
                        if (entry != board.map.end()) entry->second.level += 1 + pick(2);
                        break;
                    default:
                        if (const auto* const key = board.set.find(id); key != board.set.end()) board.set.erase(key);
                        else if (board.set.size() < 2) board.set.insert(id);
                }
            }
            return board;
        };
        const auto sorted = [](const Board& board) {
            OnHeap all;
            for (const auto& [key, value] : board.map) all.map.emplace(key, value);
            for (const int key : board.set) all.set.insert(key);
            all.pins.assign(board.pins.begin(), board.pins.end());
            return all;
        };
        const auto by_id = [](std::vector<Pin> pins) {
            std::map<int, Pin> all;
            for (const Pin& pin : pins) CHECK(all.emplace(pin.id, pin).second);
            return all;
        };
        int conflicts = 0;
        for (int i = 0; i < 5000; ++i) {
            const Board base = edit(edit(Board{}));
            const Board ours = edit(base);
            const Board theirs = edit(base);
            CHECK(stet::equal(stet::merge(base, ours, base).value(), ours));
            CHECK(stet::equal(stet::merge(base, base, ours).value(), ours));
            CHECK(stet::equal(stet::merge(base, ours, ours).value(), ours));
            const auto flat = stet::merge(base, ours, theirs);
            const auto heap = stet::merge(sorted(base), sorted(ours), sorted(theirs));
            const OnHeap made = sorted(flat.value());
            CHECK(made.map == heap.value().map);
            CHECK(made.set == heap.value().set);
            INFO(shown(base.pins), "| ", shown(ours.pins), "| ", shown(theirs.pins), "-> ", shown(made.pins), "| ",
                 shown(heap.value().pins), conflicts_of(flat), "---\n", conflicts_of(heap));
            CHECK(by_id(made.pins) == by_id(heap.value().pins));
            std::multiset<std::string> found;
            for (const auto& conflict : flat.conflicts())
                found.insert(std::string(conflict.base()) + "|" + std::string(conflict.ours()) + "|" +
                             std::string(conflict.theirs()));
            std::multiset<std::string> known;
            for (const auto& conflict : heap.conflicts())
                if (conflict.severity() == stet::ConflictSeverity::critical)
                    known.insert(conflict.base() + "|" + conflict.ours() + "|" + conflict.theirs());
            CHECK(found == known);
            conflicts += static_cast<int>(found.size());
            std::vector<Side> sides(found.size(), Side::theirs);
            const auto decided = stet::resolve(flat, sides);
            CHECK(decided.clean());
            CHECK(stet::equal(*stet::apply(decided.patch(), ours), decided.value()));
        }
        CHECK(conflicts > 150);
    }
}
