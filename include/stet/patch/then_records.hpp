#pragma once
// Two written patches, one after the other, as one: both trees of changes at once, and what the second does to what the
// first did.

#include <stet/patch/edits.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/patch/then.hpp>
#include <stet/patch/then_text.hpp>
#include <stet/vector.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace stet::detail {

template <bool Indivisible, class V, class Node>
void compose(const ChangeReader& first, const ChangeReader& second, Node&& out);

// What was added by the first and changed by the second was added as it is after it, and so on. `out` writes in one of
// these ways; `inside()` makes the node of the content.
template <class E, class Added, class Removed, class Inside>
void compose_content(const EditAt& first, const EditAt& second, const Added& added, const Removed& removed,
                     const Inside& inside) {
    if (first.kind == EditKind::added) {
        if (second.kind == EditKind::removed) return;
        E content = first.value<E>();
        second.make<false>(content);
        added(content);
    } else if (first.kind == EditKind::removed) {
        walk<NotKeyed>(first.value<E>(), second.value<E>(), inside());
    } else if (second.kind == EditKind::removed) {
        E content = second.value<E>();
        first.take_back<false>(content);
        removed(content);
    } else compose<false, E>(first.at, second.at, inside());
}

template <class V, class Node>
void copy_entry(const EditAt& edit, Node& out) {
    const auto& key = key_of<V>(edit);
    if constexpr (set_like<V>) {
        if (edit.kind == EditKind::added) out.member_added(key);
        else out.member_removed(key);
    } else {
        using E = content_of<V>;
        if (edit.kind == EditKind::added) out.entry_added(key, edit.value<E>());
        else if (edit.kind == EditKind::removed) out.entry_removed(key, edit.value<E>());
        else edit.copy<false, E>(out.entry(key));
    }
}
template <class V, class Node>
void copy_element(const EditAt& edit, std::size_t position, Node& out) {
    using E = content_of<V>;
    if (edit.kind == EditKind::added) out.inserted(position, position, edit.value<E>());
    else if (edit.kind == EditKind::removed) out.erased(position, position, edit.value<E>());
    else edit.copy<false, E>(out.element(position, position));
}

template <class V, class Node>
void compose_keyed(const EditsOf<V>& first, const EditsOf<V>& second, Node& out) {
    pair_by_key<V>(first, second, [&](const EditAt* a, const EditAt* b) {
        if (a == nullptr || b == nullptr) return copy_entry<V>(a == nullptr ? *b : *a, out);
        if constexpr (map_like<V>) {
            const auto& key = key_of<V>(*a);
            compose_content<content_of<V>>(
                *a, *b, [&](const auto& value) { out.entry_added(key, value); },
                [&](const auto& value) { out.entry_removed(key, value); }, [&] { return out.entry(key); });
        }  // a member of a set that came and went, or went and came, changed nothing
    });
}

// What goes and comes between two elements that stay, in this order, as a comparison finds it; what is the same at
// either end of both went and came back.
template <class V, class Node>
class Gap {
    using E = content_of<V>;
    using List = HeapVector<late<const E*, V>>;

public:
    explicit Gap(Node& out) : out_(out) {}

    void goes(std::size_t position, const E& element) { put(gone_, position, element); }
    void comes(std::size_t position, const E& element) { put(come_, position, element); }
    /// A value that was made only now.
    const E& hold(const E& element) { return held_.write<E>(element); }
    void close() {
        std::size_t head = 0;
        std::size_t gone = gone_.size();
        std::size_t come = come_.size();
        while (head < gone && head < come && detail::same(*gone_[head], *come_[head])) ++head;
        while (gone > head && come > head && detail::same(*gone_[gone - 1], *come_[come - 1])) --gone, --come;
        for (std::size_t i = head; i < gone; ++i) out_.erased(at_ + head, at_ + head, *gone_[i]);
        for (std::size_t i = head; i < come; ++i) out_.inserted(at_ + i, at_ + i, *come_[i]);
        gone_.clear();
        come_.clear();
    }

private:
    void put(List& list, std::size_t position, const E& element) {
        if (gone_.empty() && come_.empty()) at_ = position;
        list.push_back(&element);
    }

    Node& out_;
    List gone_, come_;
    std::size_t at_ = 0;
    Records held_;
};

// Both in the positions between the two patches; what is written stands where it is after both.
template <class V, class Node>
void compose_elements(const EditsOf<V>& first, const EditsOf<V>& second, Node& out) {
    using E = content_of<V>;
    constexpr auto none = static_cast<std::size_t>(-1);
    Gap<V, Node> gap(out);
    std::size_t shift = 0;
    std::size_t reached = 0;
    auto a = first.begin();
    auto b = second.begin();
    while (a != first.end() || b != second.end()) {
        const std::size_t in_a = a != first.end() ? a->after : none;
        const std::size_t in_b = b != second.end() ? b->before : none;
        const std::size_t here = in_a < in_b ? in_a : in_b;
        const std::size_t position = here + shift;
        if (here > reached) gap.close();
        reached = here;
        if (in_a == here && a->kind == EditKind::removed) {
            gap.goes(position, (a++)->template value<E>());
            continue;
        }
        if (in_b == here && b->kind == EditKind::added) {
            gap.comes(position, (b++)->template value<E>());
            ++shift;
            continue;
        }
        const auto stays = [&] {
            gap.close();
            return out.element(position, position);
        };
        const EditAt& one = in_a == here ? *a : *b;
        if (in_a == in_b)
            compose_content<E>(
                *a, *b, [&](const E& value) { gap.comes(position, gap.hold(value)); },
                [&](const E& value) { gap.goes(position, gap.hold(value)); }, stays);
        else if (one.kind == EditKind::added) gap.comes(position, one.value<E>());
        else if (one.kind == EditKind::removed) gap.goes(position, one.value<E>());
        else one.copy<false, E>(stays());
        ++reached;
        if (in_b == here) {
            if (b->kind == EditKind::removed) --shift;
            ++b;
        }
        if (in_a == here) ++a;
    }
    gap.close();
}

template <class V, class Node>
void compose_variant(const EditAt& first, const EditAt& second, Node& out) {
    if (first.kind == EditKind::changed && second.kind == EditKind::changed) {
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (first.before == I) compose<false, A>(first.at, second.at, out.template content<V, I>());
        });
        return;
    }
    // one of them says what was between the two
    V before = first.kind == EditKind::changed ? second.before_of<V>() : first.before_of<V>();
    V after = second.kind == EditKind::changed ? first.after_of<V>() : second.after_of<V>();
    const auto change = [](const EditAt& edit, V& value, bool back) {
        alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
            if (edit.before != I) return;
            if (back) edit.template take_back<false>(*get_if<I>(&value));
            else edit.template make<false>(*get_if<I>(&value));
        });
    };
    if (first.kind == EditKind::changed) change(first, before, true);
    if (second.kind == EditKind::changed) change(second, after, false);
    walk<NotKeyed>(std::as_const(before), std::as_const(after), out);
}

template <class V, class Node>
void compose_structure(const EditsOf<V>& first, const EditsOf<V>& second, Node& out) {
    pair_by_number(first, second, [&](const EditAt* a, const EditAt* b) {
        with_leaf<V>(a != nullptr ? a->before : b->before, [&]<std::size_t L>() {
            using Leaf = leaf_type<V, L>;
            constexpr bool whole = leaf_marks<V, L>.indivisible;
            auto node = out.template leaf<V, L>();
            if (a == nullptr) b->copy<whole, Leaf>(node);
            else if (b == nullptr) a->copy<whole, Leaf>(node);
            else compose<whole, Leaf>(a->at, b->at, node);
        });
    });
}

template <bool Indivisible, class V, class Node>
void compose(const ChangeReader& first, const ChangeReader& second, Node&& out) {
    constexpr Kind kind = kind_v<V>;
    if constexpr (splices<V>) compose_text<V>(first, second, out);
    else if constexpr (written_whole<V, Indivisible>) {
        const EditAt a{EditKind::changed, 0, 0, nullptr, first};
        const EditAt b{EditKind::changed, 0, 0, nullptr, second};
        const V& before = a.before_of<V>();
        const V& after = b.after_of<V>();
        if (!detail::same(before, after)) out.value(before, after);
    } else {
        const auto a = read_edits<V>(first);
        const auto b = read_edits<V>(second);
        if constexpr (kind == Kind::structure) compose_structure<V>(a, b, out);
        else if constexpr (kind == Kind::array) {
            pair_by_number(a, b, [&](const EditAt* x, const EditAt* y) {
                const EditAt& one = x != nullptr ? *x : *y;
                if (x == nullptr || y == nullptr) return copy_element<V>(one, one.after, out);
                compose<false, content_of<V>>(x->at, y->at, out.element(one.after, one.after));
            });
        } else if constexpr (kind == Kind::sequence) compose_elements<V>(a, b, out);
        else if constexpr (kind == Kind::optional) {
            compose_content<content_of<V>>(
                a[0], b[0], [&](const auto& value) { out.appeared(value); },
                [&](const auto& value) { out.vanished(value); }, [&] { return out.template content<V, 0>(); });
        } else if constexpr (kind == Kind::variant) compose_variant<V>(a[0], b[0], out);
        else compose_keyed<V>(a, b, out);
    }
}

/// As a `P`, which has records; neither of them is empty.
template <class T, class P, class First, class Second>
P compose_changes(const First& first, const Second& second) {
    return P(rewritten, [&](RecordNode& root) {
        compose_structure<T>(read_edits<T>(first.changes()), read_edits<T>(second.changes()), root);
    });
}

template <class T>
Patch<T> then_records(const Patch<T>& first, const Patch<T>& second) {
    if (first.empty()) return second;
    if (second.empty()) return first;
    return compose_changes<T, Patch<T>>(first, second);
}

}  // namespace stet::detail
