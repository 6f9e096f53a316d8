#pragma once
// The merge of containers of fixed capacity, which are part of a flat struct: no heap, and in constant expressions too.
// What has no room for both changes is decided as one.

#include <stet/patch/equal.hpp>
#include <stet/patch/place.hpp>
#include <stet/patch/walk.hpp>
#include <stet/schema/hidden.hpp>
#include <stet/schema/unique.hpp>

#include <cstddef>

namespace stet::detail {

// There are never more elements in it.
template <class V>
inline constexpr std::size_t inline_capacity = sizeof(V) / sizeof(typename V::value_type);

/// Is there room for so many? One that does not say how much it has had room for what it has.
template <class V>
constexpr bool room_for(std::size_t size, const V& base, const V& our, const V& their) {
    if constexpr (requires { our.capacity(); }) return size <= our.capacity();
    else return size <= base.size() || size <= our.size() || size <= their.size();
}

/// What one side made of a sequence: elements [begin, end) of the base became [begin, changed) of its own.
struct Stretch {
    std::size_t begin;
    std::size_t end;
    std::size_t changed;
    constexpr bool inserts() const { return begin == end; }
};
template <class V>
constexpr Stretch changed_stretch(const V& base, const V& other) {
    const auto same_at = [&](std::size_t b, std::size_t o) { return detail::same(*nth(base, b), *nth(other, o)); };
    const std::size_t shorter = base.size() < other.size() ? base.size() : other.size();
    std::size_t begin = 0;
    while (begin < shorter && same_at(begin, begin)) ++begin;
    std::size_t behind = 0;
    while (behind < shorter - begin && same_at(base.size() - behind - 1, other.size() - behind - 1)) ++behind;
    return {begin, base.size() - behind, other.size() - behind};
}

/// Two changes of one sequence, if they can be told apart: both lie in different stretches, or no element came or went.
/// `both` is what ours has, and `element(base, ours, theirs, both, position)` merges one. False: nothing was done.
template <class V, class Merge>
constexpr bool merge_by_position(const V& base, const V& our, const V& their, V& both, const Merge& element) {
    const Stretch ours = changed_stretch(base, our);
    const Stretch theirs = changed_stretch(base, their);
    const bool one_place = ours.inserts() && theirs.inserts() && ours.begin == theirs.begin;
    const bool ours_first = ours.end <= theirs.begin;
    if (!one_place && (ours_first || theirs.end <= ours.begin)) {
        if (!room_for(our.size() + their.size() - base.size(), base, our, their)) return false;
        std::size_t at = theirs.begin + (ours_first ? our.size() - base.size() : 0);  // may wrap around, and back
        std::size_t next = theirs.begin;
        for (; next < theirs.end && next < theirs.changed; ++next, ++at) {  // in place, with what no patch sees
            auto one = *nth(their, next);
            auto& here = *nth(both, at);
            keep_hidden(here, one);
            here = one;
        }
        for (std::size_t i = next; i < theirs.end; ++i) both.erase(nth(both, at));
        for (; next < theirs.changed; ++next, ++at) both.insert(nth(both, at), *nth(their, next));
        return true;
    }
    if (our.size() != base.size() || their.size() != base.size()) return false;
    for (std::size_t i = 0; i < base.size(); ++i)
        element(*nth(base, i), *nth(our, i), *nth(their, i), *nth(both, i), i);
    return true;
}

/// One element by its key, and where it stands; size() if it is not there.
template <class Key, class V>
constexpr std::size_t find_key(const V& sequence, const typename V::value_type& like) {
    std::size_t at = 0;
    for (const auto& element : sequence) {
        if (same_key<Key>(element, like)) break;
        ++at;
    }
    return at;
}
template <class Key, class V>
constexpr bool has_twins(const V& sequence) {
    std::size_t at = 0;
    for (const auto& element : sequence)
        if (find_key<Key>(sequence, element) != at++) return true;
    return false;
}
/// Do the elements that both have stand in another order?
template <class Key, class V>
constexpr bool reordered(const V& base, const V& other) {
    std::size_t reached = 0;
    for (const auto& element : base) {
        const std::size_t at = find_key<Key>(other, element);
        if (at == other.size()) continue;
        if (at < reached) return true;
        reached = at;
    }
    return false;
}

/// Of elements with a key: in the order of ours, or of theirs if only they changed it; what the other side has put
/// there stands behind what it stood behind.
template <class Key, class V, class At, class Found, class Merge>
constexpr bool merge_by_key(const V& base, const V& our, const V& their, V& both, const At& at, Found& found,
                            const Merge& element) {
    using E = typename V::value_type;
    const auto of = [](const V& sequence, const E& like) -> const E* {
        const std::size_t index = find_key<Key>(sequence, like);
        return index < sequence.size() ? &*nth(sequence, index) : nullptr;
    };
    if (has_twins<Key>(base) || has_twins<Key>(our) || has_twins<Key>(their)) return false;
    std::size_t more = 0;
    for (const E& their_one : their)
        if (of(our, their_one) == nullptr) ++more;
    if (!room_for(our.size() + more, base, our, their)) return false;

    const bool theirs_order = reordered<Key>(base, their) && !reordered<Key>(base, our);
    const V& first = theirs_order ? their : our;
    const V& second = theirs_order ? our : their;
    V made = first;
    while (made.size() > 0) made.erase(made.begin());
    std::size_t end = 0;  // of what has been made
    // False where the merge has none.
    const auto put = [&](const E& like, std::size_t place) {
        const E* const b = of(base, like);
        const E* const o = of(our, like);
        const E* const t = of(their, like);
        E one = o != nullptr ? *o : *t;
        if (b != nullptr && o != nullptr && t != nullptr) {
            element(*b, *o, *t, one, place);
        } else if (o != nullptr && t != nullptr) {
            if (!detail::same(*o, *t)) {
                const Side side = at.element(place).decide(found, absent, *o, *t);
                if (side == Side::base) return false;
                if (side == Side::theirs) one = *t;
            }
        } else if (b != nullptr) {  // one side took it away
            if (detail::same(*b, one)) return false;
            const Side side = o != nullptr ? at.element(place).decide(found, *b, *o, absent)
                                           : at.element(place).decide(found, *b, absent, *t);
            if (side == (o != nullptr ? Side::theirs : Side::ours)) return false;
            if (side == Side::base) one = *b;
        }
        made.insert(nth(made, place), one);
        ++end;
        return true;
    };
    for (const E& one : first) static_cast<void>(put(one, end));
    std::size_t place = 0;  // behind the element of the second side that stands in the merge
    for (const E& one : second) {
        if (of(first, one) != nullptr) {
            const std::size_t there = find_key<Key>(made, one);
            if (there < made.size()) place = there + 1;
        } else if (put(one, place)) ++place;
    }
    both = made;
    return true;
}

template <class V, class At, class Found, class Merge>
constexpr bool merge_map(const V& base, const V& our, const V& their, V& both, const At& at, Found& found,
                         const Merge& element) {
    std::size_t more = 0;
    for (const auto& entry : their)
        if (our.find(entry.first) == our.end()) ++more;
    if (!room_for(our.size() + more, base, our, their)) return false;
    for (const auto& entry : their) {
        const auto& key = entry.first;
        const auto& their_one = entry.second;
        const auto b = base.find(key);
        const auto o = our.find(key);
        if (b != base.end() && o != our.end()) {
            element(b->second, o->second, their_one, both.find(key)->second, key);
        } else if (o != our.end()) {
            if (detail::same(o->second, their_one)) continue;
            const Side side = at.entry(key).decide(found, absent, o->second, their_one);
            if (side == Side::theirs) both.find(key)->second = their_one;
            else if (side == Side::base) both.erase(both.find(key));
        } else if (b != base.end()) {
            if (detail::same(b->second, their_one)) continue;
            const Side side = at.entry(key).decide(found, b->second, absent, their_one);
            if (side != Side::ours) both.try_emplace(key, side == Side::theirs ? their_one : b->second);
        } else both.try_emplace(key, their_one);
    }
    for (const auto& entry : base) {
        const auto& key = entry.first;
        const auto& base_one = entry.second;
        const auto o = our.find(key);
        if (o == our.end() || their.find(key) != their.end()) continue;
        Side side = Side::theirs;
        if (!detail::same(o->second, base_one)) side = at.entry(key).decide(found, base_one, o->second, absent);
        if (side == Side::theirs) both.erase(both.find(key));
        else if (side == Side::base) both.find(key)->second = base_one;
    }
    return true;
}

template <class V>
constexpr bool merge_set(const V& base, const V& our, const V& their, V& both) {
    std::size_t more = 0;
    for (const auto& key : their)
        if (our.find(key) == our.end()) ++more;
    if (!room_for(our.size() + more, base, our, their)) return false;
    for (const auto& key : base)
        if (their.find(key) == their.end() && our.find(key) != our.end()) both.erase(both.find(key));
    for (const auto& key : their)
        if (base.find(key) == base.end()) both.insert(key);
    return true;
}

}  // namespace stet::detail
