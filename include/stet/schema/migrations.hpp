#pragma once
// From the struct of an older program to that of today, one step at a time: by a function that the newer struct has, or
// field by field, by name.

#include <stet/reflect/sentences.hpp>

#include <stet/fwd.hpp>
#include <stet/reflect/enums.hpp>
#include <stet/reflect/fingerprint.hpp>
#include <stet/reflect/kinds.hpp>
#include <stet/reflect/path.hpp>
#include <stet/schema/schema.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

namespace stet {

/// The structs that values may have been stored as, from the oldest to that of today. A newer struct that has a `static
/// constexpr Newer migrated(const Older&)` is made by it, else field by field, see `by_name`. The compiler refuses a
/// step in which a field changed its type in a way that could lose something.
template <class... Versions>
struct migrations {};

namespace detail {

// Can every value of `From` be one of `To`?
template <class From, class To>
constexpr bool widens() {
    if constexpr (std::is_same_v<From, To>) return true;
    else if constexpr (std::is_same_v<From, bool> || std::is_same_v<To, bool>) return false;
    else if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
        using F = std::numeric_limits<From>;
        using L = std::numeric_limits<To>;
        return (std::is_signed_v<To> || !std::is_signed_v<From>) && F::digits <= L::digits;
    } else if constexpr (std::is_floating_point_v<To> && std::is_arithmetic_v<From>) {
        return std::numeric_limits<From>::digits <= std::numeric_limits<To>::digits;
    } else if constexpr (std::is_enum_v<From> && std::is_enum_v<To>) {
        for (std::size_t i = 0; i < enumerators; ++i)
            if (!enum_names<From>.name[i].empty() && enum_names<From>.name[i] != enum_names<To>.name[i]) return false;
        return widens<std::underlying_type_t<From>, std::underlying_type_t<To>>();
    } else return false;
}

template <class>
inline constexpr bool is_array = false;
template <class E, std::size_t N>
inline constexpr bool is_array<std::array<E, N>> = true;

// What the schema says that the field of `Newer` at `At` was called.
template <class Newer, IndexPath At>
constexpr std::string_view renamed_at() {
    if constexpr (has_schema<Newer>)
        for (const Declared& one : declarations<Newer>.all)
            if (one.of_field && one.path == At && !one.renamed_from.empty()) return one.renamed_from;
    return {};
}
template <class Older>
constexpr FieldMatch whole_field(std::string_view path) {
    FieldMatch match = find_field<Older>(path);
    match.ok = !path.empty() && match.ok && match.tail.empty();
    return match;
}
/// Where it was: under the name that it had or, as in the struct after that one, under its own; where it was nowhere,
/// the newer default stays.
template <class Older, class Newer, IndexPath At>
inline constexpr FieldMatch older_field = [] {
    FieldMatch match = whole_field<Older>(renamed_at<Newer, At>());
    if constexpr (At.depth == 1)
        if (!match.ok) match = whole_field<Older>(field_name<Newer, At.index[0]>());
    return match;
}();
// Calls `f.template operator()<Path>()` for every field of `Newer`, and for those inside that say where they were.
template <class Newer, class F>
constexpr void for_each_target(const F& f) {
    for_each_field<Newer>([&]<std::size_t I>() { f.template operator()<IndexPath{}.then(I)>(); });
    if constexpr (has_schema<Newer>) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            const auto one = [&]<std::size_t J>() {
                constexpr const Declared& said = declarations<Newer>.all[J];
                if constexpr (said.of_field && said.path.depth > 1 && !said.renamed_from.empty())
                    f.template operator()<said.path>();
            };
            (one.template operator()<I>(), ...);
        }(std::make_index_sequence<decltype(schema_v<Newer>.items)::size>{});
    }
}

// A field whose type became one that does not hold everything that it held.
template <class Older, class Newer>
struct Changed {
    static constexpr bool ok = std::is_same_v<Older, Newer>;
    template <class Next>
    constexpr auto operator||(Next next) const {
        if constexpr (ok) return next;
        else return *this;
    }
};
template <class Older, class Newer>
constexpr auto changed();
template <class Older, class Newer, IndexPath At>
constexpr auto changed_at() {
    constexpr const FieldMatch& was = older_field<Older, Newer, At>;
    if constexpr (was.ok) return changed<typename TypeAt<Older, was.path>::type, typename TypeAt<Newer, At>::type>();
    else return Changed<void, void>{};
}
template <class Older, class Newer, std::size_t J>
constexpr auto changed_inside() {
    constexpr const Declared& said = declarations<Newer>.all[J];
    if constexpr (said.of_field && said.path.depth > 1 && !said.renamed_from.empty())
        return changed_at<Older, Newer, said.path>();
    else return Changed<void, void>{};
}
template <class Older, class Newer, std::size_t... I, std::size_t... J>
constexpr auto changed_fields(std::index_sequence<I...>, std::index_sequence<J...>) {
    return ((Changed<void, void>{} || ... || changed_at<Older, Newer, IndexPath{}.then(I)>()) || ... ||
            changed_inside<Older, Newer, J>());
}
template <class Newer>
constexpr std::size_t declared_items() {
    if constexpr (has_schema<Newer>) return decltype(schema_v<Newer>.items)::size;
    else return 0;
}
// Element by element.
template <class Older, class Newer>
inline constexpr bool same_container =
    kind_v<Older> == kind_v<Newer> && (kind_v<Newer> == Kind::sequence || kind_v<Newer> == Kind::optional ||
                                       kind_v<Newer> == Kind::map || kind_v<Newer> == Kind::set);
template <class Older, class Newer>
constexpr auto changed() {
    if constexpr (widens<Older, Newer>()) return Changed<void, void>{};
    else if constexpr (is_array<Older> && is_array<Newer>) {
        if constexpr (std::tuple_size<Older>::value > std::tuple_size<Newer>::value) return Changed<Older, Newer>{};
        else return changed<typename Older::value_type, typename Newer::value_type>();
    } else if constexpr (same_container<Older, Newer>) {
        using From = std::remove_cv_t<typename Older::value_type>;
        using To = std::remove_cv_t<typename Newer::value_type>;
        if constexpr (kind_v<Newer> == Kind::map)
            return changed<typename Older::key_type, typename Newer::key_type>() ||
                   changed<typename Older::mapped_type, typename Newer::mapped_type>();
        else return changed<From, To>();
    } else if constexpr (opens<Older>() && opens<Newer>()) {
        return changed_fields<Older, Newer>(std::make_index_sequence<field_count<Newer>>{},
                                            std::make_index_sequence<declared_items<Newer>()>{});
    } else return Changed<Older, Newer>{};
}

template <class Older, class Newer>
constexpr void carry(const Older& from, Newer& to);
template <class Older, class Newer>
constexpr void carry_elements(const Older& from, Newer& to) {
    constexpr Kind kind = kind_v<Newer>;
    const auto made = [](const auto& old, auto element) {
        carry(old, element);
        return element;
    };
    if constexpr (kind == Kind::optional) {
        to.reset();
        if (from.has_value()) to.emplace(made(*from, typename Newer::value_type{}));
    } else {
        to.clear();
        for (const auto& old : from) {
            if constexpr (kind == Kind::map)
                to.try_emplace(made(old.first, typename Newer::key_type{}),
                               made(old.second, typename Newer::mapped_type{}));
            else if constexpr (kind == Kind::set) to.insert(made(old, typename Newer::value_type{}));
            else to.push_back(made(old, typename Newer::value_type{}));
        }
    }
}
template <class Older, class Newer>
constexpr void carry(const Older& from, Newer& to) {
    if constexpr (std::is_same_v<Older, Newer>) to = from;
    else if constexpr (widens<Older, Newer>()) to = static_cast<Newer>(from);
    else if constexpr (is_array<Older> && is_array<Newer>) {
        for (std::size_t i = 0; i < from.size(); ++i) carry(from[i], to[i]);
    } else if constexpr (same_container<Older, Newer>) carry_elements(from, to);
    else {
        for_each_target<Newer>([&]<IndexPath At>() {
            constexpr const FieldMatch& was = older_field<Older, Newer, At>;
            if constexpr (was.ok) carry(get_at<was.path>(from), get_at<At>(to));
        });
    }
}

template <class Newer, class Older>
concept has_migrated = requires(const Older& old) {
    { Newer::migrated(old) } -> std::same_as<Newer>;
};

template <class Newer>
struct ByName {
    template <class Older>
    constexpr Newer operator()(const Older& old) const {
        Newer made{};
        using Why = decltype(changed<Older, Newer>());
        if constexpr (require_same_meaning<Why::ok, Why>()) carry(old, made);
        return made;
    }
};

template <class Newer, class Older>
constexpr Newer migrate_step(const Older& old) {
    constexpr bool another = requires { &Newer::migrated; } && !has_migrated<Newer, Older>;
    static_assert(
        !another,
        "stet: migrations: the newer struct has a migrated(), but not one that takes the struct before it in the "
        "chain and returns its own: static constexpr Newer migrated(const Older& old)");
    if constexpr (has_migrated<Newer, Older>) return Newer::migrated(old);
    else return ByName<Newer>{}(old);
}

template <class From, class... Rest>
struct MigrateOn {
    static constexpr const From& run(const From& last) { return last; }
};
template <class From, class Next, class... Rest>
struct MigrateOn<From, Next, Rest...> {
    static constexpr auto run(const From& old) { return MigrateOn<Next, Rest...>::run(migrate_step<Next>(old)); }
};

template <class Chain>
struct LastOf {
    using type = void;
};
template <class First, class... Rest>
struct LastOf<migrations<First, Rest...>> {
    using type = typename LastOf<migrations<Rest...>>::type;
};
template <class Only>
struct LastOf<migrations<Only>> {
    using type = Only;
};

// Does every renamed_from of a struct name a field of another one of the chain?
template <class Newer, class... Versions>
constexpr bool knows_names() {
    if constexpr (has_schema<Newer>)
        for (const Declared& one : declarations<Newer>.all)
            if (!one.renamed_from.empty() && !(whole_field<Versions>(one.renamed_from).ok || ...)) return false;
    return true;
}
template <class... Versions>
constexpr bool require_known_names(migrations<Versions...>) {
    static_assert(
        sizeof...(Versions) < 2 || (knows_names<Versions, Versions...>() && ...),
        "stet: migrations: a renamed_from(\"...\") names a field that no struct of the chain has; write the path "
        "as it stood there");
    return true;
}

template <class>
inline constexpr bool is_migrations = false;
template <class... Versions>
inline constexpr bool is_migrations<migrations<Versions...>> = true;
struct IsMigrations {
    template <class P>
    static constexpr bool of = is_migrations<P>;
};

}  // namespace detail

/// `by_name<Config>(old)`: fields of the same name, or that say `renamed_from`, come over, as numbers where the type
/// became wider, in nested structs and arrays, too; new ones have their default, those that are gone are left behind.
template <class Newer>
inline constexpr detail::ByName<Newer> by_name{};

namespace detail {

template <class T, class Older, class First, class... Rest>
constexpr T migrate_from(const Older& old, migrations<First, Rest...>) {
    if constexpr (std::is_same_v<Older, First>) return MigrateOn<First, Rest...>::run(old);
    else return migrate_from<T>(old, migrations<Rest...>{});
}

}  // namespace detail

/// `migrated<Config>(old, migrations<ConfigV1, ConfigV2, Config>{})`: all the steps from `old` on.
template <class T, class Older, class... Versions>
constexpr T migrated(const Older& old, [[maybe_unused]] migrations<Versions...> chain) {
    static_assert(std::is_same_v<typename detail::LastOf<migrations<Versions...>>::type, T>,
                  "stet: migrations: the last struct of the chain is the one of today");
    static_assert((std::is_same_v<Older, Versions> || ...), "stet: migrations: this struct is not in the chain");
    static_assert(detail::require_known_names(migrations<Versions...>{}));
    return detail::migrate_from<T>(old, chain);
}

}  // namespace stet
