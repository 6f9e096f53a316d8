// expect: stet: History<T, N>: it keeps a million states at most; write a smaller N
// expect: compile_fail/history_of_millions.cpp:
// not: boost/pfr
#include <stet/stet.hpp>

struct Config {
    int rpm = 3000;
};
#ifdef FAIL
constexpr std::size_t states = 1'000'001;
#else
constexpr std::size_t states = 1'000'000;
#endif

int main() { return stet::History<Config, states, stet::Changes>(Config{}).can_undo() ? 1 : 0; }
