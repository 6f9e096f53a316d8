#include <stet/config.hpp>

#include <doctest/doctest.h>

#include <type_traits>

namespace {

struct Empty {};
struct OtherEmpty {};
struct Both {
    STET_NO_UNIQUE_ADDRESS Empty one;
    STET_NO_UNIQUE_ADDRESS OtherEmpty other;
    int value;
};

}  // namespace

TEST_CASE("STET_EXCEPTIONS: whether there are any") {
#if defined(__cpp_exceptions)
    CHECK(STET_EXCEPTIONS == 1);
#else
    CHECK(STET_EXCEPTIONS == 0);
#endif
}

TEST_CASE("STET_NO_UNIQUE_ADDRESS: an empty member takes no place") {
    static_assert(sizeof(Both) == sizeof(int));
    CHECK(Both{{}, {}, 5}.value == 5);
}
