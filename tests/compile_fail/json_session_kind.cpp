// expect: stet: save_session and load_session know histories whose states follow one another in one line
// expect: compile_fail/json_session_kind.cpp:
// not: boost/pfr
#include <stet/with/nlohmann_json.hpp>

struct Config {
    int rpm = 3000;
};
#ifdef FAIL
struct Kept {};
#else
using Kept = stet::Changes;
#endif

int main() { return stet::load_session<Config, 8, Kept>(3).has_value() ? 1 : 0; }
