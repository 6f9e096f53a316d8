#pragma once
// Two trees of changes of one base: what theirs adds to ours, and where they meet. What only one side touches is never
// looked into.

#include <stet/patch/conflict.hpp>
#include <stet/patch/edits.hpp>
#include <stet/patch/merge.hpp>
#include <stet/patch/place.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/then_records.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet::detail {

template <bool Indivisible, class Key, class V, class By, class Found, class Node>
void rebase(const ChangeReader& ours, const ChangeReader& theirs, const Place& at, const By& by, Found& found,
            Node&& out);

// ---- values that change as one

template <class V, class By, class Found, class Node>
void rebase_value(const V& base, const V& our, const V& their, const Place& at, const By& by, Found& found, Node& out) {
    if (detail::same(our, their)) return;
    V both = our;
    if (combine(at, by, base, our, their, both)) {
        if (!detail::same(our, both)) out.value(our, both);
        return;
    }
    const Side side = at.decide(found, base, our, their);
    if (side == Side::theirs) out.value(our, their);
    else if (side == Side::base && !detail::same(our, base)) out.value(our, base);
}

// A text has one meaning: what both sides edited is not mixed. Where neither set all of it, nobody knows what it was,
// and so the conflict shows the parts.
template <class V, class By, class Found, class Node>
void rebase_text(const ChangeReader& ours, const ChangeReader& theirs, const Place& at, const By& by, Found& found,
                 Node& out) {
    const TextChange<V> our(ours);
    const TextChange<V> their(theirs);
    if (our.whole != nullptr || their.whole != nullptr) {
        const V base = our.whole != nullptr ? our.before() : their.before();
        return rebase_value(base, our.after_of(base), their.after_of(base), at, by, found, out);
    }
    ChangeReader back = ours;
    back.inverted = !back.inverted;
    Records instead;
    RecordNode root(instead);
    compose_text<V>(back, theirs, root);
    if (instead.empty()) return;
    const Splice& mine = our.parts.front();
    const Splice& yours = their.parts.front();
    const Side side = at.decide(found, TextPart{mine.before, mine.erased}, TextPart{mine.after, mine.inserted},
                                TextPart{yours.after, yours.inserted});
    if (side == Side::base) show<false, V>(back, out);
    else if (side == Side::theirs) {
        ChangeReader reader{Records::Reader(instead), false};
        show<false, V>(reader, out);
    }
}

// ---- what optionals and maps hold

template <class E, class Found, class Added, class Removed, class Inside>
void rebase_content(const EditAt& ours, const EditAt& theirs, const Place& at, Found& found, const Added& added,
                    const Removed& removed, const Inside& inside) {
    if (ours.kind == EditKind::added) {
        const E& our = ours.value<E>();
        const E& their = theirs.value<E>();
        if (detail::same(our, their)) return;
        const Side side = at.decide(found, absent, our, their);
        if (side == Side::theirs) walk<NotKeyed>(our, their, inside());
        else if (side == Side::base) removed(our);
    } else if (ours.kind == EditKind::removed) {
        if (theirs.kind == EditKind::removed) return;
        const E& base = ours.value<E>();
        E their = base;
        theirs.make<false>(their);
        const Side side = at.decide(found, base, absent, their);
        if (side == Side::theirs) added(their);
        else if (side == Side::base) added(base);
    } else if (theirs.kind == EditKind::removed) {
        const E& base = theirs.value<E>();
        E our = base;
        ours.make<false>(our);
        const Side side = at.decide(found, base, our, absent);
        if (side == Side::theirs) removed(our);
        else if (side == Side::base) walk<NotKeyed>(std::as_const(our), base, inside());
    } else rebase<false, NotKeyed, E>(ours.at, theirs.at, at, NotKeyed{}, found, inside());
}

template <class V, class Found, class Node>
void rebase_keyed(const EditsOf<V>& ours, const EditsOf<V>& theirs, const Place& at, Found& found, Node& out) {
    pair_by_key<V>(ours, theirs, [&](const EditAt* our, const EditAt* their) {
        if (their == nullptr) return;
        if (our == nullptr) return copy_entry<V>(*their, out);
        if constexpr (map_like<V>) {
            const auto& key = key_of<V>(*our);
            rebase_content<content_of<V>>(
                *our, *their, at.entry(key), found, [&](const auto& value) { out.entry_added(key, value); },
                [&](const auto& value) { out.entry_removed(key, value); }, [&] { return out.entry(key); });
        }  // a member that both added, or both removed
    });
}

template <class V, class Found, class Node>
void rebase_variant(const EditAt& ours, const EditAt& theirs, const Place& at, Found& found, Node& out) {
    const bool both_inside = ours.kind == EditKind::changed && theirs.kind == EditKind::changed;
    if (both_inside) {
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (ours.before == I)
                rebase<false, NotKeyed, A>(ours.at, theirs.at, at.content(), NotKeyed{}, found,
                                           out.template content<V, I>());
        });
        return;
    }
    const V& base = ours.kind != EditKind::changed ? ours.before_of<V>() : theirs.before_of<V>();
    const auto changed = [&](const EditAt& edit) {
        if (edit.kind != EditKind::changed) return edit.after_of<V>();
        V value = base;
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (edit.before == I) edit.template make<false>(*get_if<I>(&value));
        });
        return value;
    };
    const V our = changed(ours);
    const V their = changed(theirs);
    if (detail::same(our, their)) return;
    const Side side = at.decide(found, base, our, their);
    if (side == Side::theirs) walk<NotKeyed>(our, their, out);
    else if (side == Side::base) walk<NotKeyed>(our, base, out);
}

// ---- elements

// Two of the same key, one in each list: calls `f(x, y)` with their places in `a` and `b`.
template <class Key, class E, class Edits, class Indexes, class F>
void match_keys(const Edits& a, Indexes x, const Edits& b, Indexes y, F&& f) {
    const auto key = [](const auto& edit) -> const auto& { return Key::key(edit.template value<E>()); };
    sort_indexes(x, [&](std::uint32_t i, std::uint32_t j) { return key(a[i]) < key(a[j]); });
    sort_indexes(y, [&](std::uint32_t i, std::uint32_t j) { return key(b[i]) < key(b[j]); });
    for (std::size_t i = 0, j = 0; i < x.size() && j < y.size();) {
        if (key(a[x[i]]) < key(b[y[j]])) ++i;
        else if (key(b[y[j]]) < key(a[x[i]])) ++j;
        else f(x[i++], y[j++]);
    }
}
template <class Edits>
IndexesOf<Edits> edits_of_kind(const Edits& edits, EditKind kind, const IndexesOf<Edits>* partner = nullptr) {
    IndexesOf<Edits> found;
    for (std::uint32_t i = 0; i < edits.size(); ++i)
        if (edits[i].kind == kind && (partner == nullptr || (*partner)[i] == no_partner)) found.push_back(i);
    return found;
}

template <class Key, class V, class Found, class Node>
class ElementMerge {
    using E = content_of<V>;
    static constexpr bool keyed = !std::is_same_v<Key, NotKeyed>;
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

public:
    ElementMerge(const EditsOf<V>& ours, const EditsOf<V>& theirs, const Place& at, Found& found, Node& out)
        : ours_(ours), theirs_(theirs), at_(at), found_(found), out_(out) {
        our_move_.assign(ours.size(), no_partner);
        their_move_.assign(theirs.size(), no_partner);
        twin_.assign(ours.size(), no_partner);
        their_twin_.assign(theirs.size(), no_partner);
        for (const EditAt& their : theirs)
            inserts_.push_back(their.kind == EditKind::added ? &their.value<E>() : nullptr);
        if constexpr (keyed) {
            find_moves(ours, our_move_);
            find_moves(theirs, their_move_);
            match_keys<Key, E>(ours, edits_of_kind(ours, EditKind::added, &our_move_), theirs,
                               edits_of_kind(theirs, EditKind::added, &their_move_),
                               [&](std::uint32_t i, std::uint32_t j) { put_by_both(i, j); });
            settle_their_moves();
        }
    }

    void run() {
        std::size_t x = 0;
        std::size_t y = 0;
        while (x < ours_.size() || y < theirs_.size()) {
            const std::size_t in_ours = x < ours_.size() ? ours_[x].before : none;
            const std::size_t in_theirs = y < theirs_.size() ? theirs_[y].before : none;
            const std::size_t base = in_ours < in_theirs ? in_ours : in_theirs;
            const bool we_add = in_ours == base && ours_[x].kind == EditKind::added;
            const bool they_add = in_theirs == base && theirs_[y].kind == EditKind::added;
            position_ = base + shift_;
            if (we_add && they_add && !keyed &&
                detail::same(ours_[x].template value<E>(), theirs_[y].template value<E>())) {
                ++x, ++y, ++shift_;  // both the same
            } else if (they_add && (!we_add || goes_first(y, x))) {
                if (inserts_[y] != nullptr) insert(*inserts_[y]);
                ++y;
            } else if (we_add) {
                if (they_add && !keyed && met_at_ != base) {
                    met_at_ = base;
                    found_.note(Conflict::Severity::warning, at_.element(position_).where, absent,
                                ours_[x].template value<E>(), theirs_[y].template value<E>());
                }
                ++shift_;
                our_added(x++);
            } else {
                const EditAt* const our = in_ours == base ? &ours_[x] : nullptr;
                const EditAt* const their = in_theirs == base ? &theirs_[y] : nullptr;
                element(our, our != nullptr && our_move_[x] != no_partner, their,
                        their != nullptr && their_move_[y] != no_partner);
                if (our != nullptr) ++x;
                if (their != nullptr) ++y;
            }
        }
    }

private:
    static void find_moves(const EditsOf<V>& edits, IndexesOf<V>& partner) {
        match_keys<Key, E>(edits, edits_of_kind(edits, EditKind::removed), edits, edits_of_kind(edits, EditKind::added),
                           [&](std::uint32_t from, std::uint32_t to) {
                               partner[from] = to;
                               partner[to] = from;
                           });
    }
    // The edit that removes or changes an element of the base.
    static std::size_t edit_of(const EditsOf<V>& edits, std::size_t base) {
        std::size_t low = 0;
        std::size_t high = edits.size();
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            if (edits[middle].before < base || (edits[middle].before == base && edits[middle].kind == EditKind::added))
                low = middle + 1;
            else high = middle;
        }
        return low < edits.size() && edits[low].before == base ? low : none;
    }

    // What they moved: with what is it put down again, if at all?
    void settle_their_moves() {
        for (std::size_t j = 0; j < theirs_.size(); ++j) {
            if (theirs_[j].kind != EditKind::added || their_move_[j] == no_partner) continue;
            const EditAt& from = theirs_[their_move_[j]];
            const std::size_t i = edit_of(ours_, from.before);
            if (i == none) continue;
            const E& base = from.value<E>();
            const E& their = theirs_[j].template value<E>();
            const Place at = at_.element(theirs_[j].after);
            if (ours_[i].kind == EditKind::changed) {
                E our = base;
                ours_[i].template make<false>(our);
                inserts_[j] = &held_.write<E>(three_way(base, our, their, at));
            } else if (our_move_[i] != no_partner) {
                put_by_both(our_move_[i], j);
            } else if (detail::same(base, their)) {
                inserts_[j] = nullptr;  // ours took it away, and they changed nothing in it but its place
                found_.note(Conflict::Severity::warning, at.where, base, absent, their);
            } else {
                const Side side = at.decide(found_, base, absent, their);
                if (side == Side::ours) inserts_[j] = nullptr;
                else if (side == Side::base) inserts_[j] = &base;
            }
        }
    }

    // An element that both put somewhere: it stays where ours put it.
    void put_by_both(std::size_t i, std::size_t j) {
        twin_[i] = static_cast<std::uint32_t>(j);
        their_twin_[j] = static_cast<std::uint32_t>(i);
        inserts_[j] = nullptr;
        if (ours_[i].before != theirs_[j].before) differently(i, j);
    }
    void differently(std::size_t i, std::size_t j) {
        const bool moved = our_move_[i] != no_partner && their_move_[j] != no_partner;
        found_.note(moved ? Conflict::Severity::warning : Conflict::Severity::info, at_.element(ours_[i].after).where,
                    absent, ours_[i].template value<E>(), theirs_[j].template value<E>());
    }

    // Does what they put into a place go before what ours put there? From both sides the same, where there are keys:
    // what both put there stays between what either has before and behind it, the rest is in the order of the keys.
    bool goes_first(std::size_t y, std::size_t x) {
        if constexpr (!keyed) return false;
        else {
            const bool we_share = twin_[x] != no_partner && twin_[x] >= y && same_place(x, twin_[x]);
            if (their_twin_[y] != no_partner) {
                const std::size_t i = their_twin_[y];
                if (i < x || !same_place(i, y)) return true;  // it has its place already, or elsewhere
                if (we_share && i != x) differently(x, twin_[x]);
                return false;
            }
            if (we_share || inserts_[y] == nullptr) return true;
            return Key::key(*inserts_[y]) < Key::key(ours_[x].template value<E>());
        }
    }
    bool same_place(std::size_t i, std::size_t j) const { return ours_[i].before == theirs_[j].before; }

    void insert(const E& value) {
        out_.inserted(position_, position_, value);
        ++shift_;
    }
    void erase(const E& value) {
        out_.erased(position_, position_, value);
        --shift_;
    }

    // Ours put something here; what did they do to it?
    void our_added(std::size_t x) {
        const E& our = ours_[x].template value<E>();
        const Place at = at_.element(position_);
        if (twin_[x] != no_partner && our_move_[x] == no_partner) {
            const E& their = theirs_[twin_[x]].template value<E>();
            if (detail::same(our, their)) return;
            const Side side = at.decide(found_, absent, our, their);
            if (side == Side::theirs) change(our, their);
            else if (side == Side::base) erase(our);
            return;
        }
        if (our_move_[x] == no_partner) return;
        const EditAt& from = ours_[our_move_[x]];
        const std::size_t j = edit_of(theirs_, from.before);
        if (j == none) return;
        const E& base = from.value<E>();
        if (theirs_[j].kind == EditKind::changed) {
            E their = base;
            theirs_[j].template make<false>(their);
            change(our, three_way(base, our, their, at));
        } else if (their_move_[j] != no_partner) {
            change(our, three_way(base, our, theirs_[their_move_[j]].template value<E>(), at));
        } else if (detail::same(base, our)) {
            found_.note(Conflict::Severity::warning, at.where, base, our, absent);
            erase(our);
        } else {
            const Side side = at.decide(found_, base, our, absent);
            if (side == Side::theirs) erase(our);
            else if (side == Side::base) change(our, base);
        }
    }
    void change(const E& from, const E& to) { walk<NotKeyed>(from, to, out_.element(position_, position_)); }

    E three_way(const E& base, const E& our, const E& their, const Place& at) {
        Records ours;
        Records theirs;
        RecordNode our_root(ours);
        RecordNode their_root(theirs);
        walk<NotKeyed>(base, our, our_root);
        walk<NotKeyed>(base, their, their_root);
        if (ours.empty()) return their;
        if (theirs.empty()) return our;
        Records both;
        RecordNode root(both);
        rebase<false, NotKeyed, E>(ChangeReader{Records::Reader(ours), false},
                                   ChangeReader{Records::Reader(theirs), false}, at, NotKeyed{}, found_, root);
        E result = our;
        if (!both.empty()) {
            ChangeReader reader{Records::Reader(both), false};
            carry_out<Trust::known, false>(reader, result);
        }
        return result;
    }

    // An element of the base, and what either side did to it.
    void element(const EditAt* our, bool we_moved, const EditAt* their, bool they_moved) {
        const Place at = at_.element(position_);
        if (our == nullptr) {
            if (their->kind == EditKind::removed) erase(their->value<E>());
            else their->copy<false, E>(out_.element(position_, position_));
        } else if (our->kind == EditKind::removed) {
            if (their != nullptr && !we_moved && their->kind == EditKind::changed) {
                const E& base = our->value<E>();
                E changed = base;
                their->make<false>(changed);
                const Side side = at.decide(found_, base, absent, changed);
                if (side != Side::ours) insert(side == Side::theirs ? changed : base);
            }
            --shift_;
        } else if (their == nullptr) {
            return;
        } else if (their->kind == EditKind::changed) {
            rebase<false, NotKeyed, E>(our->at, their->at, at, NotKeyed{}, found_, out_.element(position_, position_));
        } else {
            const E& base = their->value<E>();
            E changed = base;
            our->make<false>(changed);
            const Side side = they_moved ? Side::theirs : at.decide(found_, base, changed, absent);
            if (side == Side::theirs) erase(changed);
            else if (side == Side::base) change(changed, base);
        }
    }

    const EditsOf<V>& ours_;
    const EditsOf<V>& theirs_;
    const Place& at_;
    Found& found_;
    Node& out_;
    IndexesOf<V> our_move_;    // of what one side moved: the other end of the way
    IndexesOf<V> their_move_;  //
    IndexesOf<V> twin_;        // what both put somewhere: the other side's edit
    IndexesOf<V> their_twin_;  //
    HeapVector<const E*> inserts_;
    Records held_;
    std::size_t position_ = 0;
    std::size_t shift_ = 0;  // from positions in the base to those in the result; wraps around below zero, and back
    std::size_t met_at_ = none;
};

// ---- all kinds

template <class V, class Found, class Node>
void rebase_structure(const EditsOf<V>& ours, const EditsOf<V>& theirs, const Place& at, Found& found, Node& out) {
    pair_by_number(ours, theirs, [&](const EditAt* our, const EditAt* their) {
        if (their == nullptr) return;
        with_leaf<V>(their->before, [&]<std::size_t L>() {
            using Leaf = leaf_type<V, L>;
            constexpr bool whole = leaf_marks<V, L>.indivisible;
            if (our == nullptr) their->copy<whole, Leaf>(out.template leaf<V, L>());
            else
                rebase<whole, decltype(leaf_key<V, L>()), Leaf>(
                    our->at, their->at, at.leaf<V, L>(), leaf_merge_by<V, L>(), found, out.template leaf<V, L>());
        });
    });
}

template <bool Indivisible, class Key, class V, class By, class Found, class Node>
void rebase(const ChangeReader& ours, const ChangeReader& theirs, const Place& at, const By& by, Found& found,
            Node&& out) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (splices<V>) rebase_text<V>(ours, theirs, at, by, found, out);
    else if constexpr (written_whole<V, Indivisible>) {
        const EditAt our{EditKind::changed, 0, 0, nullptr, ours};
        const EditAt their{EditKind::changed, 0, 0, nullptr, theirs};
        rebase_value(their.before_of<V>(), our.after_of<V>(), their.after_of<V>(), at, by, found, out);
    } else {
        static_assert(std::is_same_v<By, NotKeyed>,
                      "stet: merge_by decides over a whole value; mark the field stet::indivisible as well");
        const auto our = read_edits<V>(ours);
        const auto their = read_edits<V>(theirs);
        if constexpr (kind == Kind::structure) rebase_structure<V>(our, their, at, found, out);
        else if constexpr (kind == Kind::array) {
            pair_by_number(our, their, [&](const EditAt* x, const EditAt* y) {
                if (y == nullptr) return;
                if (x == nullptr) return copy_element<V>(*y, y->after, out);
                rebase<false, NotKeyed, content_of<V>>(x->at, y->at, at.element(y->after), NotKeyed{}, found,
                                                       out.element(y->after, y->after));
            });
        } else if constexpr (kind == Kind::sequence) {
            ElementMerge<Key, V, Found, std::remove_reference_t<Node>>(our, their, at, found, out).run();
        } else if constexpr (kind == Kind::optional) {
            rebase_content<content_of<V>>(
                our[0], their[0], at.content(), found, [&](const auto& value) { out.appeared(value); },
                [&](const auto& value) { out.vanished(value); }, [&] { return out.template content<V, 0>(); });
        } else if constexpr (kind == Kind::variant) rebase_variant<V>(our[0], their[0], at, found, out);
        else rebase_keyed<V>(our, their, at, found, out);
    }
}

/// What `theirs` adds to `ours`.
template <class T, class Found>
RecordPatch<T> rebase_records(const RecordPatch<T>& theirs, const RecordPatch<T>& ours, Found& found) {
    if (theirs.empty() || ours.empty()) return theirs;
    return RecordPatch<T>(rewritten, [&](RecordNode& root) {
        rebase_structure<T>(read_edits<T>(ours.changes()), read_edits<T>(theirs.changes()), Place{}, found, root);
    });
}

/// The base of `Merge<T>` for a T that needs the heap.
template <class T>
class RecordMerge {
public:
    using Conflicts = std::vector<late<Conflict, T>>;
    using Sides = std::vector<late<Side, T>>;

    RecordMerge(Patch<T> our, Patch<T> their) : RecordMerge(std::move(our), std::move(their), nullptr) {}
    RecordMerge(Patch<T> our, Patch<T> their, const Sides& chosen)
        : RecordMerge(std::move(our), std::move(their), &chosen) {}

    const Patch<T>& patch() const { return patch_; }
    const Conflicts& conflicts() const { return conflicts_; }
    bool clean() const {
        for (const auto& conflict : conflicts_)
            if (conflict.open()) return false;
        return true;
    }
    const Patch<T>& ours() const { return ours_; }
    const Patch<T>& theirs() const { return theirs_; }
    static Conflicts none(const Patch<T>&) { return {}; }

private:
    RecordMerge(Patch<T> our, Patch<T> their, const Sides* chosen)
        : ours_(std::move(our)), theirs_(std::move(their)), patch_(find(chosen)) {}
    RecordPatch<T> find(const Sides* chosen) {
        Settlement<late<Conflict, T>> found(chosen);
        RecordPatch<T> more = rebase_records<T>(theirs_, ours_, found);
        conflicts_ = found.take();
        return more;
    }

    Conflicts conflicts_;
    Patch<T> ours_, theirs_, patch_;
};

}  // namespace stet::detail
