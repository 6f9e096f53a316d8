#pragma once
// The default storage: the last N revisions in memory, as the patches between them; what is pinned, as values.

#include <stet/late.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/transaction.hpp>
#include <stet/policy/storage.hpp>
#include <stet/revision.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet {

/// Keeps the newest `N` revisions that no name pins, the current one included, and every pinned one; one more while a
/// provisional commit waits. A revision costs
/// what it changed, a pinned one its value.
template <class T, std::size_t N>
class Memory {
    static_assert(N > 0, "stet: Memory<T, N> keeps N states, the current one included; write 1 or more");

public:
    using value_type = T;

    /// O(1) as long as nothing is pinned.
    Result<void> append(Revision& revision, Patch<T>& patch, const T&) {
        const bool waits = revision.deadline != 0;  // what it was made of stays, and does not count
        if (!waits && unpinned() >= N && !is_pinned(revision.number)) {  // one gives its place; nothing here can throw
            forget(leading_pinned());
            Entry& oldest = entries_[first_];
            oldest.revision = std::move(revision);
            oldest.patch = std::move(patch);
            if (++first_ == entries_.size()) first_ = 0;
            if (unpinned() > N) prune(N);
        } else {
            straighten();
            make_room(entries_);  // before anything is taken from the caller
            entries_.push_back(Entry{std::move(revision), std::move(patch)});
        }
        return {};
    }

    Number head() const { return entries_.empty() ? 0 : entry(entries_.size() - 1).revision.number; }
    Number floor() const { return entries_.empty() ? 0 : entry(0).revision.number; }
    std::size_t size() const { return entries_.size() + static_cast<std::size_t>(place_of(floor()) - pinned_.begin()); }

    const Revision* find(Number number) const {
        if (const Entry* const kept = entry_of(number)) return &kept->revision;
        return is_pinned(number) ? &place_of(number)->revision : nullptr;
    }
    const Patch<T>* patch(Number number) const {
        const Entry* const kept = entry_of(number);
        return kept == nullptr ? nullptr : &kept->patch;
    }

    /// O(what changed since).
    T read(Number number, const T& head_value) const {
        T value = head_value;
        if (entry_of(number) != nullptr) {
            for (Number later = head(); later > number; --later) detail::Apply::undo(entry_of(later)->patch, value);
        } else if (is_pinned(number)) {
            detail::Apply::trusted(diff(value, place_of(number)->value.get()), value);
        }
        return value;
    }

    Result<void> pin(std::string_view name, const Revision& revision, const T& value) {
        Pin named{std::string(name), revision.number};
        make_room(names_);
        if (!is_pinned(revision.number))
            pinned_.insert(place_of(revision.number), Pinned{revision, detail::Slot<T>(value)});
        names_.push_back(std::move(named));
        return {};
    }
    /// The revision counts again, and the oldest goes if there are more than `N` now. One that is older than those
    /// goes.
    bool unpin(std::string_view name) {
        auto named = names_.begin();
        while (named != names_.end() && named->name != name) ++named;
        if (named == names_.end()) return false;
        const Number number = named->number;
        names_.erase(named);
        for (const Pin& other : names_)
            if (other.number == number) return true;
        pinned_.erase(place_of(number));
        prune(entry(entries_.size() - 1).revision.deadline == 0 ? N : N + 1);
        return true;
    }
    std::vector<detail::late<Pin, T>> pins() const { return names_; }

    std::size_t prune(std::size_t keep) {
        if (keep == 0 && !is_pinned(head())) keep = 1;
        std::size_t dropped = 0;
        std::size_t leaving = 0;
        for (std::size_t kept = unpinned(); kept > keep; ++leaving) {
            if (is_pinned(entry(leaving).revision.number)) continue;  // its value stays
            ++dropped;
            --kept;
        }
        forget(leaving);
        return dropped;
    }

    /// The value of the head while no `Versioned` holds it.
    void give_head(T value) {
        head_.clear();
        head_.push_back(std::move(value));
    }
    bool has_head() const { return !head_.empty(); }
    const T& head_value() const { return head_.front(); }
    T take_head() {
        T value = std::move(head_.front());
        head_.clear();
        return value;
    }

private:
    // A revision of the unbroken run that ends at the head, and the patch that led to it (from nothing: an empty one).
    struct Entry {
        Revision revision;
        Patch<T> patch;
    };
    // A revision that has a name, with its value, whether it is in the run or older.
    struct Pinned {
        Revision revision;
        detail::Slot<T> value;
    };

    const Entry& entry(std::size_t index) const { return entries_[(first_ + index) % entries_.size()]; }
    const Entry* entry_of(Number number) const {
        if (entries_.empty() || number < floor() || number > head()) return nullptr;
        return &entry(static_cast<std::size_t>(number - floor()));
    }

    // The first that is pinned and not older.
    auto place_of(Number number) const {
        auto first = pinned_.begin();
        for (auto count = pinned_.end() - first; count > 0;) {
            const auto half = count / 2;
            if (first[half].revision.number < number) {
                first += half + 1;
                count -= half + 1;
            } else count = half;
        }
        return first;
    }
    bool is_pinned(Number number) const {
        if (pinned_.empty() || pinned_.back().revision.number < number) return false;
        return place_of(number)->revision.number == number;
    }
    // How many of the run have no name; where none of the names is in it, that is all.
    std::size_t unpinned() const {
        if (pinned_.empty() || pinned_.back().revision.number < floor()) return entries_.size();
        return entries_.size() - static_cast<std::size_t>(place_of(head() + 1) - place_of(floor()));
    }
    std::size_t leading_pinned() const {
        std::size_t count = 0;
        while (is_pinned(entry(count).revision.number)) ++count;
        return count;
    }

    template <class Element>
    static void make_room(std::vector<Element>& list) {
        static_assert(std::is_nothrow_move_constructible_v<Element> && std::is_nothrow_move_assignable_v<Element>);
        if (list.size() == list.capacity()) list.reserve(2 * list.size() + 1);
    }
    // The oldest to the front, so that the vector can grow or shrink: both parts turned round, then the whole.
    void straighten() noexcept {
        if (first_ == 0) return;
        turn_round(0, first_);
        turn_round(first_, entries_.size());
        turn_round(0, entries_.size());
        first_ = 0;
    }
    void turn_round(std::size_t from, std::size_t to) noexcept {
        for (; from + 1 < to; ++from, --to) std::swap(entries_[from], entries_[to - 1]);
    }
    void forget(std::size_t oldest) noexcept {
        if (oldest == 0) return;
        straighten();
        entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(oldest));
    }

    std::vector<Entry> entries_;               // a ring that begins at first_
    std::vector<Pinned> pinned_;               // ascending
    std::vector<detail::late<Pin, T>> names_;  // in the order in which they were given
    std::vector<T> head_;
    std::size_t first_ = 0;
};

}  // namespace stet
