#include <stet/reflect/probe.hpp>

#include "corners.hpp"

#include <doctest/doctest.h>

using stet::Unreadable;
using stet::detail::count_fields;
using stet::detail::unreadable_v;

namespace {

struct Anonymous {
    int a;
    std::string b;
};

struct ManyStrings {
    std::string a, b, c, d, e, f, g, h, i, j;
};

struct TwoRows {
    std::array<std::array<int, 3>, 2> rows;
    int last;
};

struct Bools {
    bool a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q;
};

struct LastIsBitField {
    int whole;
    unsigned part : 3;
};

struct UnnamedBitField {
    int a;
    int : 4;
    int b;
};

struct TwoDimensions {
    int matrix[2][2];
};

struct ArrayOfStructs {
    corners::Llm llms[2];
};

struct UnionFirst {
    corners::Union either;
    int after;
};

struct EmptyBase : corners::Tag {
    int own;
};

struct DeepUnreadable {
    int a;
    corners::WithCArray inside;  // readable itself: whether its members are is asked of them
};

}  // namespace

TEST_CASE("count_fields<T>") {
    static_assert(count_fields<corners::None>() == 0);
    static_assert(count_fields<corners::One>() == 1);
    static_assert(count_fields<corners::Settings>() == 5);
    static_assert(count_fields<corners::Tags>() == 3);
    static_assert(count_fields<corners::Initialised>() == 4);
    static_assert(count_fields<corners::Hundred>() == 100);
    static_assert(count_fields<Anonymous>() == 2);
    static_assert(count_fields<ManyStrings>() == 10);
    static_assert(count_fields<Bools>() == 17);
    static_assert(count_fields<TwoRows>() == 2);
    static_assert(count_fields<corners::Of<int>>() == 2);
    static_assert(count_fields<corners::Of<corners::Of<std::string>, int>>() == 2);
    static_assert(count_fields<corners::Tree>() == 3);
    CHECK(count_fields<corners::Settings>() == 5);
}

TEST_CASE("count_fields<T> of members that cannot be made or moved") {
    static_assert(count_fields<corners::HoldsNoDefault>() == 3);
    static_assert(count_fields<corners::HoldsReferenceLike>() == 3);
    static_assert(count_fields<corners::HoldsMoveOnly>() == 2);
    static_assert(count_fields<corners::HoldsConst>() == 2);
    CHECK(count_fields<corners::HoldsNoDefault>() == 3);
}

TEST_CASE("unreadable_v<T>: no") {
    static_assert(unreadable_v<corners::None> == Unreadable::no);
    static_assert(unreadable_v<corners::One> == Unreadable::no);
    static_assert(unreadable_v<corners::Settings> == Unreadable::no);
    static_assert(unreadable_v<corners::Tags> == Unreadable::no);
    static_assert(unreadable_v<corners::Initialised> == Unreadable::no);
    static_assert(unreadable_v<corners::Hundred> == Unreadable::no);
    static_assert(unreadable_v<corners::HoldsNoDefault> == Unreadable::no);
    static_assert(unreadable_v<corners::HoldsReferenceLike> == Unreadable::no);
    static_assert(unreadable_v<corners::HoldsMoveOnly> == Unreadable::no);
    static_assert(unreadable_v<corners::HoldsConst> == Unreadable::no);
    static_assert(unreadable_v<corners::Tree> == Unreadable::no);
    static_assert(unreadable_v<Anonymous> == Unreadable::no);
    static_assert(unreadable_v<TwoRows> == Unreadable::no);
    static_assert(unreadable_v<DeepUnreadable> == Unreadable::no);
    CHECK(unreadable_v<corners::Settings> == Unreadable::no);
}

TEST_CASE("unreadable_v<T>: why") {
    static_assert(unreadable_v<int> == Unreadable::not_a_class);
    static_assert(unreadable_v<int*> == Unreadable::not_a_class);
    static_assert(unreadable_v<corners::Mode> == Unreadable::not_a_class);
    static_assert(unreadable_v<corners::Union> == Unreadable::union_type);
    static_assert(unreadable_v<std::string> == Unreadable::not_an_aggregate);
    static_assert(unreadable_v<corners::Private> == Unreadable::not_an_aggregate);
    static_assert(unreadable_v<corners::Virtual> == Unreadable::not_an_aggregate);
    static_assert(unreadable_v<corners::HundredAndOne> == Unreadable::too_many_fields);
    static_assert(unreadable_v<corners::Derived> == Unreadable::base_class);
    static_assert(unreadable_v<EmptyBase> == Unreadable::base_class);
    static_assert(unreadable_v<corners::WithCArray> == Unreadable::c_array);
    static_assert(unreadable_v<corners::WithStringCArray> == Unreadable::c_array);
    static_assert(unreadable_v<TwoDimensions> == Unreadable::c_array);
    static_assert(unreadable_v<ArrayOfStructs> == Unreadable::c_array);
    static_assert(unreadable_v<corners::WithUnion> == Unreadable::union_member);
    static_assert(unreadable_v<UnionFirst> == Unreadable::union_member);
    static_assert(unreadable_v<corners::WithReference> == Unreadable::reference_member);
    static_assert(unreadable_v<corners::WithBitField> == Unreadable::bit_field);
    static_assert(unreadable_v<LastIsBitField> == Unreadable::bit_field);
    static_assert(unreadable_v<corners::WithVolatile> == Unreadable::volatile_member);
    CHECK(unreadable_v<corners::WithCArray> == Unreadable::c_array);
}

TEST_CASE("unreadable_v<T> of an unnamed bit-field: nothing is in it") {
    static_assert(unreadable_v<UnnamedBitField> == Unreadable::no);
    CHECK(count_fields<UnnamedBitField>() == 2);
}

TEST_CASE("unreadable_v<T> of a local struct") {
    struct Local {
        int a;
        std::vector<int> b{1, 2, 3};
    };
    static_assert(unreadable_v<Local> == Unreadable::no);
    CHECK(count_fields<Local>() == 2);
}
