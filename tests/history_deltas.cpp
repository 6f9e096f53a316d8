#include <stet/history_deltas.hpp>

#include <stet/history_branching.hpp>
#include <stet/stet.hpp>

#include "bot.hpp"
#include "both.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

using stet::bytes;
using stet::field;
using stet::History;

namespace {

struct Small {
    std::uint8_t a = 0, b = 0;
    std::uint16_t c = 0;
};
// The value takes 4 bytes and what belongs to it 10; in the 16 that are left, a step of `a` takes a mask, a value and a
// length of 1 byte each.
constexpr bool how_many_fit() {
    History<Small, bytes{30}> history{Small{}};
    static_assert(sizeof(history) <= 30);
    for (int i = 1; i <= 100; ++i) {
        if (!history.set(field<"a">, i)) return false;
        const std::size_t steps = history.size() - 1;
        if (history.bytes() != steps * 3 || steps != static_cast<std::size_t>(i < 5 ? i : 5)) return false;
    }
    if (!history.set(field<"c">, 1) || history.bytes() != 16 || history.size() != 6) return false;
    for (int a = 100; a > 96; --a)
        if (!history.undo() || history.current().a != a || history.current().c != 0) return false;
    return history.undo() && history.current().a == 96 && !history.undo() && history.go_to(5) &&
           history.current().c == 1 && history.bytes() == 16;
}

// The room is exactly as large as two steps.
constexpr bool to_the_last_byte() {
    History<Small, bytes{20}> history{Small{}};
    if (!history.set(field<"a">, 1) || !history.set(field<"b">, 1) || history.size() != 3) return false;
    if (!history.set(field<"a">, 2) || history.size() != 3 || history.bytes() != 6) return false;
    if (!history.undo() || !history.undo() || history.current().a != 1 || history.current().b != 0) return false;
    return history.redo() && history.redo() && history.current().a == 2 && history.current().b == 1;
}

// A step for which there is no room is made all the same, and nothing is left to go back to.
struct Wide {
    std::array<std::uint8_t, 16> many{};
    std::uint8_t one = 0;
};
constexpr bool larger_than_all_room() {
    History<Wide, bytes{40}> history{Wide{}};
    if (!history.set(field<"one">, 1) || !history.set(field<"one">, 2) || history.size() != 3) return false;
    history.mark_saved();
    std::array<std::uint8_t, 16> many{};
    many[3] = 5;
    if (!history.set(field<"many">, many) || history.size() != 1 || history.can_undo() || history.bytes() != 0)
        return false;
    if (history.current().many[3] != 5 || history.current().one != 2 || !history.dirty()) return false;
    if (!history.set(field<"one">, 3) || history.size() != 2 || !history.undo() || history.current().one != 2)
        return false;
    // the same as a part of a step that has been kept
    if (!history.redo() || !history.set(field<"one">, 4)) return false;
    if (!history.amend([](Wide& w) { w.many[4] = 6; }) || history.size() != 1) return false;
    // and of a group
    if (!history.set(field<"one">, 5)) return false;
    {
        auto group = history.group();
        if (!history.set(field<"one">, 6) || !history.amend([](Wide& w) { w.many[4] = 7; })) return false;
    }
    return history.size() == 1 && history.current().many[4] == 7 && history.current().one == 6;
}

// Where there are many leaves: a list of numbers, or a mask where that is shorter.
struct Row {
    int a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0;
};
struct Table {
    Row first, second, third, fourth;
    std::array<std::int8_t, 3> odd{};
};
constexpr bool lists_and_masks() {
    History<Table, bytes{700}> history{Table{}};
    if (!history.set(field<"third.e">, 7) || history.bytes() != 1 + 1 + 4 + 2) return false;
    if (!history.commit([](Table& t) { t.first.a = t.second.b = t.third.c = t.fourth.j = 8, t.odd[2] = 9; }))
        return false;
    if (history.bytes() != 8 + 1 + 5 + 4 * 4 + 3 + 2) return false;
    if (!history.commit([](Table& t) { t.first = t.fourth = Row{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}; })) return false;
    if (history.bytes() != 35 + 1 + 6 + 20 * 4 + 2 || !history.go_to(0)) return false;
    if (!stet::equal(history.current(), Table{}) || !history.go_to(3)) return false;
    if (history.current().fourth.j != 10 || history.current().third.e != 7 || history.current().odd[2] != 9)
        return false;
    return history.undo() && history.current().fourth.j == 8 && history.current().first.b == 0 &&
           history.at(3)->first.b == 2 && history.at(1)->fourth.j == 0;
}

// Without padding, and without what is not versioned.
struct Padded {
    std::uint8_t small = 1;
    double large = 2;
};
struct Cached {
    std::uint16_t x = 0;
    std::uint16_t cache = 0;
    static constexpr auto schema() { return stet::fields(field<&Cached::cache>(stet::transient)); }
};
struct Packed {
    std::array<Padded, 2> padded{};
    std::array<Cached, 2> cached{};
    static constexpr auto schema() { return stet::fields(); }
};
constexpr bool packs() {
    History<Packed, bytes{300}> history{Packed{}};
    if (!history.commit([](Packed& p) { p.padded[1].large = 3; }) || history.bytes() != 1 + 2 * 9 + 2) return false;
    if (!history.commit([](Packed& p) { p.cached[0] = {4, 5}; }) || history.bytes() != 21 + 1 + 2 * 4 + 2) return false;
    if (!history.commit([](Packed& p) { p.cached[0].cache = 6; }) || history.size() != 3) return false;
    if (!history.undo() || history.current().cached[0].x != 0 || history.current().cached[0].cache != 6) return false;
    if (!history.undo() || history.current().padded[1].large != 2) return false;
    const auto end = history.at(2);
    return end->cached[0].x == 4 && end->cached[0].cache == 6 && end->padded[1].large == 3;
}

// Made when the program is built, and gone on with when it runs: both see the same bytes.
constexpr auto half_way = [] {
    History<Packed, bytes{300}> history{Packed{}};
    static_cast<void>(history.commit([](Packed& p) { p.padded = {Padded{3, 4.5}, Padded{5, 6.5}}; }));
    static_cast<void>(history.commit([](Packed& p) { p.padded[0].small = 7, p.cached[1].x = 8; }));
    return history;
}();

// What no constant expression can take apart.
struct Loose {
    std::optional<int> maybe;
    std::variant<int, double> either;
    std::array<std::optional<bot::Mode>, 2> modes{};
    std::uint8_t number = 0;
};

struct Large {
    std::array<std::uint64_t, 8192> blob{};
    std::uint32_t frame = 0;
};

}  // namespace

TEST_CASE("History<T, bytes>: as many steps as fit, the oldest go first") { STET_BOTH(how_many_fit); }
TEST_CASE("History<T, bytes>: to the last byte") { STET_BOTH(to_the_last_byte); }
TEST_CASE("History<T, bytes>: a step that is larger than all the room") { STET_BOTH(larger_than_all_room); }
TEST_CASE("History<T, bytes>: leaves as a list or a mask") { STET_BOTH(lists_and_masks); }
TEST_CASE("History<T, bytes>: values without padding; transient fields stay") { STET_BOTH(packs); }

TEST_CASE("History<T, bytes>: steps of a constant expression are undone at run time") {
    auto history = half_way;
    REQUIRE(history.undo());
    CHECK(history.current().padded[0].small == 3);
    CHECK(history.current().padded[0].large == 4.5);
    CHECK(history.current().cached[1].x == 0);
    REQUIRE(history.undo());
    CHECK(stet::equal(history.current(), Packed{}));
    REQUIRE(history.go_to(2));
    CHECK(stet::equal(history.current(), half_way.current()));
}

TEST_CASE("History<T, bytes>: optional, variant, and arrays of them") {
    History<Loose, bytes{400}> history{Loose{}};
    for (int i = 0; i < 50; ++i)
        REQUIRE(history.commit([i](Loose& l) {
            if (i % 3 == 0) l.maybe.reset();
            else l.maybe = i;
            if (i % 2 == 0) l.either = i;
            else l.either = i + 0.5;
            l.modes[static_cast<std::size_t>(i % 2)] = i % 5 == 0 ? std::nullopt : std::optional(bot::Mode::full);
            l.number = static_cast<std::uint8_t>(i + 1);
        }));
    REQUIRE(history.size() > 5);
    for (int i = 49; history.can_undo(); --i) {
        CHECK(history.current().number == i + 1);
        CHECK(history.current().maybe == (i % 3 == 0 ? std::nullopt : std::optional(i)));
        CHECK(history.current().either == (i % 2 == 0 ? std::variant<int, double>(i) : i + 0.5));
        REQUIRE(history.undo());
    }
}

TEST_CASE("History<T, bytes>: past 64 KB") {
    constexpr std::size_t budget = 300'000;
    static_assert(sizeof(History<Large, bytes{budget}>) <= budget);
    static History<Large, bytes{budget}> history{Large{}};
    for (std::uint32_t i = 1; i <= 40; ++i)
        REQUIRE(history.commit([i](Large& l) {
            l.frame = i;
            if (i % 10 == 0) l.blob[i] = i;
        }));
    CHECK(history.current().blob[40] == 40);
    REQUIRE(history.go_to(0));
    CHECK(history.current().blob[10] == 10);  // there is room for three of those steps
    CHECK(history.current().blob[20] == 0);
    CHECK(history.current().frame == 40 - (history.size() - 1));
    REQUIRE(history.go_to(history.size() - 1));
    CHECK(history.current().blob[40] == 40);
    CHECK(history.current().blob[20] == 20);
    CHECK(history.current().frame == 40);
}

TEST_CASE("History<T, bytes>: the whole object is within the budget") {
    static_assert(sizeof(History<bot::Motor, bytes{64}>) <= 64);
    static_assert(sizeof(History<bot::Motor, bytes{255}>) <= 255);
    static_assert(sizeof(History<bot::Motor, bytes{256}>) == 256);
    static_assert(sizeof(History<bot::Motor, bytes{512}>) == 512);
    static_assert(sizeof(History<bot::Motor, bytes{70'000}>) == 70'000);
    using Ruled = decltype(stet::make_history<bytes{128}>(bot::Motor{}, stet::rules(field<"rpm">(stet::max(4000)))));
    static_assert(sizeof(Ruled) <= 128);
    static_assert(std::is_trivially_copyable_v<History<bot::Motor, bytes{128}>>);
    CHECK(sizeof(History<bot::Motor, bytes{512}>) == History<bot::Motor, bytes{512}>::max_bytes);
}

TEST_CASE("max_bytes: worst cases are constants") {
    static_assert(History<bot::Motor, 8>::max_bytes == sizeof(History<bot::Motor, 8>));
    static_assert(History<bot::Motor, 8>::max_bytes <= 8 * sizeof(bot::Motor) + 16);
    static_assert(History<bot::Motor, 8, stet::NamedCopies>::max_bytes ==
                  sizeof(History<bot::Motor, 8, stet::NamedCopies>));
    static_assert(History<bot::Motor, bytes{512}>::max_bytes == 512);
    static_assert(stet::Patch<bot::Motor>::max_bytes == sizeof(stet::Patch<bot::Motor>));
    static_assert(stet::Patch<bot::Motor>::max_bytes <= 2 * sizeof(bot::Motor) + 8);
    CHECK(sizeof(stet::diff(bot::Motor{}, bot::Motor{})) == stet::Patch<bot::Motor>::max_bytes);
}

TEST_CASE("History<T, bytes>: on the heap, what limit_bytes sets") {
    const auto fills = [](auto history) {
        for (int i = 1; i < 500; ++i) CHECK(history.set(field<"name">, std::string(40, 'a') + std::to_string(i)));
        CHECK(history.bytes() <= 2000);
        CHECK(history.bytes() > 1000);
        CHECK(history.size() > 5);
        CHECK(history.size() < 100);
        CHECK(history.undo());
        CHECK(history.current().name == std::string(40, 'a') + "498");
    };
    fills(History<bot::Settings, bytes{2000}>{bot::Settings{}});
    fills(History<bot::Settings, bytes{2000}, stet::Changes>{bot::Settings{}});
    fills(History<bot::Settings, bytes{2000}, stet::Branching>{bot::Settings{}});
    History<bot::Motor, bytes{2000}, stet::Changes> flat{bot::Motor{}};
    for (int i = 0; i < 500; ++i) CHECK(flat.set("step", field<"rpm">, 200 + i));
    CHECK(flat.bytes() <= 2000);
    CHECK(flat.size() > 5);
}

namespace {

template <std::size_t Size>
struct Broad {
    std::array<std::uint8_t, Size> all{};
    std::uint8_t one = 0;
};
struct Hiding {
    int value = 0;
    int hidden = 0;
    static constexpr auto schema() { return stet::fields(field<"hidden">(stet::transient)); }
};
struct MayHide {
    std::optional<Hiding> inside = Hiding{};
};

}  // namespace

TEST_CASE("History<T, bytes>: where an index takes a byte more, it still fits, and keeps a step") {
    const auto keeps = [](auto history, std::size_t most) {
        CHECK(sizeof(history) <= most);
        CHECK(history.set(field<"one">, 1));
        CHECK(history.can_undo());
    };
    keeps(History<Broad<234>, bytes{255}>{Broad<234>{}}, 255);
    keeps(History<Broad<238>, bytes{260}>{Broad<238>{}}, 260);
    keeps(History<Broad<65500>, bytes{65544}>{Broad<65500>{}}, 65544);
}

TEST_CASE("History<T, bytes>: a transient field that has nowhere to be on the way is there at the end") {
    const auto jumps = [](auto history) {
        CHECK(history.commit([](MayHide& m) { m.inside.reset(); }));
        CHECK(history.commit([](MayHide& m) { m.inside = Hiding{2, 5}; }));
        CHECK(history.at(0)->inside->hidden == 5);
        CHECK(history.go_to(0));
        CHECK(history.current().inside->value == 0);
        CHECK(history.current().inside->hidden == 5);
    };
    jumps(History<MayHide, 8>{MayHide{}});
    jumps(History<MayHide, bytes{200}>{MayHide{}});
}
