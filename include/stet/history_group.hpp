#pragma once
// Many commits, one step.

#include <stet/reflect/sentences.hpp>

#include <stet/config.hpp>
#include <stet/result.hpp>

#include <utility>

namespace stet {

/// An open group of a `History`: until it ends, all that is committed becomes one step, or none if nothing is left of
/// it. Groups inside groups belong to the outermost one, and end in reverse order. While one is open there is no undo,
/// redo or go_to, and the history must be neither moved nor copied. With Changes the outermost one composes what was
/// changed in it: O(n log n) for n changes, most of it along the way.
template <class States>
class [[nodiscard(
    "stet: group: it ends with the object that is returned here; write auto drag = "
    "history.group(\"drag\");")]] StepGroup {
public:
    constexpr StepGroup(States& states, typename States::Name name) : states_(&states), frame_(states.open(name)) {}
    constexpr StepGroup(StepGroup&& other) noexcept
        : states_(std::exchange(other.states_, nullptr)), frame_(static_cast<typename States::Frame&&>(other.frame_)) {}
    StepGroup& operator=(StepGroup&&) = delete;
    /// As `close`. A destructor tells nobody: where memory runs out, the value stays as it is, and no step is left to
    /// go back to.
    constexpr ~StepGroup() {
        if constexpr (requires { states_->forget_steps(frame_); }) end_without_fail();
        else close();
    }

    /// Ends it now. With Changes the outermost one needs memory for its step: what `bad_alloc` or a copy of a value
    /// throws passes through, and the group stays open, to be closed or cancelled.
    constexpr void close() {
        if (states_ == nullptr) return;
        states_->close(frame_);
        states_ = nullptr;
    }
    /// Ends it, and goes back to the value at its begin. Errors: `group_open` if a group inside it is still open, and
    /// `in_notification`; then it stays open. One that has ended stays as it is.
    constexpr Result<void, typename States::E> cancel() {
        if (states_ == nullptr) return {};
        auto done = states_->cancel(frame_);
        if (done) states_ = nullptr;
        return done;
    }

private:
    void end_without_fail() noexcept {
#if STET_EXCEPTIONS
        try {
            close();
        } catch (...) {
            states_->forget_steps(frame_);
        }
#else
        close();
#endif
    }

    States* states_;
    typename States::Frame frame_;
};

namespace detail {

// Of a destructor, which has nobody to tell.
inline void fail_inner_group() {
    fail("stet: group: a group inside it is still open; groups end in the reverse of the order in which they began");
}

}  // namespace detail
}  // namespace stet
