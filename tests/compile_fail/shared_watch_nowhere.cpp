// A watch of something that is no place in the struct.
// expect: stet: watch: write where: stet::field<"name">, or a stet::Path<T>
// not: boost/pfr
#include <stet/shared.hpp>

struct Settings {
    int port = 1;
};

int main() {
    stet::Versioned settings{Settings{}, stet::Shared{}};
#ifdef FAIL
    const auto watch = settings.watch("port", [] {});
#else
    const auto watch = settings.watch(stet::field<"port">, [] {});
#endif
    return 0;
}
