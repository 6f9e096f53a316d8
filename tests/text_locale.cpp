#include <stet/text.hpp>

#include <doctest/doctest.h>

#include <locale>
#include <string>

TEST_CASE("Writer does not know the locale") {
    struct Comma : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Comma));
    std::string text;
    stet::Writer(text) << 1234567 << ' ' << 1.5;
    CHECK(text == "1234567 1.5");
    std::locale::global(before);
}
