#include <stet/stet.hpp>

#if defined(_GLIBCXX_MEMORY) || defined(_GLIBCXX_FUNCTIONAL) || defined(_GLIBCXX_CHRONO) || \
    defined(_GLIBCXX_ATOMIC) || defined(_GLIBCXX_MUTEX) || defined(_GLIBCXX_ISTREAM) || defined(_GLIBCXX_OSTREAM)
#define BROUGHT_TOO_MUCH 1
#else
#define BROUGHT_TOO_MUCH 0
#endif

#include "bot.hpp"

#include <doctest/doctest.h>

using stet::field;

TEST_CASE("stet.hpp: brings no memory, functional, chrono, atomic, mutex or stream") { CHECK(BROUGHT_TOO_MUCH == 0); }

TEST_CASE("stet.hpp: the names are found without a prefix where using declarations bring them") {
    using stet::check;
    using stet::diff;
    using stet::text;
    stet::Versioned settings{bot::Settings{}};
    REQUIRE(settings.set(field<"port">, 2));
    CHECK(text(*settings.diff(1, 2)) == "~ port: 8080 -> 2");
    CHECK(check(settings.current()).empty());
    CHECK(diff(settings.current(), settings.current()).empty());
}
