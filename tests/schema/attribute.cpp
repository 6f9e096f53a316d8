#include <stet/schema/attribute.hpp>

#include "../both.hpp"

namespace {

struct Route {
    int id = 0;
};

constexpr bool marks_add_up() {
    stet::detail::Marks marks;
    marks.add(stet::secret);
    marks.add(stet::tolerance(0.5));
    marks.add("anything else a schema says");
    return marks.secret && !marks.transient && !marks.indivisible && marks.tolerance > 0.4;
}

constexpr bool keyed_by_reads_the_key() {
    const Route route{7};
    return stet::keyed_by<&Route::id>.key(route) == 7;
}

}  // namespace

TEST_CASE("secret, transient, indivisible, tolerance(limit)") { STET_BOTH(marks_add_up); }

TEST_CASE("keyed_by<&T::key>") {
    STET_BOTH(keyed_by_reads_the_key);
    static_assert(stet::detail::attribute<stet::KeyedBy<&Route::id>>);
    static_assert(!stet::detail::attribute<int>);
}
