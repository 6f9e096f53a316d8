// A position in a map.
// expect: stet: [position] is for sequences and arrays; what a map holds is at(key)
// not: boost/pfr
#include <stet/patch/edit.hpp>

#include <map>
#include <string>

struct Limits {
    std::map<std::string, int> rates;
};

int main() {
    Limits limits{{{"a", 1}}};
#ifdef FAIL
    return stet::edit_in_place(limits, [](auto& edit) { edit.at(stet::field<"rates">)["a"].assign(2); }) ? 0 : 1;
#else
    return stet::edit_in_place(limits, [](auto& edit) { edit.at(stet::field<"rates">).at("a").assign(2); }) ? 0 : 1;
#endif
}
