// More leaves than clang folds at once.

#include <stet/stet.hpp>

#include <doctest/doctest.h>

#include <string>

using stet::field;

namespace {

struct Ten {
    int a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0;
};
struct Hundred {
    Ten a, b, c, d, e, f, g, h, i, j;
};
struct Most {
    Hundred a, b, c;
    int last = 0;
    static constexpr auto schema() {
        return stet::fields(field<"c.j.j">(stet::in_range(0, 9)), field<"last">(stet::transient));
    }
};
struct OnHeap {
    Most most;
    std::string text;
};
static_assert(stet::leaf_count<Most> == 301 && stet::flat<Most>);

constexpr bool first_and_last_change() {
    Most after;
    after.a.a.a = 1;
    after.c.j.i = 2;
    const auto patch = stet::diff(Most{}, after);
    return patch.size() == 2 && patch.touches(field<"c.j">) && stet::equal(*stet::apply(patch, Most{}), after) &&
           stet::check(after).empty();
}
static_assert(first_and_last_change());

}  // namespace

TEST_CASE("a struct of 300 leaves: diff, apply, merge, check, edit and undo") {
    CHECK(first_and_last_change());
    stet::History<OnHeap, 10> history{OnHeap{}};
    CHECK(history.edit([](auto& edit) {
        edit.set(field<"most.c.j.h">, 3);
        edit.set(field<"text">, "x");
    }));
    CHECK(history.set(field<"most.c.j.j">, 10).error().code() == stet::Errc::rule_broken);
    CHECK(history.commit([](OnHeap& value) { value.most.b.b.b = 4; }));
    CHECK((history.undo() && history.undo()));
    CHECK(stet::equal(history.current(), OnHeap{}));
    OnHeap ours;
    OnHeap theirs;
    ours.most.a.a.a = 5;
    theirs.most.c.j.j = 6;
    const auto both = stet::merge(OnHeap{}, ours, theirs);
    CHECK((both.clean() && both.value().most.a.a.a == 5 && both.value().most.c.j.j == 6));
    CHECK(stet::merge(Most{}, ours.most, theirs.most).value().c.j.j == 6);
}
