#pragma once
// Which changes belong to the step before them.

#include <stet/reflect/sentences.hpp>

#include <stet/config.hpp>
#include <stet/history_part.hpp>
#include <stet/late.hpp>
#include <stet/patch/net.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/then_records.hpp>
#include <stet/vector.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

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
        late<HeapString, T> text;
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
class JoinRule : public OnHeap {
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

/// A patch with records, whatever T is.
template <class T>
using StepPatch = std::conditional_t<flat<T>, RecordPatch<T>, Patch<T>>;

template <class T>
StepPatch<T> inverted(StepPatch<T>&& patch) {
    return StepPatch<T>(std::move(patch).inverse());
}
/// The same as everybody knows it, before or after it was made in `value`.
template <class T>
decltype(auto) as_patch(const StepPatch<T>& patch, [[maybe_unused]] const T& value, [[maybe_unused]] bool made) {
    if constexpr (flat<T>) {
        T other(value);
        patch.template carry_out<Trust::known>(other, made != patch.is_inverted());
        return made ? Patch<T>(other, value, patch.leaves()) : Patch<T>(value, other, patch.leaves());
    } else return (patch);
}

template <class T>
StepPatch<T> empty_patch() {
    return StepPatch<T>(rewritten, [](RecordNode&) {});
}

/// Two changes as one, written forwards: its records may become a step.
template <class T>
StepPatch<T> then_step(const StepPatch<T>& first, const StepPatch<T>& second) {
    if (first.empty() || second.empty())
        return StepPatch<T>(rewritten, [&](RecordNode& root) { (first.empty() ? second : first).write(root); });
    return compose_changes<T, StepPatch<T>>(first, second);
}
/// What is left of both; `value` has them already.
template <class T>
StepPatch<T> join_changes(const StepPatch<T>& first, const StepPatch<T>& second, const T& value) {
    return net<T>(then_step<T>(first, second), value);
}

/// What a history keeps once it has had a group, or a rule: how changes become one step.
template <class T>
struct Joining : OnHeap {
    /// What some commits in a row have changed.
    struct Stretch {
        StepPatch<T> patch;
        std::size_t commits;
    };

    Joining() : last(empty_patch<T>()) {}
    Joining(const Joining& other) : now(other.now), at(other.at), last(other.last), rule(other.rule) {
        if (!other.groups.empty())
            fail("stet: History: it must not be copied while a group is open; copy it before, or end the group");
    }
    Joining& operator=(const Joining&) = delete;
    Joining* clone() const { return new Joining(*this); }

    bool joins(const StepInfo<T>& previous, const StepInfo<T>& next) const {
        return rule && rule->joins(previous, next);
    }

    /// Room for one more stretch in the innermost group. Two that took about as many commits become one, so that n
    /// changes are composed O(log n) times each.
    static void make_room(Joining& of) {
        auto& all = of.stretches;
        for (; all.size() >= of.groups.back() + 2; all.pop_back()) {
            Stretch& one = all[all.size() - 2];
            if (one.commits >= 2 * all.back().commits) break;
            one.patch = then_step<T>(one.patch, all.back().patch);
            one.commits += all.back().commits;
        }
        all.reserve(all.size() + 1);
    }
    /// What is left of all from one stretch on.
    StepPatch<T> made(std::size_t begin, const T& value) const {
        StepPatch<T> all = empty_patch<T>();
        for (std::size_t i = stretches.size(); i > begin; --i) all = then_step<T>(stretches[i - 1].patch, all);
        return net<T>(std::move(all), value);
    }

    // Not called by their names where they may not be needed: a program without groups is not to hold them.
    StepPatch<T> (*join)(const StepPatch<T>&, const StepPatch<T>&, const T&) = join_changes<T>;
    void (*room_in_group)(Joining&) = make_room;
    Ticks now = 0;
    Ticks at = 0;       // of the last change
    StepPatch<T> last;  // the last change, where it is no step
    Part<JoinRule<T>> rule;
    HeapVector<Stretch> stretches;            // what has been changed since the outermost open group began
    HeapVector<late<std::size_t, T>> groups;  // at which of them each open group begins, the outermost first
    bool touched = false;                     // has anything been committed in it?
};

}  // namespace detail
}  // namespace stet
