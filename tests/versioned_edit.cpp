#include <stet/versioned.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/render/text.hpp>

#include "policy/own_storage.hpp"

#include <doctest/doctest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

using stet::Errc;
using stet::field;
using stet::text;

namespace {

struct Route {
    int id = 0;
    std::string to;
    int weight = 1;
    static constexpr auto schema() { return stet::fields(field<&Route::weight>(stet::in_range(1, 9))); }
};
struct Settings {
    std::string name = "bot";
    int port = 1;
    std::vector<Route> routes{{1, "a", 1}, {2, "b", 1}};
    std::map<std::string, int> limits;
    int hits = 0;
    static constexpr auto schema() {
        return stet::fields(field<&Settings::port>(stet::in_range(1, 100)),
                            field<&Settings::routes>(stet::keyed_by<&Route::id>),
                            field<&Settings::hits>(stet::transient));
    }
};
struct Flat {
    int port = 1;
    int limit = 1;
    static constexpr auto schema() { return stet::fields(field<&Flat::port>(stet::in_range(1, 100))); }
};

Settings fresh() {  // g++ 12 fails inside on Settings{}
    Settings settings;
    return settings;
}

}  // namespace

TEST_CASE("Versioned::edit: a revision of what was changed, that can be taken back") {
    stet::Versioned settings{fresh()};
    CHECK(settings.edit(
              [](auto& edit) {
                  edit.at(field<"routes">).at_key(2).set(field<"weight">, 3);
                  edit.at(field<"routes">).push_back({3, "c", 1});
                  edit.at(field<"limits">).insert("x", 1);
              },
              {.author = "ann"}) == stet::Number{2});
    CHECK(text(*settings.diff(1, 2)) ==
          "~ routes[1].weight: 1 -> 3\n+ routes[2]: {id: 3, to: \"c\", weight: 1}\n+ limits[\"x\"]: 1");
    CHECK(settings.history()[0].author == "ann");
    CHECK(settings.commit([](Settings& s) { s.routes[0].to = "z"; }) == stet::Number{3});
    CHECK(settings.edit([](auto& edit) { edit.at(field<"routes">).erase(0); }) == stet::Number{4});
    CHECK(settings.commit([](Settings& s) { s.name = "n"; }) == stet::Number{5});
    CHECK(settings.current().routes.size() == 2);
    CHECK(settings.rollback_to(1) == stet::Number{6});
    CHECK(text(*settings.diff(1, 6)).empty());
    CHECK(settings.rollback_to(4) == stet::Number{7});
    CHECK(settings.current().routes[0].id == 2);
}

TEST_CASE("Versioned::edit: what breaks a rule, gives up or does not exist leaves everything as it was") {
    stet::Versioned settings{fresh()};
    const auto failed = [&](auto f) {
        const auto made = settings.edit(f);
        REQUIRE_FALSE(made.has_value());
        CHECK(settings.head() == 1);
        CHECK(text(stet::diff(fresh(), settings.current())).empty());
        return made.error();
    };
    const auto broken = failed([](auto& edit) {
        edit.set(field<"name">, "lost");
        edit.at(field<"routes">).erase(0);
        edit.at(field<"routes">)[0].set(field<"weight">, 10);
        edit.set(field<"port">, 0);
    });
    CHECK(broken.code() == Errc::rule_broken);
    REQUIRE(broken.violations().size() == 2);
    CHECK(broken.violations()[1].path() == "routes[0].weight");
    CHECK(failed([](auto& edit) { return edit.set(field<"name">, "lost"), false; }).code() == Errc::gave_up);
    const auto missing = failed([](auto& edit) {
        edit.set(field<"name">, "lost");
        edit.at(field<"routes">)[2].set(field<"to">, "x");
    });
    CHECK(missing.code() == Errc::no_such_element);
    CHECK(missing.why().view() == "'routes[2]', there are 2");
    CHECK_THROWS_AS(static_cast<void>(settings.edit([](auto& edit) {
                        edit.set(field<"name">, "lost");
                        throw std::runtime_error("in the middle");
                    })),
                    std::runtime_error);
    CHECK(settings.current().name == "bot");
    CHECK(settings.edit([](auto& edit) { edit.set(field<"name">, "lost"); }, {.expected = 7}).error().code() ==
          Errc::revision_conflict);
    CHECK(settings.edit([](auto& edit) { edit.set(field<"port">, 2); }) == stet::Number{2});
}

TEST_CASE("Versioned::edit: a key set by position is another element's, and no two have the same") {
    stet::Versioned settings{fresh()};
    const auto twice = [&](auto f) {
        const auto made = settings.edit(f);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code() == Errc::rule_broken);
        CHECK(text(stet::diff(fresh(), settings.current())).empty());
        return std::string(made.error().violations()[0].path());
    };
    CHECK(twice([](auto& edit) { edit.at(field<"routes">)[1].set(field<"id">, 1); }) == "routes[1]");
    CHECK(twice([](auto& edit) { edit.at(field<"routes">)[0].assign({2, "z", 1}); }) == "routes[1]");
    CHECK(twice([](auto& edit) { edit.at(field<"routes">).push_back({2, "z", 1}); }) == "routes[2]");
    CHECK(settings.edit([](auto& edit) {
        edit.at(field<"routes">)[0].set(field<"id">, 2);  // for now
        edit.at(field<"routes">)[1].set(field<"id">, 1);
    }) == stet::Number{2});
    CHECK(settings.edit([](auto& edit) {
        edit.at(field<"routes">)[1].set(field<"id">, 7);
        edit.at(field<"routes">)[1].set(field<"id">, 1);
    }) == stet::Number{2});
    CHECK(settings
              .edit([](auto& edit) { edit.at(field<"routes">)[0].set(field<"weight">, 2); },
                    {.expected = 1, .on_conflict = stet::merge})
              .has_value());
    CHECK(settings.rollback_to(1).has_value());
    CHECK(text(stet::diff(fresh(), settings.current())).empty());
}

TEST_CASE("Versioned::edit: nothing makes no revision; what is transient changes without one") {
    stet::Versioned settings{fresh()};
    CHECK(settings.edit([](auto& edit) {
        edit.set(field<"port">, 5);
        edit.set(field<"hits">, 7);
        edit.set(field<"port">, 1);
    }) == stet::Number{1});
    CHECK(settings.current().hits == 7);
}

TEST_CASE("Versioned::edit: while it runs nothing else changes anything") {
    stet::Versioned settings{fresh()};
    CHECK(settings.edit([&](auto& edit) {
        edit.set(field<"port">, 5);
        CHECK(settings.current().port == 5);
        CHECK(settings.set(field<"port">, 6).error().code() == Errc::in_notification);
        CHECK(settings.edit([](auto& inner) { inner.set(field<"port">, 7); }).error().code() == Errc::in_notification);
    }) == stet::Number{2});
    CHECK(settings.current().port == 5);
    CHECK(settings.set(field<"port">, 6) == stet::Number{3});
}

TEST_CASE("Versioned::edit: a flat struct") {
    stet::Versioned settings{Flat{}};
    CHECK(settings.edit([](auto& edit) { edit.set(field<"port">, 5); }) == stet::Number{2});
    CHECK(settings.edit([](auto& edit) { edit.set(field<"port">, 500); }).error().code() == Errc::rule_broken);
    CHECK(settings
              .edit([](auto& edit) {
                  edit.set(field<"port">, 6);
                  return false;
              })
              .error()
              .code() == Errc::gave_up);
    CHECK(settings.current().port == 5);
}

TEST_CASE("Versioned::edit: the audit hears what was done and what was refused") {
    stet::Versioned settings{fresh(), stet::AuditLog{}};
    CHECK(settings.edit([](auto& edit) { edit.at(field<"routes">)[0].set(field<"to">, "x"); }) == stet::Number{2});
    CHECK_FALSE(settings.edit([](auto& edit) { edit.at(field<"routes">)[9]; }).has_value());
    const auto& records = settings.audit().records();
    REQUIRE(records.size() == 3);
    REQUIRE(records[1].changes.size() == 1);
    CHECK(records[1].changes[0].path == "routes[0].to");
    CHECK(records[2].outcome == stet::Outcome::refused);
    CHECK(records[2].error.find("routes[9]") != std::string::npos);
}

TEST_CASE("Versioned::edit: a storage that refuses or throws leaves everything as it was") {
    OwnStorage<Settings> storage;
    stet::Versioned settings{fresh(), storage};
    const auto edits = [](auto& edit) {
        edit.at(field<"routes">).erase(0);
        edit.at(field<"limits">).insert("x", 1);
    };
    storage.log().fails = true;
    CHECK_FALSE(settings.edit(edits).has_value());
    CHECK(text(stet::diff(fresh(), settings.current())).empty());
    storage.log().fails = false;
    storage.log().throws = true;
    CHECK_THROWS(static_cast<void>(settings.edit(edits)));
    CHECK(text(stet::diff(fresh(), settings.current())).empty());
    storage.log().throws = false;
    CHECK(settings.edit(edits) == stet::Number{2});
    CHECK(settings.current().routes.size() == 1);
}

TEST_CASE("Versioned::edit: one on an older revision is merged if it asks for that") {
    stet::Versioned settings{fresh()};
    CHECK(settings.set(field<"name">, "later") == stet::Number{2});
    CHECK(settings.edit([](auto& edit) { edit.at(field<"routes">)[0].set(field<"to">, "x"); },
                        {.expected = 1, .on_conflict = stet::merge}) == stet::Number{3});
    CHECK(settings.current().name == "later");
    CHECK(settings.current().routes[0].to == "x");
    CHECK(settings.edit([](auto& edit) { edit.at(field<"routes">)[7]; }, {.expected = 1, .on_conflict = stet::merge})
              .error()
              .code() == Errc::no_such_element);
}
