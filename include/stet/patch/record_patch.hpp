#pragma once
// The patch of a struct with containers or texts: records of what changed, and nothing for what did not.

#include <stet/patch/identity.hpp>
#include <stet/patch/patch.hpp>
#include <stet/patch/read_records.hpp>
#include <stet/patch/record_format.hpp>
#include <stet/schema/violations.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace stet::detail {

struct Rewritten {};
inline constexpr Rewritten rewritten{};

template <class T>
class RecordPatch {
public:
    RecordPatch(const T& from, const T& to) {
        RecordNode root(records_);
        zip_leaves<T>([&]<std::size_t L>(const auto& a, const auto& b) STET_INLINE_LAMBDA { add_leaf<L>(root, a, b); },
                      from, to);
    }
    /// Of one leaf, whatever the others are.
    template <std::size_t L>
    RecordPatch(std::integral_constant<std::size_t, L>, const leaf_type<T, L>& from, const leaf_type<T, L>& to) {
        RecordNode root(records_);
        add_leaf<L>(root, from, to);
    }

    /// Of what `write` writes into the root node: from the records of other patches.
    template <class Write>
    RecordPatch(Rewritten, Write&& write) {
        RecordNode root(records_);
        write(root);
        if (records_.empty()) return;
        ChangeReader all = changes();
        for (bool more = true; more;) {
            const Lead lead = all.lead();
            more = lead.more;
            mask_.set(lead.number);
            with_leaf<T>(lead.number,
                         [&]<std::size_t L>() { show<leaf_marks<T, L>.indivisible, leaf_type<T, L>>(all, PassBy{}); });
        }
    }

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
        ChangeReader all{Records::Reader(records_), backwards};
        for (;;) {
            const Lead lead = all.lead();
            const bool ok = with_leaf<T>(lead.number, [&]<std::size_t L>() {
                return detail::carry_out<How, leaf_marks<T, L>.indivisible>(all, get_leaf<L>(value));
            });
            if (!ok) return lead.number;
            if (!lead.more) return leaf_count<T>;
        }
    }

private:
    template <std::size_t L, class V>
    STET_ALWAYS_INLINE void add_leaf(RecordNode& root, const V& from, const V& to) {
        if constexpr (leaf_marks<T, L>.transient) return;
        else if constexpr (written_whole<V, leaf_marks<T, L>.indivisible>) {
            if (detail::same(from, to)) return;
            root.leaf<T, L>().value(from, to);
            mask_.set(L);
        } else {
            const Lead* const before = root.last();
            walk<decltype(leaf_key<T, L>())>(from, to, root.leaf<T, L>());
            mask_.set_if(L, root.last() != before);
        }
    }

    LeafMask<T> mask_;
    Records records_;
    bool inverted_ = false;
};

}  // namespace stet::detail
