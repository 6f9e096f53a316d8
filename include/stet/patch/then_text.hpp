#pragma once
// Two changes of one text as one.

#include <stet/late.hpp>
#include <stet/patch/read_records.hpp>
#include <stet/vector.hpp>

#include <cstddef>
#include <string_view>

namespace stet::detail {

/// A change of a text, to be looked at beside another one: all of it, or its parts.
template <class V>
struct TextChange {
    explicit TextChange(ChangeReader changes) : inverted(changes.inverted) {
        const Lead lead = changes.lead();
        if (lead.kind() == EditKind::changed) whole = &changes.reader.read<Replaced<V>>();
        else each_splice(changes, lead, [&](const Splice& splice) { parts.push_back(splice); });
    }
    /// Only of one that is whole.
    const V& before() const { return inverted ? whole->after : whole->before; }
    V after_of(V text) const {
        if (whole != nullptr) return inverted ? whole->before : whole->after;
        for (const Splice& part : parts)
            text.replace(part.after, part.erased.size(), part.inserted.data(), part.inserted.size());
        return text;
    }
    V before_of(V text) const {
        if (whole != nullptr) return before();
        for (const Splice& part : parts)  // those before it have been taken back
            text.replace(part.before, part.inserted.size(), part.erased.data(), part.erased.size());
        return text;
    }

    const Replaced<V>* whole = nullptr;
    bool inverted;
    HeapVector<late<Splice, V>> parts;
};

// Parts that touch in the text between the two changes: each is there in the places that one of them left there, or is
// to take away, or both.
template <class V>
class TouchingParts {
    using List = HeapVector<late<Splice, V>>;
    using Text = late<HeapString, V>;

public:
    TouchingParts(const List& first, const List& second) : first_(first), second_(second) {}

    /// Calls `f(splice)` for what they are together, one group after the other.
    template <class F>
    void each(const F& f) {
        std::size_t i = 0;
        std::size_t j = 0;
        std::size_t gained_before = 0;  // what the first change has put in more than it took, so far; and the second
        std::size_t gained_after = 0;   // both wrap around below zero, and back
        while (i < first_.size() || j < second_.size()) {
            const std::size_t begin =
                lesser(i < first_.size() ? first_[i].after : none, j < second_.size() ? second_[j].before : none);
            const std::size_t from = i;
            const std::size_t to = j;
            std::size_t end = begin;
            for (bool grows = true; grows;) {
                grows = false;
                for (; i < first_.size() && first_[i].after <= end; ++i, grows = true)
                    end = greater(end, first_[i].after + first_[i].inserted.size());
                for (; j < second_.size() && second_[j].before <= end; ++j, grows = true)
                    end = greater(end, second_[j].before + second_[j].erased.size());
            }
            erased_.clear();
            inserted_.clear();
            std::size_t at = begin;
            for (std::size_t k = from; k < i; ++k) {
                between(to, j, at, first_[k].after);
                erased_ += first_[k].erased;
                at = first_[k].after + first_[k].inserted.size();
            }
            between(to, j, at, end);
            at = begin;
            for (std::size_t k = to; k < j; ++k) {
                left(from, i, at, second_[k].before);
                inserted_ += second_[k].inserted;
                at = second_[k].before + second_[k].erased.size();
            }
            left(from, i, at, end);
            tell(f, begin - gained_before, begin + gained_after);
            for (std::size_t k = from; k < i; ++k) gained_before += first_[k].inserted.size() - first_[k].erased.size();
            for (std::size_t k = to; k < j; ++k) gained_after += second_[k].inserted.size() - second_[k].erased.size();
        }
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    static std::size_t lesser(std::size_t a, std::size_t b) { return a < b ? a : b; }
    static std::size_t greater(std::size_t a, std::size_t b) { return a < b ? b : a; }

    // What stood there before both: the second change took it away.
    void between(std::size_t to, std::size_t j, std::size_t begin, std::size_t end) {
        for (std::size_t k = to; k < j; ++k) add(erased_, second_[k].before, second_[k].erased, begin, end);
    }
    // What stays of what the first change put there.
    void left(std::size_t from, std::size_t i, std::size_t begin, std::size_t end) {
        for (std::size_t k = from; k < i; ++k) add(inserted_, first_[k].after, first_[k].inserted, begin, end);
    }
    static void add(Text& out, std::size_t at, std::string_view text, std::size_t begin, std::size_t end) {
        const std::size_t first = greater(begin, at);
        const std::size_t last = lesser(end, at + text.size());
        if (first < last) out += text.substr(first - at, last - first);
    }
    // Without what is the same at both ends.
    template <class F>
    void tell(const F& f, std::size_t before, std::size_t after) {
        std::string_view gone = erased_;
        std::string_view come = inserted_;
        std::size_t same = 0;
        while (same < gone.size() && same < come.size() && gone[same] == come[same]) ++same;
        gone.remove_prefix(same);
        come.remove_prefix(same);
        while (!gone.empty() && !come.empty() && gone.back() == come.back()) {
            gone.remove_suffix(1);
            come.remove_suffix(1);
        }
        if (!gone.empty() || !come.empty()) f(Splice{before + same, after + same, gone, come});
    }

    const List& first_;
    const List& second_;
    Text erased_;
    Text inserted_;
};

template <class V, class Node>
void compose_text(const ChangeReader& first, const ChangeReader& second, Node& out) {
    const TextChange<V> a(first);
    const TextChange<V> b(second);
    if (a.whole == nullptr && b.whole == nullptr)
        return TouchingParts<V>(a.parts, b.parts).each([&](const Splice& splice) { out.spliced(splice); });
    const V before = a.whole != nullptr ? a.before() : a.before_of(b.before());
    const V after = b.whole != nullptr ? b.after_of({}) : b.after_of(a.after_of({}));
    if (!detail::same(before, after)) out.value(before, after);
}

}  // namespace stet::detail
