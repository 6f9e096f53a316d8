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
    rule_broken,         ///< the candidate breaks rules; see `violations()`
    revision_conflict,   ///< `expected` is not the head
    no_such_revision,    ///< a number that was never given out
    revision_pruned,     ///< a revision that existed and is no longer kept
    no_such_snapshot,    ///< no snapshot has this name
    snapshot_exists,     ///< a snapshot has this name already
    no_such_field,       ///< a path that names nothing
    no_such_element,     ///< an index or key that a container does not have
    wrong_type,          ///< a value that the field cannot hold
    patch_conflict,      ///< a value that does not have what a patch changes
    merge_conflict,      ///< both sides changed the same; see `conflicts()` of the merge or plan
    nothing_to_undo,     ///< the oldest retained state is current
    nothing_to_redo,     ///< the newest state is current
    frame_not_kept,      ///< a frame that was not saved, or is no longer kept
    group_open,          ///< a group of steps is open, or one inside it
    in_notification,     ///< a change from inside a function that is told of one, or that edits
    gave_up,             ///< the function that was to make the change gave up
    plan_expired,        ///< the head has moved since the plan was made
    already_created,     ///< the storage holds revisions already
    not_created,         ///< the storage holds no revision yet
    malformed,           ///< outside data that cannot be read
    storage_failed,      ///< the storage refused
    storage_full,        ///< the storage has no place that is not needed
    not_opened,          ///< what is stored has not been looked at yet
    provisional,         ///< a commit is waiting for its confirmation
    nothing_to_confirm,  ///< no commit with this token is waiting for its confirmation
    busy,                ///< somebody else is changing it
    unreadable,          ///< a stored revision that cannot be read as the struct of today
    denied,              ///< who asked for it may not do it
    audit_failed,        ///< the audit refused
    audit_tampered,      ///< the audit trail is not what was written; `expected()` is the first record concerned
    cannot_wait,         ///< what makes no revision cannot be provisional, nor what has no time to wait
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
            return {"there is no such revision", "ask history(), or each_revision(), for the revisions that exist"};
        case Errc::revision_pruned:
            return {"the revision is no longer kept",
                    "choose one that is kept; a Versioned pins what must stay with snapshot(name)"};
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
            return {"later changes stand in the way",
                    "change that field back first, or say which side stands; a plan shows all conflicts()"};
        case Errc::nothing_to_undo:
            return {"there is nothing to undo", "ask can_undo() first"};
        case Errc::nothing_to_redo:
            return {"there is nothing to redo", "ask can_redo() first"};
        case Errc::frame_not_kept:
            return {"the frame is not kept", "go back by fewer frames, keep more of them, and save each of them"};
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
        case Errc::storage_full:
            return {"the storage has no room",
                    "make room on the disk; a device needs a page more, or to give up what a newer program left there"};
        case Errc::not_opened:
            return {"what is stored has not been looked at", "call open() first"};
        case Errc::provisional:
            return {"a commit is waiting for its confirmation", "confirm(token) it, or take_back() first"};
        case Errc::nothing_to_confirm:
            return {"no commit with this token is waiting",
                    "give the number that commit_confirmed returned; it may have been taken back: ask history(), or "
                    "taken_back() of a Stored"};
        case Errc::busy:
            return {"somebody else is changing it", "try again when that has returned"};
        case Errc::unreadable:
            return {"the revision cannot be read as the struct of today",
                    "look at it with storage().raw(number); give open() the migrations<...> that lead from its struct"};
        case Errc::denied:
            return {"this is not allowed", "ask somebody who may, or leave that field as it is"};
        case Errc::audit_failed:
            return {"the audit refused", "see why()"};
        case Errc::audit_tampered:
            return {"the audit trail is not what was written", "compare it with a copy; trust nothing from there on"};
        case Errc::cannot_wait:
            return {"this cannot wait for a confirmation",
                    "give confirm_within, longer than nothing, to commit, edit, set, rollback, revert or execute"};
    }
    return {};
}

struct NoViolations {
    static constexpr std::size_t size() { return 0; }
    static constexpr bool empty() { return true; }
    static constexpr const int* begin() { return nullptr; }
    static constexpr const int* end() { return nullptr; }
};

struct NoneBroken {};  // yet
struct Lasting {       // a text that lives as long as the program, so that an error need not copy it
    std::string_view text{};
    constexpr operator std::string_view() const { return text; }
};
struct ResultAccess;  // in <stet/result.hpp>

// What an error says besides its code.
template <class Violations>
class Details {
public:
    constexpr Details(Number expected, Number actual, std::string_view subject, std::string_view nearest)
        : expected_(expected), actual_(actual), subject_(subject), nearest_(nearest) {}
    constexpr explicit Details(NoneBroken) {}
    constexpr explicit Details(Violations violations) : violations_(static_cast<Violations&&>(violations)) {}
    template <class Other>
    constexpr explicit Details(const BasicError<Other>& other, Violations violations = {})
        : expected_(other.expected()),
          actual_(other.actual()),
          subject_(other.subject()),
          nearest_(other.nearest()),
          violations_(static_cast<Violations&&>(violations)) {}

    constexpr Number expected() const { return expected_; }
    constexpr Number actual() const { return actual_; }
    constexpr std::string_view subject() const { return subject_; }
    constexpr std::string_view nearest() const { return nearest_; }
    constexpr const Violations& violations() const { return violations_; }

private:
    Number expected_ = 0;
    Number actual_ = 0;
    FixedText<80> subject_;
    FixedText<80> nearest_;
    STET_NO_UNIQUE_ADDRESS Violations violations_{};
};

template <class Violations>
inline constexpr Violations no_violations{};

// The same for flat structs, which a small stack must hold: an error that broken rules are the reason of says nothing
// else, and the texts that the part without heap gives last as long as the program. Others are copied as far as there
// is room.
template <class Violations>
class SmallDetails {
    struct Said {
        Number expected, actual;
        const char* subject;
        const char* nearest;
        std::uint16_t subject_size, nearest_size;
    };
    static constexpr std::size_t least = STET_BARE ? 72 : 192;
    static constexpr std::size_t room =
        (sizeof(Violations) > least ? sizeof(Violations) : least) - 2 * sizeof(Number) - 8;
    struct Copied {
        constexpr Copied(Number expects, Number is, std::string_view subject, std::string_view nearest)
            : expected(expects), actual(is) {
            const std::size_t half = texts.capacity / 2;
            std::size_t most = texts.capacity - (nearest.size() < half ? nearest.size() : half);
            if (subject.size() > most) {  // cut at a character, so that both have a place
                most -= 3;
                while (most > 0 && (static_cast<unsigned char>(subject[most]) & 0xC0U) == 0x80U) --most;
                texts.append(subject.data(), most);
                texts.append("...", 3);
            } else texts.append(subject.data(), subject.size());
            subject_size = static_cast<std::uint8_t>(texts.view().size());
            if (nearest.size() + subject_size <= texts.capacity) texts.append(nearest.data(), nearest.size());
        }
        Number expected, actual;
        FixedText<(room < 255 ? room : 255)> texts;
        std::uint8_t subject_size = 0;
    };
    enum class Holds : std::uint8_t { said, violations, copied };

public:
    constexpr SmallDetails(Number expected, Number actual, Lasting subject, Lasting nearest)
        : said_{expected,
                actual,
                subject.text.data(),
                nearest.text.data(),
                static_cast<std::uint16_t>(subject.text.size()),
                static_cast<std::uint16_t>(nearest.text.size())},
          holds_(Holds::said) {}
    constexpr SmallDetails(Number expected, Number actual, std::string_view subject, std::string_view nearest)
        : copied_{expected, actual, subject, nearest}, holds_(Holds::copied) {}
    constexpr explicit SmallDetails(NoneBroken) : violations_(), holds_(Holds::violations) {}
    constexpr explicit SmallDetails(const Violations& violations)
        : violations_(violations), holds_(Holds::violations) {}
    template <class Other>
    constexpr explicit SmallDetails(const BasicError<Other>& other)
        : copied_{other.expected(), other.actual(), other.subject(), other.nearest()}, holds_(Holds::copied) {}
    template <class Other>
    constexpr SmallDetails(const BasicError<Other>&, const Violations& violations) : SmallDetails(violations) {}

    constexpr Number expected() const {
        return holds_ == Holds::said ? said_.expected : holds_ == Holds::copied ? copied_.expected : 0;
    }
    constexpr Number actual() const {
        return holds_ == Holds::said ? said_.actual : holds_ == Holds::copied ? copied_.actual : 0;
    }
    constexpr std::string_view subject() const {
        if (holds_ == Holds::said) return chars(said_.subject, said_.subject_size);
        return holds_ == Holds::copied ? copied_.texts.view().substr(0, copied_.subject_size) : std::string_view{};
    }
    constexpr std::string_view nearest() const {
        if (holds_ == Holds::said) return chars(said_.nearest, said_.nearest_size);
        return holds_ == Holds::copied ? copied_.texts.view().substr(copied_.subject_size) : std::string_view{};
    }
    constexpr const Violations& violations() const {
        return holds_ == Holds::violations ? violations_ : no_violations<Violations>;
    }
    constexpr Violations& list() { return violations_; }

private:
    union {
        Said said_;
        Violations violations_;
        Copied copied_;
    };
    Holds holds_;
};

}  // namespace detail

/// An error; `Violations` is the list of broken rules, a fixed one for flat structs and a growing one for others.
template <class Violations>
class BasicError {
    static constexpr bool in_place = requires { Violations::in_place; };
    using Details = std::conditional_t<in_place, detail::SmallDetails<Violations>, detail::Details<Violations>>;

public:
    constexpr explicit BasicError(Errc code) : details_(0, 0, detail::Lasting{}, detail::Lasting{}), code_(code) {}
    constexpr BasicError(Errc code, detail::Lasting subject, detail::Lasting nearest)
        : details_(0, 0, subject, nearest), code_(code) {}
    constexpr BasicError(Errc code, Number expected, Number actual, detail::Lasting subject)
        : details_(expected, actual, subject, detail::Lasting{}), code_(code) {}
    constexpr BasicError(Errc code, std::string_view subject, std::string_view nearest = {})
        : details_(0, 0, subject, nearest), code_(code) {}
    constexpr BasicError(Errc code, Number expected, Number actual, std::string_view subject = {})
        : details_(expected, actual, subject, {}), code_(code) {}
    constexpr BasicError(Errc code, detail::NoneBroken none) : details_(none), code_(code) {}
    constexpr BasicError(Errc code, const Violations& violations) : details_(violations), code_(code) {}
    constexpr BasicError(Errc code, Violations&& violations)
        : details_(static_cast<Violations&&>(violations)), code_(code) {}
    /// Any error becomes any other; violations come along where their type allows it.
    template <class Other>
    constexpr BasicError(const BasicError<Other>& other) : details_(of(other)), code_(other.code()) {}

    constexpr Errc code() const { return code_; }
    /// The revision that was asked for or expected, and the one that is there (the head, or the oldest that is kept).
    constexpr Number expected() const { return details_.expected(); }
    constexpr Number actual() const { return details_.actual(); }
    /// The field or snapshot that the error is about, and the nearest one that exists; of `wrong_type` what would fit;
    /// of `frame_not_kept` those that are kept: "12 to 19".
    constexpr std::string_view subject() const { return details_.subject(); }
    constexpr std::string_view nearest() const { return details_.nearest(); }
    constexpr const Violations& violations() const { return details_.violations(); }

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
        if (code_ == Errc::denied) out << detail::error_text(code_).fix;
        else if (!nearest().empty() && code_ == Errc::wrong_type) out << "give " << nearest();
        else if (!nearest().empty()) out << "did you mean '" << nearest() << "'?";
        else out << detail::error_text(code_).fix;
        return text;
    }

    /// All of it: what, why, every violation, how to fix it.
    void write(const Writer& out) const {
        out << what();
        if (!violations().empty()) {
            out << ':';
            for (const auto& violation : violations()) out << "\n  " << violation;
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
                out << "expected revision " << expected() << ", the head is " << actual();
                break;
            case Errc::no_such_revision:
                if (expected() == 0 && !subject().empty()) out << subject() << ": nothing comes before it";
                else out << "revision " << expected() << " was never made, the head is " << actual();
                break;
            case Errc::revision_pruned:
                if (!subject().empty()) out << subject() << ": ";
                out << "revision " << expected() << " was pruned";
                if (actual() != 0) out << ", the oldest that is kept is " << actual();
                break;
            case Errc::audit_tampered:
                out << "record " << expected() << " was " << subject();
                break;
            case Errc::provisional:
                if (expected() != 0) out << "revision " << expected();
                break;
            case Errc::frame_not_kept:
                out << "frame " << expected() << " is not among " << subject();
                break;
            case Errc::unreadable:
                out << "revision " << expected() << ": " << subject();
                break;
            case Errc::denied:
                out << (subject().empty() ? "it" : subject()) << " may not be changed by '" << nearest() << "'";
                break;
            case Errc::no_such_element:
                out << "'" << subject() << "'";
                if (expected() != 0 || actual() != 0) out << ", there are " << actual();
                break;
            default:
                if (!violations().empty()) {
                    out << *violations().begin();
                    if (violations().size() > 1) out << " (and " << (violations().size() - 1) << " more)";
                } else if (!subject().empty()) {
                    out << "'" << subject() << "'";
                }
        }
    }

    template <class Other>
    static constexpr Details of(const BasicError<Other>& other) {
        if constexpr (std::is_constructible_v<Violations, const Other&>)
            if (!other.violations().empty() || !in_place) return Details(other, Violations(other.violations()));
        return Details(other);
    }

    friend struct detail::ResultAccess;

    STET_NO_UNIQUE_ADDRESS Details details_;  // the code may lie in its padding
    Errc code_;
};

}  // namespace stet
