// A rule for the elements of a container, in the schema of the struct around it.
// expect: a rule for it stands in the schema() of the element, or as stet::each(rule) at the container
// not: boost/pfr
#include <stet/stet.hpp>

#include <vector>

struct Channel {
    double gain = 0;
};
struct Settings {
    std::vector<Channel> channels;
    std::vector<int> ports;
    static constexpr auto schema() {
#ifdef FAIL
        return stet::fields(stet::field<"channels[].gain">(stet::min(0)));
#else
        return stet::fields(stet::field<"ports">(stet::each(stet::min(0))));
#endif
    }
};

int main() { return stet::check(Settings{}).empty() ? 0 : 1; }
