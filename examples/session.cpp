// A drawing that was closed in the middle of things: the file holds the undo stack, and Ctrl+Y still works tomorrow.
#include <stet/stet.hpp>
#include <stet/with/nlohmann_json.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

struct Shape {
    int id = 0;
    float x = 0, y = 0;
};
struct Document {
    std::string title = "untitled";
    std::vector<Shape> shapes;

    static constexpr auto schema() {
        return stet::fields(stet::field<&Document::title>(stet::not_empty),
                            stet::field<&Document::shapes>(stet::keyed_by<&Shape::id>));
    }
};

// [session]
using History = stet::History<Document, 64>;

bool save(const History& history, const char* file) {
    const auto session = stet::save_session(history);
    return session && (std::ofstream(file) << session->dump(2)).flush();
}
stet::Result<History> load(const char* file) {
    std::ifstream in(file);
    if (!in) return stet::Failure(stet::Error(stet::Errc::storage_failed, file));
    const auto json = stet::parse_json<>(std::string(std::istreambuf_iterator<char>(in), {}));
    if (!json) return stet::Failure(json.error());
    return stet::load_session<Document, 64>(*json);
}
// [/session]

using stet::field;

int main() {
    const char* const file = "stet_example_session.json";
    {
        History history{Document{}};
        CHECK(history.commit("paste", [](Document& d) { d.shapes = {{1, 10, 10}, {2, 40, 10}}; }));
        history.mark_saved();
        CHECK(history.edit("drag", [](auto& edit) { edit.at(field<"shapes">)[1].set(field<"x">, 45.0F); }));
        CHECK(history.set("rename", field<"title">, "Plan of the house"));
        CHECK(history.undo() && history.undo_name() == "drag" && save(history, file));
    }
    auto history = load(file);
    CHECK(history && history->size() == 4 && history->position() == 2 && history->dirty());
    std::cout << "Undo " << history->undo_name() << ", Redo " << history->redo_name() << '\n';
    CHECK(history->redo() && history->current().title == "Plan of the house");
    CHECK(history->go_to(1) && !history->dirty() && history->current().shapes[1].x == 40.0F);

    auto session = *stet::save_session(*history);  // what somebody has done to it by hand
    session["steps"][1]["patch"][0]["op"] = "move";
    session["position"] = 9;
    const auto refused = stet::load_session<Document, 64>(session);
    CHECK(!refused);
    std::cout << refused.error() << '\n';
    std::remove(file);
}
