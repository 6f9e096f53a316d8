#pragma once
// Where two changes of one base meet and cannot both stand.

#include <stet/late.hpp>
#include <stet/patch/flat_merge.hpp>
#include <stet/patch/place.hpp>
#include <stet/schema/attribute.hpp>
#include <stet/schema/path_view.hpp>
#include <stet/schema/print.hpp>
#include <stet/schema/violations.hpp>
#include <stet/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace stet {

/// What would do away with a conflict: `take` can be given to `resolve`.
struct Suggestion {
    Side take;
    std::string text;  ///< `take theirs: "gpt-4o"`
};

/// Both sides changed the same, each in its way. Secrets are dots; `absent` where something is not there.
class Conflict {
public:
    using Severity = ConflictSeverity;

    Conflict(Severity severity, std::string path, std::string base, std::string our, std::string their)
        : path_(std::move(path)),
          base_(std::move(base)),
          ours_(std::move(our)),
          theirs_(std::move(their)),
          severity_(severity) {}
    template <class T>
    Conflict(const FlatConflict<T>& flat)
        : Conflict(flat.severity(), std::string(flat.path()), std::string(flat.base()), std::string(flat.ours()),
                   std::string(flat.theirs())) {
        open_ = flat.open();
    }

    const std::string& path() const { return path_; }
    const std::string& base() const { return base_; }
    const std::string& ours() const { return ours_; }
    const std::string& theirs() const { return theirs_; }
    Severity severity() const { return severity_; }
    /// Has nobody decided yet? Then ours stands.
    bool open() const { return open_; }
    void settle() { open_ = false; }

    /// All of them can be carried out: give their sides to `resolve`.
    template <class S = Suggestion>  // a template so that who does not ask does not compile it
    std::vector<S> suggestions() const {
        if (severity_ != Severity::critical) return {};
        return {{Side::ours, "keep ours: " + ours_},
                {Side::theirs, "take theirs: " + theirs_},
                {Side::base, "go back to the base: " + base_}};
    }

    /// `llm.model: base "gpt-4", ours "gpt-4o", theirs "claude"`
    friend const Writer& operator<<(const Writer& out, const Conflict& conflict) {
        return out << conflict.path_ << ": base " << conflict.base_ << ", ours " << conflict.ours_ << ", theirs "
                   << conflict.theirs_;
    }

private:
    std::string path_, base_, ours_, theirs_;
    Severity severity_;
    bool open_ = true;
};

/// All of them, in the order of the fields.
using Conflicts = std::vector<Conflict>;

namespace detail {

// Keeps what meets, and who was chosen.
template <class Found>
class Settlement {
public:
    explicit Settlement(const std::vector<late<Side, Found>>* chosen = nullptr) : chosen_(chosen) {}

    /// Who stands? `base`, `our` and `their` are values, or `absent`.
    template <class B, class O, class T>
    Side decide(const PathView& where, const B& base, const O& our, const T& their) {
        const bool known = chosen_ != nullptr && asked_ < chosen_->size();
        const Side side = known ? (*chosen_)[asked_] : Side::ours;
        ++asked_;
        add(Found::Severity::critical, where, base, our, their);
        if (known) conflicts_.back().settle();
        return side;
    }
    template <class B, class O, class T>
    void note(typename Found::Severity severity, const PathView& where, const B& base, const O& our, const T& their) {
        add(severity, where, base, our, their);
        conflicts_.back().settle();
    }
    std::vector<Found> take() { return std::move(conflicts_); }

private:
    template <class B, class O, class T>
    void add(typename Found::Severity severity, const PathView& where, const B& base, const O& our, const T& their) {
        conflicts_.emplace_back(severity, to_text([&](const Writer& out) { out << where; }), shown(where, base),
                                shown(where, our), shown(where, their));
    }
    template <class V>
    static std::string shown(const PathView& where, const V& value) {
        if constexpr (is_absent<V>) return "absent";
        else {
            if (where.secret()) return std::string(secret_dots);
            return to_text([&](const Writer& out) { write_value(out, value); });
        }
    }

    const std::vector<late<Side, Found>>* chosen_;
    std::size_t asked_ = 0;
    std::vector<Found> conflicts_;
};

}  // namespace detail
}  // namespace stet
