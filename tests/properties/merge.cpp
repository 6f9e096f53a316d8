// The laws of merge, rebase and resolve, over random values of a struct with every kind of leaf and of a flat one.

#include <stet/patch/merge_records.hpp>

#include "../every_kind.hpp"
#include "cases.hpp"

#include <rapidcheck.h>

#include <cstdlib>
#include <set>
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
struct Three {
    T base, ours, theirs;
    Three(const Script& x, const Script& y, const Script& z)
        : base(edited(T{}, x)), ours(edited(base, y)), theirs(edited(base, z)) {}
};

template <class Conflicts>
std::set<std::string> paths(const Conflicts& conflicts) {
    std::set<std::string> all;
    for (const auto& conflict : conflicts) {
        const std::string path(conflict.path());
        all.insert(path.substr(0, path.find_first_of(".[")));  // positions differ from side to side
    }
    return all;
}

// An element's key is to be unique; what is not has no identity.
template <class T>
bool unique_keys(const T& value) {
    bool unique = true;
    if constexpr (std::is_same_v<T, Every>) {
        const auto look = [&](const auto& items) {
            std::set<int> ids;
            for (const auto& item : items) unique = ids.insert(item.id).second && unique;
        };
        look(value.keyed);
        look(value.keyed_list);
    }
    return unique;
}

template <class T>
bool laws(const std::string& of) {
    bool all = true;
    const auto law = [&](const std::string& text, auto property) {
        all = rc::check(of + ": " + text, property) && all;
    };

    law("merge(base, x, base) == x == merge(base, base, x) == merge(base, x, x)", [](const Script& x, const Script& y) {
        const T base = edited(T{}, x);
        const T one = edited(base, y);
        RC_ASSERT(dumped(stet::merge(base, one, base).value()) == dumped(one));
        RC_ASSERT(dumped(stet::merge(base, base, one).value()) == dumped(one));
        const auto both = stet::merge(base, one, one);
        RC_ASSERT(both.clean());
        RC_ASSERT(both.conflicts().empty());
        RC_ASSERT(dumped(both.value()) == dumped(one));
    });
    law("the patch leads from ours to the merged value, and nobody's argument changes",
        [](const Script& x, const Script& y, const Script& z) {
            const Three<T> three(x, y, z);
            const auto both = stet::merge(three.base, three.ours, three.theirs);
            const auto result = stet::apply(both.patch(), three.ours);
            RC_ASSERT(result.has_value());
            RC_ASSERT(dumped(*result) == dumped(both.value()));
        });
    law("a merge without conflicts is the same from both sides", [](const Script& x, const Script& y, const Script& z) {
        const Three<T> three(x, y, z);
        const auto forth = stet::merge(three.base, three.ours, three.theirs);
        const auto back = stet::merge(three.base, three.theirs, three.ours);
        RC_ASSERT(paths(forth.conflicts()) == paths(back.conflicts()));
        if (forth.conflicts().empty() && unique_keys(three.ours) && unique_keys(three.theirs))
            RC_ASSERT(dumped(forth.value()) == dumped(back.value()));
    });
    law("what only one side touched is as that side has it", [](const Script& x, const Script& y, const Script& z) {
        const Three<T> three(x, y, z);
        const auto both = stet::merge(three.base, three.ours, three.theirs);
        for (std::size_t leaf = 0; leaf < stet::leaf_count<T>; ++leaf) {
            const bool we = both.ours().leaves()[leaf];
            const bool they = both.theirs().leaves()[leaf];
            if (we && they) continue;
            stet::detail::with_leaf<T>(leaf, [&]<std::size_t L>() {
                const auto& expected = stet::get_leaf<L>(they ? three.theirs : three.ours);
                RC_ASSERT(stet::detail::same(stet::get_leaf<L>(both.value()), expected));
            });
        }
    });
    law("taking theirs everywhere gives the same as merging from their side and keeping it",
        [](const Script& x, const Script& y, const Script& z) {
            const Three<T> three(x, y, z);
            const auto forth = stet::merge(three.base, three.ours, three.theirs);
            const auto taken = stet::resolve(forth, [](const stet::Conflict&) { return stet::theirs; });
            const auto back = stet::merge(three.base, three.theirs, three.ours);
            RC_ASSERT(taken.clean());
            bool ordered = unique_keys(three.ours) &&
                           unique_keys(three.theirs);  // where both put something into the same place, ours comes first
            for (const auto& conflict : forth.conflicts())
                ordered = ordered && conflict.severity() == stet::ConflictSeverity::critical;
            if (ordered) RC_ASSERT(dumped(taken.value()) == dumped(back.value()));
        });
    law("then(ours, rebase(theirs, ours)) leads from the base to the merged value",
        [](const Script& x, const Script& y, const Script& z) {
            const Three<T> three(x, y, z);
            const auto our = stet::diff(three.base, three.ours);
            const auto their = stet::diff(three.base, three.theirs);
            const auto result = stet::apply(stet::then(our, stet::rebase(their, our).patch()), three.base);
            RC_ASSERT(result.has_value());
            RC_ASSERT(dumped(*result) == dumped(stet::merge(three.base, three.ours, three.theirs).value()));
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
