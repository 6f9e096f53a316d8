#pragma once
// What is known about a revision besides its value, and what a caller says when making one.

#include <stet/fwd.hpp>

#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace stet {

/// A point in time: nanoseconds since 1970-01-01 00:00 UTC.
using Time = std::int64_t;

/// Where a revision came from.
struct Origin {
    enum Kind : std::uint8_t { create, commit, rollback, revert, confirm, take_back };
    Kind kind = commit;
    /// rollback: the head that was left; revert: the first revision whose changes were undone; confirm and take_back:
    /// the provisional one
    Number from = 0;
    /// rollback: the revision whose state came back; revert: the last one, 0 for only one; confirm and take_back: the
    /// one before the provisional one
    Number to = 0;

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
    Time deadline = 0;  ///< of a provisional one: from when on it is taken back unless it was confirmed; else 0

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

/// A length of time, from any `std::chrono::duration`.
class TimeSpan {
public:
    constexpr TimeSpan() = default;
    template <class Duration>
        requires requires(const Duration& span) { Duration::period::num / Duration::period::den* span.count(); }
    constexpr TimeSpan(const Duration& span) : given_(true) {
        constexpr double longest = 9.2e18;  // 292 years
        const double count = static_cast<double>(span.count()) * static_cast<double>(Duration::period::num) /
                             static_cast<double>(Duration::period::den) * 1e9;
        nanoseconds_ = !(count > 0) ? 0 : count < longest ? static_cast<Time>(count) : static_cast<Time>(longest);
    }
    template <class N>
        requires std::is_arithmetic_v<N>
    constexpr TimeSpan(N) {
        static_assert(!std::is_arithmetic_v<N>,
                      "stet: a length of time has a unit: write std::chrono::seconds(10), or 10s");
    }
    constexpr bool given() const { return given_; }
    /// 0 for what is no length.
    constexpr Time nanoseconds() const { return nanoseconds_; }
    /// When it is over.
    constexpr Time after(Time start) const {
        constexpr Time last = (std::numeric_limits<Time>::max)();
        return start > last - nanoseconds_ ? last : start + nanoseconds_;
    }

private:
    Time nanoseconds_ = 0;
    bool given_ = false;
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
    /// Of what makes a revision: it is provisional, which is to say that it is taken back when this time is over unless
    /// `confirm` was called before; see `Versioned::commit_confirmed`.
    TimeSpan confirm_within = {};
};

}  // namespace stet
