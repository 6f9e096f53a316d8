#include <stet/patch/exchange.hpp>

#include <stet/stet.hpp>

#include <doctest/doctest.h>

#include <array>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory_resource>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

using stet::field;
using stet::detail::can_exchange_leaf;
using stet::detail::can_exchange_leaves;
using stet::detail::nothrow_swappable;

namespace {

// A container of somebody's own, which says nothing of an allocator, around the struct that it stands in.
template <class E>
class OwnVector : std::vector<E> {
    using Base = std::vector<E>;

public:
    using value_type = E;
    using Base::begin, Base::end, Base::size, Base::clear, Base::push_back, Base::insert, Base::erase;
};
struct OwnTree {
    int value = 0;
    OwnVector<OwnTree> children;
};
static_assert(nothrow_swappable<OwnVector<OwnTree>>);

// What two allocators have given out never changes places, wherever it stands.
struct OfArena {
    int number = 0;
    std::pmr::string text;
};
static_assert(nothrow_swappable<std::variant<int, std::string>> && nothrow_swappable<std::vector<std::pmr::string>>);
static_assert(!nothrow_swappable<std::pmr::string> && !nothrow_swappable<std::variant<int, std::pmr::string>>);
static_assert(!nothrow_swappable<OfArena> && !nothrow_swappable<std::variant<int, std::optional<OfArena>>>);

// Counts what is copied.
struct Counted {
    int number = 0;
    static inline int copies = 0;
    Counted() = default;
    explicit Counted(int of) : number(of) {}
    Counted(const Counted& other) : number(other.number) { ++copies; }
    Counted(Counted&&) = default;
    Counted& operator=(const Counted& other) {
        number = other.number;
        ++copies;
        return *this;
    }
    Counted& operator=(Counted&&) = default;
    ~Counted() = default;
    bool operator==(const Counted&) const = default;
};
struct Item {
    Counted what;
    std::string text;
    std::vector<Counted> parts;
};
struct Tree {
    int value = 0;
    std::vector<Tree> children;
};
struct Store {
    std::vector<Item> items;
    std::map<std::string, Item> named;
    std::unordered_map<int, Item> numbered;
    std::set<std::string> words;
    std::unordered_set<int> numbers;
    std::optional<Item> maybe;
    std::variant<int, Item> either;
    std::array<Item, 3> three;
    Tree tree;
    std::string text;
};
struct Mixed {
    std::vector<Item> items;
    std::list<int> list;  // its nodes cannot be had before
    std::deque<int> deque;
};
static_assert(can_exchange_leaves<Store>());
static_assert(can_exchange_leaf<Mixed, 0>() && !can_exchange_leaf<Mixed, 1>() && !can_exchange_leaf<Mixed, 2>());

Item item(int number) { return {Counted(number), std::to_string(number), {}}; }
Store filled() {
    Store store;
    for (int i = 0; i < 100; ++i) {
        store.items.push_back(item(i));
        store.named[std::to_string(i)] = item(i);
        store.numbered[i] = item(i);
        store.words.insert("word " + std::to_string(i));
        store.numbers.insert(i);
    }
    store.items[50].parts.resize(100);
    store.maybe = item(7);
    store.maybe->parts.resize(100);
    store.either = item(8);
    std::get<Item>(store.either).parts.resize(100);
    store.tree.children.resize(20);
    store.text = std::string(1000, 'x');
    return store;
}

// Undo and redo of an edit copy what it changed and nothing around it.
template <class F>
void costs(int most, F f) {
    stet::History<Store, 4> history{filled()};
    const Store before = history.current();
    REQUIRE(history.edit(f));
    const Store after = history.current();
    for (int i = 0; i < 2; ++i) {
        Counted::copies = 0;
        REQUIRE(history.undo());
        CHECK(Counted::copies <= most);
        CHECK(stet::equal(history.current(), before));
        Counted::copies = 0;
        REQUIRE(history.redo());
        CHECK(Counted::copies <= most);
        CHECK(stet::equal(history.current(), after));
    }
}

}  // namespace

TEST_CASE("undo, redo: what is changed inside containers, not the containers") {
    costs(1, [](auto& edit) { edit.at(field<"items">).erase(40); });
    costs(1, [](auto& edit) { edit.at(field<"items">).insert(40, item(-1)); });
    costs(2, [](auto& edit) {
        edit.at(field<"items">).erase(10);
        edit.at(field<"items">).push_back(item(-2));
    });
    costs(2, [](auto& edit) { edit.at(field<"items">)[50].at(field<"parts">).insert(3, Counted(9)); });
    costs(2, [](auto& edit) {
        edit.at(field<"items">).erase(0);  // what is inside stands elsewhere when it is changed
        edit.at(field<"items">)[49].at(field<"parts">)[99].set(Counted(5));
    });
    costs(0, [](auto& edit) { edit.at(field<"items">)[3].set(field<"text">, "a text that is put here as a whole"); });
    costs(1, [](auto& edit) { edit.at(field<"named">).erase("5"); });
    costs(1, [](auto& edit) { edit.at(field<"named">).insert("new", item(3)); });
    costs(1, [](auto& edit) { edit.at(field<"named">).at("7").at(field<"what">).set(Counted(1)); });
    costs(1, [](auto& edit) { edit.at(field<"numbered">).erase(5); });
    costs(1, [](auto& edit) { edit.at(field<"numbered">).insert(1005, item(3)); });
    costs(0, [](auto& edit) {
        edit.at(field<"words">).erase("word 5");
        edit.at(field<"words">).insert("word");
        edit.at(field<"numbers">).erase(5);
        edit.at(field<"numbers">).insert(-5);
    });
    costs(101, [](auto& edit) { edit.at(field<"maybe">).reset(); });
    costs(1, [](auto& edit) { edit.at(field<"maybe">).content().at(field<"parts">).erase(0); });
    costs(101, [](auto& edit) { edit.at(field<"either">).set(std::variant<int, Item>(5)); });
    costs(1, [](auto& edit) { edit.at(field<"either">).template content<1>().at(field<"parts">).push_back({}); });
    costs(1, [](auto& edit) { edit.at(field<"three">)[1].at(field<"parts">).push_back({}); });
    costs(0, [](auto& edit) {
        edit.at(field<"tree">).at(field<"children">)[3].at(field<"children">).push_back({5, {}});
        edit.at(field<"text">).insert(500, "typed");
        edit.at(field<"text">).erase(100, 50);
    });
}

TEST_CASE("InPlace: what cannot be exchanged is saved beside what can") {
    Mixed from;
    for (int i = 0; i < 10; ++i) {
        from.items.push_back(item(i));
        from.list.push_back(i);
        from.deque.push_back(i);
    }
    Mixed to = from;
    to.items.erase(to.items.begin() + 3);
    to.items[0].text = "another";
    to.list.pop_front();
    to.deque.push_front(5);
    const auto patch = stet::diff(from, to);
    for (const bool back : {false, true}) {
        stet::detail::Slot<Mixed> current{back ? to : from};
        {
            const stet::detail::InPlace<Mixed> dropped(current, patch, back);
            CHECK(stet::equal(dropped.value(), back ? from : to));
        }
        CHECK(stet::equal(std::as_const(current).get(), back ? to : from));
        stet::detail::InPlace<Mixed> kept(current, patch, back);
        kept.publish();
        CHECK(stet::equal(std::as_const(current).get(), back ? from : to));
    }
}

TEST_CASE("undo, redo: into containers that have no room, and many times") {
    Store store;
    for (int i = 0; i < 7; ++i) store.items.push_back(item(i));
    stet::History<Store, 64> history{store};
    for (int i = 0; i < 60; ++i)
        REQUIRE(history.edit([&](auto& edit) {
            if (i % 2 == 0) edit.at(field<"numbered">).insert(i, item(i));
            else edit.at(field<"numbers">).insert(i);
            edit.at(field<"items">).insert(3, item(i));
            edit.at(field<"text">).insert(0, "a text");
        }));
    const Store last = history.current();
    REQUIRE(history.go_to(0));
    stet::History<Store, 64> copy = history;  // its containers have room for what is in them
    for (int round = 0; round < 3; ++round) {
        while (copy.can_redo()) REQUIRE(copy.redo());
        CHECK(stet::equal(copy.current(), last));
        while (copy.can_undo()) REQUIRE(copy.undo());
        CHECK(stet::equal(copy.current(), store));
    }
}

namespace {

struct Viewed {
    std::vector<Item> items;
    Item cursor;
    static constexpr auto schema() { return stet::fields(field<"cursor">(stet::transient)); }
};

}  // namespace

TEST_CASE("edit: who is told of changes costs no copy of the value, though a part of it is transient") {
    Viewed viewed;
    for (int i = 0; i < 100; ++i) viewed.items.push_back(item(i));
    stet::History<Viewed, 4> history{viewed};
    std::string before;
    std::string after;
    const auto told = history.subscribe([&](const stet::Patch<Viewed>&, stet::When when) {
        (when == stet::When::before ? before : after) = history.current().items[3].text + history.current().cursor.text;
    });
    Counted::copies = 0;
    REQUIRE(history.edit([](auto& edit) {
        edit.at(field<"cursor">).set(field<"text">, " there");
        edit.at(field<"items">)[3].set(field<"text">, "new");
    }));
    CHECK(Counted::copies == 1);  // of the cursor
    CHECK(before == "3");
    CHECK(after == "new there");
    REQUIRE(history.undo());
    CHECK(history.current().cursor.text == " there");
}

namespace {

struct Ordered {
    bool down = false;
    bool operator()(int a, int b) const { return down ? b < a : a < b; }
};
struct CaseBlind {
    static std::string lower(std::string text) {
        for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return text;
    }
    std::size_t operator()(const std::string& text) const { return std::hash<std::string>{}(lower(text)); }
    bool operator()(const std::string& a, const std::string& b) const { return lower(a) == lower(b); }
};
struct OwnOrder {
    std::map<int, std::string, Ordered> down = std::map<int, std::string, Ordered>(Ordered{true});
    std::map<int, std::string, bool (*)(int, int)> by_pointer{[](int a, int b) { return b < a; }};
    std::unordered_map<std::string, int, CaseBlind, CaseBlind> names{{"A", 1}, {"B", 7}};
};

}  // namespace

TEST_CASE("undo, redo, go_to: containers that compare their keys in a way of their own") {
    stet::History<OwnOrder, 16> history{OwnOrder{}};
    for (int i = 0; i < 6; ++i)
        REQUIRE(history.commit([&](OwnOrder& o) {
            o.down[i] = "down";
            o.down[i / 2] += '!';
            o.by_pointer[5 - i] = "pointer";
            o.by_pointer.erase(5 - i / 2);
            o.names[i % 2 == 0 ? "a" : "b"] = 10 + i;
        }));
    const OwnOrder last = history.current();
    REQUIRE(history.go_to(0));
    CHECK(history.current().down.empty());
    CHECK(history.current().by_pointer.empty());
    CHECK(history.current().names.at("a") == 1);
    REQUIRE(history.go_to(6));
    CHECK(history.current().down == last.down);
    CHECK(history.current().by_pointer == last.by_pointer);
    CHECK(history.current().names.at("A") == 14);
    REQUIRE(history.edit([](auto& edit) {
        edit.at(field<"names">).erase("A");
        edit.at(field<"names">).insert("a", 5);
    }));
    REQUIRE(history.undo());
    CHECK(history.current().names.size() == 2);
    CHECK(history.current().names.at("a") == 14);
}
