#pragma once
// How many cases the laws are asked for: 2,000 unless STET_CASES says otherwise, as the matrix does once. They are
// others each time, unless STET_SEED is a number: the matrix says the same of the same commit.

#include <cstdlib>
#include <string>

inline void use_params(std::string params) {
    if (const char* const seed = std::getenv("STET_SEED")) (params += " seed=") += seed;
    setenv("RC_PARAMS", params.c_str(), 0);
}
inline void use_cases() {
    const char* const cases = std::getenv("STET_CASES");
    use_params(std::string("max_success=") + (cases == nullptr ? "2000" : cases) + " max_size=120");
}

/// For long sequences of operations, which `programs` kinds of the same thing share: 300 each, or their part of a
/// quarter of STET_CASES. (All is looked at after each of some fifty operations, so that one takes as long as many
/// cases.)
inline void use_sequences(int programs, int size) {
    const char* const cases = std::getenv("STET_CASES");
    const int each = cases == nullptr ? 300 : (std::atoi(cases) / 4 + programs - 1) / programs;
    use_params("max_success=" + std::to_string(each) + " max_size=" + std::to_string(size));
}
