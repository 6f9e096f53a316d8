#include <stet/patch/record_format.hpp>

#include <stet/patch/identity.hpp>
#include <stet/patch/read_records.hpp>

#include "../every_kind.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace stet::detail;

namespace {

struct Pair {
    int number = 0;
    std::vector<int> list;
};

}  // namespace

TEST_CASE("RecordNode writes nothing for what is equal") {
    Records records;
    RecordNode root(records);
    walk<stet::detail::NotKeyed>(Pair{1, {1}}, Pair{1, {1}}, root);
    CHECK(records.empty());
    CHECK(root.last() == nullptr);
}

TEST_CASE("RecordNode writes the way to a change with the change, one word for each step") {
    Records records;
    RecordNode root(records);
    walk<stet::detail::NotKeyed>(Pair{1, {1, 2}}, Pair{1, {1, 3}}, root);
    CHECK(root.last() != nullptr);
    Records::Reader reader(records);
    const Lead leaf = reader.read<Lead>();
    CHECK(leaf.kind() == EditKind::changed);
    CHECK(leaf.number() == 1);
    CHECK_FALSE(leaf.more());
    const Lead element = reader.read<Lead>();
    CHECK(element.kind() == EditKind::changed);
    CHECK(element.number() == 1);
    CHECK_FALSE(element.more());
    const auto& replaced = reader.read<Replaced<int>>();
    CHECK(replaced.before == 2);
    CHECK(replaced.after == 3);
    CHECK(sizeof(Lead) == 4);
}

TEST_CASE("A lead says whether another one follows in its node") {
    Records records;
    RecordNode root(records);
    walk<stet::detail::NotKeyed>(Pair{1, {1}}, Pair{2, {3}}, root);
    Records::Reader reader(records);
    CHECK(reader.read<Lead>().more());
    reader.read<Replaced<int>>();
    CHECK_FALSE(reader.read<Lead>().more());
    CHECK_FALSE(reader.read<Lead>().more());  // of the list
}

TEST_CASE("ChangeReader, inverted, exchanges added and removed") {
    Records records;
    RecordNode root(records);
    walk<stet::detail::NotKeyed>(std::vector<int>{1, 2}, std::vector<int>{2}, root);
    ChangeReader forth{Records::Reader(records), false};
    ChangeReader back{Records::Reader(records), true};
    CHECK(forth.kind(forth.lead()) == EditKind::removed);
    CHECK(back.kind(back.lead()) == EditKind::added);
}

TEST_CASE("Positions are told before and after all edits, in both directions") {
    // 0 1 2 3 4 -> 9 0 2 x 4: one added in front, 1 erased, 3 changed
    const Lead leads[] = {Lead(EditKind::added, 0), Lead(EditKind::removed, 2), Lead(EditKind::changed, 3)};
    Positions forth(false);
    Positions back(true);
    const std::size_t before[] = {0, 1, 3};
    const std::size_t after[] = {0, 2, 3};
    for (int i = 0; i < 3; ++i) {
        CAPTURE(i);
        forth.enter(leads[i]);
        back.enter(leads[i]);
        CHECK(forth.before() == before[i]);
        CHECK(forth.after() == after[i]);
        CHECK(back.before() == after[i]);
        CHECK(back.after() == before[i]);
    }
}
