// Laws of an audit trail in a file, whatever was told: what is found again is what was told, nothing that was altered
// passes for what was written, and nothing that stands in the file makes reading it fail.

#include <stet/test/files.hpp>
#include <stet/with/nlohmann_json/audit.hpp>
#include <stet/with/openssl.hpp>

#include "cases.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace {

using stet::AuditRecord;
using stet::Number;
using stet::test::SimulatedFiles;
const char* const file = "audit.jsonl";

std::string any_text() {
    // Bytes that mean something in JSON or in UTF-8, and all others.
    return *rc::gen::container<std::string>(rc::gen::oneOf(
        rc::gen::element('"', '\\', '\n', '{', '}', ',', '\0', '\x1f', '\x7f', '\xc3', '\xa9', '\xff', 'a'),
        rc::gen::arbitrary<char>()));
}
AuditRecord any_record(Number before) {
    AuditRecord record;
    record.time = *rc::gen::inRange<stet::Time>(0, 1000);
    record.duration = *rc::gen::arbitrary<stet::Time>();
    record.operation = static_cast<stet::Operation>(*rc::gen::inRange(0, 7));
    record.outcome = static_cast<stet::Outcome>(*rc::gen::inRange(0, 4));
    record.author = any_text();
    record.reason = any_text();
    record.source = any_text();
    record.before = before;
    record.after = before + *rc::gen::inRange<Number>(0, 2);
    record.origin = {static_cast<stet::Origin::Kind>(*rc::gen::inRange(0, 4)), *rc::gen::arbitrary<Number>(),
                     *rc::gen::arbitrary<Number>()};
    record.subject = any_text();
    record.error = any_text();
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) record.changes.push_back({any_text(), any_text(), any_text()});
    return record;
}
template <class Chain>
stet::JsonLines<Chain, SimulatedFiles> on(const SimulatedFiles& disk, Chain chain) {
    return stet::JsonLines<Chain, SimulatedFiles>(file, std::move(chain), stet::fail_closed, disk);
}

}  // namespace

int main() {
    use_sequences(3, 20);
    const stet::Hmac key("0123456789abcdef");

    bool ok = rc::check("what is found again is what was told", [&] {
        SimulatedFiles disk;
        auto audit = on(disk, key);
        std::vector<AuditRecord> told;
        stet::Time newest = 0;
        Number sequence = 0;
        for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
            AuditRecord record = any_record(static_cast<Number>(i));
            RC_ASSERT(audit.begin(record).has_value());
            record.sequence = ++sequence;
            record.clock_back = record.time < newest;
            newest = record.time;
            if (*rc::gen::inRange(0, 4) == 0) {
                audit.cancel();
                ++sequence;  // the note; where no record follows, it is still owed
            } else {
                audit.confirm();
                told.push_back(record);
            }
        }
        auto found = *on(disk, key).find({});
        if (found.size() == told.size() + 1) found.pop_back();  // cancelled, and no record came behind it
        RC_ASSERT(found == told);
        RC_ASSERT(audit.verify().has_value());
    });

    ok = rc::check("nothing that was altered passes for what was written",
                   [&] {
                       SimulatedFiles disk;
                       auto audit = on(disk, key);
                       for (int i = *rc::gen::inRange(2, 6); i > 0; --i) {
                           RC_ASSERT(audit.begin(any_record(static_cast<Number>(i))).has_value());
                           audit.confirm();
                       }
                       if (*rc::gen::arbitrary<bool>()) RC_ASSERT(audit.prune_to(2).has_value());
                       const auto anchor = *audit.anchor();
                       const std::string whole = disk.contents()[file];
                       std::string text = whole;
                       const auto place = [&] {
                           return static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, text.size()));
                       };
                       switch (*rc::gen::inRange(0, 4)) {
                           case 0:
                               text[static_cast<std::size_t>(place())] = *rc::gen::arbitrary<char>();
                               break;
                           case 1:
                               text.insert(text.begin() + place(), *rc::gen::arbitrary<char>());
                               break;
                           case 2:
                               text.erase(text.begin() + place());
                               break;
                           default: {
                               const auto [from, to] = std::minmax(place(), place());
                               text.erase(text.begin() + from, text.begin() + to + 1);
                           }
                       }
                       SimulatedFiles other;
                       other.put(file, text);
                       RC_ASSERT(on(other, key).verify(anchor).has_value() == (text == whole));
                   }) &&
         ok;

    ok = rc::check("nothing that stands in the file makes reading it fail",
                   [&] {
                       SimulatedFiles disk;
                       disk.put(file, any_text() +
                                          *rc::gen::element<std::string>("", "\n", "{\"sequence\":1}\n",
                                                                         "{\"operation\":\"commit\"}\n") +
                                          any_text());
                       RC_ASSERT(on(disk, key).find({}).has_value());
                       static_cast<void>(on(disk, key).verify().has_value());
                       auto plain = on(disk, stet::NoChain{});
                       static_cast<void>(plain.begin({}).has_value());
                       static_cast<void>(plain.prune_to(1).has_value());
                   }) &&
         ok;
    return ok ? 0 : 1;
}
