// A session loaded into a budget in place.
// expect: stet: load_session<T, stet::bytes{n}>: what fits into a budget in place is not known before it is there
#include <stet/stet.hpp>
#include <stet/with/nlohmann_json.hpp>

struct Settings {
    int port = 1;
};

int main() {
#ifdef FAIL
    return stet::load_session<Settings, stet::bytes{512}>(nlohmann::json()) ? 1 : 0;
#else
    return stet::load_session<Settings, stet::bytes{512}, stet::Changes>(nlohmann::json()) ? 1 : 0;
#endif
}
