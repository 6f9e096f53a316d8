#include <stet/patch/check.hpp>

#include <stet/patch/check_records.hpp>

#include "../both.hpp"
#include "../in_house.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

using stet::check;
using stet::diff;
using stet::field;

namespace {

struct Channel {
    int low = 0;
    int high = 10;
    static constexpr auto schema() {
        return stet::fields(
            field<&Channel::low>(stet::min(0)),
            stet::check<"low", "high">("low must not exceed high", [](int a, int b) { return a <= b; }));
    }
};
struct Board {
    std::array<Channel, 3> channels{};
    std::optional<Channel> spare;
    int port = 1;
    static constexpr auto schema() { return stet::fields(field<&Board::port>(stet::min(1))); }
};
struct Pin {
    int number = 0;
    bool out = false;
};
struct Pins {  // flat
    in_house::SmallVector<Pin, 8> pins;
    int other = 0;
    static constexpr auto schema() { return stet::fields(field<&Pins::pins>(stet::keyed_by<&Pin::number>)); }
};
struct Settings {
    std::string name = "bot";
    int port = 1;
    Channel channel;
    std::vector<Channel> list{{}, {}};
    std::map<std::string, Channel> map;
    std::variant<int, Channel> either;
    std::vector<int> ports{1, 2, 3};
    static constexpr auto schema() {
        return stet::fields(field<&Settings::name>(stet::not_empty), field<&Settings::port>(stet::min(1)),
                            field<&Settings::ports>(stet::each(stet::min(1))));
    }
};

template <class T>
std::vector<std::string> texts(const T& before, const T& after) {
    std::vector<std::string> all;
    for (const auto& violation : check(after, diff(before, after))) stet::Writer(all.emplace_back()) << violation;
    return all;
}
using Texts = std::vector<std::string>;

constexpr bool only_what_a_flat_patch_touches() {
    Board a;
    a.channels[0].low = -1;
    a.port = 0;  // broken before, and not touched
    Board b = a;
    b.channels[1].low = 20;
    const auto found = check(b, diff(a, b));
    return found.size() == 1 && check(b).size() == 3 && check(a, diff(a, a)).empty();
}

}  // namespace

namespace {
#define FIELDS_OF(n) a##n, b##n, c##n, d##n, e##n
#define RULE_OF(f) field<#f>(stet::in_range(0, 9))
#define RULES_OF(n) RULE_OF(a##n), RULE_OF(b##n), RULE_OF(c##n), RULE_OF(d##n), RULE_OF(e##n)
// More rules than are asked for one after the other; the last one reads the first and the last field.
struct ManyRules {
    int FIELDS_OF(0), FIELDS_OF(1), FIELDS_OF(2), FIELDS_OF(3), FIELDS_OF(4);
    static constexpr auto schema() {
        using stet::field;
        return stet::fields(RULES_OF(0), RULES_OF(1), RULES_OF(2), RULES_OF(3), RULES_OF(4),
                            stet::check<"a0", "e4">("not both", [](int a, int e) { return a == 0 || e == 0; }));
    }
};
#undef FIELDS_OF
#undef RULE_OF
#undef RULES_OF
}  // namespace

TEST_CASE("check after a change: each of many rules is found by its own leaf, and by no other") {
    std::size_t found = 0;
    stet::detail::for_each_leaf<ManyRules>([&]<std::size_t L>() {
        ManyRules broken{};
        stet::get_leaf<L>(broken) = 10;
        const auto all = stet::check(broken, stet::diff(ManyRules{}, broken));
        REQUIRE(all.size() == 1);
        CHECK(std::string_view(all[0].path()) == stet::leaf_path<ManyRules, L>());
        ManyRules other = broken;
        stet::get_leaf<(L + 7) % 25>(other) = 1;
        CHECK(stet::check(other, stet::diff(broken, other)).empty());
        ++found;
    });
    CHECK(found == 25);
    ManyRules first{};
    first.a0 = 1;
    ManyRules both = first;
    both.e4 = 1;
    CHECK(stet::check(both, stet::diff(first, both)).size() == 1);
}

TEST_CASE("check(value, patch) of a flat struct") {
    STET_BOTH(only_what_a_flat_patch_touches);
    Board a;
    a.channels[0].low = -1;
    Board b = a;
    b.channels[2].high = -5;
    b.spare = Channel{-1, 0};
    CHECK(texts(a, b) ==
          Texts{"channels[2].low, high: low must not exceed high", "spare.low is -1, must be at least 0"});
    Board c = b;
    c.channels[0].low = -2;
    c.spare->high = 1;  // its low is broken as before
    CHECK(texts(b, c) == Texts{"channels[0].low is -2, must be at least 0"});
}

TEST_CASE("check(value, patch): rules that read a field which it touches") {
    Settings a;
    a.name = "";
    Settings b = a;
    b.port = 0;
    CHECK(texts(a, b) == Texts{"port is 0, must be at least 1"});
    b = a;
    b.channel.high = -1;
    CHECK(texts(a, b) == Texts{"channel.low, channel.high: low must not exceed high"});
    CHECK(texts(a, a).empty());
}

TEST_CASE("check(value, patch): elements that it touches, and no other") {
    Settings a;
    a.list[0].low = -1;
    a.map["old"].low = -1;
    Settings b = a;
    b.list[1].high = -2;
    b.map["new"].low = -3;
    b.either = Channel{-4, 0};
    CHECK(texts(a, b) == Texts{"list[1].low, high: low must not exceed high",
                               "map[\"new\"].low is -3, must be at least 0", "either.low is -4, must be at least 0"});
}

TEST_CASE("check(value, patch): each(rule) of a container that it touches") {
    Settings a;
    Settings b = a;
    b.ports[1] = 0;
    CHECK(texts(a, b) == Texts{"ports[1] is 0, must be at least 1"});
}

TEST_CASE("check(value, patch) of a flat struct: what a variant holds, if it has changed") {
    struct Chosen {
        std::variant<int, Channel> either;
        int other = 0;
        std::array<std::variant<int, Channel>, 2> more{};
    };
    Chosen a;
    a.either = a.more[0] = Channel{-1, 0};
    Chosen b = a;
    b.other = 1;
    b.more[1] = Channel{1, 2};
    CHECK_FALSE(check(b, diff(a, b)).refuse());
    b.either = Channel{-2, 0};
    CHECK(check(b, diff(a, b)).refuse());
}

namespace {

constexpr bool keys_of_a_flat_struct() {
    Pins a;
    for (const int number : {1, 2, 2}) a.pins.push_back({number, false});
    const auto count = [&](auto change) {
        Pins b = a;
        change(b);
        return check(b, diff(a, b)).size();
    };
    return count([](Pins& b) { b.other = 1; }) == 0 && count([](Pins& b) { b.pins.data()[2].out = true; }) == 0 &&
           count([](Pins& b) { b.pins.data()[0].number = 2; }) == 2 &&
           count([](Pins& b) { b.pins.data()[2].number = 3; }) == 0 &&
           count([](Pins& b) { b.pins.push_back({1, false}); }) == 2;
}

}  // namespace

TEST_CASE("check(value, patch) of a flat struct: keys, if one has changed") { STET_BOTH(keys_of_a_flat_struct); }
