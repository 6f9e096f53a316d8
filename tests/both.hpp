#pragma once
// What is constexpr is tested twice by one function that returns bool: by the compiler and at run time.

#include <doctest/doctest.h>

#define STET_BOTH(...)                \
    do {                              \
        static_assert(__VA_ARGS__()); \
        CHECK(__VA_ARGS__());         \
    } while (false)
