#include <stet/schema/schema.hpp>

#include "../both.hpp"

#include <array>
#include <string>
#include <vector>

using stet::field;
using stet::has_schema;
using stet::detail::any_schema;
using stet::detail::key_at;
using stet::detail::marks_at;
using stet::detail::resolve;

namespace {

// What a struct says of a field of its own gives way to what the struct around it says; the rest adds up.
struct Inner {
    double own = 0, both = 0;
    static constexpr auto schema() {
        return stet::fields(stet::field<"own">(stet::tolerance(0.1)),
                            stet::field<"both">(stet::tolerance(0.1), stet::secret, stet::ours));
    }
};
struct Outer {
    Inner inner;
    static constexpr auto schema() {
        return stet::fields(stet::field<"inner">(stet::transient),
                            stet::field<"inner.both">(stet::tolerance(0.5), stet::theirs));
    }
};
template <std::size_t I>
constexpr stet::detail::Marks marks_inside = stet::detail::marks_at<Outer, stet::detail::IndexPath{}.then(0).then(I)>();
static_assert(marks_inside<0>.tolerance < 0.2 && marks_inside<0>.transient && !marks_inside<0>.secret);
static_assert(marks_inside<1>.tolerance > 0.4 && marks_inside<1>.transient && marks_inside<1>.secret);
static_assert(marks_inside<1>.favour == stet::Favour::theirs);

struct Route {
    int id = 0;
    std::string to;
};
struct Database {
    std::string host;
    std::string password;
    static constexpr auto schema() { return stet::fields(field<&Database::password>(stet::secret)); }
};
struct Cache {
    int entries = 0;
    int hits = 0;
};
struct Settings {
    std::string name;
    Database database;
    Cache cache;
    std::vector<Route> routes;
    std::vector<Route> others;
    static constexpr auto schema() {
        return stet::fields(field<&Settings::cache>(stet::transient), field<"database.host">(stet::tolerance(0.5)),
                            field<&Settings::routes>(stet::secret),
                            field<&Settings::routes>(stet::keyed_by<&Route::id>));
    }
};
struct Around {
    Settings settings;
    int own = 0;
};
struct AroundWithSchema {  // which says something else
    Settings settings;
    int own = 0;
    static constexpr auto schema() { return stet::fields(field<&AroundWithSchema::own>(stet::secret)); }
};
struct Foreign {  // cannot be edited
    int low = 0;
    int high = 0;
};
struct Template {
    int x = 0;
    static constexpr auto schema() { return stet::fields(); }
};

}  // namespace

template <>
struct stet::SchemaFor<Foreign> {
    static constexpr auto schema() { return stet::fields(field<&Foreign::low>(stet::secret)); }
};

namespace {

template <class T, auto Named>
constexpr auto marks() {
    return marks_at<T, resolve<T>(Named)>();
}

constexpr bool attributes_are_found_at_their_fields() {
    return marks<Database, field<"password">>().secret && !marks<Database, field<"host">>().secret &&
           !marks<Settings, field<"name">>().transient && marks<Settings, field<"routes">>().secret;
}

constexpr bool attributes_of_a_struct_hold_inside_it() {
    return marks<Settings, field<"cache.hits">>().transient && marks<Settings, field<"cache">>().transient &&
           marks<Around, field<"settings.cache.hits">>().transient;
}

constexpr bool attributes_of_inner_and_outer_schemas_add_up() {
    return marks<Settings, field<"database.password">>().secret &&
           marks<Settings, field<"database.host">>().tolerance > 0 &&
           marks<Around, field<"settings.database.password">>().secret && !marks<Around, field<"own">>().secret;
}

constexpr bool keys_are_found_among_what_is_said() {
    constexpr auto routes = resolve<Settings>(field<"routes">);
    constexpr auto others = resolve<Settings>(field<"others">);
    constexpr auto inside = resolve<Around>(field<"settings.routes">);
    using Keyed = stet::KeyedBy<&Route::id>;
    return std::is_same_v<decltype(key_at<Settings, routes>()), Keyed> &&
           std::is_same_v<decltype(key_at<Settings, others>()), stet::detail::NotKeyed> &&
           std::is_same_v<decltype(key_at<Around, inside>()), Keyed> &&
           std::is_same_v<decltype(key_at<AroundWithSchema, resolve<AroundWithSchema>(field<"settings.routes">)>()),
                          Keyed>;
}

struct Misspelt {
    int a = 0;
    static constexpr auto shema() { return stet::fields(field<"a">(stet::secret)); }
};

}  // namespace

TEST_CASE("T::schema(), SchemaFor<T>::schema()") {
    static_assert(has_schema<Settings>);
    static_assert(has_schema<Foreign>);
    static_assert(has_schema<Template>);
    static_assert(!has_schema<Cache>);
    static_assert(!has_schema<int>);
    static_assert(!has_schema<Misspelt>);
    static_assert(any_schema<Around>());
    static_assert(!any_schema<Cache>());
    static_assert(std::is_aggregate_v<Settings>);
    CHECK(marks<Foreign, field<"low">>().secret);
    CHECK_FALSE(marks<Foreign, field<"high">>().secret);
}

TEST_CASE("fields(field<...>(said...)...)") {
    STET_BOTH(attributes_are_found_at_their_fields);
    STET_BOTH(attributes_of_a_struct_hold_inside_it);
    STET_BOTH(attributes_of_inner_and_outer_schemas_add_up);
}

TEST_CASE("fields(field<...>(keyed_by<...>))") { STET_BOTH(keys_are_found_among_what_is_said); }
