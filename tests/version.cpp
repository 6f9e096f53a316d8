#include <stet/version.hpp>

#include <doctest/doctest.h>

// CMake and the package files read these macros; they must be plain numbers the preprocessor can compare.
#if STET_VERSION_MAJOR < 0 || STET_VERSION_MINOR < 0 || STET_VERSION_PATCH < 0
#error "the version is not made of numbers"
#endif

TEST_CASE("STET_VERSION_*") {
    static_assert(STET_VERSION_MAJOR * 10000 + STET_VERSION_MINOR * 100 + STET_VERSION_PATCH > 0);
    CHECK(STET_VERSION_MINOR < 100);
    CHECK(STET_VERSION_PATCH < 100);
}
