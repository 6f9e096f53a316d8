#include <stet/reflect/names.hpp>

#include "../both.hpp"
#include "corners.hpp"

using stet::field_name;

namespace {

struct Anonymous {
    int first;
    std::vector<int> second_one;
    bool _third3;
};

struct Nested {
    struct Inner {
        int deep;
    } inner;
};

struct ViewField {  // g++ explains aliases in its pretty names
    std::string_view view;
    std::size_t size;
};

struct SameNames {
    corners::Llm Llm;
    int SameNames_;
};

constexpr bool names_are_those_of_the_source() {
    return field_name<corners::Settings, 0>() == "name" && field_name<corners::Settings, 4>() == "limits" &&
           field_name<const corners::Settings, 2>() == "llm" && field_name<Anonymous, 0>() == "first" &&
           field_name<Anonymous, 1>() == "second_one" && field_name<Anonymous, 2>() == "_third3";
}

}  // namespace

TEST_CASE("field_name<T, I>()") {
    STET_BOTH(names_are_those_of_the_source);
    static_assert(field_name<corners::Hundred, 0>() == "f0");
    static_assert(field_name<corners::Hundred, 99>() == "last");
    static_assert(field_name<corners::Tree, 1>() == "children");
    static_assert(field_name<corners::Of<int>, 1>() == "second");
    static_assert(field_name<corners::Of<std::string, corners::Tree>, 0>() == "first");
    static_assert(field_name<corners::Initialised, 0>() == "v");
    static_assert(field_name<Nested, 0>() == "inner");
    static_assert(field_name<Nested::Inner, 0>() == "deep");
    static_assert(field_name<ViewField, 0>() == "view");
    static_assert(field_name<SameNames, 0>() == "Llm");
}

TEST_CASE("field_name<T, I>() of members that cannot be made, moved or compared") {
    static_assert(field_name<corners::HoldsNoDefault, 1>() == "inside");
    static_assert(field_name<corners::HoldsReferenceLike, 1>() == "mutex");
    static_assert(field_name<corners::HoldsMoveOnly, 0>() == "owner");
    static_assert(field_name<corners::HoldsConst, 1>() == "text");
    static_assert(field_name<corners::Tags, 0>() == "first");
    static_assert(field_name<corners::Tags, 2>() == "second");
    CHECK(field_name<corners::HoldsMoveOnly, 1>() == "last");
}

TEST_CASE("field_name<T, I>() in other alphabets is UTF-8") {
    static_assert(field_name<corners::Umlaute, 0>() == "gr\u00f6\u00dfe");
    static_assert(field_name<corners::Umlaute, 1>() == "temp\u00e9rature");
    static_assert(field_name<corners::Umlaute, 2>() == "\u540d\u524d");
    CHECK(field_name<corners::Umlaute, 0>() == "größe");
}

TEST_CASE("field_name<T, I>() of a local struct") {
    struct Local {
        int inside_a_function;
        std::optional<int> another;
    };
    static_assert(field_name<Local, 0>() == "inside_a_function");
    CHECK(field_name<Local, 1>() == "another");
}

TEST_CASE("field_name<T, I>() of listed members") {
    static_assert(field_name<corners::Inside, 0>() == "count_");
    static_assert(field_name<corners::Inside, 1>() == "label_");
    static_assert(field_name<corners::Outside, 1>() == "y_");
    static_assert(field_name<std::pair<int, std::string>, 0>() == "first");
    CHECK(field_name<std::pair<int, std::string>, 1>() == "second");
}

TEST_CASE("field_name<T, I>() ends with a zero, so that C can read it") {
    const std::string_view name = field_name<corners::Settings, 1>();
    CHECK(std::string_view(name.data()) == "port");
}
