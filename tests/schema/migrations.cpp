#include <stet/schema/migrations.hpp>

#include "both.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using stet::field;

enum class ModeV1 : std::uint8_t { off, eco };
enum class Mode : std::uint16_t { off, eco, boost };

struct LimitsV1 {
    std::uint8_t low = 1, high = 9;
};
struct ConfigV1 {
    std::uint16_t max_msgs = 5;
    ModeV1 mode = ModeV1::eco;
    LimitsV1 limits;
    std::array<std::uint8_t, 2> keys{1, 2};
    float gone = 1.5F;
    std::uint8_t port = 7;
};
struct Limits {
    std::uint32_t low = 0, high = 0, margin = 42;
    std::uint16_t port = 80;
};
struct ConfigV2 {
    std::uint32_t max_messages = 0;
    Mode mode = Mode::off;
    Limits limits;
    std::array<std::uint16_t, 3> keys{0, 0, 77};
    static constexpr auto schema() {
        return stet::fields(field<"max_messages">(stet::renamed_from("max_msgs")),
                            field<"limits.port">(stet::renamed_from("port")));
    }
};
struct Config {
    double messages_per_second = 0;
    Limits limits;
    static constexpr Config migrated(const ConfigV2& old) {
        Config made = stet::by_name<Config>(old);
        made.messages_per_second = static_cast<double>(old.max_messages) / 60.0;
        return made;
    }
};

constexpr bool by_name() {
    ConfigV1 old;
    old.max_msgs = 120;
    old.limits.high = 200;
    const auto now = stet::by_name<ConfigV2>(old);
    return now.max_messages == 120 && now.mode == Mode::eco && now.limits.low == 1 && now.limits.high == 200 &&
           now.limits.margin == 42 && now.limits.port == 7 && now.keys[0] == 1 && now.keys[1] == 2 && now.keys[2] == 77;
}
constexpr bool by_chain() {
    using Chain = stet::migrations<ConfigV1, ConfigV2, Config>;
    ConfigV1 old;
    old.max_msgs = 120;
    old.limits.high = 200;
    const auto now = stet::migrated<Config>(old, Chain{});
    ConfigV2 second;
    second.max_messages = 30;
    const auto from_second = stet::migrated<Config>(second, Chain{});
    const auto same = stet::migrated<Config>(now, Chain{});
    return now.messages_per_second > 1.99 && now.messages_per_second < 2.01 && now.limits.high == 200 &&
           now.limits.port == 7 && from_second.messages_per_second > 0.49 && from_second.limits.margin == 42 &&
           same.limits.high == 200;
}

struct ConfigV3 {  // as ConfigV2, with what it says of older names, and a field more
    std::uint32_t max_messages = 0;
    Mode mode = Mode::off;
    Limits limits;
    std::array<std::uint16_t, 3> keys{0, 0, 77};
    std::uint8_t level = 4;
    static constexpr auto schema() {
        return stet::fields(field<"max_messages">(stet::renamed_from("max_msgs")),
                            field<"limits.port">(stet::renamed_from("port")));
    }
};
// What a field was called two structs before does not hide what it is called since.
constexpr bool renamed_once() {
    ConfigV2 old;
    old.max_messages = 120;
    old.limits.port = 443;
    const auto now = stet::migrated<ConfigV3>(old, stet::migrations<ConfigV1, ConfigV2, ConfigV3>{});
    ConfigV1 first;
    first.max_msgs = 7;
    first.port = 9;
    const auto from_first = stet::migrated<ConfigV3>(first, stet::migrations<ConfigV1, ConfigV2, ConfigV3>{});
    return now.max_messages == 120 && now.limits.port == 443 && now.level == 4 && from_first.max_messages == 7 &&
           from_first.limits.port == 9;
}

}  // namespace

TEST_CASE("migrations: a renamed_from that stays in the struct after the next one") { STET_BOTH(renamed_once); }
TEST_CASE("migrations: by name, with new, gone, renamed, moved and wider fields") { STET_BOTH(by_name); }
TEST_CASE("migrations: a chain of steps, by a function of the newer struct where it has one") { STET_BOTH(by_chain); }

TEST_CASE("by_name: structs that need the heap, too") {
    struct Before {
        std::string name = "a";
        std::vector<int> list{1, 2};
    };
    struct After {
        std::string title = "none";
        std::vector<int> list;
        std::string name;
    };
    const auto now = stet::by_name<After>(Before{});
    CHECK(now.name == "a");
    CHECK(now.title == "none");
    CHECK(now.list == std::vector<int>{1, 2});
}
