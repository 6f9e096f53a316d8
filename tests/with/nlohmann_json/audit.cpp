#include <stet/with/nlohmann_json/audit.hpp>

#include <stet/policy/audit_log.hpp>
#include <stet/test/files.hpp>
#include <stet/versioned.hpp>
#include <stet/with/nlohmann_json.hpp>

#include "../../bot.hpp"
#include "../../folder.hpp"
#include "../../policy/audit_suite.hpp"

#include <doctest/doctest.h>
#if !defined(_WIN32)
#include <sys/stat.h>
#endif

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using audit_suite::found;
using audit_suite::Numbers;
using audit_suite::tell;
using bot::Settings;
using stet::AuditRecord;
using stet::Errc;
using stet::field;
using stet::Number;
using stet::test::Fault;
using stet::test::SimulatedFiles;

namespace {

using Lines = stet::JsonLines<stet::NoChain, SimulatedFiles>;

Lines on(const SimulatedFiles& disk, stet::OnAuditFailure on_failure = stet::fail_closed) {
    return Lines("audit.jsonl", {}, on_failure, disk);
}
std::string text_on(const SimulatedFiles& disk) {
    const auto all = disk.contents();
    const auto at = all.find("audit.jsonl");
    return at == all.end() ? std::string() : at->second;
}
std::size_t lines_on(const SimulatedFiles& disk) {
    const std::string text = text_on(disk);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}
AuditRecord made(Number before, Number after, stet::Time time = 0) {
    AuditRecord record;
    record.time = time;
    record.before = before;
    record.after = after;
    return record;
}

// A storage that refuses when it is told to.
template <class T>
struct Refusing : stet::Memory<T> {
    bool* refuses;
    explicit Refusing(bool* when) : refuses(when) {}
    stet::Result<void> append(stet::Revision& revision, stet::Patch<T>& patch, const T& value) {
        if (*refuses) return stet::Failure(stet::Error(Errc::storage_failed, "told to"));
        return stet::Memory<T>::append(revision, patch, value);
    }
};

}  // namespace

TEST_CASE("JsonLines: the clock is compared with what stands before in the file, also if that did not happen") {
    SimulatedFiles disk;
    Lines audit = on(disk);
    AuditRecord record;
    record.time = 100;
    REQUIRE(audit.begin(record));
    audit.cancel();
    for (const stet::Time time : {50, 60}) {
        record.time = time;
        tell(audit, record);
    }
    const auto all = *audit.find({});
    REQUIRE(all.size() == 2);
    CHECK(all[0].clock_back);
    CHECK_FALSE(all[1].clock_back);
}

TEST_CASE("JsonLines: what all audits have in common, and again by another handle") {
    SimulatedFiles disk;
    Lines audit = on(disk);
    audit_suite::queries(audit);
    Lines again = on(disk);
    CHECK(found(again, {}) == Numbers{1, 2, 3, 4, 5, 6, 7, 8});
    audit_suite::retention(again);
    CHECK(found(audit, {}) == Numbers{10});
    tell(audit, made(4, 5));
    CHECK(found(audit, {}) == Numbers{10, 11});
}

TEST_CASE("JsonLines: a record is one line of JSON, in the order of the struct, without what says nothing") {
    SimulatedFiles disk;
    Lines audit = on(disk);
    AuditRecord record = made(1, 2, 5);
    record.author = "a \"b\"\n\xff";
    record.changes = {{"port", "1", "2"}};
    tell(audit, record);
    CHECK(text_on(disk) ==
          "{\"sequence\":1,\"time\":5,\"operation\":\"commit\",\"outcome\":\"done\",\"author\":"
          "\"\uFFFDhex:612022622"
          "20aff\",\"before\":1,\"after\":2,\"changes\":[{\"after\":\"2\",\"before\":\"1\",\"path\":\"port\"}]}\n");
    CHECK((*audit.find({}))[0].author == record.author);
}

TEST_CASE("JsonLines: what a newer program has added is left out; what cannot be read is, too") {
    SimulatedFiles disk;
    disk.put("audit.jsonl",
             "{\"sequence\":1,\"operation\":\"commit\",\"outcome\":\"done\",\"colour\":\"red\"}\n"
             "{\"sequence\":2,\"operation\":\"comm\n\n[]\n"
             "{\"sequence\":4,\"operation\":\"create\",\"outcome\":\"done\"}\n");
    Lines audit = on(disk);
    CHECK(found(audit, {}) == Numbers{1, 4});
    tell(audit, made(0, 1));
    CHECK(found(audit, {}) == Numbers{1, 4, 5});
}

TEST_CASE("JsonLines: of a Versioned, with digests of its revisions") {
    SimulatedFiles disk;
    stet::Versioned settings{Settings{}, on(disk)};
    REQUIRE(settings.set(field<"port">, 2, {.author = "admin"}));
    CHECK_FALSE(settings.set(field<"port">, 0, {.author = "guest"}));
    REQUIRE(settings.set(field<"port">, 8080));
    REQUIRE(settings.set(field<"password">, "opensesame"));
    const auto all = *settings.audit().find({});
    REQUIRE(all.size() == 5);
    CHECK(all[0].digest_before.empty());
    CHECK(all[0].digest_after == "f6caa98f1602ce29");  // as in every trail that was written before
    CHECK(all[1].digest_before == all[0].digest_after);
    CHECK(all[1].digest_after != all[0].digest_after);
    CHECK(all[2].digest_after.empty());
    CHECK(all[3].digest_before == all[1].digest_after);
    CHECK(all[3].digest_after == all[0].digest_after);  // the same value again
    CHECK(all[3].digest_after == settings.audit().digest(settings.at(1)->value()));
    CHECK(all[4].digest_after == all[3].digest_after);  // without a key, secrets do not count
    CHECK(all[4].changes == std::vector<stet::AuditedChange>{{"password", "\u2022\u2022\u2022", "\u2022\u2022\u2022"}});
    CHECK(text_on(disk).find("opensesame") == std::string::npos);
    CHECK(text_on(disk).find("swordfish") == std::string::npos);

    // The digest of the revision before is known to another handle, too.
    Lines again = on(disk);
    REQUIRE(again.begin(made(4, 5)));
    again.confirm();
    CHECK((*again.find({.sequence = 6}))[0].digest_before == all[4].digest_after);
}

TEST_CASE("JsonLines: where the storage refuses, the record did not happen") {
    SimulatedFiles disk;
    bool refuses = false;
    stet::Versioned settings{Settings{}, Refusing<Settings>(&refuses), on(disk)};
    REQUIRE(settings.set(field<"port">, 2));
    refuses = true;
    CHECK(settings.set(field<"port">, 3).error().code() == Errc::storage_failed);
    refuses = false;
    REQUIRE(settings.set(field<"port">, 4));
    const auto all = *settings.audit().find({});
    REQUIRE(all.size() == 4);
    CHECK(all[2].outcome == stet::Outcome::refused);
    CHECK(all[3].after == 3);
    CHECK(all[3].digest_before == all[1].digest_after);
    CHECK(text_on(disk).find("\"cancelled\":3") != std::string::npos);
    CHECK(found(on(disk), {}) == Numbers{1, 2, 5, 6});
}

TEST_CASE("JsonLines: what is cancelled is gone at once, and in the file with the next record") {
    SimulatedFiles disk;
    Lines audit = on(disk);
    tell(audit, made(0, 1));
    REQUIRE(audit.begin(made(1, 2)));
    audit.cancel();
    CHECK(found(audit, {}) == Numbers{1});
    tell(audit, made(1, 2));
    CHECK(found(on(disk), {}) == Numbers{1, 4});
    // One that was never decided: an exception came between.
    REQUIRE(audit.begin(made(2, 3)));
    tell(audit, made(2, 3));
    CHECK(found(on(disk), {}) == Numbers{1, 4, 7});
}

TEST_CASE("JsonLines: one that cannot write refuses, or goes on where it was told to, and says how many are missing") {
    SimulatedFiles disk;
    stet::Versioned settings{Settings{}, on(disk)};
    disk.fail_from(1, Fault::read_only);
    CHECK(settings.set(field<"port">, 2).error().code() == Errc::storage_failed);
    CHECK(settings.head() == 1);
    disk.mend();
    REQUIRE(settings.set(field<"port">, 2));
    CHECK(settings.audit().missing() == 0);

    SimulatedFiles other;
    stet::Versioned open{Settings{}, on(other, stet::fail_open)};
    other.fail_from(1, Fault::full_disk);
    REQUIRE(open.set(field<"port">, 2));
    REQUIRE(open.set(field<"port">, 3));
    CHECK(open.audit().missing() == 2);
    other.mend();
    REQUIRE(open.set(field<"port">, 4));
    CHECK(open.audit().missing() == 0);
    CHECK(text_on(other).find("\"missing\":2") != std::string::npos);
    const auto all = *open.audit().find({});
    REQUIRE(all.size() == 2);
    CHECK(all[1].after == 4);
    CHECK(all[1].digest_before.empty());
}

TEST_CASE("JsonLines: a line that is half written is cut off, and a note says so") {
    SimulatedFiles disk;
    Lines first = on(disk);
    tell(first, made(0, 1));
    const std::string whole = text_on(disk);
    for (const std::string_view torn : {"{\"sequence\":2,\"ope", "{", "{\"sequence\":2}"}) {
        CAPTURE(torn);
        disk.put("audit.jsonl", whole + std::string(torn));
        Lines audit = on(disk);
        CHECK(found(audit, {}) == Numbers{1});
        CHECK(text_on(disk).size() == whole.size() + torn.size());  // reading repairs nothing
        tell(audit, made(1, 2));
        CHECK(audit.cut_off() == torn.size());
        CHECK(found(audit, {}) == Numbers{1, 3});
        CHECK(text_on(disk).find("\"cut_off\":" + std::to_string(torn.size())) != std::string::npos);
    }
}

TEST_CASE("JsonLines::reconcile: records of revisions that the storage does not have did not happen") {
    SimulatedFiles disk;
    Lines audit = on(disk);
    for (Number number = 1; number <= 5; ++number) {
        tell(audit, made(number - 1, number));
        AuditRecord refused = made(number, number);
        refused.outcome = stet::Outcome::refused;
        tell(audit, refused);
    }
    CHECK(on(disk).reconcile(9) == std::size_t{0});
    CHECK(on(disk).reconcile(5) == std::size_t{0});
    CHECK(on(disk).reconcile(0) == std::size_t{0});
    CHECK(lines_on(disk) == 10);
    Lines again = on(disk);
    CHECK(again.reconcile(3) == std::size_t{2});
    CHECK(again.reconcile(3) == std::size_t{0});
    CHECK(on(disk).reconcile(3) == std::size_t{0});
    CHECK(found(again, {}) == Numbers{1, 2, 3, 4, 5, 6, 8, 10});
    SimulatedFiles other;
    Lines first = on(other);
    tell(first, made(0, 1));
    CHECK(first.reconcile(0) == std::size_t{1});  // which was under way, as nothing is there
    CHECK(found(first, {}).empty());
    tell(again, made(3, 4));
    CHECK(found(audit, {.revision = 4}) == Numbers{8, 13});
    CHECK(audit.reconcile(4) == std::size_t{0});
}

TEST_CASE("JsonLines: two handles take turns, also where one forgets what is old") {
    SimulatedFiles disk;
    Lines one = on(disk);
    Lines two = on(disk);
    for (Number number = 0; number < 10; ++number) tell(number % 2 == 0 ? one : two, made(number, number + 1));
    CHECK(found(one, {}) == found(two, {}));
    CHECK(found(one, {}) == Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    CHECK(one.prune_to(3) == std::size_t{7});
    tell(two, made(10, 11));
    tell(one, made(11, 12));
    CHECK(found(one, {}) == Numbers{8, 9, 10, 11, 12});
    CHECK(text_on(disk).starts_with("{\"sequence\":7,\"pruned\":7}\n"));
    CHECK(two.prune_to(1) == std::size_t{4});
    CHECK(text_on(disk).starts_with("{\"sequence\":11,\"pruned\":11}\n"));
}

// What is in a trail, by the heads that its records began at.
static Numbers befores(const Lines& audit) {
    Numbers all;
    const auto found = audit.find({});
    REQUIRE(found);
    for (const auto& record : *found) all.push_back(record.before);
    return all;
}

TEST_CASE(
    "JsonLines: at any fault of any call, a record is there as a whole or not at all, and all that were safe are") {
    for (const Fault fault : stet::test::all_faults)
        for (const bool goes_on : {false, true})
            for (std::size_t call = 1;; ++call) {
                CAPTURE(static_cast<int>(fault));
                CAPTURE(goes_on);
                CAPTURE(call);
                SimulatedFiles disk;
                Lines audit = on(disk);
                Numbers told;
                if (goes_on) disk.fail_from(call, fault, call);
                else disk.fail_at(call, fault, call);
                for (Number number = 1; number <= 4; ++number) {
                    if (!audit.begin(made(number, number + 1))) continue;
                    audit.confirm();
                    told.push_back(number);
                }
                static_cast<void>(audit.prune_to(3).has_value());
                const std::size_t calls = disk.calls();
                disk.mend();
                Numbers there = befores(audit);
                if (there != told && told.size() == 4) told.erase(told.begin());  // retention
                CHECK(there == told);
                tell(audit, made(9, 10));  // it goes on, and takes away what was not acknowledged
                told.push_back(9);
                there = befores(audit);
                CHECK(there == told);
                for (std::size_t seed = call; seed < call + 4; ++seed) {
                    const auto later = on(disk.power_loss(seed));
                    there = befores(later);
                    CHECK(there == told);
                }
                if (call > calls) break;
            }
}

TEST_CASE("JsonLines: behind the last number there is none") {
    SimulatedFiles disk;
    disk.put("audit.jsonl",
             "{\"sequence\":7,\"operation\":\"commit\"}\n"
             "{\"sequence\":18446744073709551615,\"operation\":\"commit\"}\n");
    const std::string before = text_on(disk);
    const auto refused = on(disk).begin(made(1, 2));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().why() == "record 8 was altered");
    CHECK(text_on(disk) == before);
}

TEST_CASE("JsonLines: however many lines cannot be read, it says so") {
    for (const std::string line : {"\n", "{}\n", "nonsense\n"}) {
        std::string text = "{\"sequence\":7,\"operation\":\"commit\"}\n";
        for (int i = 0; i < 50'000; ++i) text += line;
        SimulatedFiles disk;
        disk.put("audit.jsonl", text);
        const auto refused = on(disk).begin(made(1, 2));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code() == Errc::audit_tampered);
        CHECK(found(on(disk), {}) == Numbers{7});
    }
    SimulatedFiles deep;
    deep.put("audit.jsonl", "{\"changes\":" + std::string(1'000'000, '[') + "\n");
    CHECK_FALSE(on(deep).begin(made(1, 2)));
    CHECK(found(on(deep), {}).empty());
}

TEST_CASE("JsonLines: what was cancelled stays so, wherever reconciling fails") {
    for (std::size_t call = 1;; ++call) {
        CAPTURE(call);
        SimulatedFiles disk;
        Lines audit = on(disk);
        tell(audit, made(0, 1));
        tell(audit, made(1, 2));  // which the storage does not have
        REQUIRE(audit.begin(made(5, 5)));
        audit.cancel();
        const std::size_t before = disk.calls();
        disk.fail_from(before + call, Fault::io_error);
        const auto done = audit.reconcile(1);
        disk.mend();
        CHECK((befores(audit) == Numbers{0} || (!done && befores(audit) == Numbers{0, 1})));
        REQUIRE(audit.reconcile(1));
        tell(audit, made(1, 2));
        CHECK(befores(audit) == Numbers{0, 1});
        CHECK(befores(on(disk)) == Numbers{0, 1});
        if (done) break;
    }
}

TEST_CASE("JsonLines: power loss at any call loses nothing that was safe, and half a line is cut off") {
    for (std::size_t call = 1;; ++call)
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            CAPTURE(call);
            CAPTURE(seed);
            SimulatedFiles disk;
            Lines audit = on(disk);
            disk.cut_power_at(call);
            Numbers told;
            for (Number number = 1; number <= 3; ++number) {
                if (!audit.begin(made(number, number + 1))) break;
                audit.confirm();
                told.push_back(number);
            }
            if (told.size() == 3) static_cast<void>(audit.prune_to(2).has_value());
            if (!disk.is_dead()) return;
            SimulatedFiles next = disk.power_loss(seed);
            Lines again = on(next);
            tell(again, made(9, 10));
            CHECK(again.reconcile(10) == std::size_t{0});
            Numbers there;
            there = befores(again);
            REQUIRE_FALSE(there.empty());
            CHECK(there.back() == 9);
            there.pop_back();
            // A record that was under way may be there; what has been retained begins later.
            Numbers expected = told;
            if (there.size() == told.size() + 1) expected.push_back(told.size() + 1);
            else if (there.size() + 1 == told.size() && told.size() == 3) expected.erase(expected.begin());
            CHECK(there == expected);
        }
}

TEST_CASE("JsonLines on a real disk: for its owner only") {
    const Folder folder;
    const std::string path = folder / "audit.jsonl";
    {
        stet::Versioned settings{Settings{}, stet::JsonLines{path}};
        REQUIRE(settings.set(field<"port">, 2));
        stet::JsonLines other{path, stet::fail_open};
        CHECK(found(other, {}) == Numbers{1, 2});
        CHECK(found(other, {.path = "port"}) == Numbers{2});
        CHECK(other.prune_to(1) == std::size_t{1});
        REQUIRE(settings.set(field<"port">, 3));
        CHECK(found(other, {}) == Numbers{2, 3});
    }
#if !defined(_WIN32)
    struct stat about{};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777U) == 0600U);
#endif
    CHECK(*stet::Files{}.list(folder.path()) == std::vector<std::string>{"audit.jsonl", "audit.jsonl.lock"});
}
