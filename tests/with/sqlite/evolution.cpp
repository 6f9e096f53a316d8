#include <stet/with/sqlite.hpp>

#include <stet/reflect/field.hpp>
#include <stet/render/text.hpp>

#include "folder.hpp"

#include <doctest/doctest.h>

using stet::Errc;
using stet::field;
using stet::Number;
using stet::Opening;
using stet::Sqlite;

namespace {

// The same settings through the years.
namespace v1 {
struct Route {
    int id = 0;
    std::string to;
};
struct Settings {
    int max_msgs = 10;
    std::string name = "bot";
    std::string gone = "what nobody needs any more";
    std::vector<Route> routes{{1, "home"}};
    struct Llm {
        std::string model = "gpt-4";
        int retries = 3;
    } llm;
};
}  // namespace v1
namespace v2 {
struct Route {
    int id = 0;
    std::string target;
    bool on = true;
    static constexpr auto schema() { return stet::fields(field<"target">(stet::renamed_from("to"))); }
};
struct Settings {
    long max_messages = 99;  // wider, and renamed
    std::string name = "new default";
    std::vector<Route> routes;
    struct Llm {
        std::string model;
        double retries = 0;
        int added = 7;
    } llm;
    std::string added = "added";
    static constexpr auto schema() {
        return stet::fields(field<"max_messages">(stet::renamed_from("max_msgs"), stet::in_range(0, 50)));
    }
};
}  // namespace v2
namespace v3 {
struct Settings {  // changed in a way that no name tells
    std::string max_messages = "none";
    std::string name = "v3";
    static Settings migrated(const v2::Settings& old) { return {std::to_string(old.max_messages), old.name + " 3"}; }
};
struct Unrelated {
    std::vector<int> name;
    int only = 1;
};
}  // namespace v3

void written_by_v1(const std::string& path) {
    auto settings = stet::open<v1::Settings>(Sqlite{path}, stet::if_empty(v1::Settings{}));
    REQUIRE(settings);
    REQUIRE(settings->set(field<"max_msgs">, 20));
    REQUIRE(settings->set(field<"name">, "mine"));
}

}  // namespace

TEST_CASE("a store of an older struct: added, removed, renamed and widened fields, by their names") {
    const Folder folder;
    written_by_v1(folder / "s.db");
    auto settings = stet::open<v2::Settings>(Sqlite{folder / "s.db"});
    REQUIRE(settings);
    CHECK(settings->opening() == Opening::migrated);
    CHECK(settings->head() == 3);
    const v2::Settings& now = settings->current();
    CHECK(now.max_messages == 20);
    CHECK(now.name == "mine");
    REQUIRE(now.routes.size() == 1);
    CHECK(now.routes[0].id == 1);
    CHECK(now.routes[0].target == "home");
    CHECK(now.routes[0].on);
    CHECK(now.llm.model == "gpt-4");
    CHECK(now.llm.retries == 3.0);
    CHECK(now.llm.added == 7);
    CHECK(now.added == "added");

    CHECK(settings->storage().raw(3)->at("gone") == "what nobody needs any more");
    CHECK(settings->at(1)->value().max_messages == 10);
    CHECK(settings->diff(2, 3)->touches(field<"name">));
    CHECK(settings->rollback_to(1) == Number{4});
    CHECK(settings->current().name == "bot");
    CHECK(settings->set(field<"added">, "x") == Number{5});
    CHECK(settings->storage().raw(1)->contains("gone"));
    CHECK_FALSE(settings->storage().raw(4)->contains("gone"));

    const auto again = stet::open<v2::Settings>(Sqlite{folder / "s.db"});
    REQUIRE(again);
    CHECK(again->opening() == Opening::opened);
    CHECK(again->current().added == "x");
    CHECK(again->at(2)->value().max_messages == 20);
}

TEST_CASE("a store of an older struct: a chain of migrations") {
    const Folder folder;
    using Chain = stet::migrations<v1::Settings, v2::Settings, v3::Settings>;
    written_by_v1(folder / "s.db");
    auto settings = stet::open<v3::Settings>(Sqlite{folder / "s.db"}, Chain{});
    REQUIRE(settings);
    CHECK(settings->opening() == Opening::migrated);
    CHECK(settings->current().max_messages == "20");
    CHECK(settings->current().name == "mine 3");
    CHECK(settings->at(1)->value().max_messages == "10");
    CHECK(settings->set(field<"name">, "x") == Number{4});
    CHECK(settings->revert(2) == Number{5});
    CHECK(settings->current().max_messages == "10");
    CHECK(settings->current().name == "x");
}

TEST_CASE("a store of a struct that nothing leads from: kept, listed, shown, and never rolled back to") {
    const Folder folder;
    const std::string path = folder / "s.db";
    written_by_v1(path);
    const auto refused = stet::open<v3::Unrelated>(Sqlite{path}, stet::if_empty(v3::Unrelated{}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::unreadable);
    CHECK(stet::detail::to_text([&](const stet::Writer& out) { refused.error().write(out); }) ==
          "the revision cannot be read as the struct of today: revision 3: name is a text, must be an array\n"
          "  fix: look at it with storage().raw(number); give open() the migrations<...> that lead from its struct");
    const auto none_good =
        stet::open<v3::Unrelated>(Sqlite{path}, stet::if_empty(v3::Unrelated{}), stet::if_broken(stet::last_good));
    REQUIRE_FALSE(none_good);
    CHECK(none_good.error().code() == Errc::unreadable);

    auto settings =
        stet::open<v3::Unrelated>(Sqlite{path}, stet::if_empty(v3::Unrelated{}), stet::if_broken(stet::factory));
    REQUIRE(settings);
    CHECK(settings->opening() == Opening::factory);
    CHECK(settings->head() == 4);
    CHECK(settings->current().only == 1);
    const auto history = settings->history();
    REQUIRE(history.size() == 4);
    CHECK(history[0].reason == "the stored head cannot be read");
    CHECK(settings->storage().raw(3)->at("name") == "mine");
    CHECK(settings->rollback_to(3).error().code() == Errc::unreadable);
    CHECK(settings->rollback().error().code() == Errc::unreadable);
    CHECK(settings->plan_rollback(2).error().code() == Errc::unreadable);
    CHECK(settings->revert(2).error().code() == Errc::unreadable);
    CHECK(settings->revert(4).error().code() == Errc::unreadable);
    CHECK(settings->diff(1, 4).error().code() == Errc::unreadable);
    CHECK(settings->at(2).error().code() == Errc::unreadable);
    CHECK(settings->head() == 4);
    CHECK(settings->set(field<"only">, 5) == Number{5});
    CHECK(settings->rollback_to(4) == Number{6});

    // And the program from before comes back: to the last one that it can read.
    auto before = stet::open<v1::Settings>(Sqlite{path}, stet::if_broken(stet::last_good));
    REQUIRE(before);
    CHECK(before->opening() == Opening::last_good);
    CHECK(before->head() == 7);
    CHECK(before->current().name == "mine");
    CHECK(before->history()[0].origin == stet::Origin{stet::Origin::rollback, 6, 3});
    CHECK(before->set(field<"name">, "again") == Number{8});
}

TEST_CASE("a head that says what it is, and is not: the next one is written whole") {
    const Folder folder;
    const std::string path = folder / "s.db";
    written_by_v1(path);
    {
        const Sqlite file{path};
        auto log = stet::SqliteLog(*file.connection(), {});
        REQUIRE(log.open());
        auto head = log.read(3);
        REQUIRE(head);
        head->form = stet::Form::whole;
        head->data = stet::detail::to_cbor({{"max_msgs", "no number"}});
        REQUIRE(log.revise(1, {*head}));
    }
    CHECK(stet::open<v1::Settings>(Sqlite{path}).error().code() == Errc::unreadable);
    {
        const auto good = stet::open<v1::Settings>(Sqlite{path}, stet::if_broken(stet::last_good));
        REQUIRE(good);
        CHECK(good->head() == 4);
        CHECK(good->current().max_msgs == 20);
    }
    const auto again = stet::open<v1::Settings>(Sqlite{path});
    REQUIRE(again);
    CHECK(again->opening() == Opening::opened);
    CHECK(again->current().max_msgs == 20);
}

TEST_CASE("a stored head that breaks today's rules, as the caller chose") {
    const Folder folder;
    const std::string path = folder / "s.db";
    written_by_v1(path);
    {
        auto settings = stet::open<v1::Settings>(Sqlite{path});
        REQUIRE(settings->set(field<"max_msgs">, 60));  // too many today
    }
    CHECK(stet::open<v2::Settings>(Sqlite{path}).error().code() == Errc::rule_broken);
    {
        const auto accepted = stet::open<v2::Settings>(Sqlite{path}, stet::if_broken(stet::accept));
        REQUIRE(accepted);
        CHECK(accepted->opening() == Opening::with_violations);
        CHECK(accepted->current().max_messages == 60);
    }
    const auto good = stet::open<v2::Settings>(Sqlite{path}, stet::if_broken(stet::last_good));
    REQUIRE(good);
    CHECK(good->opening() == Opening::last_good);
    CHECK(good->head() == 5);
    CHECK(good->current().max_messages == 20);
}

TEST_CASE("a follower of an older program cannot read what a newer one commits, and says so") {
    const Folder folder;
    const std::string path = folder / "s.db";
    written_by_v1(path);
    auto older = stet::open<v1::Settings>(Sqlite{path});
    REQUIRE(older);
    {
        auto newer =
            stet::open<v3::Settings>(Sqlite{path}, stet::migrations<v1::Settings, v2::Settings, v3::Settings>{});
        REQUIRE(newer->set(field<"name">, "newer"));
    }
    {
        auto newest =
            stet::open<v3::Unrelated>(Sqlite{path}, stet::if_empty(v3::Unrelated{}), stet::if_broken(stet::factory));
        REQUIRE(newest);
    }
    CHECK(older->refresh().error().code() == Errc::unreadable);
    CHECK(older->set(field<"name">, "older").error().code() == Errc::unreadable);
    CHECK(older->head() == 3);
    CHECK(older->current().name == "mine");
    CHECK(older->at(1)->value().max_msgs == 10);
}
