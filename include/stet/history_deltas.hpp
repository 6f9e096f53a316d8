#pragma once
// The states of a `History` as one value and the changes that lead away from it, in a ring of bytes in place: for flat
// structs, where a budget in bytes is all there is.

#include <stet/reflect/sentences.hpp>

#include <stet/history_group.hpp>
#include <stet/patch/check.hpp>
#include <stet/patch/patch.hpp>
#include <stet/result.hpp>
#include <stet/schema/check.hpp>
#include <stet/schema/hidden.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet::detail {

// ---- values as bytes

// Each field behind the other, without padding, so that constant expressions can do it, too. What only the compiler can
// take apart is a copy of its bytes; of those, constant expressions know what std::bit_cast does.
template <class V>
constexpr bool packs_parts() {
    if constexpr (kind_v<V> == Kind::array) return contiguous<V>;
    else return kind_v<V> == Kind::structure && reflectable<V> && !listed<V>;
}
template <class V>
constexpr std::size_t packed_size() {
    if constexpr (!packs_parts<V>()) return sizeof(V);
    else if constexpr (kind_v<V> == Kind::array)
        return std::tuple_size<V>::value * packed_size<std::remove_cv_t<typename V::value_type>>();
    else {
        std::size_t sum = 0;
        for_each_field<V>([&]<std::size_t I>() { sum += packed_size<field_type<V, I>>(); });
        return sum;
    }
}
template <class V, class F>
constexpr void each_part(V& value, F& f) {
    if constexpr (!packs_parts<V>()) f(value);
    else {
        if (packed_size<V>() == sizeof(V) && !std::is_constant_evaluated()) return f(value);  // in one piece
        if constexpr (kind_v<V> == Kind::array) {
            for (std::size_t i = 0; i < std::tuple_size<V>::value; ++i) each_part(value.data()[i], f);
        } else {
            for_each_field<V>([&]<std::size_t I>() { each_part(get_field<I>(value), f); });
        }
    }
}

enum class Moved : std::uint8_t { in, out, both_ways };

/// Between `value` and the ring, at `at`, which may reach over its end.
inline void move_bytes(Moved way, unsigned char* ring, std::size_t size, std::size_t at, void* value,
                       std::size_t count) {
    auto* other = static_cast<unsigned char*>(value);
    while (count > 0) {
        const std::size_t now = count < size - at ? count : size - at;
        unsigned char* const kept = ring + at;
        if (way == Moved::in) std::memcpy(kept, other, now);
        else if (way == Moved::out) std::memcpy(other, kept, now);
        else
            for (std::size_t i = 0; i < now; ++i) {
                const unsigned char byte = kept[i];
                kept[i] = other[i];
                other[i] = byte;
            }
        other += now;
        count -= now;
        at = 0;
    }
}

template <std::size_t Size>
class ByteRing {
public:
    constexpr std::size_t after(std::size_t at, std::size_t count) const {
        return count < Size - at ? at + count : at - (Size - count);
    }
    constexpr std::size_t before(std::size_t at, std::size_t count) const {
        return count <= at ? at - count : at + (Size - count);
    }

    /// Moves a value, and `at` behind it.
    template <class V>
    constexpr void move(Moved way, std::size_t& at, V& value) {
        const auto part = [&]<class P>(P& one) {
            if (std::is_constant_evaluated()) {
                auto raw = std::bit_cast<Raw<sizeof(P)>>(one);
                for (unsigned char& byte : raw.of) {
                    if (way == Moved::in) bytes_[at] = byte;
                    else if (way == Moved::out) byte = bytes_[at];
                    else std::swap(byte, bytes_[at]);
                    at = after(at, 1);
                }
                if (way != Moved::in) one = std::bit_cast<P>(raw);
            } else {
                move_bytes(way, bytes_, Size, at, &one, sizeof(P));
                at = after(at, sizeof(P));
            }
        };
        each_part(value, part);
    }
    template <class V>
    constexpr void read(std::size_t& at, V& value) const {
        const_cast<ByteRing*>(this)->move(Moved::out, at, value);
    }
    template <class V>
    constexpr V read(std::size_t& at) const {
        V value{};
        read(at, value);
        return value;
    }

private:
    template <std::size_t Count>
    struct Raw {
        unsigned char of[Count];
    };
    unsigned char bytes_[Size]{};
};

// ---- steps

template <std::size_t Budget>
using IndexWithin = std::conditional_t<(Budget <= 0xFFU), std::uint8_t,
                                       std::conditional_t<(Budget <= 0xFFFFU), std::uint16_t, std::uint32_t>>;

/// A step: which leaves it changed, what they hold on its other side, and how long all that is. The leaves are a mask,
/// or, if there are many, a list of numbers where that is shorter.
template <class T, class Index>
struct DeltaFormat {
    using Leaf = IndexWithin<leaf_count<T>>;
    static constexpr std::size_t mask_bytes = (leaf_count<T> + 7) / 8;
    static constexpr bool lists = 1 + sizeof(Leaf) < mask_bytes;
    static constexpr std::uint8_t is_mask = 0xFF;  // else how many leaves

    static constexpr bool listed(std::size_t leaves) {
        return lists && leaves < is_mask && leaves * sizeof(Leaf) < mask_bytes;
    }
    static constexpr std::size_t leaves_size(std::size_t leaves) {
        if constexpr (!lists) return mask_bytes;
        else return 1 + (listed(leaves) ? leaves * sizeof(Leaf) : mask_bytes);
    }

    struct Sizes {
        std::uint32_t of[leaf_count<T> > 0 ? leaf_count<T> : 1];
    };
    static constexpr Sizes sizes = [] {
        Sizes made{};
        for_each_leaf<T>([&]<std::size_t L>() {
            if constexpr (!leaf_marks<T, L>.transient)
                made.of[L] = static_cast<std::uint32_t>(packed_size<leaf_type<T, L>>());
        });
        return made;
    }();
    static constexpr std::size_t size(const LeafMask<T>& mask) {
        std::size_t leaves = 0;
        std::size_t values = 0;
        for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf)
            if (mask[leaf]) {
                ++leaves;
                values += sizes.of[leaf];
            }
        return leaves_size(leaves) + values + sizeof(Index);
    }
    static constexpr std::size_t smallest = [] {
        std::size_t least = 0;
        for (const std::uint32_t one : sizes.of)
            if (one != 0 && (least == 0 || one < least)) least = one;
        return leaves_size(1) + least + sizeof(Index);
    }();

    template <std::size_t Room>
    static constexpr void write(ByteRing<Room>& ring, std::size_t& at, const LeafMask<T>& mask) {
        if constexpr (lists) {
            std::size_t leaves = 0;
            for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf) leaves += mask[leaf] ? 1 : 0;
            const bool list = listed(leaves);
            std::uint8_t lead = list ? static_cast<std::uint8_t>(leaves) : is_mask;
            ring.move(Moved::in, at, lead);
            if (list) {
                for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf) {
                    auto number = static_cast<Leaf>(leaf);
                    if (mask[leaf]) ring.move(Moved::in, at, number);
                }
                return;
            }
        }
        for (std::size_t first = 0; first < leaf_count<T>; first += 8) {
            std::uint8_t bits = 0;
            for (std::size_t i = 0; i < 8 && first + i < leaf_count<T>; ++i)
                if (mask[first + i]) bits = static_cast<std::uint8_t>(bits | 1U << i);
            ring.move(Moved::in, at, bits);
        }
    }
    template <std::size_t Room>
    static constexpr LeafMask<T> read(const ByteRing<Room>& ring, std::size_t& at) {
        LeafMask<T> mask;
        if constexpr (lists) {
            const auto lead = ring.template read<std::uint8_t>(at);
            if (lead != is_mask) {
                for (std::size_t i = 0; i < lead; ++i) mask.set(ring.template read<Leaf>(at));
                return mask;
            }
        }
        for (std::size_t first = 0; first < leaf_count<T>; first += 8) {
            const auto bits = ring.template read<std::uint8_t>(at);
            for (std::size_t i = 0; i < 8 && first + i < leaf_count<T>; ++i)
                if ((bits >> i & 1U) != 0) mask.set(first + i);
        }
        return mask;
    }
};

/// All but the ring.
template <class T, class Index, class InstanceRules>
struct DeltaHead {
    static constexpr Index nowhere = static_cast<Index>(-1);

    T current;
    Index oldest = 0;  // where its first step begins
    Index behind = 0;  // the bytes of the steps that can be undone
    Index ahead = 0;   // and of those that can be made again
    Index cursor = 0;
    Index steps = 0;
    Index saved = 0;          // the position of what was saved
    std::uint16_t level = 0;  // of the innermost open group
    bool touched = false;     // has anything been committed in it?
    bool joinable = false;    // was the current step the last thing done?
    STET_NO_UNIQUE_ADDRESS InstanceRules rules;
};

/// What the value and its smallest step take, with all that belongs to them.
template <class T, class Index, class InstanceRules>
constexpr std::size_t smallest_budget_of() {
    using Head = DeltaHead<T, Index, InstanceRules>;
    constexpr std::size_t least = sizeof(Head) + DeltaFormat<T, Index>::smallest;
    return (least + alignof(Head) - 1) / alignof(Head) * alignof(Head);
}
template <std::size_t Given, std::size_t AtLeast>
constexpr bool require_budget() {
    static_assert(Given >= AtLeast,
                  "stet: History<T, stet::bytes{n}>: n counts all that the history takes, and has no room for the "
                  "value and one small step; write at least as many bytes as AtLeast in require_budget<Given, AtLeast> "
                  "says");
    return Given >= AtLeast;
}

/// The name of a step that keeps none.
struct UnnamedDelta {
    constexpr UnnamedDelta() = default;
    template <class Text>
    constexpr UnnamedDelta(const Text&) {
        static_assert(sizeof(Text) == 0,
                      "stet: a History in a budget of bytes keeps no names of steps; write History<T, N, NamedCopies>, "
                      "or leave the name out");
    }
    static constexpr std::string_view view() { return {}; }
};

template <class T, std::size_t Budget, class InstanceRules>
class DeltaStates {
    using Index = IndexWithin<Budget>;
    using Head = DeltaHead<T, Index, InstanceRules>;
    using Format = DeltaFormat<T, Index>;
    static constexpr std::size_t given = Budget / alignof(Head) * alignof(Head);
    static constexpr std::size_t room = given > sizeof(Head) ? given - sizeof(Head) : 1;
    static_assert(Budget <= 0x7FFFFFFFU, "stet: History<T, stet::bytes{n}>: n is less than 2^31");

public:
    using E = ErrorOf<T, count_rules_of<InstanceRules>>;
    using Name = UnnamedDelta;
    static constexpr bool watchable = false;
    static constexpr bool branching = false;
    struct How {
        constexpr How(Name = {}, bool amending = false) : amend(amending) {}
        bool amend;
    };
    /// What an open group keeps: in its own object, so that the history needs no place for it.
    struct Frame {
        T begin;
        std::uint16_t level;
    };

    constexpr DeltaStates(const T& value, InstanceRules rules)
        : is_{.current = value, .rules = static_cast<InstanceRules&&>(rules)} {
        static_assert(require_budget<Budget, smallest_budget_of<T, Index, InstanceRules>()>());
    }

    constexpr const T& current() const { return is_.current; }
    constexpr std::size_t size() const { return std::size_t{is_.steps} + 1; }
    constexpr std::size_t position() const { return is_.cursor; }
    constexpr const InstanceRules& rules() const { return is_.rules; }
    static constexpr std::string_view name(std::size_t) { return {}; }
    constexpr std::size_t bytes() const { return std::size_t{is_.behind} + is_.ahead; }

    constexpr Result<void, E> commit(const T& draft, How how) {
        const LeafMask<T> changed = likely_changed_leaves(is_.current, draft);
        if (!changed.any()) {
            is_.current = draft;  // what is not versioned may have changed
            return {};
        }
        ViolationsOf<T, count_rules_of<InstanceRules>> found;
        Collect sink(found);
        check_value(draft, is_.rules, Touched<T>{changed}, CheckDifferent<T>{is_.current}, sink);
        if (found.refuse()) return Failure(E(Errc::rule_broken, found));
        if (is_.level != 0 || how.amend) join(draft, changed);
        else push(draft, changed);
        return {};
    }

    /// Carries out `f()`, which makes a step: of its own, which is joined by none before or behind it.
    template <class F>
    constexpr auto alone(const F& f) {
        const bool joinable = is_.joinable;
        is_.joinable = false;
        auto done = f();
        is_.joinable = !done && joinable;
        return done;
    }

    constexpr bool grouped() const { return is_.level != 0; }
    static constexpr bool notifying() { return false; }
    constexpr bool occupied() const { return grouped(); }
    constexpr Errc obstacle(Errc otherwise) const { return grouped() ? Errc::group_open : otherwise; }

    constexpr Frame open(Name) { return Frame{is_.current, ++is_.level}; }
    constexpr void close(const Frame& group) {
        if (is_.level != group.level) fail_inner_group();
        if (--is_.level != 0) return;
        is_.touched = is_.joinable = false;
        const LeafMask<T> changed = likely_changed_leaves(group.begin, is_.current);
        if (!changed.any()) return;
        const T made = is_.current;
        is_.current = group.begin;
        push(made, changed);
        is_.joinable = false;
    }
    constexpr Result<void, E> cancel(const Frame& group) {
        if (is_.level != group.level) return Failure(E(Errc::group_open));
        if (--is_.level == 0) is_.touched = is_.joinable = false;
        const T made = is_.current;
        is_.current = group.begin;
        keep_hidden(made, is_.current);
        return {};
    }

    constexpr void undo() {
        const std::size_t size = size_before(here());
        std::size_t at = ring_.before(here(), size);
        is_.behind = static_cast<Index>(is_.behind - size);
        is_.ahead = static_cast<Index>(is_.ahead + size);
        --is_.cursor;
        is_.joinable = false;
        move(Moved::both_ways, at, Format::read(ring_, at), is_.current);
    }
    constexpr void redo() {
        std::size_t at = here();
        const LeafMask<T> changed = Format::read(ring_, at);
        const std::size_t size = Format::size(changed);
        is_.behind = static_cast<Index>(is_.behind + size);
        is_.ahead = static_cast<Index>(is_.ahead - size);
        ++is_.cursor;
        is_.joinable = false;
        move(Moved::both_ways, at, changed, is_.current);
    }
    constexpr void go_to(std::size_t position) {
        if constexpr (hides<T>()) {  // which may have nowhere to be on the way
            const T was = is_.current;
            step_to(position);
            keep_hidden(was, is_.current);
        } else step_to(position);
    }

    constexpr T at(std::size_t position) const {
        T state = is_.current;
        std::size_t end = here();
        for (std::size_t step = is_.cursor; step > position; --step) {
            end = ring_.before(end, size_before(end));
            read(end, state);
        }
        for (std::size_t step = is_.cursor; step < position; ++step) end = ring_.after(end, read(end, state));
        keep_hidden(is_.current, state);
        return state;
    }

    /// What the step did that led to a position: `f.operator()<L>(before, after)` for the leaves that it changed.
    template <class F>
    constexpr void each_change(std::size_t position, const F& f) const {
        const T after = at(position);
        std::size_t begin = here();
        for (std::size_t step = is_.cursor; step >= position; --step) begin = ring_.before(begin, size_before(begin));
        const LeafMask<T> changed = Format::read(ring_, begin);
        for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf) {
            if (!changed[leaf]) continue;
            with_leaf<T>(leaf, [&]<std::size_t L>() {
                auto before = get_leaf<L>(after);
                ring_.read(begin, before);
                f.template operator()<L>(before, get_leaf<L>(after));
            });
        }
    }

    constexpr void mark_saved() { is_.saved = is_.touched ? Head::nowhere : is_.cursor; }
    constexpr void mark_unsaved() { is_.saved = Head::nowhere; }
    constexpr bool saved(std::size_t position) const { return is_.saved == position; }
    constexpr bool dirty() const { return is_.saved != is_.cursor || is_.touched; }

private:
    constexpr void step_to(std::size_t position) {
        while (is_.cursor > position) undo();
        while (is_.cursor < position) redo();
    }
    constexpr std::size_t here() const { return ring_.after(is_.oldest, is_.behind); }
    // Of the step that ends there.
    constexpr std::size_t size_before(std::size_t end) const {
        std::size_t at = ring_.before(end, sizeof(Index));
        return ring_.template read<Index>(at);
    }

    // Between the values of a step and a state, which keeps what is not versioned.
    constexpr void move(Moved way, std::size_t& at, const LeafMask<T>& changed, T& state) {
        for (std::size_t leaf = 0; leaf < leaf_count<T>; ++leaf) {
            if (!changed[leaf]) continue;
            with_leaf<T>(leaf, [&]<std::size_t L>() {
                auto& value = get_leaf<L>(state);
                if constexpr (leaf_hides<T, L>()) {
                    const auto before = value;
                    ring_.move(way, at, value);
                    if (way != Moved::in) keep_hidden(before, value);
                } else ring_.move(way, at, value);
            });
        }
    }
    // The other side of a step into a state. Returns the size of the step.
    constexpr std::size_t read(std::size_t at, T& state) const {
        const LeafMask<T> changed = Format::read(ring_, at);
        const_cast<DeltaStates*>(this)->move(Moved::out, at, changed, state);
        return Format::size(changed);
    }

    // After the current state; what was undone goes, and the oldest steps if there is no more room. A step that is
    // larger than all the room there is leaves none to go back to.
    constexpr void push(const T& draft, const LeafMask<T>& changed) {
        const std::size_t size = Format::size(changed);
        is_.ahead = 0;
        is_.steps = is_.cursor;
        if (is_.saved > is_.cursor) is_.saved = Head::nowhere;
        while (is_.cursor > 0 && is_.behind + size > room) drop_oldest();
        is_.joinable = true;
        if (size <= room) {
            std::size_t at = here();
            auto length = static_cast<Index>(size);
            Format::write(ring_, at, changed);
            move(Moved::in, at, changed, is_.current);
            ring_.move(Moved::in, at, length);
            is_.behind = static_cast<Index>(is_.behind + size);
            is_.steps = ++is_.cursor;
        } else is_.saved = Head::nowhere;
        is_.current = draft;
    }
    constexpr void drop_oldest() {
        std::size_t at = is_.oldest;
        const std::size_t size = Format::size(Format::read(ring_, at));
        is_.oldest = static_cast<Index>(ring_.after(is_.oldest, size));
        is_.behind = static_cast<Index>(is_.behind - size);
        is_.steps = --is_.cursor;
        if (is_.saved != Head::nowhere) is_.saved = is_.saved == 0 ? Head::nowhere : static_cast<Index>(is_.saved - 1);
    }

    // In a group, or as a part of the last step where that may be.
    STET_NO_INLINE constexpr void join(const T& draft, const LeafMask<T>& changed) {
        if (is_.level != 0) {
            is_.current = draft;
            is_.touched = true;
        } else if (is_.joinable && is_.cursor > 0 && is_.cursor != is_.saved) amend(draft);
        else push(draft, changed);
    }
    // What is left of the last step and this change together, which may be nothing.
    constexpr void amend(const T& draft) {
        const std::size_t size = size_before(here());
        is_.behind = static_cast<Index>(is_.behind - size);
        is_.steps = --is_.cursor;
        read(here(), is_.current);
        const LeafMask<T> changed = likely_changed_leaves(is_.current, draft);
        if (changed.any()) return push(draft, changed);
        is_.current = draft;
        is_.joinable = false;
    }

    Head is_;
    ByteRing<room> ring_;
};

}  // namespace stet::detail
