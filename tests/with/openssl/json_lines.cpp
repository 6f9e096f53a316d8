#include <stet/with/openssl.hpp>

#include <stet/test/files.hpp>
#include <stet/versioned.hpp>
#include <stet/with/nlohmann_json/audit.hpp>

#include "../../bot.hpp"
#include "../../policy/audit_suite.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using audit_suite::found;
using audit_suite::Numbers;
using audit_suite::tell;
using bot::Settings;
using stet::AuditAnchor;
using stet::Errc;
using stet::field;
using stet::Hmac;
using stet::Number;
using stet::Sha256;
using stet::test::SimulatedFiles;

namespace {

const char* const file = "audit.jsonl";
const std::string key = "0123456789abcdef0123456789abcdef";

template <class Chain>
stet::JsonLines<Chain, SimulatedFiles> on(const SimulatedFiles& disk, Chain chain) {
    return stet::JsonLines<Chain, SimulatedFiles>(file, std::move(chain), stet::fail_closed, disk);
}
using Lines = std::vector<std::string>;
Lines lines_of(const std::string& text) {
    Lines lines;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
        lines.push_back(text.substr(at, text.find('\n', at) + 1 - at));
    return lines;
}
std::string text_of(const Lines& lines) {
    std::string text;
    for (const std::string& line : lines) text += line;
    return text;
}

// Records 1 to 9, the fifth of which did not happen, which 6 says.
template <class Chain>
std::string example(Chain chain) {
    SimulatedFiles disk;
    auto audit = on(disk, std::move(chain));
    const auto all = audit_suite::records();
    for (std::size_t i = 0; i < 4; ++i) tell(audit, all[i]);
    REQUIRE(audit.begin(all[4]));
    audit.cancel();
    for (std::size_t i = 4; i < 7; ++i) tell(audit, all[i]);
    return disk.contents()[file];
}
template <class Chain>
std::string verdict(Chain chain, const std::string& text, const AuditAnchor& known = {}) {
    SimulatedFiles disk;
    disk.put(file, text);
    const auto verified = on(disk, std::move(chain)).verify(known);
    if (verified) return "as written, up to " + std::to_string(verified->sequence);
    REQUIRE(verified.error().code() == Errc::audit_tampered);
    return std::string(verified.error().why());
}

template <class Chain>
void names_the_first(const Chain& chain) {
    const std::string whole = example(chain);
    const Lines lines = lines_of(whole);
    REQUIRE(lines.size() == 9);
    CHECK(verdict(chain, whole) == "as written, up to 9");
    CHECK(verdict(chain, "") == "as written, up to 0");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        CAPTURE(i);
        const std::string number = std::to_string(i + 1);
        Lines altered = lines;
        altered[i].replace(altered[i].find("\"time\":") + 7, 1, "9");
        CHECK(verdict(chain, text_of(altered)) == "record " + number + " was altered");
        altered = lines;
        altered[i].insert(altered[i].size() - 2, " ");
        CHECK(verdict(chain, text_of(altered)) == "record " + number + " was altered");
        altered = lines;
        altered[i].replace(12, 1, "8");  // its number
        if (i != 7) CHECK(verdict(chain, text_of(altered)).find("record " + number + " was ") == 0);

        Lines removed = lines;
        removed.erase(removed.begin() + static_cast<std::ptrdiff_t>(i));
        if (i + 1 < lines.size()) CHECK(verdict(chain, text_of(removed)) == "record " + number + " was removed");
        for (std::size_t j = i + 1; j < lines.size(); ++j) {
            CAPTURE(j);
            Lines reordered = lines;
            std::swap(reordered[i], reordered[j]);
            CHECK(verdict(chain, text_of(reordered)) == "record " + number + " was reordered");
            Lines repeated = lines;
            repeated.insert(repeated.begin() + static_cast<std::ptrdiff_t>(j), lines[i]);
            CHECK(verdict(chain, text_of(repeated)).find("record " + std::to_string(j + 1)) == 0);
        }
    }
}

// What an anchor sees: an end that is missing, and a trail that was written anew.
template <class Chain>
void anchors(const Chain& chain) {
    const Lines lines = lines_of(example(chain));
    for (std::size_t size = 1; size <= lines.size(); ++size) {
        CAPTURE(size);
        const Lines begin(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(size));
        SimulatedFiles disk;
        disk.put(file, text_of(begin));
        const auto anchor = on(disk, chain).anchor();
        REQUIRE(anchor);
        CHECK(anchor->sequence == size);
        CHECK(anchor->hash.size() == 64);
        CHECK(verdict(chain, text_of(lines), *anchor) == "as written, up to 9");
        for (std::size_t less = 0; less < size; ++less) {
            const Lines cut(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(less));
            CHECK(verdict(chain, text_of(cut)) == "as written, up to " + std::to_string(less));
            CHECK(verdict(chain, text_of(cut), *anchor) ==
                  "record " + std::to_string(less + 1) + " was cut off, with all behind it");
        }
        SimulatedFiles other;
        auto anew = on(other, chain);
        for (int i = 0; i < 9; ++i) tell(anew, {});
        CHECK(verdict(chain, other.contents()[file], *anchor) == "record " + std::to_string(size) + " was altered");
    }
}

// Every bit of a file, turned.
template <class Chain>
void every_bit(const Chain& chain, const std::string& whole) {
    REQUIRE(verdict(chain, whole).find("as written") == 0);
    std::size_t missed = 0;
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            std::string altered = whole;
            altered[at] = static_cast<char>(altered[at] ^ (1 << bit));
            if (verdict(chain, altered).find("as written") != 0) continue;
            ++missed;
            MESSAGE("byte " << at << ", bit " << bit);
        }
    CHECK(missed == 0);
}

}  // namespace

TEST_CASE_TEMPLATE("JsonLines with a chain: what all audits have in common", Chain, Sha256, Hmac) {
    Chain chain = [] {
        if constexpr (Chain::keyed) return Chain(key);
        else return Chain();
    }();
    SimulatedFiles disk;
    auto audit = on(disk, chain);
    audit_suite::queries(audit);
    CHECK(audit.verify()->sequence == 8);
    audit_suite::retention(audit);
    CHECK(audit.verify()->sequence == 10);
    CHECK(*audit.verify() == *audit.anchor());
}

TEST_CASE("JsonLines::verify names the first record that was altered, removed or reordered") {
    names_the_first(Sha256{});
    names_the_first(Hmac{key});
}

TEST_CASE("JsonLines::verify with an anchor finds an end that was cut off, and a trail that was written anew") {
    anchors(Sha256{});
    anchors(Hmac{key});
}

TEST_CASE("JsonLines::verify finds every bit that was turned, also in a checkpoint") {
    every_bit(Sha256{}, example(Sha256{}));
    SimulatedFiles disk;
    disk.put(file, example(Hmac{key}));
    REQUIRE(on(disk, Hmac{key}).prune_to(2) == std::size_t{7});
    every_bit(Hmac{key}, disk.contents()[file]);
}

TEST_CASE("JsonLines with Hmac: without the key nothing can be forged") {
    const std::string whole = example(Hmac{key});
    CHECK(verdict(Hmac{"another key of the same length.."}, whole) == "record 1 was altered");
    CHECK(verdict(Sha256{}, whole) == "record 1 was altered");
    // Who knows all but the key makes a trail of his own, or a checkpoint for the end of one that is true.
    CHECK(verdict(Hmac{key}, example(Sha256{})) == "record 1 was altered");
    const Lines lines = lines_of(whole);
    stet::detail::AuditNote note;
    note.sequence = 5;
    note.pruned = 5;
    note.previous = stet::detail::split_line(std::string_view(lines[4]).substr(0, lines[4].size() - 1)).hash;
    const std::string text = stet::detail::audit_text(note);
    const std::string forged = stet::detail::audit_line(text, stet::detail::checkpoint_hash(Sha256{}, text));
    CHECK(verdict(Hmac{key}, forged + lines[5] + lines[6]) == "record 5 was altered");
    const std::string honest = stet::detail::audit_line(text, stet::detail::checkpoint_hash(Hmac{key}, text));
    CHECK(verdict(Hmac{key}, honest + lines[5] + lines[6]) == "as written, up to 7");
}

TEST_CASE("JsonLines with Hmac: a key that is too short lets nothing through") {
    SimulatedFiles disk;
    auto audit = on(disk, Hmac{"short"});
    const auto refused = audit.begin({});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::audit_failed);
    CHECK(disk.contents()[file].empty());
}

TEST_CASE("JsonLines: one whose last record was altered is not gone on with, and nothing altered is forgotten") {
    Lines lines = lines_of(example(Sha256{}));
    SimulatedFiles disk;
    disk.put(file, text_of(lines) + "nonsense\n");
    const auto refused = on(disk, Sha256{}).begin({});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == Errc::audit_tampered);
    CHECK(refused.error().why() == "record 10 was altered");

    lines[1][20] = '7';
    disk.put(file, text_of(lines));
    CHECK(on(disk, Sha256{}).prune_to(1).error().why() == "record 2 was altered");
    CHECK(disk.contents()[file] == text_of(lines));
}

TEST_CASE("JsonLines with a key: secrets are digests that only the key makes, and are not in the file") {
    SimulatedFiles disk;
    stet::Versioned settings{Settings{}, on(disk, Hmac{key})};
    REQUIRE(settings.set(field<"password">, "opensesame"));
    REQUIRE(settings.set(field<"password">, "swordfish"));
    REQUIRE(settings.set(field<"password">, "opensesame"));
    CHECK_FALSE(settings.set(field<"password">, "abc"));
    const auto all = *settings.audit().find({});
    REQUIRE(all.size() == 5);
    const std::string first = all[1].changes[0].after;
    CHECK(first.size() == 64);
    CHECK(all[1].changes[0].before != first);
    CHECK(all[2].changes[0].before == first);
    CHECK(all[3].changes[0].after == first);
    CHECK(settings.audit().keyed_digest("\"opensesame\"") == first);
    CHECK(all[1].digest_after != all[0].digest_after);  // with a key, secrets count
    CHECK(all[3].digest_after == all[1].digest_after);
    CHECK(on(disk, Hmac{"another key of the same length.."}).keyed_digest("\"opensesame\"") != first);
    CHECK(all[1].changes[0].after.find("opensesame") == std::string::npos);
    for (const char* const secret : {"opensesame", "swordfish", "abc\"", "0123456789abcdef"})
        CHECK(disk.contents()[file].find(secret) == std::string::npos);

    SimulatedFiles plain;
    stet::Versioned without{Settings{}, on(plain, Sha256{})};
    REQUIRE(without.set(field<"password">, "opensesame"));
    const auto records = *without.audit().find({});
    CHECK(records[1].changes[0].after == "\u2022\u2022\u2022");
    CHECK(records[1].digest_after == records[0].digest_after);
    CHECK(records[1].digest_after.size() == 64);
}

TEST_CASE("JsonLines with a chain: it goes on after a power cut and after reconciliation") {
    SimulatedFiles disk;
    disk.put(file, example(Hmac{key}) + "{\"sequence\":10,\"ti");
    auto audit = on(disk, Hmac{key});
    CHECK(audit.verify()->sequence == 9);
    CHECK(audit.reconcile(2) == std::size_t{2});
    tell(audit, audit_suite::records()[4]);
    CHECK(audit.verify()->sequence == 13);  // two notes of what did not happen, one of what was cut off
    CHECK(found(audit, {}) == Numbers{1, 2, 3, 4, 9, 13});
}

TEST_CASE("JsonLines with a chain: a last line whose blocks are not all there was half written") {
    SimulatedFiles written;
    auto first = on(written, Sha256{});
    tell(first, audit_suite::records()[0]);
    const std::size_t begin = written.contents()[file].size();
    REQUIRE(begin < 512);
    auto large = audit_suite::records()[1];
    large.reason.assign(2000, 'x');
    tell(first, large);
    const std::string whole = written.contents()[file];
    const auto without = [&](std::size_t from, std::size_t to) {
        std::string text = whole;
        std::fill(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(to),
                  '\0');
        return text;
    };
    for (const auto& [from, to] : {std::pair{begin, std::size_t{512}},
                                   {std::size_t{512}, std::size_t{1024}},
                                   {std::size_t{1024}, std::size_t{2048}},
                                   {begin, std::size_t{2048}}}) {
        CAPTURE(from);
        CHECK(verdict(Sha256{}, without(from, to)) == "as written, up to 1");
        SimulatedFiles disk;
        disk.put(file, without(from, to));
        auto audit = on(disk, Sha256{});
        tell(audit, audit_suite::records()[2]);
        CHECK(audit.cut_off() == whole.size() - begin);
        CHECK(found(audit, {}) == Numbers{1, 3});
        CHECK(audit.verify()->sequence == 3);  // with a note
    }
    // What is no block was altered, and so was what is not the last.
    for (const std::string& text : {without(512, 1023), without(513, 1024), without(begin + 1, 512), without(0, 1),
                                    without(whole.size() - 10, whole.size() - 1), without(begin, 512) + "{}\n"}) {
        CHECK(verdict(Sha256{}, text).find(" was altered") != std::string::npos);
        SimulatedFiles disk;
        disk.put(file, text);
        CHECK_FALSE((on(disk, Sha256{}).begin({}) && on(disk, Sha256{}).verify()));
    }
    CHECK(verdict(Sha256{}, without(512, 1024), *first.anchor()) == "record 2 was cut off, with all behind it");
}

TEST_CASE("JsonLines with a chain: nothing is written behind what could not be made safe") {
    auto large = audit_suite::records()[1];
    large.reason.assign(2000, 'x');
    for (const auto fault : stet::test::all_faults)
        for (std::size_t call = 1, more = 1; more != 0; ++call) {
            CAPTURE(static_cast<int>(fault));
            CAPTURE(call);
            SimulatedFiles disk;
            auto audit = on(disk, Sha256{});
            tell(audit, audit_suite::records()[0]);
            const std::size_t before = disk.calls();
            disk.fail_from(before + call, fault, call);
            const bool failed = !audit.begin(large);
            if (!failed) audit.confirm();
            more = disk.calls() >= before + call ? 1 : 0;
            disk.mend();
            tell(audit, audit_suite::records()[2]);
            const auto verified = audit.verify();
            REQUIRE(verified);
            const Numbers there = found(audit, {});
            CHECK(there.size() == (failed ? 2 : 3));
            for (std::uint64_t seed = 1; seed <= 10; ++seed) {
                CAPTURE(seed);
                const auto later = on(disk.power_loss(seed), Sha256{});
                CHECK(verdict(Sha256{}, disk.power_loss(seed).contents()[file], *verified).find("as written") == 0);
                CHECK(found(later, {}) == there);
            }
        }
}
