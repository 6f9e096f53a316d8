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
