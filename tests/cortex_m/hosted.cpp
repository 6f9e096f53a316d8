// For tests: newlib prints through QEMU, and the exit code comes back.

#include <cstdlib>

extern "C" {

int call_main(int, char**) asm("main");
void initialise_monitor_handles();
void __libc_init_array();  // NOLINT
void _init() {}            // NOLINT
void _fini() {}            // NOLINT

[[noreturn]] void run() {
    initialise_monitor_handles();
    __libc_init_array();
    std::exit(call_main(0, nullptr));
}
}
