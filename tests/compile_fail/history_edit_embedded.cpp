// Recorded edits where there is no heap.
// expect: stet: History::edit needs the heap: include <stet/stet.hpp>, or write commit(f)
// not: boost/pfr
#include <stet/embedded.hpp>

struct Settings {
    int port = 1;
};

int main() {
    stet::History<Settings, 8> history{Settings{}};
#ifdef FAIL
    return history.edit([](auto& edit) { edit.set(stet::field<"port">, 2); }) ? 0 : 1;
#else
    return history.commit([](Settings& settings) { settings.port = 2; }) ? 0 : 1;
#endif
}
