// The whole record of a Versioned from JSON: what is loaded can be opened, gone on with and saved, and what is saved is
// loaded as the same.
#include <stet/open.hpp>
#include <stet/stet.hpp>
#include <stet/with/nlohmann_json/parse.hpp>
#include <stet/with/nlohmann_json/state.hpp>

#include "document.hpp"
#include "fuzz.hpp"

namespace {

using fuzz::Document;
using fuzz::require;
constexpr auto load = stet::load_state<Document, 3>;

void go_on(stet::Versioned<Document, stet::Memory<Document, 3>>& versioned) {
    const stet::Number head = versioned.head();
    stet::Number last = 0;
    for (const stet::Revision& revision : versioned.history()) {
        require(revision.number <= head && (last == 0 || revision.number < last), "numbers ascend up to the head");
        last = revision.number;
        require(versioned.at(revision.number).has_value(), "what is listed is there");
    }
    require(last != 0 && stet::equal((*versioned.at(head)).value(), versioned.current()), "the head is in force");
    const auto back = versioned.rollback_to(last);
    if (!back) fuzz::require_said(back.error());
    const auto made = versioned.commit([](Document& document) { document.size ^= 1; });
    if (!made) return fuzz::require_said(made.error());
    require(*made == head + 1 || *made == head + 2, "numbers go on");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = stet::parse_json<>(fuzz::text_of(data, size));
    if (!json) return 0;
    auto memory = load(*json);
    if (!memory) {
        require(!memory.error().violations().empty(), "what is malformed has a reason");
        fuzz::require_said(memory.error());
        return 0;
    }
    if (const auto strict = stet::open<Document>(*load(*json)); !strict) fuzz::require_said(strict.error());
    auto opened = stet::open<Document>(*std::move(memory), stet::if_broken(stet::accept));
    require(opened.has_value(), "what is loaded can be opened");
    for (int round = 0; round < 2; ++round) {
        const nlohmann::json saved = stet::save_state(*opened);
        auto again = load(saved);
        if (!again) fuzz::require_said(again.error());
        require(again.has_value(), "what is saved can be loaded");
        const auto second = stet::open<Document>(*std::move(again), stet::if_broken(stet::accept));
        require(second.has_value(), "what is saved can be opened");
        require(stet::equal(second->current(), opened->current()), "what is saved is what was there");
        require(stet::save_state(*second) == saved, "it is saved as before");
        if (round == 0) go_on(*opened);
    }
    return 0;
}
