#pragma once
// A storage as somebody has written it for himself: whole values in a vector behind a handle, and a count of what it
// was asked for. The handle can be told to fail.

#include <stet/policy/storage.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

template <class T>
struct OwnLog {
    struct Entry {
        stet::Revision revision;
        stet::Patch<T> patch;
        T value;
        bool pruned = false;
    };
    std::vector<Entry> entries;
    std::vector<stet::Pin> pins;
    bool fails = false;   // says no
    bool throws = false;  // throws
    int appended = 0;
    int refused = 0;
};

template <class T>
class OwnStorage {
public:
    OwnLog<T>& log() const { return *log_; }

    stet::Result<void> append(stet::Revision& revision, stet::Patch<T>& patch, const T& value) {
        if (const auto may = allowed(); !may) return may;
        log_->entries.push_back({revision, patch, value});
        ++log_->appended;
        return {};
    }
    stet::Number head() const { return log_->entries.empty() ? 0 : log_->entries.back().revision.number; }
    stet::Number floor() const {
        for (const auto& entry : log_->entries)
            if (!entry.pruned) return entry.revision.number;
        return 0;
    }
    const stet::Revision* find(stet::Number number) const {
        const auto* entry = entry_of(number);
        return entry == nullptr ? nullptr : &entry->revision;
    }
    const stet::Patch<T>* patch(stet::Number number) const {
        const auto* entry = entry_of(number);
        return entry == nullptr || entry->pruned ? nullptr : &entry->patch;
    }
    T read(stet::Number number, const T&) const { return entry_of(number)->value; }
    stet::Result<void> pin(std::string_view name, const stet::Revision& revision, const T&) {
        if (const auto may = allowed(); !may) return may;
        log_->pins.push_back({std::string(name), revision.number});
        return {};
    }
    bool unpin(std::string_view name) {
        return std::erase_if(log_->pins, [&](const stet::Pin& pin) { return pin.name == name; }) != 0;
    }
    std::vector<stet::Pin> pins() const { return log_->pins; }
    std::size_t prune(std::size_t keep) {
        if (keep == 0 && !pinned(head())) keep = 1;
        std::size_t kept = 0;
        std::size_t dropped = 0;
        bool full = false;
        for (std::size_t i = log_->entries.size(); i-- > 0;) {
            auto& entry = log_->entries[i];
            if (!entry.pruned && !pinned(entry.revision.number)) {
                full = full || kept == keep;
                ++(full ? dropped : kept);
            }
            entry.pruned = entry.pruned || full;
        }
        return dropped;
    }
    std::size_t size() const {
        std::size_t kept = 0;
        for (const auto& entry : log_->entries) kept += entry_of(entry.revision.number) != nullptr ? 1 : 0;
        return kept;
    }
    T take_head() { return log_->entries.back().value; }
    void give_head(T) {}

private:
    stet::Result<void> allowed() {
        if (log_->throws) throw std::runtime_error("the disk is gone");
        if (!log_->fails) return {};
        ++log_->refused;
        return stet::Failure(stet::Error(stet::Errc::storage_failed, "the disk is full"));
    }
    bool pinned(stet::Number number) const {
        for (const stet::Pin& pin : log_->pins)
            if (pin.number == number) return true;
        return false;
    }
    const typename OwnLog<T>::Entry* entry_of(stet::Number number) const {
        for (const auto& entry : log_->entries)
            if (entry.revision.number == number && (!entry.pruned || pinned(number))) return &entry;
        return nullptr;
    }

    std::shared_ptr<OwnLog<T>> log_ = std::make_shared<OwnLog<T>>();
};
