#pragma once
// A draft that outlives one call: a dialog with Apply and Cancel.

#include <stet/reflect/sentences.hpp>

#include <stet/patch/assign.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/revision.hpp>
#include <stet/versioned.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

/// A draft of what a `Versioned` holds, made by `candidate(versioned)`: may break rules while it is edited, and changes
/// nothing before it is committed. To drop it, let it go. Must not outlive the versioned, which must stay where it is.
template <class Owner>
class Candidate {
    using T = typename Owner::value_type;
    using E = typename Owner::error_type;

public:
    explicit Candidate(Owner& owner) : Candidate(owner, owner.snapshot()) {}

    const T& value() const { return draft_; }
    /// The draft, to be edited as one likes.
    T& edit() { return draft_; }

    /// Sets what a field or path leads to. Errors: `wrong_type`, and `no_such_element` or `no_such_field` for a path.
    template <Step... Steps, class V>
    Result<void, E> set(Field<Steps...> where, V&& value) {
        constexpr detail::IndexPath path = detail::resolve<T>(where);
        using Target = typename detail::TypeAt<T, path>::type;
        static_assert(detail::can_assign<Target, V>(), "stet: set: the field cannot hold a value of this type");
        if (detail::assign(detail::get_at<path>(draft_), std::forward<V>(value))) return {};
        return Failure(E(Errc::wrong_type, detail::path_text_v<T, path>.view(), detail::what_fits<Target>()));
    }
    template <class V>
    Result<void, E> set(const Path<T>& path, V&& value) {
        detail::PutAt put;
        const auto there = path.visit(draft_, [&](auto& target) { put.put(target, std::forward<V>(value)); });
        if (!there) return Failure(E(Errc::no_such_element, path.text()));
        if (!put.done) return Failure(E(Errc::wrong_type, path.text(), put.fits));
        return {};
    }
    template <class V>
    Result<void, E> set(std::string_view path, V&& value) {
        const auto parsed = Path<T>::parse(path);
        if (!parsed) return Failure(E(parsed.error()));
        return set(*parsed, std::forward<V>(value));
    }

    /// What it changes of the revision that it was made from.
    Patch<T> diff() const { return stet::diff(base_, draft_); }
    /// The rules that it breaks as it is now.
    auto violations() const { return owner_->check(draft_); }
    /// The revision that it was made from; has the head moved since?
    Number base() const { return number_; }
    bool stale() const { return owner_->head() != number_; }

    /// Makes a revision of it. Where the head has moved: `revision_conflict`, unless `{.on_conflict = stet::merge}`
    /// asks for a merge. Errors: as `commit`. Then it goes on from there; after an error it is as it was.
    Result<Number, E> commit(Change change = {}) {
        change.expected = number_;
        auto done = owner_->commit(std::as_const(draft_), change);
        if (done) restart();
        return done;
    }
    /// Drops the edits, and starts from the head as it is now.
    void restart() {
        Snapshot<T> now = owner_->snapshot();
        draft_ = now.value();
        number_ = now.revision();
        base_ = std::move(now).value();
    }

private:
    Candidate(Owner& owner, Snapshot<T>&& now)
        : owner_(&owner), number_(now.revision()), base_(std::move(now).value()), draft_(base_) {}

    Owner* owner_;
    Number number_;
    T base_;
    T draft_;
};

/// `auto dialog = stet::candidate(settings);`
template <class T, class... Policies>
Candidate<Versioned<T, Policies...>> candidate(Versioned<T, Policies...>& owner) {
    return Candidate<Versioned<T, Policies...>>(owner);
}

template <class T, Limit N, class Kept, class InstanceRules>
void candidate(History<T, N, Kept, InstanceRules>&) {
    static_assert(
        sizeof(T) == 0,
        "stet: candidate: a History has no drafts; edit it in a group, which takes all of it back: auto dialog = "
        "history.group(\"name\"), then dialog.close() or dialog.cancel()");
}

}  // namespace stet
