#include <stet/revision.hpp>

#include <doctest/doctest.h>

TEST_CASE("Origin, Tag, Revision: compare") {
    using stet::Origin;
    static_assert(Origin{} == Origin{Origin::commit, 0, 0});
    static_assert(Origin{Origin::rollback, 3, 1} != Origin{Origin::rollback, 3, 2});
    CHECK(stet::Tag{"a", "b"} == stet::Tag{"a", "b"});
    CHECK_FALSE(stet::Tag{"a", "b"} == stet::Tag{"a", "c"});
    stet::Revision one{2, 1, 5, "admin", "why", "cli", {}, {{"k", "v"}}};
    stet::Revision two = one;
    CHECK(one == two);
    two.metadata[0].value = "w";
    CHECK_FALSE(one == two);
}

TEST_CASE("Change: nothing is expected, forced or said by default") {
    const stet::Change change;
    CHECK(change.expected == 0);
    CHECK_FALSE(change.force);
    CHECK(change.author.empty());
    CHECK(change.metadata.empty());
}
