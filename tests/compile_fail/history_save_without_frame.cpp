// expect: stet: save, restore: the frame comes first, and is an integer: history.save(frame, value)
// not: boost/pfr
#include <stet/stet.hpp>

struct World {
    int tick = 1;
};

int main() {
    World world;
    stet::History<World, 4> history{world};
#ifdef FAIL
    return history.save(world) ? 0 : 1;
#else
    return history.save(1, world) ? 0 : 1;
#endif
}
