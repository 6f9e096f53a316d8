#include <stet/patch/net.hpp>

#include <stet/stet.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

using stet::field;

namespace {

struct Inner {
    std::vector<int> numbers{1, 1, 2};
};
struct Document {
    std::vector<int> numbers{1, 1, 2};
    std::map<std::string, Inner> inside{{"a", {}}};
    std::string text = "aab";
    int other = 0;
};

// What an edit leaves behind: only what it changed in the end.
template <class F>
std::string left(F f) {
    Document document;
    const auto patch = stet::edit_in_place(document, f);
    REQUIRE(patch);
    return stet::text(*patch);
}

}  // namespace

TEST_CASE("net: what went and came back elsewhere, and left all as it was, is no change") {
    const auto turn = [](const auto& numbers) {
        numbers.erase(0);
        numbers.insert(1, 1);
    };
    CHECK(left([&](auto& edit) { turn(edit.at(field<"numbers">)); }).empty());
    CHECK(left([&](auto& edit) { turn(edit.at(field<"inside">).at("a").at(field<"numbers">)); }).empty());
    CHECK(left([&](auto& edit) {
              turn(edit.at(field<"numbers">));
              edit.set(field<"other">, 1);
          }) == "~ other: 0 -> 1");
    CHECK(left([](auto& edit) {
              edit.at(field<"text">).erase(0, 1);
              edit.at(field<"text">).insert(1, "a");
          }).empty());
    CHECK(left([](auto& edit) {  // this one does move something
              edit.at(field<"numbers">).erase(0);
              edit.at(field<"numbers">).push_back(1);
          }) == "- numbers[1]: 1\n+ numbers[2]: 1");
}

TEST_CASE("net: asks for the value only where equal elements, or parts of a text, went and came") {
    const auto possible = [](auto first, auto second) {
        Document document;
        const auto one = stet::edit_in_place(document, first);
        const auto two = stet::edit_in_place(document, second);
        const auto patch = stet::then(*one, *two);
        bool found = false;
        stet::detail::ChangeReader changes = patch.changes();
        stet::detail::show<false, Document>(changes, stet::detail::MayCancel(found));
        return found;
    };
    const auto gone = [](auto& edit) {
        edit.at(field<"numbers">).erase(0);
        edit.at(field<"text">).erase(0, 1);
    };
    CHECK_FALSE(possible(gone, [](auto& edit) { edit.at(field<"numbers">).push_back(7); }));
    CHECK(possible(gone, [](auto& edit) { edit.at(field<"numbers">).push_back(1); }));
    CHECK_FALSE(possible(gone, [](auto& edit) { edit.at(field<"text">).insert(2, "xyz"); }));
    CHECK(possible(gone, [](auto& edit) { edit.at(field<"text">).insert(2, "x"); }));
}
