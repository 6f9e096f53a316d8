#pragma once
// What the targets share. Each is one file with one function, which libFuzzer calls with what it makes up, and
// replay.cpp with what is kept in tests/data/fuzz/TARGET: seeds, and every case that was found once.

#include <stet/text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "fuzz: does not hold: %s\n", what);
    std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// An error says something, all of which can be written.
template <class Error>
void require_said(const Error& error) {
    std::string text;
    error.write(stet::Writer(text));
    require(!text.empty() && !error.what().empty() && !error.fix().empty(), "an error says what, and how to fix it");
    static_cast<void>(error.why());
}

}  // namespace fuzz
