#pragma once
// A struct with every kind of leaf and a flat one, how to edit them at random, and what they hold as text: written
// without the library, so that it can judge what the library does.

#include <stet/reflect/field.hpp>
#include <stet/schema/schema.hpp>

#include "in_house.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace every {

enum class Mode : std::uint8_t { off, eco, full };

struct Nothing {};
struct Point {
    int x = 0;
    int y = 0;
};
struct Colour {  // indivisible, see below
    float r = 0, g = 0, b = 0;
};
struct Item {
    int id = 0;
    std::string name;
    std::vector<int> scores;
    std::optional<Point> at;
};
struct Nested {
    Point point;
    std::string label;
    double weight = 0;
};
struct Tree {
    int value = 0;
    std::vector<Tree> children;
};
class Opaque {
public:
    Opaque() = default;
    explicit Opaque(int value) : value_(value) {}
    int value() const { return value_; }
    bool operator==(const Opaque& other) const { return value_ == other.value_; }

private:
    int value_ = 0;
};

struct Every {
    bool on = false;
    std::int8_t small = 0;
    double real = 0;
    float single = 0;
    char letter = 'a';
    Mode mode = Mode::off;
    std::string text;
    Nested nested;
    Colour colour;
    Nested locked;
    std::array<int, 3> numbers{};
    std::array<std::vector<int>, 2> rows;
    std::vector<double> reals;
    std::vector<Item> items;
    std::vector<Item> keyed;
    std::list<Item> keyed_list;
    std::list<std::string> list;
    std::deque<Point> deque;
    std::vector<std::vector<int>> grid;
    std::set<std::string> set;
    std::unordered_set<int> hashed_set;
    std::map<std::string, Item> map;
    std::unordered_map<int, std::vector<int>> hashed;
    std::optional<Item> maybe;
    std::variant<std::monostate, int, Item, std::vector<int>, Nothing> either;
    Opaque opaque;
    int cache = 0;
    std::pair<int, std::string> pair;
    Tree tree;
    in_house::String own_text;
    in_house::SmallVector<int, 8> own_vector;
    in_house::FlatMap<int, Point> own_map;
    in_house::Maybe<Point> own_maybe;
    Nothing nothing;

    static constexpr auto schema() {
        using stet::field;
        return stet::fields(field<&Every::locked>(stet::indivisible), field<&Every::keyed>(stet::keyed_by<&Item::id>),
                            field<&Every::keyed_list>(stet::keyed_by<&Item::id>),
                            field<&Every::cache>(stet::transient));
    }
};

struct Flat {
    bool on = false;
    std::int8_t small = 0;
    double real = 0;
    float single = 0;
    Mode mode = Mode::off;
    Point point;
    Colour colour;
    Point locked;
    std::array<int, 3> numbers{};
    std::array<std::array<Point, 2>, 2> grid{};
    std::optional<Point> maybe;
    std::variant<std::monostate, int, Point> either;
    in_house::SmallVector<int, 8> own_vector;
    int cache = 0;
    std::uint64_t last = 0;

    static constexpr auto schema() {
        using stet::field;
        return stet::fields(field<&Flat::locked>(stet::indivisible), field<&Flat::cache>(stet::transient));
    }
};

// --- as text

inline void dump(std::string& out, const Every& value);
inline void dump(std::string& out, const Flat& value);

template <class N>
    requires(std::is_arithmetic_v<N> || std::is_enum_v<N>)
void dump(std::string& out, N number) {
    if constexpr (std::is_floating_point_v<N>) {
        const double wide = static_cast<double>(number);
        out += wide == wide ? std::to_string(std::bit_cast<std::uint64_t>(wide)) : "nan";
    } else out += std::to_string(static_cast<long long>(number));
    out += ' ';
}
inline void dump(std::string& out, const std::string& text) { out += '"' + text + "\" "; }
inline void dump(std::string& out, const in_house::String& text) { dump(out, std::string(std::string_view(text))); }
inline void dump(std::string& out, const Opaque& opaque) { dump(out, opaque.value()); }
inline void dump(std::string& out, const std::monostate&) { out += "mono "; }
inline void dump(std::string& out, const Nothing&) { out += "nothing "; }
inline void dump(std::string& out, const Point& point);
inline void dump(std::string& out, const Colour& colour);
inline void dump(std::string& out, const Item& item);
inline void dump(std::string& out, const Nested& nested);
inline void dump(std::string& out, const Tree& tree);
template <class V>
    requires requires(const V& value) {
        value.begin();
        value.size();
    }
void dump(std::string& out, const V& value);
template <class A, class B>
void dump(std::string& out, const std::pair<A, B>& pair) {
    dump(out, pair.first);
    dump(out, pair.second);
}
template <class V>
    requires requires(const V& value) {
        *value;
        value.has_value();
    }
void dump(std::string& out, const V& value) {
    if (value.has_value()) dump(out, *value);
    else out += "none ";
}
template <class... A>
void dump(std::string& out, const std::variant<A...>& value) {
    out += std::to_string(value.index()) + ':';
    std::visit([&](const auto& held) { dump(out, held); }, value);
}
template <class V>
    requires requires(const V& value) {
        value.begin();
        value.size();
    }
void dump(std::string& out, const V& value) {
    std::vector<std::string> parts;
    for (const auto& element : value) dump(parts.emplace_back(), element);
    if constexpr (requires { typename V::key_type; }) std::sort(parts.begin(), parts.end());  // some have no order
    out += '[';
    for (const std::string& part : parts) out += part + ',';
    out += ']';
}
inline void dump(std::string& out, const Point& point) {
    dump(out, point.x);
    dump(out, point.y);
}
inline void dump(std::string& out, const Colour& colour) {
    dump(out, colour.r);
    dump(out, colour.g);
    dump(out, colour.b);
}
inline void dump(std::string& out, const Item& item) {
    dump(out, item.id);
    dump(out, item.name);
    dump(out, item.scores);
    dump(out, item.at);
}
inline void dump(std::string& out, const Nested& nested) {
    dump(out, nested.point);
    dump(out, nested.label);
    dump(out, nested.weight);
}
inline void dump(std::string& out, const Tree& tree) {
    dump(out, tree.value);
    dump(out, tree.children);
}
template <class... Fields>
void dump_all(std::string& out, const Fields&... fields) {
    ((dump(out, fields), out += '\n'), ...);
}
// Without the transient fields.
inline void dump(std::string& out, const Every& v) {
    dump_all(out, v.on, v.small, v.real, v.single, v.letter, v.mode, v.text, v.nested, v.colour, v.locked, v.numbers,
             v.rows, v.reals, v.items, v.keyed, v.keyed_list, v.list, v.deque, v.grid, v.set, v.hashed_set, v.map,
             v.hashed, v.maybe, v.either, v.opaque, v.pair, v.tree, v.own_text, v.own_vector, v.own_map, v.own_maybe);
}
inline void dump(std::string& out, const Flat& v) {
    dump_all(out, v.on, v.small, v.real, v.single, v.mode, v.point, v.colour, v.locked, v.numbers, v.grid, v.maybe,
             v.either, v.own_vector, v.last);
}
template <class V>
std::string dumped(const V& value) {
    std::string text;
    dump(text, value);
    return text;
}

// --- at random

/// Decisions read from bytes; after the last one every decision is 0. Fewer and smaller bytes make simpler values.
class Dice {
public:
    explicit Dice(const std::vector<std::uint8_t>& bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
    std::size_t below(std::size_t count) { return at_ == end_ ? 0 : *at_++ % count; }
    int number() { return static_cast<int>(below(5)) - 1; }
    bool done() const { return at_ == end_; }

private:
    const std::uint8_t* at_;
    const std::uint8_t* end_;
};

inline double real(Dice& dice) {
    constexpr double choice[] = {0.0,
                                 1.5,
                                 -0.0,
                                 std::numeric_limits<double>::quiet_NaN(),
                                 -std::numeric_limits<double>::quiet_NaN(),
                                 std::numeric_limits<double>::infinity()};
    return choice[dice.below(std::size(choice))];
}
inline std::string text(Dice& dice) {
    constexpr const char* choice[] = {"", "a", "b", "a text that is too long for the place inside a string"};
    return choice[dice.below(std::size(choice))];
}

inline void edit(Point& point, Dice& dice) { (dice.below(2) == 0 ? point.x : point.y) = dice.number(); }
inline void edit(int& value, Dice& dice) { value = dice.number(); }
inline void edit(double& value, Dice& dice) { value = real(dice); }
inline void edit(std::string& value, Dice& dice) { value = text(dice); }
inline void edit(Item& item, Dice& dice);
inline void edit(Tree& tree, Dice& dice);
template <class V>
void edit_optional(V& value, Dice& dice);
template <class V>
    requires requires(V& value) { value.push_back(*value.begin()); }
void edit(V& value, Dice& dice);

template <class V>
V made(Dice& dice) {
    V value{};
    edit(value, dice);
    return value;
}

template <class V>
    requires requires(V& value) { value.push_back(*value.begin()); }
void edit(V& value, Dice& dice) {
    using E = typename V::value_type;
    const std::size_t size = value.size();
    const std::size_t what = dice.below(6);
    if (size == 0 || (what == 0 && size < 6)) return value.push_back(made<E>(dice));
    auto at = value.begin();
    for (std::size_t i = dice.below(size); i > 0; --i) ++at;
    if (what == 1 && size < 6) value.insert(at, made<E>(dice));
    else if (what == 2) value.erase(at);
    else if (what == 3) std::swap(*at, *value.begin());
    else if (what == 4 && size > 2) value.clear();
    else edit(*at, dice);
}
template <class V>
void edit_optional(V& value, Dice& dice) {
    if (!value.has_value()) value.emplace(made<typename V::value_type>(dice));
    else if (dice.below(3) == 1) value.reset();
    else edit(*value, dice);
}
template <class V>
void edit_map(V& value, typename V::key_type key, Dice& dice) {
    const auto [at, is_new] = value.try_emplace(key, typename V::mapped_type{});
    if (!is_new && dice.below(3) == 1) value.erase(at);
    else edit(at->second, dice);
}
template <class V>
void edit_set(V& value, typename V::key_type key) {
    if (!value.insert(key).second) value.erase(value.find(key));
}
inline void edit(Item& item, Dice& dice) {
    switch (dice.below(4)) {
        case 0:
            return edit(item.id, dice);
        case 1:
            return edit(item.name, dice);
        case 2:
            return edit(item.scores, dice);
        default:
            return edit_optional(item.at, dice);
    }
}
inline void edit(Nested& nested, Dice& dice) {
    switch (dice.below(3)) {
        case 0:
            return edit(nested.point, dice);
        case 1:
            return edit(nested.label, dice);
        default:
            return edit(nested.weight, dice);
    }
}
inline void edit(Tree& tree, Dice& dice) {
    if (dice.below(2) == 0) edit(tree.value, dice);
    else edit(tree.children, dice);
}
// A vector whose elements have their own id, as in use, but now and then one twice.
template <class V>
void edit_keyed(V& value, Dice& dice) {
    edit(value, dice);
    int id = 1;
    const bool unique = dice.below(8) != 1;
    for (Item& item : value)
        if (unique && item.id <= 0) item.id = 10 * id++ + dice.number();
}

inline void edit(Every& v, Dice& dice) {
    switch (dice.below(33)) {
        case 0:
            v.on = !v.on;
            break;
        case 1:
            v.small = static_cast<std::int8_t>(dice.number());
            break;
        case 2:
            v.real = real(dice);
            break;
        case 3:
            v.single = static_cast<float>(real(dice));
            break;
        case 4:
            v.letter = static_cast<char>('a' + dice.number());
            break;
        case 5:
            v.mode = static_cast<Mode>(dice.below(5));
            break;
        case 6:
            v.text = text(dice);
            break;
        case 7:
            edit(v.nested, dice);
            break;
        case 8:
            v.colour.g = static_cast<float>(real(dice));
            break;
        case 9:
            edit(v.locked, dice);
            break;
        case 10:
            v.numbers[dice.below(3)] = dice.number();
            break;
        case 11:
            edit(v.rows[dice.below(2)], dice);
            break;
        case 12:
            edit(v.reals, dice);
            break;
        case 13:
            edit(v.items, dice);
            break;
        case 14:
            edit_keyed(v.keyed, dice);
            break;
        case 15:
            edit_keyed(v.keyed_list, dice);
            break;
        case 16:
            edit(v.list, dice);
            break;
        case 17:
            edit(v.deque, dice);
            break;
        case 18:
            edit(v.grid, dice);
            break;
        case 19:
            edit_set(v.set, text(dice));
            break;
        case 20:
            edit_set(v.hashed_set, dice.number());
            break;
        case 21:
            edit_map(v.map, text(dice), dice);
            break;
        case 22:
            edit_map(v.hashed, dice.number(), dice);
            break;
        case 23:
            edit_optional(v.maybe, dice);
            break;
        case 24:
            switch (dice.below(6)) {
                case 0:
                    v.either = std::monostate{};
                    break;
                case 1:
                    v.either = dice.number();
                    break;
                case 2:
                    v.either = made<Item>(dice);
                    break;
                case 3:
                    v.either = made<std::vector<int>>(dice);
                    break;
                case 4:
                    v.either = Nothing{};
                    break;
                default:
                    if (auto* const item = std::get_if<Item>(&v.either)) edit(*item, dice);
                    if (auto* const row = std::get_if<std::vector<int>>(&v.either)) edit(*row, dice);
            }
            break;
        case 25:
            v.opaque = Opaque(dice.number());
            break;
        case 26:
            v.cache = dice.number();
            break;
        case 27:
            dice.below(2) == 0 ? edit(v.pair.first, dice) : edit(v.pair.second, dice);
            break;
        case 28:
            edit(v.tree, dice);
            break;
        case 29:
            v.own_text = text(dice).c_str();
            break;
        case 30:
            edit(v.own_vector, dice);
            break;
        case 31:
            edit_map(v.own_map, dice.number(), dice);
            break;
        default:
            edit_optional(v.own_maybe, dice);
    }
}
inline void edit(Flat& v, Dice& dice) {
    switch (dice.below(15)) {
        case 0:
            v.on = !v.on;
            break;
        case 1:
            v.small = static_cast<std::int8_t>(dice.number());
            break;
        case 2:
            v.real = real(dice);
            break;
        case 3:
            v.single = static_cast<float>(real(dice));
            break;
        case 4:
            v.mode = static_cast<Mode>(dice.below(5));
            break;
        case 5:
            edit(v.point, dice);
            break;
        case 6:
            v.colour.g = static_cast<float>(real(dice));
            break;
        case 7:
            edit(v.locked, dice);
            break;
        case 8:
            v.numbers[dice.below(3)] = dice.number();
            break;
        case 9:
            edit(v.grid[dice.below(2)][dice.below(2)], dice);
            break;
        case 10:
            edit_optional(v.maybe, dice);
            break;
        case 11:
            if (dice.below(3) == 0) v.either = std::monostate{};
            else if (dice.below(2) == 0) v.either = dice.number();
            else v.either = made<Point>(dice);
            break;
        case 12:
            edit(v.own_vector, dice);
            break;
        case 13:
            v.cache = dice.number();
            break;
        default:
            v.last = dice.below(200);
    }
}

template <class T>
void edit_all(T& value, const std::vector<std::uint8_t>& script) {
    Dice dice(script);
    while (!dice.done()) edit(value, dice);
}

}  // namespace every

template <>
inline constexpr bool stet::is_indivisible<every::Colour> = true;
