#pragma once
// The default storage: the last N revisions in memory, as the patches between them; what is pinned, as values.

#include <stet/patch/patch.hpp>
#include <stet/policy/storage.hpp>
#include <stet/revision.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {

/// Keeps the newest `N` revisions, the current one included, and whatever is pinned. A revision costs what it changed.
template <class T, std::size_t N>
class Memory {
    static_assert(N > 0, "stet: Memory<T, N> keeps N states, the current one included; write 1 or more");

public:
    using value_type = T;

    /// A kept revision and the patch that led to it (from nothing: an empty one).
    struct Entry {
        Revision revision;
        Patch<T> patch;
    };
    struct Pinned {
        std::string name;
        Revision revision;
        T value;
    };

    Memory() = default;

    Result<void> append(Revision& revision, Patch<T>& patch, const T&) {
        if (entries_.size() == N) {  // the oldest gives its place; nothing here can throw
            Entry& oldest = entries_[first_];
            oldest.revision = std::move(revision);
            oldest.patch = std::move(patch);
            first_ = (first_ + 1) % N;
        } else {
            straighten();
            entries_.push_back(Entry{std::move(revision), std::move(patch)});
        }
        return {};
    }

    Number head() const { return entries_.empty() ? 0 : at(entries_.size() - 1).revision.number; }
    Number floor() const { return entries_.empty() ? 0 : at(0).revision.number; }

    const Revision* find(Number number) const {
        if (const Entry* entry = entry_of(number)) return &entry->revision;
        for (const Pinned& pinned : pinned_)
            if (pinned.revision.number == number) return &pinned.revision;
        return nullptr;
    }
    const Patch<T>* patch(Number number) const {
        const Entry* const entry = entry_of(number);
        return entry == nullptr ? nullptr : &entry->patch;
    }

    /// O(what changed since).
    T read(Number number, const T& head_value) const {
        T value = head_value;
        if (entry_of(number) != nullptr) {
            for (Number later = head(); later > number; --later) detail::Apply::undo(entry_of(later)->patch, value);
        } else {
            for (const Pinned& pinned : pinned_)
                if (pinned.revision.number == number) detail::Apply::trusted(diff(value, pinned.value), value);
        }
        return value;
    }

    Result<void> pin(std::string_view name, const Revision& revision, const T& value) {
        pinned_.push_back(Pinned{std::string(name), revision, value});
        return {};
    }
    bool unpin(std::string_view name) {
        for (auto pinned = pinned_.begin(); pinned != pinned_.end(); ++pinned) {
            if (pinned->name != name) continue;
            pinned_.erase(pinned);
            return true;
        }
        return false;
    }
    std::vector<Pin> pins() const {
        std::vector<Pin> all;
        for (const Pinned& pinned : pinned_) all.push_back({pinned.name, pinned.revision.number});
        return all;
    }
    const std::vector<Pinned>& pinned() const { return pinned_; }

    std::size_t prune(std::size_t keep) {
        if (keep == 0) keep = 1;
        if (entries_.size() <= keep) return 0;
        straighten();
        const std::size_t dropped = entries_.size() - keep;
        entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(dropped));
        return dropped;
    }

    /// The number of revisions in the unbroken run, and each of them, oldest first.
    std::size_t size() const { return entries_.size(); }
    const Entry& at(std::size_t index) const { return entries_[(first_ + index) % entries_.size()]; }

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
    const Entry* entry_of(Number number) const {
        if (entries_.empty() || number < floor() || number > head()) return nullptr;
        return &at(static_cast<std::size_t>(number - floor()));
    }
    // The oldest to the front, so that the vector can grow or shrink.
    void straighten() {
        if (first_ == 0) return;
        std::vector<Entry> straight;
        straight.reserve(entries_.size() + 1);
        for (std::size_t i = 0; i < entries_.size(); ++i)
            straight.push_back(std::move(entries_[(first_ + i) % entries_.size()]));
        entries_ = std::move(straight);
        first_ = 0;
    }

    std::vector<Entry> entries_;
    std::vector<Pinned> pinned_;
    std::vector<T> head_;
    std::size_t first_ = 0;
};

}  // namespace stet
