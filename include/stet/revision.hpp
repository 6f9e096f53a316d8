#pragma once
// What is known about a revision besides its value, and what a caller says when making one.

#include <stet/fwd.hpp>

#include <cstdint>
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
        requires requires { Duration::period::num / Duration::period::den; }
    constexpr TimeSpan(const Duration& span) : given_(true) {
        using Period = typename Duration::period;
        const auto count = span.count();
        if (!(count > 0)) return;
        if constexpr (std::is_integral_v<typename Duration::rep> && second % Period::den == 0 &&
                      Period::num < longest / second) {
            constexpr Time unit = second / Period::den * Period::num;
            const auto units = static_cast<std::uint64_t>(count);
            nanoseconds_ =
                units < static_cast<std::uint64_t>(longest / unit) ? static_cast<Time>(units) * unit : longest;
        } else {
            const double exact = static_cast<double>(count) * static_cast<double>(Period::num) /
                                 static_cast<double>(Period::den) * static_cast<double>(second);
            nanoseconds_ = exact < static_cast<double>(longest) ? static_cast<Time>(exact) : longest;
        }
    }
    template <class Other>
        requires(!std::is_base_of_v<TimeSpan, Other> && !requires { Other::period::num; })
    constexpr TimeSpan(const Other&) {
        static_assert(std::is_void_v<Other>,
                      "stet: a length of time has a unit: write std::chrono::seconds(10), or 10s");
    }
    constexpr bool given() const { return given_; }
    /// 0 for what is no length.
    constexpr Time nanoseconds() const { return nanoseconds_; }
    /// When it is over; never 0.
    constexpr Time after(Time start) const {
        constexpr Time last = (std::numeric_limits<Time>::max)();
        const Time end = start > last - nanoseconds_ ? last : start + nanoseconds_;
        return end == 0 ? 1 : end;
    }

private:
    static constexpr Time second = 1'000'000'000;
    static constexpr Time longest = 9'200'000'000 * second;  // 292 years

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
