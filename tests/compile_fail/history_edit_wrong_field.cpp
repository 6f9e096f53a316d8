// A misspelt field in an edit of a history.
// expect: stet: no such field; the nearest existing name is in
// expect: title
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Document {
    std::string title;
    int width = 1;
};

int main() {
    stet::History<Document, 8> history{Document{}};
#ifdef FAIL
    return history.edit([](auto& edit) { edit.set(stet::field<"tilte">, "t"); }) ? 0 : 1;
#else
    return history.edit([](auto& edit) { edit.set(stet::field<"title">, "t"); }) ? 0 : 1;
#endif
}
