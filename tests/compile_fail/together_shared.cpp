// Readers would see what may not have happened.
// expect: stet: together: readers of a shared Versioned would see what may not have happened
// not: boost/pfr
#include <stet/shared.hpp>
#include <stet/with/sqlite.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    auto settings = stet::open<Settings>(stet::Sqlite{":memory:"}, stet::Shared{});
    static_cast<void>(settings->together([] {}));
#else
    auto settings = stet::open<Settings>(stet::Sqlite{":memory:"});
    static_cast<void>(settings->together([] {}));
#endif
}
