#pragma once
// The clock policy: what time it is. Order never depends on it.

#include <stet/revision.hpp>

#include <concepts>
#include <ctime>
#if defined(_WIN32) && !defined(TIME_UTC)
#include <sys/timeb.h>
#endif

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
#elif defined(_WIN32)
        // MinGW with the old msvcrt.dll has milliseconds.
        __timeb64 time{};
        _ftime64(&time);
        return static_cast<Time>(time.time) * 1'000'000'000 + time.millitm * 1'000'000;
#else
        // newlib has whole seconds.
        return static_cast<Time>(std::time(nullptr)) * 1'000'000'000;
#endif
    }
};

}  // namespace stet
