#pragma once
// What is measured: S, 64 bytes without heap; M, settings as a server has them; L, a world of 10,000 entities. `flip`
// changes one leaf and, called again, changes it back; `spots` are leaves to flip, all of them, in an order that no
// branch predictor learns. Every rule holds before and after.

#include <stet/schema/rule.hpp>
#include <stet/schema/schema.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace bench {

using stet::field;

struct Vec3 {
    float x, y, z;
};
struct Video {
    std::uint16_t width, height;
    std::uint8_t vsync, aa, quality, gamma;
};
struct Audio {
    float master, music, sfx;
};
struct S {
    std::uint64_t id;
    Video video;
    Audio audio;
    Vec3 camera;
    std::array<std::uint16_t, 8> bindings;
    float sensitivity;
    std::int32_t difficulty;

    static constexpr auto schema() {
        return stet::fields(
            field<"video.width">(stet::in_range(320, 7680)), field<"video.height">(stet::in_range(200, 4320)),
            field<"video.quality">(stet::in_range(0, 5)), field<"video.gamma">(stet::in_range(10, 40)),
            field<"audio.master">(stet::in_range(0.0F, 1.0F)), field<"audio.music">(stet::in_range(0.0F, 1.0F)),
            field<"audio.sfx">(stet::in_range(0.0F, 1.0F)), field<"sensitivity">(stet::in_range(0.1F, 10.0F)),
            field<"difficulty">(stet::in_range(0, 4)),
            stet::check<"video.width", "video.height">("the picture must not be higher than wide",
                                                       [](int width, int height) { return height <= width; }));
    }
};
static_assert(sizeof(S) == 64);

struct Endpoint {
    std::string host;
    std::uint16_t port;
    bool tls;
    int backlog;
};
struct Timeouts {
    int connect_ms, read_ms, write_ms, idle_ms;
};
struct Limits {
    std::uint64_t max_conn, max_body, max_header;
    double rate;
    int burst;
};
struct Tls {
    std::string cert, key, ca;
    int min_version;
    bool verify_client;
};
struct Logging {
    std::string level, path, format;
    std::uint64_t max_size;
    int rotate;
    bool json;
};
struct Db {
    Endpoint ep;
    std::string user, password, dbname;
    int pool_min, pool_max;
    Timeouts to;
};
struct M {
    std::string name;
    int version;
    Endpoint listen;
    Timeouts timeouts;
    Limits limits;
    Tls tls;
    Logging log;
    Db db;
    std::vector<std::string> origins;
    std::map<std::string, int> flags;

    static constexpr auto schema() {
        return stet::fields(
            field<"name">(stet::length(1, 64)), field<"listen.port">(stet::min(1)),
            field<"listen.backlog">(stet::in_range(1, 65535)), field<"timeouts.connect_ms">(stet::in_range(1, 600'000)),
            field<"limits.max_conn">(stet::in_range(1, 1'000'000)), field<"limits.rate">(stet::in_range(0.0, 1e6)),
            field<"tls.min_version">(stet::one_of(10, 11, 12, 13)),
            field<"log.level">(stet::one_of("debug", "info", "warn", "error")),
            field<"origins">(stet::each(stet::not_empty)),
            stet::check<"db.pool_min", "db.pool_max">("the pool's minimum must not exceed its maximum",
                                                      [](int least, int most) { return least <= most; }));
    }
};

struct Entity {
    std::uint32_t id;
    float x, y, z, hp;
    std::int32_t state;
    std::uint32_t flags, owner;

    static constexpr auto schema() {
        return stet::fields(field<"hp">(stet::in_range(0.0F, 1000.0F)), field<"state">(stet::in_range(0, 7)));
    }
};
static_assert(sizeof(Entity) == 32);
struct L {
    std::string title;
    std::uint64_t tick;
    std::uint32_t seed;
    double time;
    std::vector<Entity> entities;

    static constexpr auto schema() {
        return stet::fields(field<"title">(stet::length(1, 80)), field<"time">(stet::min(0.0)),
                            field<"entities">(stet::length(100'000)));
    }
};
inline constexpr std::uint32_t entity_count = 10'000;

// --- makers

template <class T>
T make();
template <>
inline S make<S>() {
    return S{42, {1920, 1080, 1, 4, 3, 22}, {0.8F, 0.5F, 0.7F}, {1, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8}, 1.5F, 2};
}
template <>
inline M make<M>() {
    M m{"edge-frontend-01",
        7,
        {"0.0.0.0", 8443, true, 511},
        {2000, 30000, 30000, 60000},
        {20000, 1U << 24U, 16384, 1250.5, 200},
        {"/etc/ssl/certs/frontend-01.example.org.pem", "/etc/ssl/private/frontend-01.key", "/etc/ssl/ca.pem", 12,
         false},
        {"info", "/var/log/frontend/access-current.log", "%t %h %m %U %s %b %D", 1U << 28U, 14, true},
        {{"db-primary.internal.example.org", 5432, true, 16},
         "frontend",
         "correct-horse-battery-staple",
         "frontend_prod",
         4,
         64,
         {500, 4000, 4000, 120000}},
        {},
        {}};
    for (int i = 0; i < 8; ++i) m.origins.push_back("https://tenant-" + std::to_string(i) + ".app.example.org");
    for (int i = 0; i < 16; ++i) m.flags["feature_" + std::to_string(i)] = i;
    return m;
}
template <>
inline L make<L>() {
    L l{"campaign-save-0001", 1000, 12345, 16.5, {}};
    l.entities.reserve(entity_count);
    for (std::uint32_t i = 0; i < entity_count; ++i) {
        const auto at = static_cast<float>(i);
        l.entities.push_back({i, at, at * 2, at / 2, 100, static_cast<std::int32_t>(i % 5), i & 7U, i % 13});
    }
    return l;
}

// --- one leaf changes

struct Spot {
    std::uint32_t leaf;
    std::uint32_t entity;  // of L
    std::uint64_t bit;     // of S: in the word number `leaf`
};

// Without a branch, so that what is measured is not the change itself.
inline void flip(S& s, const Spot& spot) {
    std::byte* const place = reinterpret_cast<std::byte*>(&s) + std::size_t{8} * spot.leaf;
    std::uint64_t word = 0;
    std::memcpy(&word, place, 8);
    word ^= spot.bit;
    std::memcpy(place, &word, 8);
}

inline void flip_value(std::string& text) { text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1); }
inline void flip_value(bool& value) { value = !value; }
inline void flip_value(float& value) { value = std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) ^ 1U); }
inline void flip_value(double& value) { value = std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^ 1U); }
template <class Whole>
void flip_value(Whole& value) {
    value = static_cast<Whole>(value ^ 1);
}

inline constexpr std::uint32_t fields_of_m = 39, spots_of_m = fields_of_m + 8 + 16;
inline void flip(M& m, const Spot& spot) {
    switch (spot.leaf) {
        case 0:
            return flip_value(m.name);
        case 1:
            return flip_value(m.version);
        case 2:
            return flip_value(m.listen.host);
        case 3:
            return flip_value(m.listen.port);
        case 4:
            return flip_value(m.listen.tls);
        case 5:
            return flip_value(m.listen.backlog);
        case 6:
            return flip_value(m.timeouts.connect_ms);
        case 7:
            return flip_value(m.timeouts.read_ms);
        case 8:
            return flip_value(m.timeouts.write_ms);
        case 9:
            return flip_value(m.timeouts.idle_ms);
        case 10:
            return flip_value(m.limits.max_conn);
        case 11:
            return flip_value(m.limits.max_body);
        case 12:
            return flip_value(m.limits.max_header);
        case 13:
            return flip_value(m.limits.rate);
        case 14:
            return flip_value(m.limits.burst);
        case 15:
            return flip_value(m.tls.cert);
        case 16:
            return flip_value(m.tls.key);
        case 17:
            return flip_value(m.tls.ca);
        case 18:
            return flip_value(m.tls.min_version);
        case 19:
            return flip_value(m.tls.verify_client);
        case 20:
            m.log.level = m.log.level == "info" ? "warn" : "info";
            return;
        case 21:
            return flip_value(m.log.path);
        case 22:
            return flip_value(m.log.format);
        case 23:
            return flip_value(m.log.max_size);
        case 24:
            return flip_value(m.log.rotate);
        case 25:
            return flip_value(m.log.json);
        case 26:
            return flip_value(m.db.ep.host);
        case 27:
            return flip_value(m.db.ep.port);
        case 28:
            return flip_value(m.db.ep.tls);
        case 29:
            return flip_value(m.db.ep.backlog);
        case 30:
            return flip_value(m.db.user);
        case 31:
            return flip_value(m.db.password);
        case 32:
            return flip_value(m.db.dbname);
        case 33:
            return flip_value(m.db.pool_min);
        case 34:
            return flip_value(m.db.pool_max);
        case 35:
            return flip_value(m.db.to.connect_ms);
        case 36:
            return flip_value(m.db.to.read_ms);
        case 37:
            return flip_value(m.db.to.write_ms);
        case 38:
            return flip_value(m.db.to.idle_ms);
        default:
            if (const std::uint32_t origin = spot.leaf - fields_of_m; origin < 8) flip_value(m.origins[origin]);
            else flip_value(std::next(m.flags.begin(), origin - 8)->second);
    }
}

inline constexpr std::uint32_t kinds_of_l = 12;
inline void flip(L& l, const Spot& spot) {
    Entity& entity = l.entities[spot.entity];
    switch (spot.leaf) {
        case 0:
            return flip_value(l.title);
        case 1:
            return flip_value(l.tick);
        case 2:
            return flip_value(l.seed);
        case 3:
            return flip_value(l.time);
        case 4:
            return flip_value(entity.id);
        case 5:
            return flip_value(entity.x);
        case 6:
            return flip_value(entity.y);
        case 7:
            return flip_value(entity.z);
        case 8:
            return flip_value(entity.hp);
        case 9:
            return flip_value(entity.state);
        case 10:
            return flip_value(entity.flags);
        default:
            return flip_value(entity.owner);
    }
}

/// All leaves of S and M; of L the header's, and each kind of an entity's in several places.
template <class T>
std::vector<Spot> spots();
template <>
inline std::vector<Spot> spots<S>() {
    std::vector<Spot> all;
    const S s = make<S>();
    const auto add = [&](const auto& value) {
        const auto at = static_cast<std::size_t>(reinterpret_cast<const std::byte*>(&value) -
                                                 reinterpret_cast<const std::byte*>(&s));
        const std::size_t bit =
            std::endian::native == std::endian::little ? at % 8 * 8 : (8 - at % 8 - sizeof value) * 8;
        all.push_back({static_cast<std::uint32_t>(at / 8), 0, std::uint64_t{1} << bit});
    };
    add(s.id), add(s.video.width), add(s.video.height), add(s.video.vsync), add(s.video.aa), add(s.video.quality);
    add(s.video.gamma), add(s.audio.master), add(s.audio.music), add(s.audio.sfx), add(s.camera.x), add(s.camera.y);
    add(s.camera.z), add(s.sensitivity), add(s.difficulty);
    for (const std::uint16_t& binding : s.bindings) add(binding);
    return all;
}
template <>
inline std::vector<Spot> spots<M>() {
    std::vector<Spot> all;
    for (std::uint32_t leaf = 0; leaf < spots_of_m; ++leaf) all.push_back({leaf, 0, 0});
    return all;
}
template <>
inline std::vector<Spot> spots<L>() {
    std::vector<Spot> all;
    for (std::uint32_t i = 0; i < 2 * kinds_of_l; ++i) all.push_back({i % kinds_of_l, i * 7919 % entity_count, 0});
    return all;
}

/// Numbers below `count` in an order that repeats too late for a branch predictor to learn it.
inline std::vector<std::uint32_t> shuffled(std::size_t count) {
    std::vector<std::uint32_t> order(std::size_t{1} << 18U);
    std::uint32_t random = 1;
    for (std::uint32_t& index : order) {
        random = random * 1664525U + 1013904223U;
        index = static_cast<std::uint32_t>((random >> 16U) % count);
    }
    return order;
}

}  // namespace bench
