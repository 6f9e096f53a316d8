#include <stet/patch/walk.hpp>

#include <stet/patch/identity.hpp>

#include "../both.hpp"
#include "../every_kind.hpp"

#include <functional>
#include <string>

using namespace stet::detail;

namespace {

// A node that spells what it is told.
struct Spelling {
    std::string& out;
    std::string at;

    template <class V>
    void value(const V&, const V&) const {
        out += at + " value;";
    }
    template <class V>
    void replaced(const V&, const V&) const {
        out += at + " replaced;";
    }
    template <class T, std::size_t L>
    Spelling leaf() const {
        return {out, at + '.' + std::string(stet::leaf_path<T, L>())};
    }
    Spelling element(std::size_t old_index, std::size_t new_index) const {
        return {out, at + '[' + std::to_string(old_index) + '>' + std::to_string(new_index) + ']'};
    }
    template <class Key>
    Spelling entry(const Key&) const {
        return {out, at + "[key]"};
    }
    template <class V, std::size_t I>
    Spelling content() const {
        return {out, at + '*' + std::to_string(I)};
    }
    template <class E>
    void inserted(std::size_t old_index, std::size_t new_index, const E&) const {
        out += at + " + " + std::to_string(old_index) + '>' + std::to_string(new_index) + ';';
    }
    template <class E>
    void erased(std::size_t old_index, std::size_t new_index, const E&) const {
        out += at + " - " + std::to_string(old_index) + '>' + std::to_string(new_index) + ';';
    }
    template <class Key, class V>
    void entry_added(const Key&, const V&) const {
        out += at + " +key;";
    }
    template <class Key, class V>
    void entry_removed(const Key&, const V&) const {
        out += at + " -key;";
    }
    template <class Key>
    void member_added(const Key&) const {
        out += at + " +member;";
    }
    template <class Key>
    void member_removed(const Key&) const {
        out += at + " -member;";
    }
    template <class V>
    void appeared(const V&) const {
        out += at + " appeared;";
    }
    template <class V>
    void vanished(const V&) const {
        out += at + " vanished;";
    }
};

template <class V>
std::string walked(const V& a, const V& b) {
    std::string out;
    walk<NotKeyed>(a, b, Spelling{out, {}});
    return out;
}

}  // namespace

TEST_CASE("walk(a, b, node) of sequences by position") {
    using V = std::vector<int>;
    CHECK(walked(V{1, 2, 3}, V{1, 2, 3}).empty());
    CHECK(walked(V{1, 2, 3}, V{1, 9, 3}) == "[1>1] value;");
    CHECK(walked(V{1, 3}, V{1, 2, 3}) == " + 1>1;");
    CHECK(walked(V{1, 2, 3}, V{1, 3}) == " - 1>1;");
    CHECK(walked(V{}, V{1, 2}) == " + 0>0; + 0>1;");
    CHECK(walked(V{1, 2}, V{}) == " - 0>0; - 1>0;");
    CHECK(walked(V{1, 2, 3, 4}, V{1, 9, 4}) == "[1>1] value; - 2>2;");
    CHECK(walked(V{1, 1}, V{1, 1, 1}) == " + 2>2;");
    CHECK(walked(std::list<int>{1, 3}, std::list<int>{1, 2, 3}) == " + 1>1;");
    CHECK(walked(std::list<int>{1, 1}, std::list<int>{1, 1, 1}) == " + 2>2;");
    CHECK(walked(std::deque<int>{1, 2, 3}, std::deque<int>{3}) == " - 0>0; - 1>0;");
}

TEST_CASE("walk(a, b, node) of a long vector finds one changed element, in any block") {
    std::vector<int> a(10000, 1);
    for (const std::size_t at : {0U, 511U, 512U, 1023U, 9999U}) {
        std::vector<int> b = a;
        b[at] = 2;
        const std::string text = std::to_string(at);
        CHECK(walked(a, b) == '[' + text + '>' + text + "] value;");
    }
}

TEST_CASE("walk(a, b, node) of maps and sets") {
    using Map = std::map<int, int>;
    CHECK(walked(Map{{1, 1}, {2, 2}}, Map{{2, 3}, {4, 4}}) == " -key;[key] value; +key;");
    using Hashed = std::unordered_map<int, int>;
    CHECK(walked(Hashed{{1, 1}}, Hashed{{1, 2}}) == "[key] value;");
    CHECK(walked(Hashed{{1, 1}}, Hashed{{2, 2}}) == " -key; +key;");
    CHECK(walked(std::set<int>{1, 2}, std::set<int>{2, 3}) == " -member; +member;");
    CHECK(walked(std::unordered_set<int>{1}, std::unordered_set<int>{2}) == " -member; +member;");
    CHECK(walked(Map{{1, 1}}, Map{{1, 1}}).empty());
}

TEST_CASE("walk(a, b, node) of maps that are sorted in another way") {
    using Down = std::map<int, int, std::greater<>>;
    CHECK(walked(Down{{1, 1}, {2, 2}, {3, 3}}, Down{{1, 1}, {3, 4}}) == "[key] value; -key;");
}

TEST_CASE("walk(a, b, node) of optionals and variants") {
    using Maybe = std::optional<int>;
    CHECK(walked(Maybe(), Maybe(1)) == " appeared;");
    CHECK(walked(Maybe(1), Maybe()) == " vanished;");
    CHECK(walked(Maybe(1), Maybe(2)) == "*0 value;");
    CHECK(walked(Maybe(), Maybe()).empty());
    using Either = std::variant<int, std::string>;
    CHECK(walked(Either(1), Either("a")) == " replaced;");
    CHECK(walked(Either("b"), Either("a")) == "*1 value;");
}

TEST_CASE("walk(a, b, node) of structs opens what is nested and stops at what is indivisible") {
    every::Every a;
    every::Every b;
    b.nested.point.x = b.locked.point.x = 1;
    b.colour.r = 1;
    b.cache = 1;
    b.items.resize(1);
    CHECK(walked(a, b) == ".nested.point.x value;.colour value;.locked value;.items + 0>0;");
    CHECK(walked(every::Colour{1, 0, 0}, every::Colour{}) == " value;");
    CHECK(walked(every::Nothing{}, every::Nothing{}).empty());
}

TEST_CASE("nth(sequence, index)") {
    std::list<int> list{1, 2, 3};
    std::vector<int> vector{1, 2, 3};
    CHECK(*nth(list, 2) == 3);
    CHECK(*nth(vector, 1) == 2);
    CHECK(nth(vector, 3) == vector.end());
}
