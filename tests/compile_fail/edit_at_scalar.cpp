// A field of what is no struct.
// expect: stet: at(field<...>) looks into a struct, and here is none
// not: boost/pfr
#include <stet/patch/edit.hpp>

#include <string>

struct Document {
    std::string title;
    int width = 1;
};

int main() {
    Document document;
#ifdef FAIL
    return stet::edit_in_place(document, [](auto& edit) { edit.at(stet::field<"width">).at(stet::field<"x">); }) ? 0
                                                                                                                 : 1;
#else
    return stet::edit_in_place(document, [](auto& edit) { edit.at(stet::field<"width">).assign(2); }) ? 0 : 1;
#endif
}
