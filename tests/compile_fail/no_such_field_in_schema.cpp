// A misspelt path in a schema.
// expect: stet: no such field; the nearest existing name is in NoSuchField<wrong, nearest>
// expect: temperature
// not: boost/pfr
#include <stet/schema/check.hpp>

struct Llm {
    int temperature = 0;
    int max_tokens = 0;
    static constexpr auto schema() {
#ifdef FAIL
        return stet::fields(stet::field<"temprature">(stet::min(0)));
#else
        return stet::fields(stet::field<"temperature">(stet::min(0)));
#endif
    }
};

int main() { return stet::check(Llm{}).empty() ? 0 : 1; }
