#pragma once
// What is known about a revision besides its value, and what a caller says when making one.

#include <stet/fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stet {

/// A point in time: nanoseconds since 1970-01-01 00:00 UTC.
using Time = std::int64_t;

/// Where a revision came from.
struct Origin {
    enum Kind : std::uint8_t { create, commit, rollback, revert };
    Kind kind = commit;
    Number from = 0;  ///< rollback: the head that was left; revert: the first revision whose changes were undone
    Number to = 0;    ///< rollback: the revision whose state came back; revert: the last one, 0 for only one

    bool operator==(const Origin&) const = default;
};

/// A name and a value of the caller's own, kept with a revision: `{"ticket", "42"}`.
struct Tag {
    std::string key;
    std::string value;
    bool operator==(const Tag&) const = default;
};

/// An entry of the record: an immutable numbered state, without the state.
struct Revision {
    Number number = 0;
    Number previous = 0;  ///< the revision that it was made from; 0 for the first
    Time time = 0;
    std::string author{};
    std::string reason{};
    std::string source{};
    Origin origin{};
    std::vector<Tag> metadata{};

    bool operator==(const Revision&) const = default;
};

namespace detail {
struct MergeValues;
}

/// What a commit does that expects another head than there is: it is refused, or merged with what came between, which
/// is spelled `.on_conflict = stet::merge`.
class OnConflict {
public:
    constexpr OnConflict() = default;
    constexpr OnConflict(const detail::MergeValues&) : merges_(true) {}
    constexpr bool merges() const { return merges_; }

private:
    bool merges_ = false;
};

/// Who changes something, why, and under which condition: `{.author = "admin", .reason = "incident 42", .expected =
/// 7}`.
struct Change {
    std::string_view author = {};
    std::string_view reason = {};
    std::string_view source = {};
    Number expected = 0;  ///< refuse unless this is the head; 0 for any
    bool force = false;   ///< make a revision even where nothing changes
    std::vector<Tag> metadata = {};
    OnConflict on_conflict = {};  ///< of commit and set
};

}  // namespace stet
