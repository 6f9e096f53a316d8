#pragma once
// An audit trail in memory that can be asked.

#include <stet/policy/audit_query.hpp>
#include <stet/schema/violations.hpp>

#include <cstddef>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {

/// Keeps the last `capacity` records (all, if 0) in memory. Use it as `AuditLog`; it is a template so that who does not
/// use it does not compile it.
template <class Record>
class BasicAuditLog {
public:
    explicit BasicAuditLog(std::size_t capacity = 0) : capacity_(capacity) {}

    Result<void> begin(Record record) {
        record.sequence = next_;
        record.clock_back = record.clock_back || record.time < newest_;
        records_.push_back(std::move(record));
        return {};
    }
    void confirm() noexcept {
        ++next_;
        newest_ = records_.back().time;
        if (capacity_ != 0 && records_.size() > capacity_) records_.pop_front();
    }
    void cancel() noexcept { records_.pop_back(); }

    /// All records, oldest first.
    const std::deque<Record>& records() const { return records_; }

    /// The records that match, oldest first. O(records).
    std::vector<Record> find(const AuditQuery& query) const {
        std::vector<Record> found;
        for (const Record& record : records_)
            if (matches(record, query)) found.push_back(record);
        detail::limit_records(found, query.limit);
        return found;
    }

    /// Forgets records older than `time`; the numbers of the others stay. Returns how many were forgotten.
    std::size_t prune_before(Time time) {
        std::deque<Record> kept;
        for (const Record& record : records_)
            if (record.time >= time) kept.push_back(record);
        const std::size_t forgotten = records_.size() - kept.size();
        records_ = std::move(kept);
        return forgotten;
    }
    /// Forgets all but the newest `count` records. Returns how many were forgotten.
    std::size_t prune_to(std::size_t count) {
        const std::size_t forgotten = records_.size() > count ? records_.size() - count : 0;
        records_.erase(records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(forgotten));
        return forgotten;
    }

private:
    std::deque<Record> records_;  // the oldest goes at no cost
    std::size_t capacity_;
    Number next_ = 1;
    Time newest_ = 0;
};

}  // namespace stet
