#include <stet/policy/also.hpp>

#include <stet/open.hpp>
#include <stet/policy/audit_log.hpp>
#include <stet/versioned.hpp>

#include "../bot.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using bot::Settings;
using stet::AuditLog;
using stet::AuditRecord;
using stet::Errc;
using stet::field;
using stet::Outcome;

namespace {

struct Heard {
    std::vector<Outcome> all;
};
auto listener(const std::shared_ptr<Heard>& heard) {
    return [heard](const AuditRecord& record) { heard->all.push_back(record.outcome); };
}

// One that refuses where it is told to, and must hear confirm or cancel after each begin.
struct Strict {
    std::shared_ptr<bool> refuses = std::make_shared<bool>(false);
    int open = 0;
    int cancelled = 0;
    stet::Result<void> begin(AuditRecord) {
        if (*refuses) return stet::Failure(stet::Error(Errc::audit_failed, "told to"));
        ++open;
        return {};
    }
    void confirm() noexcept { --open; }
    void cancel() noexcept { --open, ++cancelled; }
};
struct Keyed : AuditLog {
    Keyed() = default;
    std::string keyed_digest(std::string_view text) const { return "#" + std::to_string(text.size()); }
    std::string digest(const Settings& settings) const { return "port " + std::to_string(settings.port); }
};

template <class T>
struct Refusing : stet::Memory<T> {
    stet::Result<void> append(stet::Revision&, stet::Patch<T>&, const T&) {
        return stet::Failure(stet::Error(Errc::storage_failed, "told to"));
    }
};

}  // namespace

TEST_CASE("also: listeners hear of each operation once it is decided, and of nothing that did not happen") {
    const auto heard = std::make_shared<Heard>();
    stet::Versioned settings{Settings{}, stet::also(AuditLog{}, listener(heard))};
    REQUIRE(settings.set(field<"port">, 2));
    CHECK_FALSE(settings.set(field<"port">, 0));
    REQUIRE(settings.set(field<"port">, 2));
    const std::vector<Outcome> expected = {Outcome::done, Outcome::done, Outcome::refused, Outcome::unchanged};
    CHECK(heard->all == expected);
    CHECK(settings.audit().records().size() == 4);
    CHECK(settings.audit().find({.path = "port"}).size() == 1);

    heard->all.clear();
    const auto alone = stet::create(Settings{}, {}, stet::also(listener(heard)));
    REQUIRE(alone);
    CHECK(heard->all == std::vector<Outcome>{Outcome::done});
}

TEST_CASE("also: where one of several audits refuses, the others hear that it did not happen") {
    const auto heard = std::make_shared<Heard>();
    const auto refuses = std::make_shared<bool>(false);
    stet::Versioned settings{Settings{},
                             stet::also(AuditLog{}, Strict{}, listener(heard), Strict{refuses}, AuditLog{1})};
    REQUIRE(settings.set(field<"port">, 2));
    *refuses = true;
    CHECK(settings.set(field<"port">, 3).error().code() == Errc::audit_failed);
    CHECK(settings.head() == 2);
    CHECK(settings.audit().records().size() == 2);
    CHECK(settings.audit().other<AuditLog>().records().size() == 1);
    CHECK(heard->all.size() == 2);
    *refuses = false;
    REQUIRE(settings.set(field<"port">, 3));
    CHECK(settings.audit().records().back().sequence == 3);
    CHECK(settings.audit().other<AuditLog>().records().back().sequence == 3);
}

TEST_CASE("also: where the storage refuses, all audits hear that it did not happen") {
    const auto heard = std::make_shared<Heard>();
    using Both = decltype(stet::also(AuditLog{}, Strict{}, listener(heard)));
    Both both = stet::also(AuditLog{}, Strict{}, listener(heard));
    REQUIRE(both.begin({}));
    both.cancel();
    CHECK(both.records().empty());
    CHECK(both.other<Strict>().open == 0);
    CHECK(both.other<Strict>().cancelled == 1);
    CHECK(heard->all.empty());
    const auto made = stet::create(Settings{}, {}, Refusing<Settings>{}, both);
    REQUIRE_FALSE(made);
    CHECK(heard->all == std::vector<Outcome>{Outcome::refused});
}

TEST_CASE("also: the whole has the digests of the first") {
    stet::Versioned settings{Settings{}, stet::also(Keyed{}, AuditLog{})};
    REQUIRE(settings.set(field<"password">, "opensesame"));
    const auto& other = settings.audit().other<AuditLog>().records();
    CHECK(other == settings.audit().records());
    CHECK(other[1].changes == std::vector<stet::AuditedChange>{{"password", "#11", "#12"}});
    CHECK(other[1].digest_after == "port 8080");
}

TEST_CASE("also: each audit is told how far the storage has come") {
    struct Behind : AuditLog {
        std::size_t wrong = 0;
        stet::Number asked = 99;
        stet::Result<std::size_t> reconcile(stet::Number head) {
            asked = head;
            return wrong;
        }
    };
    Behind first;
    first.wrong = 2;
    Behind second;
    second.wrong = 3;
    auto both = stet::also(first, AuditLog{}, second);
    CHECK(both.reconcile(7) == std::size_t{5});
    CHECK(both.asked == 7);
    CHECK(both.other<Behind>().asked == 7);
    auto behind = stet::also(AuditLog{}, second);
    CHECK(behind.reconcile(8) == std::size_t{3});
    stet::Versioned settings{Settings{}, behind};
    CHECK(settings.audit().other<Behind>().asked == 0);
    static_assert(!stet::detail::reconciles<decltype(stet::also(AuditLog{}, AuditLog{2}))>);
}
