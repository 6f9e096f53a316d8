#include <stet/open.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/render/text.hpp>

#include "bot.hpp"
#include "policy/own_storage.hpp"

#include <doctest/doctest.h>

#include <memory>

using bot::Settings;
using stet::Errc;
using stet::field;
using stet::Memory;
using stet::Number;
using stet::Opening;

namespace {

/// A struct whose rules another build changes: the most that a port may be.
int most = 100;
struct Ports {
    int port = 1;
    int other = 1;
    std::string name = "p";
    static constexpr auto schema() {
        return stet::fields(field<&Ports::port>(stet::satisfies("must be today's", [](int p) { return p <= most; })),
                            field<&Ports::other>(stet::min(1)));
    }
};
struct Today {
    explicit Today(int limit) { most = limit; }
    ~Today() { most = 100; }
    Today(const Today&) = delete;
    Today& operator=(const Today&) = delete;
};

// Revision n has port 10 n.
template <class Storage>
Storage stored(Storage storage) {
    stet::Versioned<Ports, Storage> ports(Ports{10, 1, "p"}, std::move(storage));
    REQUIRE(ports.set(field<"port">, 20, {.author = "admin"}));
    REQUIRE(ports.snapshot("two"));
    REQUIRE(ports.set(field<"port">, 30));
    REQUIRE(ports.set(field<"port">, 40));
    return std::move(ports).release_storage();
}

// Moved from, it is of no use: as the handle of a database.
template <class T>
struct HandleStorage : OwnStorage<T> {
    std::unique_ptr<int> handle = std::make_unique<int>(1);
    stet::Number head() const {
        REQUIRE(handle != nullptr);
        return OwnStorage<T>::head();
    }
    stet::Result<void> append(stet::Revision& revision, stet::Patch<T>& patch, const T& value) {
        REQUIRE(handle != nullptr);
        return OwnStorage<T>::append(revision, patch, value);
    }
};

}  // namespace

TEST_CASE("create(value): revision 1, or all that is wrong with it") {
    auto settings = stet::create(Settings{});
    REQUIRE(settings);
    CHECK(settings->opening() == Opening::created);
    CHECK(settings->head() == 1);
    CHECK(settings->history()[0].origin.kind == stet::Origin::create);
    CHECK(settings->set(field<"port">, 2) == Number{2});
    Settings wrong;
    wrong.name.clear();
    wrong.port = 0;
    wrong.low = 99;
    const auto refused = stet::create(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::rule_broken);
    CHECK(refused.error().violations().size() == 3);
    const auto motor = stet::create(bot::Motor{.rpm = 1, .pid = {}, .mode = {}, .pins = {}, .hits = 0});
    REQUIRE_FALSE(motor);
    CHECK(motor.error().violations().size() == 1);
}

TEST_CASE("create(value, change, policies...)") {
    const auto settings =
        stet::create(Settings{}, {.author = "setup", .reason = "first start", .metadata = {{"k", "v"}}},
                     stet::AuditLog{}, Memory<Settings, 3>{}, bot::FakeClock{});
    REQUIRE(settings);
    const stet::Revision first = settings->history()[0];
    CHECK(first.author == "setup");
    CHECK(first.reason == "first start");
    CHECK(first.metadata.size() == 1);
    CHECK(first.time < 10'000);
    REQUIRE(settings->audit().records().size() == 1);
    CHECK(settings->audit().records()[0].author == "setup");
    CHECK(settings->audit().records()[0].operation == stet::Operation::create);
    Settings wrong;
    wrong.port = 9001;
    CHECK_FALSE(stet::create(wrong, {}, stet::rules(field<"port">(stet::max(9000)))));
}

TEST_CASE("create: a storage with revisions is left as it is") {
    auto storage = stored(OwnStorage<Ports>{});
    const auto twice = stet::create(Ports{}, {}, storage);
    REQUIRE_FALSE(twice);
    CHECK(twice.error().code() == Errc::already_created);
    CHECK(stet::text(twice.error()) == "there are revisions already\n  fix: use open() to go on with them");
    CHECK(storage.log().appended == 4);
    auto memory = stored(Memory<Ports>{});
    CHECK(stet::create(Ports{}, {}, std::move(memory)).error().code() == Errc::already_created);
    CHECK(memory.head() == 4);  // not moved from
    CHECK(memory.has_head());
}

TEST_CASE_TEMPLATE("open(storage): goes on", Storage, Memory<Ports>, OwnStorage<Ports>) {
    auto opened = stet::open<Ports>(stored(Storage{}));
    REQUIRE(opened);
    CHECK(opened->opening() == Opening::opened);
    CHECK(opened->head() == 4);
    CHECK(opened->current().port == 40);
    CHECK(opened->history().size() == 4);
    CHECK(opened->history()[2].author == "admin");
    CHECK(opened->at("two")->value().port == 20);
    CHECK(opened->rollback() == Number{5});
    CHECK(opened->current().port == 30);
    CHECK(opened->revert(2).error().code() == Errc::merge_conflict);
    auto again = stet::open<Ports>(stet::AuditLog{}, std::move(*opened).release_storage(), bot::FakeClock{});
    REQUIRE(again);
    CHECK(again->head() == 5);
    CHECK(again->current().port == 30);
    CHECK(again->rollback_to("two") == Number{6});
    CHECK(again->history()[0].time < 10'000);
    CHECK(again->audit().records().size() == 1);
}

TEST_CASE_TEMPLATE("open: an empty storage, with and without if_empty", Storage, Memory<Ports>, OwnStorage<Ports>,
                   HandleStorage<Ports>) {
    const auto nothing = stet::open<Ports>(Storage{});
    REQUIRE_FALSE(nothing);
    CHECK(stet::text(nothing.error()) ==
          "there is no revision yet\n  fix: use create(), or open() with if_empty(value)");
    const auto first = stet::open<Ports>(stet::if_empty(Ports{5, 1, "x"}), Storage{}, stet::AuditLog{});
    REQUIRE(first);
    CHECK(first->opening() == Opening::created);
    CHECK(first->head() == 1);
    CHECK(first->current().port == 5);
    CHECK(first->storage().head() == 1);
    const auto wrong = stet::open<Ports>(Storage{}, stet::if_empty(Ports{500, 0, "x"}));
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code() == Errc::rule_broken);
    CHECK(wrong.error().violations().size() == 2);
    const auto there = stet::open<Ports>(stored(Storage{}), stet::if_empty(Ports{5, 1, "x"}));
    REQUIRE(there);
    CHECK(there->opening() == Opening::opened);
    CHECK(there->current().port == 40);
}

TEST_CASE("open: a head that breaks the rules of today is refused where nothing was chosen") {
    const auto storage = stored(Memory<Ports>{});
    const Today today(25);
    const auto refused = stet::open<Ports>(storage);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::rule_broken);
    REQUIRE(refused.error().violations().size() == 1);
    CHECK(refused.error().violations()[0].path() == "port");
    CHECK_FALSE(stet::open<Ports>(storage, stet::if_broken(stet::Broken::refuse)));
    CHECK(storage.head() == 4);
    CHECK(storage.has_head());
}

TEST_CASE_TEMPLATE("open: if_broken(last_good): the newest revision that keeps them comes back", Storage, Memory<Ports>,
                   OwnStorage<Ports>) {
    const Today today(25);
    const auto opened = stet::open<Ports>(
        [] {
            most = 100;
            auto storage = stored(Storage{});
            most = 25;
            return storage;
        }(),
        stet::if_broken(stet::last_good), stet::AuditLog{});
    REQUIRE(opened);
    CHECK(opened->opening() == Opening::last_good);
    CHECK(opened->head() == 5);
    CHECK(opened->current().port == 20);
    CHECK(opened->history()[0].origin == stet::Origin{stet::Origin::rollback, 4, 2});
    CHECK(opened->history()[0].reason == "the stored head broke the rules");
    CHECK(opened->audit().records().size() == 1);
}

TEST_CASE("open: if_broken(last_good): none is good") {
    const auto storage = stored(Memory<Ports>{});
    const Today today(5);
    const auto refused = stet::open<Ports>(storage, stet::if_broken(stet::last_good));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::rule_broken);
    CHECK(refused.error().violations().size() == 1);
}

TEST_CASE("open: if_broken(factory): the value of if_empty comes in its place") {
    const auto storage = stored(Memory<Ports>{});
    const Today today(25);
    const auto opened = stet::open<Ports>(storage, stet::if_broken(stet::factory), stet::if_empty(Ports{7, 1, "f"}));
    REQUIRE(opened);
    CHECK(opened->opening() == Opening::factory);
    CHECK(opened->head() == 5);
    CHECK(opened->current().port == 7);
    CHECK(opened->history()[0].origin.kind == stet::Origin::commit);
    CHECK(opened->history()[0].source == "open");
    CHECK(stet::open<Ports>(storage, stet::if_broken(stet::factory)).error().code() == Errc::not_created);
}

TEST_CASE("open: if_broken(factory): a factory value that breaks them as well is refused") {
    const auto storage = stored(Memory<Ports>{});
    const Today today(25);
    const auto other = stet::open<Ports>(storage, stet::if_broken(stet::factory), stet::if_empty(Ports{30, 1, "f"}));
    REQUIRE_FALSE(other);
    CHECK(other.error().code() == Errc::rule_broken);
    const auto same = stet::open<Ports>(storage, stet::if_broken(stet::factory), stet::if_empty(Ports{40, 1, "f"}));
    REQUIRE_FALSE(same);  // not even where it is wrong in the same way, so that no rule is touched
    CHECK(same.error().code() == Errc::rule_broken);
}

TEST_CASE("open: if_broken(accept): it lives with its violations") {
    const auto storage = stored(Memory<Ports>{});
    const Today today(25);
    auto opened = stet::open<Ports>(stet::if_broken(stet::accept), storage);
    REQUIRE(opened);
    CHECK(opened->opening() == Opening::with_violations);
    CHECK(opened->head() == 4);
    CHECK(opened->check(opened->current()).size() == 1);
    CHECK(opened->set(field<"name">, "other") == Number{5});  // another field is no matter of that rule
    CHECK(opened->set(field<"port">, 26).error().code() == Errc::rule_broken);
    CHECK(opened->set(field<"port">, 25) == Number{6});
}

TEST_CASE("open: rules of the instance are asked, too") {
    const auto storage = stored(Memory<Ports>{});
    CHECK(stet::open<Ports>(storage, stet::rules(field<"port">(stet::max(40)))));
    CHECK_FALSE(stet::open<Ports>(storage, stet::rules(field<"port">(stet::max(39)))));
    const auto back =
        stet::open<Ports>(storage, stet::rules(field<"port">(stet::max(39))), stet::if_broken(stet::last_good));
    REQUIRE(back);
    CHECK(back->current().port == 30);
}

TEST_CASE("open: warnings are no reason to refuse, nor to bring another revision back") {
    for (const stet::Broken choice : {stet::Broken::refuse, stet::last_good, stet::accept}) {
        const auto ports = stet::open<Ports>(
            stored(Memory<Ports>()), stet::rules(field<"port">(stet::warning(stet::max(20)))), stet::if_broken(choice));
        REQUIRE(ports);
        CHECK(ports->opening() == Opening::opened);
        CHECK(ports->head() == 4);
        CHECK(ports->check(ports->current()).size() == 1);
    }
}

TEST_CASE("open: a storage whose head another Versioned holds") {
    stet::Versioned<Ports> live{Ports{}};
    REQUIRE(live.set(field<"port">, 2));
    const auto opened = stet::open<Ports>(Memory<Ports>(live.storage()));
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code() == Errc::storage_failed);
    CHECK(opened.error().subject().find("release_storage()") != std::string_view::npos);
}

TEST_CASE("open: a storage that was moved in comes back where opening fails") {
    struct Port {
        int number = 8080;
        static constexpr auto schema() { return stet::fields(stet::field<"number">(stet::in_range(1, 65535))); }
    };
    stet::Versioned first{Port{}};
    REQUIRE(first.set(stet::field<"number">, 9090).has_value());
    stet::Memory<Port> storage = std::move(first).release_storage();
    storage.give_head(Port{0});  // as if the rule had come later
    const auto refused = stet::open<Port>(std::move(storage));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code() == stet::Errc::rule_broken);
    CHECK(storage.head() == 2);  // NOLINT: that is what is tested
    REQUIRE(storage.has_head());
    auto opened = stet::open<Port>(std::move(storage), stet::if_broken(stet::accept));
    REQUIRE(opened.has_value());
    static_assert(std::is_same_v<decltype(opened)::value_type, stet::Versioned<Port>>);  // what is default stays unsaid
    CHECK(opened->opening() == stet::Opening::with_violations);
}
