#include <stet/reflect/path.hpp>

#include "../both.hpp"
#include "corners.hpp"

#include <string>

using namespace stet::detail;

namespace {

struct Inner {
    int x = 1;
    int y = 2;
};
struct Middle {
    Inner inner;
    std::array<Inner, 2> corners{};
};
struct Outer {
    int first = 0;
    Middle middle;
};

template <class T>
constexpr bool finds(std::string_view text, std::initializer_list<int> way, std::string_view tail = {}) {
    const FieldMatch match = find_field<T>(text);
    if (!match.ok || match.tail != tail || match.path.depth != way.size()) return false;
    std::size_t i = 0;
    for (const int step : way)
        if (match.path.index[i++] != step) return false;
    return true;
}

constexpr bool texts_find_fields() {
    return finds<Outer>("first", {0}) && finds<Outer>("middle", {1}) && finds<Outer>("middle.inner.y", {1, 0, 1}) &&
           finds<corners::Settings>("llm.temperature", {2, 1});
}

constexpr bool texts_go_on_inside_containers() {
    return finds<Outer>("middle.corners[1].x", {1, 1}, "[1].x") &&
           finds<corners::Settings>("limits[\"gpt-4\"]", {4}, "[\"gpt-4\"]") &&
           finds<corners::Tree>("children[0].children", {1}, "[0].children");
}

constexpr bool texts_that_name_nothing() {
    for (const std::string_view text :
         {"", ".", "x", "first.", ".first", "middle.", "middle..inner", "middle.inner.z", "middle[0]", "First", "firs",
          "first ", "middle.inner.x.y.z.", "middle.inner[", "["}) {
        const FieldMatch match = find_field<Outer>(text);
        if (match.ok && match.tail.empty()) return false;
    }
    return true;
}

constexpr bool index_paths_are_joined_and_shortened() {
    const IndexPath two = IndexPath{}.then(1).then(2);
    const IndexPath four = two.then(IndexPath{}.then(3).then(4));
    return four.depth == 4 && four.index[3] == 4 && four.starts_with(two) && !two.starts_with(four) &&
           four.starts_with(IndexPath{}) && four.without_first() == IndexPath{}.then(2).then(3).then(4) &&
           !(four == two) && !four.starts_with(IndexPath{}.then(2));
}

constexpr bool get_at_reaches_the_field() {
    Outer outer;
    get_at<IndexPath{}.then(1).then(0).then(1)>(outer) = 9;
    return outer.middle.inner.y == 9 && get_at<IndexPath{}>(outer).first == 0;
}

constexpr bool distance_is_the_number_of_edits() {
    return distance("", "") == 0 && distance("port", "port") == 0 && distance("port", "prt") == 1 &&
           distance("port", "prot") == 2 && distance("", "abc") == 3 && distance("kitten", "sitting") == 3;
}

constexpr bool nearest_is_what_was_meant() {
    return nearest_path<corners::Settings>("prot") == "port" &&
           nearest_path<corners::Settings>("llm.modl") == "llm.model" &&
           nearest_path<corners::Settings>("temprature") == "llm.temperature" &&
           nearest_path<corners::Settings>("Name") == "name" && nearest_path<corners::Settings>("limit") == "limits" &&
           nearest_path<Outer>("y") == "middle.inner.y";  // its last name alone is as good
}

constexpr bool every_path_is_visited() {
    stet::FixedText<200> all;
    auto visit = [&](const IndexPath&, const PathText& name) {
        all.append(name.view().data(), name.view().size());
        all.append(" ", 1);
    };
    for_each_path<Outer, PathText>(visit);
    return all == "first middle middle.inner middle.inner.x middle.inner.y middle.corners ";
}

}  // namespace

TEST_CASE("find_field<T>(text)") {
    STET_BOTH(texts_find_fields);
    STET_BOTH(texts_go_on_inside_containers);
    STET_BOTH(texts_that_name_nothing);
}

TEST_CASE("IndexPath") { STET_BOTH(index_paths_are_joined_and_shortened); }

TEST_CASE("get_at<Path>(value)") { STET_BOTH(get_at_reaches_the_field); }

TEST_CASE("nearest_path<T>(text)") {
    STET_BOTH(distance_is_the_number_of_edits);
    STET_BOTH(nearest_is_what_was_meant);
    CHECK(distance(std::string(1000, 'a'), std::string(1000, 'b')) <= 64);
    CHECK(nearest_path<corners::None>("anything").empty());
}

TEST_CASE("for_each_path<T>(visit)") { STET_BOTH(every_path_is_visited); }

TEST_CASE("path_as_text<T, Path>()") {
    constexpr IndexPath path = find_field<Outer>("middle.inner.y").path;
    static_assert(path_as_text<Outer, path>() == "middle.inner.y");
    CHECK(path_text_v<Outer, path>.view() == "middle.inner.y");
}
