#pragma once
// How changes are written into records, and read again. A node is written as
//
//   plain, indivisible   Replaced<V>
//   text                 Lead{changed}, Replaced<V>, or for each part: Lead{added, position}, SpliceSizes, characters
//   structure            for each changed leaf: Lead{changed, leaf}, its node
//   array, sequence      for each edit: Lead{kind, position}, and the element or its node
//   set, map             for each key: Lead{kind}, the key, and for a map the value or its node
//   optional             Lead{kind}, the value or its node
//   variant              Lead{removed}, Replaced<variant>, or Lead{changed, alternative} and the node of what both hold
//
// The last lead of a node says so. Positions are those of the value after the change, when all edits before this one
// are done. A node without changes is not written at all, and neither is the lead to it.

#include <stet/patch/records.hpp>
#include <stet/patch/text_edits.hpp>
#include <stet/patch/walk.hpp>
#include <stet/schema/check.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace stet::detail {

template <class V>
struct Replaced {
    V before;
    V after;
};

enum class EditKind : std::uint32_t { changed, added, removed };

/// The way to a change, in one word: of the last one in a node, which leads to a change inside, it is the number alone.
class Lead {
    static constexpr std::uint32_t kind_at = 29;
    static constexpr std::uint32_t more_bit = 1U << 31U;

public:
    static constexpr std::size_t most = (std::size_t{1} << kind_at) - 1;

    Lead(EditKind kind, std::size_t at)
        : word_(static_cast<std::uint32_t>(kind) << kind_at | static_cast<std::uint32_t>(at)) {
        if (at > most) fail("stet: a container has more than 2^29 elements; mark its field stet::indivisible");
    }
    EditKind kind() const { return static_cast<EditKind>(word_ >> kind_at & 3U); }
    std::uint32_t number() const { return word_ & most; }
    /// Does another one follow in this node?
    bool more() const { return word_ >= more_bit; }
    void set_more() { word_ |= more_bit; }
    /// What is known to be the last one, and to lead to a change inside, leads to this number.
    std::uint32_t only() const { return word_; }

private:
    std::uint32_t word_;
};

/// A node of the walk that writes into records, and opens itself (and those around it) with the first change inside.
class RecordNode {
public:
    explicit RecordNode(Records& records) : records_(&records) {}

    template <class V>
    void value(const V& before, const V& after) {
        if constexpr (splices<V>) lead(EditKind::changed, 0);
        else open();
        if constexpr (!std::is_trivially_copyable_v<V>) records_->set_may_throw();
        records_->write<Replaced<V>>(before, after);
    }
    void spliced(const Splice& at) {
        if (at.erased.size() != at.inserted.size()) records_->set_may_throw();
        lead(EditKind::added, at.after);
        const std::size_t sizes = Records::whole_words(sizeof(SpliceSizes));
        std::byte* const place = records_->words(sizes + at.erased.size() + at.inserted.size());
        ::new (place)
            SpliceSizes{static_cast<std::uint32_t>(at.erased.size()), static_cast<std::uint32_t>(at.inserted.size())};
        if (!at.erased.empty()) std::memcpy(place + sizes, at.erased.data(), at.erased.size());
        if (!at.inserted.empty()) std::memcpy(place + sizes + at.erased.size(), at.inserted.data(), at.inserted.size());
    }
    template <class V>
    void replaced(const V& before, const V& after) {
        edit<V>(EditKind::removed);
        records_->write<Replaced<V>>(before, after);
    }
    template <class T, std::size_t L>
    RecordNode leaf() {
        RecordNode node = inside(L);
        if constexpr (has_rules<T>()) node.ruled_ = parent_ != nullptr && ruled_leaves<T>[L];
        return node;
    }
    RecordNode element(std::size_t, std::size_t position) { return inside(position); }
    template <class Key>
    RecordNode entry(const Key& key) {
        RecordNode node = inside(0);
        node.key_ = &key;
        node.write_key_ = [](Records& to, const void* at) { to.write<Key>(*static_cast<const Key*>(at)); };
        return node;
    }
    template <class V, std::size_t I>
    RecordNode content() {
        return inside(I);
    }
    template <class E>
    void inserted(std::size_t, std::size_t position, const E& element) {
        edit<E>(EditKind::added, position);
        records_->write<E>(element);
    }
    template <class E>
    void erased(std::size_t, std::size_t position, const E& element) {
        edit<E>(EditKind::removed, position);
        records_->write<E>(element);
    }
    template <class Key, class V>
    void entry_added(const Key& key, const V& value) {
        edit<V>(EditKind::added);
        records_->write<Key>(key);
        records_->write<V>(value);
    }
    template <class Key, class V>
    void entry_removed(const Key& key, const V& value) {
        edit<V>(EditKind::removed);
        records_->write<Key>(key);
        records_->write<V>(value);
    }
    template <class Key>
    void member_added(const Key& key) {
        edit<Key>(EditKind::added);
        records_->write<Key>(key);
    }
    template <class Key>
    void member_removed(const Key& key) {
        edit<Key>(EditKind::removed);
        records_->write<Key>(key);
    }
    template <class V>
    void appeared(const V& value) {
        edit<V>(EditKind::added);
        records_->write<V>(value);
    }
    template <class V>
    void vanished(const V& value) {
        edit<V>(EditKind::removed);
        records_->write<V>(value);
    }

    /// The last lead in this node, if there is one: a new one means that something was written.
    const Lead* last() const { return last_; }

private:
    RecordNode inside(std::size_t number) {
        RecordNode node(*records_);
        node.parent_ = this;
        node.number_ = number;
        return node;
    }
    // The way to this node.
    void open() {
        if (parent_ == nullptr) return;
        if (ruled_) records_->set_ruled();
        parent_->lead(EditKind::changed, number_);
        if (write_key_ != nullptr) write_key_(*records_, key_);
    }
    void lead(EditKind kind, std::size_t number) {
        if (last_ == nullptr) open();
        Lead& next = records_->write<Lead>(kind, number);
        if (last_ != nullptr) last_->set_more();
        last_ = &next;
    }
    // Of something whole, of type V.
    template <class V>
    void edit(EditKind kind, std::size_t position = 0) {
        records_->set_may_throw();
        if constexpr (has_rules<V>()) records_->set_ruled();
        lead(kind, position);
    }

    Records* records_;
    RecordNode* parent_ = nullptr;
    Lead* last_ = nullptr;
    std::size_t number_ = 0;
    const void* key_ = nullptr;
    void (*write_key_)(Records&, const void*) = nullptr;
    bool ruled_ = false;
};

}  // namespace stet::detail
