// open() with a storage that lacks one of the functions.
// expect: stet: the storage lacks: std::size_t size() const; see stet::storage_policy
// not: give a storage to open
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

struct Whole : stet::Memory<Settings> {};

struct Lacking : Whole {
    std::size_t size() = delete;
};

int main() {
#ifdef FAIL
    const auto settings = stet::open<Settings>(Lacking{}, stet::if_empty(Settings{}));
#else
    const auto settings = stet::open<Settings>(Whole{}, stet::if_empty(Settings{}));
#endif
    return settings ? 0 : 1;
}
