// Values have the same checksum where they are equal, and another one where they are not: random values of every kind,
// which differ by little.

#include <stet/stet.hpp>

#include "../every_kind.hpp"
#include "cases.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

template <>
inline constexpr auto stet::checksum_of<every::Opaque> = [](const every::Opaque& opaque) { return opaque.value(); };

namespace {

using every::dumped;
using every::edit_all;
using every::Every;
using every::Flat;

// The same content from another past: other capacities, other places in hash tables.
template <class T>
T rebuilt(const T& value) {
    return value;
}
template <>
Every rebuilt(const Every& value) {
    Every again = value;
    again.hashed_set = {};
    again.hashed_set.reserve(1000);
    std::vector<int> members(value.hashed_set.begin(), value.hashed_set.end());
    std::sort(members.begin(), members.end());
    again.hashed_set.insert(members.begin(), members.end());
    again.hashed = {};
    again.hashed.max_load_factor(0.1F);
    for (const auto& entry : value.hashed) again.hashed.insert(entry);
    again.items.reserve(100);
    again.cache = value.cache + 1;
    return again;
}

template <class T>
bool check(const std::string& what) {
    return rc::check("a checksum tells what equal tells: " + what,
                     [](const std::vector<std::uint8_t>& first, const std::vector<std::uint8_t>& second) {
                         T a{};
                         edit_all(a, first);
                         T b = rebuilt(a);
                         RC_ASSERT(stet::equal(a, b));
                         RC_ASSERT(stet::checksum(a) == stet::checksum(b));
                         edit_all(b, second);
                         const bool same = stet::equal(a, b);
                         RC_ASSERT(same == (dumped(a) == dumped(b)));
                         RC_ASSERT(same == (stet::checksum(a) == stet::checksum(b)));
                         T c{};
                         edit_all(c, second);
                         RC_ASSERT(stet::equal(a, c) == (stet::checksum(a) == stet::checksum(c)));
                     });
}

}  // namespace

int main() {
    use_cases();
    bool all = check<Every>("every kind");
    all &= check<Flat>("flat");
    return all ? 0 : 1;
}
