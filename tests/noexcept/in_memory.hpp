#pragma once
// Where a text stands in the memory that this program brought along: in what is never written (which firmware leaves in
// flash), or in what is (which it copies to RAM). Debug information is not loaded, and does not count.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#if defined(__has_feature)
#define STET_CLANG_SANITIZES (__has_feature(address_sanitizer) || __has_feature(undefined_behavior_sanitizer))
#else
#define STET_CLANG_SANITIZES 0
#endif

namespace in_memory {

struct Found {
    int constant = 0;
    int writable = 0;
};

// Sanitizers bring names of their own, and watch what lies between constants.
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !STET_CLANG_SANITIZES
inline constexpr bool known = true;

/// `shifted` is the text with each character one further, so that it is not found where it is asked for.
inline Found find(std::string shifted) {
    for (char& c : shifted) c = static_cast<char>(c - 1);
    std::FILE* const maps = std::fopen("/proc/self/maps", "r");
    Found found;
    char line[4096];
    std::string own;
    while (maps != nullptr && std::fgets(line, sizeof line, maps) != nullptr) {
        unsigned long begin = 0;
        unsigned long end = 0;
        char rights[8]{};
        char path[4000]{};
        if (std::sscanf(line, "%lx-%lx %7s %*s %*s %*s %3999s", &begin, &end, rights, path) != 4) continue;
        if (own.empty()) own = path;  // the program itself comes first
        if (own != path || rights[0] != 'r') continue;
        const auto* const bytes = reinterpret_cast<const char*>(static_cast<std::uintptr_t>(begin));
        for (std::size_t at = 0; at + shifted.size() <= end - begin; ++at)
            if (std::memcmp(bytes + at, shifted.data(), shifted.size()) == 0)
                ++(rights[1] == 'w' ? found.writable : found.constant);
    }
    if (maps != nullptr) std::fclose(maps);
    return found;
}
#else
inline constexpr bool known = false;
inline Found find(const std::string&) { return {}; }
#endif

}  // namespace in_memory
