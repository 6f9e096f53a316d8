#pragma once
// How many cases the laws are asked for: 2,000 unless STET_CASES says otherwise, as the matrix does once.

#include <cstdlib>
#include <string>

inline void use_cases() {
    const char* const cases = std::getenv("STET_CASES");
    const std::string params = std::string("max_success=") + (cases == nullptr ? "2000" : cases) + " max_size=120";
    setenv("RC_PARAMS", params.c_str(), 0);
}
