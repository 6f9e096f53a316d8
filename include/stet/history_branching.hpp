#pragma once
// The steps of a `History` as a tree: no work is lost by a change after an undo.

#include <stet/reflect/sentences.hpp>

#include <stet/config.hpp>
#include <stet/fwd.hpp>
#include <stet/history_changes.hpp>
#include <stet/late.hpp>
#include <stet/patch/journal.hpp>
#include <stet/vector.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace stet {

/// What `History::each_state` tells of a state; `name` and `time` are those of the step that led to it.
struct StateInfo {
    Number number;
    Number parent;  // 0: it is the root
    std::string_view name;
    std::uint64_t time;
    bool current;
    bool saved;
};

namespace detail {

/// States in the order of their numbers, a parent before its children: that of index i > 0 was made by step i - 1 of
/// the journal. The current branch goes from the root through the current state, and on to the child that was visited
/// last, and so on.
template <class T, std::size_t N>
class StepTree : public Journal<T> {
    using Base = Journal<T>;
    struct State {
        Number number;
        Number parent;
        std::uint64_t visited;
    };
    using Numbers = HeapVector<late<Number, T>>;

public:
    static constexpr bool branching = true;

    /// The branch of some state, as the current one stands in the tree itself.
    class Way {
    public:
        Way(const StepTree& tree, Number to) : tree_(tree) {
            tree.make_room(states_);
            tree.trace(states_, to);
            position_ = states_.size() - 1;
            tree.go_on(states_);
        }
        std::size_t position() const { return position_; }
        WrittenChange<T> operator[](std::size_t step) const { return tree_.made(states_[step + 1]); }
        /// The position of the last state that is on the way to the current one, too.
        std::size_t common() const {
            std::size_t at = 0;
            while (at < position_ && at < tree_.position_ && states_[at + 1] == tree_.branch_[at + 1]) ++at;
            return at;
        }

    private:
        friend StepTree;
        const StepTree& tree_;
        Numbers states_;
        std::size_t position_;
    };

    StepTree() : Base(N - 1) {
        states_.push_back({1, 0, 0});
        branch_.push_back(1);
    }

    // As StepLine, of the current branch.
    std::size_t size() const { return branch_.size() - 1; }
    std::size_t position() const { return position_; }
    void go_to(std::size_t position) noexcept { position_ = position; }
    WrittenChange<T> operator[](std::size_t step) const { return made(branch_[step + 1]); }
    template <class F>
    bool bare_change(std::size_t step, const F& f) const {
        return Base::bare_change(index(branch_[step + 1]) - 1, f);
    }
    std::string_view name(std::size_t step) const { return Base::name(index(branch_[step + 1]) - 1); }
    std::uint32_t time(std::size_t step) const { return Base::time(index(branch_[step + 1]) - 1); }

    void make_room() {
        if (states_.size() == states_.capacity()) states_.reserve(2 * states_.size() + 4);
        make_room(branch_);
    }
    template <class Push>
    void keep(const Push& push) noexcept {
        branch_.resize(position_ + 1);
        if constexpr (N == 1) states_[0].number = branch_[0] = ++last_;
        else {
            if (states_.size() == N && !drop_leaf()) drop_root();
            push();
            states_.push_back({++last_, branch_[position_], ++visits_});
            branch_.push_back(last_);
            ++position_;
            trim();
        }
    }
    void take_back() noexcept {
        erase(states_.size() - 1);
        branch_.resize(position_--);
        go_on(branch_);
    }
    void replace_last(std::uint64_t time) noexcept {
        Base::replace_last_by_own(time);
        states_.back().number = branch_.back() = ++last_;
        trim();
    }
    void trim_all() noexcept {
        trim();
        while (Base::over_limit() && size() > position_) {
            erase(index(branch_.back()));
            branch_.pop_back();
        }
    }

    void forget() noexcept {
        while (states_.size() > 1) erase(states_.size() - 1);
        states_[0].number = ++last_;
        branch_.assign(1, last_);
        position_ = 0;
    }

    void mark_saved() { saved_ = branch_[position_]; }
    void mark_unsaved() { saved_ = 0; }
    bool saved(std::size_t position) const { return saved_ == branch_[position]; }

    std::size_t states() const { return states_.size(); }
    Number state(std::size_t position) const { return branch_[position]; }
    bool has(Number state) const {
        const std::size_t at = index(state);
        return at < states_.size() && states_[at].number == state;
    }
    Way way_to(Number state) const { return Way(*this, state); }
    void take(Way& way) noexcept {
        branch_.swap(way.states_);
        position_ = way.position_;
        ++visits_;
        for (std::size_t i = 0; i <= position_; ++i) states_[index(branch_[i])].visited = visits_;
    }
    template <class F>
    void each_state(const F& f) const {
        for (std::size_t i = 0; i < states_.size(); ++i) {
            const Number number = states_[i].number;
            const auto name = i == 0 ? std::string_view{} : Base::name(i - 1);
            f(StateInfo{number, states_[i].parent, name, i == 0 ? 0 : Base::time(i - 1), number == branch_[position_],
                        number == saved_});
        }
    }
    std::size_t branches() const {
        std::size_t count = 0;
        each_child([&](Number) { ++count; });
        return count;
    }
    std::size_t branch() const {
        std::size_t before = 0;
        if (position_ < size()) each_child([&](Number child) { before += child < branch_[position_ + 1] ? 1U : 0U; });
        return before;
    }
    void take_branch(std::size_t branch) {
        make_room();
        Number taken = 0;
        each_child([&](Number child) {
            if (branch-- == 0) taken = child;
        });
        states_[index(taken)].visited = ++visits_;
        branch_.resize(position_ + 1);
        go_on(branch_);
    }

private:
    // The place of the first state whose number is not smaller.
    std::size_t index(Number number) const {
        std::size_t first = 0;
        std::size_t last = states_.size();
        while (first < last) {
            const std::size_t middle = first + (last - first) / 2;
            if (states_[middle].number < number) first = middle + 1;
            else last = middle;
        }
        return first;
    }
    WrittenChange<T> made(Number state) const { return Base::operator[](index(state) - 1); }

    template <class F>
    void each_child(const F& f) const {
        for (std::size_t i = index(branch_[position_]) + 1; i < states_.size(); ++i)
            if (states_[i].parent == branch_[position_]) f(states_[i].number);
    }
    void make_room(Numbers& way) const {
        if (way.capacity() < states_.capacity()) way.reserve(states_.capacity());
    }
    // All states from the root to one.
    void trace(Numbers& way, Number to) const {
        for (; to != 0; to = states_[index(to)].parent) way.push_back(to);
        for (std::size_t i = 0, j = way.size(); i + 1 < j; ++i) std::swap(way[i], way[--j]);
    }
    // On from the end of a way, to whatever was visited last.
    void go_on(Numbers& way) const noexcept {
        for (std::size_t at = index(way.back()); at < states_.size();) {
            std::size_t next = states_.size();
            for (std::size_t i = at + 1; i < states_.size(); ++i)
                if (states_[i].parent == states_[at].number &&
                    (next == states_.size() || states_[i].visited >= states_[next].visited))
                    next = i;
            if (next < states_.size()) way.push_back(states_[next].number);
            at = next;
        }
    }

    bool is_leaf(std::size_t at) const {
        for (std::size_t i = at + 1; i < states_.size(); ++i)
            if (states_[i].parent == states_[at].number) return false;
        return true;
    }
    void erase(std::size_t at) noexcept {
        Base::erase(at - 1);
        states_.erase(states_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    // The oldest one that is not on the current branch, if there is one.
    bool drop_leaf() noexcept {
        if (states_.size() == branch_.size()) return false;
        std::size_t passed = 0;
        for (std::size_t i = 0;; ++i) {
            if (passed < branch_.size() && branch_[passed] == states_[i].number) ++passed;
            else if (is_leaf(i)) return erase(i), true;
        }
    }
    // Where there is only one branch.
    void drop_root() noexcept {
        Base::pop_front();
        states_.erase(states_.begin());
        states_.front().parent = 0;
        branch_.erase(branch_.begin());
        --position_;
    }
    // What has just been made stays, whatever it takes.
    void trim() noexcept {
        while (Base::over_limit() && drop_leaf()) {
        }
        while (Base::over_limit() && position_ > 1) drop_root();
    }

    HeapVector<late<State, T>> states_;
    Numbers branch_;  // the current one; there is room in it for all states
    std::size_t position_ = 0;
    Number last_ = 1;
    Number saved_ = 1;
    std::uint64_t visits_ = 0;
};

}  // namespace detail
}  // namespace stet
