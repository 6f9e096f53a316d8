#pragma once
// Interrupts and the tasks of an RTOS, on a core without compare-and-swap: two functions of the user's, between which
// nobody else runs.

#include <stet/fwd.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace stet {

/// `enter()` and `leave()`, or `leave(what enter returned)`: turning interrupts off and on again, or a mutex of the
/// RTOS.
template <class S>
concept critical_section = requires(S& section) { section.leave(section.enter()); } || requires(S& section) {
    section.enter();
    section.leave();
};

/// A policy of `Stored`: its value may be read and changed by several tasks and interrupts. The section is entered only
/// to copy a value or a flag, never while the device works or a function of yours runs; a change that comes while
/// another one is under way is refused with `busy`, for an interrupt cannot wait.
template <class CriticalSection>
class Locked {
    using Section = CriticalSection;
    static_assert(critical_section<Section>,
                  "stet: Locked<CriticalSection>: it lacks void enter() and void leave(), or a leave() that takes what "
                  "enter() returns");

public:
    constexpr Locked() = default;
    constexpr explicit Locked(Section section) : section_(static_cast<Section&&>(section)) {}

    /// Calls `f()` between `enter` and `leave`.
    template <class F>
    decltype(auto) alone(const F& f) {
        if constexpr (requires { section_.leave(section_.enter()); }) {
            struct Inside {
                Section& section;
                decltype(std::declval<Section&>().enter()) before;
                ~Inside() { section.leave(before); }
            } const inside{section_, section_.enter()};
            return f();
        } else {
            struct Inside {
                Section& section;
                ~Inside() { section.leave(); }
            } const inside{section_};
            inside.section.enter();
            return f();
        }
    }

private:
    Section section_;
};

namespace detail {

struct NotLocked {
    template <class F>
    static constexpr decltype(auto) alone(const F& f) {
        return f();
    }
};

template <class>
inline constexpr bool is_locked = false;
template <class Section>
inline constexpr bool is_locked<Locked<Section>> = true;

}  // namespace detail
}  // namespace stet
