#pragma once
// The states of a `History` as the patches between them: undo and redo cost what changed, and so does a state.

#include <stet/history.hpp>
#include <stet/patch/check_records.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/transaction.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace stet::detail {

template <class T, std::size_t N, class InstanceRules>
class ChangedStates {
public:
    using E = ErrorOf<T, count_rules_of<InstanceRules>>;

    ChangedStates(const T& value, InstanceRules rules) : current_(value), rules_(std::move(rules)) {}

    const T& current() const { return current_.get(); }
    std::size_t size() const { return steps_.size() + 1; }
    std::size_t position() const { return position_; }
    const InstanceRules& rules() const { return rules_; }

    Result<void, E> commit(T&& value) {
        Slot<T> draft(std::move(value));
        Replacement<T> replacement(current_, draft);
        Patch<T> patch = diff(current(), std::as_const(draft).get());
        return publish(patch, replacement);
    }
    Result<void, E> commit(const T& value) { return commit(T(value)); }

    template <class Make>
    Result<void, E> change(Make& make)
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
        auto done = publish(patch, replacement);
        if (done) lease.exchanged(before);
        return done;
    }

    template <IndexPath Path, class V>
        requires(set_alone<T, leaf_table<T>.find(Path)>() && leaves_swap<T>())
    Result<void, E> set(V&& value) {
        constexpr std::size_t leaf = leaf_table<T>.find(Path);
        leaf_type<T, leaf> after = get_leaf<leaf>(current());
        if (!assign(after, std::forward<V>(value))) return Failure(E(Errc::wrong_type, leaf_path<T, leaf>()));
        Patch<T> patch(std::integral_constant<std::size_t, leaf>{}, get_leaf<leaf>(current()), after);
        InPlace<T> changed(current_, patch);
        return publish(patch, changed);
    }

    void undo() {
        go(step(position_ - 1), true);
        --position_;
        moved();
    }
    void redo() {
        go(step(position_), false);
        ++position_;
        moved();
    }

private:
    template <class NewState>
    Result<void, E> publish(Patch<T>& patch, NewState& state) {
        if (patch.empty()) {
            state.publish();  // what is not versioned may have changed
            return {};
        }
        ViolationsOf<T, count_rules_of<InstanceRules>> found;
        Collect sink(found);
        check_change(state.value(), patch, rules_, sink);
        if (found.refuse()) return Failure(E(Errc::rule_broken, std::move(found)));
        keep(patch);
        state.publish();
        ++changes_;
        last_is_step_ = N > 1;
        return {};
    }

    void moved() {
        ++changes_;
        last_is_step_ = false;
    }
    // The patch of the last change, while it is the step before the current position.
    const Patch<T>* last_patch(Number number) {
        return number == changes_ && last_is_step_ ? &step(position_ - 1) : nullptr;
    }

    // After the current position; what was undone goes, and the oldest step if there is no more room.
    void keep(Patch<T>& patch) {
        if constexpr (N > 1) {
            if (position_ == N - 1) {
                steps_[oldest_] = std::move(patch);
                oldest_ = (oldest_ + 1) % (N - 1);
                return;
            }
            straighten();  // before anything is changed, because it may fail
            if (position_ < steps_.size()) {
                steps_[position_] = std::move(patch);
                while (steps_.size() > position_ + 1) steps_.pop_back();
            } else {
                steps_.push_back(std::move(patch));
            }
            ++position_;
        }
    }
    void straighten() {
        if (oldest_ == 0) return;
        std::vector<Patch<T>> straight;
        straight.reserve(N - 1);
        for (std::size_t i = 0; i < steps_.size(); ++i) straight.push_back(std::move(step(i)));
        steps_ = std::move(straight);
        oldest_ = 0;
    }
    Patch<T>& step(std::size_t index) { return steps_[(oldest_ + index) % steps_.size()]; }

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
    std::size_t oldest_ = 0;
    std::size_t position_ = 0;
    Number changes_ = 1;  // counts everything that changed the value
    bool last_is_step_ = false;
    STET_NO_UNIQUE_ADDRESS InstanceRules rules_;
};

}  // namespace stet::detail
