#pragma once
// The hand-written code that stet is measured against: what somebody who knows S, M and L would write to get the same
// thing and to be as fast as possible. Equality is stet's: NaN equals NaN, -0 differs from +0.

#include "structs.hpp"

#include <stet/revision.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hand {

using namespace bench;

template <class V>
inline bool differ(const V& a, const V& b) {
    if constexpr (std::is_same_v<V, float>)
        return std::bit_cast<std::uint32_t>(a) != std::bit_cast<std::uint32_t>(b) && !(a != a && b != b);
    else if constexpr (std::is_same_v<V, double>)
        return std::bit_cast<std::uint64_t>(a) != std::bit_cast<std::uint64_t>(b) && !(a != a && b != b);
    else return a != b;
}
constexpr std::uint64_t bit(unsigned leaf) { return std::uint64_t{1} << leaf; }

struct BrokenRule {
    std::string path;
    const char* rule;
};
using Broken = std::vector<BrokenRule>;

// --- S: which values changed, and both structs

#define BENCH_VIDEO(X) \
    X(1, video.width) X(2, video.height) X(3, video.vsync) X(4, video.aa) X(5, video.quality) X(6, video.gamma)
#define BENCH_AUDIO(X) X(7, audio.master) X(8, audio.music) X(9, audio.sfx)
#define BENCH_CAMERA(X) X(10, camera.x) X(11, camera.y) X(12, camera.z)
#define BENCH_BINDINGS(X) \
    X(13, bindings[0])    \
    X(14, bindings[1])    \
    X(15, bindings[2]) X(16, bindings[3]) X(17, bindings[4]) X(18, bindings[5]) X(19, bindings[6]) X(20, bindings[7])
#define BENCH_S(X) \
    X(0, id) BENCH_VIDEO(X) BENCH_AUDIO(X) BENCH_CAMERA(X) BENCH_BINDINGS(X) X(21, sensitivity) X(22, difficulty)

template <class V>
inline bool same_bytes(const V& a, const V& b) {
    return std::memcmp(&a, &b, sizeof(V)) == 0;
}
// Where something has probably changed: to ask for all bytes at once would only wait for the store that changed them.
inline std::uint32_t probably_changed(const S& a, const S& b) {
    std::uint32_t mask = 0;
#define BENCH_X(leaf, name) mask |= static_cast<std::uint32_t>(differ(a.name, b.name)) << leaf##U;
    BENCH_X(0, id)
    if (!same_bytes(a.video, b.video)) {
        BENCH_VIDEO(BENCH_X)
    }
    if (!same_bytes(a.audio, b.audio)) {
        BENCH_AUDIO(BENCH_X)
    }
    if (!same_bytes(a.camera, b.camera)) {
        BENCH_CAMERA(BENCH_X)
    }
    if (!same_bytes(a.bindings, b.bindings)) {
        BENCH_BINDINGS(BENCH_X)
    }
    BENCH_X(21, sensitivity)
    BENCH_X(22, difficulty)
#undef BENCH_X
    return mask;
}
inline std::uint32_t changed(const S& a, const S& b) { return same_bytes(a, b) ? 0 : probably_changed(a, b); }
struct PatchS {
    std::uint32_t mask;
    S before, after;
};
inline PatchS diff(const S& a, const S& b) { return {changed(a, b), a, b}; }
inline bool empty(const PatchS& patch) { return patch.mask == 0; }
inline void carry_out(const PatchS& patch, S& s) {
    for (std::uint32_t left = patch.mask; left != 0; left &= left - 1) {
        switch (std::countr_zero(left)) {
#define BENCH_X(leaf, name)        \
    case leaf:                     \
        s.name = patch.after.name; \
        break;
            BENCH_S(BENCH_X)
#undef BENCH_X
        }
    }
}
inline PatchS inverse(const PatchS& patch) { return {patch.mask, patch.after, patch.before}; }
inline bool fits(const PatchS& patch, const S& s) { return (probably_changed(patch.before, s) & patch.mask) == 0; }

// The rules' only branch that is taken is the one that leads here.
[[gnu::noinline, gnu::cold]] inline void refuse(Broken& broken, std::string path, const char* rule) {
    broken.push_back({std::move(path), rule});
}
template <class V, class Low, class High>
[[gnu::always_inline]] inline void in_range(Broken& broken, bool touched, V value, Low low, High high,
                                            const char* path) {
    if (touched && !(value >= low && value <= high)) refuse(broken, path, "in_range");
}
inline Broken check(const S& s, std::uint32_t mask) {
    Broken broken;
    const auto has = [&](unsigned leaf) { return (mask & bit(leaf)) != 0; };
    in_range(broken, has(1), s.video.width, 320, 7680, "video.width");
    in_range(broken, has(2), s.video.height, 200, 4320, "video.height");
    in_range(broken, has(5), s.video.quality, 0, 5, "video.quality");
    in_range(broken, has(6), s.video.gamma, 10, 40, "video.gamma");
    in_range(broken, has(7), s.audio.master, 0.0F, 1.0F, "audio.master");
    in_range(broken, has(8), s.audio.music, 0.0F, 1.0F, "audio.music");
    in_range(broken, has(9), s.audio.sfx, 0.0F, 1.0F, "audio.sfx");
    in_range(broken, has(21), s.sensitivity, 0.1F, 10.0F, "sensitivity");
    in_range(broken, has(22), s.difficulty, 0, 4, "difficulty");
    if ((has(1) || has(2)) && s.video.height > s.video.width) refuse(broken, "video.width, video.height", "check");
    return broken;
}
inline Broken check(const S& s, const PatchS& patch) { return check(s, patch.mask); }

// --- M: a list of changed fields, and one of changed flags

// clang-format off
#define BENCH_M(X) \
    X(0, name) X(1, version) X(2, listen.host) X(3, listen.port) X(4, listen.tls) \
    X(5, listen.backlog) X(6, timeouts.connect_ms) X(7, timeouts.read_ms) X(8, timeouts.write_ms) X(9, timeouts.idle_ms) \
    X(10, limits.max_conn) X(11, limits.max_body) X(12, limits.max_header) X(13, limits.rate) X(14, limits.burst) \
    X(15, tls.cert) X(16, tls.key) X(17, tls.ca) X(18, tls.min_version) X(19, tls.verify_client) \
    X(20, log.level) X(21, log.path) X(22, log.format) X(23, log.max_size) X(24, log.rotate) \
    X(25, log.json) X(26, db.ep.host) X(27, db.ep.port) X(28, db.ep.tls) X(29, db.ep.backlog) \
    X(30, db.user) X(31, db.password) X(32, db.dbname) X(33, db.pool_min) X(34, db.pool_max) \
    X(35, db.to.connect_ms) X(36, db.to.read_ms) X(37, db.to.write_ms) X(38, db.to.idle_ms)
// clang-format on

using Value = std::variant<std::uint64_t, std::string>;
template <class N>
inline Value to_value(N number) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &number, sizeof number);
    return bits;
}
inline Value to_value(const std::string& text) { return text; }
template <class N>
inline void from_value(const Value& value, N& number) {
    std::memcpy(&number, std::get_if<0>(&value), sizeof number);
}
inline void from_value(const Value& value, std::string& text) { text = *std::get_if<1>(&value); }

inline constexpr unsigned origins_leaf = 39, flags_leaf = 40;
struct FieldChange {
    std::uint32_t leaf, index;
    Value before, after;
};
struct FlagChange {
    std::string key;
    std::optional<int> before, after;
};
struct Resized {
    std::vector<std::string> before, after;  // the origins behind those that both have
};
struct PatchM {
    std::uint64_t mask = 0;
    std::vector<FieldChange> fields;
    std::vector<FlagChange> flags;
    std::unique_ptr<Resized> resized;
};
inline PatchM diff(const M& a, const M& b) {
    PatchM patch;
#define BENCH_X(leaf, name)     \
    if (differ(a.name, b.name)) \
        patch.fields.push_back({leaf, 0, to_value(a.name), to_value(b.name)}), patch.mask |= bit(leaf);
    BENCH_M(BENCH_X)
#undef BENCH_X
    const std::size_t both = std::min(a.origins.size(), b.origins.size());
    for (std::size_t i = 0; i < both; ++i) {
        if (a.origins[i] == b.origins[i]) continue;
        patch.fields.push_back({origins_leaf, static_cast<std::uint32_t>(i), a.origins[i], b.origins[i]});
        patch.mask |= bit(origins_leaf);
    }
    if (a.origins.size() != b.origins.size()) {
        const auto end = static_cast<std::ptrdiff_t>(both);
        patch.resized = std::make_unique<Resized>(
            Resized{{a.origins.begin() + end, a.origins.end()}, {b.origins.begin() + end, b.origins.end()}});
        patch.mask |= bit(origins_leaf);
    }
    auto from = a.flags.begin();
    auto to = b.flags.begin();
    while (from != a.flags.end() || to != b.flags.end()) {
        const int order = from == a.flags.end() ? 1 : to == b.flags.end() ? -1 : from->first.compare(to->first);
        if (order == 0) {
            if (from->second != to->second) patch.flags.push_back({from->first, from->second, to->second});
            ++from, ++to;
        } else if (order < 0) {
            patch.flags.push_back({from->first, from->second, std::nullopt});
            ++from;
        } else {
            patch.flags.push_back({to->first, std::nullopt, to->second});
            ++to;
        }
    }
    if (!patch.flags.empty()) patch.mask |= bit(flags_leaf);
    return patch;
}
inline bool empty(const PatchM& patch) { return patch.mask == 0; }
inline void carry_out(const PatchM& patch, M& m) {
    for (const FieldChange& change : patch.fields) {
        switch (change.leaf) {
#define BENCH_X(leaf, name)               \
    case leaf:                            \
        from_value(change.after, m.name); \
        break;
            BENCH_M(BENCH_X)
#undef BENCH_X
            default:
                from_value(change.after, m.origins[change.index]);
        }
    }
    if (patch.resized != nullptr) {
        m.origins.resize(m.origins.size() - patch.resized->before.size());
        m.origins.insert(m.origins.end(), patch.resized->after.begin(), patch.resized->after.end());
    }
    for (const FlagChange& change : patch.flags) {
        if (change.after.has_value()) m.flags[change.key] = *change.after;
        else m.flags.erase(change.key);
    }
}
template <class N>
inline bool has_value(const Value& value, const N& now) {
    if constexpr (std::is_same_v<N, std::string>) return *std::get_if<1>(&value) == now;
    else {
        N before{};
        from_value(value, before);
        return !differ(before, now);
    }
}
inline bool fits(const PatchM& patch, const M& m) {
    for (const FieldChange& change : patch.fields) {
        bool same = false;
        switch (change.leaf) {
#define BENCH_X(leaf, name)                      \
    case leaf:                                   \
        same = has_value(change.before, m.name); \
        break;
            BENCH_M(BENCH_X)
#undef BENCH_X
            default:
                same = change.index < m.origins.size() && has_value(change.before, m.origins[change.index]);
        }
        if (!same) return false;
    }
    if (patch.resized != nullptr) {
        const auto& before = patch.resized->before;
        if (m.origins.size() < before.size() || !std::equal(before.rbegin(), before.rend(), m.origins.rbegin()))
            return false;
    }
    for (const FlagChange& change : patch.flags) {
        const auto found = m.flags.find(change.key);
        if (found == m.flags.end() ? change.before.has_value() : change.before != found->second) return false;
    }
    return true;
}
inline PatchM inverse(const PatchM& patch) {
    PatchM turned;
    turned.mask = patch.mask;
    turned.fields.reserve(patch.fields.size());
    for (const FieldChange& change : patch.fields)
        turned.fields.push_back({change.leaf, change.index, change.after, change.before});
    turned.flags.reserve(patch.flags.size());
    for (const FlagChange& change : patch.flags) turned.flags.push_back({change.key, change.after, change.before});
    if (patch.resized != nullptr)
        turned.resized = std::make_unique<Resized>(Resized{patch.resized->after, patch.resized->before});
    return turned;
}
inline Broken check(const M& m, const PatchM& patch) {
    Broken broken;
    const auto has = [&](unsigned leaf) { return (patch.mask & bit(leaf)) != 0; };
    const auto is_level = [](const std::string& level) {
        return level == "debug" || level == "info" || level == "warn" || level == "error";
    };
    if (has(0) && (m.name.empty() || m.name.size() > 64)) refuse(broken, "name", "length");
    if (has(3) && m.listen.port < 1) refuse(broken, "listen.port", "min");
    in_range(broken, has(5), m.listen.backlog, 1, 65535, "listen.backlog");
    in_range(broken, has(6), m.timeouts.connect_ms, 1, 600'000, "timeouts.connect_ms");
    in_range(broken, has(10), m.limits.max_conn, 1U, 1'000'000U, "limits.max_conn");
    in_range(broken, has(13), m.limits.rate, 0.0, 1e6, "limits.rate");
    if (has(18) && (m.tls.min_version < 10 || m.tls.min_version > 13)) refuse(broken, "tls.min_version", "one_of");
    if (has(20) && !is_level(m.log.level)) refuse(broken, "log.level", "one_of");
    if (has(origins_leaf))
        for (std::size_t i = 0; i < m.origins.size(); ++i)
            if (m.origins[i].empty()) refuse(broken, "origins[" + std::to_string(i) + "]", "not_empty");
    if ((has(33) || has(34)) && m.db.pool_min > m.db.pool_max) refuse(broken, "db.pool_min, db.pool_max", "check");
    return broken;
}

// --- L: the header's changes, and a list of changed values of entities; equal runs of 64 entities are skipped as bytes

#define BENCH_ENTITY(X) X(0, id) X(1, x) X(2, y) X(3, z) X(4, hp) X(5, state) X(6, flags) X(7, owner)
#define BENCH_HEADER(X) X(0, title) X(1, tick) X(2, seed) X(3, time)

inline constexpr unsigned entities_leaf = 4;
struct EntityChange {
    std::uint32_t index, leaf, before, after;
};
struct ResizedL {
    std::vector<Entity> before, after;
};
struct PatchL {
    std::uint64_t mask = 0;
    std::vector<FieldChange> header;
    std::vector<EntityChange> entities;
    std::unique_ptr<ResizedL> resized;
};
inline PatchL diff(const L& a, const L& b) {
    PatchL patch;
#define BENCH_X(number, name)   \
    if (differ(a.name, b.name)) \
        patch.header.push_back({number, 0, to_value(a.name), to_value(b.name)}), patch.mask |= bit(number);
    BENCH_HEADER(BENCH_X)
#undef BENCH_X
    const std::size_t both = std::min(a.entities.size(), b.entities.size());
    constexpr std::size_t block = 64;
    for (std::size_t first = 0; first < both; first += block) {
        const std::size_t last = std::min(both, first + block);
        if (std::memcmp(&a.entities[first], &b.entities[first], (last - first) * sizeof(Entity)) == 0) continue;
        for (std::size_t i = first; i < last; ++i) {
            const Entity &x = a.entities[i], &y = b.entities[i];
            if (same_bytes(x, y)) continue;
#define BENCH_X(number, name)                                                                                  \
    if (differ(x.name, y.name))                                                                                \
        patch.entities.push_back({static_cast<std::uint32_t>(i), number, std::bit_cast<std::uint32_t>(x.name), \
                                  std::bit_cast<std::uint32_t>(y.name)});
            BENCH_ENTITY(BENCH_X)
#undef BENCH_X
        }
    }
    if (a.entities.size() != b.entities.size()) {
        const auto end = static_cast<std::ptrdiff_t>(both);
        patch.resized = std::make_unique<ResizedL>(
            ResizedL{{a.entities.begin() + end, a.entities.end()}, {b.entities.begin() + end, b.entities.end()}});
    }
    if (!patch.entities.empty() || patch.resized != nullptr) patch.mask |= bit(entities_leaf);
    return patch;
}
inline bool empty(const PatchL& patch) { return patch.mask == 0; }
inline void carry_out(const PatchL& patch, L& l) {
    for (const FieldChange& change : patch.header) {
        switch (change.leaf) {
#define BENCH_X(number, name)             \
    case number:                          \
        from_value(change.after, l.name); \
        break;
            BENCH_HEADER(BENCH_X)
#undef BENCH_X
        }
    }
    for (const EntityChange& change : patch.entities) {
        Entity& entity = l.entities[change.index];
        switch (change.leaf) {
#define BENCH_X(number, name)                                             \
    case number:                                                          \
        entity.name = std::bit_cast<decltype(entity.name)>(change.after); \
        break;
            BENCH_ENTITY(BENCH_X)
#undef BENCH_X
        }
    }
    if (patch.resized != nullptr) {
        l.entities.resize(l.entities.size() - patch.resized->before.size());
        l.entities.insert(l.entities.end(), patch.resized->after.begin(), patch.resized->after.end());
    }
}
inline bool fits(const PatchL& patch, const L& l) {
    for (const FieldChange& change : patch.header) {
        bool same = false;
        switch (change.leaf) {
#define BENCH_X(number, name)                    \
    case number:                                 \
        same = has_value(change.before, l.name); \
        break;
            BENCH_HEADER(BENCH_X)
#undef BENCH_X
        }
        if (!same) return false;
    }
    for (const EntityChange& change : patch.entities) {
        if (change.index >= l.entities.size()) return false;
        const Entity& entity = l.entities[change.index];
        bool same = false;
        switch (change.leaf) {
#define BENCH_X(number, name)                                                             \
    case number:                                                                          \
        same = !differ(std::bit_cast<decltype(entity.name)>(change.before), entity.name); \
        break;
            BENCH_ENTITY(BENCH_X)
#undef BENCH_X
        }
        if (!same) return false;
    }
    if (patch.resized != nullptr) {
        const auto& before = patch.resized->before;
        const auto equal = [](const Entity& x, const Entity& y) { return same_bytes(x, y); };
        return l.entities.size() >= before.size() &&
               std::equal(before.rbegin(), before.rend(), l.entities.rbegin(), equal);
    }
    return true;
}
inline PatchL inverse(const PatchL& patch) {
    PatchL turned;
    turned.mask = patch.mask;
    turned.header.reserve(patch.header.size());
    for (const FieldChange& change : patch.header)
        turned.header.push_back({change.leaf, change.index, change.after, change.before});
    turned.entities.reserve(patch.entities.size());
    for (const EntityChange& change : patch.entities)
        turned.entities.push_back({change.index, change.leaf, change.after, change.before});
    if (patch.resized != nullptr)
        turned.resized = std::make_unique<ResizedL>(ResizedL{patch.resized->after, patch.resized->before});
    return turned;
}
inline Broken check(const L& l, const PatchL& patch) {
    Broken broken;
    if ((patch.mask & bit(0)) != 0 && (l.title.empty() || l.title.size() > 80)) refuse(broken, "title", "length");
    if ((patch.mask & bit(3)) != 0 && !(l.time >= 0)) refuse(broken, "time", "min");
    if ((patch.mask & bit(entities_leaf)) != 0 && l.entities.size() > 100'000) refuse(broken, "entities", "length");
    const auto entity = [&](std::size_t index, bool hp, bool state) {
        const Entity& now = l.entities[index];
        const auto path = [&](const char* name) { return "entities[" + std::to_string(index) + "]." + name; };
        if (hp && !(now.hp >= 0 && now.hp <= 1000)) refuse(broken, path("hp"), "in_range");
        if (state && !(now.state >= 0 && now.state <= 7)) refuse(broken, path("state"), "in_range");
    };
    for (const EntityChange& change : patch.entities) entity(change.index, change.leaf == 4, change.leaf == 5);
    if (patch.resized != nullptr)
        for (std::size_t index = l.entities.size() - patch.resized->after.size(); index < l.entities.size(); ++index)
            entity(index, true, true);
    return broken;
}

#undef BENCH_VIDEO
#undef BENCH_AUDIO
#undef BENCH_CAMERA
#undef BENCH_BINDINGS
#undef BENCH_S
#undef BENCH_M
#undef BENCH_ENTITY
#undef BENCH_HEADER

/// The changed value; nothing where it does not have what the patch changes.
template <class P, class T>
std::optional<T> apply(const P& patch, T value) {
    if (!fits(patch, value)) return std::nullopt;
    carry_out(patch, value);
    return value;
}

template <class T>
using PatchOf = decltype(diff(std::declval<const T&>(), std::declval<const T&>()));

// --- a value and a draft of it, so that a change needs no whole copy. A change that fails leaves the value alone.

enum class Draft { kept, copied };

template <class T, Draft How>
class Drafted {
public:
    explicit Drafted(const T& value) : values_{value, value} {}
    const T& current() const { return values_[now_]; }
    T& draft() {
        T& draft = values_[1 - now_];
        if (How == Draft::copied || !fresh_) draft = current();
        fresh_ = false;
        return draft;
    }
    void unchanged() { fresh_ = true; }
    void take(const PatchOf<T>& patch) noexcept {
        now_ = 1 - now_;
        if (How == Draft::copied) return;
        try {
            carry_out(patch, values_[1 - now_]);
            fresh_ = true;
        } catch (...) {
            fresh_ = false;
        }
    }
    /// A patch that is known to fit.
    void advance(const PatchOf<T>& patch) {
        carry_out(patch, draft());
        take(patch);
    }

private:
    T values_[2];
    unsigned now_ = 0;
    bool fresh_ = true;
};
// 64 bytes are copied faster than anything could be kept.
template <Draft How>
class Drafted<S, How> {
public:
    explicit Drafted(const S& value) : current_(value), draft_(value) {}
    const S& current() const { return current_; }
    S& draft() { return draft_ = current_; }
    void unchanged() {}
    void take(const PatchS&) noexcept { current_ = draft_; }
    void advance(const PatchS& patch) { carry_out(patch, current_); }

private:
    S current_, draft_;
};

// --- the states of a session, for undo

/// S: a ring of states.
template <class T, std::size_t N, Draft How = Draft::kept>
class History {
public:
    explicit History(const T& value) { states_[0] = value; }
    const T& current() const { return states_[cursor_ % N]; }
    template <class F>
    bool commit(F&& f, Broken* why = nullptr) {
        T draft = current();
        f(draft);
        const std::uint32_t mask = probably_changed(current(), draft);
        if (mask == 0) return true;
        if (Broken broken = check(draft, mask); !broken.empty()) {
            if (why != nullptr) *why = std::move(broken);
            return false;
        }
        newest_ = ++cursor_;
        if (newest_ - oldest_ == N) ++oldest_;
        states_[cursor_ % N] = draft;
        return true;
    }

private:
    std::array<T, N> states_;
    std::uint64_t oldest_ = 0, cursor_ = 0, newest_ = 0;
};
/// M and L: a ring of patches.
template <class T, std::size_t N, Draft How>
    requires(!std::is_same_v<T, S>)
class History<T, N, How> {
public:
    explicit History(const T& value) : value_(value) {}
    const T& current() const { return value_.current(); }
    template <class F>
    bool commit(F&& f, Broken* why = nullptr) {
        T& draft = value_.draft();
        f(draft);
        PatchOf<T> patch = diff(current(), draft);
        if (empty(patch)) {
            value_.unchanged();
            return true;
        }
        if (Broken broken = check(draft, patch); !broken.empty()) {
            if (why != nullptr) *why = std::move(broken);
            return false;
        }
        PatchOf<T>& kept = steps_[cursor_ % (N - 1)] = std::move(patch);
        newest_ = ++cursor_;
        if (newest_ - oldest_ == N) ++oldest_;
        value_.take(kept);
        return true;
    }

private:
    Drafted<T, How> value_;
    std::array<PatchOf<T>, N - 1> steps_{};
    std::uint64_t oldest_ = 0, cursor_ = 0, newest_ = 0;
};

// --- numbered revisions with who, when and why; the last N of them

template <class T, std::size_t N, Draft How = Draft::kept>
class Versioned {
public:
    explicit Versioned(const T& value) : value_(value) {
        store(diff(value, value), stet::Change{}, {stet::Origin::create});
    }
    const T& current() const { return value_.current(); }
    stet::Number head() const { return head_; }

    /// The number of the new revision; 0 if it was refused.
    template <class F>
    stet::Number commit(F&& f, const stet::Change& change, Broken* why = nullptr) {
        if (change.expected != 0 && change.expected != head_) return 0;
        T& draft = value_.draft();
        f(draft);
        PatchOf<T> patch = diff(current(), draft);
        if (empty(patch) && !change.force) {
            value_.unchanged();
            return head_;
        }
        if (Broken broken = check(draft, patch); !broken.empty()) {
            if (why != nullptr) *why = std::move(broken);
            return 0;
        }
        value_.take(store(std::move(patch), change, {stet::Origin::commit}));
        return head_;
    }
    stet::Number rollback(const stet::Change& change) {
        if (change.expected != 0 && change.expected != head_) return 0;
        if (head_ < 2) return 0;
        PatchOf<T> patch = inverse(entries_[head_ % N].patch);
        value_.advance(store(std::move(patch), change, {stet::Origin::rollback, head_, head_ - 1}));
        return head_;
    }
    stet::Number rollback_to(stet::Number number, const stet::Change& change) {
        if (change.expected != 0 && change.expected != head_) return 0;
        if (number == 0 || number > head_ || head_ - number >= N) return 0;
        T& draft = value_.draft();
        for (stet::Number at = head_; at > number; --at) carry_out(inverse(entries_[at % N].patch), draft);
        PatchOf<T> patch = diff(current(), draft);
        value_.take(store(std::move(patch), change, {stet::Origin::rollback, head_, number}));
        return head_;
    }

private:
    struct Entry {
        stet::Revision revision;
        PatchOf<T> patch;
    };
    const PatchOf<T>& store(PatchOf<T> patch, const stet::Change& change, stet::Origin origin) {
        std::timespec time{};
        std::timespec_get(&time, TIME_UTC);
        stet::Revision revision{head_ + 1,
                                head_,
                                static_cast<stet::Time>(time.tv_sec) * 1'000'000'000 + time.tv_nsec,
                                std::string(change.author),
                                std::string(change.reason),
                                std::string(change.source),
                                origin,
                                change.metadata};
        Entry& entry = entries_[++head_ % N];
        entry.revision = std::move(revision);
        entry.patch = std::move(patch);
        return entry.patch;
    }

    Drafted<T, How> value_;
    std::array<Entry, N> entries_{};
    stet::Number head_ = 0;
};

}  // namespace hand
