// Rollback netcode: two peers play 600 frames, and neither waits for the other's keys. They are guessed, and what was
// simulated with a wrong guess is simulated again. A checksum says that two worlds differ, and a diff where.
#include <stet/stet.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

struct Ship {
    struct Vec {
        float x = 0, y = 0;
    } at, velocity;
};
struct World {
    std::size_t tick = 0;
    std::array<Ship, 4> ships{};
    int sparks = 0;  // only to look at: no part of what peers agree on, and no rollback takes it back

    static constexpr auto schema() { return stet::fields(stet::field<"sparks">(stet::transient)); }
};
constexpr std::size_t frames = 600;

// [peer]
struct Peer {
    explicit Peer(std::size_t number) : me(number) {}
    std::size_t me, heard = 0, again = 0;
    World world;
    stet::History<World, 8> history{world};         // the first value is frame 0
    std::array<std::array<int, 2>, frames> keys{};  // of both: pressed, heard of, or guessed
    std::array<std::uint64_t, frames + 1> sums{};   // of each frame, as it was simulated last
    void step() {
        for (std::size_t i = 0; i < world.ships.size(); ++i) {
            auto& [at, velocity] = world.ships[i];
            const int key = keys[world.tick][i % 2];
            at = {at.x + velocity.x, at.y + velocity.y};
            velocity.x += key == 1 ? 0.25F : key == 2 ? -0.25F : 0;
            velocity.y += key == 3 ? 0.25F : -0.01F;
        }
        if (me == 1 && world.tick == 300) world.ships[3].velocity.y += 0.001F;  // the planted desync
        ++world.tick, ++world.sparks;
        CHECK(history.save(world.tick, world));
        sums[world.tick] = stet::checksum(world);
    }
    void simulate_from(std::size_t frame) {
        const std::size_t now = world.tick;
        for (CHECK(history.restore(frame, world)); world.tick < now; ++again) step();
    }
    void hear(int key) {  // of frame `heard`; those behind it are guessed to be the same
        const bool right = keys[heard][1 - me] == key;
        for (std::size_t frame = heard; frame < frames; ++frame) keys[frame][1 - me] = key;
        if (!right) simulate_from(heard);
        ++heard;
    }
};
// [/peer]

int main() {
    std::array peers{Peer(0), Peer(1)};
    std::size_t agreed = 0, desyncs = 0;
    for (std::size_t frame = 0; frame < frames; ++frame) {
        for (Peer& peer : peers) {
            peer.keys[frame][peer.me] = static_cast<int>(frame / (peer.me + 3) * 7 % 4);
            peer.step();
        }
        for (Peer& peer : peers)  // what the other one pressed comes up to six frames late
            while (peer.heard <= frame && (frame + 1 == frames || peer.heard + peer.heard * 31 % 7 <= frame))
                peer.hear(peers[1 - peer.me].keys[peer.heard][1 - peer.me]);
        for (auto& [a, b] = peers; agreed < std::min(a.heard, b.heard);) {  // what nothing can change any more
            ++agreed;
            if (a.sums[agreed] == b.sums[agreed]) continue;
            CHECK(a.history.restore(agreed) && b.history.restore(agreed));
            const stet::Patch<World> found = stet::diff(a.history.current(), b.history.current());
            std::printf("desync in frame %d: %s\n", static_cast<int>(agreed), stet::text(found).c_str());
            CHECK(++desyncs == 1 && agreed == 301 && stet::text(found).starts_with("~ ships[3].velocity.y: "));
            CHECK(b.history.save(agreed, a.history.current()));  // from here on they agree again
            b.simulate_from(agreed);
        }
    }
    CHECK(desyncs == 1 && agreed == frames && stet::equal(peers[0].world, peers[1].world));
    CHECK(peers[0].again > frames && peers[0].world.sparks == static_cast<int>(frames + peers[0].again));
}
