// A member of another struct.
// expect: stet: this member belongs to another struct; name the members from the outside in
// not: boost/pfr
#include <stet/patch/patch.hpp>

struct Llm {
    int temperature = 0;
    int max_tokens = 0;
};
struct Settings {
    Llm llm;
    int port = 0;
};

int main() {
    const auto patch = stet::diff(Settings{}, Settings{});
#ifdef FAIL
    return patch.touches(stet::field<&Llm::max_tokens>) ? 1 : 0;
#else
    return patch.touches(stet::field<&Settings::llm, &Llm::max_tokens>) ? 1 : 0;
#endif
}
