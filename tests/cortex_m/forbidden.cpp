// What a firmware must not have, one at a time, so that who looks for it is seen to find it.

#include <cstdlib>
#include <sstream>
#include <string>

namespace {

volatile int number = 7;
struct Counter {
    int count = number;
};

#if FORBIDDEN == 1
int use() { return std::malloc(static_cast<std::size_t>(number)) == nullptr ? 1 : 0; }
#elif FORBIDDEN == 2
int use() { return *new volatile int(number); }
#elif FORBIDDEN == 3
Counter counter;
int use() { return counter.count; }
#elif FORBIDDEN == 4
int use() {
    static Counter counter;
    return counter.count;
}
#elif FORBIDDEN == 5
int use() { return static_cast<int>(std::to_string(number).size()); }
#elif FORBIDDEN == 6
int use() {
    std::ostringstream out;
    out << number;
    return out.good() ? 1 : 0;
}
#endif

}  // namespace

int main() { return use(); }
