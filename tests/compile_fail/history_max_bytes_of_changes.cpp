// The worst case of what takes its memory from the heap.
// expect: stet: History::max_bytes: Changes take from the heap what they need; bound them by limit_bytes
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
    return stet::History<Settings, 8>::max_bytes > 0 ? 0 : 1;
#else
    return stet::History<Flat, 8>::max_bytes > 0 ? 0 : 1;
#endif
}
