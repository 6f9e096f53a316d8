#include <stet/checksum.hpp>

#include <stet/stet.hpp>

#include "both.hpp"
#include "in_house.hpp"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

using stet::checksum;

namespace {

enum class Team : std::uint8_t { red, blue };
struct Vec {
    float x = 0, y = 0;
};
struct Ship {
    Vec at, speed;
    float heading = 0;
    std::int16_t health = 100;
    Team team{};
    bool alive = true;
    std::uint32_t reload = 0;
};
struct Shot {  // with padding
    double x = 0;
    std::uint8_t owner = 0;
    std::int32_t speed = -3;
    bool live = false;
};
struct Pixel {  // of an odd size
    std::uint8_t r = 1, g = 2, b = 3;
};
struct World {
    std::uint32_t tick = 7;
    std::int64_t score = -1;
    std::array<Ship, 40> ships{};
    std::array<Shot, 50> shots{};
    std::array<Pixel, 100> pixels{};
    std::array<float, 150> heights{};
    std::optional<Vec> goal;
    std::variant<std::monostate, int, Vec> either = 5;
    Team winner = Team::blue;
};

constexpr float a_nan = std::numeric_limits<float>::quiet_NaN();

// Hides from the compiler what stands in it.
template <class T>
T& at_run_time(T& value) {
    T* volatile there = &value;
    return *there;
}

struct Cached {
    int value = 1;
    int cache = 0;
    static constexpr auto schema() { return stet::fields(stet::field<&Cached::cache>(stet::transient)); }
};
struct Holder {
    std::array<Cached, 3> all{};
    Cached one;
    Vec lost;
    static constexpr auto schema() { return stet::fields(stet::field<"lost.x">(stet::transient)); }
};

template <class T>
constexpr std::uint64_t of(T value) {
    return checksum(value);
}
struct Float {
    float value = 0;
};
struct Double {
    double value = 0;
};

}  // namespace

// They stand in files and go over networks: another number here is a change that breaks those who use them.
TEST_CASE("checksum: the same from every compiler, on every platform") {
    static_assert(checksum(World{}) == 0x4E42EB15BF43970B);
    static_assert(checksum(Ship{}) == 0x7E972A72611C1F7E);
    static_assert(of(std::array<Pixel, 30>{}) == 0x322642A1F1E8BFA9);
    static_assert(of(std::array<Shot, 3>{}) == 0xD16B900F66E08D8C);
    static_assert(of(-1) == 0xAB507B25F96B0E1E);
    static_assert(of(1.5) == 0x1C270A0C3AA3AD86);
    static_assert(checksum(std::string_view("stet")) == 0x2879C54EF136AC12);
    World world;
    CHECK(checksum(at_run_time(world)) == 0x4E42EB15BF43970B);
    CHECK(checksum(std::string("stet")) == 0x2879C54EF136AC12);
    CHECK(checksum(std::vector<int>{1, 2, 3}) == 0x9B068115C1065607);
    CHECK(checksum(std::map<std::string, double>{{"a", 1}, {"b", -0.0}}) == 0xB1A51518583267D0);
}

TEST_CASE("checksum: in constant expressions as at run time") {
    constexpr auto world = [] {
        World made;
        for (std::size_t i = 0; i < made.ships.size(); ++i) made.ships[i].at.x = static_cast<float>(i) / 3;
        for (std::size_t i = 0; i < made.shots.size(); ++i) made.shots[i].x = static_cast<double>(i) / 3;
        made.heights[70] = a_nan;
        made.goal = Vec{1, 2};
        return made;
    }();
    constexpr std::uint64_t before = checksum(world);
    World copy = world;
    CHECK(checksum(at_run_time(copy)) == before);
    CHECK(before != checksum(World{}));
}

TEST_CASE("checksum: any NaN is the same, infinity is not; -0 is not +0") {
    constexpr float other_nan = std::bit_cast<float>(0xFFC01234U);
    static_assert(of(Float{a_nan}) == of(Float{other_nan}) && of(Float{a_nan}) != of(Float{}));
    static_assert(of(Float{0.0F}) != of(Float{-0.0F}));
    static_assert(of(Double{std::bit_cast<double>(0x7FF0000000000001U)}) ==
                  of(Double{std::bit_cast<double>(0xFFF8000000000000U)}));
    for (const std::size_t size : {1U, 15U, 16U, 17U, 127U, 128U, 129U, 300U}) {
        std::vector<float> a(size, 1.0F);
        for (std::size_t i = 0; i < size; ++i) {
            std::vector<float> b = a;
            std::vector<float> c = a;
            b[i] = a_nan;
            c[i] = other_nan;
            CHECK(checksum(b) == checksum(c));
            CHECK(checksum(b) != checksum(a));
            b[i] = std::numeric_limits<float>::infinity();
            CHECK(checksum(b) != checksum(c));
            c[i] = -b[i];
            CHECK(checksum(b) != checksum(c));
        }
    }
}

TEST_CASE("checksum: padding does not count") {
    for (const int garbage : {0x00, 0x5A, 0xFF}) {
        alignas(World) unsigned char memory[sizeof(World)];
        std::memset(memory, garbage, sizeof memory);
        auto* const world = new (memory) World;
        for (Shot& shot : world->shots) {
            std::memset(static_cast<void*>(&shot), garbage, sizeof shot);
            shot.x = 0, shot.owner = 0, shot.speed = -3, shot.live = false;
        }
        CHECK(checksum(*world) == 0x4E42EB15BF43970B);
    }
}

namespace {

// What the numbers are hashed as where they cannot be read as they lie.
template <class E>
std::uint64_t number_by_number(const std::vector<E>& all) {
    stet::detail::Stripes stripes;
    stet::detail::take_numbers<false>(stripes, all.data(), all.size());
    return stripes.end(all.size() * stet::detail::image<E>.size);
}
template <class E>
void reads_memory(void (*change)(E&, std::mt19937&)) {
    std::mt19937 random(1);
    std::set<std::uint64_t> found;
    for (std::size_t size = 0; size < 400; size += size < 70 ? 1 : 13) {
        std::vector<E> all(size);
        for (E& element : all) change(element, random);
        const std::uint64_t sum = stet::detail::hash_run<false>(all.data(), all.size());
        CHECK(sum == number_by_number(all));
        CHECK(found.insert(sum).second);
    }
}
float odd_float(std::mt19937& random) {
    return random() % 64 == 0 ? a_nan : std::bit_cast<float>(static_cast<std::uint32_t>(random()));
}

struct Wide {  // an element of more than a stripe, with doubles between other numbers
    std::uint16_t id = 0;
    std::array<double, 9> at{};
    std::array<Vec, 3> path{};
    std::int8_t last = 0;
};
struct alignas(32) Aligned {
    float x = 0;
    double y = 0;
    std::uint8_t z = 0;
};
struct alignas(128) Apart {
    std::uint8_t x = 1;
};
struct Shifted {  // another layout than that of its image
    float x = 0;
    alignas(16) float y = 0;
};
class Listed {  // does not list all members
public:
    float x = 0;
    int hidden = 0;
    double y = 0;
    static constexpr auto members() { return stet::members<&Listed::x, &Listed::y>; }
    Listed() = default;
};

}  // namespace

TEST_CASE("checksum: memory is read as it lies where it can be") {
    reads_memory<float>([](float& f, std::mt19937& random) { f = odd_float(random); });
    reads_memory<double>(
        [](double& d, std::mt19937& random) { d = std::bit_cast<double>(std::uint64_t{random()} << 32 | random()); });
    reads_memory<Ship>([](Ship& s, std::mt19937& random) {
        s = {{odd_float(random), 1}, {2, odd_float(random)}, 1, -3, Team::blue, random() % 2 == 0, 0};
        s.reload = static_cast<std::uint32_t>(random());
    });
    reads_memory<Shot>([](Shot& s, std::mt19937& random) {
        std::memset(static_cast<void*>(&s), static_cast<int>(random() % 256), sizeof s);
        s.x = odd_float(random), s.owner = 3, s.speed = static_cast<int>(random() % 9), s.live = random() % 2 == 0;
    });
    reads_memory<Wide>([](Wide& w, std::mt19937& random) {
        std::memset(static_cast<void*>(&w), static_cast<int>(random() % 256), sizeof w);
        w = Wide{};
        w.at[random() % 9] = odd_float(random);
        w.path[random() % 3].y = odd_float(random);
        w.last = static_cast<std::int8_t>(random() % 100);
    });
    reads_memory<Pixel>([](Pixel& p, std::mt19937& random) { p.g = static_cast<std::uint8_t>(random() % 256); });
    reads_memory<std::int16_t>([](std::int16_t& i, std::mt19937& random) { i = static_cast<std::int16_t>(random()); });
    reads_memory<Listed>([](Listed& l, std::mt19937& random) {
        l.x = odd_float(random), l.y = 1, l.hidden = static_cast<int>(random() % 100);
    });
    reads_memory<Aligned>([](Aligned& a, std::mt19937& random) {
        std::memset(static_cast<void*>(&a), static_cast<int>(random() % 256), sizeof a);
        a.x = odd_float(random), a.y = odd_float(random), a.z = 3;
    });
    reads_memory<Apart>([](Apart& a, std::mt19937& random) {
        std::memset(static_cast<void*>(&a), static_cast<int>(random() % 256), sizeof a);
    });
    reads_memory<Shifted>([](Shifted& s, std::mt19937& random) { s.x = odd_float(random), s.y = 2; });
}

TEST_CASE("checksum: every bit counts") {
    std::set<std::uint64_t> found;
    World world;
    found.insert(checksum(world));
    std::size_t changes = 0;
    const auto flip = [&](auto& number) {
        auto* const bytes = reinterpret_cast<unsigned char*>(&number);
        for (std::size_t bit = 0; bit < 8 * sizeof number; ++bit) {
            bytes[bit / 8] ^= static_cast<unsigned char>(1U << bit % 8);
            found.insert(checksum(world));
            ++changes;
            bytes[bit / 8] ^= static_cast<unsigned char>(1U << bit % 8);
        }
    };
    flip(world.tick), flip(world.score), flip(world.winner);
    for (Ship& ship : world.ships) flip(ship.at.x), flip(ship.speed.y), flip(ship.health), flip(ship.team);
    for (Shot& shot : world.shots) flip(shot.x), flip(shot.owner), flip(shot.speed);
    for (Pixel& pixel : world.pixels) flip(pixel.r), flip(pixel.b);
    for (float& height : world.heights) flip(height);
    CHECK(found.size() == changes + 1);
}

TEST_CASE("checksum: what two elements have exchanged, or moved between them") {
    std::set<std::uint64_t> found;
    std::size_t count = 0;
    for (std::size_t i = 0; i < 64; ++i)
        for (std::size_t j = 0; j < 64; ++j) {
            std::vector<std::int64_t> all(64, 10);
            ++all[i], --all[j];
            count += i != j ? 1 : 0;
            found.insert(checksum(all));
        }
    CHECK(found.size() == count + 1);
}

TEST_CASE("checksum: transient fields do not count") {
    static_assert(of(Cached{1, 2}) == of(Cached{1, 3}) && of(Cached{1, 2}) != of(Cached{2, 2}));
    Holder holder;
    const std::uint64_t before = checksum(holder);
    holder.all[2].cache = holder.one.cache = 7;
    holder.lost.x = 1;
    CHECK(checksum(holder) == before);
    holder.lost.y = 1;
    CHECK(checksum(holder) != before);
}

TEST_CASE("checksum: absent, empty and zero differ") {
    using Maybe = std::optional<std::optional<int>>;
    CHECK(checksum(Maybe{}) != checksum(Maybe{std::optional<int>{}}));
    CHECK(checksum(Maybe{std::optional<int>{}}) != checksum(Maybe{0}));
    CHECK(checksum(std::variant<int, unsigned>{1}) != checksum(std::variant<int, unsigned>{1U}));
    using Rows = std::vector<std::vector<int>>;
    CHECK(checksum(Rows{{1}, {2}}) != checksum(Rows{{1, 2}, {}}));
    CHECK(checksum(Rows{{1}, {2}}) != checksum(Rows{{}, {1, 2}}));
    CHECK(checksum(Rows{}) != checksum(Rows{{}}));
    using Texts = std::pair<std::string, std::string>;
    CHECK(checksum(Texts{"ab", "c"}) != checksum(Texts{"a", "bc"}));
    CHECK(checksum(std::string("a")) != checksum(std::string("a\0", 2)));
}

TEST_CASE("checksum: sets and maps count in any order") {
    std::unordered_map<int, std::string> a;
    std::unordered_map<int, std::string> b(1000);
    for (int i = 0; i < 50; ++i) a[i] = std::to_string(i % 3);
    for (int i = 50; i-- > 0;) b[i] = std::to_string(i % 3);
    CHECK(checksum(a) == checksum(b));
    std::swap(a[0], a[1]);
    CHECK(checksum(a) != checksum(b));
    CHECK(checksum(std::set<int>{1, 2}) != checksum(std::set<int>{1, 3}));
    CHECK(checksum(std::unordered_set<int>{1, 2, 3}) == checksum(std::unordered_set<int>{3, 2, 1}));
    CHECK(checksum(std::set<double>{0.0}) == checksum(std::set<double>{-0.0}));  // the same key
    CHECK(checksum(std::map<int, double>{{1, 0.0}}) != checksum(std::map<int, double>{{1, -0.0}}));
    in_house::SmallSet<std::array<float, 2>, 4> first;
    in_house::SmallSet<std::array<float, 2>, 4> second;
    first.insert({0.0F, 1}), first.insert({2, 3});
    second.insert({2, 3}), second.insert({-0.0F, 1});
    CHECK(checksum(first) == checksum(second));
}

TEST_CASE("checksum: elements that do not lie side by side") {
    CHECK(checksum(std::deque<int>{1, 2}) != checksum(std::deque<int>{2, 1}));
    CHECK(checksum(std::list<std::string>{"a"}) != checksum(std::list<std::string>{"b"}));
}

namespace {

class Date {
public:
    explicit Date(int day) : day_(day) {}
    int day() const { return day_; }
    bool operator==(const Date&) const = default;

private:
    int day_;
};
struct Meeting {
    Date date{1};
};

}  // namespace

template <>
inline constexpr auto stet::checksum_of<Date> = [](const Date& date) { return date.day(); };

TEST_CASE("checksum_of<T> says what an opaque value is") {
    CHECK(checksum(Meeting{Date(3)}) == checksum(Meeting{Date(3)}));
    CHECK(checksum(Meeting{Date(3)}) != checksum(Meeting{Date(4)}));
}

TEST_CASE("fold: by parts as in one") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t a = random(), b = random();
        CHECK(stet::detail::fold(a, b) == stet::detail::fold_by_parts(a, b));
    }
    CHECK(stet::detail::fold(~std::uint64_t{0}, ~std::uint64_t{0}) ==
          stet::detail::fold_by_parts(~std::uint64_t{0}, ~std::uint64_t{0}));
}
