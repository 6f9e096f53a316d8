// History against a vector of whole values and a cursor: random sequences of commit, set, undo and redo, for limits
// from 1 to many, for Copies and for Changes.

#include <stet/stet.hpp>

#include "../every_kind.hpp"

#include <rapidcheck.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace {

using every::Dice;
using every::dumped;
using every::Every;
using every::Flat;

template <class T, std::size_t N, class Kept>
void law(const std::vector<std::uint8_t>& bytes) {
    Dice dice(bytes);
    stet::History<T, N, Kept> history{T{}};
    std::vector<T> states{T{}};
    std::size_t cursor = 0;
    int cache = 0;
    const auto put = [&](T next) {
        cache = next.cache;
        if (dumped(next) == dumped(states[cursor])) return;
        states.resize(cursor + 1);
        states.push_back(std::move(next));
        if (states.size() > N) states.erase(states.begin());
        cursor = states.size() - 1;
    };
    for (int steps = 0; !dice.done() && steps < 60; ++steps) {
        switch (dice.below(8)) {
            case 0:
            case 1:
            case 2: {
                T next = history.current();
                for (std::size_t edits = 1 + dice.below(3); edits > 0; --edits) edit(next, dice);
                if (dice.below(2) == 1) RC_ASSERT(history.commit(next));
                else
                    RC_ASSERT(history.commit([&](T& value) {
                        RC_ASSERT(dumped(value) == dumped(states[cursor]));  // what is current
                        RC_ASSERT(value.cache == cache);
                        value = next;
                    }));
                put(next);
                break;
            }
            case 3: {
                T next = history.current();
                next.small = static_cast<std::int8_t>(dice.number());
                RC_ASSERT(history.set(stet::field<"small">, next.small));
                put(next);
                break;
            }
            case 4: {
                T next = history.current();
                next.cache = static_cast<int>(dice.below(9));
                RC_ASSERT(history.set(stet::field<"cache">, next.cache));
                put(next);
                break;
            }
            case 5:
                if (dice.below(2) == 1) {  // what gives up leaves nothing
                    RC_ASSERT_FALSE(history.commit([&](T& value) {
                        edit(value, dice);
                        return false;
                    }));
                    break;
                }
                [[fallthrough]];
            case 6:
                RC_ASSERT(history.undo().has_value() == (cursor > 0));
                cursor -= cursor > 0 ? 1 : 0;
                break;
            default:
                RC_ASSERT(history.redo().has_value() == (cursor + 1 < states.size()));
                cursor += cursor + 1 < states.size() ? 1 : 0;
                break;
        }
        RC_ASSERT(dumped(history.current()) == dumped(states[cursor]));
        RC_ASSERT(history.current().cache == cache);
        RC_ASSERT(history.size() == states.size());
        RC_ASSERT(history.can_undo() == (cursor > 0));
        RC_ASSERT(history.can_redo() == (cursor + 1 < states.size()));
    }
}

template <class T, std::size_t N, class Kept>
bool check(const std::string& what) {
    return rc::check("History and a vector of whole values tell the same: " + what, [] {
        law<T, N, Kept>(*rc::gen::container<std::vector<std::uint8_t>>(400, rc::gen::arbitrary<std::uint8_t>()));
    });
}

}  // namespace

int main() {
    setenv("RC_PARAMS", "max_success=300", 0);
    bool all = check<Every, 1, stet::Automatic>("every kind, 1");
    all &= check<Every, 5, stet::Automatic>("every kind, 5");
    all &= check<Every, 64, stet::Automatic>("every kind, 64");
    all &= check<Flat, 5, stet::Copies>("flat, 5 copies");
    all &= check<Flat, 5, stet::Changes>("flat, 5 changes");
    all &= check<Flat, 2, stet::Changes>("flat, 2 changes");
    return all ? 0 : 1;
}
