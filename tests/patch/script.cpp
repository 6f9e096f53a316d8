#include <stet/patch/script.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

struct Letters {
    std::string_view a, b;
    std::size_t& compared;

    constexpr std::size_t run(std::size_t x, std::size_t y, std::size_t most) const {
        std::size_t count = 0;
        while (count < most && a[x + count] == b[y + count]) ++count;
        compared += count + 1;
        return count;
    }
    constexpr std::size_t run_before(std::size_t x, std::size_t y, std::size_t most) const {
        std::size_t count = 0;
        while (count < most && a[x - count - 1] == b[y - count - 1]) ++count;
        compared += count + 1;
        return count;
    }
};

struct Found {
    std::size_t replaced = 0, erased = 0, inserted = 0, compared = 0;
    constexpr bool operator==(const Found& other) const {
        return replaced == other.replaced && erased == other.erased && inserted == other.inserted;
    }
};

constexpr Found script(std::string_view a, std::string_view b) {
    Found found;
    const Letters letters{a, b, found.compared};
    const auto replaced = [&found](std::size_t x, std::size_t x_end, std::size_t y, std::size_t y_end) {
        ++found.replaced;
        found.erased += x_end - x;
        found.inserted += y_end - y;
    };
    stet::detail::EditScript<Letters, decltype(replaced)>(letters, replaced).run(0, a.size(), b.size());
    return found;
}

// As text: what stays, and in brackets what goes and comes.
std::string shown(std::string_view a, std::string_view b) {
    std::string text;
    std::size_t compared = 0;
    std::size_t at = 0;
    const Letters letters{a, b, compared};
    const auto replaced = [&](std::size_t x, std::size_t x_end, std::size_t y, std::size_t y_end) {
        text += a.substr(at, x - at);
        text += '[';
        text += a.substr(x, x_end - x);
        text += '>';
        text += b.substr(y, y_end - y);
        text += ']';
        at = x_end;
    };
    stet::detail::EditScript<Letters, decltype(replaced)>(letters, replaced).run(0, a.size(), b.size());
    text += a.substr(at);
    return text;
}

static_assert(script("", "") == Found{0, 0, 0, 0});

}  // namespace

TEST_CASE("EditScript: what stays, and what is replaced between") {
    CHECK(shown("", "").empty());
    CHECK(shown("abc", "abc") == "abc");
    CHECK(shown("", "abc") == "[>abc]");
    CHECK(shown("abc", "") == "[abc>]");
    CHECK(shown("abc", "xbc") == "[a>x]bc");
    CHECK(shown("abc", "axc") == "a[b>x]c");
    CHECK(shown("abcdef", "xabcdefy") == "[>x]abcdef[>y]");
    CHECK(shown("xabcdefy", "abcdef") == "[x>]abcdef[y>]");
    CHECK(shown("abcdefgh", "aXcdefYh") == "a[b>X]cdef[g>Y]h");
    CHECK(shown("abcdefgh", "cdefghab") == "[ab>]cdefgh[>ab]");
}

TEST_CASE("EditScript: as little as possible comes and goes") {
    const Found found = script("abcabba", "cbabac");  // the example of the paper
    CHECK(found.erased == 3);
    CHECK(found.inserted == 2);
}

TEST_CASE("EditScript: what changed where it is stays there, if nothing is shorter") {
    CHECK(shown("aaaaaaaa", "aaXaaYaa") == "aa[a>X]aa[a>Y]aa");
    CHECK(shown("aaaaaaaaa", "XbaaaaaYaa") == "[>Xb]aaaaa[aa>Y]aa");
    CHECK(shown("abababab", "babababa") == "[a>]bababab[>a]");
}

TEST_CASE("EditScript: where more changes than it looks for, all between the ends is replaced") {
    const auto two = [](char letter, std::size_t size) {
        return '<' + std::string(size, letter) + "-" + std::string(size, letter) + '>';
    };
    CHECK(script(two('a', 16), two('b', 16)) == Found{2, 32, 32, 0});
    CHECK(script(two('a', 16), two('b', 17)) == Found{2, 32, 34, 0});
    CHECK(script(two('a', 100), two('b', 101)) == Found{1, 201, 203, 0});
    CHECK(script(two('a', 100), two('b', 100)) == Found{2, 200, 200, 0});
}

TEST_CASE("EditScript: what is spent is bounded") {
    const std::string same(5000, 'a');
    std::string a;
    std::string b;
    for (int i = 0; i < 40; ++i) {
        a += "x" + same;
        b += same + "y";
    }
    CHECK(script(a, b).compared < 20 * (a.size() + b.size()));
}
