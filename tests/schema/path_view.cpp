#include <stet/schema/path_view.hpp>

#include "../both.hpp"

#include <stet/schema/print.hpp>

#include <string>

using stet::PathView;

namespace {

std::string text_of(const PathView& path) {
    std::string text;
    stet::Writer(text) << path;
    return text;
}

constexpr bool a_secret_stays_secret_inside() {
    const PathView root;
    const PathView open = root.named("open", 0);
    const PathView hidden = root.named("keys", 1, true);
    const PathView element = hidden.at(3);
    const PathView name = element.named("value", 0);
    const PathView content = name.content();
    return !root.secret() && !open.secret() && hidden.secret() && element.secret() && name.secret() && content.secret();
}

constexpr bool steps_know_what_they_go_through() {
    const PathView root;
    const PathView name = root.named("routes", 4, false, 0.5);
    const PathView element = name.at(7, 5);
    return root.step() == PathView::Step::root && root.parent() == nullptr && name.step() == PathView::Step::name &&
           name.name() == "routes" && name.index() == 4 && element.step() == PathView::Step::index &&
           element.index() == 7 && element.position() == 5 && element.parent() == &name && element.tolerance() > 0.4 &&
           element.content().tolerance() > 0.4 && root.tolerance() < 0.1;
}

}  // namespace

TEST_CASE("PathView") {
    STET_BOTH(a_secret_stays_secret_inside);
    STET_BOTH(steps_know_what_they_go_through);
}

TEST_CASE("Writer << PathView") {
    const PathView root;
    CHECK(text_of(root).empty());
    const PathView routes = root.named("server.routes", 0);
    CHECK(text_of(routes) == "server.routes");
    const PathView third = routes.at(3);
    CHECK(text_of(third) == "server.routes[3]");
    const PathView limits = third.named("limits", 1);
    CHECK(text_of(limits) == "server.routes[3].limits");
    const std::string key = "gpt-4";
    const PathView entry = stet::detail::entry_at(limits, key);
    CHECK(text_of(entry) == "server.routes[3].limits[\"gpt-4\"]");
    CHECK(entry.key<std::string>() == "gpt-4");
    const PathView inside = entry.content();
    CHECK(text_of(inside) == text_of(entry));
    CHECK(text_of(inside.named("rate", 0)) == "server.routes[3].limits[\"gpt-4\"].rate");
}

TEST_CASE("Writer << PathView that starts inside a container") {
    const PathView root;
    const PathView second = root.at(2);
    CHECK(text_of(second.named("x", 0)) == "[2].x");
    const PathView content = root.content();
    CHECK(text_of(content.named("x", 0)) == "x");
    const int key = 7;
    CHECK(text_of(stet::detail::member_at(root, key)) == "[7]");
}
