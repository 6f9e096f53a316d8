#pragma once
// `check(value)`: every rule of a struct, of the structs inside it, and of the elements of its containers.

#include <stet/reflect/sentences.hpp>

#include <stet/schema/fit.hpp>
#include <stet/schema/leaves.hpp>
#include <stet/schema/path_view.hpp>
#include <stet/schema/print.hpp>
#include <stet/schema/rule.hpp>
#include <stet/schema/unique.hpp>
#include <stet/schema/versionable.hpp>
#include <stet/schema/violation.hpp>

#include <cstddef>
#include <type_traits>

namespace stet {

/// True where all leaves can be copied as bytes: such a struct needs no heap anywhere in the library.
template <class T>
concept flat = std::is_trivially_copyable_v<T> && reflectable<T>;

namespace detail {

// --- which types have rules at all; so that nothing is instantiated for those that have none

template <class T, class... Seen>
constexpr bool has_rules();

template <class V, class... Seen>
constexpr bool elements_have_rules() {
    constexpr Kind kind = kind_v<V>;
    if constexpr (kind == Kind::map) return has_rules<typename V::mapped_type, Seen...>();
    else if constexpr (kind == Kind::array || kind == Kind::sequence || kind == Kind::optional || kind == Kind::set)
        return has_rules<std::remove_cv_t<typename V::value_type>, Seen...>();
    else if constexpr (kind == Kind::variant) {
        bool any = false;
        alternatives<V>::for_each_index([&]<std::size_t, class A>() { any = any || has_rules<A, Seen...>(); });
        return any;
    } else return false;
}

/// Can a value of this type break a rule of its own type or of a type inside it?
template <class T, class... Seen>
constexpr bool has_rules() {
    if constexpr (is_scalar<T> || is_among<T, Seen...>) return false;
    else if constexpr (has_schema<T>) return true;
    else if constexpr (opens<T>()) {
        bool any = false;
        if constexpr (!all_scalars<T>)
            for_each_field<T>([&]<std::size_t I>() { any = any || has_rules<field_type<T, I>, T, Seen...>(); });
        return any;
    } else return elements_have_rules<T, T, Seen...>();
}

// --- which leaves of a struct its rules read, those of the structs that are opened in it included

template <class Item>
struct RuledFields {
    template <class Root, IndexPath At, class T>
    static constexpr void add(LeafMask<Root>&) {}
};
template <class FieldType, class... Said>
struct RuledFields<Declaration<FieldType, Said...>> {
    template <class Root, IndexPath At, class T>
    static constexpr void add(LeafMask<Root>& mask) {
        if constexpr (((!attribute<Said> || is_keyed_by<Said>) || ...))
            mask.set(leaf_range<Root, At.then(resolve<T>(FieldType{}))>);
    }
};
template <class F, class... Fields>
struct RuledFields<CrossCheck<F, Fields...>> {
    template <class Root, IndexPath At, class T>
    static constexpr void add(LeafMask<Root>& mask) {
        (mask.set(leaf_range<Root, At.then(resolve<T>(Fields{}))>), ...);
    }
};
template <class F, class... Fields>
struct RuledFields<Warning<CrossCheck<F, Fields...>>> : RuledFields<CrossCheck<F, Fields...>> {};

template <class Root, IndexPath At, class T>
constexpr void add_ruled_fields(LeafMask<Root>& mask) {
    if constexpr (has_schema<T>)
        schema_v<T>.items.for_each(
            [&]<class Item>(const Item&) { RuledFields<Item>::template add<Root, At, T>(mask); });
    for_each_field<T>([&]<std::size_t I>() {
        using F = field_type<T, I>;
        if constexpr (has_rules<F>() && opens<F>()) add_ruled_fields<Root, At.then(I), F>(mask);
    });
}
template <class T>
inline constexpr LeafMask<T> ruled_leaves = [] {
    LeafMask<T> mask;
    if constexpr (has_rules<T>()) add_ruled_fields<T, IndexPath{}, T>(mask);
    return mask;
}();

// --- how much a flat list of violations must hold

inline constexpr std::size_t most_violations = 64;

// How often a rule can be broken: one for each element by all of them.
template <class V, class Said>
struct TimesBroken {
    static constexpr std::size_t value = attribute<Said> ? 0 : 1;
};
template <class V, class Rule>
struct TimesBroken<V, Each<Rule>> {
    static constexpr std::size_t count() {
        constexpr Kind kind = kind_v<V>;
        if constexpr (!has_elements<kind>) return 1;  // which does not fit, and is said elsewhere
        else {
            constexpr std::size_t inner = TimesBroken<typename ElementOf<V>::type, Rule>::value;
            if constexpr (kind == Kind::array) return inner * std::tuple_size<V>::value;
            else return kind == Kind::optional ? inner : most_violations;
        }
    }
    static constexpr std::size_t value = count();
};
template <class V, class Rule>
struct TimesBroken<V, Warning<Rule>> : TimesBroken<V, Rule> {};

// The type of the field is asked for only where it matters: it may be misspelt, which is said elsewhere, too.
template <class T, class FieldType, class Said>
struct TimesBrokenAt : TimesBroken<void, Said> {};
template <class T, class FieldType, auto Key>
struct TimesBrokenAt<T, FieldType, KeyedBy<Key>> {
    static constexpr std::size_t value = most_violations;
};
template <class T, class FieldType, class Rule>
struct TimesBrokenAt<T, FieldType, Each<Rule>> : TimesBroken<field_of<T, FieldType>, Each<Rule>> {};
template <class T, class FieldType, class Rule>
struct TimesBrokenAt<T, FieldType, Warning<Each<Rule>>> : TimesBroken<field_of<T, FieldType>, Each<Rule>> {};

template <class T, class Item>
struct RuleCount {
    static constexpr std::size_t value = 1;
};
template <class T, class FieldType, class... Said>
struct RuleCount<T, Declaration<FieldType, Said...>> {
    static constexpr std::size_t value = (std::size_t{0} + ... + TimesBrokenAt<T, FieldType, Said>::value);
};
template <class T, class... Items>
constexpr std::size_t count_rules(const Pack<Items...>&) {
    return (std::size_t{0} + ... + RuleCount<T, Items>::value);
}

// Of rules that an instance is given: nobody knows yet which struct they are for.
template <class Item>
struct InstanceRuleCount {
    static constexpr std::size_t value = 1;
};
template <class FieldType, class... Said>
struct InstanceRuleCount<Declaration<FieldType, Said...>> {
    static constexpr std::size_t value = (std::size_t{0} + ... + (attribute<Said> ? 0 : 1));
};
template <class>
inline constexpr std::size_t count_rules_of = 0;
template <class... Items>
inline constexpr std::size_t count_rules_of<Rules<Items...>> = (std::size_t{0} + ... + InstanceRuleCount<Items>::value);

template <class>
inline constexpr bool declares_key = false;
template <class FieldType, class... Said>
inline constexpr bool declares_key<Declaration<FieldType, Said...>> = (is_keyed_by<Said> || ...);
template <class... Items>
constexpr bool declare_keys(const Pack<Items...>&) {
    return (declares_key<Items> || ...);
}

struct RuleSize {
    std::size_t rules = 0;
    std::size_t depth = 1;
    bool keyed = false;  // is there a sequence whose keys are checked?
};
template <class T>
constexpr RuleSize rule_size() {
    RuleSize sum;
    if constexpr (has_rules<T>()) {
        if constexpr (has_schema<T>) {
            sum.rules = count_rules<T>(schema_v<T>.items);
            sum.keyed = declare_keys(schema_v<T>.items);
        }
        if constexpr (opens<T>()) {
            for_each_field<T>([&]<std::size_t I>() {
                using F = field_type<T, I>;
                const RuleSize inner = rule_size<F>();
                sum.rules += inner.rules;
                sum.keyed = sum.keyed || inner.keyed;
                if (inner.depth > sum.depth) sum.depth = inner.depth;
            });
        } else if constexpr (kind_v<T> == Kind::array) {
            sum = rule_size<typename T::value_type>();
            sum.rules *= std::tuple_size<T>::value;
            ++sum.depth;
        } else if constexpr (kind_v<T> == Kind::optional) {
            sum = rule_size<typename T::value_type>();
            ++sum.depth;
        } else if constexpr (kind_v<T> == Kind::variant) {
            alternatives<T>::for_each_index([&]<std::size_t, class A>() {
                const RuleSize inner = rule_size<A>();
                if (inner.rules > sum.rules) sum.rules = inner.rules;
                if (inner.depth + 1 > sum.depth) sum.depth = inner.depth + 1;
                sum.keyed = sum.keyed || inner.keyed;
            });
        } else {  // a container in place: nobody knows how many elements
            sum = rule_size<typename ElementOf<T>::type>();
            sum.rules = most_violations;
            ++sum.depth;
        }
    } else if constexpr (kind_v<T> == Kind::array) {
        if constexpr (kind_v<typename T::value_type> == Kind::array)
            sum.depth = rule_size<typename T::value_type>().depth + 1;
    }
    return sum;
}

// --- every rule that there is anywhere in a T, with the type that it is asked about: f<Rule, V>()

template <class V, class Said>
struct EachRuleOf {
    template <class F>
    static constexpr void call(const F& f) {
        if constexpr (!attribute<Said>) {
            f.template operator()<Said, V>();
            if constexpr (optional_like<V>) EachRuleOf<std::remove_cv_t<typename V::value_type>, Said>::call(f);
        }
    }
};
template <class V, class Rule>
struct EachRuleOf<V, Warning<Rule>> : EachRuleOf<V, Rule> {};
template <class V, class Rule>
struct EachRuleOf<V, Each<Rule>> {
    template <class F>
    static constexpr void call(const F& f) {
        if constexpr (has_elements<kind_v<V>>) EachRuleOf<std::remove_cv_t<typename ElementOf<V>::type>, Rule>::call(f);
    }
};
template <class T, class Item>
struct EachRuleOfItem : EachRuleOf<NotKeyed, Item> {};
template <class T, class FieldType, class... Said>
struct EachRuleOfItem<T, Declaration<FieldType, Said...>> {
    template <class F>
    static constexpr void call(const F& f) {
        if constexpr ((!attribute<Said> || ...)) (EachRuleOf<field_of<T, FieldType>, Said>::call(f), ...);
    }
};
template <class T, class F>
constexpr void each_rule(const F& f) {
    if constexpr (has_rules<T>()) {
        constexpr Kind kind = kind_v<T>;
        if constexpr (has_schema<T>)
            schema_v<T>.items.for_each([&]<class Item>(const Item&) { EachRuleOfItem<T, Item>::call(f); });
        if constexpr (opens<T>()) for_each_field<T>([&]<std::size_t I>() { each_rule<field_type<T, I>>(f); });
        else if constexpr (kind == Kind::variant)
            alternatives<T>::for_each_index([&]<std::size_t, class A>() { each_rule<A>(f); });
        else if constexpr (has_elements<kind>) each_rule<std::remove_cv_t<typename ElementOf<T>::type>>(f);
    }
}

/// The rules of a T by their number: what puts them into words is linked only by who asks for words.
template <class T>
struct RulesOf {
    using Key = std::uint16_t;
    template <class Rule, class V>
    static constexpr Key number() {
        std::size_t at = 0;
        std::size_t found = 0;
        each_rule<T>([&]<class R, class U>() {
            ++at;
            if (found == 0 && std::is_same_v<R, Rule> && std::is_same_v<U, V>) found = at;
        });
        return static_cast<Key>(found);  // 0 is of a rule that does not fit, which is said elsewhere
    }
    template <class Rule, class V>
    static constexpr Key key = number<Rule, V>();

    static constexpr const Wording& find(Key key) {
        const Wording* found = &wording<NotEmpty, NotKeyed>;
        std::size_t at = 0;
        each_rule<T>([&]<class R, class U>() {
            if (++at == key) found = &wording<R, U>;
        });
        return *found;
    }
};

template <class T, std::size_t Extra>
struct FlatViolationsSize {
    static constexpr RuleSize size = rule_size<T>();
    static constexpr std::size_t wanted = size.rules + Extra;
    using Known = std::conditional_t<Extra == 0 && !size.keyed, RulesOf<T>, AnyRules>;
    using type = FlatViolations<(wanted < most_violations ? wanted : most_violations), size.depth, Known>;
};
// A class of its own, so that it can be named without looking at T.
template <class T, std::size_t Extra>
class FlatViolationsOf : public FlatViolationsSize<T, Extra>::type {
public:
    constexpr FlatViolationsOf() {}  // NOLINT(modernize-use-equals-default): or its bytes would be cleared first
};
}  // namespace detail

/// The list of violations of a `T`: in place for flat structs, on the heap for others.
template <class T, std::size_t Extra = 0>
using ViolationsOf = std::conditional_t<flat<T>, detail::FlatViolationsOf<T, Extra>, Violations>;

/// The error of the verbs on a `T`; every one of them becomes a `stet::Error` where that is wanted.
template <class T, std::size_t Extra = 0>
using ErrorOf = BasicError<ViolationsOf<T, Extra>>;

namespace detail {

// --- one rule, one item, all items

// A path that the compiler can show.
template <StaticText Path>
struct PathTag {};

template <bool Shown, class Root, IndexPath At, class T, class... Fields>
constexpr PathText join_names() {
    PathText text;
    auto add = [&](std::string_view name) {
        if (!text.empty()) text.append(", ", 2);
        text.append(name.data(), name.size());
    };
    if constexpr (Shown) (add(shown_path<Root, At.then(resolve<T>(Fields{}))>()), ...);
    else (add(path_text_v<Root, At.then(resolve<T>(Fields{}))>.view()), ...);
    return text;
}
template <bool Shown, class Root, IndexPath At, class T, class... Fields>
inline constexpr auto joined_names =
    static_text<join_names<Shown, Root, At, T, Fields...>().view().size()>(join_names<Shown, Root, At, T, Fields...>());

// `path()` makes the path, when it is needed.
template <class Tag, class Rule, class V, class Path, class Sink>
STET_ALWAYS_INLINE constexpr void check_rule(const Rule& rule, const V& value, const Path& path, Severity severity,
                                             Sink& sink) {
    if (!holds(rule, value)) sink.add(path(), rule, value, severity, Tag{});
}
template <class Tag, class Rule, class V, class Path, class Sink>
constexpr void check_rule(const Warning<Rule>& warned, const V& value, const Path& path, Severity, Sink& sink) {
    check_rule<Tag>(warned.rule, value, path, Severity::warning, sink);
}
template <class Tag, class Rule, class V, class Path, class Sink>
constexpr void check_rule(const Each<Rule>& each, const V& value, const Path& path, Severity severity, Sink& sink) {
    constexpr Kind kind = kind_v<V>;
    require_fit<has_elements<kind> ? Misfit::no : Misfit::each, Each<Rule>, V>();
    if constexpr (kind == Kind::optional) {
        if (value.has_value()) check_rule<Tag>(each.rule, *value, path, severity, sink);
    } else if constexpr (kind == Kind::map || kind == Kind::set) {
        const auto here = path();
        for (const auto& item : value) {
            if constexpr (kind == Kind::map) {
                const auto entry = [&] { return entry_at(here, item.first); };
                check_rule<Tag>(each.rule, item.second, entry, severity, sink);
            } else {
                const auto member = [&] { return member_at(here, item); };
                check_rule<Tag>(each.rule, item, member, severity, sink);
            }
        }
    } else if constexpr (kind == Kind::array || kind == Kind::sequence) {
        const auto here = path();
        std::size_t index = 0;
        for (const auto& element : value) {
            check_rule<Tag>(each.rule, element, [&] { return here.at(index); }, severity, sink);
            ++index;
        }
    }
}

template <class Root, IndexPath Path, class Where>
constexpr Where field_at(const Where& where) {
    constexpr bool secret = marks_at<Root, Path>().secret;  // or clang 16 looks for it in the program
    return where.named(shown_path<Root, Path>(), leaf_range<Root, Path>.first, secret);
}

// `At` is where the struct with these items is inside `Root`; `touched` says which leaves of Root may have changed.
template <class Root, IndexPath At, class T, class FieldType, class... Said, class Where, class Touched, class Sink>
STET_ALWAYS_INLINE constexpr void check_item(const Declaration<FieldType, Said...>& item, const T& value,
                                             const Where& where, const Touched& touched, Sink& sink) {
    if constexpr ((!attribute<Said> || ...)) {
        constexpr IndexPath inner = resolve<T>(FieldType{});
        constexpr IndexPath path = At.then(inner);
        if (!touched(leaf_range<Root, path>)) return;
        const auto here = [&where] { return field_at<Root, At.then(resolve<T>(FieldType{}))>(where); };
        item.said.for_each([&]<class S>(const S& said) STET_INLINE_LAMBDA {
            if constexpr (!attribute<S>)
                check_rule<PathTag<path_text_v<Root, path>>>(said, get_at<inner>(value), here, Severity::error, sink);
        });
    }
}
template <class Root, IndexPath At, class T, class F, class... Fields, class Where, class Touched, class Sink>
STET_ALWAYS_INLINE constexpr void check_item(const CrossCheck<F, Fields...>& item, const T& value, const Where& where,
                                             const Touched& touched, Sink& sink, Severity severity = Severity::error) {
    if (!(touched(leaf_range<Root, At.then(resolve<T>(Fields{}))>) || ...)) return;
    if (static_cast<bool>(item.predicate(get_at<resolve<T>(Fields{})>(value)...))) return;
    // the path of a check over several fields is that of the struct that they belong to, with their names
    constexpr const auto& names = joined_names<!keeps_names, Root, At, T, Fields...>;
    sink.add(where.named(names.view(), 0), item, NotKeyed{}, severity,
             PathTag<joined_names<false, Root, At, T, Fields...>>{});
}
template <class Root, IndexPath At, class T, class F, class... Fields, class Where, class Touched, class Sink>
constexpr void check_item(const Warning<CrossCheck<F, Fields...>>& item, const T& value, const Where& where,
                          const Touched& touched, Sink& sink) {
    check_item<Root, At>(item.rule, value, where, touched, sink, Severity::warning);
}

// The key that a declaration gives to a sequence. Whether any can have changed is for `inside` to say.
template <class Root, IndexPath At, class T, class FieldType, class... Said, class Where, class Touched, class Inside,
          class Sink>
constexpr void check_key(const Declaration<FieldType, Said...>&, const T& value, const Where& where,
                         const Touched& touched, const Inside& inside, Sink& sink) {
    constexpr IndexPath inner = resolve<T>(FieldType{});
    constexpr IndexPath path = At.then(inner);
    using Key = decltype(key_at<Root, path>());
    if constexpr (keyed_elements<Key, field_of<T, FieldType>>())
        if (touched(leaf_range<Root, path>))
            inside.template keys<Key, path, PathTag<path_text_v<Root, path>>>(get_at<inner>(value),
                                                                              field_at<Root, path>(where), sink);
}

// --- structs, and what is inside their leaves

struct Everything {
    constexpr bool operator()(LeafRange) const { return true; }
};

template <class V, class Where, class Sink>
constexpr void check_inside(const V& value, const Where& where, Sink& sink);

// Called for each leaf whose elements have rules, and for each whose elements have a key.
struct CheckInside {
    template <std::size_t, class V, class Where, class Sink>
    constexpr void leaf(const V& value, const Where& where, Sink& sink) const {
        check_inside(value, where, sink);
    }
    template <class Key, IndexPath, class Tag, class V, class Where, class Sink>
    constexpr void keys(const V& value, const Where& where, Sink& sink) const {
        check_unique<Key, Tag>(value, where, sink);
    }
};

// All leaves that some items of a schema read are among these.
template <class Root, IndexPath At, class T, std::size_t First, std::size_t Last>
inline constexpr LeafRange leaves_of_items = [] {
    LeafMask<Root> mask;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        using Items = decltype(schema_v<T>.items);
        (RuledFields<std::remove_cvref_t<decltype(std::declval<Items>().template get<First + I>())>>::template add<
             Root, At, T>(mask),
         ...);
    }(std::make_index_sequence<Last - First>{});
    LeafRange range;
    for (std::size_t leaf = 0; leaf < leaf_count<Root>; ++leaf) {
        if (!mask[leaf]) continue;
        if (range.count == 0) range.first = leaf;
        range.count = leaf + 1 - range.first;
    }
    return range;
}();

// Many are asked for by halves, so that a change of one leaf costs the same however many rules others have.
template <class Root, IndexPath At, std::size_t First, std::size_t Last, class T, class Where, class Touched,
          class Inside, class Sink>
STET_ALWAYS_INLINE constexpr void check_items(const T& value, const Where& where, const Touched& touched,
                                              const Inside& inside, Sink& sink) {
    if constexpr (Last - First > 12) {
        constexpr std::size_t middle = First + (Last - First) / 2;
        if (touched(leaves_of_items<Root, At, T, First, middle>))
            check_items<Root, At, First, middle>(value, where, touched, inside, sink);
        if (touched(leaves_of_items<Root, At, T, middle, Last>))
            check_items<Root, At, middle, Last>(value, where, touched, inside, sink);
    } else {
        const auto one = [&]<class Item>(const Item& item) STET_INLINE_LAMBDA {
            check_item<Root, At>(item, value, where, touched, sink);
            if constexpr (declares_key<Item>) check_key<Root, At>(item, value, where, touched, inside, sink);
        };
        [&]<std::size_t... I>(std::index_sequence<I...>) STET_INLINE_LAMBDA {
            (one(schema_v<T>.items.template get<First + I>()), ...);
        }(std::make_index_sequence<Last - First>{});
    }
}

template <class Root, IndexPath At, class T, class Where, class Touched, class Inside, class Sink>
STET_ALWAYS_INLINE constexpr void check_structure(const T& value, const Where& where, const Touched& touched,
                                                  const Inside& inside, Sink& sink) {
    if constexpr (has_schema<T>)
        check_items<Root, At, 0, decltype(schema_v<T>.items)::size>(value, where, touched, inside, sink);
    for_each_field<T>([&]<std::size_t I>() {
        using F = field_type<T, I>;
        if constexpr (has_rules<F>()) {
            constexpr IndexPath path = At.then(I);
            if (!touched(leaf_range<Root, path>)) return;
            if constexpr (opens<F>()) {
                check_structure<Root, path>(get_field<I>(value), where, touched, inside, sink);
            } else {
                inside.template leaf<leaf_range<Root, path>.first>(get_field<I>(value), field_at<Root, path>(where),
                                                                   sink);
            }
        }
    });
}

template <class V, class Where, class Sink>
constexpr void check_inside(const V& value, const Where& where, Sink& sink) {
    if constexpr (has_rules<V>()) {
        constexpr Kind kind = kind_v<V>;
        if constexpr (kind == Kind::structure) {
            check_structure<V, IndexPath{}>(value, where, Everything{}, CheckInside{}, sink);
        } else if constexpr (kind == Kind::array || kind == Kind::sequence) {
            std::size_t index = 0;
            for (const auto& element : value) check_inside(element, where.at(index++), sink);
        } else if constexpr (kind == Kind::map) {
            for (const auto& [key, mapped] : value) check_inside(mapped, entry_at(where, key), sink);
        } else if constexpr (kind == Kind::set) {
            for (const auto& key : value) check_inside(key, member_at(where, key), sink);
        } else if constexpr (kind == Kind::optional) {
            if (value.has_value()) check_inside(*value, where.content(), sink);
        } else if constexpr (kind == Kind::variant) {
            alternatives<V>::for_each_index([&]<std::size_t I, class A>() {
                if (value.index() == I) check_inside(*get_if<I>(&value), where.content(), sink);
            });
        }
    }
}

template <class T, class InstanceRules, class Touched, class Inside, class Sink>
STET_ALWAYS_INLINE constexpr void check_value(const T& value, const InstanceRules& instance, const Touched& touched,
                                              const Inside& inside, Sink& sink) {
    const typename Sink::Where root;
    if constexpr (has_rules<T>()) check_structure<T, IndexPath{}>(value, root, touched, inside, sink);
    instance.items.for_each([&](const auto& item) { check_item<T, IndexPath{}>(item, value, root, touched, sink); });
}

// Collects without allocating for flat structs; the tag is for who reports at compile time.
template <class List>
struct Collect {
    using Where = typename List::Where;
    List& list;
    // Never inline: rules hold, as a rule.
    template <class Rule, class V, class Tag>
    STET_NO_INLINE constexpr void add(const Where& path, const Rule& rule, const V& value, Severity severity, Tag) {
        list.add(path, rule, value, severity);
    }
};
template <class List>
Collect(List&) -> Collect<List>;

// Where code must be small, all who check a struct without rules inside its containers share one function.
template <class T, class InstanceRules>
constexpr bool share_check() {
    if constexpr (STET_BARE && flat<T> && count_rules_of<InstanceRules> == 0)
        return std::is_same_v<typename ViolationsOf<T>::Where, Spot> && !rule_size<T>().keyed;
    else return false;
}
template <class T>
STET_NO_INLINE constexpr void check_some(const T& value, const LeafMask<T>& some, ViolationsOf<T>& found) {
    Collect sink(found);
    const auto touched = [&](LeafRange leaves) STET_INLINE_LAMBDA { return some.touches(leaves); };
    check_value(value, Rules<>{}, touched, CheckInside{}, sink);
}

// Asks only whether a rule refuses.
struct Refuses {
    using Where = Nowhere;
    bool any = false;

    template <class Rule, class V, class Tag>
    constexpr void add(Nowhere, const Rule&, const V&, Severity severity, Tag) {
        any = any || severity == Severity::error;
    }
};

// Deliberately not constexpr: the compiler names the path and the rule when a constant breaks it.
template <StaticText Path, class Rule>
void this_rule_is_broken() {}

struct CompileError {
    using Where = Nowhere;
    void (*broken)() = nullptr;  // called where the compiler has least to say about the way there

    template <class Rule, class V, StaticText Path>
    constexpr void add(Nowhere, const Rule&, const V&, Severity severity, PathTag<Path>) {
        if (severity == Severity::error && broken == nullptr) broken = &this_rule_is_broken<Path, Rule>;
    }
};

template <class T, class InstanceRules>
STET_NO_INLINE constexpr bool refuses(const T& value, const InstanceRules& rules) {
    if constexpr (share_check<T, InstanceRules>()) {
        ViolationsOf<T> found;
        check_some(value, LeafMask<T>::all(), found);
        return found.refuse();
    } else {
        Refuses sink;
        check_value(value, rules, Everything{}, CheckInside{}, sink);
        return sink.any;
    }
}

}  // namespace detail

/// All violations of a value, each with its path, in the order of the schema. O(rules and elements that have rules).
template <class T>
constexpr ViolationsOf<T> check(const T& value) {
    ViolationsOf<T> found;
    if constexpr (detail::require_schema<T> && detail::require_versionable<T>()) {
        if constexpr (detail::share_check<T, Rules<>>()) {
            detail::check_some(value, detail::LeafMask<T>::all(), found);
            return found;
        }
        detail::Collect sink(found);
        detail::check_value(value, Rules<>{}, detail::Everything{}, detail::CheckInside{}, sink);
    }
    return found;
}

/// A constant that keeps its own rules; a broken one does not compile, and the compiler names its path and rule.
template <class T>
consteval T validated(T value) {
    if constexpr (detail::require_schema<T> && detail::require_versionable<T>()) {
        detail::CompileError sink;
        detail::check_value(value, Rules<>{}, detail::Everything{}, detail::CheckInside{}, sink);
        if (sink.broken != nullptr) sink.broken();
    }
    return value;
}

}  // namespace stet
