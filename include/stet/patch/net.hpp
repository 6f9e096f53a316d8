#pragma once
// Changes that make up for each other: what went from one place of a sequence or text and came back at another can
// leave it as it was, and no record says so.

#include <stet/patch/read_records.hpp>
#include <stet/patch/record_patch.hpp>

#include <cstddef>

namespace stet::detail {

/// A node that finds out whether that is possible, without the value.
class MayCancel : public PassBy {
public:
    explicit MayCancel(bool& found) : found_(&found) {}

    void spliced(const Splice& splice) {
        gained_ += splice.inserted.size() - splice.erased.size();
        if (++parts_ > 1 && gained_ == 0) *found_ = true;
    }
    template <class T, std::size_t L>
    MayCancel leaf() const {
        return MayCancel(*found_);
    }
    MayCancel element(std::size_t, std::size_t) const { return MayCancel(*found_); }
    template <class Key>
    MayCancel entry(const Key&) const {
        return MayCancel(*found_);
    }
    template <class V, std::size_t>
    MayCancel content() const {
        return MayCancel(*found_);
    }
    template <class E>
    void inserted(std::size_t, std::size_t, const E& element) {
        meet(element, came_, went_);
    }
    template <class E>
    void erased(std::size_t, std::size_t, const E& element) {
        meet(element, went_, came_);
    }

private:
    // Some elements of one sequence; of more than that it is not asked which they are.
    struct Few {
        static constexpr std::size_t most = 4;
        std::size_t count = 0;
        const void* at[most];
    };
    template <class E>
    void meet(const E& element, Few& these, const Few& others) {
        for (std::size_t i = 0; i < others.count; ++i)
            if (i >= Few::most || detail::same(element, *static_cast<const E*>(others.at[i]))) *found_ = true;
        if (these.count < Few::most) these.at[these.count] = &element;
        ++these.count;
    }

    bool* found_;
    std::size_t gained_ = 0;  // wraps around below zero, and back
    std::size_t parts_ = 0;
    Few came_, went_;
};

/// What is left of a patch that led to `after`. O(records), and O(value) only where they could make up for each other.
template <class T, class P>
P net(P patch, const T& after) {
    if (patch.empty()) return patch;
    bool possible = false;
    ChangeReader changes = patch.changes();
    show<false, T>(changes, MayCancel(possible));
    if (!possible) return patch;
    T before(after);
    patch.template carry_out<Trust::known>(before, !patch.is_inverted());
    return P(before, after);
}

}  // namespace stet::detail
