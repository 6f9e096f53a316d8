#include <stet/history.hpp>

#include <stet/checksum.hpp>
#include <stet/history_changes.hpp>

#include "both.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <type_traits>

using stet::Errc;
using stet::field;
using stet::History;

namespace {

struct World {
    int tick = 0;
    int x = 0;
    int particles = 0;
    static constexpr auto schema() {
        return stet::fields(field<&World::x>(stet::max(1000)), field<&World::particles>(stet::transient));
    }
};
constexpr void step(World& world, int input) {
    ++world.tick;
    world.x = world.x * 3 % 101 + input;
    ++world.particles;
}

// Frames 0 to `last`, of which N are kept.
template <std::size_t N, class Kept = stet::Copies>
constexpr auto played(World& world, int last) {
    History<World, N, Kept> history{world};
    for (int frame = 1; frame <= last; ++frame) {
        step(world, frame % 3);
        if (!history.save(frame, world)) stet::detail::fail("not saved");
    }
    return history;
}

template <class Kept>
constexpr bool goes_back() {
    World world;
    auto history = played<8, Kept>(world, 20);
    if (history.size() != 8 || history.frame() != 20 || history.frame(0) != 13 || history.position() != 7) return false;
    for (int frame = 13; frame <= 20; ++frame) {
        if (!history.restore(frame, world) || world.tick != frame || history.current().tick != frame) return false;
        if (history.frame() != static_cast<std::uint32_t>(frame) || history.size() != 8) return false;
    }
    return true;
}

// The input of frame 16 was another one: the same as if it had been known.
constexpr bool simulates_again() {
    World expected;
    World world;
    auto history = played<8>(world, 20);
    for (int frame = 1; frame <= 20; ++frame) step(expected, frame == 17 ? 9 : frame % 3);
    if (!history.restore(16, world)) return false;
    for (int frame = 17; frame <= 20; ++frame) {
        step(world, frame == 17 ? 9 : frame % 3);
        if (!history.save(frame, world)) return false;
    }
    return stet::equal(world, expected) && history.size() == 8 && history.frame(0) == 13 &&
           stet::checksum(history.current()) == stet::checksum(expected);
}

constexpr bool saved_again_replaces() {
    World world;
    auto history = played<4>(world, 5);
    world.x = 77;
    if (!history.save(5, world) || history.size() != 4 || history.current().x != 77) return false;
    world.x = 78;
    if (!history.save(3, world) || history.size() != 2 || history.can_redo() || history.frame() != 3) return false;
    return history.undo() && history.current().tick == 2 && history.redo() && history.current().x == 78;
}

constexpr bool starts_again_after_a_gap() {
    World world;
    auto history = played<4>(world, 5);
    if (!history.save(7, world) || history.size() != 1 || history.frame() != 7 || history.can_undo()) return false;
    if (!history.save(8, world) || history.size() != 2 || !history.save(3, world) || history.size() != 1) return false;
    return history.frame() == 3 && history.restore(3, world) && !history.restore(8, world);
}

constexpr bool not_kept() {
    World world;
    auto history = played<4>(world, 9);
    const World before = world;
    for (const int frame : {5, 10, -1, 0}) {
        const auto gone = history.restore(frame, world);
        if (gone || gone.error().code() != Errc::frame_not_kept || gone.error().subject() != "6 to 9") return false;
        if (gone.error().expected() != static_cast<std::uint32_t>(frame) || gone.error().actual() != 6) return false;
        if (history.restore(frame)) return false;
    }
    return stet::equal(world, before) && world.particles == before.particles && history.frame() == 9;
}

constexpr bool transient_stays() {
    World world;
    auto history = played<4>(world, 5);
    world.particles = 50;
    if (!history.restore(3, world) || world.tick != 3 || world.particles != 50) return false;
    world.particles = 51;
    if (!history.save(4, world) || !history.restore(3) || history.current().particles != 51) return false;
    return history.current().tick == 3;
}

constexpr bool rules_are_not_asked() {
    World world;
    world.x = 2000;
    History<World, 4> history{World{}};
    if (!history.save(1, world) || history.current().x != 2000) return false;
    return !history.set(field<"x">, 3000) && history.set(field<"x">, 3) && history.frame() == 2;
}

constexpr bool around_the_end_of_the_numbers() {
    World world;
    History<World, 4> history{world};
    if (!history.save(-2, world) || history.size() != 1) return false;
    for (int frame = -1; frame < 2; ++frame) {
        step(world, 1);
        if (!history.save(frame, world)) return false;
    }
    return history.size() == 4 && history.restore(-1, world) && world.tick == 1 &&
           history.restore(std::uint64_t{0x1'0000'0001}, world) && world.tick == 3;
}

template <std::size_t N>
constexpr bool few_are_kept() {
    World world;
    auto history = played<N>(world, 9);
    if (history.size() != N || !history.restore(9, world) || world.tick != 9) return false;
    if (history.restore(9 - static_cast<int>(N), world)) return false;
    return history.restore(10 - static_cast<int>(N), world) && world.tick == 10 - static_cast<int>(N);
}

// With commits: every state has a number.
constexpr bool with_commits() {
    History<World, 4> history{World{}};
    const auto next = [](World& world) { step(world, 1); };
    for (int frame = 1; frame < 7; ++frame)
        if (!history.commit(next) || !history.save(frame) || history.frame() != static_cast<std::uint32_t>(frame))
            return false;
    if (history.size() != 4 || !history.restore(4) || history.current().tick != 4 || !history.can_redo()) return false;
    if (!history.commit(next) || history.can_redo() || history.frame() != 5 || history.size() != 3) return false;
    return history.save(6) && history.frame() == 6 && history.current().tick == 5 && history.amend(next) &&
           history.frame() == 7;
}

constexpr bool group_open() {
    World world;
    auto history = played<4>(world, 5);
    auto group = history.group();
    const auto saved = history.save(6, world);
    const auto restored = history.restore(4, world);
    if (saved || saved.error().code() != Errc::group_open || world.tick != 5) return false;
    if (restored || restored.error().code() != Errc::group_open || history.restore(4)) return false;
    return group.cancel() && history.save(6, world) && history.restore(4);
}

constexpr bool marks() {
    World world;
    auto history = played<4>(world, 5);
    history.mark_saved();
    if (history.dirty() || !history.save(6, world) || !history.dirty() || !history.restore(5)) return false;
    if (history.dirty() || !history.saved(2) || !history.save(5, world)) return false;
    return history.dirty();
}

}  // namespace

TEST_CASE("History::restore goes back to a frame") {
    STET_BOTH(goes_back<stet::Copies>);
    STET_BOTH(goes_back<stet::NamedCopies>);
}
TEST_CASE("History::save, restore: late input") { STET_BOTH(simulates_again); }
TEST_CASE("History::save: a frame saved again replaces, and drops what came after") { STET_BOTH(saved_again_replaces); }
TEST_CASE("History::save: after a gap it starts again") { STET_BOTH(starts_again_after_a_gap); }
TEST_CASE("History::restore: a frame that is not kept") {
    STET_BOTH(not_kept);
    World world;
    auto history = played<4>(world, 9);
    const auto gone = history.restore(2, world);
    REQUIRE(!gone);
    CHECK(gone.error().why() == "frame 2 is not among 6 to 9");
}
TEST_CASE("History::restore leaves transient fields as they are") { STET_BOTH(transient_stays); }
TEST_CASE("History::save checks no rules") { STET_BOTH(rules_are_not_asked); }
TEST_CASE("History::save: frames are counted modulo 2^32") { STET_BOTH(around_the_end_of_the_numbers); }
TEST_CASE("History<T, N>::save: N frames") {
    STET_BOTH(few_are_kept<1>);
    STET_BOTH(few_are_kept<2>);
    STET_BOTH(few_are_kept<7>);
}
TEST_CASE("History::save(frame), frame: of states that commits make") { STET_BOTH(with_commits); }
TEST_CASE("History::save, restore: not in a group") { STET_BOTH(group_open); }
TEST_CASE("History::save: what was marked as saved is marked no more once it is replaced") { STET_BOTH(marks); }

TEST_CASE("History: numbers of frames cost no byte") {
    struct Small {
        std::uint32_t a = 0;
    };
    static_assert(sizeof(History<Small, 8>) <= 8 * sizeof(Small) + 16);
    static_assert(std::is_trivially_copyable_v<History<Small, 8>>);
    CHECK(sizeof(History<Small, 8, stet::Copies>) <= 8 * sizeof(Small) + 16);
}
