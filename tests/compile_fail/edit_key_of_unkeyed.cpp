// An element by its key where nothing says what the key is.
// expect: stet: at_key: nothing says what identifies an element here; write keyed_by<&Element::id>
// not: boost/pfr
#include <stet/patch/edit.hpp>

#include <vector>

struct Shape {
    int id = 0;
};
struct Document {
    std::vector<Shape> shapes;
#ifndef FAIL
    static constexpr auto schema() { return stet::fields(stet::field<&Document::shapes>(stet::keyed_by<&Shape::id>)); }
#endif
};

int main() {
    Document document{{{1}}};
    return stet::edit_in_place(document, [](auto& edit) { edit.at(stet::field<"shapes">).at_key(1); }) ? 0 : 1;
}
