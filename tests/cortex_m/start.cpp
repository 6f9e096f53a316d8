// What runs before main(): as small as it can be.

#include <cstdint>
#include <cstdlib>

extern "C" {

extern std::uint32_t data_begin[], data_end[], data_image[], bss_begin[], bss_end[], stack_top[];
[[noreturn]] void run();  // in hosted.cpp or bare.cpp

[[noreturn]] void reset() {
    const std::uint32_t* from = data_image;
    for (std::uint32_t* to = data_begin; to != data_end; ++to) *to = *from++;
    for (std::uint32_t* to = bss_begin; to != bss_end; ++to) *to = 0;
    run();
}
[[noreturn]] void fault() { std::abort(); }

using Handler = void (*)();
struct Vectors {
    void* stack;
    Handler reset, faults[5];
};
[[gnu::used, gnu::section(".vectors")]] extern const Vectors vectors{
    stack_top, reset, {fault, fault, fault, fault, fault}};
}
