#pragma once
// What to look for in an audit trail: one question for all audits, and one meaning of it.

#include <stet/policy/audit.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <vector>

namespace stet {

/// One value to look for, or any.
template <class E>
class Wanted {
public:
    constexpr Wanted() = default;
    constexpr Wanted(E value) : value_(value), any_(false) {}
    constexpr bool matches(E value) const { return any_ || value_ == value; }
    constexpr bool any() const { return any_; }
    constexpr E value() const { return value_; }

private:
    E value_{};
    bool any_ = true;
};

/// What to look for in an audit trail; what is left out matches everything.
struct AuditQuery {
    Number sequence = 0;  ///< this record
    Number revision = 0;  ///< what made it, began at it, or went back to it
    std::string_view author = {};
    Wanted<Operation> operation = {};
    Wanted<Outcome> outcome = {};
    std::string_view path = {};     ///< this field or anything inside it
    std::string_view subject = {};  ///< the name of a snapshot
    std::string_view reason = {};   ///< a part of it
    std::string_view source = {};   ///< a part of it
    std::string_view error = {};    ///< a part of it
    Time since = 0;
    Time until = 0;         ///< 0 for no end
    std::size_t limit = 0;  ///< the newest so many; 0 for all
};

namespace detail {

/// Is `path` the field `wanted`, or inside it?
constexpr bool is_inside(std::string_view path, std::string_view wanted) {
    return path.substr(0, wanted.size()) == wanted &&
           (path.size() == wanted.size() || path[wanted.size()] == '.' || path[wanted.size()] == '[');
}
constexpr bool holds_part(std::string_view text, std::string_view part) {
    return part.empty() || text.find(part) != std::string_view::npos;
}

/// The newest so many of what was found, oldest first.
template <class Record>
void limit_records(std::vector<Record>& found, std::size_t limit) {
    if (limit != 0 && found.size() > limit)
        found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(limit));
}

}  // namespace detail

/// Is this a record that was asked for? `limit` aside.
template <std::same_as<AuditRecord> Record>
bool matches(const Record& record, const AuditQuery& query) {
    const auto same = [](std::string_view value, std::string_view wanted) { return wanted.empty() || value == wanted; };
    if (query.sequence != 0 && record.sequence != query.sequence) return false;
    if (query.revision != 0 && record.before != query.revision && record.after != query.revision &&
        record.origin.to != query.revision)
        return false;
    if (!same(record.author, query.author) || !same(record.subject, query.subject)) return false;
    if (!query.operation.matches(record.operation) || !query.outcome.matches(record.outcome)) return false;
    if (record.time < query.since || (query.until != 0 && record.time > query.until)) return false;
    if (!detail::holds_part(record.reason, query.reason) || !detail::holds_part(record.source, query.source) ||
        !detail::holds_part(record.error, query.error))
        return false;
    if (query.path.empty()) return true;
    for (const AuditedChange& change : record.changes)
        if (detail::is_inside(change.path, query.path)) return true;
    return false;
}

}  // namespace stet
