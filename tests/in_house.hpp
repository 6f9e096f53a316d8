#pragma once
// Containers as some house has written them itself: they model the library's concepts and share nothing with the
// standard's but what the concepts ask for.

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace in_house {

class String {
public:
    using value_type = char;
    String() = default;
    String(const char* text) : chars_(text, text + std::strlen(text)) {}
    std::size_t size() const { return chars_.size(); }
    operator std::string_view() const { return {chars_.data(), chars_.size()}; }

private:
    std::vector<char> chars_;
};

/// In place, at most N elements; trivially copyable if E is.
template <class E, std::size_t N>
class SmallVector {
public:
    using value_type = E;
    constexpr std::size_t size() const { return size_; }
    constexpr E* data() { return items_; }
    constexpr const E* data() const { return items_; }
    constexpr E* begin() { return items_; }
    constexpr E* end() { return items_ + size_; }
    constexpr const E* begin() const { return items_; }
    constexpr const E* end() const { return items_ + size_; }
    constexpr void clear() { size_ = 0; }
    constexpr void push_back(const E& element) { items_[size_++] = element; }
    constexpr E* insert(E* at, const E& element) {
        for (E* i = end(); i != at; --i) *i = *(i - 1);
        *at = element;
        ++size_;
        return at;
    }
    constexpr E* erase(E* at) {
        for (E* i = at + 1; i != end(); ++i) *(i - 1) = *i;
        --size_;
        return at;
    }

private:
    E items_[N]{};
    std::size_t size_ = 0;
};

/// In place, at most N keys, in no order.
template <class K, std::size_t N>
class SmallSet {
public:
    using key_type = K;
    using value_type = K;
    constexpr std::size_t size() const { return keys_.size(); }
    static constexpr std::size_t capacity() { return N; }
    constexpr const K* begin() const { return keys_.begin(); }
    constexpr const K* end() const { return keys_.end(); }
    constexpr void clear() { keys_.clear(); }
    constexpr const K* find(const K& key) const {
        const K* at = begin();
        while (at != end() && !(*at == key)) ++at;
        return at;
    }
    constexpr std::pair<const K*, bool> insert(const K& key) {
        if (const K* const found = find(key); found != end()) return {found, false};
        keys_.push_back(key);
        return {end() - 1, true};
    }
    constexpr void erase(const K* at) { keys_.erase(keys_.begin() + (at - begin())); }

private:
    SmallVector<K, N> keys_;
};

template <class K, class M, std::size_t N>
class SmallMap {
public:
    using key_type = K;
    using mapped_type = M;
    struct value_type {
        K first;
        M second;
    };
    constexpr std::size_t size() const { return items_.size(); }
    static constexpr std::size_t capacity() { return N; }
    constexpr value_type* begin() { return items_.begin(); }
    constexpr value_type* end() { return items_.end(); }
    constexpr const value_type* begin() const { return items_.begin(); }
    constexpr const value_type* end() const { return items_.end(); }
    constexpr void clear() { items_.clear(); }
    constexpr value_type* find(const K& key) { return begin() + at(key); }
    constexpr const value_type* find(const K& key) const { return begin() + at(key); }
    constexpr std::pair<value_type*, bool> try_emplace(const K& key, const M& mapped) {
        if (value_type* const found = find(key); found != end()) return {found, false};
        items_.push_back({key, mapped});
        return {end() - 1, true};
    }
    constexpr void erase(value_type* at) { items_.erase(at); }

private:
    constexpr std::size_t at(const K& key) const {
        std::size_t index = 0;
        while (index < size() && !(begin()[index].first == key)) ++index;
        return index;
    }
    SmallVector<value_type, N> items_;
};

/// Unsorted, without a key_compare.
template <class K, class M>
class FlatMap {
public:
    using key_type = K;
    using mapped_type = M;
    using value_type = std::pair<K, M>;
    using iterator = typename std::vector<value_type>::iterator;
    using const_iterator = typename std::vector<value_type>::const_iterator;

    std::size_t size() const { return items_.size(); }
    iterator begin() { return items_.begin(); }
    iterator end() { return items_.end(); }
    const_iterator begin() const { return items_.begin(); }
    const_iterator end() const { return items_.end(); }
    void clear() { items_.clear(); }
    iterator find(const K& key) { return items_.begin() + (at(key) - items_.cbegin()); }
    const_iterator find(const K& key) const { return at(key); }
    std::pair<iterator, bool> try_emplace(const K& key, const M& mapped) {
        if (const iterator found = find(key); found != end()) return {found, false};
        items_.emplace_back(key, mapped);
        return {end() - 1, true};
    }
    void erase(iterator at) { items_.erase(at); }

private:
    const_iterator at(const K& key) const {
        auto found = items_.cbegin();
        while (found != items_.cend() && !(found->first == key)) ++found;
        return found;
    }
    std::vector<value_type> items_;
};

template <class V>
class Maybe {
public:
    using value_type = V;
    bool has_value() const { return has_; }
    V& operator*() { return value_; }
    const V& operator*() const { return value_; }
    void reset() { has_ = false; }
    V& emplace(const V& value) {
        has_ = true;
        return value_ = value;
    }

private:
    V value_{};
    bool has_ = false;
};

}  // namespace in_house
