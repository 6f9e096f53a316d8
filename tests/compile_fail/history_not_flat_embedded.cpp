// A struct that needs the heap where there is none.
// expect: stet: T has a field that needs the heap; include <stet/stet.hpp>, or make T flat: no strings
// not: boost/pfr
#include <stet/embedded.hpp>

#include <string>

struct Wrong {
    std::string name;
};
struct Right {
    int port = 1;
};

int main() {
#ifdef FAIL
    stet::History<Wrong, 4> history{Wrong{}};
#else
    const stet::History<Right, 4> history{Right{}};
    return static_cast<int>(history.size()) - 1;
#endif
}
