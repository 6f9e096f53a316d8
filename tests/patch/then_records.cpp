#include <stet/patch/then_records.hpp>

#include <stet/render/text.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

namespace {

struct Shape {
    int id = 0;
    int x = 0;
};
struct Document {
    std::string title;
    int width = 1;
    std::vector<Shape> shapes;
    std::map<std::string, int> counts;
};

using stet::text;

}  // namespace

TEST_CASE("then: two changes of a field are one, from the first before to the last after") {
    const Document a{"a", 1, {}, {}};
    const Document b{"b", 1, {}, {}};
    const Document c{"c", 2, {}, {}};
    CHECK(text(stet::then(stet::diff(a, b), stet::diff(b, c))) == "~ title: \"a\" -> \"c\"\n~ width: 1 -> 2");
    CHECK(stet::then(stet::diff(a, b), stet::diff(b, a)).empty());
    CHECK(text(stet::then(stet::diff(a, a), stet::diff(a, b))) == text(stet::diff(a, b)));
    CHECK(text(stet::then(stet::diff(a, b), stet::diff(b, b))) == text(stet::diff(a, b)));
}

TEST_CASE("then: an element that came and was changed came as it is; one that came and went never was") {
    const Document a{"", 1, {{1, 0}, {2, 0}}, {{"x", 1}}};
    Document b = a;
    b.shapes.insert(b.shapes.begin(), {9, 9});
    b.counts["y"] = 1;
    Document c = b;
    c.shapes[0].x = 10;
    c.shapes[2].x = 5;
    c.counts["y"] = 2;
    CHECK(text(stet::then(stet::diff(a, b), stet::diff(b, c))) ==
          "+ shapes[0]: {id: 9, x: 10}\n~ shapes[2].x: 0 -> 5\n+ counts[\"y\"]: 2");
    CHECK(stet::then(stet::diff(a, b), stet::diff(b, a)).empty());
}

TEST_CASE("then: what does not follow from the first is a conflict when it is applied, and loses nothing") {
    const Document a{"a", 1, {}, {}};
    const Document b{"b", 1, {}, {}};
    const Document x{"x", 1, {}, {}};
    const Document y{"y", 1, {}, {}};
    const auto odd = stet::then(stet::diff(a, b), stet::diff(x, y));
    CHECK(stet::apply(odd, a).has_value());  // the ends are all that it knows
    CHECK_FALSE(stet::apply(odd, b).has_value());
}
