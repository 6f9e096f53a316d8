// expect: stet: T has a pointer
// not: boost/pfr
#include <stet/stet.hpp>

struct Node {
#ifdef FAIL
    const Node* next = nullptr;
#else
    unsigned next = 0;
#endif
};

int main() { return stet::checksum(Node{}) == 0 ? 1 : 0; }
