#pragma once
// What the targets read: every kind of field once, as small as can be, because sanitizers compile slowly.

#include <stet/reflect/field.hpp>
#include <stet/schema/rule.hpp>
#include <stet/schema/schema.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fuzz {

enum class Colour : std::uint8_t { red, green, blue };

struct Point {
    std::int16_t x = 0;
    float y = 0;
};
struct Shape {
    int id = 0;
    std::string name;
    std::optional<Point> at;
};
struct Tree {
    int value = 0;
    std::vector<Tree> below;
};
struct Document {
    std::string title = "untitled";
    std::string password = "swordfish";
    bool open = false;
    char mark = '-';
    std::uint64_t size = 0;
    double zoom = 1;
    Colour colour = Colour::green;
    Point origin;
    std::array<std::uint8_t, 2> pair{};
    std::vector<Shape> shapes;
    std::map<std::string, int> limits;
    std::map<std::pair<int, int>, std::string> places;
    std::set<std::string> tags;
    std::optional<std::optional<int>> maybe;
    std::variant<std::monostate, int, Shape> either;
    Tree tree;
    int hits = 0;

    static constexpr auto schema() {
        using stet::field;
        return stet::fields(field<&Document::password>(stet::secret), field<&Document::hits>(stet::transient),
                            field<&Document::shapes>(stet::keyed_by<&Shape::id>),
                            field<&Document::zoom>(stet::in_range(0.1, 100.0)),
                            field<&Document::title>(stet::not_empty));
    }
};

/// The same without a heap.
struct Settings {
    std::uint16_t port = 8080;
    Colour colour = Colour::green;
    Point origin;
    std::array<std::int8_t, 2> pair{};
    std::optional<int> maybe;

    static constexpr auto schema() { return stet::fields(stet::field<"port">(stet::in_range(1, 9999))); }
};

}  // namespace fuzz
