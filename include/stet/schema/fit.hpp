#pragma once
// Do the rules of a schema fit their fields? Asked before anything is checked, so that the answer is one sentence.

#include <stet/reflect/sentences.hpp>

#include <stet/schema/rule.hpp>

#include <type_traits>

namespace stet::detail {

template <Kind K>
inline constexpr bool has_elements =
    K == Kind::array || K == Kind::sequence || K == Kind::set || K == Kind::map || K == Kind::optional;

template <class V>
struct ElementOf {
    using type = std::remove_cv_t<typename V::value_type>;
};
template <map_like V>
struct ElementOf<V> {
    using type = typename V::mapped_type;
};

template <class Rule>
struct FitOf {
    template <class V>
    static constexpr Misfit in() {
        constexpr RuleFit fit = rule_fit<Rule, V>();
        if constexpr (attribute<Rule> || fit == RuleFit::fits) return Misfit::no;
        else if constexpr (fit == RuleFit::inside_optional) return FitOf::template in<typename ElementOf<V>::type>();
        else return Misfit::rule;
    }
};
template <class Rule>
struct FitOf<Warning<Rule>> : FitOf<Rule> {};
template <class Rule>
struct FitOf<Each<Rule>> {
    template <class V>
    static constexpr Misfit in() {
        if constexpr (has_elements<kind_v<V>>) return FitOf<Rule>::template in<typename ElementOf<V>::type>();
        else return Misfit::each;
    }
};

template <class T, class Named>
using field_of = typename TypeAt<T, resolve<T>(Named{})>::type;

template <class T, class Item>
struct ItemFits {
    static constexpr bool ok = require_fit<Misfit::item, Item>();
};
template <class T, class Named, bool There>
struct RulesFit {
    template <class... Said>
    static constexpr bool ask() {
        using V = field_of<T, Named>;
        return (require_fit<FitOf<Said>::template in<V>(), Said, V>() && ...);
    }
};
template <class T, class Named>
struct RulesFit<T, Named, false> {
    template <class... Said>
    static constexpr bool ask() {
        return false;
    }
};
template <class T, class Named, class... Said>
struct ItemFits<T, Declaration<Named, Said...>> {
    using Answer = decltype(missing<T>(Named{}));
    static constexpr bool ok = Answer::ask() && RulesFit<T, Named, Answer::there>::template ask<Said...>();
};
template <class T, class F, class... Names>
struct ItemFits<T, CrossCheck<F, Names...>> {
    template <bool There>
    static constexpr bool ask() {
        if constexpr (!There) return false;
        else {
            constexpr bool fits = std::is_invocable_v<const F&, const field_of<T, Names>&...>;
            return require_fit<fits ? Misfit::no : Misfit::cross_check, F, field_of<T, Names>...>();
        }
    }
    static constexpr bool ok = ask<(AskField<T, Names>::ok && ...)>();
};
template <class T, class F, class... Names>
struct ItemFits<T, Warning<CrossCheck<F, Names...>>> : ItemFits<T, CrossCheck<F, Names...>> {};

/// Asks, with a sentence, whether the fields that a schema names are there and its rules can read them; in `T` and in
/// the structs inside it. To be asked before leaves are counted, which needs the schema. All of it in few steps:
/// compilers write a line for each of them above the sentence.
template <class T, bool Needed, class Items = std::remove_cvref_t<decltype(schema_v<T>.items)>,
          class Numbers = std::make_index_sequence<Needed ? field_count<T> : 0>>
inline constexpr bool schema_fits = true;
template <class T, class... Items, std::size_t... I>
inline constexpr bool schema_fits<T, true, Pack<Items...>, std::index_sequence<I...>> =
    (ItemFits<T, Items>::ok && ...) && (schema_fits<field_type<T, I>, any_schema<field_type<T, I>>()> && ...);

template <class T>
inline constexpr bool require_schema = schema_fits<T, opens<T>() && any_schema<T>()>;

}  // namespace stet::detail
