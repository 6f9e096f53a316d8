#include <stet/patch/journal.hpp>

#include <stet/patch/edit.hpp>

#include "../every_kind.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using every::dumped;
using every::Every;
using stet::field;

namespace {

using Journal = stet::detail::Journal<Every>;

const std::string long_text = "a text that is too long for the place inside a string ";

void write(Journal& journal, const Every& from, const Every& to, std::string_view name, std::uint64_t time = 0) {
    Journal::Open step(journal, time);
    stet::detail::LeafMask<Every> mask;
    stet::detail::RecordPatch<Every>::write_diff(step.records(), mask, from, to);
    step.prepare(name);
    step.keep();
}

// Values with all that can stand in a step: bytes, texts, more than a block holds.
std::vector<Every> states(std::size_t count) {
    std::vector<Every> all(1);
    for (std::size_t i = 1; i < count; ++i) {
        Every next = all.back();
        const int number = static_cast<int>(i);
        if (i % 2 == 0) next.text = long_text + std::to_string(i);
        if (i % 3 == 0) next.map[std::to_string(i)].name = long_text;
        if (i % 5 == 0) next.items.assign(i, {number, long_text, {number}, {}});
        next.small = static_cast<decltype(next.small)>(i);
        all.push_back(next);
    }
    return all;
}

void check_steps(const Journal& journal, const std::vector<Every>& states, std::size_t first) {
    Every value = states[first];
    for (std::size_t i = 0; i < journal.size(); ++i) {
        journal[i].carry_out<stet::detail::Trust::verify>(value);
        CHECK(dumped(value) == dumped(states[first + i + 1]));
        CHECK(journal.name(i) == "step " + std::to_string((first + i + 1) % 3));
        CHECK(journal.time(i) == first + i);
    }
    for (std::size_t i = journal.size(); i-- > 0;) {
        journal[i].carry_out<stet::detail::Trust::verify>(value, true);
        CHECK(dumped(value) == dumped(states[first + i]));
    }
}

}  // namespace

TEST_CASE("Journal: steps are read where they stand, the oldest goes first, copies are equal") {
    const std::vector<Every> all = states(60);
    Journal journal(10);
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        if (journal.size() == 10) journal.pop_front();
        write(journal, all[i], all[i + 1], "step " + std::to_string((i + 1) % 3), i);
        check_steps(journal, all, i + 1 - journal.size());
    }
    Journal copy(journal);
    Journal moved(std::move(journal));
    check_steps(copy, all, 49);
    check_steps(moved, all, 49);
    CHECK(copy.bytes() > 0);
    moved.keep_first(3);
    check_steps(moved, all, 49);
    copy = moved;
    check_steps(copy, all, 49);
    moved.keep_first(0);
    CHECK(moved.size() == 0);
    CHECK(moved.bytes() == 0);
}

TEST_CASE("Journal: what is given up leaves nothing") {
    const std::vector<Every> all = states(20);
    Journal journal(100);
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        {
            Journal::Open step(journal, 7);
            stet::detail::LeafMask<Every> mask;
            stet::detail::RecordPatch<Every>::write_diff(step.records(), mask, all[0], all[19]);
            step.prepare("given up");
        }
        write(journal, all[i], all[i + 1], "step " + std::to_string((i + 1) % 3), i);
    }
    check_steps(journal, all, 0);
}

TEST_CASE("Journal: a step with records of its own") {
    const std::vector<Every> all = states(12);
    Journal journal(100);
    for (std::size_t i = 0; i < 10; ++i) write(journal, all[i], all[i + 1], "step " + std::to_string((i + 1) % 3), i);
    journal.reserve_own();
    journal.reserve("step 2");
    journal.reserve_own() = stet::Patch<Every>(all[10], all[11]).take();
    journal.push_back_own(10);
    check_steps(journal, all, 0);
    const std::size_t before = journal.bytes();
    journal.reserve_own() = stet::Patch<Every>(all[10], all[11]).take();
    journal.replace_last_by_own(10);
    CHECK(journal.bytes() == before);
    check_steps(journal, all, 0);
    check_steps(Journal(journal), all, 0);
}

TEST_CASE("Journal: what the steps take is counted, with what their values hold") {
    const std::vector<Every> all = states(40);
    Journal journal(100);
    journal.limit(1);
    for (std::size_t i = 0; i + 1 < all.size(); ++i) write(journal, all[i], all[i + 1], "");
    CHECK(journal.over_limit());
    std::size_t dropped = 0;
    while (journal.over_limit() && journal.size() > 0) {
        const std::size_t before = journal.bytes();
        journal.pop_front();
        dropped += before - journal.bytes();
    }
    CHECK(journal.size() == 0);
    CHECK_FALSE(journal.over_limit());
    CHECK(dropped > 40 * long_text.size());
    CHECK(stet::detail::heap_of(std::string(100, 'x')) >= 100);
    CHECK(stet::detail::heap_of(std::string("x")) == 0);
    CHECK(stet::detail::heap_of(std::vector<std::string>(2, std::string(100, 'x'))) >= 200);
}

TEST_CASE("Journal: any step may go; those behind it move up") {
    const std::vector<Every> all = states(30);
    for (std::size_t turned : {0U, 7U}) {
        Journal journal(10);
        for (std::size_t i = 1; i < all.size(); ++i) {
            if (journal.size() == 10 - turned % 2) journal.pop_front();
            write(journal, all[i - 1], all[i], std::to_string(i), i);
        }
        for (std::size_t gone : {4U, 0U, 5U}) {
            std::vector<std::string> left;
            for (std::size_t i = 0; i < journal.size(); ++i)
                if (i != gone) left.emplace_back(journal.name(i));
            journal.erase(gone);
            REQUIRE(journal.size() == left.size());
            for (std::size_t i = 0; i < left.size(); ++i) {
                const std::size_t number = std::stoul(left[i]);
                CHECK(journal.name(i) == left[i]);
                CHECK(journal.time(i) == number);
                Every value = all[number - 1];
                journal[i].carry_out<stet::detail::Trust::verify>(value);
                CHECK(dumped(value) == dumped(all[number]));
            }
        }
        write(journal, all[0], all[1], "1", 1);
        CHECK(journal.name(journal.size() - 1) == "1");
    }
}
