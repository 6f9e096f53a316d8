#include <stet/patch/read_records.hpp>

#include <stet/patch/record_patch.hpp>

#include "../every_kind.hpp"

#include <doctest/doctest.h>

using every::dumped;
using every::Every;

namespace {

Every some() {
    Every value;
    value.items = {{1, "a", {1, 2}, {}}};
    value.map["x"].id = 1;
    value.numbers = {1, 2, 3};
    value.maybe.emplace();
    value.own_map.try_emplace(1, every::Point{1, 2});
    return value;
}

}  // namespace

TEST_CASE("carry_out<Trust::known> makes the same changes without asking") {
    const Every a = some();
    Every b = a;
    b.items[0].scores = {2};
    b.map.erase("x");
    b.numbers[1] = 7;
    b.maybe.reset();
    b.own_map.erase(b.own_map.find(1));
    const auto patch = stet::diff(a, b);
    Every value = a;
    stet::detail::Apply::trusted(patch, value);
    CHECK(dumped(value) == dumped(b));
    stet::detail::Apply::trusted(patch.inverted(), value);
    CHECK(dumped(value) == dumped(a));
    stet::detail::Apply::undo(patch.inverted(), value);
    CHECK(dumped(value) == dumped(b));
    stet::detail::Apply::undo(patch, value);
    CHECK(dumped(value) == dumped(a));
}

TEST_CASE("carry_out of positions that are not there is a conflict, never out of bounds") {
    Every a = some();
    a.items.resize(5);
    a.list = {"a", "b", "c"};
    a.grid = {{1}, {2}, {3}};
    Every b = a;
    b.items[4].id = 9;
    b.list.pop_back();
    b.grid[2].push_back(4);
    const auto patch = stet::diff(a, b);
    for (std::size_t size = 0; size < 5; ++size) {
        Every shorter = a;
        shorter.items.resize(size);
        const auto result = stet::apply(patch, shorter);
        REQUIRE_FALSE(result);
        CHECK(result.error().subject() == "items");
    }
    Every other = a;
    other.list.clear();
    CHECK(stet::apply(patch, other).error().subject() == "list");
    other = a;
    other.grid.resize(1);
    CHECK(stet::apply(patch, other).error().subject() == "grid");
    CHECK_FALSE(stet::apply(patch.inverted(), Every{}).has_value());
}
