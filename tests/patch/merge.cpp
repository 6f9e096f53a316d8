#include <stet/patch/merge.hpp>
#include <stet/patch/merge_records.hpp>

#include <stet/patch/then_records.hpp>
#include <stet/render/text.hpp>

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

using stet::field;
using stet::Side;
using stet::text;
using Severity = stet::Conflict::Severity;

namespace {

struct Llm {
    std::string model = "gpt-4";
    double temperature = 0.5;
};
struct Settings {
    Llm llm;
    int low = 1;
    int high = 9;
    std::map<std::string, int> limits{{"a", 1}, {"b", 2}};
    std::set<std::string> tags{"x"};
    int cache = 0;

    static constexpr auto schema() {
        return stet::fields(field<&Settings::cache>(stet::transient),
                            stet::check<&Settings::low, &Settings::high>(
                                "low must not exceed high", [](int least, int most) { return least <= most; }));
    }
};

struct Flat {
    int a = 1;
    int b = 2;
    std::array<int, 2> c{3, 4};
};

struct Counters {
    int sum = 10;
    unsigned small = 10;
    double real = 1.0;
    int most = 10;
    int least = 10;
    int ours = 10;
    std::string theirs = "base";
    std::string joined = "base";
    double near = 1.0;

    static constexpr auto schema() {
        return stet::fields(
            field<&Counters::sum>(stet::merge_by_sum), field<&Counters::small>(stet::merge_by_sum),
            field<&Counters::real>(stet::merge_by_sum), field<&Counters::most>(stet::merge_by_max),
            field<&Counters::least>(stet::merge_by_min), field<&Counters::ours>(stet::ours),
            field<&Counters::theirs>(stet::theirs),
            field<&Counters::joined>(stet::merge_by([](const std::string&, const std::string& our,
                                                       const std::string& their) { return our + '+' + their; })),
            field<&Counters::near>(stet::tolerance(0.01)));
    }
};

struct FlatCounters {
    int sum = 0;
    int most = 0;
    int product = 1;
    static constexpr auto schema() {
        return stet::fields(
            field<&FlatCounters::sum>(stet::merge_by_sum), field<&FlatCounters::most>(stet::merge_by_max),
            field<&FlatCounters::product>(stet::merge_by([](int, int our, int their) { return our * their; })));
    }
};

template <class T, class Ours, class Theirs>
stet::Merged<T> merged(const T& base, Ours&& our_edit, Theirs&& their_edit) {
    T ours = base;
    T theirs = base;
    our_edit(ours);
    their_edit(theirs);
    return stet::merge(base, std::move(ours), theirs);
}

}  // namespace

TEST_CASE("merge: what only one side changed is taken, in the same container too") {
    const auto both = merged(
        Settings{},
        [](Settings& s) {
            s.llm.model = "gpt-4o";
            s.limits["a"] = 7;
            s.tags.insert("y");
        },
        [](Settings& s) {
            s.llm.temperature = 0.1;
            s.limits.erase("b");
            s.limits["c"] = 3;
            s.tags.erase("x");
        });
    CHECK(both.clean());
    CHECK(both.conflicts().empty());
    CHECK(static_cast<bool>(both));
    CHECK(both.value().llm.model == "gpt-4o");
    CHECK(both.value().llm.temperature == 0.1);
    CHECK(both.value().limits == std::map<std::string, int>{{"a", 7}, {"c", 3}});
    CHECK(both.value().tags == std::set<std::string>{"y"});
    CHECK(text(both.patch()).find("llm.model") == std::string::npos);  // ours has it already
}

TEST_CASE("merge: the same change on both sides is no conflict, and nothing is left for theirs to add") {
    const auto change = [](Settings& s) {
        s.llm.model = "claude";
        s.limits.erase("a");
        s.limits["c"] = 3;
        s.tags = {"y"};
    };
    const auto both = merged(Settings{}, change, change);
    CHECK(both.conflicts().empty());
    CHECK(both.patch().empty());
    CHECK(both.value().limits == std::map<std::string, int>{{"b", 2}, {"c", 3}});
}

TEST_CASE("merge: what both changed, each in its way, is a conflict, and ours stands until somebody decides") {
    const auto both =
        merged(Settings{}, [](Settings& s) { s.llm.model = "gpt-4o"; }, [](Settings& s) { s.llm = {"claude", 0.9}; });
    REQUIRE(both.conflicts().size() == 1);
    CHECK_FALSE(both.clean());
    CHECK_FALSE(static_cast<bool>(both));
    CHECK(both.value().llm.model == "gpt-4o");
    CHECK(both.value().llm.temperature == 0.9);  // nobody contradicts
    CHECK(both.violations().empty());
}

TEST_CASE("merge: the fields that are not versioned stay as ours has them") {
    const auto both = merged(Settings{}, [](Settings& s) { s.cache = 5; }, [](Settings& s) { s.cache = 6; });
    CHECK(both.conflicts().empty());
    CHECK(both.value().cache == 5);
}

TEST_CASE("merge: each change keeps the rules, both together do not") {
    const auto both = merged(Settings{}, [](Settings& s) { s.low = 8; }, [](Settings& s) { s.high = 5; });
    CHECK(both.clean());
    CHECK_FALSE(static_cast<bool>(both));
    REQUIRE(both.violations().size() == 1);
    CHECK(both.violations().refuse());
    CHECK(both.violations()[0].expected() == "low must not exceed high");
    CHECK(text(both.ours()) == "~ low: 1 -> 8");
    CHECK(text(both.theirs()) == "~ high: 9 -> 5");
}

TEST_CASE("rebase: what theirs still adds when ours was first") {
    const Settings base;
    Settings our = base;
    our.low = 2;
    our.limits["a"] = 4;
    Settings their = base;
    their.low = 2;
    their.limits["b"] = 5;
    const auto made = stet::rebase(stet::diff(base, their), stet::diff(base, our));
    CHECK(made.clean());
    CHECK(text(made.patch()) == "~ limits[\"b\"]: 2 -> 5");
    const auto result = stet::apply(made.patch(), our);
    REQUIRE(result.has_value());
    CHECK(result->limits == std::map<std::string, int>{{"a", 4}, {"b", 5}});
}

TEST_CASE("rebase of an undo: what came later stays") {
    const Settings before;
    Settings middle = before;
    middle.limits["a"] = 100;
    middle.low = 3;
    Settings after = middle;
    after.limits["b"] = 200;
    const auto undo = stet::rebase(stet::diff(before, middle).inverted(), stet::diff(middle, after));
    CHECK(undo.clean());
    const auto result = stet::apply(undo.patch(), after);
    REQUIRE(result.has_value());
    CHECK(result->limits == std::map<std::string, int>{{"a", 1}, {"b", 200}});
    CHECK(result->low == 1);
}

TEST_CASE("resolve: a side for each open conflict; ours, theirs, or back to the base") {
    const auto both = merged(
        Settings{},
        [](Settings& s) {
            s.llm.model = "a";
            s.low = 2;
            s.limits["a"] = 10;
        },
        [](Settings& s) {
            s.llm.model = "b";
            s.low = 3;
            s.limits["a"] = 20;
        });
    REQUIRE(both.conflicts().size() == 3);
    const auto decided = stet::resolve(both, stet::theirs, Side::base, stet::ours);
    CHECK(decided.clean());
    CHECK(static_cast<bool>(decided));
    CHECK(decided.value().llm.model == "b");
    CHECK(decided.value().low == 1);
    CHECK(decided.value().limits.at("a") == 10);
    CHECK(decided.conflicts().size() == 3);  // they are still told

    const auto by_list = stet::resolve(both, std::vector<Side>{Side::theirs, Side::theirs, Side::theirs});
    CHECK(by_list.clean());
    CHECK(by_list.value().low == 3);
    CHECK(by_list.value().limits.at("a") == 20);
}

TEST_CASE("resolve: those that nobody decided stay open, and can be decided with the others later") {
    const auto both =
        merged(Settings{}, [](Settings& s) { s.llm = {"a", 0.1}; }, [](Settings& s) { s.llm = {"b", 0.2}; });
    const auto partly = stet::resolve(both, stet::theirs);
    CHECK_FALSE(partly.clean());
    CHECK_FALSE(partly.conflicts()[0].open());
    CHECK(partly.conflicts()[1].open());
    CHECK(partly.value().llm.model == "b");
    CHECK(partly.value().llm.temperature == 0.1);
    const auto all = stet::resolve(partly, stet::ours, stet::theirs);
    CHECK(all.clean());
    CHECK(all.value().llm.model == "a");
    CHECK(all.value().llm.temperature == 0.2);
}

TEST_CASE("resolve: a function decides") {
    const auto both =
        merged(Settings{}, [](Settings& s) { s.llm = {"a", 0.1}; }, [](Settings& s) { s.llm = {"b", 0.2}; });
    const auto decided = stet::resolve(both, [](const stet::Conflict& conflict) {
        return conflict.path() == "llm.model" ? Side::theirs : Side::base;
    });
    CHECK(decided.clean());
    CHECK(decided.value().llm.model == "b");
    CHECK(decided.value().llm.temperature == 0.5);
}

TEST_CASE("resolve: of patches as of values; and a decision can break a rule") {
    const auto both = merged(
        Settings{}, [](Settings& s) { s.low = 3; },
        [](Settings& s) {
            s.low = 8;
            s.high = 5;
        });
    CHECK(static_cast<bool>(stet::resolve(both, stet::ours)));
    const auto broken = stet::resolve(both, stet::theirs);
    CHECK(broken.clean());
    CHECK_FALSE(static_cast<bool>(broken));
    CHECK(broken.violations().size() == 1);

    const auto patches = stet::rebase(both.theirs(), both.ours());
    CHECK_FALSE(patches.clean());
    CHECK(text(stet::resolve(patches, stet::theirs).patch()) == "~ low: 3 -> 8\n~ high: 9 -> 5");
    CHECK(text(stet::resolve(patches, stet::ours).patch()) == "~ high: 9 -> 5");
}

TEST_CASE("merge of a flat struct: leaf by leaf, arrays by position") {
    const auto both = merged(
        Flat{},
        [](Flat& f) {
            f.a = 10;
            f.c[0] = 30;
        },
        [](Flat& f) {
            f.b = 20;
            f.c[1] = 40;
        });
    CHECK(both.clean());
    CHECK(both.value().a == 10);
    CHECK(both.value().b == 20);
    CHECK(both.value().c == std::array<int, 2>{30, 40});

    const auto conflict = merged(
        Flat{}, [](Flat& f) { f.a = 10; },
        [](Flat& f) {
            f.a = 11;
            f.b = 20;
        });
    REQUIRE(conflict.conflicts().size() == 1);
    CHECK(text(conflict.conflicts()[0]) == "a: base 1, ours 10, theirs 11");
    CHECK(conflict.value().a == 10);
    CHECK(conflict.value().b == 20);
    CHECK(stet::resolve(conflict, stet::theirs).value().a == 11);
    CHECK(stet::resolve(conflict, Side::base).value().a == 1);
    const auto same = merged(Flat{}, [](Flat& f) { f.a = 10; }, [](Flat& f) { f.a = 10; });
    CHECK(same.conflicts().empty());
    CHECK(same.patch().empty());
}

TEST_CASE("merge_by_sum, merge_by_max, merge_by_min, ours, theirs, merge_by(function)") {
    const auto both = merged(
        Counters{}, [](Counters& c) { c = {13, 7, 1.5, 12, 8, 11, "ours", "a", 1.0}; },
        [](Counters& c) { c = {14, 6, 0.75, 11, 9, 12, "theirs", "b", 1.0}; });
    CHECK(both.clean());
    CHECK(both.conflicts().empty());
    CHECK(both.value().sum == 17);
    CHECK(both.value().small == 3);
    CHECK(both.value().real == 1.25);
    CHECK(both.value().most == 12);
    CHECK(both.value().least == 8);
    CHECK(both.value().ours == 11);
    CHECK(both.value().theirs == "theirs");
    CHECK(both.value().joined == "a+b");
    const auto back = merged(
        Counters{}, [](Counters& c) { c.most = 11, c.least = 9; }, [](Counters& c) { c.most = 12, c.least = 8; });
    CHECK(back.value().most == 12);
    CHECK(back.value().least == 8);
}

TEST_CASE("merge_by_...: what only one side changed is taken as it is") {
    const auto both = merged(
        Counters{}, [](Counters& c) { c.most = 3; },
        [](Counters& c) {
            c.least = 30;
            c.ours = 4;
            c.joined = "theirs";
        });
    CHECK(both.clean());
    CHECK(both.value().most == 3);
    CHECK(both.value().least == 30);
    CHECK(both.value().ours == 4);
    CHECK(both.value().joined == "theirs");
}

TEST_CASE("merge_by_sum: both counted to the same number by themselves") {
    const auto both = merged(Counters{}, [](Counters& c) { c.sum = 11; }, [](Counters& c) { c.sum = 11; });
    CHECK(both.conflicts().empty());
    CHECK(both.value().sum == 11);  // the same change is the same change
}

TEST_CASE("merge_by_sum: a sum that does not fit is a conflict, not another number") {
    constexpr int most = std::numeric_limits<int>::max();
    constexpr int least = std::numeric_limits<int>::min();
    const auto above = merged(Counters{}, [](Counters& c) { c.sum = most; }, [](Counters& c) { c.sum = 11; });
    REQUIRE(above.conflicts().size() == 1);
    CHECK_FALSE(above.clean());
    CHECK(above.value().sum == most);
    CHECK(stet::resolve(above, stet::theirs).value().sum == 11);
    const auto below = merged(Counters{}, [](Counters& c) { c.small = 3; }, [](Counters& c) { c.small = 2; });
    CHECK_FALSE(below.clean());
    CHECK(below.value().small == 3);
    Counters low;
    low.sum = least;
    CHECK_FALSE(merged(
                    low, [](Counters& c) { c.sum = 0; }, [](Counters& c) { c.sum = most; })
                    .clean());  // the step alone does not fit
    CHECK_FALSE(merged(Counters{}, [](Counters& c) { c.sum = 9; }, [](Counters& c) { c.sum = least; }).clean());
    const auto fits = merged(Counters{}, [](Counters& c) { c.sum = most - 1; }, [](Counters& c) { c.sum = 11; });
    CHECK(fits.clean());
    CHECK(fits.value().sum == most);
}

TEST_CASE("tolerance: two numbers as near as makes no difference are no conflict; ours stands") {
    const auto near = merged(Counters{}, [](Counters& c) { c.near = 2.0; }, [](Counters& c) { c.near = 2.005; });
    CHECK(near.conflicts().empty());
    CHECK(near.value().near == 2.0);
    const auto apart = merged(Counters{}, [](Counters& c) { c.near = 2.0; }, [](Counters& c) { c.near = 2.5; });
    CHECK(apart.conflicts().size() == 1);
    CHECK_FALSE(apart.clean());
}

TEST_CASE("merge of a flat struct: the schema decides as well") {
    const auto both =
        merged(FlatCounters{}, [](FlatCounters& c) { c = {3, 5, 2}; }, [](FlatCounters& c) { c = {4, 9, 7}; });
    CHECK(both.conflicts().empty());
    CHECK(both.value().sum == 7);
    CHECK(both.value().most == 9);
    CHECK(both.value().product == 14);
}
