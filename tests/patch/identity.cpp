#include <stet/patch/identity.hpp>

#include "changes_of.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <list>
#include <random>
#include <string>
#include <vector>

using stet::field;

namespace {

struct Route {
    int id = 0;
    std::string to;
};
struct Routes {
    std::vector<Route> routes;
    static constexpr auto schema() { return stet::fields(field<&Routes::routes>(stet::keyed_by<&Route::id>)); }
};
struct Named {
    std::string name;
    int value = 0;
};
struct NamedList {
    std::list<Named> items;
    static constexpr auto schema() { return stet::fields(field<&NamedList::items>(stet::keyed_by<&Named::name>)); }
};

using Lines = std::vector<std::string>;
template <class T>
Lines changes(const T& a, const T& b) {
    Lines lines;
    stet::each_change(a, b, AddLine{lines});
    return lines;
}

}  // namespace

TEST_CASE("keyed_by: an insertion in front changes nothing behind it") {
    const Routes a{{{1, "a"}, {2, "b"}, {3, "c"}}};
    const Routes b{{{9, "x"}, {1, "a"}, {2, "b"}, {3, "c"}}};
    CHECK(changes(a, b) == Lines{"routes[0]: absent -> {id: 9, to: \"x\"}"});
    CHECK(changes(b, a) == Lines{"routes[0]: {id: 9, to: \"x\"} -> absent"});
}

TEST_CASE("keyed_by: an element is found again by its key") {
    const Routes a{{{1, "a"}, {2, "b"}, {3, "c"}}};
    const Routes b{{{2, "B"}, {3, "c"}}};
    CHECK(changes(a, b) == Lines{"routes[0]: {id: 1, to: \"a\"} -> absent", "routes[0].to: \"b\" -> \"B\""});
}

TEST_CASE("keyed_by: what changed places is erased and inserted, as few as possible") {
    const Routes a{{{1, "a"}, {2, "b"}, {3, "c"}, {4, "d"}}};
    const Routes b{{{4, "d"}, {1, "a"}, {2, "b"}, {3, "c"}}};
    CHECK(changes(a, b) == Lines{"routes[0]: absent -> {id: 4, to: \"d\"}", "routes[3]: {id: 4, to: \"d\"} -> absent"});
}

TEST_CASE("keyed_by: another key at the same place is another element") {
    const Routes a{{{1, "a"}}};
    const Routes b{{{2, "a"}}};
    CHECK(changes(a, b) == Lines{"routes[0]: {id: 1, to: \"a\"} -> absent", "routes[0]: absent -> {id: 2, to: \"a\"}"});
}

TEST_CASE("keyed_by: where a key occurs twice, elements are compared by position") {
    const Routes a{{{1, "a"}, {1, "b"}}};
    const Routes b{{{1, "a"}, {1, "c"}}};
    CHECK(changes(a, b) == Lines{"routes[1].to: \"b\" -> \"c\""});
    const NamedList x{{{"n", 1}, {"n", 2}}};
    const NamedList y{{{"n", 1}, {"n", 3}}};
    CHECK(changes(x, y) == Lines{"items[1].value: 2 -> 3"});
}

TEST_CASE("keyed_by: lists, and keys of text") {
    const NamedList a{{{"x", 1}, {"y", 2}}};
    const NamedList b{{{"y", 3}, {"x", 1}}};
    CHECK(changes(a, b).size() == 2);
    const NamedList c{{{"w", 0}, {"x", 1}, {"y", 3}}};
    CHECK(changes(a, c) == Lines{"items[0]: absent -> {name: \"w\", value: 0}", "items[2].value: 2 -> 3"});
}

TEST_CASE("sort_indexes(items, less)") {
    std::mt19937 random(1);
    for (std::size_t size = 0; size < 40; ++size) {
        stet::detail::IndexesOf<int> items;
        for (std::size_t i = 0; i < size; ++i) items.push_back(static_cast<std::uint32_t>(random() % 20));
        stet::detail::IndexesOf<int> expected = items;
        std::sort(expected.begin(), expected.end());
        stet::detail::sort_indexes(items, [](std::uint32_t a, std::uint32_t b) { return a < b; });
        CHECK(items == expected);
    }
}

TEST_CASE("keep_order(partner) is a longest increasing run") {
    using stet::detail::no_partner;
    const auto kept = [](const stet::detail::IndexesOf<int>& partner) {
        const auto keep = stet::detail::keep_order(partner);
        return std::count(keep.begin(), keep.end(), true);
    };
    CHECK(kept({}) == 0);
    CHECK(kept({0, 1, 2}) == 3);
    CHECK(kept({2, 1, 0}) == 1);
    CHECK(kept({3, 0, 1, 2}) == 3);
    CHECK(kept({no_partner, 0, no_partner, 1}) == 2);
    CHECK(kept({no_partner}) == 0);
    CHECK(kept({4, 5, 0, 1, 6, 2, 3}) == 4);
}
