#pragma once
// What every verb answers: a value or an error. Nothing here throws but `value()`.

#include <stet/config.hpp>
#include <stet/error.hpp>
#include <stet/fwd.hpp>
#include <stet/text.hpp>

#include <concepts>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#if STET_EXCEPTIONS
#include <exception>
#endif

namespace stet {

#if STET_EXCEPTIONS
/// Thrown by `Result::value()` where there is none.
class BadResult : public std::exception {
public:
    explicit BadResult(std::string_view text) : text_(FixedText<479>(text).view()) { text_.append("\0", 1); }
    const char* what() const noexcept override { return text_.view().data(); }

private:
    FixedText<480> text_;
};
#endif

/// Wraps an error on its way into a `Result`: `return stet::Failure(error)`.
template <class E>
struct Failure {
    E error;
};
template <class E>
Failure(E) -> Failure<E>;

namespace detail {

struct MakeError {};  // in its place: on a small stack, copies of an error count
struct Undecided {};  // what it is will be said where it is: neither may be asked for before

// What a verb does that begins as refused, and may yet succeed.
struct ResultAccess {
    template <class V, class E>
    static constexpr auto& violations(Result<V, E>& result) {
        return result.error_.details_.list();
    }
    template <class V, class E>
    static void succeed(Result<V, E>& result, V value) {
        ::new (static_cast<void*>(&result.value_)) V(value);
        result.has_ = true;
    }
    template <class V, class E, class... Parts>
    static void fail(Result<V, E>& result, const Parts&... parts) {
        ::new (static_cast<void*>(&result.error_)) E(parts...);
    }
    template <class E>
    static constexpr void succeed(Result<void, E>& result) {
        result.value_ = {};
        result.has_ = true;
    }
};

}  // namespace detail

/// A value or an error, in the shape of `std::expected`. It must be looked at.
template <class V, class E>
class [[nodiscard(
    "stet: a Result says whether it was done, and if not, why; look at it, or write (void) before the call")]] Result {
    struct Nothing {};
    static constexpr bool is_void = std::is_void_v<V>;
    using Value = std::conditional_t<is_void, Nothing, V>;
    static constexpr bool trivial = std::is_trivially_copyable_v<Value> && std::is_trivially_copyable_v<E>;

public:
    using value_type = V;
    using error_type = E;

    constexpr Result()
        requires is_void
        : value_(), has_(true) {}
    template <class U = Value>
        requires(!is_void && std::is_constructible_v<Value, U &&> && !std::is_same_v<std::remove_cvref_t<U>, Result>)
    constexpr Result(U&& value) : value_(static_cast<U&&>(value)), has_(true) {}
    template <class F>
    constexpr Result(Failure<F> failure) : error_(static_cast<F&&>(failure.error)), has_(false) {}
    template <class... Parts>
    constexpr explicit Result(detail::MakeError, const Parts&... parts) : error_(parts...), has_(false) {}
    constexpr explicit Result(detail::Undecided) : has_(false) {}
    /// A result with another error type, such as that of a flat struct, becomes the common one.
    template <class F>
        requires(!std::is_same_v<F, E> && std::is_constructible_v<E, const F&>)
    Result(const Result<V, F>& other) : has_(other.has_value()) {
        if (!has_) ::new (static_cast<void*>(&error_)) E(other.error());
        else if constexpr (is_void) ::new (static_cast<void*>(&value_)) Value();
        else ::new (static_cast<void*>(&value_)) Value(*other);
    }

    constexpr Result(const Result&)
        requires trivial
    = default;
    Result(const Result& other)
        requires(!trivial)
        : has_(other.has_) {
        if (has_) ::new (static_cast<void*>(&value_)) Value(other.value_);
        else ::new (static_cast<void*>(&error_)) E(other.error_);
    }
    constexpr Result(Result&&)
        requires trivial
    = default;
    Result(Result&& other) noexcept(std::is_nothrow_move_constructible_v<Value> &&
                                    std::is_nothrow_move_constructible_v<E>)
        requires(!trivial)
        : has_(other.has_) {
        if (has_) ::new (static_cast<void*>(&value_)) Value(static_cast<Value&&>(other.value_));
        else ::new (static_cast<void*>(&error_)) E(static_cast<E&&>(other.error_));
    }
    Result& operator=(const Result&) = delete;
    constexpr ~Result()
        requires(std::is_trivially_destructible_v<Value> && std::is_trivially_destructible_v<E>)
    = default;
    constexpr ~Result() {
        if (has_) value_.~Value();
        else error_.~E();
    }

    constexpr bool has_value() const { return has_; }
    constexpr explicit operator bool() const { return has_; }

    /// The value; asking for it where there is none is a programming error.
    constexpr Value& operator*() & { return held(); }
    constexpr const Value& operator*() const& { return const_cast<Result*>(this)->held(); }
    constexpr Value&& operator*() && { return static_cast<Value&&>(held()); }
    constexpr Value* operator->() { return &held(); }
    constexpr const Value* operator->() const { return &const_cast<Result*>(this)->held(); }

    /// The error; asking for it where there is a value is a programming error.
    constexpr const E& error() const& {
        if (has_) detail::fail("stet: Result::error(): there is a value; test the result first");
        return error_;
    }
    constexpr E&& error() && {
        if (has_) detail::fail("stet: Result::error(): there is a value; test the result first");
        return static_cast<E&&>(error_);
    }

    /// The value, or an exception (without exceptions: the end) with the error's text.
    constexpr decltype(auto) value() & { return (static_cast<void>(checked()), held_or_void(held())); }
    constexpr decltype(auto) value() const& {
        return (static_cast<void>(checked()),
                held_or_void(static_cast<const Value&>(const_cast<Result*>(this)->held())));
    }
    constexpr decltype(auto) value() && {
        return (static_cast<void>(checked()), held_or_void(static_cast<Value&&>(held())));
    }
    template <class U>
        requires(!is_void)
    constexpr V value_or(U&& other) const& {
        return has_ ? value_ : static_cast<V>(static_cast<U&&>(other));
    }

    template <class U>
        requires(!is_void &&
                 requires(const Value& a, const U& b) {
                     { a == b } -> std::convertible_to<bool>;
                 })
    constexpr bool operator==(const U& other) const {
        return has_ && value_ == other;
    }

private:
    friend struct detail::ResultAccess;

    template <class U>
    static constexpr decltype(auto) held_or_void(U&& value) {
        if constexpr (is_void) return;
        else return static_cast<U&&>(value);
    }
    constexpr Value& held() {
        if (!has_) detail::fail("stet: the result holds an error; test it before reading the value");
        return value_;
    }
    constexpr bool checked() const {
#if STET_EXCEPTIONS
        if (!has_) throw_error();
#endif
        return has_;
    }
#if STET_EXCEPTIONS
    [[noreturn]] void throw_error() const {
        FixedText<470> text;
        error_.write(Writer(text));
        throw BadResult(text);
    }
#endif

    union {
        Value value_;
        E error_;
    };
    bool has_;
};

}  // namespace stet
