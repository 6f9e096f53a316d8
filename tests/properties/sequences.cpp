// The laws of edit scripts: as little as possible comes and goes, as is found by trying everything, and what is spent
// on long sequences is bounded.

#include <stet/patch/record_patch.hpp>
#include <stet/patch/visit.hpp>

#include "../in_house.hpp"
#include "cases.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <list>
#include <string>
#include <type_traits>
#include <vector>

namespace {

std::size_t compared = 0;

// Not a struct that opens, so that its == is asked.
class Counted {
public:
    Counted() = default;
    explicit Counted(int value) : value_(value) {}
    int value() const { return value_; }
    bool operator==(const Counted& other) const { return ++compared, value_ == other.value_; }

private:
    int value_ = 0;
};

// Of a list, so that nothing steps far in it; too small for elements to come before others go.
template <class E>
class Bounded : public std::list<E> {
public:
    using std::list<E>::list;
    std::size_t max_size() const { return 40; }
    auto insert(typename std::list<E>::const_iterator at, const E& element) {
        if (this->size() == max_size()) std::abort();
        return std::list<E>::insert(at, element);
    }
};

template <class V>
struct Holds {
    V all;
};

template <class E>
E element(int number) {
    if constexpr (std::is_same_v<E, std::string>) return std::to_string(number);
    else return E(number);
}
template <class V, class Numbers>
Holds<V> holding(const Numbers& numbers) {
    Holds<V> made;
    for (const auto number : numbers) made.all.push_back(element<typename V::value_type>(static_cast<int>(number)));
    return made;
}

struct Counts {
    std::size_t added = 0, removed = 0, changed = 0;
    template <class A, class B>
    void operator()(const stet::PathView&, const A&, const B&) {
        if constexpr (stet::detail::is_absent<A>) ++added;
        else if constexpr (stet::detail::is_absent<B>) ++removed;
        else ++changed;
    }
};
template <class T>
Counts counts(const stet::Patch<T>& patch) {
    Counts found;
    patch.visit(found);
    return found;
}

// The longest common subsequence, by the book.
template <class Numbers>
std::size_t stays(const Numbers& a, const Numbers& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (const auto x : a) {
        std::size_t corner = 0;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t above = row[j + 1];
            row[j + 1] = x == b[j] ? corner + 1 : std::max(above, row[j]);
            corner = above;
        }
    }
    return row[b.size()];
}

template <class T>
bool equal_elements(const T& x, const T& y) {
    return std::equal(x.all.begin(), x.all.end(), y.all.begin(), y.all.end());
}
template <class T>
void leads_there(const stet::Patch<T>& patch, const T& a, const T& b) {
    const auto there = stet::apply(patch, a);
    RC_ASSERT(there.has_value());
    RC_ASSERT(equal_elements(*there, b));
    const auto back = stet::apply(patch.inverted(), b);
    RC_ASSERT(back.has_value());
    RC_ASSERT(equal_elements(*back, a));
}

using Numbers = std::vector<std::uint8_t>;

template <class V>
bool minimal(const std::string& of) {
    const auto law = [](Numbers from, Numbers to, std::uint8_t letters) {
        from.resize(std::min<std::size_t>(from.size(), 40));
        to.resize(std::min<std::size_t>(to.size(), 40));
        for (auto* numbers : {&from, &to})
            for (auto& number : *numbers) number = static_cast<std::uint8_t>(number % (letters % 20 + 1));
        const auto a = holding<V>(from);
        const auto b = holding<V>(to);
        const auto patch = stet::diff(a, b);
        const Counts found = counts(patch);
        const std::size_t stay = stays(from, to);
        RC_ASSERT(found.removed + found.changed == from.size() - stay);
        RC_ASSERT(found.added + found.changed == to.size() - stay);
        leads_there(patch, a, b);
    };
    return rc::check(of + ": as little as possible comes and goes", law);
}

// With room for no more elements than it has before or after, a sequence is compared by position.
template <class V>
bool in_place(const std::string& of) {
    const auto law = [](Numbers from, Numbers to) {
        from.resize(std::min<std::size_t>(from.size(), 40));
        to.resize(std::min<std::size_t>(to.size(), 40));
        const auto a = holding<V>(from);
        const auto b = holding<V>(to);
        leads_there(stet::diff(a, b), a, b);
    };
    return rc::check(of + ": never holds more than before or after", law);
}

// Edits of a long sequence, up to all of it.
bool bounded() {
    using V = std::vector<Counted>;
    const auto law = [](const std::vector<std::uint32_t>& edits, std::uint16_t size, std::uint8_t letters, bool all) {
        std::vector<int> from;
        for (unsigned i = 0; i < size % 3000U; ++i)
            from.push_back(static_cast<int>(letters < 8 ? i % (letters + 1U) : i));
        std::vector<int> to = from;
        for (const std::uint32_t edit : edits) {
            const auto at = static_cast<std::ptrdiff_t>(edit / 8 % (to.size() + 1));
            if (edit % 3 == 0) to.insert(to.begin() + at, static_cast<int>(edit % 5));
            else if (edit % 3 == 1 && at < static_cast<std::ptrdiff_t>(to.size())) to.erase(to.begin() + at);
            else if (at < static_cast<std::ptrdiff_t>(to.size()))
                to[static_cast<std::size_t>(at)] = static_cast<int>(edit);
        }
        if (all)
            for (int& number : to) number += 100000;
        const auto a = holding<V>(from);
        const auto b = holding<V>(to);
        compared = 0;
        const auto patch = stet::diff(a, b);
        RC_ASSERT(compared <= 12 * (from.size() + to.size()) + 4096);
        leads_there(patch, a, b);
        if (!all && edits.size() < 30 && letters > 20) {
            const Counts found = counts(patch);
            const std::size_t stay = stays(from, to);
            RC_ASSERT(found.removed + found.changed == from.size() - stay);
            RC_ASSERT(found.added + found.changed == to.size() - stay);
        }
    };
    return rc::check("long sequences: what is spent is bounded, and few changes are found", law);
}

}  // namespace

int main() {
    use_cases();
    bool all = minimal<std::vector<int>>("vector");
    all = minimal<std::vector<std::string>>("vector of texts") && all;
    all = minimal<std::deque<int>>("deque") && all;
    all = minimal<std::list<std::string>>("list") && all;
    all = in_place<Bounded<std::string>>("of bounded size") && all;
    all = in_place<in_house::SmallVector<int, 40>>("in place") && all;
    all = bounded() && all;
    return all ? 0 : 1;
}
