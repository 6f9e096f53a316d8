// Texts that are edited in parts: patches of parts and of whole texts, in any mixture, obey the laws of all patches.

#include <stet/stet.hpp>

#include "cases.hpp"

#include <rapidcheck.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using stet::field;

struct Page {
    std::string text = "abcabc";
    std::array<std::string, 2> lines{"aa", "bb"};
};
using Patch = stet::Patch<Page>;
using Bytes = std::vector<std::uint8_t>;

struct Dice {
    const Bytes& bytes;
    std::size_t at = 0;
    std::size_t below(std::size_t count) { return count > 0 && at < bytes.size() ? bytes[at++] % count : 0; }
    bool more() const { return at < bytes.size(); }
};

std::string shown(const Page& page) {
    std::string all = page.text;
    for (const std::string& line : page.lines) all += '\n' + line;
    return all;
}

// Few letters, so that much is equal by chance.
std::string letters(Dice& dice) {
    std::string text;
    for (std::size_t i = 1 + dice.below(3); i > 0; --i) text += static_cast<char>('a' + dice.below(2));
    return text;
}
template <class Cursor>
void type(Dice& dice, const Cursor& cursor, std::string& plain) {
    const std::size_t at = dice.below(plain.size() + 1);
    if (dice.below(2) == 0) {
        const std::string text = letters(dice);
        cursor.insert(at, text);
        plain.insert(at, text);
    } else {
        const std::size_t count = dice.below(plain.size() - at + 1);
        cursor.erase(at, count);
        plain.erase(at, count);
    }
}
// Some edits as one patch; now and then the texts are set, or the patch is made by diff.
Patch edited(Dice& dice, Page& page) {
    const Page before = page;
    Page plain = page;
    const bool by_diff = dice.below(6) == 0;
    const auto patch = stet::edit_in_place(page, [&](auto& edit) {
        for (std::size_t i = dice.below(4); i > 0; --i) {
            const std::size_t line = dice.below(2);
            switch (dice.below(8)) {
                case 0:
                    edit.set(field<"text">, plain.text = letters(dice));
                    break;
                case 1:
                    edit.at(field<"lines">)[line].set(plain.lines[line] = letters(dice));
                    break;
                case 2:
                case 3:
                    type(dice, edit.at(field<"lines">)[line], plain.lines[line]);
                    break;
                default:
                    type(dice, edit.at(field<"text">), plain.text);
            }
        }
    });
    RC_ASSERT(patch.has_value());
    RC_ASSERT(shown(page) == shown(plain));
    return by_diff ? stet::diff(before, page) : *patch;
}
std::string applied(const Patch& patch, const Page& page) {
    const auto made = stet::apply(patch, page);
    RC_ASSERT(made.has_value());
    return shown(*made);
}

template <class F>
bool law(const char* name, F f) {
    return rc::check(name, [f](const Bytes& bytes) {
        Dice dice{bytes};
        f(dice);
    });
}

}  // namespace

int main() {
    use_cases();
    bool ok = true;
    ok &= law("there and back, and there again", [](Dice& dice) {
        Page page;
        while (dice.more()) {
            const Page before = page;
            const Patch patch = edited(dice, page);
            RC_ASSERT(applied(patch, before) == shown(page));
            RC_ASSERT(applied(patch.inverted(), page) == shown(before));
            RC_ASSERT(applied(patch.inverted().inverted(), before) == shown(page));
            RC_ASSERT(!patch.empty() || shown(before) == shown(page));
        }
    });
    ok &= law("then: in any order of composing, and taken back as a whole", [](Dice& dice) {
        Page page;
        std::vector<std::string> states{shown(page)};
        std::vector<Patch> all;
        const Page begin = page;
        for (int i = 0; i < 6; ++i) all.push_back(edited(dice, page));
        while (all.size() > 1) {
            const std::size_t i = dice.below(all.size() - 1);
            all[i] = stet::then(all[i], all[i + 1]);
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        }
        RC_ASSERT(applied(all[0], begin) == shown(page));
        RC_ASSERT(applied(all[0].inverted(), page) == shown(begin));
        RC_ASSERT(stet::then(all[0], all[0].inverted()).empty());
    });
    ok &= law("merge: one side's text or the other's, never a mixture", [](Dice& dice) {
        const Page base;
        Page a = base;
        Page b = base;
        const Patch ours = edited(dice, a);
        const Patch theirs = edited(dice, b);
        const stet::Merge<Page> merged(ours, theirs);
        for (const auto side : {stet::Side::ours, stet::Side::theirs, stet::Side::base}) {
            const Page& wanted = side == stet::Side::ours ? a : side == stet::Side::theirs ? b : base;
            const auto choose = [&](const stet::Conflict&) { return side; };
            const auto result = stet::apply(stet::resolve(merged, choose).patch(), a);
            RC_ASSERT(result.has_value());
            const auto expect = [&](const std::string& from, const std::string& x, const std::string& y,
                                    const std::string& chosen, const std::string& got) {
                if (x == from) RC_ASSERT(got == y);
                else if (y == from) RC_ASSERT(got == x);
                else if (x == y) RC_ASSERT(got == x || got == chosen);  // the same, but written differently
                else RC_ASSERT(got == chosen);
            };
            expect(base.text, a.text, b.text, wanted.text, result->text);
            for (std::size_t i = 0; i < 2; ++i)
                expect(base.lines[i], a.lines[i], b.lines[i], wanted.lines[i], result->lines[i]);
        }
        RC_ASSERT(stet::Merge<Page>(ours, ours).patch().empty());
        RC_ASSERT(stet::Merge<Page>(ours, ours).conflicts().empty());
    });
    ok &= law("History: what is typed in groups, coalesced and amended comes back step by step", [](Dice& dice) {
        stet::History<Page, 32> history{Page{}};
        history.coalesce(stet::within(2));
        std::vector<std::string> states{shown(history.current())};
        for (std::uint64_t now = 0; dice.more() && now < 12; now += dice.below(5)) {
            history.tick(now);
            const auto typed = [&] {
                RC_ASSERT(history.edit([&](auto& edit) {
                    std::string plain = history.current().text;
                    type(dice, edit.at(field<"text">), plain);
                }));
            };
            {
                const auto group = history.group();
                for (std::size_t i = dice.below(3); i > 0; --i) typed();
            }
            typed();
            if (history.size() > states.size() + 2) RC_FAIL("more steps than changes");
            states.resize(history.size());
            states.back() = shown(history.current());
            for (std::size_t i = 0; i < states.size(); ++i) {
                const auto state = history.at(i);
                RC_ASSERT(state.has_value());
                if (i + 1 < states.size() && !states[i].empty()) RC_ASSERT(shown(*state) == states[i]);
                states[i] = shown(*state);
            }
            for (std::size_t i = 1; i < states.size(); ++i) RC_ASSERT(states[i] != states[i - 1]);
        }
    });
    return ok ? 0 : 1;
}
