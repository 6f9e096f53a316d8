// The largest patch of what can grow.
// expect: stet: Patch<T>::max_bytes: T has a field that needs the heap
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    std::string name = "n";
};
struct Flat {
    int port = 1;
};

int main() {
#ifdef FAIL
    return stet::Patch<Settings>::max_bytes > 0 ? 0 : 1;
#else
    return stet::Patch<Flat>::max_bytes > 0 ? 0 : 1;
#endif
}
