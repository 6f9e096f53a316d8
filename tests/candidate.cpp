#include <stet/candidate.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>

using stet::Errc;
using stet::field;

namespace {

struct Settings {
    std::string name = "bot";
    int port = 8080;
    std::map<std::string, int> limits{{"a", 1}};

    static constexpr auto schema() {
        return stet::fields(field<&Settings::name>(stet::not_empty), field<&Settings::port>(stet::in_range(1, 65535)));
    }
};

}  // namespace

TEST_CASE("candidate: edits change nothing before they are committed") {
    stet::Versioned settings{Settings{}};
    auto dialog = stet::candidate(settings);
    dialog.edit().name = "x";
    REQUIRE(dialog.set(field<&Settings::port>, 9090));
    REQUIRE(dialog.set("limits[a]", 5));
    CHECK(settings.current().name == "bot");
    CHECK(dialog.diff().size() == 3);
    CHECK(dialog.base() == 1);
    CHECK_FALSE(dialog.stale());
    CHECK(dialog.commit({.author = "admin"}).value() == 2);
    CHECK(settings.current().limits.at("a") == 5);
    CHECK(settings.history()[0].author == "admin");
    CHECK(dialog.diff().empty());
    CHECK(dialog.base() == 2);
}

TEST_CASE("candidate: may break rules while it is edited, and says which; committing is refused and loses nothing") {
    stet::Versioned settings{Settings{}};
    auto dialog = stet::candidate(settings);
    dialog.edit().port = 0;
    REQUIRE(dialog.violations().size() == 1);
    CHECK(dialog.violations()[0].path() == "port");
    CHECK(dialog.commit().error().code() == Errc::rule_broken);
    CHECK(dialog.value().port == 0);
    CHECK(settings.head() == 1);
    dialog.edit().port = 1;
    CHECK(dialog.violations().empty());
    CHECK(dialog.commit().value() == 2);
}

TEST_CASE("candidate: what cannot be set says so and sets nothing") {
    stet::Versioned settings{Settings{}};
    auto dialog = stet::candidate(settings);
    CHECK(dialog.set("prot", 1).error().code() == Errc::no_such_field);
    CHECK(dialog.set("limits[b]", 1).error().code() == Errc::no_such_element);
    CHECK(dialog.set("port", "many").error().code() == Errc::wrong_type);
    CHECK(dialog.set(field<&Settings::port>, 1e30).error().code() == Errc::wrong_type);
    CHECK(dialog.diff().empty());
}

TEST_CASE("candidate: when the head has moved, it is refused, merged on request, or started again") {
    stet::Versioned settings{Settings{}};
    auto dialog = stet::candidate(settings);
    dialog.edit().name = "mine";
    REQUIRE(settings.set(field<&Settings::port>, 1));
    CHECK(dialog.stale());
    const auto refused = dialog.commit();
    CHECK(refused.error().code() == Errc::revision_conflict);
    CHECK(dialog.value().name == "mine");
    CHECK(dialog.commit({.on_conflict = stet::merge}).value() == 3);
    CHECK(settings.current().name == "mine");
    CHECK(settings.current().port == 1);
    CHECK_FALSE(dialog.stale());

    dialog.edit().port = 5;
    REQUIRE(settings.set(field<&Settings::port>, 6));
    CHECK(dialog.commit({.on_conflict = stet::merge}).error().code() == Errc::merge_conflict);
    CHECK(settings.current().port == 6);
    dialog.restart();
    CHECK(dialog.value().port == 6);
    CHECK(dialog.diff().empty());
}
