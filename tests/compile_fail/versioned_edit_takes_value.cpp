// A function on the value where one on a cursor is asked for.
// expect: stet: edit takes a function on a stet::Edit<T>&
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
    stet::Versioned settings{Settings{}};
#ifdef FAIL
    return settings.edit([](Settings& draft) { draft.port = 2; }) ? 0 : 1;
#else
    return settings.edit([](stet::Edit<Settings>& edit) { edit.set(stet::field<"port">, 2); }) ? 0 : 1;
#endif
}
