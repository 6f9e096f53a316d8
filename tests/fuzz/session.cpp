// The session of a History from JSON, as a tree, as a line and as copies: what is loaded can be walked and gone on
// with, and what is saved is loaded as the same.
#include <stet/history_branching.hpp>
#include <stet/stet.hpp>
#include <stet/with/nlohmann_json/parse.hpp>
#include <stet/with/nlohmann_json/session.hpp>

#include "document.hpp"
#include "fuzz.hpp"

#include <type_traits>

namespace {

using fuzz::require;

template <class T, std::size_t N, class Kept>
auto load(const nlohmann::json& json) {
    if constexpr (std::is_same_v<Kept, stet::NamedCopies>)
        return stet::load_session<T, N, Kept>(json, {"move", "resize"});
    else return stet::load_session<T, N, Kept>(json);
}

template <class T, std::size_t N, class Kept, class Change>
void read_once(const nlohmann::json& json, const Change& change) {
    auto loaded = load<T, N, Kept>(json);
    if (!loaded) return fuzz::require_said(loaded.error());
    auto& history = *loaded;
    for (int round = 0; round < 2; ++round) {
        require(history.size() >= 1 && history.size() <= N && history.position() < history.size(),
                "no more is kept than there is room for");
        const auto saved = stet::save_session(history);
        require(saved.has_value(), "what is loaded can be saved");
        const auto again = load<T, N, Kept>(*saved);
        if (!again) fuzz::require_said(again.error());
        require(again.has_value(), "what is saved can be loaded");
        require(stet::equal(again->current(), history.current()), "what is saved is what was there");
        require(again->size() == history.size() && again->position() == history.position(), "with all its states");
        require(*stet::save_session(*again) == *saved, "it is saved as before");
        const T now = history.current();
        const std::size_t here = history.position();
        while (history.undo()) {
        }
        require(history.position() == 0, "all can be undone");
        while (history.redo()) {
        }
        require(history.go_to(here).has_value(), "back to where it was");
        require(stet::equal(history.current(), now), "undone and done again it is the same");
        if (const auto made = history.commit(change); !made) fuzz::require_said(made.error());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = stet::parse_json<>(fuzz::text_of(data, size));
    if (!json) return 0;
    const auto larger = [](fuzz::Document& document) { document.size ^= 1; };
    const auto next = [](fuzz::Settings& settings) { settings.port = settings.port == 1 ? 2 : 1; };
    read_once<fuzz::Document, 4, stet::Branching>(*json, larger);
    read_once<fuzz::Document, 4, stet::Changes>(*json, larger);
    read_once<fuzz::Settings, 4, stet::NamedCopies>(*json, next);
    return 0;
}
