// A value that a field can never hold.
// expect: stet: set: the field cannot hold a value of this type
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
    return stet::edit_in_place(document, [](auto& edit) { edit.set(stet::field<"width">, "t"); }) ? 0 : 1;
#else
    return stet::edit_in_place(document, [](auto& edit) { edit.set(stet::field<"width">, 2); }) ? 0 : 1;
#endif
}
