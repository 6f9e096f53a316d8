// Every allocation of a mixed script of edits fails once, and every copy of an element throws once: the value is as it
// was afterwards, and nothing leaks. Who catches it in the middle goes on as if that edit had not been tried.

#include <stet/patch/edit.hpp>

#include "../every_kind.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

namespace {

long until_failure = -1;  // allocations or copies until one fails; negative: none does
bool copies_fail = false;
bool for_good = true;  // all after the first one fail, too: going back needs none
bool reached = false;

bool fails() {
    if (until_failure < 0) return false;
    if (until_failure > 0) return --until_failure, false;
    if (!for_good) until_failure = -1;
    return reached = true;
}
long in_use = 0;

struct Broken {};
void copied() {
    if (copies_fail && fails()) throw Broken{};
}

}  // namespace

void* operator new(std::size_t size) {
    if (!copies_fail && fails()) throw std::bad_alloc();
    void* const memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    ++in_use;
    return memory;
}
void operator delete(void* memory) noexcept {
    if (memory != nullptr) --in_use;
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace {

using every::dumped;
using every::Every;
using stet::field;

// A copy whose own allocations and copies all go well.
template <class V>
V fresh(const V& value) {
    const long left = until_failure;
    until_failure = -1;
    V copy(value);
    until_failure = left;
    return copy;
}

int failures = 0;
void expect(bool ok, const char* what, long at) {
    if (ok) return;
    std::printf("failed: %s, at %ld\n", what, at);
    ++failures;
}

const std::string long_text = "a text that is too long for the place inside a string";

Every start() {
    Every value;
    value.text = long_text;
    value.items = {{1, long_text, {1, 2}, {}}, {2, "b", {3}, every::Point{1, 2}}};
    value.keyed = {{1, "a", {}, {}}, {2, long_text, {}, {}}, {3, "c", {1}, {}}};
    value.keyed_list = {{1, "a", {}, {}}};
    value.list = {long_text, "b"};
    value.deque = {{1, 2}, {3, 4}};
    value.set = {long_text, "x"};
    value.map["x"].scores = {1, 2, 3};
    value.map[long_text].name = long_text;
    value.hashed[1] = {1};
    value.hashed[2] = {2};
    value.hashed_set = {1, 2, 3};
    value.maybe.emplace();
    value.either = std::vector<int>{1};
    value.tree.children.resize(2);
    value.own_map.try_emplace(1, every::Point{1, 2});
    value.own_vector.push_back(1);
    value.own_maybe.emplace({1, 2});
    return value;
}

// All kinds of edits, each on what the ones before left; `each` makes one of them.
template <class E, class Each>
void script(const E& edit, const Each& each) {
    each([&] { edit.set(field<"text">, long_text + "!"); });
    each([&] { edit.at(field<"text">).insert(3, long_text); });
    each([&] { edit.at(field<"text">).erase(0, 2); });
    each([&] { edit.set(field<"real">, 2.5); });
    each([&] { edit.set(field<"nested.label">, long_text); });
    each([&] { edit.at(field<"nested">).assign({{3, 4}, long_text, 1}); });
    each([&] { edit.set(field<"locked.label">, long_text); });
    each([&] { edit.at(field<"colour">).set(field<"g">, 1.0f); });
    each([&] { edit.set(field<"cache">, 9); });
    each([&] { edit.at(field<"numbers">).swap(0, 2); });
    each([&] { edit.at(field<"rows">)[1].push_back(1); });
    each([&] { edit.at(field<"items">).insert(1, {9, long_text, {4}, {}}); });
    each([&] { edit.at(field<"items">).erase(0); });
    each([&] { edit.at(field<"items">).push_back({10, long_text, {4}, {}}); });
    each([&] { edit.at(field<"items">)[0].set(field<"name">, long_text + "?"); });
    each([&] { edit.at(field<"items">)[0].at(field<"scores">).push_back(1); });
    each([&] { edit.at(field<"items">).swap(0, 1); });
    each([&] { edit.at(field<"keyed">).swap(0, 2); });
    each([&] { edit.at(field<"keyed">).swap(1, 2); });
    each([&] { edit.at(field<"keyed">)[0].set(field<"id">, 8); });
    each([&] { edit.at(field<"keyed">)[1].assign({9, long_text, {3}, {}}); });
    each([&] { edit.at(field<"keyed_list">)[0].set(field<"id">, 4); });
    each([&] { edit.at(field<"keyed">)[2].set(field<"name">, "z"); });
    each([&] { edit.at(field<"keyed">).erase(1); });
    each([&] { edit.at(field<"keyed">).assign({{7, long_text, {}, {}}}); });
    each([&] { edit.at(field<"keyed_list">).insert(0, {5, long_text, {}, {}}); });
    each([&] { edit.at(field<"list">).push_back(long_text); });
    each([&] { edit.at(field<"list">).insert(0, long_text); });
    each([&] { edit.at(field<"list">).erase(1); });
    each([&] { edit.at(field<"deque">).insert(1, {5, 6}); });
    each([&] { edit.at(field<"deque">).push_back({7, 8}); });
    each([&] { edit.at(field<"deque">).erase(0); });
    each([&] { edit.at(field<"set">).insert(long_text + "+"); });
    each([&] { edit.at(field<"set">).erase(long_text); });
    each([&] { edit.at(field<"hashed_set">).insert(77); });
    each([&] { edit.at(field<"hashed_set">).erase(1); });
    each([&] { edit.at(field<"map">).insert("y", {1, long_text, {}, {}}); });
    each([&] { edit.at(field<"map">).insert("x", {2, long_text, {}, {}}); });
    each([&] { edit.at(field<"map">).erase(long_text); });
    each([&] { edit.at(field<"map">).at("x").at(field<"scores">).push_back(3); });
    each([&] { edit.at(field<"hashed">).insert(9, {1, 2}); });
    each([&] { edit.at(field<"hashed">).erase(1); });
    each([&] { edit.at(field<"maybe">).content().set(field<"name">, long_text); });
    each([&] { edit.at(field<"maybe">).reset(); });
    each([&] { edit.at(field<"maybe">).set({4, long_text, {}, {}}); });
    each([&] { edit.at(field<"either">).template content<3>().push_back(5); });
    each([&] { edit.set(field<"either">, every::Item{4, long_text, {}, {}}); });
    each([&] {
        edit.at(field<"tree">).at(field<"children">)[1].at(field<"children">).emplace(0, 7, std::vector<every::Tree>{});
    });
    each([&] { edit.set(field<"own_text">, long_text.c_str()); });
    each([&] { edit.at(field<"own_vector">).insert(0, 3); });
    each([&] { edit.at(field<"own_map">).insert(2, {3, 4}); });
    each([&] { edit.at(field<"own_map">).erase(1); });
    each([&] { edit.at(field<"own_maybe">).reset(); });
    each([&] { edit.set("items[1].name", long_text); });
    each([&] { edit.set("nested", every::Nested{{1, 1}, long_text, 2}); });
}

// Repeats `action` with the first, the second, ... allocation or copy failing, until none fails.
template <class Action>
long fail_each(const char* what, bool copies, const Action& action) {
    for (long at = 0;; ++at) {
        const long held = in_use;
        copies_fail = copies;
        until_failure = at;
        reached = false;
        bool done = false;
        try {
            done = action();
        } catch (const std::bad_alloc&) {
        } catch (const Broken&) {
        }
        until_failure = -1;
        expect(in_use == held, what, at);
        if (done && !reached) return at;
        if (at > 100000) return at;
    }
}

void mixed() {
    const Every first = start();
    const std::string before = dumped(first);

    const long points = fail_each("leaks", false, [&] {
        Every value = fresh(first);
        const auto made = stet::edit_in_place(value, [](auto& edit) {
            script(edit, [](auto one) { one(); });
            return false;
        });
        return made.error().code() == stet::Errc::gave_up;
    });
    expect(points > 200, "there were allocations to fail", points);
    for (long at = 0; at < points; ++at) {
        Every again = first;
        until_failure = at;
        try {
            const auto made = stet::edit_in_place(again, [](auto& edit) { script(edit, [](auto one) { one(); }); });
            expect(!made.has_value(), "an allocation failed and the edit did not", at);
        } catch (const std::bad_alloc&) {
        }
        until_failure = -1;
        expect(dumped(again) == before && again.cache == 0, "as it was", at);
    }
    // and one that is caught where it happens
    for_good = false;
    for (long at = 0; at < points; ++at) {
        Every again = first;
        Every by_patch = first;
        std::string at_end;
        bool failed = false;
        try {
            const auto made = stet::edit_in_place(again, [&](auto& edit) {
                until_failure = at;
                script(edit, [&](auto one) {
                    try {
                        one();
                    } catch (const std::bad_alloc&) {
                        failed = true;
                    }
                });
                until_failure = -1;
                at_end = dumped(edit.current());
            });
            if (made.has_value()) by_patch = *stet::apply(*made, first);
            failed = failed && made.has_value();
        } catch (const std::bad_alloc&) {
        }
        until_failure = -1;
        if (failed) expect(dumped(again) == at_end && dumped(by_patch) == at_end, "goes on", at);
        else expect(dumped(again) == before, "failed after it", at);
    }
    for_good = true;
}

// ---- types of which copies throw, and moves, too

template <bool MoveThrows>
struct Fragile {
    int value = 0;
    Fragile(int number = 0) : value(number) {}
    Fragile(const Fragile& other) : value(other.value) { copied(); }
    Fragile(Fragile&& other) noexcept(!MoveThrows) : value(other.value) {
        if (MoveThrows) copied();
        other.value = -1;
    }
    Fragile& operator=(const Fragile& other) {
        copied();
        value = other.value;
        return *this;
    }
    Fragile& operator=(Fragile&& other) noexcept(!MoveThrows) {
        if (MoveThrows) copied();
        value = other.value;
        other.value = -1;
        return *this;
    }
    bool operator==(const Fragile& other) const { return value == other.value; }
};
template <bool MoveThrows>
struct Parts {
    using Part = Fragile<MoveThrows>;
    struct Item {
        int id = 0;
        Part part;
    };
    std::vector<Part> list{1, 2, 3};
    std::vector<Item> items{{1, 1}, {2, 2}};
    std::map<int, Part> map{{1, 1}, {2, 2}};
    std::vector<std::optional<Part>> maybes{std::optional<Part>(1), std::nullopt};
};
template <bool M>
std::string text_of(const Parts<M>& parts) {
    std::string out;
    for (const auto& part : parts.list) out += std::to_string(part.value) + ' ';
    for (const auto& item : parts.items) out += std::to_string(item.id) + ':' + std::to_string(item.part.value) + ' ';
    for (const auto& [key, part] : parts.map) out += std::to_string(key) + '=' + std::to_string(part.value) + ' ';
    for (const auto& maybe : parts.maybes) out += maybe ? std::to_string(maybe->value) : "none";
    return out;
}

template <bool M>
void fragile(const char* what) {
    const Parts<M> first;
    const std::string before = text_of(first);
    const long points = fail_each(what, true, [&] {
        Parts<M> value = fresh(first);
        const auto made = stet::edit_in_place(value, [](auto& edit) {
            edit.at(field<"list">).insert(1, 9);
            edit.at(field<"list">)[0].assign(5);
            edit.at(field<"list">).erase(2);
            edit.at(field<"list">).swap(0, 1);
            edit.at(field<"items">)[1].set(field<"part">, Fragile<M>(7));
            edit.at(field<"items">)[1].assign({5, 5});
            edit.at(field<"items">).insert(0, {6, 6});
            edit.at(field<"map">).insert(3, 3);
            edit.at(field<"map">).at(1).assign(8);
            edit.at(field<"map">).erase(2);
            edit.at(field<"maybes">)[0].content().assign(4);
            edit.at(field<"maybes">)[1].set(6);
        });
        if (made.has_value()) {
            const long left = until_failure;
            until_failure = -1;
            const std::string after = text_of(value);
            expect(text_of(*stet::apply(*made, first)) == after && after != before, what, left);
            until_failure = left;
        }
        return made.has_value();
    });
    expect(points > 20, what, points);
    for (long at = 0; at < points; ++at) {
        Parts<M> again = first;
        copies_fail = true;
        until_failure = at;
        bool thrown = false;
        try {
            const auto made = stet::edit_in_place(again, [](auto& edit) {
                edit.at(field<"list">).insert(1, 9);
                edit.at(field<"list">)[0].assign(5);
                edit.at(field<"list">).erase(2);
                edit.at(field<"list">).swap(0, 1);
                edit.at(field<"items">)[1].set(field<"part">, Fragile<M>(7));
                edit.at(field<"items">).insert(0, {6, 6});
                edit.at(field<"map">).at(1).assign(8);
                edit.at(field<"map">).erase(2);
                edit.at(field<"maybes">)[1].set(6);
            });
            static_cast<void>(made.has_value());
        } catch (const Broken&) {
            thrown = true;
        }
        until_failure = -1;
        if (thrown) expect(text_of(again) == before, what, at);
    }
}

}  // namespace

int main() {
    mixed();
    fragile<false>("copies");
    fragile<true>("copies and moves");
    return failures;
}
