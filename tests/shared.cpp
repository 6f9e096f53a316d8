#include <stet/shared.hpp>

#include <stet/candidate.hpp>
#include <stet/open.hpp>
#include <stet/policy/audit_log.hpp>
#include <stet/render/text.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using stet::Errc;
using stet::field;
using stet::Number;
using stet::Shared;
using stet::Versioned;

namespace {

struct Pair {
    int a = 1;
    int b = 1;
    int cache = 0;
    static constexpr auto schema() {
        return stet::fields(field<&Pair::a>(stet::in_range(0, 1'000'000)), field<&Pair::cache>(stet::transient));
    }
};
struct Entity {
    int id = 0;
    int hp = 0;
};
struct World {
    std::string name = "w";
    int sum = 0;
    std::vector<Entity> entities;
    static constexpr auto schema() { return stet::fields(field<&World::sum>(stet::in_range(0, 1'000'000'000))); }
};

// Tells of what it hears.
struct Counting {
    std::function<void()> began, refused;
    stet::Result<void> begin(const stet::AuditRecord& record) {
        if (record.outcome == stet::Outcome::refused) {
            if (refused) refused();
        } else if (began) std::exchange(began, nullptr)();
        return {};
    }
    void confirm() noexcept {}
    void cancel() noexcept {}
};

World world(int entities) {
    World made;
    for (int i = 0; i < entities; ++i) made.entities.push_back({i, 0});
    return made;
}

}  // namespace

TEST_CASE("Shared: a reader sees what is committed, and what it holds stays as it is") {
    Versioned settings{Pair{}, Shared{}};
    auto reader = settings.reader();
    const Pair& first = reader.read();
    CHECK(first.a == 1);
    CHECK(reader.revision() == 1);
    CHECK(settings.set(field<"a">, 2) == Number{2});
    CHECK(first.a == 1);  // until the next read
    CHECK(reader.revision() == 1);
    CHECK(reader.read().a == 2);
    CHECK(reader.revision() == 2);
    CHECK(settings.commit([](Pair& pair) { pair.b = 7; }) == Number{3});
    CHECK(settings.edit([](auto& edit) { edit.set(field<"b">, 8); }) == Number{4});
    CHECK(reader.read().b == 8);
    CHECK(settings.rollback_to(1) == Number{5});
    CHECK(reader.read().b == 1);
    CHECK(settings.snapshot()->a == 1);
    CHECK(settings.head() == 5);
}

TEST_CASE("Shared: of a struct with containers, by every verb, with a reader that sleeps") {
    Versioned settings{world(3), Shared{}};
    auto asleep = settings.reader();
    auto reader = settings.reader();
    const World& old = asleep.read();
    for (int i = 1; i <= 200; ++i) {
        REQUIRE(settings.edit([&](auto& edit) {
            edit.at(field<"entities">)[static_cast<std::size_t>(i) % 3].set(field<"hp">, i);
            edit.set(field<"sum">, i);
        }));
        CHECK(reader.read().sum == i);
        CHECK(reader.read().entities[static_cast<std::size_t>(i % 3)].hp == i);
        if (i % 10 == 0) {
            REQUIRE(settings.commit([&](World& w) { w.entities.push_back({i, 0}); }));
            REQUIRE(settings.set("name", std::to_string(i)));
            REQUIRE(settings.rollback());
            REQUIRE(settings.commit(*settings.snapshot(), {.force = true}));
        }
    }
    CHECK(old.sum == 0);
    CHECK(old.entities.size() == 3);
    CHECK(asleep.revision() == 1);
    CHECK(asleep.read().sum == 200);
    CHECK(reader.read().entities.size() == 23);
}

TEST_CASE("Shared: what is refused changes nothing, for nobody") {
    Versioned settings{world(3), Shared{}};
    auto reader = settings.reader();
    const World* const seen = &reader.read();
    CHECK(settings.set(field<"sum">, -1).error().code() == Errc::rule_broken);
    CHECK(settings
              .edit([](auto& edit) {
                  edit.at(field<"entities">).push_back({9, 9});
                  edit.at(field<"entities">)[99].set(field<"hp">, 1);
              })
              .error()
              .code() == Errc::no_such_element);
    CHECK(settings
              .commit([](World& w) {
                  w.name = "x";
                  return false;
              })
              .error()
              .code() == Errc::gave_up);
    CHECK(settings
              .commit([](World& w) {
                  w.name = "x";
                  w.sum = -1;
              })
              .error()
              .code() == Errc::rule_broken);
    CHECK_THROWS(void(settings.commit([](World& w) {
        w.name = "x";
        throw 1;
    })));
    CHECK_THROWS(void(settings.edit([](auto& edit) {
        edit.set(field<"sum">, 5);
        throw 1;
    })));
    CHECK(&reader.read() == seen);
    CHECK(settings.head() == 1);
    CHECK(settings.edit([](auto& edit) { edit.set(field<"sum">, 5); }) == Number{2});
    CHECK(stet::text(stet::diff(world(3), reader.read())) == "~ sum: 0 -> 5");
    CHECK(settings.set(field<"sum">, 5, {.expected = 1}).error().code() == Errc::revision_conflict);
}

TEST_CASE("Shared: an audit that makes a change of its own loses nothing") {
    Versioned settings{world(3), Counting{}, Shared{}};
    auto reader = settings.reader();
    settings.audit().began = [&] { CHECK(settings.set(field<"sum">, 77).error().code() == Errc::in_notification); };
    CHECK(settings.set(field<"name">, "a") == Number{2});
    settings.audit().refused = [&] { CHECK(settings.set(field<"sum">, reader.read().sum + 1)); };
    CHECK(settings
              .edit([](auto& edit) {
                  edit.set(field<"name">, "b");
                  edit.set(field<"sum">, -5);
              })
              .error()
              .code() == Errc::rule_broken);
    CHECK(settings.head() == 3);
    CHECK(settings.set(field<"sum">, -1).error().code() == Errc::rule_broken);
    CHECK(settings.commit([](World& w) { w.sum = -1; }).error().code() == Errc::rule_broken);
    CHECK(settings.head() == 5);
    CHECK(settings.set(field<"name">, "c") == Number{6});
    CHECK(reader.read().sum == 3);
    CHECK(reader.read().name == "c");
    for (Number n = 2; n <= 6; ++n)
        CHECK(stet::equal(stet::apply(settings.diff(n - 1, n).value(), settings.at(n - 1)->value()).value(),
                          settings.at(n)->value()));
}

TEST_CASE("Shared: transient fields are those of now") {
    Versioned settings{Pair{}, Shared{}};
    auto reader = settings.reader();
    CHECK(settings.set(field<"cache">, 5) == Number{1});
    CHECK(reader.read().cache == 5);
    CHECK(reader.revision() == 1);
    CHECK(settings.set(field<"a">, 2) == Number{2});
    CHECK(reader.read().cache == 5);
    CHECK(settings.rollback() == Number{3});
    CHECK(reader.read().cache == 5);
    CHECK(reader.read().a == 1);
}

TEST_CASE("Shared: watch(where, f)") {
    Versioned settings{world(3), Shared{}};
    std::string told;
    {
        auto names = settings.watch(field<"name">, [&](const stet::Patch<World>& patch) { told += stet::text(patch); });
        auto all = settings.watch(stet::Path<World>::parse("entities[1]").value(), [&] { told += "1;"; });
        CHECK(settings.set(field<"sum">, 1));
        CHECK(told.empty());
        CHECK(settings.set(field<"name">, "n"));
        CHECK(told == "~ name: \"w\" -> \"n\"");
        CHECK(settings.set("entities[1].hp", 5));
        CHECK(told == "~ name: \"w\" -> \"n\"1;");
        CHECK(settings.set(field<"name">, "n"));  // nothing
        names.end();
        CHECK(settings.set(field<"name">, "m"));
        CHECK(told == "~ name: \"w\" -> \"n\"1;");
    }
    CHECK(settings.set("entities[1].hp", 6));
    CHECK(told.size() == std::string("~ name: \"w\" -> \"n\"1;").size());

    Number seen = 0;
    Errc inner{};
    auto nosy = settings.watch(field<"sum">, [&] {
        seen = settings.head();
        inner = settings.set(field<"sum">, 99).error().code();
    });
    CHECK(settings.set(field<"sum">, 7));
    CHECK(seen == settings.head());
    CHECK(inner == Errc::in_notification);
}

TEST_CASE("Shared: wait_for(revision)") {
    Versioned settings{Pair{}, Shared{}};
    CHECK_FALSE(settings.wait_for(2, std::chrono::milliseconds(1)));
    std::atomic<bool> arrived = false;
    std::thread waiter([&] {
        settings.wait_for(4);
        arrived = true;
    });
    for (int i = 2; i <= 4; ++i) CHECK(settings.set(field<"a">, i));
    waiter.join();
    CHECK(arrived);
    CHECK(settings.wait_for(4, std::chrono::hours(1)));
}

TEST_CASE("Shared: policies in any order, create, open, candidate; readers and watches may outlive it") {
    auto made = stet::create(Pair{}, {.author = "me"}, Shared{}, stet::AuditLog{});
    REQUIRE(made);
    CHECK(made->audit().records().size() == 1);
    auto dialog = stet::candidate(*made);
    dialog.edit().b = 9;
    CHECK(made->set(field<"a">, 2));
    CHECK(dialog.stale());
    CHECK(dialog.commit({.on_conflict = stet::merge}));
    auto reader = made->reader();
    CHECK(reader.read().a == 2);
    CHECK(reader.read().b == 9);
    auto storage = std::move(*made).release_storage();
    CHECK(reader.read().b == 9);

    auto opened = stet::open<Pair>(std::move(storage), Shared{});
    REQUIRE(opened);
    auto again = opened->reader();
    CHECK(again.revision() == 3);
    CHECK(again.read().b == 9);
    CHECK(opened->rollback_to(1));
    auto copy = again;
    CHECK(copy.read().b == 1);
    auto moved = std::move(*opened);
    auto watch = moved.watch(field<"a">, [] {});
    {
        auto gone = std::move(moved);
        CHECK(gone.set(field<"a">, 5));
    }
    CHECK(copy.read().a == 5);
    CHECK(again.read().a == 5);
}

TEST_CASE("Shared: a reader that sleeps costs one side; there are at most two more than readers") {
    Versioned settings{world(10), Shared{}};
    std::vector<stet::Reader<World>> readers;
    for (int i = 0; i < 5; ++i) {
        readers.push_back(settings.reader());
        for (int j = 0; j < 5; ++j) CHECK(settings.set(field<"sum">, 10 * i + j));
    }
    for (int i = 0; i < 5; ++i) CHECK(readers[static_cast<std::size_t>(i)].read().sum == 44);
    CHECK(settings.sides() <= 7);
}
