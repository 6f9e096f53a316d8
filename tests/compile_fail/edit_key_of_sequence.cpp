// A key of a map's kind in a sequence.
// expect: stet: at(key) looks into a map, and here is none
// not: boost/pfr
#include <stet/patch/edit.hpp>

#include <vector>

struct Limits {
    std::vector<int> rates;
};

int main() {
    Limits limits{{1, 2}};
#ifdef FAIL
    return stet::edit_in_place(limits, [](auto& edit) { edit.at(stet::field<"rates">).at(1); }) ? 0 : 1;
#else
    return stet::edit_in_place(limits, [](auto& edit) { edit.at(stet::field<"rates">)[1].assign(3); }) ? 0 : 1;
#endif
}
