#include <stet/patch/conflict.hpp>

#include <stet/patch/merge.hpp>
#include <stet/patch/merge_records.hpp>
#include <stet/render/text.hpp>

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

using stet::Conflict;
using stet::field;
using stet::Side;
using stet::text;

namespace {

struct Login {
    std::string user;
    std::string password;
    static constexpr auto schema() { return stet::fields(field<&Login::password>(stet::secret)); }
};
struct Settings {
    int number = 0;
    std::string key;
    std::map<std::string, std::string> tokens;
    std::optional<Login> login;
    std::vector<std::string> names;

    static constexpr auto schema() {
        return stet::fields(field<&Settings::key>(stet::secret), field<&Settings::tokens>(stet::secret));
    }
};

stet::Conflicts conflicts(const Settings& base, const Settings& ours, const Settings& theirs) {
    return stet::merge(base, ours, theirs).conflicts();
}

}  // namespace

TEST_CASE("Conflict: where, and what each side has") {
    Settings ours;
    ours.number = 1;
    Settings theirs;
    theirs.number = 2;
    const auto found = conflicts({}, ours, theirs);
    REQUIRE(found.size() == 1);
    CHECK(found[0].path() == "number");
    CHECK(found[0].base() == "0");
    CHECK(found[0].ours() == "1");
    CHECK(found[0].theirs() == "2");
    CHECK(found[0].severity() == Conflict::Severity::critical);
    CHECK(found[0].open());
    CHECK(text(found[0]) == "number: base 0, ours 1, theirs 2");
}

TEST_CASE("Conflict: in the order of the fields") {
    Settings ours;
    ours.number = 1;
    ours.tokens = {{"a", "1"}};
    ours.login = Login{"x", ""};
    Settings theirs;
    theirs.number = 2;
    theirs.tokens = {{"a", "2"}};
    theirs.login = Login{"y", ""};
    const auto found = conflicts({}, ours, theirs);
    REQUIRE(found.size() == 3);
    CHECK(found[0].path() == "number");
    CHECK(found[1].path() == "tokens[\"a\"]");
    CHECK(found[2].path() == "login");
}

TEST_CASE("Conflict: secrets are dots, alone, in containers and inside what is shown whole") {
    Settings base;
    base.key = "hidden base";
    base.tokens = {{"a", "hidden base"}};
    base.login = Login{"kim", "hidden base"};
    Settings ours = base;
    ours.key = "hidden ours";
    ours.tokens["a"] = "hidden ours";
    ours.login.reset();
    Settings theirs = base;
    theirs.key = "hidden theirs";
    theirs.tokens["a"] = "hidden theirs";
    theirs.login = Login{"lee", "hidden theirs"};
    const auto found = conflicts(base, ours, theirs);
    REQUIRE(found.size() == 3);
    const std::string dots(stet::secret_dots);
    CHECK(found[0].base() == dots);
    CHECK(found[0].ours() == dots);
    CHECK(found[0].theirs() == dots);
    CHECK(found[1].theirs() == dots);
    CHECK(found[2].ours() == "absent");
    CHECK(found[2].theirs() == "{user: \"lee\", password: " + dots + "}");
    for (const Conflict& conflict : found) {
        CHECK(text(conflict).find("hidden") == std::string::npos);
        for (const auto& suggestion : conflict.suggestions())
            CHECK(suggestion.text.find("hidden") == std::string::npos);
    }
}

TEST_CASE("Conflict: each suggestion can be given to resolve and does what it says") {
    Settings ours;
    ours.number = 1;
    Settings theirs;
    theirs.number = 2;
    const auto merged = stet::merge(Settings{}, ours, theirs);
    const auto suggestions = merged.conflicts()[0].suggestions();
    REQUIRE(suggestions.size() == 3);
    CHECK(suggestions[0].text == "keep ours: 1");
    CHECK(suggestions[1].text == "take theirs: 2");
    CHECK(suggestions[2].text == "go back to the base: 0");
    CHECK(stet::resolve(merged, suggestions[0].take).value().number == 1);
    CHECK(stet::resolve(merged, suggestions[1].take).value().number == 2);
    CHECK(stet::resolve(merged, suggestions[2].take).value().number == 0);
}

TEST_CASE("Conflict: a warning is settled, and there is nothing to suggest") {
    Settings ours;
    ours.names = {"ours"};
    Settings theirs;
    theirs.names = {"theirs"};
    const auto merged = stet::merge(Settings{}, ours, theirs);
    REQUIRE(merged.conflicts().size() == 1);
    const Conflict& warning = merged.conflicts()[0];
    CHECK(warning.severity() == Conflict::Severity::warning);
    CHECK_FALSE(warning.open());
    CHECK(warning.suggestions().empty());
    CHECK(warning.base() == "absent");
    CHECK(merged.clean());
}

TEST_CASE("Settlement: ours, until a side is given for each that asks; notes do not ask") {
    const stet::PathView root;
    const std::vector<Side> chosen{Side::theirs};
    stet::detail::Settlement<Conflict> found(&chosen);
    found.note(Conflict::Severity::info, root, 1, 2, 3);
    CHECK(found.decide(root, 1, 2, 3) == Side::theirs);
    CHECK(found.decide(root, 1, stet::absent, 3) == Side::ours);
    const auto all = found.take();
    REQUIRE(all.size() == 3);
    CHECK_FALSE(all[0].open());
    CHECK_FALSE(all[1].open());
    CHECK(all[2].open());
    CHECK(all[2].ours() == "absent");

    stet::detail::Settlement<Conflict> nobody;
    CHECK(nobody.decide(root, 1, 2, 3) == Side::ours);
    CHECK(nobody.take()[0].open());
}
