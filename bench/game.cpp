// A world of 64 KB that is saved and restored every frame, beside memcpy into a ring; and its checksum beside fast
// hashes of the same bytes, padding and all.

#include "frame.hpp"

#include <stet/embedded.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>

#if __has_include(<xxhash.h>)
#define XXH_INLINE_ALL
#include <xxhash.h>
#endif

namespace {

using namespace bench;

enum class Team : std::uint8_t { red, blue };
struct Vec {
    float x = 1, y = 2;
};
struct Ship {  // 28 bytes
    Vec at, velocity;
    float heading = 0.5F;
    std::int16_t health = 100;
    Team team{};
    bool alive = true;
    std::uint32_t reload = 0;
};
struct Shot {  // 32 bytes, two of them padding
    double born = 1, dies = 2;
    Vec velocity;
    std::uint32_t owner = 1;
    std::uint8_t kind = 1;
    bool live = true;
};
struct World {
    std::uint32_t tick = 0, seed = 1;
    std::optional<Vec> flag;
    std::array<Ship, 640> ships{};
    std::array<Shot, 640> shots{};
    std::array<float, 2048> heights{};
    std::array<std::uint16_t, 4096> tiles{};
    std::array<std::uint8_t, 10724> seen{};
};
static_assert(sizeof(World) == 65536);

constexpr std::size_t kept = 8;

// By hand: a ring of copies.
struct Ring {
    std::array<World, kept> states{};
    void save(std::uint32_t frame, const World& world) { std::memcpy(&states[frame % kept], &world, sizeof world); }
    void restore(std::uint32_t frame, World& world) const { std::memcpy(&world, &states[frame % kept], sizeof world); }
};
struct Stet {
    stet::History<World, kept> history{World{}};
    void save(std::uint32_t frame, const World& world) {
        if (!history.save(frame, world)) wrong("a frame was not saved");
    }
    void restore(std::uint32_t frame, World& world) {
        if (!history.restore(frame, world)) wrong("a frame was not restored");
    }
};

template <class States>
void save(State& state) {
    const auto states = std::make_unique<States>();
    const auto world = std::make_unique<World>();
    measure(state, [&] {
        use(*world);
        states->save(++world->tick, *world);
        use(*states);
        return true;
    });
}
template <class States>
void restore(State& state) {
    const auto states = std::make_unique<States>();
    const auto world = std::make_unique<World>();
    for (std::uint32_t frame = 0; frame < kept; ++frame) states->save(frame, *world);
    std::uint32_t frame = 0;
    measure(state, [&] {
        use(*states);
        states->restore(++frame % kept, *world);
        use(*world);
        return true;
    });
}

// wyhash by Wang Yi, without what makes it good for short texts: the fastest hash of many bytes that is as portable.
std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}
[[gnu::noinline]] std::uint64_t wyhash(const void* data, std::size_t size) {
    constexpr std::uint64_t secret[] = {0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3};
    const auto* bytes = static_cast<const unsigned char*>(data);
    std::uint64_t a = secret[0], b = a, c = a;
    std::uint64_t word[6]{};
    const auto step = [&] {
        a = mixed(word[0] ^ secret[1], word[1] ^ a);
        b = mixed(word[2] ^ secret[2], word[3] ^ b);
        c = mixed(word[4] ^ secret[3], word[5] ^ c);
    };
    std::size_t left = size;
    for (; left >= sizeof word; left -= sizeof word, bytes += sizeof word) {
        std::memcpy(word, bytes, sizeof word);
        step();
    }
    std::memset(word, 0, sizeof word);
    std::memcpy(word, bytes, left);
    step();
    return mixed(a ^ b ^ c ^ secret[1], size ^ secret[2]);
}
[[gnu::noinline]] std::uint64_t checksum(const World& world) { return stet::checksum(world); }

template <class Hash>
void hash(State& state) {
    const auto world = std::make_unique<World>();
    measure(state, [&] {
        use(*world);
        return Hash{}(*world);
    });
}
struct Checksum {
    std::uint64_t operator()(const World& world) const { return checksum(world); }
};
struct Wyhash {
    std::uint64_t operator()(const World& world) const { return wyhash(&world, sizeof world); }
};

}  // namespace

int main(int argc, char** argv) {
    add("save/frame/W/hand", save<Ring>);
    add("save/frame/W/stet", save<Stet>);
    add("restore/frame/W/hand", restore<Ring>);
    add("restore/frame/W/stet", restore<Stet>);
    add("checksum/frame/W/hand", hash<Wyhash>);
    add("checksum/frame/W/stet", hash<Checksum>);
#ifdef XXH_INLINE_ALL
    const auto xxh3 = [](const World& world) { return XXH3_64bits(&world, sizeof world); };
    const auto xxh64 = [](const World& world) { return XXH64(&world, sizeof world, 0); };
    add("checksum/frame/W/XXH3", hash<decltype(xxh3)>);
    add("checksum/frame/W/XXH64", hash<decltype(xxh64)>);
#endif
    return run(argc, argv);
}
