// The laws of then, over random values of a struct with every kind of leaf and of a flat one.

#include <stet/patch/then_records.hpp>

#include "../every_kind.hpp"
#include "cases.hpp"

#include <rapidcheck.h>

#include <cstdlib>
#include <string>
#include <vector>

using every::dumped;
using every::Every;
using every::Flat;

namespace {

using Script = std::vector<std::uint8_t>;

template <class T>
T edited(T value, const Script& script) {
    every::edit_all(value, script);
    return value;
}

template <class T>
std::string applied(const stet::Patch<T>& patch, const T& value) {
    const auto result = stet::apply(patch, value);
    return result.has_value() ? dumped(*result) : "a conflict";
}

template <class T>
bool laws(const std::string& of) {
    bool all = true;
    const auto law = [&](const std::string& text, auto property) {
        all = rc::check(of + ": " + text, property) && all;
    };
    law("then(diff(a, b), diff(b, c)) leads from a to c, and back",
        [](const Script& x, const Script& y, const Script& z, bool far) {
            const T a = edited(T{}, x);
            const T b = edited(a, y);
            const T c = edited(far ? T{} : b, z);
            const auto both = stet::then(stet::diff(a, b), stet::diff(b, c));
            RC_ASSERT(applied(both, a) == dumped(c));
            RC_ASSERT(applied(both.inverted(), c) == dumped(a));
        });
    law("then of inverses leads back: then(q^-1, p^-1) == then(p, q)^-1",
        [](const Script& x, const Script& y, const Script& z) {
            const T a = edited(T{}, x);
            const T b = edited(a, y);
            const T c = edited(b, z);
            const auto p = stet::diff(a, b);
            const auto q = stet::diff(b, c);
            RC_ASSERT(applied(stet::then(q.inverted(), p.inverted()), c) == dumped(a));
            RC_ASSERT(stet::then(p, p.inverted()).empty());
            RC_ASSERT(applied(stet::then(q.inverted(), q), c) == dumped(c));
        });
    law("then is associative", [](const Script& x, const Script& y, const Script& z) {
        const T a;
        const T b = edited(a, x);
        const T c = edited(b, y);
        const T d = edited(c, z);
        const auto p = stet::diff(a, b);
        const auto q = stet::diff(b, c);
        const auto r = stet::diff(c, d);
        RC_ASSERT(applied(stet::then(stet::then(p, q), r), a) == dumped(d));
        RC_ASSERT(applied(stet::then(p, stet::then(q, r)), a) == dumped(d));
    });
    law("what the second takes back of a field is not in it", [](const Script& x, const Script& y) {
        const T a = edited(T{}, x);
        const T b = edited(a, y);
        const auto nothing = stet::then(stet::diff(a, b), stet::diff(b, a));
        RC_ASSERT_FALSE(nothing.touches(stet::field<&T::real>));
        RC_ASSERT_FALSE(nothing.touches(stet::field<&T::locked>));
        RC_ASSERT_FALSE(nothing.touches(stet::field<&T::numbers>));
        RC_ASSERT_FALSE(nothing.touches(stet::field<&T::maybe>));
        RC_ASSERT(applied(nothing, a) == dumped(a));
        if constexpr (std::is_same_v<T, Flat>) {
            RC_ASSERT_FALSE(nothing.touches(stet::field<&T::either>));
        } else {  // whose `either` can hold a sequence: of equal elements another one may have gone than comes back
            RC_ASSERT_FALSE(nothing.touches(stet::field<"map">));
            RC_ASSERT_FALSE(nothing.touches(stet::field<"hashed_set">));
            RC_ASSERT_FALSE(nothing.touches(stet::field<"own_map">));
            RC_ASSERT_FALSE(nothing.touches(stet::field<"set">));
        }
    });
    return all;
}

}  // namespace

int main() {
    use_cases();
    const bool every = laws<Every>("every kind");
    const bool flat = laws<Flat>("flat");
    return every && flat ? 0 : 1;
}
