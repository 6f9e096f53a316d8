#include <stet/policy/storage.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/policy/memory.hpp>
#include <stet/render/text.hpp>
#include <stet/versioned.hpp>

#include "../bot.hpp"
#include "own_storage.hpp"

#include <doctest/doctest.h>

using bot::Motor;
using bot::Settings;
using stet::Errc;
using stet::field;
using stet::Number;

TEST_CASE("storage_policy: what models it") {
    static_assert(stet::storage_policy<stet::Memory<Settings>, Settings>);
    static_assert(stet::storage_policy<stet::Memory<Motor, 3>, Motor>);
    static_assert(stet::storage_policy<OwnStorage<Settings>, Settings>);
    static_assert(!stet::storage_policy<stet::Memory<Settings>, Motor>);
    static_assert(!stet::storage_policy<stet::AuditLog, Settings>);
    static_assert(!stet::storage_policy<bot::FakeClock, Settings>);
}

namespace {

// Each lacks one of the functions that are called.
struct NoAppend : OwnStorage<Settings> {
    void append() = delete;
};
struct NoHead : OwnStorage<Settings> {
    int head() const { return 0; }
};
struct NoFloor : OwnStorage<Settings> {
    Number floor() = delete;
};
struct NoSize : OwnStorage<Settings> {
    Number size() = delete;
};
struct NoFind : OwnStorage<Settings> {
    void find() = delete;
};
struct NoPatch : OwnStorage<Settings> {
    void patch() = delete;
};
struct NoRead : OwnStorage<Settings> {
    void read() = delete;
};
struct NoPin : OwnStorage<Settings> {
    void pin() = delete;
};
struct NoUnpin : OwnStorage<Settings> {
    void unpin() = delete;
};
struct NoPins : OwnStorage<Settings> {
    void pins() = delete;
};
struct NoPrune : OwnStorage<Settings> {
    void prune() = delete;
};
struct NoTakeHead : OwnStorage<Settings> {
    void take_head() = delete;
};
struct NoGiveHead : OwnStorage<Settings> {
    void give_head() = delete;
};
struct Whole : OwnStorage<Settings> {};

template <class... Lacking>
constexpr bool none_is_a_storage =
    (!stet::storage_policy<Lacking, Settings> && ...) && (stet::detail::is_part_of_storage<Settings, Lacking> && ...);

}  // namespace

TEST_CASE("storage_policy: asks for everything that is called") {
    static_assert(stet::storage_policy<Whole, Settings>);
    static_assert(none_is_a_storage<NoAppend, NoHead, NoFloor, NoSize, NoFind, NoPatch, NoRead, NoPin, NoUnpin, NoPins,
                                    NoPrune, NoTakeHead, NoGiveHead>);
    static_assert(!stet::detail::is_part_of_storage<Settings, stet::AuditLog>);
    static_assert(!stet::detail::is_part_of_storage<Settings, bot::FakeClock>);
    static_assert(!stet::detail::is_part_of_storage<Settings, std::string>);
}

TEST_CASE_TEMPLATE("a storage of one's own: every verb works over it", T, Settings, Motor) {
    const OwnStorage<T> storage;
    stet::Versioned<T, OwnStorage<T>> versioned(T{}, storage);
    CHECK(storage.log().appended == 1);
    const auto change = [&](int to) {
        return versioned.commit([&](T& v) {
            if constexpr (std::is_same_v<T, Settings>) v.port = to;
            else v.rpm = static_cast<std::uint16_t>(to);
        });
    };
    const auto now = [&] {
        if constexpr (std::is_same_v<T, Settings>) return versioned.current().port;
        else return static_cast<int>(versioned.current().rpm);
    };
    const int first = now();
    CHECK(change(200) == Number{2});
    CHECK(versioned.snapshot("two") == Number{2});
    CHECK(change(200) == Number{2});
    CHECK(storage.log().appended == 2);
    CHECK(change(300) == Number{3});
    CHECK(versioned.rollback() == Number{4});
    CHECK(now() == 200);
    CHECK(versioned.rollback_to(1) == Number{5});
    CHECK(now() == first);
    CHECK(versioned.revert(5) == Number{6});
    CHECK(now() == 200);
    CHECK(versioned.prune(2) == std::size_t{3});  // 2 stays, and is not counted
    CHECK(versioned.size() == 3);
    CHECK(versioned.at(2));
    CHECK(versioned.at(3).error().code() == Errc::revision_pruned);
    CHECK(versioned.at(3).error().actual() == 5);
    CHECK(versioned.rollback_to("two") == Number{6});
    CHECK(versioned.rollback_to(5) == Number{7});
    CHECK(versioned.history().size() == 4);
    CHECK(versioned.release("two"));
    CHECK(versioned.history().size() == 3);
    const auto plan = versioned.plan_rollback(6);
    REQUIRE(plan);
    CHECK(versioned.execute(*plan) == Number{8});
    CHECK(storage.log().appended == 8);
}

TEST_CASE("a storage that fails: everything is as it was, the audit has it as refused") {
    const OwnStorage<Settings> storage;
    stet::Versioned settings{Settings{}, storage, stet::AuditLog{}};
    REQUIRE(settings.set(field<"port">, 2));
    REQUIRE(settings.snapshot("two"));
    REQUIRE(settings.set(field<"name">, "a name that is too long for the place inside a string"));
    const auto plan = settings.plan_rollback(1);
    REQUIRE(plan);
    storage.log().fails = true;
    const std::string before = stet::text(settings.current());
    std::size_t records = settings.audit().records().size();
    const auto stays = [&](const auto& result) {
        REQUIRE_FALSE(result);
        CHECK(result.error().code() == Errc::storage_failed);
        CHECK(result.error().subject() == "the disk is full");
        CHECK(settings.head() == 3);
        CHECK(stet::text(settings.current()) == before);
        CHECK(settings.history().size() == 3);
        CHECK(settings.snapshots().size() == 1);
        ++records;
        REQUIRE(settings.audit().records().size() == records);
        const stet::AuditRecord& record = settings.audit().records().back();
        CHECK(record.sequence == records);
        CHECK(record.outcome == stet::Outcome::refused);
        CHECK(record.after == 3);
        CHECK(record.error == "the storage refused: 'the disk is full'\n  fix: see why()");
    };
    stays(settings.commit([](Settings& s) {
        s.port = 9;
        s.hits = 9;
    }));
    stays(settings.set(field<"llm.model">, "a model that is too long for the place inside a string"));
    stays(settings.set("routes[0].to", "x"));
    stays(settings.rollback());
    stays(settings.rollback_to("two"));
    stays(settings.revert(2));
    stays(settings.execute(*plan));
    stays(settings.snapshot("again"));
    storage.log().fails = false;
    CHECK(settings.execute(*plan) == Number{4});
}

TEST_CASE("a storage that throws: it passes through, everything is as it was") {
    const OwnStorage<Settings> storage;
    stet::Versioned settings{Settings{}, storage, stet::AuditLog{}};
    REQUIRE(settings.set(field<"port">, 2));
    storage.log().throws = true;
    CHECK_THROWS_AS(static_cast<void>(settings.set(field<"port">, 3)), std::runtime_error);
    CHECK_THROWS_AS(static_cast<void>(settings.set(field<"name">, "x")), std::runtime_error);
    CHECK_THROWS_AS(static_cast<void>(settings.commit([](Settings& s) { s.routes.clear(); })), std::runtime_error);
    CHECK_THROWS_AS(static_cast<void>(settings.rollback()), std::runtime_error);
    CHECK_THROWS_AS(static_cast<void>(settings.revert(2)), std::runtime_error);
    CHECK_THROWS_AS(static_cast<void>(settings.snapshot("x")), std::runtime_error);
    CHECK(settings.head() == 2);
    CHECK(settings.current().port == 2);
    CHECK(settings.current().routes.size() == 2);
    CHECK(settings.audit().records().size() == 2);
    storage.log().throws = false;
    CHECK(settings.set(field<"port">, 3) == Number{3});
    CHECK(settings.audit().records().back().sequence == 3);
}
