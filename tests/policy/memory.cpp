#include <stet/policy/memory.hpp>

#include <stet/open.hpp>

#include "../bot.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using bot::Settings;
using stet::Errc;
using stet::field;
using stet::Memory;
using stet::Number;

TEST_CASE("Memory<T, N>: keeps the newest N, the current one included") {
    stet::Versioned<Settings, Memory<Settings, 3>> settings{Settings{}, {}};
    for (int port = 2; port <= 9; ++port) {
        REQUIRE(settings.set(field<"port">, port));
        CHECK(settings.storage().size() == static_cast<std::size_t>(port < 3 ? port : 3));
        CHECK(settings.storage().head() == static_cast<Number>(port));
        CHECK(settings.storage().floor() == static_cast<Number>(port < 3 ? 1 : port - 2));
        for (Number number = settings.storage().floor(); number <= settings.head(); ++number)
            CHECK(settings.at(number)->value().port == (number == 1 ? 8080 : static_cast<int>(number)));
    }
    CHECK(settings.storage().find(7)->number == 7);
    CHECK(settings.storage().find(9)->number == 9);
    CHECK(settings.storage().find(6) == nullptr);
    CHECK(settings.storage().patch(6) == nullptr);
    CHECK(settings.storage().patch(7) != nullptr);
}

TEST_CASE("Memory<T, 1>: the head only") {
    stet::Versioned<Settings, Memory<Settings, 1>> settings{Settings{}, {}};
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.snapshot("two"));
    REQUIRE(settings.set(field<"port">, 3));
    REQUIRE(settings.set(field<"port">, 4));
    CHECK(settings.history().size() == 2);
    CHECK(settings.rollback().error().code() == Errc::revision_pruned);
    CHECK(settings.rollback_to(2) == Number{5});
    CHECK(settings.current().port == 2);
    CHECK(settings.revert(5) == Number{6});
    CHECK(settings.current().port == 4);
}

namespace {

template <std::size_t N>
using Keeping = stet::Versioned<Settings, Memory<Settings, N>>;

// One more revision; revision n has port n.
template <std::size_t N>
void commit(Keeping<N>& settings) {
    const auto next = static_cast<int>(settings.head()) + 1;
    REQUIRE(settings.set(field<"port">, next) == static_cast<Number>(next));
}
// The numbers that are kept, newest first; each is what it was, and they are counted right.
template <std::size_t N>
std::vector<Number> kept(const Keeping<N>& settings) {
    std::vector<Number> list;
    for (const stet::Revision& revision : settings.history()) {
        list.push_back(revision.number);
        CHECK(settings.at(revision.number)->value().port ==
              (revision.number == 1 ? 8080 : static_cast<int>(revision.number)));
    }
    CHECK(settings.size() == list.size());
    CHECK(settings.storage().size() == list.size());
    return list;
}
using Numbers = std::vector<Number>;

}  // namespace

TEST_CASE("Memory<T, N>: what is pinned does not count towards N, also among the last N") {
    Keeping<3> settings{Settings{}, {}};
    for (int n = 2; n <= 4; ++n) commit(settings);
    CHECK(kept(settings) == Numbers{4, 3, 2});
    REQUIRE(settings.snapshot("four"));
    CHECK(kept(settings) == Numbers{4, 3, 2});
    commit(settings);
    CHECK(kept(settings) == Numbers{5, 4, 3, 2});
    CHECK(settings.storage().floor() == 2);
    REQUIRE(settings.snapshot("five"));
    REQUIRE(settings.snapshot("five again"));
    commit(settings);
    CHECK(kept(settings) == Numbers{6, 5, 4, 3, 2});
    commit(settings);
    CHECK(kept(settings) == Numbers{7, 6, 5, 4, 3});
    CHECK(settings.storage().floor() == 3);
    commit(settings);
    CHECK(kept(settings) == Numbers{8, 7, 6, 5, 4});
    commit(settings);  // 6 goes, and the run begins after it
    CHECK(kept(settings) == Numbers{9, 8, 7, 5, 4});
    CHECK(settings.storage().floor() == 7);
    CHECK(settings.storage().patch(5) == nullptr);
    commit(settings);
    CHECK(kept(settings) == Numbers{10, 9, 8, 5, 4});
    CHECK(settings.rollback_to("five") == Number{11});
    CHECK(settings.current().port == 5);
}

TEST_CASE("Memory<T, N>: who loses the last name counts again, and the oldest goes") {
    Keeping<3> settings{Settings{}, {}};
    for (int n = 2; n <= 4; ++n) commit(settings);
    REQUIRE(settings.snapshot("four"));
    REQUIRE(settings.snapshot("four again"));
    commit(settings);
    REQUIRE(settings.snapshot("head"));
    CHECK(kept(settings) == Numbers{5, 4, 3, 2});
    REQUIRE(settings.release("head"));
    CHECK(kept(settings) == Numbers{5, 4, 3, 2});
    REQUIRE(settings.release("four"));
    CHECK(kept(settings) == Numbers{5, 4, 3, 2});
    REQUIRE(settings.release("four again"));
    CHECK(kept(settings) == Numbers{5, 4, 3});
    REQUIRE(settings.snapshot("head"));
    for (int n = 6; n <= 8; ++n) commit(settings);
    CHECK(kept(settings) == Numbers{8, 7, 6, 5});
    CHECK(settings.storage().floor() == 5);  // next to the others
    REQUIRE(settings.release("head"));       // as old as it is, it goes itself
    CHECK(kept(settings) == Numbers{8, 7, 6});
    REQUIRE(settings.snapshot("eight"));
    for (int n = 9; n <= 12; ++n) commit(settings);
    CHECK(kept(settings) == Numbers{12, 11, 10, 8});
    REQUIRE(settings.prune(1));
    CHECK(kept(settings) == Numbers{12, 8});
    REQUIRE(settings.release("eight"));  // there is room, but what came after it is gone
    CHECK(kept(settings) == Numbers{12});
}

TEST_CASE("Memory<T, N>::prune: the pinned neither count nor go; the head stays") {
    Keeping<5> settings{Settings{}, {}};
    for (int n = 2; n <= 5; ++n) {
        commit(settings);
        if (n == 2 || n == 4) REQUIRE(settings.snapshot(std::string(static_cast<std::size_t>(n), 's')));
    }
    CHECK(kept(settings) == Numbers{5, 4, 3, 2, 1});
    CHECK(settings.prune(3) == std::size_t{0});
    CHECK(settings.prune(2) == std::size_t{1});
    CHECK(kept(settings) == Numbers{5, 4, 3, 2});
    CHECK(settings.prune(0) == std::size_t{1});
    CHECK(kept(settings) == Numbers{5, 4, 2});
    REQUIRE(settings.snapshot("head"));
    CHECK(settings.prune(1) == std::size_t{0});
    commit(settings);
    REQUIRE(settings.snapshot("new head"));
    commit(settings);
    REQUIRE(settings.snapshot("newest head"));
    CHECK(settings.prune(0) == std::size_t{0});
    CHECK(kept(settings) == Numbers{7, 6, 5, 4, 2});
    for (int n = 8; n <= 30; ++n) commit(settings);
    CHECK(kept(settings) == Numbers{30, 29, 28, 27, 26, 7, 6, 5, 4, 2});
}

TEST_CASE("Memory<T, 1>: every head pinned") {
    Keeping<1> settings{Settings{}, {}};
    for (int n = 2; n <= 20; ++n) {
        REQUIRE(settings.snapshot(std::string(static_cast<std::size_t>(n), 's')));
        commit(settings);
    }
    CHECK(settings.size() == 20);
    CHECK(settings.storage().floor() == 1);
    commit(settings);
    CHECK(kept(settings).size() == 20);  // 20 had no name
    CHECK(settings.storage().floor() == 21);
}

TEST_CASE("Memory: names may come before their revisions") {
    Memory<Settings, 2> memory;
    Settings value;
    REQUIRE(memory.pin("three", stet::Revision{.number = 3}, value));
    REQUIRE(memory.pin("one", stet::Revision{.number = 1}, value));
    for (Number number = 2; number <= 4; ++number) {
        stet::Revision revision{.number = number};
        stet::Patch<Settings> patch = stet::diff(value, value);
        REQUIRE(memory.append(revision, patch, value));
    }
    CHECK(memory.floor() == 2);
    CHECK(memory.size() == 4);
    CHECK(memory.pins() == std::vector<stet::Pin>{{"three", 3}, {"one", 1}});
}

TEST_CASE("Memory: empty") {
    Memory<Settings> memory;
    CHECK(memory.head() == 0);
    CHECK(memory.floor() == 0);
    CHECK(memory.size() == 0);
    CHECK(memory.find(1) == nullptr);
    CHECK(memory.patch(1) == nullptr);
    CHECK(memory.prune(1) == 0);
    CHECK(memory.pins().empty());
    CHECK_FALSE(memory.unpin("none"));
    CHECK_FALSE(memory.has_head());
    memory.give_head(Settings{});
    CHECK(memory.has_head());
    CHECK(memory.head_value().port == 8080);
    CHECK(memory.take_head().port == 8080);
    CHECK_FALSE(memory.has_head());
}

TEST_CASE("Memory: a pinned revision has today's transient fields, as any earlier one") {
    stet::Versioned settings{Settings{}};
    REQUIRE(settings.snapshot("first"));
    for (int port = 2; port <= 14; ++port) REQUIRE(settings.set(field<"port">, port));
    REQUIRE(settings.set(field<"hits">, 7));
    CHECK(settings.at("first")->value().hits == 7);
    CHECK(settings.at(9)->value().hits == 7);
    CHECK(settings.at("first")->value().port == 8080);
}
