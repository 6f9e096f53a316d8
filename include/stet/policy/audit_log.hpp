#pragma once
// An audit trail in memory that can be asked.

#include <stet/policy/audit.hpp>
#include <stet/schema/violations.hpp>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {

/// One value to look for, or any.
template <class E>
class Wanted {
public:
    constexpr Wanted() = default;
    constexpr Wanted(E value) : value_(value), any_(false) {}
    constexpr bool matches(E value) const { return any_ || value_ == value; }

private:
    E value_{};
    bool any_ = true;
};

/// What to look for in an audit trail; what is left out matches everything.
struct AuditQuery {
    std::string_view author = {};
    Wanted<Operation> operation = {};
    Wanted<Outcome> outcome = {};
    std::string_view path = {};  ///< this field or anything inside it
    Time since = 0;
    Time until = 0;         ///< 0 for no end
    std::size_t limit = 0;  ///< the newest so many; 0 for all
};

/// Keeps the last `capacity` records (all, if 0) in memory. Use it as `AuditLog`; it is a template so that who does not
/// use it does not compile it.
template <class Record>
class BasicAuditLog {
public:
    explicit BasicAuditLog(std::size_t capacity = 0) : capacity_(capacity) {}

    Result<void> begin(Record record) {
        record.sequence = next_;
        records_.push_back(std::move(record));
        return {};
    }
    void confirm() noexcept {
        ++next_;
        if (capacity_ != 0 && records_.size() > capacity_) records_.erase(records_.begin());
    }
    void cancel() noexcept { records_.pop_back(); }

    /// All records, oldest first.
    const std::vector<Record>& records() const { return records_; }

    /// The records that match, oldest first. O(records).
    std::vector<Record> find(const AuditQuery& query) const {
        std::vector<Record> found;
        for (const Record& record : records_)
            if (matches(record, query)) found.push_back(record);
        if (query.limit != 0 && found.size() > query.limit)
            found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(query.limit));
        return found;
    }

    /// Forgets records older than `time`; the numbers of the others stay. Returns how many were forgotten.
    std::size_t prune_before(Time time) {
        std::vector<Record> kept;
        for (const Record& record : records_)
            if (record.time >= time) kept.push_back(record);
        const std::size_t forgotten = records_.size() - kept.size();
        records_ = std::move(kept);
        return forgotten;
    }

private:
    static bool inside(std::string_view path, std::string_view wanted) {
        return path.substr(0, wanted.size()) == wanted &&
               (path.size() == wanted.size() || path[wanted.size()] == '.' || path[wanted.size()] == '[');
    }
    static bool matches(const Record& record, const AuditQuery& query) {
        if (!query.author.empty() && record.author != query.author) return false;
        if (!query.operation.matches(record.operation)) return false;
        if (!query.outcome.matches(record.outcome)) return false;
        if (record.time < query.since || (query.until != 0 && record.time > query.until)) return false;
        if (query.path.empty()) return true;
        for (const AuditedChange& change : record.changes)
            if (inside(change.path, query.path)) return true;
        return false;
    }

    std::vector<Record> records_;
    std::size_t capacity_;
    Number next_ = 1;
};

}  // namespace stet
