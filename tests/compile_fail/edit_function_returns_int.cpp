// A function that edits and says neither yes nor no.
// expect: stet: the function that makes a change returns void, bool (false gives up) or a Result
// not: boost/pfr
#include <stet/patch/edit.hpp>

#include <string>

struct Document {
    std::string title;
};

int main() {
    Document document;
#ifdef FAIL
    return stet::edit_in_place(document, [](auto&) { return 1; }) ? 0 : 1;
#else
    return stet::edit_in_place(document, [](auto&) { return true; }) ? 0 : 1;
#endif
}
