#include <stet/patch/flat_merge.hpp>

#include <stet/patch/merge.hpp>
#include <stet/patch/merge_records.hpp>
#include <stet/render/text.hpp>

#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

using stet::field;
using stet::Side;
using stet::text;

namespace {

enum class Mode { slow, fast, faster };
struct Point {
    int x = 0;
    int y = 0;
};
struct Fields {
    int speed = 0;
    Mode mode = Mode::slow;
    Point at;
    std::array<Point, 2> route{};
    std::optional<Point> target;
    std::variant<int, Point> load;
    int total = 0;
    int most = 0;
    float near = 0;
    int pin = 0;
    Point whole;
    int cache = 0;

    static constexpr auto schema() {
        return stet::fields(field<&Fields::total>(stet::merge_by_sum), field<&Fields::most>(stet::merge_by_max),
                            field<&Fields::near>(stet::tolerance(0.5)), field<&Fields::pin>(stet::secret),
                            field<&Fields::whole>(stet::indivisible), field<&Fields::cache>(stet::transient));
    }
};
struct Shape {
    std::variant<Point, int> form;
    std::optional<int> size = 1;
    std::optional<int> kept = 1;
    static constexpr auto schema() { return stet::fields(field<&Shape::kept>(stet::merge_by_union)); }
};
// A sequence with room for three, in place.
struct Few {
    using value_type = int;
    std::array<int, 3> items{};
    std::size_t count = 0;
    const int* begin() const { return items.data(); }
    const int* end() const { return begin() + count; }
    int* begin() { return items.data(); }
    int* end() { return begin() + count; }
    std::size_t size() const { return count; }
    void push_back(int item) { items[count++] = item; }
    int* insert(const int*, int) { return nullptr; }
    int* erase(const int*) { return nullptr; }
    void clear() { count = 0; }
};
struct Queue {
    Few waiting;
};
// The same with the heap: the merge of records is another program.
struct OnHeap {
    Fields fields;
    std::string text;
};

struct Config {
    int speed = 1;
    int limit = 5;
    std::array<int, 2> gains{1, 1};
    static constexpr auto schema() {
        return stet::fields(stet::check<"speed", "limit">("too fast", [](int at, int most) { return at <= most; }));
    }
};

constexpr Config with_speed(int speed) {
    Config made;
    made.speed = speed;
    return made;
}
constexpr Config with_gain(int gain) {
    Config made;
    made.gains[1] = gain;
    return made;
}

// In constant expressions, which have no heap.
static_assert(stet::merge(Config{}, with_speed(2), with_gain(7)).value().speed == 2);
static_assert(stet::merge(Config{}, with_speed(2), with_gain(7)).value().gains[1] == 7);
static_assert(stet::merge(Config{}, with_speed(2), with_gain(7)).clean());
static_assert(stet::merge(Config{}, with_speed(2), with_speed(2)).conflicts().empty());
static_assert(stet::merge(Config{}, with_speed(2), with_speed(3)).conflicts().size() == 1);
static_assert(stet::merge(Config{}, with_speed(2), with_speed(3)).conflicts()[0].open());
static_assert(stet::merge(Config{}, with_speed(2), with_speed(3)).value().speed == 2);
static_assert(!stet::merge(Config{}, with_speed(2), with_speed(3)));
static_assert(stet::resolve(stet::merge(Config{}, with_speed(2), with_speed(3)), Side::theirs).value().speed == 3);
static_assert(stet::resolve(stet::merge(Config{}, with_speed(2), with_speed(3)), Side::base).value().speed == 1);
static_assert(stet::resolve(stet::merge(Config{}, with_speed(2), with_speed(3)), [](const auto&) {
                  return Side::theirs;
              }).clean());
static_assert(!stet::merge(Config{}, with_speed(4),
                           [] {
                               Config made;
                               made.limit = 3;
                               return made;
                           }())
                   .violations()
                   .empty());
static_assert(stet::rebase(stet::diff(Config{}, with_gain(7)), stet::diff(Config{}, with_speed(2))).patch().size() ==
              1);

}  // namespace

TEST_CASE("FlatConflict: where, and what each side has") {
    Fields ours;
    Fields theirs;
    ours.route[1].y = 1;
    theirs.route[1].y = 2;
    ours.target = Point{3, 4};
    theirs.target = Point{5, 6};
    ours.pin = 1234;
    theirs.pin = 9876;
    ours.mode = Mode::fast;
    theirs.mode = Mode::faster;
    const auto both = stet::merge(Fields{}, ours, theirs);
    REQUIRE(both.conflicts().size() == 4);
    std::vector<std::string> found;
    for (const auto& conflict : both.conflicts()) found.push_back(text(conflict));
    CHECK(found == std::vector<std::string>{"mode: base slow, ours fast, theirs faster",
                                            "route[1].y: base 0, ours 1, theirs 2",
                                            "target: base absent, ours {x: 3, y: 4}, theirs {x: 5, y: 6}",
                                            "pin: base •••, ours •••, theirs •••"});
    CHECK(both.conflicts()[1].severity() == stet::ConflictSeverity::critical);
    CHECK_FALSE(both.clean());

    const auto some = stet::resolve(both, Side::theirs, Side::base);
    CHECK(some.value().mode == Mode::faster);
    CHECK(some.value().route[1].y == 0);
    CHECK(some.value().target->x == 3);
    CHECK_FALSE(some.conflicts()[1].open());
    CHECK(some.conflicts()[2].open());
    CHECK_FALSE(stet::Conflict(some.conflicts()[1]).open());
    CHECK(stet::Conflict(some.conflicts()[2]).open());
    const auto all = stet::resolve(both, [](const stet::Conflict& conflict) {  // the common one is made of it
        return conflict.path() == "pin" ? Side::theirs : Side::ours;
    });
    CHECK(all.clean());
    CHECK(all.value().pin == 9876);
}

TEST_CASE("merge of flat structs: two conflicts inside a variant, one where it holds something else") {
    const auto point = [](int x, int y) {
        Shape shape;
        shape.form = Point{x, y};
        return shape;
    };
    const auto both = stet::merge(point(0, 0), point(1, 1), point(2, 2));
    REQUIRE(both.conflicts().size() == 2);
    const auto decided = stet::resolve(both, Side::theirs, Side::base);
    CHECK(decided.clean());
    CHECK(std::get<Point>(decided.value().form).x == 2);
    CHECK(std::get<Point>(decided.value().form).y == 0);
    Shape number;
    number.form = 7;
    CHECK(stet::merge(point(0, 0), point(1, 1), number).conflicts().size() == 1);
}

TEST_CASE("merge of flat structs: what one removed and the other changed is a conflict, unless the schema keeps it") {
    Shape ours;
    Shape theirs;
    ours.size.reset();
    ours.kept.reset();
    theirs.size = 2;
    theirs.kept = 2;
    const auto both = stet::merge(Shape{}, ours, theirs);
    REQUIRE(both.conflicts().size() == 1);
    CHECK(text(both.conflicts()[0]) == "size: base 1, ours absent, theirs 2");
    CHECK_FALSE(both.value().size.has_value());
    CHECK(both.value().kept == 2);
    const auto back = stet::merge(Shape{}, theirs, ours);
    CHECK(back.conflicts().size() == 1);
    CHECK(back.value().kept == 2);
}

TEST_CASE("merge of flat structs: a container that has no room for both changes as one") {
    static_assert(stet::flat<Queue> && stet::detail::kind_v<Few> == stet::Kind::sequence);
    Queue ours;
    Queue theirs;
    ours.waiting.push_back(1);
    CHECK(stet::merge(Queue{}, ours, Queue{}).value().waiting.size() == 1);
    CHECK(stet::merge(Queue{}, Queue{}, ours).value().waiting.size() == 1);
    CHECK(stet::merge(Queue{}, ours, ours).clean());
    theirs.waiting.push_back(2);
    const auto both = stet::merge(Queue{}, ours, theirs);
    CHECK(both.conflicts().size() == 1);
    CHECK(*stet::resolve(both, Side::theirs).value().waiting.begin() == 2);
}

TEST_CASE("FlatSides: more than there can be are ignored") {
    stet::detail::FlatSides<2> sides(std::vector<Side>{Side::theirs, Side::base, Side::ours});
    CHECK(sides.size() == 2);
    CHECK(sides[1] == Side::base);
}

TEST_CASE("merge of flat structs: the same as of structs with the heap, for any three values") {
    std::mt19937 random(3);
    const auto pick = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
    const auto edit = [&](Fields value) {
        for (int changes = pick(9); changes > 0; --changes) {
            switch (pick(12)) {
                case 0:
                    value.speed = pick(3);
                    break;
                case 1:
                    value.mode = static_cast<Mode>(pick(3));
                    break;
                case 2:
                    value.at.y = pick(3);
                    break;
                case 3:
                    value.route[static_cast<std::size_t>(pick(2))].x = pick(3);
                    break;
                case 4:
                    value.target.reset();
                    break;
                case 5:
                    value.target = Point{pick(2), pick(2)};
                    break;
                case 6:
                    value.load = pick(3);
                    break;
                case 7:
                    value.load = Point{pick(2), pick(2)};
                    break;
                case 8:
                    value.total += pick(5);
                    break;
                case 9:
                    value.most = pick(9);
                    break;
                case 10:
                    value.near = static_cast<float>(pick(4)) / 4;
                    break;
                default:
                    value.whole = {pick(2), pick(2)};
                    break;
            }
        }
        value.cache = pick(100);
        return value;
    };
    int conflicts = 0;
    for (int i = 0; i < 3000; ++i) {
        const Fields base = edit(Fields{});
        const Fields ours = edit(base);
        const Fields theirs = edit(base);
        const auto flat = stet::merge(base, ours, theirs);
        const auto heap = stet::merge(OnHeap{base, {}}, OnHeap{ours, {}}, OnHeap{theirs, {}});
        REQUIRE(stet::equal(flat.value(), heap.value().fields));
        CHECK(flat.value().cache == ours.cache);
        REQUIRE(flat.conflicts().size() == heap.conflicts().size());
        std::vector<Side> sides;
        for (std::size_t k = 0; k < flat.conflicts().size(); ++k, ++conflicts) {
            const auto conflict = flat.conflicts()[k];
            const stet::Conflict& other = heap.conflicts()[k];
            CHECK("fields." + std::string(conflict.path()) == other.path());
            CHECK(std::string(conflict.base()) == other.base());
            CHECK(std::string(conflict.ours()) == other.ours());
            CHECK(std::string(conflict.theirs()) == other.theirs());
            sides.push_back(static_cast<Side>(pick(3)));
        }
        const auto decided = stet::resolve(flat, sides);
        const auto decided_too = stet::resolve(heap, sides);
        REQUIRE(stet::equal(decided.value(), decided_too.value().fields));
        CHECK(decided.clean());
        CHECK(stet::equal(*stet::apply(decided.patch(), ours), decided.value()));
    }
    CHECK(conflicts > 500);
}
