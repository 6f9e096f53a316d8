// A drawing program: Ctrl+Z and Ctrl+Y over a document, at the cost of what changed.
#include <stet/stet.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

struct Shape {
    int id = 0;
    float x = 0, y = 0;
    std::string label;
};
struct Document {
    std::string title = "untitled";
    std::vector<Shape> shapes;
    double zoom = 1;  // where one looks is no change of the document

    static constexpr auto schema() {
        return stet::fields(stet::field<&Document::title>(stet::not_empty),
                            stet::field<&Document::shapes>(stet::keyed_by<&Shape::id>),
                            stet::field<&Document::zoom>(stet::transient));
    }
};

using stet::field;

int main() {
    stet::History<Document, 64> history{Document{}};  // 64 states, the current one included
    CHECK(!history.can_undo());

    CHECK(history.commit([](Document& d) { d.shapes = {{1, 10, 10, "circle"}, {2, 40, 10, "square"}}; }));
    CHECK(history.commit([](Document& d) { d.shapes[1].x = 55; }));
    CHECK(history.set(field<"title">, "Plan of the house"));
    CHECK(history.set(field<"zoom">, 4.0));  // transient: no step
    CHECK(history.size() == 4 && history.can_undo() && !history.can_redo());

    const Document edited = history.current();
    CHECK(history.undo() && history.current().title == "untitled");
    CHECK(history.undo() && history.current().shapes[1].x == 40.0F && history.current().zoom == 4.0);
    std::cout << "undone:\n" << stet::text(stet::diff(edited, history.current())) << '\n';
    CHECK(history.redo() && history.redo() && !history.redo());
    CHECK(stet::equal(history.current(), edited));

    auto refused = history.set(field<"title">, "");  // a rule: nothing happens
    CHECK(!refused && history.current().title == "Plan of the house");
    std::cout << "refused:\n" << refused.error() << '\n';

    CHECK(history.undo() && history.commit([](Document& d) { d.shapes.erase(d.shapes.begin()); }));
    CHECK(!history.can_redo());  // a new change drops what was undone
    while (history.can_undo()) CHECK(history.undo());
    CHECK(history.current().shapes.empty() && !history.undo());
    std::cout << "all undone: " << history.current().shapes.size() << " shapes, " << history.size() << " states kept\n";
}
