#include <stet/patch/edits.hpp>

#include <stet/patch/record_patch.hpp>
#include <stet/patch/then_text.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

using namespace stet::detail;

namespace {

struct Item {
    int id = 0;
    std::string name;
};
struct Document {
    int number = 0;
    std::string text;
    std::vector<Item> items;
    std::map<std::string, Item> entries;
    std::unordered_map<int, int> hashed;
    std::optional<Item> maybe;
    std::variant<int, Item> either;
    std::array<int, 3> numbers{};

    static constexpr auto schema() { return stet::fields(stet::field<&Document::items>(stet::keyed_by<&Item::id>)); }
};
enum Leaf : std::uint8_t { number, label, items, entries, hashed, maybe, either, numbers };

// Keys whose order is another one.
using Backwards = std::map<int, int, std::greater<>>;

// The edits look into the patch, which must outlive them.
Edits edits_of(const RecordPatch<Document>& patch) { return read_edits<Document>(patch.changes()); }
Edits edits_of(RecordPatch<Document>&& patch) = delete;

struct Pairs {
    std::vector<std::string> seen;
    void operator()(const EditAt* a, const EditAt* b) {
        const auto shown = [](const EditAt* edit) { return edit == nullptr ? "-" : std::to_string(edit->before); };
        seen.push_back(shown(a) + " " + shown(b));
    }
};

}  // namespace

TEST_CASE("read_edits: the leaves of a struct, by number, each read where it stands") {
    const RecordPatch<Document> patch({}, {3, "three", {}, {}, {}, {}, {}, {0, 5, 0}});
    const Edits edits = edits_of(patch);
    REQUIRE(edits.size() == 3);
    CHECK(edits[0].before == number);
    CHECK(edits[1].before == label);
    CHECK(edits[2].before == numbers);
    CHECK(edits[0].before_of<int>() == 0);
    CHECK(edits[0].after_of<int>() == 3);
    CHECK(TextChange<std::string>(edits[1].at).after_of({}) == "three");
    const Edits inside = read_edits<std::array<int, 3>>(edits[2].at);
    REQUIRE(inside.size() == 1);
    CHECK(inside[0].before == 1);
    CHECK(inside[0].after_of<int>() == 5);
}

TEST_CASE("read_edits: of an inverted patch, before and after change places") {
    const Document a;
    Document b;
    b.number = 3;
    b.items = {{1, "x"}};
    const RecordPatch<Document> inverse = RecordPatch<Document>(a, b).inverse();
    const Edits edits = edits_of(inverse);
    REQUIRE(edits.size() == 2);
    CHECK(edits[0].before_of<int>() == 3);
    CHECK(edits[0].after_of<int>() == 0);
    const Edits inside = read_edits<std::vector<Item>>(edits[1].at);
    REQUIRE(inside.size() == 1);
    CHECK(inside[0].kind == EditKind::removed);
    CHECK(inside[0].value<Item>().name == "x");
}

TEST_CASE("read_edits: elements, with their positions before and after all edits") {
    Document a;
    a.items = {{1, "a"}, {2, "b"}, {3, "c"}};
    Document b;
    b.items = {{9, "x"}, {1, "a"}, {3, "C"}};
    const RecordPatch<Document> patch(a, b);
    const Edits edits = read_edits<std::vector<Item>>(edits_of(patch)[0].at);
    REQUIRE(edits.size() == 3);
    CHECK(edits[0].kind == EditKind::added);
    CHECK(edits[0].after == 0);
    CHECK(edits[0].value<Item>().id == 9);
    CHECK(edits[1].kind == EditKind::removed);
    CHECK(edits[1].before == 1);
    CHECK(edits[2].kind == EditKind::changed);
    CHECK(edits[2].before == 2);
    CHECK(edits[2].after == 2);
    Item third = a.items[2];
    edits[2].make<false>(third);
    CHECK(third.name == "C");
    edits[2].take_back<false>(third);
    CHECK(third.name == "c");
}

TEST_CASE("read_edits: entries have a key, optionals and variants one edit") {
    Document a;
    a.entries = {{"p", {1, "a"}}, {"q", {2, "b"}}};
    Document b;
    b.entries = {{"q", {2, "B"}}, {"r", {3, "c"}}};
    b.maybe = Item{4, "d"};
    b.either = Item{5, "e"};
    const RecordPatch<Document> patch(a, b);
    const Edits edits = edits_of(patch);
    REQUIRE(edits.size() == 3);
    const Edits inside = read_edits<std::map<std::string, Item>>(edits[0].at);
    REQUIRE(inside.size() == 3);
    CHECK(key_of<std::map<std::string, Item>>(inside[0]) == "p");
    CHECK(inside[0].kind == EditKind::removed);
    CHECK(key_of<std::map<std::string, Item>>(inside[1]) == "q");
    CHECK(inside[1].kind == EditKind::changed);
    CHECK(inside[2].value<Item>().id == 3);
    const Edits appeared = read_edits<std::optional<Item>>(edits[1].at);
    REQUIRE(appeared.size() == 1);
    CHECK(appeared[0].kind == EditKind::added);
    CHECK(appeared[0].value<Item>().id == 4);
    const Edits switched = read_edits<std::variant<int, Item>>(edits[2].at);
    REQUIRE(switched.size() == 1);
    CHECK(switched[0].before_of<std::variant<int, Item>>().index() == 0);
    CHECK(switched[0].after_of<std::variant<int, Item>>().index() == 1);
}

TEST_CASE("pair_by_number: those of both sides side by side, the others alone, in order") {
    const RecordPatch<Document> a({}, {1, "", {}, {}, {}, {}, {}, {1, 0, 0}});
    const RecordPatch<Document> b({}, {2, "b", {}, {}, {}, {}, {}, {}});
    Pairs pairs;
    pair_by_number(edits_of(a), edits_of(b), pairs);
    CHECK(pairs.seen == std::vector<std::string>{"0 0", "- 1", "7 -"});
}

TEST_CASE_TEMPLATE("pair_by_key: in sorted and hashed maps", Map, std::map<int, int>, std::unordered_map<int, int>,
                   Backwards) {
    const auto edits = [](const Map& from, const Map& to, Records& records) {
        RecordNode root(records);
        walk<NotKeyed>(from, to, root);
        return read_edits<Map>(ChangeReader{Records::Reader(records), false});
    };
    const Map base{{1, 1}, {2, 2}, {3, 3}, {4, 4}};
    Records our_records;
    Records their_records;
    const Edits ours = edits(base, {{1, 10}, {3, 3}, {4, 40}}, our_records);
    const Edits theirs = edits(base, {{1, 1}, {2, 20}, {3, 30}, {4, 4}, {5, 5}}, their_records);
    std::map<int, std::string> seen;
    std::vector<int> order;
    pair_by_key<Map>(ours, theirs, [&](const EditAt* a, const EditAt* b) {
        std::string& line = seen[key_of<Map>(a != nullptr ? *a : *b)];
        CHECK(line.empty());
        order.push_back(key_of<Map>(a != nullptr ? *a : *b));
        line = std::string(a != nullptr ? "ours " : "") + (b != nullptr ? "theirs" : "");
    });
    CHECK(seen ==
          std::map<int, std::string>{{1, "ours "}, {2, "ours theirs"}, {3, "theirs"}, {4, "ours "}, {5, "theirs"}});
    if constexpr (std::is_same_v<Map, std::map<int, int>>) CHECK(order == std::vector<int>{1, 2, 3, 4, 5});
    if constexpr (std::is_same_v<Map, Backwards>) CHECK(order == std::vector<int>{5, 4, 3, 2, 1});
}
