// expect: stet: JSON: T has a long double, and JSON's numbers do not hold all of it; write double instead
// not: boost/pfr
#include <stet/with/nlohmann_json.hpp>

struct Sum {
#ifdef FAIL
    long double total = 0;
#else
    double total = 0;
#endif
};

int main() { return stet::from_json<Sum>(nlohmann::json()).has_value() ? 1 : 0; }
