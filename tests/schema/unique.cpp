#include <stet/schema/unique.hpp>

#include "../both.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <list>
#include <random>
#include <string>
#include <vector>

namespace {

struct Route {
    int id = 0;
    std::string to;
};
using ById = stet::KeyedBy<&Route::id>;
using ByText = stet::KeyedBy<&Route::to>;

template <class Key, class V>
std::vector<std::size_t> found(const V& all) {
    std::vector<std::size_t> indexes;
    stet::detail::find_duplicates<Key>(all, [&](std::size_t index, const Route&) { indexes.push_back(index); });
    return indexes;
}

constexpr bool sorts() {
    int items[] = {3, 1, 2, 5, 4, 1};
    stet::detail::heap_sort(items, 6, [](int a, int b) { return a < b; });
    return std::is_sorted(std::begin(items), std::end(items));
}

using Indexes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("heap_sort(items, size, less)") {
    STET_BOTH(sorts);
    std::mt19937 random(1);
    for (std::size_t size = 0; size < 40; ++size) {
        std::vector<unsigned> items;
        for (std::size_t i = 0; i < size; ++i) items.push_back(static_cast<unsigned>(random() % 20));
        stet::detail::heap_sort(items.data(), size, [](unsigned a, unsigned b) { return a < b; });
        CHECK(std::is_sorted(items.begin(), items.end()));
    }
}

TEST_CASE("find_duplicates(sequence, found) finds what has the key of one before it, in order") {
    CHECK(found<ById>(std::vector<Route>{}).empty());
    CHECK(found<ById>(std::vector<Route>{{1, ""}, {2, ""}, {3, ""}}).empty());
    CHECK(found<ById>(std::vector<Route>{{3, ""}, {1, ""}, {2, ""}}).empty());
    CHECK(found<ById>(std::vector<Route>{{1, ""}, {1, ""}}) == Indexes{1});
    CHECK(found<ById>(std::vector<Route>{{2, ""}, {1, ""}, {2, ""}, {1, ""}, {2, ""}}) == Indexes{2, 3, 4});
    CHECK(found<ByText>(std::list<Route>{{1, "b"}, {2, "a"}, {3, "b"}}) == Indexes{2});
}

TEST_CASE("find_duplicates(sequence, found): few, many, and in any order, the same") {
    std::mt19937 random(1);
    for (const unsigned size : {2U, 10U, 32U, 33U, 100U, 1000U}) {
        for (const unsigned keys : {size / 2 + 1, 10 * size, 1000 * size}) {
            std::vector<Route> all;
            for (unsigned i = 0; i < size; ++i) all.push_back({static_cast<int>(random() % keys), ""});
            Indexes expected;
            for (std::size_t i = 0; i < size; ++i)
                if (std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i),
                                [&](const Route& other) { return other.id == all[i].id; }))
                    expected.push_back(i);
            CHECK(found<ById>(all) == expected);
        }
    }
}
