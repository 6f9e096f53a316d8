#pragma once
// What most histories do not have, and then do not pay for.

#include <utility>

namespace stet::detail {

/// A pointer that owns; a copy gets what `clone` makes.
template <class X>
class Part {
public:
    Part() = default;
    explicit Part(X* owned) : owned_(owned) {}
    Part(const Part& other) : owned_(other.owned_ == nullptr ? nullptr : other.owned_->clone()) {}
    Part(Part&& other) noexcept : owned_(std::exchange(other.owned_, nullptr)) {}
    Part& operator=(const Part& other) { return *this = Part(other); }
    Part& operator=(Part&& other) noexcept {
        Part moved(std::move(other));
        std::swap(owned_, moved.owned_);
        return *this;
    }
    ~Part() { delete owned_; }

    explicit operator bool() const { return owned_ != nullptr; }
    X& operator*() const { return *owned_; }
    X* operator->() const { return owned_; }
    X* release() { return std::exchange(owned_, nullptr); }

private:
    X* owned_ = nullptr;
};

}  // namespace stet::detail
