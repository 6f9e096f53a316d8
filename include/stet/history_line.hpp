#pragma once
// The steps of a `History` in a line, with a cursor and a mark: a new one takes the place of those that were undone.

#include <stet/config.hpp>
#include <stet/patch/journal.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace stet::detail {

template <class T, std::size_t N>
class StepLine : public Journal<T> {
public:
    static constexpr bool branching = false;

    StepLine() : Journal<T>(N - 1) {}

    std::size_t position() const { return position_; }
    STET_ALWAYS_INLINE void go_to(std::size_t position) noexcept { position_ = position; }

    /// So that `keep` and `take_back` cannot fail.
    static void make_room() {}
    /// After the current position goes what `push` makes; the oldest step goes if there is no more room.
    template <class Push>
    STET_ALWAYS_INLINE void keep(const Push& push) noexcept {
        if constexpr (N > 1) {
            this->keep_first(position_);
            if (position_ == N - 1) this->pop_front();
            push();
        }
        if (saved_ != none && saved_ > position_) saved_ = none;
        if (position_ != N - 1) ++position_;
        else if (saved_ != none) --saved_;
        if (this->over_limit()) trim();
    }
    /// The same for an open step of one change of bytes.
    STET_ALWAYS_INLINE void keep_change(typename Journal<T>::Open& open) noexcept {
        if constexpr (N > 1) {
            if (position_ == N - 1 && open.keep_change_for_first()) {
                if (saved_ != none) --saved_;
                return;
            }
        }
        keep([&] { open.keep_change(); });
    }
    /// The last step, which was the last thing done, goes.
    void take_back() noexcept {
        forget_mark();
        this->keep_first(--position_);
    }
    void replace_last(std::uint64_t time) noexcept {
        forget_mark();
        this->replace_last_by_own(time);
        trim();
    }
    void trim_all() noexcept {
        trim();
        while (this->over_limit() && this->size() > position_) this->keep_first(this->size() - 1);
        if (saved_ != none && saved_ > this->size()) saved_ = none;
    }

    /// All steps go; the current state is another one than all that they led to.
    void forget() noexcept {
        this->keep_first(0);
        position_ = 0;
        saved_ = none;
    }

    void mark_saved() { saved_ = position_; }
    void mark_unsaved() { saved_ = none; }
    bool saved(std::size_t position) const { return saved_ == position; }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);  // also what comes before 0

    void forget_mark() noexcept {
        if (saved_ == position_) saved_ = none;
    }
    // What has just been made stays, whatever it takes.
    STET_NO_INLINE void trim() noexcept {
        while (this->over_limit() && position_ > 1) {
            this->pop_front();
            --position_;
            if (saved_ != none) --saved_;
        }
    }

    std::size_t position_ = 0;
    std::size_t saved_ = 0;  // the position at which it was saved
};

}  // namespace stet::detail
