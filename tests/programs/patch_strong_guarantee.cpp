// Every allocation of diff, of a copy of the patch, of apply and of what an inverted patch does fails once, and every
// copy of an element throws once: what was there before is there afterwards, and nothing leaks.

#include <stet/patch/record_patch.hpp>

#include "../every_kind.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>

namespace {

long until_failure = -1;  // allocations until one fails; negative: none does
long in_use = 0;

}  // namespace

void* operator new(std::size_t size) {
    if (until_failure >= 0 && until_failure-- == 0) throw std::bad_alloc();
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

int failures = 0;
void expect(bool ok, const char* what, long at) {
    if (ok) return;
    std::printf("failed: %s, at %ld\n", what, at);
    ++failures;
}

const std::string long_text = "a text that is too long for the place inside a string";

Every before() {
    Every value;
    value.text = long_text;
    value.items = {{1, long_text, {1, 2}, {}}, {2, "b", {3}, every::Point{1, 2}}};
    value.keyed = {{1, "a", {}, {}}, {2, long_text, {}, {}}, {3, "c", {1}, {}}};
    value.list = {long_text, "b"};
    value.set = {long_text};
    value.map["x"].scores = {1, 2, 3};
    value.hashed[1] = {1};
    value.maybe.emplace();
    value.either = std::vector<int>{1};
    value.tree.children.resize(2);
    return value;
}
Every after() {
    Every value = before();
    value.text += long_text;
    value.nested.label = long_text;
    value.items.insert(value.items.begin(), {9, long_text, {4}, {}});
    value.keyed.erase(value.keyed.begin());
    value.keyed.push_back({4, long_text, {}, {}});
    value.list.push_front(long_text + "!");
    value.set = {long_text + "!"};
    value.map["x"].scores.push_back(4);
    value.map["y"].name = long_text;
    value.hashed.erase(1);
    value.hashed[2] = {2, 3};
    value.maybe->name = long_text;
    value.either = value.items[0];
    value.tree.children[1].children.resize(1);
    value.rows[0] = {1, 2, 3};
    value.own_text = long_text.c_str();
    value.own_map.try_emplace(1, every::Point{1, 2});
    return value;
}

// Repeats `action` with the first, the second, ... allocation failing, until none fails.
template <class Action>
long fail_each(const char* what, Action action) {
    for (long at = 0;; ++at) {
        const long held = in_use;
        until_failure = at;
        bool done = false;
        try {
            done = action();
        } catch (const std::bad_alloc&) {
        }
        const bool used_up = until_failure < 0;
        until_failure = -1;
        expect(in_use == held, what, at);
        if (done && !used_up) return at;
        expect(!done, what, at);
        if (at > 10000) return at;
    }
}

// A type whose copies throw.
struct Throwing {
    static inline int copies = -1;
    int value = 0;
    explicit Throwing(int number = 0) : value(number) {}
    Throwing(const Throwing& other) : value(other.value) { count(); }
    Throwing& operator=(const Throwing& other) {
        count();
        value = other.value;
        return *this;
    }
    bool operator==(const Throwing& other) const { return value == other.value; }
    static void count() {
        if (copies >= 0 && copies-- == 0) throw std::runtime_error("copy");
    }
};
struct HoldsThrowing {
    Throwing one;
    std::vector<Throwing> many;
};

}  // namespace

int main() {
    const Every a = before();
    const Every b = after();
    const std::string a_text = dumped(a);
    const std::string b_text = dumped(b);
    const auto patch = stet::diff(a, b);

    const long in_diff = fail_each("diff", [&] { return !stet::diff(a, b).empty(); });
    const long in_copy = fail_each("copy of a patch", [&] {
        const auto copy = patch;
        return !copy.empty();
    });
    const long in_apply = fail_each("apply", [&] { return stet::apply(patch, a).has_value(); });
    const long in_inverted = fail_each("inverted", [&] { return stet::apply(patch.inverted(), b).has_value(); });
    Every conflicting = a;
    conflicting.tree.children.clear();
    fail_each("conflict", [&] { return !stet::apply(patch, conflicting).has_value(); });

    expect(dumped(a) == a_text && dumped(b) == b_text, "values unchanged", 0);
    expect(dumped(*stet::apply(patch, a)) == b_text, "patch unchanged", 0);
    expect(in_diff > 5 && in_copy > 5 && in_apply > 20 && in_inverted > 20, "there were allocations to fail", in_apply);

    HoldsThrowing from;
    from.many.resize(3);
    HoldsThrowing to = from;
    to.one.value = 1;
    to.many[1].value = 2;
    to.many.push_back(Throwing(3));
    const auto throwing = stet::diff(from, to);
    bool done = false;
    int thrown = 0;
    for (int at = 0; !done && at < 100; ++at) {
        Throwing::copies = at;
        try {
            done = stet::apply(throwing, from).has_value() && !stet::diff(from, to).empty();
        } catch (const std::runtime_error&) {
            ++thrown;
        }
        Throwing::copies = -1;
        expect(from.one.value == 0 && from.many.size() == 3 && from.many[1].value == 0, "throwing copy", at);
    }
    expect(done && thrown > 5, "there were copies to throw", thrown);
    return failures;
}
