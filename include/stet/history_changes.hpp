#pragma once
// The states of a `History` as the patches between them: undo and redo cost what changed, and so does a state.

#include <stet/history.hpp>
#include <stet/patch/check_records.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/then_records.hpp>
#include <stet/patch/transaction.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet::detail {

template <class T, std::size_t N, class InstanceRules>
class ChangedStates {
public:
    using E = ErrorOf<T, count_rules_of<InstanceRules>>;
    using Name = std::string_view;

    ChangedStates(const T& value, InstanceRules rules) : current_(value), rules_(std::move(rules)) {}

    const T& current() const { return current_.get(); }
    std::size_t size() const { return steps_.size() + 1; }
    std::size_t position() const { return position_; }
    const InstanceRules& rules() const { return rules_; }
    std::string_view name(std::size_t position) const {
        return names_.empty() ? std::string_view{} : std::string_view(names_[index(position - 1)]);
    }

    Result<void, E> commit(T&& value, Name name = {}) {
        Slot<T> draft(std::move(value));
        Replacement<T> replacement(current_, draft);
        Patch<T> patch = diff(current(), std::as_const(draft).get());
        return publish(patch, replacement, name);
    }
    Result<void, E> commit(const T& value, Name name = {}) { return commit(T(value), name); }

    template <class Make>
    Result<void, E> change(Make& make, Name name = {})
        requires(!flat<T>)
    {
        typename Drafts<T>::Lease lease(drafts_);
        const Number before = changes_;
        Slot<T>& draft = lease.update(current_, before, [&](Number number) { return last_patch(number); });
        if (auto made = make_draft<E>(make, draft.get()); !made) return made;
        if (changes_ != before)
            return Failure(E(Errc::revision_conflict, before, changes_));  // the function made one, too
        Replacement<T> replacement(current_, draft);
        Patch<T> patch = diff(current(), std::as_const(draft).get());
        auto done = publish(patch, replacement, name);
        if (done) lease.exchanged(before);
        return done;
    }

    template <IndexPath Path, class V>
        requires(set_alone<T, leaf_table<T>.find(Path)>() && leaves_swap<T>())
    Result<void, E> set(V&& value, Name name = {}) {
        constexpr std::size_t leaf = leaf_table<T>.find(Path);
        leaf_type<T, leaf> after = get_leaf<leaf>(current());
        if (!assign(after, std::forward<V>(value))) return Failure(E(Errc::wrong_type, leaf_path<T, leaf>()));
        Patch<T> patch(std::integral_constant<std::size_t, leaf>{}, get_leaf<leaf>(current()), after);
        InPlace<T> changed(current_, patch);
        return publish(patch, changed, name);
    }

    /// A change that is known already, and fits: recorded edits.
    Result<void, E> advance(Patch<T> patch, Name name = {}) {
        if constexpr (!flat<T> && leaves_swap<T>()) {
            InPlace<T> changed(current_, patch);
            return publish(patch, changed, name);
        } else {
            Slot<T> draft(current());
            Apply::trusted(patch, draft.get());
            Replacement<T> replacement(current_, draft);
            return publish(patch, replacement, name);
        }
    }

    void undo() { walk(step(position_ - 1), position_ - 1); }
    void redo() { walk(step(position_), position_ + 1); }
    void go_to(std::size_t position) {
        const std::size_t first = position < position_ ? position : position_;
        const std::size_t last = position < position_ ? position_ : position;
        if (last - first == 1) return walk(step(first), position);
        Patch<T> all = between(first, last);
        walk(all, position);
    }

    void mark_saved() { saved_ = position_; }
    bool dirty() const { return saved_ != position_; }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);  // also what comes before 0

    template <class NewState>
    Result<void, E> publish(Patch<T>& patch, NewState& state, Name name) {
        if (patch.empty()) {
            state.publish();  // what is not versioned may have changed
            return {};
        }
        ViolationsOf<T, count_rules_of<InstanceRules>> found;
        Collect sink(found);
        check_change(state.value(), patch, rules_, sink);
        if (found.refuse()) return Failure(E(Errc::rule_broken, std::move(found)));
        if (name.empty() && names_.empty()) keep(patch);
        else keep_named(patch, name);
        state.publish();
        ++changes_;
        last_is_step_ = N > 1;
        return {};
    }

    void walk(const Patch<T>& patch, std::size_t to) {
        go(patch, to < position_);
        position_ = to;
        ++changes_;
        last_is_step_ = false;
    }
    // All steps from one position to another as one patch.
    Patch<T> between(std::size_t first, std::size_t last) {
        if (last - first == 1) return step(first);
        const std::size_t middle = first + (last - first) / 2;
        return then(between(first, middle), between(middle, last));
    }
    // The patch of the last change, while it is the step before the current position.
    const Patch<T>* last_patch(Number number) {
        return number == changes_ && last_is_step_ ? &step(position_ - 1) : nullptr;
    }

    // After the current position; what was undone goes, and the oldest step if there is no more room.
    void keep(Patch<T>& patch) {
        if (position_ != N - 1) straighten();  // before anything is changed, because it may fail
        if constexpr (N > 1) {
            if (position_ == N - 1) {
                steps_[oldest_] = std::move(patch);
                oldest_ = (oldest_ + 1) % (N - 1);
            } else if (position_ < steps_.size()) {
                steps_[position_] = std::move(patch);
                while (steps_.size() > position_ + 1) steps_.pop_back();
            } else {
                steps_.push_back(std::move(patch));
            }
        }
        if (saved_ != none && saved_ > position_) saved_ = none;
        if (position_ != N - 1) ++position_;
        else if (saved_ != none) --saved_;
    }
    // As many names as steps, in the same order; none while no step has one.
    STET_NO_INLINE void keep_named(Patch<T>& patch, Name name) {
        if constexpr (N > 1) {
            std::string copy(name);
            const bool full = position_ == N - 1;
            if (!full) straighten();
            const std::size_t at = full ? oldest_ : position_;
            names_.resize(steps_.size() + (at == steps_.size() ? 1 : 0));
            keep(patch);
            names_.resize(steps_.size());
            names_[at] = std::move(copy);
        } else keep(patch);
    }
    void straighten() {
        if (oldest_ == 0) return;
        std::vector<Patch<T>> straight;
        std::vector<std::string> names;
        straight.reserve(N - 1);
        names.reserve(names_.empty() ? 0 : N - 1);
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (!names_.empty()) names.push_back(std::move(names_[index(i)]));
            straight.push_back(std::move(step(i)));
        }
        steps_ = std::move(straight);
        names_ = std::move(names);
        oldest_ = 0;
    }
    std::size_t index(std::size_t step) const { return (oldest_ + step) % steps_.size(); }
    Patch<T>& step(std::size_t number) { return steps_[index(number)]; }

    void go(const Patch<T>& patch, bool back) {
        if constexpr (flat<T>) {
            if (back) Apply::undo(patch, current_.get());
            else Apply::trusted(patch, current_.get());
        } else if constexpr (leaves_swap<T>()) {
            InPlace<T> changed(current_, patch, back);
            changed.publish();
        } else {
            Slot<T> draft(current());
            if (back) Apply::undo(patch, draft.get());
            else Apply::trusted(patch, draft.get());
            current_.exchange(draft);
        }
    }

    Slot<T> current_;
    STET_NO_UNIQUE_ADDRESS drafts_of<T> drafts_;
    std::vector<Patch<T>> steps_;
    std::vector<std::string> names_;
    std::size_t oldest_ = 0;
    std::size_t position_ = 0;
    std::size_t saved_ = 0;  // the position at which it was saved
    Number changes_ = 1;     // counts everything that changed the value
    bool last_is_step_ = false;
    STET_NO_UNIQUE_ADDRESS InstanceRules rules_;
};

}  // namespace stet::detail
