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
    static constexpr bool ask() { return true; }
};
template <class T, class Named, class... Said>
struct ItemFits<T, Declaration<Named, Said...>> {
    static constexpr bool ask() {
        using V = field_of<T, Named>;
        if constexpr (std::is_same_v<V, T>) return false;  // no such field, and that was said
        else return (require_fit<FitOf<Said>::template in<V>(), Said, V>() && ...);
    }
};
template <class T, class F, class... Names>
struct ItemFits<T, CrossCheck<F, Names...>> {
    static constexpr bool ask() {
        constexpr bool fits = std::is_invocable_v<const F&, const field_of<T, Names>&...>;
        return require_fit<fits ? Misfit::no : Misfit::cross_check, F, field_of<T, Names>...>();
    }
};
template <class T, class F, class... Names>
struct ItemFits<T, Warning<CrossCheck<F, Names...>>> : ItemFits<T, CrossCheck<F, Names...>> {};

/// Asks with a sentence for the first rule of `T`'s schema that cannot read its field.
template <class T, class Items = std::remove_cvref_t<decltype(schema_v<T>.items)>>
struct SchemaFits;
template <class T, class... Items>
struct SchemaFits<T, Pack<Items...>> {
    static constexpr bool ask() { return (ItemFits<T, Items>::ask() && ...); }
};

}  // namespace stet::detail
