// Frames are kept as whole copies.
// expect: stet: save, restore: whole copies have frames; write History<T, N, Copies>
// not: boost/pfr
#include <stet/stet.hpp>

struct World {
    int tick = 1;
};

int main() {
    World world;
#ifdef FAIL
    stet::History<World, 4, stet::Changes> history{world};
#else
    stet::History<World, 4> history{world};
#endif
    return history.save(1, world) ? 0 : 1;
}
