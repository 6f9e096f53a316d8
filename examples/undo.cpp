// A drawing program: Ctrl+Z and Ctrl+Y over a document, at the cost of what changed.
#include <stet/stet.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
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
    std::string menu;
    const auto shown = history.on_change([&] { menu = "Undo " + std::string(history.undo_name()); });
    int repaints = 0;
    const auto canvas = history.subscribe(field<"shapes">, [&] { ++repaints; });

    CHECK(history.commit("paste", [](Document& d) { d.shapes = {{1, 10, 10, "circle"}, {2, 40, 10, "square"}}; }));
    CHECK(history.set("rename", field<"title">, "Plan of the house"));
    CHECK(history.set(field<"zoom">, 4.0));  // transient: no step
    CHECK(menu == "Undo rename" && repaints == 1);
    {
        auto drag = history.group("drag");  // one step, however many moves; ends with the scope
        for (int i = 1; i <= 100; ++i)
            CHECK(history.edit([&](auto& edit) { edit.at(field<"shapes">)[1].set(field<"x">, 40.0F + float(i)); }));
    }
    history.mark_saved();
    CHECK(menu == "Undo drag" && history.size() == 4 && !history.dirty() && repaints == 101);

    const Document edited = history.current();
    CHECK(history.undo() && history.current().shapes[1].x == 40.0F && history.dirty());
    CHECK(history.undo() && history.current().title == "untitled" && history.current().zoom == 4.0);
    std::cout << "undone:\n" << stet::text(stet::diff(edited, history.current())) << '\n';
    CHECK(history.go_to(3) && !history.redo() && stet::equal(history.current(), edited) && !history.dirty());

    auto refused = history.set(field<"title">, "");  // a rule: nothing happens
    CHECK(!refused && history.current().title == "Plan of the house");
    std::cout << "refused:\n" << refused.error() << '\n';

    history.coalesce(stet::within(500));  // what is typed in one go is one step
    for (unsigned key = 0; key < 5; ++key) {
        history.tick(1000 + 100 * key);  // the caller's time
        CHECK(history.edit("typing", [&](auto& edit) {
            edit.at(field<"title">).insert(key, std::string_view("Site ").substr(key, 1));  // costs the key stroke
        }));
    }
    CHECK(history.size() == 5 && history.current().title == "Site Plan of the house");
    CHECK(history.undo() && history.current().title == "Plan of the house");
    while (history.can_undo()) CHECK(history.undo());
    CHECK(history.current().shapes.empty() && !history.undo());
    std::cout << "all undone: " << history.current().shapes.size() << " shapes, " << history.size() << " states kept\n";
}
