#include <stet/text.hpp>

#include "both.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using stet::FixedText;
using stet::Writer;

namespace {

template <class... Parts>
std::string written(const Parts&... parts) {
    std::string text;
    const Writer out(text);
    (out << ... << parts);
    return text;
}

// All a sink needs is append(const char*, size_t).
struct CountingSink {
    std::size_t characters = 0;
    std::size_t calls = 0;
    void append(const char*, std::size_t size) {
        characters += size;
        ++calls;
    }
};

constexpr bool fixed_text_keeps_what_fits() {
    FixedText<8> text("llm");
    text.append(".model", 5);
    return text == "llm.mode" && text.view().size() == 8 && !text.empty();
}

constexpr bool fixed_text_marks_what_was_cut() {
    FixedText<8> text("llm.model");
    const bool cut = text == "llm.m...";
    text.append("x", 1);  // after a cut nothing is added
    FixedText<8> shorter("abc\u20acfgh");
    shorter.append("x", 1);  // though it would fit
    return cut && text == "llm.m..." && shorter == "abc...";
}

constexpr bool fixed_text_is_not_cut_inside_a_character() {
    // "é" is two bytes, "€" three, and the cut would fall inside each of them
    FixedText<8> two("abcd\u00e9fgh");
    FixedText<8> three("abc\u20acfgh");
    FixedText<8> three_later("abcd\u20acgh");
    FixedText<8> four("ab\U0001F600defg");
    return two == "abcd..." && three == "abc..." && three_later == "abcd..." && four == "ab...";
}

constexpr bool fixed_text_is_cut_in_a_later_append() {
    FixedText<8> text("12345678");
    text.append("", 0);
    const bool whole = text == "12345678";
    text.append("9", 1);
    return whole && text == "12345...";
}

constexpr bool fixed_text_starts_empty() {
    const FixedText<4> nothing;
    const FixedText<4> also_nothing{std::string_view{}};
    return nothing.empty() && nothing == "" && also_nothing.empty() && std::string_view(nothing).empty();
}

}  // namespace

TEST_CASE("Writer(sink)") {
    CountingSink sink;
    const Writer out(sink);
    out << "ab" << 'c' << std::string_view("de") << 42;
    CHECK(sink.characters == 7);
    CHECK(sink.calls == 4);
}

TEST_CASE("Writer << text") {
    CHECK(written("a", 'b', std::string_view("c"), std::string("d")) == "abcd");
    CHECK(written(std::string_view("a\0b", 3)).size() == 3);
    CHECK(written("") == "");
}

TEST_CASE("Writer << integer") {
    CHECK(written(0, ' ', -1, ' ', 42U) == "0 -1 42");
    CHECK(written(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(written(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    // small integers are numbers, not characters
    CHECK(written(std::int8_t{-5}, ' ', std::uint8_t{65}, ' ', static_cast<short>(7)) == "-5 65 7");
}

TEST_CASE("Writer << floating point: the shortest that reads back as the same number") {
    CHECK(written(0.1) == "0.1");
    CHECK(written(0.1F) == "0.1");
    CHECK(written(1e300) == "1e+300");
    CHECK(written(-0.0) == "-0");
    CHECK(written(std::numeric_limits<double>::infinity()) == "inf");
    CHECK(written(1.5L) == "1.5");
    const double third = 1.0 / 3;
    CHECK(std::stod(written(third)) == third);
    CHECK(written(std::numeric_limits<double>::denorm_min()) == "5e-324");
    CHECK(written(-std::numeric_limits<double>::max()).size() < 48);
}

TEST_CASE("FixedText<N>") {
    STET_BOTH(fixed_text_keeps_what_fits);
    STET_BOTH(fixed_text_marks_what_was_cut);
    STET_BOTH(fixed_text_is_not_cut_inside_a_character);
    STET_BOTH(fixed_text_is_cut_in_a_later_append);
    STET_BOTH(fixed_text_starts_empty);
}

TEST_CASE("Writer(FixedText<N>)") {
    FixedText<12> text;
    Writer(text) << "limit " << 4096 << '.' << " and more";
    CHECK(text == "limit 409...");
}
