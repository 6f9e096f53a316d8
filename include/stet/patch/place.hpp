#pragma once
// A place where two changes of one base meet: where it is, and what the schema says of a merge there.

#include <stet/patch/visit.hpp>
#include <stet/schema/attribute.hpp>
#include <stet/schema/leaves.hpp>
#include <stet/schema/path_view.hpp>
#include <stet/schema/print.hpp>
#include <stet/schema/schema.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace stet {

/// critical: whichever side is taken, a value is lost; warning: the values stand, but not each where its side put it;
/// info: settled without loss.
enum class ConflictSeverity : std::uint8_t { info, warning, critical };

namespace detail {

// The way to where they meet, for who does not ask where that is: only how near two numbers are as good as equal.
struct Unseen {
    constexpr Unseen named(std::string_view, std::size_t, bool, double within) const { return {within}; }
    constexpr Unseen at(std::size_t) const { return *this; }
    constexpr Unseen content() const { return *this; }
    constexpr double tolerance() const { return limit; }
    double limit = 0;
};
template <class Key>
constexpr Unseen entry_at(const Unseen& map, const Key&) {
    return map;
}

/// Where the two sides meet, and what the schema says of that.
template <class Where>
struct BasicPlace {
    Where where;
    Favour favour = Favour::nobody;

    template <class T, std::size_t L>
    constexpr BasicPlace leaf() const {
        constexpr Marks marks = leaf_marks<T, L>;
        return {where.named(leaf_path<T, L>(), L, marks.secret, marks.tolerance),
                marks.favour == Favour::nobody ? favour : marks.favour};
    }
    constexpr BasicPlace element(std::size_t position) const { return {where.at(position), favour}; }
    template <class Key>
    constexpr BasicPlace entry(const Key& key) const {
        return {entry_at(where, key), favour};
    }
    constexpr BasicPlace content() const { return {where.content(), favour}; }

    template <class Found, class B, class O, class T>
    constexpr Side decide(Found& found, const B& base, const O& our, const T& their) const {
        if (favour == Favour::ours) return Side::ours;
        if (favour == Favour::theirs) return Side::theirs;
        if (favour == Favour::all && is_absent<O>) return Side::theirs;
        if (favour == Favour::all && is_absent<T>) return Side::ours;
        return found.decide(where, base, our, their);
    }
};
using Place = BasicPlace<PathView>;

/// The same for who does not ask where, as long as the schema says nothing: then nothing is carried along.
struct AnyPlace {
    static constexpr Unseen where{};
    static constexpr Favour favour = Favour::nobody;

    template <class T, std::size_t L>
    static constexpr auto leaf() {
        constexpr Marks marks = leaf_marks<T, L>;
        if constexpr (marks.favour == Favour::nobody && !(marks.tolerance > 0)) return AnyPlace{};
        else return BasicPlace<Unseen>{}.template leaf<T, L>();
    }
    static constexpr AnyPlace element(std::size_t) { return {}; }
    template <class Key>
    static constexpr AnyPlace entry(const Key&) {
        return {};
    }
    static constexpr AnyPlace content() { return {}; }
    template <class Found, class B, class O, class T>
    static constexpr Side decide(Found& found, const B& base, const O& our, const T& their) {
        return found.decide(where, base, our, their);
    }
};

template <class T, std::size_t L>
constexpr auto leaf_merge_by() {
    if constexpr (any_schema<T>()) return said_at<AsksMergeBy, T, leaf_table<T>.path[L]>();
    else return NotKeyed{};
}

template <class N>
constexpr bool add_up(N base, N our, N their, N& sum) {
    if constexpr (std::is_floating_point_v<N>) {
        sum = our + (their - base);
        return true;
    } else {
        constexpr N least = std::is_signed_v<N> ? static_cast<N>(N{1} << (8 * sizeof(N) - 1)) : N{0};
        constexpr N most = static_cast<N>(~least);
        if (their >= base) {  // in steps that cannot overflow
            if (base < 0 && their > static_cast<N>(most + base)) return false;
            const N more = static_cast<N>(their - base);
            if (our > static_cast<N>(most - more)) return false;
            sum = static_cast<N>(our + more);
        } else {
            if (their < 0 && base > static_cast<N>(most + their)) return false;
            const N less = static_cast<N>(base - their);
            if (our < static_cast<N>(least + less)) return false;
            sum = static_cast<N>(our - less);
        }
        return true;
    }
}

// False where the schema does not say how both become one.
template <class At, class V, class By>
constexpr bool combine(const At& at, const By& by, const V& base, const V& our, const V& their, V& result) {
    constexpr bool number = std::is_arithmetic_v<V> && !std::is_same_v<V, bool>;
    if constexpr (!std::is_same_v<By, NotKeyed>) {
        result = by.decide(base, our, their);
        return true;
    } else if constexpr (number) {
        if (at.favour == Favour::sum) return add_up<V>(base, our, their, result);
        if (at.favour == Favour::max || at.favour == Favour::min) {
            result = (our < their) == (at.favour == Favour::max) ? their : our;
            return true;
        }
        if (at.where.tolerance() > 0) {  // as near to one another as makes no difference
            const double apart = static_cast<double>(our) - static_cast<double>(their);
            result = our;
            return apart <= at.where.tolerance() && -apart <= at.where.tolerance();
        }
    }
    return false;
}

}  // namespace detail
}  // namespace stet
