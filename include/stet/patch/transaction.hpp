#pragma once
// Changing a value in two steps: everything that can fail, then one that cannot; or back to where it was.

#include <stet/patch/patch.hpp>
#include <stet/patch/record_patch.hpp>

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet::detail {

template <class V>
concept nothrow_swappable = std::is_nothrow_swappable_v<V>;

/// A value that can be exchanged with another one without throwing, whatever its type says of its own moves.
template <class T>
class Slot {
public:
    explicit Slot(const T& value) : value_(value) {}
    explicit Slot(T&& value) : value_(std::move(value)) {}
    T& get() { return value_; }
    const T& get() const { return value_; }
    void exchange(Slot& other) noexcept {
        using std::swap;
        swap(value_, other.value_);
    }

private:
    T value_;
};
template <class T>
    requires(!nothrow_swappable<T>)
class Slot<T> {
public:
    explicit Slot(const T& value) : value_(new T(value)) {}
    explicit Slot(T&& value) : value_(new T(std::move(value))) {}
    Slot(Slot&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() { delete value_; }
    T& get() { return *value_; }
    const T& get() const { return *value_; }
    void exchange(Slot& other) noexcept { std::swap(value_, other.value_); }

private:
    T* value_;
};

/// A whole new value beside the current one.
template <class T>
class Replacement {
public:
    Replacement(Slot<T>& current, Slot<T>& draft) : current_(current), draft_(draft) {}
    const T& value() const { return draft_.get(); }
    void publish() noexcept { current_.exchange(draft_); }
    void withdraw() noexcept {}

private:
    Slot<T>& current_;
    Slot<T>& draft_;
};

template <class T>
constexpr bool leaves_swap() {
    bool all = true;
    for_each_leaf<T>([&]<std::size_t L>() { all = all && nothrow_swappable<leaf_type<T, L>>; });
    return all;
}

/// Can leaf `L` be set without a copy of all others? Not where there is no such leaf, nor where no patch sees it.
template <class T, std::size_t L>
constexpr bool set_alone() {
    if constexpr (flat<T> || L == not_found) return false;
    else return !leaf_marks<T, L>.transient;
}

/// A patch carried out on the current value itself; unless it is published, the value goes back to what it was. Costs
/// what the patch touches.
template <class T>
class InPlace {
    // A leaf as it was, where going back could need memory.
    struct Saved {
        void* leaf;
        void (*swap)(T&, void*) noexcept;
        void (*destroy)(void*) noexcept;
    };

public:
    InPlace(Slot<T>& current, const Patch<T>& patch, bool taking_back = false)
        : value_(current.get()), patch_(&patch), taking_back_(taking_back) {
        if (patch.nothrow()) {
            go(taking_back_);
            return;
        }
        Cleanup cleanup{this};  // the destructor does not run if this constructor throws
        save();
        changed_ = true;
        go(taking_back_);
        cleanup.self = nullptr;
    }
    InPlace(const InPlace&) = delete;
    InPlace& operator=(const InPlace&) = delete;
    ~InPlace() {
        if (patch_ != nullptr) back();
        forget();
    }

    const T& value() const { return value_; }
    void publish() noexcept { patch_ = nullptr; }
    /// Back to what was there, at once: somebody is about to look.
    void withdraw() noexcept {
        back();
        patch_ = nullptr;
    }

private:
    struct Cleanup {
        InPlace* self;
        ~Cleanup() {
            if (self == nullptr) return;
            if (self->changed_) self->back();
            self->forget();
        }
    };

    void go(bool backwards) {
        if (backwards) Apply::undo(*patch_, value_);
        else Apply::trusted(*patch_, value_);
    }
    void save() {
        std::size_t touched = 0;
        for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf) touched += patch_->leaves()[leaf] ? 1 : 0;
        saved_.reserve(touched);
        for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf) {
            if (!patch_->leaves()[leaf]) continue;
            with_leaf<T>(leaf, [&]<std::size_t L>() {
                using V = leaf_type<T, L>;
                saved_.push_back({new V(get_leaf<L>(value_)),
                                  [](T& value, void* leaf_before) noexcept {
                                      using std::swap;
                                      swap(get_leaf<L>(value), *static_cast<V*>(leaf_before));
                                  },
                                  [](void* leaf_before) noexcept { delete static_cast<V*>(leaf_before); }});
            });
        }
    }
    void back() noexcept {
        if (saved_.empty()) go(!taking_back_);
        for (const Saved& saved : saved_) saved.swap(value_, saved.leaf);
    }
    void forget() noexcept {
        for (const Saved& saved : saved_) saved.destroy(saved.leaf);
    }

    T& value_;
    const Patch<T>* patch_;
    std::vector<Saved> saved_;
    bool taking_back_;
    bool changed_ = false;
};

}  // namespace stet::detail
