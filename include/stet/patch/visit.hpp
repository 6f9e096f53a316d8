#pragma once
// Changes as a visitor sees them: a path, what was there before, what is there after.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/text_edits.hpp>
#include <stet/patch/walk.hpp>
#include <stet/schema/path_view.hpp>
#include <stet/schema/print.hpp>

#include <cstddef>
#include <type_traits>

namespace stet {

/// Stands for "nothing was there" and "nothing is there any more".
struct Absent {
    constexpr bool operator==(const Absent&) const = default;
};
inline constexpr Absent absent{};

namespace detail {

template <class T>
inline constexpr bool is_absent = std::is_same_v<std::remove_cvref_t<T>, Absent>;

/// A node of the walk that calls `f(path, before, after)`.
template <class F>
class VisitNode {
public:
    constexpr VisitNode(F& f, const PathView& path) : f_(&f), path_(path) {}

    template <class V>
    constexpr void value(const V& before, const V& after) const {
        (*f_)(path_, before, after);
    }
    template <class V>
    constexpr void replaced(const V& before, const V& after) const {
        (*f_)(path_, before, after);
    }
    constexpr void spliced(const Splice& at) const {
        (*f_)(path_, TextPart{at.before, at.erased}, TextPart{at.after, at.inserted});
    }
    template <class T, std::size_t L>
    constexpr VisitNode leaf() const {
        constexpr Marks marks = leaf_marks<T, L>;
        return {*f_, path_.named(leaf_path<T, L>(), L, marks.secret, marks.tolerance)};
    }
    constexpr VisitNode element(std::size_t, std::size_t now) const { return {*f_, path_.at(now)}; }
    template <class Key>
    constexpr VisitNode entry(const Key& key) const {
        return {*f_, entry_at(path_, key)};
    }
    template <class V, std::size_t>
    constexpr VisitNode content() const {
        return {*f_, path_.content()};
    }
    template <class E>
    constexpr void inserted(std::size_t, std::size_t now, const E& element) const {
        (*f_)(path_.at(now), absent, element);
    }
    template <class E>
    constexpr void erased(std::size_t old, std::size_t now, const E& element) const {
        (*f_)(path_.at(old, now), element, absent);
    }
    template <class Key, class V>
    constexpr void entry_added(const Key& key, const V& value) const {
        (*f_)(entry_at(path_, key), absent, value);
    }
    template <class Key, class V>
    constexpr void entry_removed(const Key& key, const V& value) const {
        (*f_)(entry_at(path_, key), value, absent);
    }
    template <class Key>
    constexpr void member_added(const Key& key) const {
        (*f_)(member_at(path_, key), absent, key);
    }
    template <class Key>
    constexpr void member_removed(const Key& key) const {
        (*f_)(member_at(path_, key), key, absent);
    }
    template <class V>
    constexpr void appeared(const V& value) const {
        (*f_)(path_.content(), absent, value);
    }
    template <class V>
    constexpr void vanished(const V& value) const {
        (*f_)(path_.content(), value, absent);
    }

private:
    F* f_;
    PathView path_;
};

struct EachChange {
    template <class T, class F>
    constexpr void operator()(const T& from, const T& to, F&& f) const {
        if constexpr (require_versionable<T>()) {
            const PathView root;
            walk<NotKeyed>(from, to, VisitNode<std::remove_reference_t<F>>(f, root));
        }
    }
};

}  // namespace detail

/// Calls `f(const PathView&, before, after)` for every difference of two values and stores nothing: for values too
/// large for a patch on the stack. One of before and after is `stet::absent` where something came or went.
inline constexpr detail::EachChange each_change{};

}  // namespace stet
