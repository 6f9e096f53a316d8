#pragma once
// What one step of a `History` did, taken back while what came later stays: the merge of both.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/flat_merge.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/place.hpp>
#include <stet/schema/attribute.hpp>

#include <cstddef>
#include <initializer_list>
#include <utility>

namespace stet::detail {

// Takes what was chosen, in order; counts those that nobody decided on.
struct Chosen {
    std::initializer_list<Side> sides;
    std::size_t asked = 0;
    std::size_t open = 0;

    template <class B, class O, class Th>
    constexpr Side decide(const Unseen&, const B&, const O&, const Th&) {
        if (asked < sides.size()) return sides.begin()[asked++];
        ++open;
        return Side::ours;
    }
};

// Nobody decides.
struct NoneChosen {
    std::size_t open = 0;

    template <class B, class O, class Th>
    constexpr Side decide(const Unseen&, const B&, const O&, const Th&) {
        ++open;
        return Side::ours;
    }
};

/// Undoing the step from `before` to `after` is theirs, what has come since then is ours: `now`, which `both` holds,
/// too. Leaf by leaf and without a patch, for who has little stack.
template <class T, class Sides = Chosen>
struct FlatRevert {
    Sides chosen;
    std::size_t open = leaf_count<T>;  // the first leaf that nobody decided on

    template <std::size_t L, class V>
    STET_ALWAYS_INLINE constexpr void leaf(const V& after, const V& now, const V& before, V& both) {
        constexpr Marks marks = leaf_marks<T, L>;
        if constexpr (!marks.transient) {
            const AnyPlace root;
            merge_values<marks.indivisible, decltype(leaf_key<T, L>()), V>(
                after, now, before, both, root.template leaf<T, L>(), leaf_merge_by<T, L>(), chosen);
            if (chosen.open > 0 && open == leaf_count<T>) open = L;
        }
    }
};

}  // namespace stet::detail
