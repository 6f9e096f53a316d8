// A constant in which a key occurs twice: the output names the path and what its elements must have.
// expect: this_rule_is_broken
// expect: board.pins
// expect: UniqueKey
// not: boost/pfr
#include <stet/schema/check.hpp>

#include "../in_house.hpp"

struct Pin {
    int number = 0;
};
struct Board {
    in_house::SmallVector<Pin, 4> pins;
    static constexpr auto schema() { return stet::fields(stet::field<&Board::pins>(stet::keyed_by<&Pin::number>)); }
};
struct Device {
    Board board;
};
constexpr Device device(int second) {
    Device made;
    made.board.pins.push_back({1});
    made.board.pins.push_back({second});
    return made;
}

int main() {
#ifdef FAIL
    constexpr Device checked = stet::validated(device(1));
#else
    constexpr Device checked = stet::validated(device(2));
#endif
    return checked.board.pins.size() == 2 ? 0 : 1;
}
