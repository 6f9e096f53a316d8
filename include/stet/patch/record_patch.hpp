#pragma once
// The patch of a struct with containers or texts: records of what changed, and nothing for what did not.

#include <stet/patch/identity.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/read_records.hpp>
#include <stet/patch/record_format.hpp>
#include <stet/schema/violations.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace stet::detail {

struct Rewritten {};
inline constexpr Rewritten rewritten{};

/// Carries out all changes of a struct, in order; the leaf at which it does not have what was there before, or
/// leaf_count.
template <Trust How, class T>
STET_NO_INLINE std::size_t carry_out_each(const Records::Chunk* chunk, std::uint32_t at, bool inverted, T& value) {
    ChangeReader all{Records::Reader(chunk, at), inverted};
    for (;;) {
        const Lead lead = all.lead();
        const bool ok = with_leaf<T>(lead.number(), [&]<std::size_t L>() {
            return detail::carry_out<How, leaf_marks<T, L>.indivisible>(all, get_leaf<L>(value));
        });
        if (!ok) return lead.number();
        if (!lead.more()) return leaf_count<T>;
    }
}
template <Trust How, class T>
std::size_t carry_out_changes(const Records::Chunk* chunk, std::uint32_t at, bool inverted, T& value) {
    if constexpr (How == Trust::known)
        if (carry_out_bytes<2, Trust::verify>(chunk->bytes() + at, chunk->bytes() + chunk->used, inverted, value))
            return leaf_count<T>;
    return carry_out_each<How>(chunk, at, inverted, value);
}
/// The same of one change of bytes that was made where it is, and stands in one piece; false where it lies deeper than
/// that is done for.
template <bool Inverted, class T>
STET_ALWAYS_INLINE bool carry_out_one(const std::byte* at, T& value) {
    return carry_out_bytes<2, Trust::known>(at, at, Inverted, value);
}
/// The leaves that written changes touch; there is at least one.
template <class T>
LeafMask<T> touched_leaves(ChangeReader all) {
    LeafMask<T> mask;
    for (bool more = true; more;) {
        const Lead lead = all.lead();
        more = lead.more();
        mask.set(lead.number());
        with_leaf<T>(lead.number(),
                     [&]<std::size_t L>() { show<leaf_marks<T, L>.indivisible, leaf_type<T, L>>(all, PassBy{}); });
    }
    return mask;
}

/// A change where it was written; as a patch of which nobody is the owner.
template <class T>
class WrittenChange {
public:
    // Word by word: to copy a place that has just been written would wait for it.
    STET_ALWAYS_INLINE WrittenChange(const Records::Place& at, bool may_throw)
        : chunk_(at.chunk), at_(at.used), may_throw_(may_throw) {}

    STET_ALWAYS_INLINE ChangeReader changes() const { return {Records::Reader(chunk_, at_), false}; }
    static constexpr bool is_inverted() { return false; }
    bool nothrow() const { return !may_throw_; }
    LeafMask<T> leaves() const { return touched_leaves<T>(changes()); }
    template <Trust How>
    STET_ALWAYS_INLINE std::size_t carry_out(T& value, bool backwards = false) const {
        return carry_out_changes<How>(chunk_, at_, backwards, value);
    }
    /// Writes it again.
    void write(RecordNode& root) const {
        ChangeReader all = changes();
        show<false, T>(all, root);
    }

private:
    const Records::Chunk* chunk_;
    std::uint32_t at_;
    bool may_throw_;
};

template <class T>
class RecordPatch {
public:
    RecordPatch(const T& from, const T& to) { write_diff(records_, mask_, from, to); }
    static void write_diff(Records& records, LeafMask<T>& mask, const T& from, const T& to) {
        RecordNode root(records);
        zip_leaves<T>([&]<std::size_t L>(const auto& a, const auto& b)
                          STET_INLINE_LAMBDA { add_leaf<L>(root, mask, a, b); },
                      from, to);
    }
    /// Of one leaf, whatever the others are.
    template <std::size_t L>
    RecordPatch(std::integral_constant<std::size_t, L>, const leaf_type<T, L>& from, const leaf_type<T, L>& to) {
        RecordNode root(records_);
        add_leaf<L>(root, mask_, from, to);
    }

    /// Of what `write` writes into the root node: from the records of other patches.
    template <class Write>
    RecordPatch(Rewritten, Write&& write) {
        RecordNode root(records_);
        write(root);
        if (!records_.empty()) mask_ = touched_leaves<T>(changes());
    }
    RecordPatch(const RecordPatch&) = default;
    RecordPatch(RecordPatch&&) = default;
    RecordPatch& operator=(const RecordPatch& other) { return *this = RecordPatch(other); }
    RecordPatch& operator=(RecordPatch&&) = default;
    ~RecordPatch() = default;
    /// Of records that were written already.
    RecordPatch(Records&& written, const LeafMask<T>& mask) : mask_(mask), records_(std::move(written)) {}

    bool empty() const { return !mask_.any(); }
    const LeafMask<T>& leaves() const { return mask_; }

    template <class F>
    void visit(F&& f) const {
        if (empty()) return;
        const PathView root;
        ChangeReader all = changes();
        show<false, T>(all, VisitNode<std::remove_reference_t<F>>(f, root));
    }

    ChangeReader changes() const { return {Records::Reader(records_), inverted_}; }
    bool is_inverted() const { return inverted_; }
    /// Can it be carried out and taken back in place without anything that could throw?
    bool nothrow() const { return !records_.may_throw(); }

    /// Does it change what a rule of something inside a container reads?
    bool touches_rules_inside() const { return records_.ruled(); }

    RecordPatch inverse() const& { return RecordPatch(*this).inverse(); }
    RecordPatch inverse() && {
        inverted_ = !inverted_;
        return std::move(*this);
    }

    /// The leaf at which `value` does not have what was there before; leaf_count where all was carried out.
    template <Trust How>
    std::size_t carry_out(T& value) const {
        return carry_out<How>(value, inverted_);
    }
    template <Trust How>
    std::size_t carry_out(T& value, bool backwards) const {
        if (empty()) return leaf_count<T>;
        return carry_out_changes<How>(records_.begin().chunk, 0, backwards, value);
    }
    void write(RecordNode& root) const {
        if (empty()) return;
        ChangeReader all = changes();
        show<false, T>(all, root);
    }
    WrittenChange<T> written() const { return {records_.begin(), records_.may_throw()}; }
    Records take() && { return std::move(records_); }

private:
    template <std::size_t L, class V>
    STET_ALWAYS_INLINE static void add_leaf(RecordNode& root, LeafMask<T>& mask, const V& from, const V& to) {
        if constexpr (leaf_marks<T, L>.transient) return;
        else if constexpr (written_whole<V, leaf_marks<T, L>.indivisible>) {
            if (detail::same(from, to)) return;
            root.leaf<T, L>().value(from, to);
            mask.set(L);
        } else {
            const Lead* const before = root.last();
            walk<decltype(leaf_key<T, L>())>(from, to, root.leaf<T, L>());
            mask.set_if(L, root.last() != before);
        }
    }

    LeafMask<T> mask_;
    Records records_;
    bool inverted_ = false;
};

}  // namespace stet::detail
