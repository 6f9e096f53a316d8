// The laws of edit_in_place, over random scripts on a struct with every kind of leaf and on a flat one: each change is
// made through the cursor and by hand on a plain copy.

#include <stet/patch/edit.hpp>

#include "../every_kind.hpp"

#include <rapidcheck.h>

#include <cstdlib>
#include <iterator>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using every::Dice;
using every::dumped;
using every::Every;
using every::Flat;
using every::Item;
using every::Nested;
using every::Point;
using every::Tree;
using stet::field;

namespace {

using Script = std::vector<std::uint8_t>;

template <class V>
V some(Dice& dice) {
    if constexpr (std::is_same_v<V, bool>) return dice.below(2) == 1;
    else if constexpr (std::is_same_v<V, char>) return static_cast<char>('a' + dice.below(4));
    else if constexpr (std::is_same_v<V, every::Mode>) return static_cast<every::Mode>(dice.below(3));
    else if constexpr (std::is_floating_point_v<V>) return static_cast<V>(every::real(dice));
    else if constexpr (std::is_arithmetic_v<V>) return static_cast<V>(dice.number());
    else if constexpr (std::is_same_v<V, in_house::String>) return every::text(dice).c_str();
    else if constexpr (std::is_same_v<V, every::Opaque>) return every::Opaque(dice.number());
    else if constexpr (std::is_same_v<V, every::Colour>) return {static_cast<float>(every::real(dice)), 1, 2};
    else return every::made<V>(dice);
}
template <class V>
auto nth(V& all, std::size_t index) {
    return std::next(all.begin(), static_cast<std::ptrdiff_t>(index));
}

// ---- each of these makes one change twice

template <int Depth = 2, class C, class V>
void change(const C& cursor, V& plain, Dice& dice);

template <int Depth, class C, class V>
void change_sequence(const C& cursor, V& plain, Dice& dice) {
    using E = typename V::value_type;
    const std::size_t size = plain.size();
    const std::size_t what = dice.below(9);
    const std::size_t at = size == 0 ? 0 : dice.below(size);
    if (size == 0 || (what == 0 && size < 6)) {
        const E element = some<E>(dice);
        cursor.push_back(element);
        plain.push_back(element);
    } else if (what == 1 && size < 6) {
        const E element = some<E>(dice);
        cursor.insert(at, element);
        plain.insert(nth(plain, at), element);
    } else if (what == 2) {
        cursor.erase(at);
        plain.erase(nth(plain, at));
    } else if (what == 3) {
        const std::size_t other = dice.below(size);
        cursor.swap(at, other);
        std::swap(*nth(plain, at), *nth(plain, other));
    } else if (what == 4) {
        const V whole = some<V>(dice);
        cursor.assign(whole);
        plain = whole;
    } else if (what == 5 && size < 6) {
        const E element = some<E>(dice);
        cursor.emplace(size, element);
        plain.push_back(element);
    } else if (what == 6) {
        const E element = some<E>(dice);
        cursor[at].set(element);
        *nth(plain, at) = element;
    } else change<Depth>(cursor[at], *nth(plain, at), dice);
}
template <class C, class V>
void change_map(const C& cursor, V& plain, const typename V::key_type& key, Dice& dice) {
    using M = typename V::mapped_type;
    const auto found = plain.find(key);
    const std::size_t what = dice.below(4);
    if (found == plain.end() || what == 0) {
        const M mapped = some<M>(dice);
        cursor.insert(key, mapped);
        if (found == plain.end()) plain.try_emplace(key, mapped);
        else found->second = mapped;
    } else if (what == 1) {
        cursor.erase(key);
        plain.erase(found);
    } else change(cursor.at(key), found->second, dice);
}
template <class C, class V>
void change_set(const C& cursor, V& plain, const typename V::key_type& key, Dice& dice) {
    if (plain.find(key) != plain.end() && dice.below(3) > 0) {
        cursor.erase(key);
        plain.erase(plain.find(key));
    } else {
        cursor.insert(key);
        plain.insert(key);
    }
}
template <class C, class V>
void change_optional(const C& cursor, V& plain, Dice& dice) {
    const std::size_t what = dice.below(4);
    if (!plain.has_value() || what == 0) {
        const auto content = some<typename V::value_type>(dice);
        cursor.set(content);
        plain.emplace(content);
    } else if (what == 1) {
        cursor.reset();
        plain.reset();
    } else change(cursor.content(), *plain, dice);
}
template <class C>
void change_text(const C& cursor, std::string& plain, Dice& dice) {
    const std::size_t what = dice.below(3);
    const std::size_t at = dice.below(plain.size() + 1);
    const std::string text = every::text(dice);
    if (what == 0) {
        cursor.assign(text);
        plain = text;
    } else if (what == 1 && plain.size() < 100) {
        cursor.insert(at, text);
        plain.insert(at, text);
    } else {
        const std::size_t count = dice.below(plain.size() - at + 1);
        cursor.erase(at, count);
        plain.erase(at, count);
    }
}
template <class C>
void change_item(const C& cursor, Item& plain, Dice& dice) {
    switch (dice.below(4)) {
        case 0:
            return change(cursor.at(field<"id">), plain.id, dice);
        case 1:
            return change(cursor.at(field<"name">), plain.name, dice);
        case 2:
            return change(cursor.at(field<"scores">), plain.scores, dice);
        default:
            return change_optional(cursor.at(field<"at">), plain.at, dice);
    }
}
template <class C>
void change_nested(const C& cursor, Nested& plain, Dice& dice) {
    switch (dice.below(5)) {
        case 0:
            return change(cursor.at(field<"point">), plain.point, dice);
        case 1:
            return change(cursor.at(field<"point.y">), plain.point.y, dice);
        case 2:
            return change(cursor.at(field<"label">), plain.label, dice);
        case 3: {
            Nested whole;
            every::edit(whole, dice);
            cursor.assign(whole);
            plain = whole;
            return;
        }
        default:
            return change(cursor.at(field<"weight">), plain.weight, dice);
    }
}
template <int Depth, class C>
void change_tree(const C& cursor, Tree& plain, Dice& dice) {
    if constexpr (Depth > 0)
        if (dice.below(2) == 0) return change_sequence<Depth - 1>(cursor.at(field<"children">), plain.children, dice);
    change(cursor.at(field<"value">), plain.value, dice);
}
template <class C, class V>
void change_keyed(const C& cursor, V& plain, Dice& dice) {
    if (plain.empty() || dice.below(2) == 0) return change_sequence<0>(cursor, plain, dice);
    const int id = nth(plain, dice.below(plain.size()))->id;
    auto first = plain.begin();
    while (first->id != id) ++first;
    change_item(cursor.at_key(id), *first, dice);
}

template <int Depth, class C, class V>
void change(const C& cursor, V& plain, Dice& dice) {
    if constexpr (std::is_same_v<V, std::string>) change_text(cursor, plain, dice);
    else if constexpr (std::is_same_v<V, Item>) change_item(cursor, plain, dice);
    else if constexpr (std::is_same_v<V, Nested>) change_nested(cursor, plain, dice);
    else if constexpr (std::is_same_v<V, Tree>) change_tree<Depth>(cursor, plain, dice);
    else if constexpr (std::is_same_v<V, Point>) {
        if (dice.below(2) == 0) change(cursor.at(field<"x">), plain.x, dice);
        else change(cursor.at(field<&Point::y>), plain.y, dice);
    } else if constexpr (requires { plain.push_back(*plain.begin()); }) change_sequence<Depth>(cursor, plain, dice);
    else if constexpr (requires { std::tuple_size<V>::value; }) {
        const std::size_t at = dice.below(plain.size());
        const std::size_t other = dice.below(plain.size());
        if (dice.below(3) == 0) {
            cursor.swap(at, other);
            std::swap(plain[at], plain[other]);
        } else change<Depth>(cursor[at], plain[at], dice);
    } else {
        const V whole = some<V>(dice);
        cursor.assign(whole);
        plain = whole;
    }
}

template <class E>
void change_either(const E& edit, Every& v, Dice& dice) {
    const auto assign = [&](const auto& value) {
        edit.set(field<"either">, value);
        v.either = value;
    };
    switch (dice.below(6)) {
        case 0:
            return assign(std::monostate{});
        case 1:
            return assign(dice.number());
        case 2:
            return assign(every::made<Item>(dice));
        case 3:
            return assign(every::made<std::vector<int>>(dice));
        default:
            if (auto* const item = std::get_if<Item>(&v.either))
                return change_item(edit.at(field<"either">).template content<2>(), *item, dice);
            if (auto* const row = std::get_if<std::vector<int>>(&v.either))
                return change(edit.at(field<"either">).template content<3>(), *row, dice);
            assign(every::Nothing{});
    }
}
template <class E>
void change_by_path(const E& edit, Every& v, Dice& dice) {
    switch (dice.below(5)) {
        case 0:
            v.numbers[1] = dice.number();
            return edit.set("numbers[1]", v.numbers[1]);
        case 1:
            v.locked.point.x = dice.number();
            return edit.set("locked.point.x", v.locked.point.x);
        case 2:
            every::edit(v.nested, dice);
            return edit.set("nested", v.nested);
        case 3:
            if (v.items.empty()) return;
            v.items[0].name = every::text(dice);
            return edit.set(*stet::Path<Every>::parse("items[0].name"), v.items[0].name);
        default:
            if (v.map.find("a") == v.map.end()) return;
            v.map["a"].scores = {dice.number()};
            edit.set("map[a].scores", v.map["a"].scores);
    }
}

template <class E>
void change_all(const E& edit, Every& v, Dice& dice) {
    switch (dice.below(36)) {
#define STET_CASE(number, name) \
    case number:                \
        return change(edit.at(field<#name>), v.name, dice)
        STET_CASE(0, on);
        STET_CASE(1, small);
        STET_CASE(2, real);
        STET_CASE(3, single);
        STET_CASE(4, letter);
        STET_CASE(5, mode);
        STET_CASE(6, text);
        STET_CASE(7, nested);
        STET_CASE(8, colour);
        STET_CASE(9, locked);
        STET_CASE(10, numbers);
        STET_CASE(11, rows);
        STET_CASE(12, reals);
        STET_CASE(13, items);
        STET_CASE(14, list);
        STET_CASE(15, deque);
        STET_CASE(16, grid);
        STET_CASE(17, opaque);
        STET_CASE(18, cache);
        STET_CASE(19, tree);
        STET_CASE(20, own_text);
        STET_CASE(21, own_vector);
        STET_CASE(22, pair.first);
        STET_CASE(23, pair.second);
        case 24:
            return change_keyed(edit.at(field<"keyed">), v.keyed, dice);
        case 25:
            return change_keyed(edit.at(field<"keyed_list">), v.keyed_list, dice);
        case 26:
            return change_set(edit.at(field<"set">), v.set, every::text(dice), dice);
        case 27:
            return change_set(edit.at(field<"hashed_set">), v.hashed_set, dice.number(), dice);
        case 28:
            return change_map(edit.at(field<"map">), v.map, every::text(dice), dice);
        case 29:
            return change_map(edit.at(field<"hashed">), v.hashed, dice.number(), dice);
        case 30:
            return change_map(edit.at(field<"own_map">), v.own_map, dice.number(), dice);
        case 31:
            return change_optional(edit.at(field<"maybe">), v.maybe, dice);
        case 32:
            return change_optional(edit.at(field<"own_maybe">), v.own_maybe, dice);
        case 33:
            return change_either(edit, v, dice);
        case 34:
            v.colour.g = static_cast<float>(every::real(dice));
            return edit.at(field<"colour">).set(field<"g">, v.colour.g);
        default:
            return change_by_path(edit, v, dice);
    }
}
template <class E>
void change_all(const E& edit, Flat& v, Dice& dice) {
    switch (dice.below(14)) {
        STET_CASE(0, on);
        STET_CASE(1, small);
        STET_CASE(2, real);
        STET_CASE(3, single);
        STET_CASE(4, mode);
        STET_CASE(5, point);
        STET_CASE(6, colour);
        STET_CASE(7, locked);
        STET_CASE(8, numbers);
        STET_CASE(9, grid);
        STET_CASE(10, own_vector);
        STET_CASE(11, cache);
        STET_CASE(12, last);
#undef STET_CASE
        default:
            return change_optional(edit.at(field<"maybe">), v.maybe, dice);
    }
}

// Something that makes the whole edit fail.
template <class E>
bool fail(const E& edit, Dice& dice) {
    const auto of_every = [&] {
        using T = std::remove_cvref_t<decltype(edit.current())>;
        if constexpr (std::is_same_v<T, Every>) {
            switch (dice.below(7)) {
                case 0:
                    edit.at(field<"items">)[99].set(field<"id">, 1);
                    break;
                case 1:
                    edit.at(field<"map">).at("no such key").set(field<"id">, 1);
                    break;
                case 2:
                    edit.at(field<"hashed">).erase(99);
                    break;
                case 3:
                    edit.at(field<"keyed">).at_key(99);
                    break;
                case 4:
                    edit.at(field<"text">).insert(99999, "x");
                    break;
                case 5:
                    edit.at(field<"reals">).swap(0, 99);
                    break;
                default:
                    edit.set("keyed[99].id", 1);
            }
        } else edit.at(field<"own_vector">)[99].set(1);
    };
    switch (dice.below(4)) {
        case 0:
            return false;
        case 1:
            throw std::runtime_error("in the middle");
        case 2:
            edit.set(field<"small">, 1000);
            return true;
        default:
            of_every();
            return true;
    }
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
    law("what is done through the cursor is what is done by hand, and the patch leads there and back",
        [](const Script& first, const Script& script) {
            T value{};
            every::edit_all(value, first);
            const T before = value;
            T plain = value;
            const auto patch = stet::edit_in_place(value, [&](auto& edit) {
                Dice dice(script);
                while (!dice.done()) change_all(edit, plain, dice);
                RC_ASSERT(dumped(edit.current()) == dumped(plain));
            });
            RC_ASSERT(patch.has_value());
            RC_ASSERT(dumped(value) == dumped(plain));
            RC_ASSERT(value.cache == plain.cache);
            RC_ASSERT(applied(*patch, before) == dumped(plain));
            RC_ASSERT(applied(patch->inverted(), value) == dumped(before));
            RC_CLASSIFY(patch->empty());
        });
    law("a script that fails leaves the value as it was", [](const Script& first, const Script& script, bool more) {
        T value{};
        every::edit_all(value, first);
        const T before = value;
        const auto function = [&](auto& edit) {
            Dice dice(script);
            T plain = value;
            while (!dice.done()) change_all(edit, plain, dice);
            Dice how(first);
            const bool go_on = fail(edit, how);
            if (more) edit.set(field<"real">, 7.0);
            return go_on;
        };
        bool failed = false;
        try {
            failed = !stet::edit_in_place(value, function).has_value();
        } catch (const std::runtime_error&) {
            failed = true;
        }
        RC_ASSERT(failed);
        RC_ASSERT(dumped(value) == dumped(before));
        RC_ASSERT(value.cache == before.cache);
    });
    return all;
}

}  // namespace

int main() {
    setenv("RC_PARAMS", "max_success=10000 max_size=120", 0);
    const bool every = laws<Every>("every kind");
    const bool flat = laws<Flat>("flat");
    return every && flat ? 0 : 1;
}
