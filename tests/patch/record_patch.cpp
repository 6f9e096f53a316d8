#include <stet/patch/record_patch.hpp>

#include "../every_kind.hpp"
#include "changes_of.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

using every::dumped;
using every::Every;

namespace {

using Lines = std::vector<std::string>;

// As JSON libraries have it: a list of values is a value.
class Json {
public:
    Json() = default;
    Json(int number) : number_(number) {}
    Json(const std::vector<Json>& list) : number_(-static_cast<int>(list.size())) {}
    bool operator==(const Json& other) const { return number_ == other.number_; }

private:
    int number_ = 0;
};
struct HoldsJson {
    std::vector<Json> values;
    std::optional<std::vector<Json>> more;
};

// States of a machine, as people write them
struct Idle {};
struct Running {
    std::string job;
    std::vector<Idle> ticks;
};
struct Machine {
    std::variant<Idle, Running> state;
    std::optional<Idle> flag;
    std::vector<Idle> count;
};

template <class T>
void round_trip(const T& a, const T& b) {
    const auto patch = stet::diff(a, b);
    const auto there = stet::apply(patch, a);
    REQUIRE(there);
    CHECK(stet::equal(*there, b));
    const auto back = stet::apply(patch.inverted(), *there);
    REQUIRE(back);
    CHECK(stet::equal(*back, a));
}

}  // namespace

TEST_CASE("RecordPatch outlives the values that it was made from") {
    auto a = std::make_unique<Every>();
    auto b = std::make_unique<Every>();
    a->text = "a text that is too long for the place inside a string";
    b->map["key"].name = "another text that is too long for the place inside";
    const Every value = *a;
    const std::string wanted = dumped(*b);
    auto patch = stet::diff(*a, *b);
    a.reset();
    b.reset();
    const auto copy = patch;
    CHECK(dumped(*stet::apply(std::move(patch), value)) == wanted);
    CHECK(dumped(*stet::apply(copy, value)) == wanted);
}

TEST_CASE("RecordPatch keeps what changed, and no slot for what did not") {
    CHECK(sizeof(stet::Patch<Every>) < 80);
    CHECK(sizeof(stet::Patch<Every>) < sizeof(Every));
}

TEST_CASE("RecordPatch of values that a list of themselves converts to") {
    round_trip(HoldsJson{{1, 2}, {}}, HoldsJson{{1, 2, 3}, std::vector<Json>{4, 5}});
    round_trip(HoldsJson{{1}, std::vector<Json>{1, 2}}, HoldsJson{{}, {}});
}

TEST_CASE("RecordPatch of structs without fields inside variants, optionals and sequences") {
    round_trip(Machine{}, Machine{Running{"job", {}}, Idle{}, {Idle{}, Idle{}}});
    round_trip(Machine{Running{"job", {Idle{}}}, {}, {}}, Machine{Running{"other", {}}, {}, {Idle{}}});
    CHECK(stet::diff(Machine{}, Machine{}).empty());
}

TEST_CASE("RecordPatch of many changes, over many chunks") {
    Every a;
    Every b;
    for (int i = 0; i < 3000; ++i) {
        a.items.push_back({i, std::to_string(i), {i}, {}});
        b.items.push_back({i, std::to_string(i + i % 2), {i, i}, {}});
        b.map[std::to_string(i)].id = i;
    }
    const auto patch = stet::diff(a, b);
    CHECK(patch.size() == 2);
    CHECK(dumped(*stet::apply(patch, a)) == dumped(b));
    CHECK(dumped(*stet::apply(patch.inverted(), b)) == dumped(a));
    CHECK(changes_of(patch).size() == 3000 + 1500 + 3000);
}

TEST_CASE("RecordPatch does not see transient fields") {
    Every b;
    b.cache = 1;
    CHECK(stet::diff(Every{}, b).empty());
    b.text = "b";
    const auto patch = stet::diff(Every{}, b);
    CHECK(patch.size() == 1);
    Every value;
    value.cache = 7;
    CHECK(stet::apply(patch, value)->cache == 7);
}
