#pragma once
// What can be done with written changes: show them to a visitor, or carry them out on a value. Both go through the
// records in order, forwards or (for an inverted patch) with before and after exchanged.

#include <stet/patch/patch.hpp>
#include <stet/patch/record_format.hpp>
#include <stet/patch/visit.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet::detail {

/// A reader and the direction in which changes are meant.
struct ChangeReader {
    Records::Reader reader;
    bool inverted;

    STET_ALWAYS_INLINE Lead lead() { return reader.read<Lead>(); }
    STET_ALWAYS_INLINE EditKind kind(Lead lead) const {
        if (!inverted || lead.kind() == EditKind::changed) return lead.kind();
        return lead.kind() == EditKind::added ? EditKind::removed : EditKind::added;
    }
};

/// Where the edits of a sequence happen, before and after all of them.
class Positions {
public:
    STET_ALWAYS_INLINE explicit Positions(bool inverted) : inverted_(inverted) {}

    // To be called once for each edit, in order.
    STET_ALWAYS_INLINE void enter(Lead lead) {
        written_ = lead.number();
        other_ = written_ - shift_;
        if (lead.kind() == EditKind::added) ++shift_;
        else if (lead.kind() == EditKind::removed) --shift_;
    }
    STET_ALWAYS_INLINE std::size_t before() const { return inverted_ ? written_ : other_; }
    STET_ALWAYS_INLINE std::size_t after() const { return inverted_ ? other_ : written_; }

private:
    bool inverted_;
    std::size_t shift_ = 0;  // wraps around below zero, and back
    std::size_t written_ = 0;
    std::size_t other_ = 0;
};

template <class V, bool Indivisible>
inline constexpr bool written_whole = Indivisible || is_whole<V>;

// ---- showing

template <bool Indivisible, class V, class Node>
void show(ChangeReader& changes, Node&& node);

template <class V, class Node>
void show_edits(ChangeReader& changes, Node&& node) {
    constexpr Kind kind = kind_v<V>;
    Positions at(changes.inverted);
    for (bool more = true; more;) {
        const Lead lead = changes.lead();
        const EditKind edit = changes.kind(lead);
        more = lead.more();
        if constexpr (kind == Kind::map) {
            const auto& key = changes.reader.read<typename V::key_type>();
            using M = typename V::mapped_type;
            if (edit == EditKind::added) node.entry_added(key, changes.reader.read<M>());
            else if (edit == EditKind::removed) node.entry_removed(key, changes.reader.read<M>());
            else show<false, M>(changes, node.entry(key));
        } else if constexpr (kind == Kind::set) {
            const auto& key = changes.reader.read<typename V::key_type>();
            if (edit == EditKind::added) node.member_added(key);
            else node.member_removed(key);
        } else if constexpr (kind == Kind::optional) {
            using E = std::remove_cv_t<typename V::value_type>;
            if (edit == EditKind::added) node.appeared(changes.reader.read<E>());
            else if (edit == EditKind::removed) node.vanished(changes.reader.read<E>());
            else show<false, E>(changes, node.template content<V, 0>());
        } else {
            using E = std::remove_cv_t<typename V::value_type>;
            at.enter(lead);
            if (edit == EditKind::added) node.inserted(at.before(), at.after(), changes.reader.read<E>());
            else if (edit == EditKind::removed) node.erased(at.before(), at.after(), changes.reader.read<E>());
            else show<false, E>(changes, node.element(at.before(), at.after()));
        }
    }
}

/// Calls `f(splice)` for each part of a text, of which the first lead has been read.
template <class F>
void each_splice(ChangeReader& changes, Lead lead, const F& f) {
    std::size_t shift = 0;  // wraps around below zero, and back
    for (;; lead = changes.lead()) {
        const SpliceSizes sizes = changes.reader.read<SpliceSizes>();
        const auto* const chars =
            reinterpret_cast<const char*>(changes.reader.skip(std::size_t{sizes.erased} + sizes.inserted));
        const std::string_view erased(chars, sizes.erased);
        const std::string_view inserted(chars + sizes.erased, sizes.inserted);
        const std::size_t other = lead.number() - shift;
        if (changes.inverted) f(Splice{lead.number(), other, inserted, erased});
        else f(Splice{other, lead.number(), erased, inserted});
        shift += inserted.size() - erased.size();
        if (!lead.more()) return;
    }
}

template <class V, class Node>
void show_text(ChangeReader& changes, Node&& node) {
    const Lead lead = changes.lead();
    if (lead.kind() != EditKind::changed)
        return each_splice(changes, lead, [&](const Splice& splice) { node.spliced(splice); });
    const auto& replaced = changes.reader.read<Replaced<V>>();
    if (changes.inverted) node.value(replaced.after, replaced.before);
    else node.value(replaced.before, replaced.after);
}

template <class V, class Node>
void show_variant(ChangeReader& changes, Node&& node) {
    const Lead lead = changes.lead();
    if (lead.kind() != EditKind::changed) {
        const auto& replaced = changes.reader.read<Replaced<V>>();
        if (changes.inverted) node.replaced(replaced.after, replaced.before);
        else node.replaced(replaced.before, replaced.after);
    } else {
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (lead.number() == I) show<false, A>(changes, node.template content<V, I>());
        });
    }
}

template <bool Indivisible, class V, class Node>
void show(ChangeReader& changes, Node&& node) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (splices<V>) show_text<V>(changes, node);
    else if constexpr (written_whole<V, Indivisible>) {
        const auto& replaced = changes.reader.read<Replaced<V>>();
        if (changes.inverted) node.value(replaced.after, replaced.before);
        else node.value(replaced.before, replaced.after);
    } else if constexpr (kind == Kind::structure) {
        for (bool more = true; more;) {
            const Lead lead = changes.lead();
            more = lead.more();
            with_leaf<V>(lead.number(), [&]<std::size_t L>() {
                show<leaf_marks<V, L>.indivisible, leaf_type<V, L>>(changes, node.template leaf<V, L>());
            });
        }
    } else if constexpr (kind == Kind::variant) show_variant<V>(changes, node);
    else show_edits<V>(changes, node);
}

// Reads on, past what nobody asked for.
struct PassBy {
    template <class V>
    void value(const V&, const V&) const {}
    void spliced(const Splice&) const {}
    template <class V>
    void replaced(const V&, const V&) const {}
    template <class T, std::size_t L>
    PassBy leaf() const {
        return {};
    }
    PassBy element(std::size_t, std::size_t) const { return {}; }
    template <class Key>
    PassBy entry(const Key&) const {
        return {};
    }
    template <class V, std::size_t>
    PassBy content() const {
        return {};
    }
    template <class E>
    void inserted(std::size_t, std::size_t, const E&) const {}
    template <class E>
    void erased(std::size_t, std::size_t, const E&) const {}
    template <class Key, class V>
    void entry_added(const Key&, const V&) const {}
    template <class Key, class V>
    void entry_removed(const Key&, const V&) const {}
    template <class Key>
    void member_added(const Key&) const {}
    template <class Key>
    void member_removed(const Key&) const {}
    template <class V>
    void appeared(const V&) const {}
    template <class V>
    void vanished(const V&) const {}
};

// ---- carrying out; false where the value does not have what was there before (then part of it may have changed)

template <Trust How, bool Indivisible, class V>
bool carry_out(ChangeReader& changes, V& value);

template <Trust How, class V>
STET_ALWAYS_INLINE bool replace(ChangeReader& changes, V& value) {
    const auto& replaced = changes.reader.read<Replaced<V>>();
    if constexpr (How == Trust::verify)
        if (!detail::same(value, changes.inverted ? replaced.after : replaced.before)) return false;
    value = changes.inverted ? replaced.before : replaced.after;
    return true;
}

template <Trust How, class V>
bool carry_out_text(ChangeReader& changes, V& value) {
    const Lead lead = changes.lead();
    if (lead.kind() == EditKind::changed) return replace<How>(changes, value);
    bool ok = true;
    each_splice(changes, lead, [&](const Splice& splice) {
        ok = ok && splice.after <= value.size() && splice.erased.size() <= value.size() - splice.after;
        if constexpr (How == Trust::verify)
            ok = ok && std::string_view(value).substr(splice.after, splice.erased.size()) == splice.erased;
        if (ok) value.replace(splice.after, splice.erased.size(), splice.inserted.data(), splice.inserted.size());
    });
    return ok;
}

template <Trust How, class V>
bool edit_map(ChangeReader& changes, EditKind edit, V& value) {
    const auto& key = changes.reader.read<typename V::key_type>();
    using M = typename V::mapped_type;
    const auto found = value.find(key);
    if (edit == EditKind::added) {
        const M& mapped = changes.reader.read<M>();
        if (found != value.end()) return false;
        value.try_emplace(key, mapped);
        return true;
    }
    if (found == value.end()) return false;
    if (edit == EditKind::changed) return carry_out<How, false>(changes, found->second);
    const M& mapped = changes.reader.read<M>();
    if constexpr (How == Trust::verify)
        if (!detail::same(found->second, mapped)) return false;
    value.erase(found);
    return true;
}

template <class V>
bool edit_set(ChangeReader& changes, EditKind edit, V& value) {
    const auto& key = changes.reader.read<typename V::key_type>();
    if (edit == EditKind::added) return value.insert(key).second;
    const auto found = value.find(key);
    if (found == value.end()) return false;
    value.erase(found);
    return true;
}

template <Trust How, class V>
bool edit_optional(ChangeReader& changes, EditKind edit, V& value) {
    using E = std::remove_cv_t<typename V::value_type>;
    if (edit == EditKind::added) {
        const E& content = changes.reader.read<E>();
        if (value.has_value()) return false;
        value.emplace(content);
        return true;
    }
    if (!value.has_value()) return false;
    if (edit == EditKind::changed) return carry_out<How, false>(changes, *value);
    const E& content = changes.reader.read<E>();
    if constexpr (How == Trust::verify)
        if (!detail::same(static_cast<const E&>(*value), content)) return false;
    value.reset();
    return true;
}

template <Trust How, class V>
bool edit_elements(ChangeReader& changes, EditKind edit, std::size_t index, V& value) {
    using E = std::remove_cv_t<typename V::value_type>;
    if (index > value.size() || (edit != EditKind::added && index == value.size())) return false;
    auto at = nth(value, index);
    if (edit == EditKind::changed) return carry_out<How, false>(changes, *at);
    if constexpr (kind_v<V> == Kind::sequence) {
        const E& element = changes.reader.read<E>();
        if (edit == EditKind::added) {
            value.insert(at, element);
        } else {
            if constexpr (How == Trust::verify)
                if (!detail::same(static_cast<const E&>(*at), element)) return false;
            value.erase(at);
        }
    }
    return true;
}

template <Trust How, class V>
bool carry_out_variant(ChangeReader& changes, V& value) {
    const Lead lead = changes.lead();
    if (lead.kind() != EditKind::changed) return replace<How>(changes, value);
    bool ok = false;
    alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
        if (lead.number() == I && value.index() == I) ok = carry_out<How, false>(changes, *get_if<I>(&value));
    });
    return ok;
}

template <Trust How, bool Indivisible, class V>
bool carry_out(ChangeReader& changes, V& value) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (splices<V>) return carry_out_text<How>(changes, value);
    else if constexpr (written_whole<V, Indivisible>) return replace<How>(changes, value);
    else if constexpr (kind == Kind::variant) return carry_out_variant<How>(changes, value);
    else {
        Positions at(changes.inverted);
        for (bool more = true; more;) {
            const Lead lead = changes.lead();
            more = lead.more();
            bool ok = false;
            if constexpr (kind == Kind::structure) {
                ok = with_leaf<V>(lead.number(), [&]<std::size_t L>() {
                    return carry_out<How, leaf_marks<V, L>.indivisible>(changes, get_leaf<L>(value));
                });
            } else {
                const EditKind edit = changes.kind(lead);
                if constexpr (kind == Kind::map) ok = edit_map<How>(changes, edit, value);
                else if constexpr (kind == Kind::set) ok = edit_set(changes, edit, value);
                else if constexpr (kind == Kind::optional) ok = edit_optional<How>(changes, edit, value);
                else {
                    at.enter(lead);  // all elements before it are as they will be
                    ok = edit_elements<How>(changes, edit, at.after(), value);
                }
            }
            if (!ok) return false;
        }
        return true;
    }
}

// ---- what most steps are: one change of bytes, with nothing but structs, arrays and sequences around it

template <class V>
inline constexpr bool carried_as_bytes =
    is_plain<V> && std::is_trivially_copyable_v<V> && alignof(V) <= alignof(std::max_align_t);

/// Carries out what stands from `at` to `end` if it is that; otherwise it changes nothing. Of what is known to be that
/// only the types are asked.
template <std::size_t Structs, Trust How, class V>
STET_ALWAYS_INLINE bool carry_out_bytes(const std::byte* at, const std::byte* end, bool inverted, V& value) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (carried_as_bytes<V>) {
        if (How == Trust::verify && at == end) return false;
        if constexpr (alignof(V) > Records::word)
            at += (std::size_t{0} - reinterpret_cast<std::uintptr_t>(at)) & (alignof(V) - 1);
        const auto& replaced = *std::launder(reinterpret_cast<const Replaced<V>*>(at));
        value = inverted ? replaced.before : replaced.after;
        return true;
    } else if constexpr (kind == Kind::structure ? Structs == 0 || is_whole<V>
                                                 : kind != Kind::array && kind != Kind::sequence) {
        return false;
    } else {
        if (How == Trust::verify && at == end) return false;
        const Lead lead = *std::launder(reinterpret_cast<const Lead*>(at));
        at += sizeof(Lead);
        if (How == Trust::verify && lead.more()) return false;
        if (How == Trust::verify && lead.kind() != EditKind::changed) return false;
        const std::size_t number = lead.only();
        if constexpr (kind == Kind::structure) {
            return with_leaf<V>(number, [&]<std::size_t L>() STET_INLINE_LAMBDA {
                if constexpr (leaf_marks<V, L>.indivisible && !is_plain<leaf_type<V, L>>) return false;
                else return carry_out_bytes<Structs - 1, How>(at, end, inverted, get_leaf<L>(value));
            });
        } else if constexpr (Structs == 0 && !carried_as_bytes<std::remove_cv_t<typename V::value_type>>) return false;
        else {
            if (How == Trust::verify && number >= value.size()) return false;
            return carry_out_bytes<Structs, How>(at, end, inverted, *nth(value, number));
        }
    }
}

}  // namespace stet::detail
