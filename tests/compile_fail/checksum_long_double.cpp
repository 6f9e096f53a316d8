// expect: stet: checksum: T has a number that is another on another platform, such as long double; write double
// not: boost/pfr
#include <stet/stet.hpp>

struct World {
#ifdef FAIL
    long double x = 0;
#else
    double x = 0;
#endif
};

int main() { return stet::checksum(World{}) == 0 ? 1 : 0; }
