#include <stet/schema/hidden.hpp>

#include "../both.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

using stet::detail::hides;
using stet::detail::keep_hidden;
using stet::detail::leaf_hides;

namespace {

struct Plain {
    int x = 0;
    bool operator<(const Plain& other) const { return x < other.x; }
};
struct Cached {
    int x = 0;
    int cache = 0;
    bool operator<(const Cached& other) const { return x < other.x; }
    static constexpr auto schema() { return stet::fields(stet::field<&Cached::cache>(stet::transient)); }
};
struct Tree {
    int x = 0;
    std::vector<Tree> children;
};
struct CachedTree {
    Cached here;
    std::vector<CachedTree> children;
};
struct Every {
    int number = 0;
    Cached nested{};
    std::array<Cached, 2> array{};
    std::optional<Cached> maybe{};
    std::variant<int, Cached> either{};
    std::array<Plain, 2> plain{};
};

static_assert(!hides<int>() && !hides<std::string>() && !hides<Plain>() && !hides<std::vector<Plain>>());
static_assert(hides<Cached>() && hides<std::vector<Cached>>() && hides<std::set<Cached>>());
static_assert(hides<std::map<std::string, Cached>>() && hides<std::map<Cached, int>>());
static_assert(hides<std::optional<std::array<Cached, 2>>>() && hides<std::variant<int, Cached>>());
static_assert(!hides<Tree>() && hides<CachedTree>());
// number, nested.x, nested.cache, array, maybe, either, plain
static_assert(!leaf_hides<Every, 0>() && !leaf_hides<Every, 1>() && leaf_hides<Every, 2>() && leaf_hides<Every, 3>());
static_assert(leaf_hides<Every, 4>() && leaf_hides<Every, 5>() && !leaf_hides<Every, 6>());

constexpr bool keeps_what_is_hidden() {
    Every from{.either = Cached{9, 5}};
    from.nested.cache = 1;
    from.array[0].cache = 2;
    from.array[1].cache = 3;
    from.maybe = Cached{9, 4};
    Every to{.either = Cached{7, 0}};
    to.number = 7;
    to.array[1].x = 7;
    to.maybe = Cached{7, 0};
    keep_hidden(from, to);
    if (to.number != 7 || to.nested.cache != 1 || to.array[0].cache != 2 || to.array[1].cache != 3) return false;
    if (to.array[1].x != 7 || to.maybe->cache != 4 || to.maybe->x != 7) return false;
    if (std::get<Cached>(to.either).cache != 5 || std::get<Cached>(to.either).x != 7) return false;

    Every other;  // with nowhere to put them
    keep_hidden(from, other);
    if (other.maybe || other.either.index() != 0) return false;
    keep_hidden(other, to);  // with nothing to bring
    return to.maybe->cache == 4 && std::get<Cached>(to.either).cache == 5 && to.nested.cache == 1;
}

}  // namespace

TEST_CASE("keep_hidden(from, to)") {
    STET_BOTH(keeps_what_is_hidden);
    std::vector<Cached> from{{1, 1}, {2, 2}, {3, 3}};
    std::vector<Cached> to{{7, 0}, {8, 0}};
    keep_hidden(from, to);
    CHECK(to[1].cache == 2);
    to.resize(4);
    keep_hidden(from, to);
    CHECK(to[1].cache == 2);
    CHECK(to[3].cache == 0);
}
