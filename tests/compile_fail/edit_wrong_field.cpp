// A misspelt field in an edit.
// expect: stet: no such field; the nearest existing name is in
// expect: title
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
    return stet::edit_in_place(document, [](auto& edit) { edit.set(stet::field<"tilte">, "t"); }) ? 0 : 1;
#else
    return stet::edit_in_place(document, [](auto& edit) { edit.set(stet::field<"title">, "t"); }) ? 0 : 1;
#endif
}
