#pragma once
// How changes are written into records, and read again. A node is written as
//
//   plain, indivisible   Replaced<V>
//   structure            Count, then for each changed leaf: its number, its node
//   array                Count, then for each element: its position, its node
//   sequence             Count, then for each edit: Edit with both positions, and the element or its node
//   set, map             Count, then for each key: Edit, the key, and for a map the value or its node
//   optional             Count 1, Edit, the value or its node
//   variant              Count 1, Edit, Replaced<variant> or the number of the alternative that both hold and its node
//
// A node without changes is not written at all, and neither is the number or key that would lead to it.

#include <stet/patch/records.hpp>
#include <stet/patch/walk.hpp>

#include <cstddef>
#include <cstdint>

namespace stet::detail {

template <class V>
struct Replaced {
    V before;
    V after;
};

struct Count {
    std::uint32_t value;
};

enum class EditKind : std::uint32_t { added, removed, changed };

struct Edit {
    EditKind kind;
    std::uint32_t old_index = 0;
    std::uint32_t new_index = 0;
};

/// A node of the walk that writes into records, and opens itself (and those around it) with the first change inside.
class RecordNode {
public:
    explicit RecordNode(Records& records) : records_(&records) {}

    template <class V>
    void value(const V& before, const V& after) {
        begin();
        if constexpr (!std::is_trivially_copyable_v<V>) records_->set_may_throw();
        records_->write<Replaced<V>>(before, after);
    }
    template <class V>
    void replaced(const V& before, const V& after) {
        edit(EditKind::removed);
        records_->write<Replaced<V>>(before, after);
    }
    template <class T, std::size_t L>
    RecordNode leaf() {
        RecordNode inside = child([](const RecordNode& self, Records& to) { to.write<std::uint32_t>(self.first_); });
        inside.first_ = static_cast<std::uint32_t>(L);
        return inside;
    }
    RecordNode element(std::size_t old_index, std::size_t new_index) {
        RecordNode inside = child(
            [](const RecordNode& self, Records& to) { to.write<Edit>(EditKind::changed, self.first_, self.second_); });
        inside.first_ = static_cast<std::uint32_t>(old_index);
        inside.second_ = static_cast<std::uint32_t>(new_index);
        return inside;
    }
    template <class Key>
    RecordNode entry(const Key& key) {
        RecordNode inside = child([](const RecordNode& self, Records& to) {
            to.write<Edit>(EditKind::changed);
            to.write<Key>(*static_cast<const Key*>(self.key_));
        });
        inside.key_ = &key;
        return inside;
    }
    template <class V, std::size_t I>
    RecordNode content() {
        RecordNode inside = child([](const RecordNode& self, Records& to) {
            to.write<Edit>(EditKind::changed);
            if constexpr (kind_v<V> == Kind::variant) to.write<std::uint32_t>(self.first_);
        });
        inside.first_ = static_cast<std::uint32_t>(I);
        return inside;
    }
    template <class E>
    void inserted(std::size_t old_index, std::size_t new_index, const E& element) {
        edit(EditKind::added, old_index, new_index);
        records_->write<E>(element);
    }
    template <class E>
    void erased(std::size_t old_index, std::size_t new_index, const E& element) {
        edit(EditKind::removed, old_index, new_index);
        records_->write<E>(element);
    }
    template <class Key, class V>
    void entry_added(const Key& key, const V& value) {
        edit(EditKind::added);
        records_->write<Key>(key);
        records_->write<V>(value);
    }
    template <class Key, class V>
    void entry_removed(const Key& key, const V& value) {
        edit(EditKind::removed);
        records_->write<Key>(key);
        records_->write<V>(value);
    }
    template <class Key>
    void member_added(const Key& key) {
        edit(EditKind::added);
        records_->write<Key>(key);
    }
    template <class Key>
    void member_removed(const Key& key) {
        edit(EditKind::removed);
        records_->write<Key>(key);
    }
    template <class V>
    void appeared(const V& value) {
        edit(EditKind::added);
        records_->write<V>(value);
    }
    template <class V>
    void vanished(const V& value) {
        edit(EditKind::removed);
        records_->write<V>(value);
    }

    std::uint32_t changes() const { return count_ == nullptr ? 0 : count_->value; }

private:
    RecordNode child(void (*lead)(const RecordNode&, Records&)) {
        RecordNode inside(*records_);
        inside.parent_ = this;
        inside.lead_ = lead;
        return inside;
    }
    // The way to this node: the node around it counts one more, then the number or key that leads here.
    void begin() {
        if (parent_ == nullptr) return;
        parent_->count_one();
        lead_(*this, *records_);
    }
    void count_one() {
        if (count_ == nullptr) {
            begin();
            count_ = &records_->write<Count>(0U);
        }
        ++count_->value;
    }
    void edit(EditKind kind, std::size_t old_index = 0, std::size_t new_index = 0) {
        count_one();
        records_->set_may_throw();
        records_->write<Edit>(kind, static_cast<std::uint32_t>(old_index), static_cast<std::uint32_t>(new_index));
    }

    Records* records_;
    RecordNode* parent_ = nullptr;
    void (*lead_)(const RecordNode&, Records&) = nullptr;
    const void* key_ = nullptr;
    Count* count_ = nullptr;
    std::uint32_t first_ = 0;
    std::uint32_t second_ = 0;
};

}  // namespace stet::detail
