// Frames and their checksums, without exceptions and RTTI.

#include <stet/embedded.hpp>

#include <array>
#include <cstdint>

struct Ship {
    float x = 0, y = 0;
    std::uint8_t lives = 3;
};
struct World {
    std::uint32_t tick = 0;
    std::array<Ship, 40> ships{};
};

int main() {
    World world;
    stet::History<World, 8> history{world};
    const std::uint64_t first = stet::checksum(world);
    for (int frame = 1; frame < 20; ++frame) {
        ++world.tick;
        world.ships[7].x += 0.5F;
        if (!history.save(frame, world)) return 1;
    }
    if (history.restore(11, world) || !history.restore(12, world) || world.tick != 12) return 2;
    if (stet::checksum(world) == first || stet::checksum(world) != stet::checksum(history.current())) return 3;
    int found = 0;
    stet::each_change(world, World{}, [&](const auto&, const auto&, const auto&) { ++found; });
    return found == 2 ? 0 : 4;
}
