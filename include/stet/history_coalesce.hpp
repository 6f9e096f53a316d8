#pragma once
// Which changes belong to the step before them.

#include <stet/reflect/sentences.hpp>

#include <stet/config.hpp>
#include <stet/history_part.hpp>
#include <stet/patch/then_records.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet {

/// A time, in whatever the caller counts: milliseconds, frames, key strokes.
using Ticks = std::uint64_t;

/// What a rule for `coalesce` sees of a step: for the previous one, `at` is when it was last added to.
template <class T>
struct StepInfo {
    std::string_view name;
    Ticks at;
    const Patch<T>& patch;
};

namespace detail {

/// Do they change the same places?
template <class T>
bool same_paths(const Patch<T>& a, const Patch<T>& b) {
    if (!(a.leaves() == b.leaves())) return false;
    const auto list = [](const Patch<T>& patch) {
        std::string text;
        patch.visit([&](const PathView& path, const auto&, const auto&) { Writer(text) << path << '\n'; });
        return text;
    };
    return list(a) == list(b);
}

}  // namespace detail

/// The usual rule: of the same name, at the same paths, and at most `ticks` later. `history.coalesce(within(500))`
class within {
public:
    constexpr explicit within(Ticks ticks) : ticks_(ticks) {}

    template <class T>
    bool operator()(const StepInfo<T>& previous, const StepInfo<T>& next) const {
        return next.at >= previous.at && next.at - previous.at <= ticks_ && next.name == previous.name &&
               detail::same_paths(previous.patch, next.patch);
    }

private:
    Ticks ticks_;
};

namespace detail {

template <class T>
class JoinRule {
public:
    virtual ~JoinRule() = default;
    virtual bool joins(const StepInfo<T>& previous, const StepInfo<T>& next) = 0;
    virtual JoinRule* clone() const = 0;
};
template <class T, class Rule>
class JoinRuleOf final : public JoinRule<T> {
public:
    explicit JoinRuleOf(Rule rule) : rule_(std::move(rule)) {}
    bool joins(const StepInfo<T>& previous, const StepInfo<T>& next) override { return rule_(previous, next); }
    JoinRule<T>* clone() const override { return new JoinRuleOf(*this); }

private:
    Rule rule_;
};

template <class T>
Patch<T> empty_patch(const T& value) {
    if constexpr (flat<T>) return Patch<T>(value, value, LeafMask<T>{});
    else return Patch<T>(rewritten, [](RecordNode&) {});
}

/// Do additions and removals of a patch that led to `after` make up for each other? That is looked for in its records
/// where they are equal, and in the values where an element may have gone from one place and come back at another.
template <class T>
bool makes_nothing(const Patch<T>& patch, const T& after) {
    bool added = false;
    bool removed = false;
    patch.visit([&]<class Before, class After>(const PathView&, const Before&, const After&) {
        added = added || std::is_same_v<Before, Absent>;
        removed = removed || std::is_same_v<After, Absent>;
    });
    if (!added || !removed) return false;
    T before(after);
    Apply::undo(patch, before);
    return Patch<T>(before, after).empty();
}

/// Two changes as one; `value` has the second one already, or is still to have it.
template <class T>
Patch<T> join_changes(const Patch<T>& first, const Patch<T>& second, const T& value, bool made) {
    Patch<T> both = then(first, second);
    if constexpr (!flat<T>) {
        if (both.empty()) return both;
        if (made) return makes_nothing(both, value) ? empty_patch(value) : std::move(both);
        T after(value);
        Apply::trusted(second, after);
        if (makes_nothing(both, after)) return empty_patch(value);
    }
    return both;
}

/// What a history keeps once it has had a group, or a rule: how changes become one step.
template <class T>
struct Joining {
    explicit Joining(const T& value) : last(empty_patch(value)) {}
    Joining(const Joining& other)
        : now(other.now), at(other.at), last(other.last), rule(other.rule), groups(other.groups) {
        if (!groups.empty())
            fail("stet: History: it must not be copied while a group is open; copy it before, or end the group");
    }
    Joining& operator=(const Joining&) = delete;
    Joining* clone() const { return new Joining(*this); }

    bool joins(const StepInfo<T>& previous, const StepInfo<T>& next) const {
        return rule && rule->joins(previous, next);
    }

    // Not called by its name where it may not be needed: a program without groups is not to hold it.
    Patch<T> (*join)(const Patch<T>&, const Patch<T>&, const T&, bool) = join_changes<T>;
    Ticks now = 0;
    Ticks at = 0;   // of the last change
    Patch<T> last;  // the last change, where it is no step
    Part<JoinRule<T>> rule;
    std::vector<Patch<T>> groups;  // what each open group has changed so far, the outermost first
    std::string name;              // of the outermost
    bool touched = false;          // has anything been committed in it?
};

}  // namespace detail
}  // namespace stet
