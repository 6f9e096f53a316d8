// Copies of a struct that needs the heap.
// expect: stet: History<T, N, Copies>: T has a field that needs the heap; write History<T, N, Changes>
// not: boost/pfr
#include <stet/stet.hpp>

#include <string>

struct Settings {
    int port = 1;
    std::string name = "n";
};

int main() {
#ifdef FAIL
    stet::History<Settings, 4, stet::Copies> history{Settings{}};
#else
    stet::History<Settings, 4, stet::Changes> history{Settings{}};
#endif
}
