// A constant that breaks a rule: the output names the path and the rule.
// expect: this_rule_is_broken
// expect: llm.temperature
// expect: InRange
// not: boost/pfr
#include <stet/schema/check.hpp>

struct Llm {
    int temperature = 0;
    static constexpr auto schema() { return stet::fields(stet::field<&Llm::temperature>(stet::in_range(0, 2))); }
};
struct Settings {
    Llm llm;
};

int main() {
#ifdef FAIL
    constexpr Settings settings = stet::validated(Settings{{7}});
#else
    constexpr Settings settings = stet::validated(Settings{{1}});
#endif
    return settings.llm.temperature == 1 ? 0 : 1;
}
