#include <stet/schema/fit.hpp>

#include <stet/schema/check.hpp>
#include <stet/schema/violations.hpp>

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace stet::detail;

namespace {

template <class V, class Rule>
constexpr Misfit fit(Rule) {
    return FitOf<Rule>::template in<V>();
}

struct Settings {
    int low = 0;
    int high = 0;
    std::vector<int> ports;
    static constexpr auto schema() {
        return stet::fields(stet::field<&Settings::low>(stet::secret, stet::min(0)),
                            stet::field<&Settings::ports>(stet::length(3), stet::each(stet::warning(stet::min(1)))),
                            stet::warning(stet::check<"low", "high">("in order", [](int a, int b) { return a <= b; })));
    }
};

}  // namespace

TEST_CASE("FitOf<Rule>::in<Field>()") {
    static_assert(fit<int>(stet::in_range(1, 2)) == Misfit::no);
    static_assert(fit<std::string>(stet::in_range(1, 2)) == Misfit::rule);
    static_assert(fit<std::optional<int>>(stet::min(1)) == Misfit::no);
    static_assert(fit<std::optional<std::string>>(stet::min(1)) == Misfit::rule);
    static_assert(fit<std::string>(stet::warning(stet::not_empty)) == Misfit::no);
    static_assert(fit<int>(stet::warning(stet::not_empty)) == Misfit::rule);
    static_assert(fit<std::vector<int>>(stet::each(stet::min(1))) == Misfit::no);
    static_assert(fit<std::vector<std::string>>(stet::each(stet::min(1))) == Misfit::rule);
    static_assert(fit<std::map<std::string, int>>(stet::each(stet::min(1))) == Misfit::no);
    static_assert(fit<int>(stet::each(stet::min(1))) == Misfit::each);
    static_assert(fit<std::vector<std::vector<int>>>(stet::each(stet::each(stet::min(1)))) == Misfit::no);
    static_assert(fit<std::vector<int>>(stet::each(stet::each(stet::min(1)))) == Misfit::each);
    static_assert(fit<int>(stet::secret) == Misfit::no);
    CHECK(fit<int>(stet::one_of("a")) == Misfit::rule);
}

TEST_CASE("a schema whose rules fit is no error") {
    CHECK(stet::check(Settings{}).size() == 0);
    CHECK(stet::check(Settings{-1, 0, {0, 1}}).size() == 2);
}
