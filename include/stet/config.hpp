#pragma once
// Configuration: the only place with macros that a user may set, and with knowledge about compilers.

#include <cstdlib>

// Without an operating system what the C library brings with it counts, too.
#if defined(__unix__) || defined(__APPLE__) || defined(_WIN32)
#define STET_BARE 0
#else
#define STET_BARE 1
#endif

/// Called when a programming error is found (never for bad input, which comes back as a Result). `sentence` is a
/// string literal. Where there is an operating system it goes to stderr before the program aborts. Define it before the
/// first stet header to log or reset instead.
#ifndef STET_FAIL
#if !STET_BARE
#include <cstdio>
#define STET_FAIL(sentence) (std::fputs(sentence, stderr), std::fputc('\n', stderr), std::abort())
#else
#define STET_FAIL(sentence) std::abort()
#endif
#endif

/// Where the memory comes from that the library takes for itself, as for the steps of a History<T, N, Changes>; what
/// the fields of a struct take is theirs. Define both before the first stet header, in every file alike: STET_ALLOCATE
/// gives memory so aligned, or throws, or ends the program; STET_DEALLOCATE takes it back and gets the same numbers.
#if defined(STET_ALLOCATE) != defined(STET_DEALLOCATE)
#error "stet: define both STET_ALLOCATE and STET_DEALLOCATE, or neither"
#endif
#ifndef STET_ALLOCATE
#define STET_ALLOCATE(bytes, alignment) ::stet::detail::take_memory(bytes, alignment)
#define STET_DEALLOCATE(memory, bytes, alignment) ::stet::detail::give_memory(memory, alignment)
#endif

/// Define STET_NO_NAMES, in every file alike, to leave the names of fields and enumerators out of the program: paths
/// print as the numbers of the fields, from 0 (`1.2.0` for `motor.pid.kp`), and enumerators as theirs. What the
/// compiler reads stays as it is: `field<"motor.pid.kp">`, its messages, the fingerprint. Sentences stay, too, and
/// whoever writes his own with the names of fields in them has these in the program. For <stet/embedded.hpp>; what
/// parses paths or writes JSON at run time needs the names. Without it, names are constants, which stay in read-only
/// memory.
#ifdef STET_NO_NAMES
#define STET_KEEPS_NAMES 0
#else
#define STET_KEEPS_NAMES 1
#endif

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define STET_EXCEPTIONS 1
#else
#define STET_EXCEPTIONS 0
#endif

#if defined(_MSC_VER)
#define STET_NO_UNIQUE_ADDRESS [[msvc::no_unique_address]]
#define STET_PRETTY_FUNCTION __FUNCSIG__
#define STET_ALWAYS_INLINE __forceinline
#define STET_INLINE_LAMBDA
#define STET_NO_INLINE __declspec(noinline)
#else
#define STET_NO_UNIQUE_ADDRESS [[no_unique_address]]
#define STET_PRETTY_FUNCTION __PRETTY_FUNCTION__
#define STET_ALWAYS_INLINE inline __attribute__((always_inline))
#define STET_INLINE_LAMBDA __attribute__((always_inline))
#define STET_NO_INLINE __attribute__((noinline))
#endif

namespace stet::detail {

// Small code where that was asked for, and where memory is what there is least of.
#if defined(__OPTIMIZE_SIZE__) || (defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M')
inline constexpr bool optimised_for_size = true;
#else
inline constexpr bool optimised_for_size = false;
#endif
// Is a float compared by a function that stands in for a unit of the core?
#if STET_BARE && !defined(__ARM_FP) && !defined(__riscv_flen)
inline constexpr bool soft_floats = true;
#else
inline constexpr bool soft_floats = false;
#endif
inline constexpr bool keeps_names = STET_KEEPS_NAMES;

// Not constexpr: reaching it in a constant expression is a compile error that shows the sentence.
[[noreturn]] inline void fail([[maybe_unused]] const char* sentence) {
    STET_FAIL(sentence);
    std::abort();
}

}  // namespace stet::detail
