#pragma once
// An error says what happened, why, and how to fix it. Nothing here allocates: an error holds codes, numbers and short
// names; sentences are made on demand.

#include <stet/config.hpp>
#include <stet/fwd.hpp>
#include <stet/text.hpp>

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

/// What went wrong.
enum class Errc : std::uint8_t {
    rule_broken,        ///< the candidate breaks rules; see `violations()`
    revision_conflict,  ///< `expected` is not the head
    no_such_revision,   ///< a number that was never given out
    revision_pruned,    ///< a revision that existed and is no longer kept
    no_such_snapshot,   ///< no snapshot has this name
    snapshot_exists,    ///< a snapshot has this name already
    no_such_field,      ///< a path that names nothing
    no_such_element,    ///< an index or key that a container does not have
    wrong_type,         ///< a value that the field cannot hold
    patch_conflict,     ///< a value that does not have what a patch changes
    merge_conflict,     ///< both sides changed the same; see `conflicts()` of the merge or plan
    nothing_to_undo,    ///< the oldest retained state is current
    nothing_to_redo,    ///< the newest state is current
    group_open,         ///< a group of steps is open, or one inside it
    in_notification,    ///< a change from inside a function that is told of one, or that edits
    gave_up,            ///< the function that was to make the change gave up
    plan_expired,       ///< the head has moved since the plan was made
    already_created,    ///< the storage holds revisions already
    not_created,        ///< the storage holds no revision yet
    malformed,          ///< outside data that cannot be read
    storage_failed,     ///< the storage refused
    audit_failed,       ///< the audit refused
};

namespace detail {

// What happened, and how to fix it. `{}` stands for the subject of the error.
struct ErrorText {
    std::string_view what;
    std::string_view fix;
};
constexpr ErrorText error_text(Errc code) {
    switch (code) {
        case Errc::rule_broken:
            return {"the change breaks a rule", "correct the fields named in violations(), then commit again"};
        case Errc::revision_conflict:
            return {"somebody else was faster",
                    "read the head again, repeat the change on it, and commit with its number as expected"};
        case Errc::no_such_revision:
            return {"there is no such revision", "ask history() for the revisions that exist"};
        case Errc::revision_pruned:
            return {"the revision is no longer kept", "choose a later one, or pin what must stay with snapshot(name)"};
        case Errc::no_such_snapshot:
            return {"there is no such snapshot",
                    "take it with snapshot(name) before the change, or name a revision by its number"};
        case Errc::snapshot_exists:
            return {"a snapshot has this name already", "choose another name, or release(name) the old one first"};
        case Errc::no_such_field:
            return {"there is no such field", "write a path as it stands in the struct"};
        case Errc::no_such_element:
            return {"there is no such element", "use an index or key that the container has"};
        case Errc::wrong_type:
            return {"the field cannot hold this value", "give a value of the field's type and range"};
        case Errc::patch_conflict:
            return {"the patch does not fit this value", "make the patch again from the value as it is now"};
        case Errc::merge_conflict:
            return {"later changes stand in the way", "plan it, look at conflicts(), and resolve them"};
        case Errc::nothing_to_undo:
            return {"there is nothing to undo", "ask can_undo() first"};
        case Errc::nothing_to_redo:
            return {"there is nothing to redo", "ask can_redo() first"};
        case Errc::group_open:
            return {"a group is open", "end it first: close() or cancel() it, or leave its scope"};
        case Errc::in_notification:
            return {"a function that makes a change, or is told of one, cannot make another",
                    "make it when the call has returned"};
        case Errc::gave_up:
            return {"the change gave up", "nothing to do: the function that makes the change said no"};
        case Errc::plan_expired:
            return {"the plan has expired", "make the plan again and look at what it shows now"};
        case Errc::already_created:
            return {"there are revisions already", "use open() to go on with them"};
        case Errc::not_created:
            return {"there is no revision yet", "use create(), or open() with if_empty(value)"};
        case Errc::malformed:
            return {"the data cannot be read", "correct what violations() names"};
        case Errc::storage_failed:
            return {"the storage refused", "see why()"};
        case Errc::audit_failed:
            return {"the audit refused", "see why()"};
    }
    return {};
}

struct NoViolations {
    static constexpr std::size_t size() { return 0; }
    static constexpr bool empty() { return true; }
    static constexpr const int* begin() { return nullptr; }
    static constexpr const int* end() { return nullptr; }
};

}  // namespace detail

/// An error; `Violations` is the list of broken rules, a fixed one for flat structs and a growing one for others.
template <class Violations>
class BasicError {
public:
    constexpr explicit BasicError(Errc code) : code_(code) {}
    constexpr BasicError(Errc code, std::string_view subject, std::string_view nearest = {})
        : code_(code), subject_(subject), nearest_(nearest) {}
    constexpr BasicError(Errc code, Number expected, Number actual, std::string_view subject = {})
        : code_(code), expected_(expected), actual_(actual), subject_(subject) {}
    constexpr BasicError(Errc code, Violations violations)
        : code_(code), violations_(static_cast<Violations&&>(violations)) {}
    /// Any error becomes any other; violations come along where their type allows it.
    template <class Other>
    constexpr BasicError(const BasicError<Other>& other)
        : code_(other.code()),
          expected_(other.expected()),
          actual_(other.actual()),
          subject_(other.subject()),
          nearest_(other.nearest()) {
        if constexpr (std::is_constructible_v<Violations, const Other&>) violations_ = Violations(other.violations());
    }

    constexpr Errc code() const { return code_; }
    /// The revision that was asked for or expected, and the one that is there (the head, or the oldest that is kept).
    constexpr Number expected() const { return expected_; }
    constexpr Number actual() const { return actual_; }
    /// The field or snapshot that the error is about, and the nearest one that exists; of `wrong_type` what would fit.
    constexpr std::string_view subject() const { return subject_; }
    constexpr std::string_view nearest() const { return nearest_; }
    constexpr const Violations& violations() const { return violations_; }

    /// One sentence each, without secrets.
    constexpr std::string_view what() const { return detail::error_text(code_).what; }
    FixedText<240> why() const {
        FixedText<240> text;
        const Writer out(text);
        write_why(out);
        return text;
    }
    FixedText<240> fix() const {
        FixedText<240> text;
        const Writer out(text);
        if (!nearest_.empty() && code_ == Errc::wrong_type) out << "give " << nearest_.view();
        else if (!nearest_.empty()) out << "did you mean '" << nearest_.view() << "'?";
        else out << detail::error_text(code_).fix;
        return text;
    }

    /// All of it: what, why, every violation, how to fix it.
    void write(const Writer& out) const {
        out << what();
        if (!violations_.empty()) {
            out << ':';
            for (const auto& violation : violations_) out << "\n  " << violation;
        } else if (const FixedText<240> reason = why(); !reason.empty()) {
            out << ": " << reason.view();
        }
        out << "\n  fix: " << fix().view();
    }

private:
    void write_why(const Writer& out) const {
        switch (code_) {
            case Errc::revision_conflict:
            case Errc::plan_expired:
                out << "expected revision " << expected_ << ", the head is " << actual_;
                break;
            case Errc::no_such_revision:
                if (expected_ == 0 && !subject_.empty()) out << subject_.view() << ": nothing comes before it";
                else out << "revision " << expected_ << " was never made, the head is " << actual_;
                break;
            case Errc::revision_pruned:
                if (!subject_.empty()) out << subject_.view() << ": ";
                out << "revision " << expected_ << " was pruned, the oldest that is kept is " << actual_;
                break;
            case Errc::no_such_element:
                out << "'" << subject_.view() << "'";
                if (expected_ != 0 || actual_ != 0) out << ", there are " << actual_;
                break;
            default:
                if (!violations_.empty()) {
                    out << *violations_.begin();
                    if (violations_.size() > 1) out << " (and " << (violations_.size() - 1) << " more)";
                } else if (!subject_.empty()) {
                    out << "'" << subject_.view() << "'";
                }
        }
    }

    Errc code_;
    Number expected_ = 0;
    Number actual_ = 0;
    FixedText<80> subject_;
    FixedText<80> nearest_;
    STET_NO_UNIQUE_ADDRESS Violations violations_{};
};

}  // namespace stet
