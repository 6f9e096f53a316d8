// The laws of diff, patch and apply, over random values of a struct with every kind of leaf and of a flat one.
// RC_PARAMS="max_success=100000 seed=1" sets the number of cases and the seed.

#include <stet/patch/record_patch.hpp>
#include <stet/patch/visit.hpp>

#include "../every_kind.hpp"
#include "cases.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <tuple>
#include <vector>

using every::dumped;
using every::Every;
using every::Flat;

namespace {

using Script = std::vector<std::uint8_t>;

struct Change {
    std::string path, before, after;
    bool operator==(const Change&) const = default;
    bool operator<(const Change& other) const {
        return std::tie(path, before, after) < std::tie(other.path, other.before, other.after);
    }
};

template <class V>
std::string shown(const V& value) {
    if constexpr (std::is_same_v<V, stet::Absent>) return "absent";
    else if constexpr (std::is_same_v<V, stet::TextPart>) return dumped(std::string(value.text));
    else return dumped(value);
}

struct Collector {
    std::vector<Change>& changes;
    template <class A, class B>
    void operator()(const stet::PathView& path, const A& before, const B& after) const {
        Change change{{}, shown(before), shown(after)};
        stet::Writer(change.path) << path;
        changes.push_back(change);
    }
};

template <class T>
std::vector<Change> visited(const stet::Patch<T>& patch) {
    std::vector<Change> changes;
    patch.visit(Collector{changes});
    return changes;
}

template <class T>
T applied(const stet::Patch<T>& patch, const T& value) {
    auto result = stet::apply(patch, value);
    RC_ASSERT(result.has_value());
    return *std::move(result);
}

template <class T>
T edited(T value, const Script& script) {
    every::edit_all(value, script);
    return value;
}

// Two values: independent ones, or one and what an edit script made of it.
template <class T>
struct Two {
    T a, b;
    Two(const Script& first, const Script& second, bool independent)
        : a(edited(T{}, first)), b(edited(independent ? T{} : a, second)) {}
};

template <class T>
bool touches_agrees(const stet::Patch<T>& patch, const std::vector<Change>& changes) {
    bool agrees = true;
    stet::detail::for_each_field<T>([&]<std::size_t I>() {
        constexpr stet::detail::IndexPath path = stet::detail::IndexPath{}.then(I);
        stet::detail::LeafMask<T> mask;
        mask.set(stet::detail::leaf_table<T>.range(path));
        const std::string name(stet::field_name<T, I>());
        bool seen = false;
        for (const Change& change : changes)
            seen = seen || (change.path.starts_with(name) &&
                            (change.path.size() == name.size() || change.path[name.size()] == '.' ||
                             change.path[name.size()] == '['));
        agrees = agrees && seen == patch.leaves().intersects(mask);
    });
    return agrees;
}

template <class T>
bool laws(const std::string& of) {
    bool all = true;
    const auto law = [&](const std::string& text, auto property) {
        all = rc::check(of + ": " + text, property) && all;
    };

    law("apply(diff(a, b), a) == b, and transient fields stay", [](const Script& x, const Script& y, bool independent) {
        const Two<T> two(x, y, independent);
        const auto patch = stet::diff(two.a, two.b);
        const T result = applied(patch, two.a);
        RC_ASSERT(dumped(result) == dumped(two.b));
        RC_ASSERT(result.cache == two.a.cache);
        RC_ASSERT(stet::equal(result, two.b));
    });
    law("a patch is empty if and only if the values are equal", [](const Script& x, const Script& y, bool independent) {
        const Two<T> two(x, y, independent);
        const bool same = dumped(two.a) == dumped(two.b);
        const auto patch = stet::diff(two.a, two.b);
        RC_ASSERT(patch.empty() == same);
        RC_ASSERT((patch.size() == 0) == same);
        RC_ASSERT(visited(patch).empty() == same);
        RC_ASSERT(stet::equal(two.a, two.b) == same);
        const T copy = two.a;
        RC_ASSERT(stet::diff(two.a, copy).empty());
        RC_ASSERT(stet::diff(two.a, two.a).empty());
    });
    law("apply(inverted(p), apply(p, a)) == a", [](const Script& x, const Script& y, bool independent) {
        const Two<T> two(x, y, independent);
        const auto patch = stet::diff(two.a, two.b);
        const auto back = patch.inverted();
        RC_ASSERT(dumped(applied(back, applied(patch, two.a))) == dumped(two.a));
        RC_ASSERT(dumped(applied(stet::diff(two.a, two.b).inverted(), applied(patch, two.a))) == dumped(two.a));
    });
    law("the inverse of the inverse is the patch", [](const Script& x, const Script& y, bool independent) {
        const Two<T> two(x, y, independent);
        const auto patch = stet::diff(two.a, two.b);
        const auto twice = patch.inverted().inverted();
        RC_ASSERT(visited(twice) == visited(patch));
        RC_ASSERT(dumped(applied(twice, two.a)) == dumped(two.b));
        RC_ASSERT(twice.leaves() == patch.leaves());
    });
    law("the inverse shows the same changes with before and after exchanged",
        [](const Script& x, const Script& y, bool independent) {
            const Two<T> two(x, y, independent);
            const auto patch = stet::diff(two.a, two.b);
            std::vector<Change> forth = visited(patch);
            std::vector<Change> back = visited(patch.inverted());
            for (Change& change : forth) change.path.clear();  // the position of an element may be another one
            for (Change& change : back) {
                change.path.clear();
                std::swap(change.before, change.after);
            }
            std::sort(forth.begin(), forth.end());
            std::sort(back.begin(), back.end());
            RC_ASSERT(forth == back);
        });
    law("a patch fits, or is a conflict; its argument never changes",
        [](const Script& x, const Script& y, const Script& z, std::uint8_t from) {
            const Two<T> two(x, y, false);
            const T third = edited(from % 3 == 0 ? T{} : from % 3 == 1 ? two.a : two.b, z);
            const std::string before = dumped(third);
            const auto patch = stet::diff(two.a, two.b);
            const auto result = stet::apply(patch, third);
            RC_ASSERT(dumped(third) == before);
            bool lacks = false;  // what a change of a whole value was made from
            const auto look = [&](auto named, const auto& was, const auto& is) {
                lacks = lacks || (patch.touches(named) && dumped(was) != dumped(is));
            };
            look(stet::field<&T::real>, two.a.real, third.real);
            look(stet::field<&T::mode>, two.a.mode, third.mode);
            look(stet::field<&T::colour>, two.a.colour, third.colour);
            look(stet::field<&T::locked>, two.a.locked, third.locked);
            look(stet::field<&T::on>, two.a.on, third.on);
            if (lacks) RC_ASSERT_FALSE(result.has_value());
            if (dumped(two.a) == before) RC_ASSERT(result.has_value());
            if (result.has_value()) {
                RC_ASSERT(dumped(applied(patch.inverted(), *result)) == before);
            } else {
                RC_ASSERT(result.error().code() == stet::Errc::patch_conflict);
                bool named = false;
                for (std::size_t leaf = 0; leaf < stet::leaf_count<T>; ++leaf)
                    named = named ||
                            (patch.leaves()[leaf] && stet::detail::leaf_paths<T>.of[leaf] == result.error().subject());
                RC_ASSERT(named);
            }
        });
    law("each_change(a, b) and visit(diff(a, b)) show the same",
        [](const Script& x, const Script& y, bool independent) {
            const Two<T> two(x, y, independent);
            std::vector<Change> changes;
            stet::each_change(two.a, two.b, Collector{changes});
            RC_ASSERT(visited(stet::diff(two.a, two.b)) == changes);
        });
    law("touches(field) if and only if visit shows it", [](const Script& x, const Script& y, bool independent) {
        const Two<T> two(x, y, independent);
        const auto patch = stet::diff(two.a, two.b);
        RC_ASSERT(touches_agrees(patch, visited(patch)));
        RC_ASSERT_FALSE(patch.touches(stet::field<&T::cache>));
        RC_ASSERT(patch.touches(stet::field<&T::real>) == (dumped(two.a.real) != dumped(two.b.real)));
        RC_ASSERT(patch.touches(stet::field<"grid">) == (dumped(two.a.grid) != dumped(two.b.grid)));
    });
    law("a copy of a patch is the patch, and a moved-from one can be destroyed",
        [](const Script& x, const Script& y, bool independent) {
            const Two<T> two(x, y, independent);
            auto patch = stet::diff(two.a, two.b);
            const auto copy = patch;
            const std::vector<Change> changes = visited(patch);
            const auto moved = std::move(patch);
            RC_ASSERT(visited(copy) == changes);
            RC_ASSERT(visited(moved) == changes);
            RC_ASSERT(dumped(applied(copy, two.a)) == dumped(two.b));
        });
    return all;
}

}  // namespace

int main() {
    use_cases();
    const bool every = laws<Every>("every kind");
    const bool flat = laws<Flat>("flat");
    return every && flat ? 0 : 1;
}
