// A path from text: what is parsed leads to the same place again, and what is not has a nearest one that is.
#include <stet/stet.hpp>

#include "document.hpp"
#include "fuzz.hpp"

namespace {

using fuzz::Document;
using fuzz::require;
using Path = stet::Path<Document>;

Document sample() {
    Document document;
    document.shapes = {{1, "a", fuzz::Point{1, 2}}, {2, "b", {}}};
    document.limits = {{"gpt-4", 10}, {"a\"b]\\", 20}, {"", 30}};
    document.places = {{{1, 2}, "x"}};
    document.tags = {"t"};
    document.maybe = 3;
    document.either = fuzz::Shape{7, "s", {}};
    document.tree.below = {{1, {{2, {}}}}};
    return document;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    const auto path = Path::parse(text);
    if (!path) {
        fuzz::require_said(path.error());
        const std::string_view nearest = path.error().nearest();
        if (!nearest.empty() && nearest.find("...") == std::string_view::npos)
            require(Path::parse(nearest).has_value(), "the nearest path is one");
        return 0;
    }
    require(path->text() == text, "a path is what was written");
    require(*path == *Path::parse(path->text()), "a path is itself");
    require(path->leaves().count >= 1 && path->inside().size() <= text.size(), "a path covers leaves");
    const Document before = sample();
    Document after = before;
    bool there = false;
    const auto visited = path->visit(after, [&](auto& part) {
        there = true;
        part = std::remove_reference_t<decltype(part)>{};
    });
    require(there == visited.has_value(), "what is visited is there");
    if (!visited) fuzz::require_said(visited.error());
    const auto patch = stet::diff(before, after);
    require(patch.empty() || path->touched_by(patch), "what was changed through a path touches it");
    stet::History<Document, 2> history(before);
    for (int i = 0; i < 2; ++i) {
        const auto set = i == 0 ? history.set(*path, 5) : history.set(*path, std::string("x"));
        if (!set) fuzz::require_said(set.error());
        else require(there, "what is set is there");
    }
    return 0;
}
