#pragma once
// All memory that the library takes for itself goes through here, to STET_ALLOCATE of config.hpp.

#include <stet/config.hpp>

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace stet::detail {

// What STET_ALLOCATE and STET_DEALLOCATE are unless somebody defines them.
inline void* take_memory(std::size_t bytes, std::size_t alignment) {
    if (alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__) return ::operator new(bytes, std::align_val_t(alignment));
    return ::operator new(bytes);
}
inline void give_memory(void* memory, std::size_t alignment) noexcept {
    if (alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__) ::operator delete(memory, std::align_val_t(alignment));
    else ::operator delete(memory);
}

inline void* allocate(std::size_t bytes, std::size_t alignment) { return STET_ALLOCATE(bytes, alignment); }
inline void deallocate(void* memory, std::size_t bytes, std::size_t alignment) noexcept {
    static_cast<void>(bytes);
    STET_DEALLOCATE(memory, bytes, alignment);
}

/// For the standard's containers.
template <class X>
struct Heap {
    using value_type = X;
    Heap() = default;
    template <class Y>
    constexpr Heap(const Heap<Y>&) noexcept {}
    X* allocate(std::size_t count) {
        if (count > static_cast<std::size_t>(-1) / sizeof(X))
            fail("stet: a container has more elements than there is memory");
        return static_cast<X*>(detail::allocate(count * sizeof(X), alignof(X)));
    }
    void deallocate(X* memory, std::size_t count) noexcept {
        detail::deallocate(memory, count * sizeof(X), alignof(X));
    }
    bool operator==(const Heap&) const = default;
};

/// For classes that are made by `new`.
struct OnHeap {
    static void* operator new(std::size_t bytes) { return allocate(bytes, alignof(std::max_align_t)); }
    static void* operator new(std::size_t bytes, std::align_val_t alignment) {
        return allocate(bytes, static_cast<std::size_t>(alignment));
    }
    static void operator delete(void* memory, std::size_t bytes) noexcept {
        deallocate(memory, bytes, alignof(std::max_align_t));
    }
    static void operator delete(void* memory, std::size_t bytes, std::align_val_t alignment) noexcept {
        deallocate(memory, bytes, static_cast<std::size_t>(alignment));
    }
};

/// For all others; nothing is left behind if the constructor throws.
template <class X, class... Arguments>
X* create(Arguments&&... arguments) {
    struct Memory {
        void* at = allocate(sizeof(X), alignof(X));
        ~Memory() {
            if (at != nullptr) deallocate(at, sizeof(X), alignof(X));
        }
    } memory;
    X* const made = ::new (memory.at) X(std::forward<Arguments>(arguments)...);
    memory.at = nullptr;
    return made;
}
template <class X>
void destroy(X* object) noexcept {
    if (object == nullptr) return;
    object->~X();
    deallocate(object, sizeof(X), alignof(X));
}

/// A run of what is no more than its bytes; in constant expressions, too.
template <class X>
class Run {
    static_assert(std::is_trivially_copyable_v<X> && std::is_trivially_destructible_v<X>);

public:
    constexpr explicit Run(std::size_t size) : size_(size), items_(make(size)) {}
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    constexpr ~Run() {
        if (std::is_constant_evaluated()) delete[] items_;
        else deallocate(items_, size_ * sizeof(X), alignof(X));
    }
    constexpr X& operator[](std::size_t i) const { return items_[i]; }
    constexpr X* data() const { return items_; }

private:
    static constexpr X* make(std::size_t size) {
        if (std::is_constant_evaluated()) return new X[size];
        auto* const items = static_cast<X*>(allocate(size * sizeof(X), alignof(X)));
        for (std::size_t i = 0; i < size; ++i) ::new (static_cast<void*>(items + i)) X;
        return items;
    }

    std::size_t size_;
    X* items_;
};

}  // namespace stet::detail
