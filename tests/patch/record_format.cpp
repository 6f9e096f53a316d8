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
    CHECK(root.changes() == 0);
}

TEST_CASE("RecordNode writes the way to a change with the change") {
    Records records;
    RecordNode root(records);
    walk<stet::detail::NotKeyed>(Pair{1, {1, 2}}, Pair{1, {1, 3}}, root);
    CHECK(root.changes() == 1);
    Records::Reader reader(records);
    CHECK(reader.read<Count>().value == 1);
    CHECK(reader.read<std::uint32_t>() == 1);  // leaf number 1
    CHECK(reader.read<Count>().value == 1);
    const Edit edit = reader.read<Edit>();
    CHECK(edit.kind == EditKind::changed);
    CHECK(edit.new_index == 1);
    const auto& replaced = reader.read<Replaced<int>>();
    CHECK(replaced.before == 2);
    CHECK(replaced.after == 3);
}

TEST_CASE("ChangeReader, inverted, exchanges added and removed, old and new") {
    Records records;
    RecordNode root(records);
    walk<stet::detail::NotKeyed>(std::vector<int>{1, 2}, std::vector<int>{2}, root);
    ChangeReader forth{Records::Reader(records), false};
    ChangeReader back{Records::Reader(records), true};
    CHECK(forth.count() == 1);
    CHECK(back.count() == 1);
    const Edit removed = forth.edit();
    const Edit added = back.edit();
    CHECK(removed.kind == EditKind::removed);
    CHECK(added.kind == EditKind::added);
    CHECK(added.new_index == removed.old_index);
    CHECK(added.old_index == removed.new_index);
}
