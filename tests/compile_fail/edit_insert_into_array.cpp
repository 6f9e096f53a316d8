// An element more in an array.
// expect: stet: insert is for a sequence, map, set or text
// not: boost/pfr
#include <stet/patch/edit.hpp>

#include <array>
#include <string>

struct Document {
    std::string title;
    std::array<int, 3> margins{};
};

int main() {
    Document document;
#ifdef FAIL
    return stet::edit_in_place(document, [](auto& edit) { edit.at(stet::field<"margins">).insert(0, 1); }) ? 0 : 1;
#else
    return stet::edit_in_place(document, [](auto& edit) { edit.at(stet::field<"margins">).swap(0, 1); }) ? 0 : 1;
#endif
}
