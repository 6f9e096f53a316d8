#pragma once
// The clock policy: what time it is. Order never depends on it.

#include <stet/revision.hpp>

#include <concepts>
#include <ctime>

namespace stet {

/// Anything with `now()`, in nanoseconds since 1970 UTC.
template <class C>
concept clock_policy = requires(C& clock) {
    { clock.now() } -> std::same_as<Time>;
};

/// The machine's calendar clock.
class SystemClock {
public:
    Time now() const {
#ifdef TIME_UTC
        std::timespec time{};
        if (std::timespec_get(&time, TIME_UTC) == 0) return 0;
        return static_cast<Time>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
#else  // newlib has whole seconds
        return static_cast<Time>(std::time(nullptr)) * 1'000'000'000;
#endif
    }
};

}  // namespace stet
