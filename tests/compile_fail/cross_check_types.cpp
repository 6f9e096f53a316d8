// A check over fields whose predicate takes other types.
// expect: stet: the predicate of this check does not take the types of the fields that it names
// not: boost/pfr
#include <stet/schema/check.hpp>

#include <string_view>

struct Settings {
    int low = 0;
    int high = 0;
    static constexpr auto schema() {
#ifdef FAIL
        return stet::fields(stet::check<&Settings::low, &Settings::high>(
            "low must not exceed high", [](std::string_view a, int b) { return a.empty() && b > 0; }));
#else
        return stet::fields(stet::check<&Settings::low, &Settings::high>("low must not exceed high",
                                                                         [](int a, int b) { return a <= b; }));
#endif
    }
};

int main() { return stet::check(Settings{}).empty() ? 0 : 1; }
