#pragma once
// `then`: two patches, one after the other, as one. What the second takes back of the first is gone.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/patch.hpp>

#include <cstddef>

namespace stet {
namespace detail {

// In <stet/patch/then_records.hpp>, because it needs the heap.
template <class T>
Patch<T> then_records(const Patch<T>& first, const Patch<T>& second);

struct Then {
    template <class T>
    constexpr Patch<T> operator()(const Patch<T>& first, const Patch<T>& second) const {
        if constexpr (flat<T>) {
            T before = second.before();
            T after = first.after();
            copy_leaves(first.leaves(), first.before(), before);
            copy_leaves(second.leaves(), second.after(), after);
            const LeafMask<T> changed = changed_leaves(before, after);
            const LeafMask<T> either = changed & (first.leaves() | second.leaves());
            LeafMask<T> neither;  // what differs there is of two that do not follow from one another
            for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf)
                neither.set_if(leaf, changed[leaf] && !either[leaf]);
            copy_leaves(neither, before, after);
            return Patch<T>(before, after, either);
        } else return then_records(first, second);
    }
};

}  // namespace detail

/// `then(p, q)`: p, and then q, as one patch; what q takes back of p is not in it. O(what both change). Of two that do
/// not follow from one another it knows the ends only.
inline constexpr detail::Then then{};

}  // namespace stet
