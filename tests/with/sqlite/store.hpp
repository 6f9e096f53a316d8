#pragma once
// What the proofs over SQLite share: settings, what can be done to them, and all that can be seen of them as text.

#include <stet/with/nlohmann_json/write.hpp>
#include <stet/with/sqlite.hpp>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace store {

struct Route {
    int id = 0;
    std::string to;
};
struct Llm {
    std::string model = "gpt-4";
    double temperature = 0.2;
};
struct Settings {
    std::string name = "bot";
    int counter = 0;
    int port = 8080;
    Llm llm;
    std::vector<Route> routes{{1, "home"}, {2, "away"}};
    std::map<std::string, int> limits{{"gpt-4", 10}, {"o1", 20}};
    std::optional<int> spare;
    std::string notes;

    static constexpr auto schema() {
        using stet::field;
        return stet::fields(field<&Settings::port>(stet::in_range(1, 65535)),
                            field<&Settings::routes>(stet::keyed_by<&Route::id>));
    }
};

/// The same for all: a store that is opened again goes on with it.
struct Clock {
    static inline stet::Time time = 1000;
    stet::Time now() { return time += 10; }
};

inline auto open(const stet::Sqlite& file) {
    return stet::open<Settings>(stet::Sqlite(file), stet::if_empty(Settings{}),
                                stet::if_provisional(stet::keep_waiting), Clock{});
}
using Opened = decltype(open(std::declval<const stet::Sqlite&>()));
using Store = typename Opened::value_type;

inline std::string text(const Settings& settings) { return stet::to_json(settings).dump(); }

/// All that a user can see.
template <class V>
std::string dump(const V& store) {
    std::string out = std::to_string(store.head()) + " " + std::to_string(store.size()) + "\n";
    out += text(store.current()) + "\n";
    for (const stet::Revision& revision : store.history()) {
        const auto at = store.at(revision.number);
        out += std::to_string(revision.number) + "<" + std::to_string(revision.previous) + " " + revision.author + " " +
               revision.reason + " " + std::to_string(revision.origin.kind) + " " +
               (revision.deadline != 0 ? "provisional " : "") +
               (at ? text(at->value()) : std::string(at.error().why().view())) + "\n";
    }
    for (const stet::Pin& pin : store.snapshots()) out += pin.name + "=" + std::to_string(pin.number) + "\n";
    return out;
}

/// Numbers without gaps from `floor` to the head, each made of the one before.
template <class V>
bool unbroken(const V& store) {
    stet::Number next = store.head();
    for (const stet::Revision& revision : store.history()) {
        if (revision.number < store.storage().floor()) break;  // only its name keeps it
        if (revision.number != next || revision.previous != next - 1) return false;
        --next;
    }
    return next + 1 == store.storage().floor();
}

/// One more; what waits for its confirmation gets it first.
template <class V>
auto go_on(V& store, const stet::Change& change = {}) {
    if (store.waiting())
        if (auto confirmed = store.confirm(store.head()); !confirmed) return confirmed;
    return store.commit([](Settings& v) { ++v.counter; }, change);
}

/// How many cases: STET_CASES if it is set.
inline int cases(int usual) {
    const char* const set = std::getenv("STET_CASES");
    return set == nullptr ? usual : std::atoi(set);
}

}  // namespace store
