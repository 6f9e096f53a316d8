#pragma once
// The merge of two changes of a flat struct: three values side by side, no heap, and in constant expressions too.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/flat_merge_containers.hpp>
#include <stet/patch/flat_patch.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/place.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace stet {

template <class T>
class FlatConflicts;

namespace detail {

template <class T>
class FlatMerge;

// ---- three values

/// Where a merge of `V` can find at most so many conflicts.
template <class V, bool Indivisible = false>
constexpr std::size_t most_conflicts() {
    constexpr Kind kind = kind_v<V>;
    if constexpr (Indivisible || is_whole<V>) return 1;
    else if constexpr (kind == Kind::structure) {
        std::size_t sum = 0;
        for_each_leaf<V>([&]<std::size_t L>() {
            constexpr Marks marks = leaf_marks<V, L>;
            if constexpr (!marks.transient) sum += most_conflicts<leaf_type<V, L>, marks.indivisible>();
        });
        return sum;
    } else if constexpr (kind == Kind::array) {
        return std::tuple_size<V>::value * most_conflicts<std::remove_cv_t<typename V::value_type>>();
    } else if constexpr (kind == Kind::optional) {
        return most_conflicts<std::remove_cv_t<typename V::value_type>>();
    } else if constexpr (kind == Kind::variant) {
        std::size_t most = 1;
        alternatives<V>::for_each_index([&]<std::size_t, class A>() {
            constexpr std::size_t inside = most_conflicts<A>();
            most = inside > most ? inside : most;
        });
        return most;
    } else if constexpr (kind == Kind::sequence || kind == Kind::map) {  // both may have other elements, or keys
        std::size_t inside = 0;
        if constexpr (kind == Kind::map) inside = most_conflicts<typename V::mapped_type>();
        else inside = most_conflicts<typename V::value_type>();
        return 2 * inline_capacity<V> * (inside > 0 ? inside : 1);
    } else return 1;
}

template <class V>
constexpr bool all_three_hold([[maybe_unused]] const V& base, [[maybe_unused]] const V& our,
                              [[maybe_unused]] const V& their) {
    if constexpr (kind_v<V> == Kind::optional) return base.has_value() && our.has_value() && their.has_value();
    else if constexpr (kind_v<V> == Kind::variant) return base.index() == our.index() && base.index() == their.index();
    else return false;
}

// Both changed it, and neither change lies inside the other.
template <class V, class At, class By, class Found>
constexpr Side decide_whole(const V& base, const V& our, const V& their, V& both, const At& at,
                            [[maybe_unused]] const By& by, Found& found) {
    if constexpr (kind_v<V> == Kind::optional) {
        if (!base.has_value()) return at.decide(found, absent, *our, *their);
        return our.has_value() ? at.decide(found, *base, *our, absent) : at.decide(found, *base, absent, *their);
    } else {
        V combined = our;
        if (combine(at, by, base, our, their, combined)) {
            both = combined;
            return Side::ours;
        }
        return at.decide(found, base, our, their);
    }
}

template <bool Indivisible, class Key, class V, class At, class By, class Found>
constexpr void merge_values(const V& base, const V& our, const V& their, V& both, const At& at, const By& by,
                            Found& found);

// Both changed it. False where it must be decided as one; then `both` is what ours has.
template <class Key, class V, class At, class Found>
constexpr bool merge_container(const V& base, const V& our, const V& their, V& both, const At& at, Found& found) {
    if constexpr (kind_v<V> == Kind::set) return merge_set(base, our, their, both);
    else if constexpr (kind_v<V> == Kind::map) {
        using M = typename V::mapped_type;
        return merge_map(base, our, their, both, at, found,
                         [&](const M& b, const M& o, const M& t, M& all, const auto& key) {
                             merge_values<false, NotKeyed, M>(b, o, t, all, at.entry(key), NotKeyed{}, found);
                         });
    } else {
        using E = typename V::value_type;
        const auto element = [&](const E& b, const E& o, const E& t, E& all, std::size_t position) {
            merge_values<false, NotKeyed, E>(b, o, t, all, at.element(position), NotKeyed{}, found);
        };
        if constexpr (keyed_elements<Key, V>()) return merge_by_key<Key>(base, our, their, both, at, found, element);
        else return merge_by_position(base, our, their, both, element);
    }
}

/// `both` is what ours has; theirs is added to it.
template <bool Indivisible, class Key, class V, class At, class By, class Found>
constexpr void merge_values(const V& base, const V& our, const V& their, V& both, const At& at, const By& by,
                            Found& found) {
    constexpr Kind kind = kind_v<V>;
    constexpr bool whole = Indivisible || is_whole<V>;
    static_assert(whole || std::is_same_v<By, NotKeyed>,
                  "stet: merge_by decides over a whole value; mark the field stet::indivisible as well");
    if constexpr (kind == Kind::structure && !whole) {
        for_each_leaf<V>([&]<std::size_t L>() {
            constexpr Marks marks = leaf_marks<V, L>;
            if constexpr (!marks.transient)
                merge_values<marks.indivisible, decltype(leaf_key<V, L>()), leaf_type<V, L>>(
                    get_leaf<L>(base), get_leaf<L>(our), get_leaf<L>(their), get_leaf<L>(both),
                    at.template leaf<V, L>(), leaf_merge_by<V, L>(), found);
        });
    } else if constexpr (kind == Kind::array && !whole) {
        for (std::size_t i = 0; i < base.size(); ++i)
            merge_values<false, NotKeyed, std::remove_cv_t<typename V::value_type>>(base[i], our[i], their[i], both[i],
                                                                                    at.element(i), NotKeyed{}, found);
    } else {
        if constexpr (!whole) {
            if (all_three_hold(base, our, their)) {
                if constexpr (kind == Kind::optional)
                    merge_values<false, NotKeyed, std::remove_cv_t<typename V::value_type>>(
                        *base, *our, *their, *both, at.content(), NotKeyed{}, found);
                else if constexpr (kind == Kind::variant)
                    alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
                        if (base.index() == I)
                            merge_values<false, NotKeyed, A>(*get_if<I>(&base), *get_if<I>(&our), *get_if<I>(&their),
                                                             *get_if<I>(&both), at.content(), NotKeyed{}, found);
                    });
                return;
            }
        }
        if (detail::same(our, their) || detail::same(base, their)) return;
        if constexpr (!whole && (kind == Kind::sequence || kind == Kind::map || kind == Kind::set))
            if (!detail::same(base, our) && merge_container<Key>(base, our, their, both, at, found)) return;
        const Side side = detail::same(base, our) ? Side::theirs : decide_whole(base, our, their, both, at, by, found);
        if (side == Side::theirs) both = their;
        else if (side == Side::base) both = base;
    }
}

/// What stands in each conflict, in order: a list with room for all that there can be.
template <std::size_t Most>
class FlatSides {
public:
    constexpr FlatSides() = default;
    constexpr FlatSides(std::initializer_list<Side> sides) { take(sides); }
    template <class List>
        requires requires(const List& list) { list.size(), list.begin(); }
    constexpr FlatSides(const List& sides) {
        take(sides);
    }
    constexpr std::size_t size() const { return size_; }
    constexpr Side operator[](std::size_t i) const { return sides_[i]; }
    /// More than there can be are ignored.
    constexpr void push_back(Side side) {
        if (size_ < Most) sides_[size_++] = side;
    }

private:
    template <class List>
    constexpr void take(const List& sides) {
        for (const Side side : sides) push_back(side);
    }

    Side sides_[Most > 0 ? Most : 1]{};
    std::conditional_t<(Most < 256), std::uint8_t, std::size_t> size_ = 0;
};

// A class of its own, so that it can be named without looking at T.
template <class T>
class FlatSidesOf : public FlatSides<most_conflicts<T>()> {
    using FlatSides<most_conflicts<T>()>::FlatSides;
};

// Counts, and shows one of them to who asked for it.
template <class Sides>
struct FlatCount {
    const Sides& chosen;
    std::size_t asked = 0;

    template <class Where, class B, class O, class Th>
    constexpr Side decide(const Where&, const B&, const O&, const Th&) {
        const Side side = asked < chosen.size() ? chosen[asked] : Side::ours;
        ++asked;
        return side;
    }
};
template <class Sides, class Show>
struct FlatSettlement : FlatCount<Sides> {
    const Show& show;

    template <class Where, class B, class O, class Th>
    constexpr Side decide(const Where& where, const B& base, const O& our, const Th& their) {
        show(this->asked, where, base, our, their);
        return FlatCount<Sides>::decide(where, base, our, their);
    }
};
/// Two changes of one base: three values, and which leaves each side has changed.
template <class T>
struct FlatSideBySide {
    T base, ours, theirs;
    LeafMask<T> our_leaves, their_leaves;

    STET_NO_INLINE constexpr FlatSideBySide(const T& from, const T& our, const T& their)
        : base(from),
          ours(our),
          theirs(their),
          our_leaves(changed_leaves(from, our)),
          their_leaves(changed_leaves(from, their)) {}
    constexpr FlatSideBySide(const Patch<T>& our, const Patch<T>& their)
        : base(our.before()),
          ours(our.before()),
          theirs(our.before()),
          our_leaves(our.leaves()),
          their_leaves(their.leaves()) {
        copy_leaves(their_leaves, their.before(), base);
        copy_leaves(their_leaves, their.before(), ours);
        copy_leaves(our_leaves, our.after(), ours);
        copy_leaves(their_leaves, their.after(), theirs);
    }

    /// What both led to. `value` is what ours led to; returns the number of conflicts.
    STET_NO_INLINE constexpr std::size_t merge_into(T& value, const FlatSidesOf<T>& chosen) const {
        FlatCount<FlatSidesOf<T>> found{chosen};
        merge_leaves(value, found, AnyPlace{});
        return found.asked;
    }
    template <class Show>
    constexpr void show(T& value, const FlatSidesOf<T>& chosen, const Show& show) const {
        FlatSettlement<FlatSidesOf<T>, Show> found{{chosen}, show};
        merge_leaves(value, found, Place{});
    }

private:
    template <class Found, class Root>
    STET_ALWAYS_INLINE constexpr void merge_leaves(T& value, Found& found, const Root& root) const {
        const auto one = [&]<std::size_t L>() STET_INLINE_LAMBDA {
            using V = leaf_type<T, L>;
            constexpr bool whole = leaf_marks<T, L>.indivisible;
            if (!their_leaves[L]) return;
            V& both = get_leaf<L>(value);
            const V& from = get_leaf<L>(base);
            const V& their = get_leaf<L>(theirs);
            if (our_leaves[L])
                merge_values<whole, decltype(leaf_key<T, L>()), V>(
                    from, get_leaf<L>(ours), their, both, root.template leaf<T, L>(), leaf_merge_by<T, L>(), found);
            else if constexpr (has_inside<V>) change_inside<whole, V>(both, from, their);
            else both = their;
        };
        if constexpr (leaf_count<T> <= 64) for_leaves_from<0>(one, std::make_index_sequence<leaf_count<T>>{});
        else for_each_leaf<T>(one);
    }
};

}  // namespace detail

/// A conflict in a flat struct: what it says is made into text when somebody asks. Valid as long as the list.
template <class T>
class FlatConflict {
public:
    constexpr FlatConflict(const FlatConflicts<T>& list, std::size_t index) : list_(&list), index_(index) {}

    FixedText<120> path() const {
        return said<120>([](const Writer& out, const PathView& where, auto&&...) { out << where; });
    }
    FixedText<64> base() const {
        return said<64>([](const Writer& out, const PathView& where, const auto& base, const auto&, const auto&) {
            side(out, where, base);
        });
    }
    FixedText<64> ours() const {
        return said<64>([](const Writer& out, const PathView& where, const auto&, const auto& our, const auto&) {
            side(out, where, our);
        });
    }
    FixedText<64> theirs() const {
        return said<64>([](const Writer& out, const PathView& where, const auto&, const auto&, const auto& their) {
            side(out, where, their);
        });
    }
    /// Whichever side is taken, a value is lost.
    constexpr ConflictSeverity severity() const { return ConflictSeverity::critical; }
    /// Has nobody decided yet? Then ours stands.
    constexpr bool open() const { return index_ >= list_->chosen().size(); }

    /// `speed: base 1, ours 2, theirs 3`
    friend const Writer& operator<<(const Writer& out, const FlatConflict& conflict) {
        return out << conflict.path().view() << ": base " << conflict.base().view() << ", ours "
                   << conflict.ours().view() << ", theirs " << conflict.theirs().view();
    }

private:
    template <class V>
    static void side(const Writer& out, const PathView& where, const V& value) {
        if constexpr (detail::is_absent<V>) out << "absent";
        else if (where.secret()) out << secret_dots;
        else detail::write_value(out, value);
    }
    template <std::size_t Capacity, class Say>
    FixedText<Capacity> said(const Say& say) const {
        FixedText<Capacity> shown;
        const auto show = [&](std::size_t at, const PathView& where, const auto& base, const auto& our,
                              const auto& their) {
            if (at == index_) say(Writer(shown), where, base, our, their);
        };
        list_->show(show);
        return shown;
    }

    const FlatConflicts<T>* list_;
    std::size_t index_;
};

/// The conflicts between two changes of a flat struct, in the order of the fields.
template <class T>
class FlatConflicts {
public:
    using Sides = detail::FlatSidesOf<T>;

    constexpr FlatConflicts(const Patch<T>& our, const Patch<T>& their, const Sides& chosen)
        : sides_(our, their), chosen_(chosen) {}
    constexpr FlatConflicts(const T& base, const T& our, const T& their) : sides_(base, our, their) {}

    constexpr std::size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr FlatConflict<T> operator[](std::size_t i) const { return {*this, i}; }
    class Iterator {
    public:
        constexpr Iterator(const FlatConflicts& list, std::size_t at) : list_(&list), at_(at) {}
        constexpr FlatConflict<T> operator*() const { return (*list_)[at_]; }
        constexpr Iterator& operator++() {
            ++at_;
            return *this;
        }
        constexpr bool operator==(const Iterator& other) const { return at_ == other.at_; }

    private:
        const FlatConflicts* list_;
        std::size_t at_;
    };
    constexpr Iterator begin() const { return {*this, 0}; }
    constexpr Iterator end() const { return {*this, size_}; }

    constexpr Patch<T> ours() const { return Patch<T>(sides_.base, sides_.ours, sides_.our_leaves); }
    constexpr Patch<T> theirs() const { return Patch<T>(sides_.base, sides_.theirs, sides_.their_leaves); }
    constexpr const Sides& chosen() const { return chosen_; }

    /// Calls `f(index, path, base, ours, theirs)` for each.
    template <class F>
    constexpr void show(const F& f) const {
        T value = sides_.ours;
        sides_.show(value, chosen_, f);
    }

private:
    template <class U>
    friend class detail::FlatMerge;

    detail::FlatSideBySide<T> sides_;
    Sides chosen_;
    std::uint32_t size_ = 0;
};

namespace detail {

/// The base of `Merge<T>` for a flat T.
template <class T>
class FlatMerge {
public:
    using Conflicts = FlatConflicts<T>;
    using Sides = FlatSidesOf<T>;

    constexpr FlatMerge(const Patch<T>& our, const Patch<T>& their, const Sides& chosen = {})
        : conflicts_(our, their, chosen) {
        T value = conflicts_.sides_.ours;
        bring_into(value);
    }

    constexpr FlatMerge(const T& base, const T& our, const T& their) : FlatMerge(base, our, their, Later{}) {
        T value = our;
        bring_into(value);
    }

    /// Made anew for each who asks: three values are kept, and not all that can be said of them.
    constexpr Patch<T> patch() const {
        const FlatSideBySide<T>& sides = conflicts_.sides_;
        LeafMask<T> only_theirs;
        for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf)
            only_theirs.set_if(leaf, sides.their_leaves[leaf] && !sides.our_leaves[leaf]);
        T before = sides.ours;
        copy_leaves(only_theirs, sides.base, before);
        T value = before;
        static_cast<void>(sides.merge_into(value, conflicts_.chosen()));
        return Patch<T>(before, value);
    }
    constexpr const Conflicts& conflicts() const { return conflicts_; }
    constexpr bool clean() const { return conflicts_.size() <= conflicts_.chosen().size(); }
    constexpr Patch<T> ours() const { return conflicts_.ours(); }
    constexpr Patch<T> theirs() const { return conflicts_.theirs(); }
    static constexpr Conflicts none(const Patch<T>& patch) { return Conflicts(patch, patch, {}); }

protected:
    // `bring_into` is still to be called, with a copy of ours.
    struct Later {};
    constexpr FlatMerge(const T& base, const T& our, const T& their, Later) : conflicts_(base, our, their) {}
    constexpr void bring_into(T& value) {
        conflicts_.size_ = static_cast<std::uint32_t>(conflicts_.sides_.merge_into(value, conflicts_.chosen_));
    }

private:
    Conflicts conflicts_;
};

}  // namespace detail
}  // namespace stet
