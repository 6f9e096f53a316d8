// Whatever fails in the middle of a named, joined, grouped or watched change, or in a jump, a copy, comparison or
// allocation, the k-th for every k: afterwards the history is as it was, and goes on; or the change was made. With
// Changes and with Branching.
#include <stet/history_branching.hpp>
#include <stet/stet.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

// How many more steps go well; negative for all.
long steps_left = -1;
bool allocations_count = false;
struct Broken {};

void step() {
    if (steps_left < 0) return;
    if (steps_left == 0) throw Broken{};
    --steps_left;
}

}  // namespace

void* operator new(std::size_t size) {
    if (allocations_count && steps_left >= 0) {
        if (steps_left == 0) throw std::bad_alloc();
        --steps_left;
    }
    if (void* const place = std::malloc(size)) return place;
    throw std::bad_alloc();
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }

namespace {

using stet::field;

class Fragile {
public:
    Fragile(int value = 0) : value_(value) { step(); }
    Fragile(const Fragile& other) : value_(other.value_) { step(); }
    Fragile(Fragile&& other) noexcept : value_(other.value_) {}
    Fragile& operator=(const Fragile& other) {
        step();
        value_ = other.value_;
        step();
        return *this;
    }
    Fragile& operator=(Fragile&& other) noexcept {
        value_ = other.value_;
        return *this;
    }
    bool operator==(const Fragile& other) const {
        step();
        return value_ == other.value_;
    }
    int value() const { return value_; }

private:
    int value_;
};

struct Document {
    Fragile part;
    std::vector<Fragile> list;
    std::map<int, Fragile> map;
    std::string name = "a name that is too long for the place inside a string";
    int number = 1;

    static constexpr auto schema() { return stet::fields(field<&Document::number>(stet::in_range(1, 100))); }
};

std::string dump(const Document& d) {
    std::string out = std::to_string(d.part.value()) + ' ' + d.name + ' ' + std::to_string(d.number);
    for (const Fragile& part : d.list) out += ' ' + std::to_string(part.value());
    for (const auto& [key, part] : d.map) out += ' ' + std::to_string(key) + ':' + std::to_string(part.value());
    return out;
}
std::string long_text(int number) {
    return "a text that is too long for the place inside a string " + std::to_string(number);
}
void edit(Document& d, int n) {
    if (n % 3 == 0) d.list.insert(d.list.begin(), Fragile(n));
    else if (n % 3 == 1) d.map[n] = Fragile(n);
    else d.name = long_text(n);
    if (n % 5 == 4) d.list.clear();
    d.part = Fragile(n);
}

template <class Kept>
struct Tests {
    static constexpr bool branching = std::is_same_v<Kept, stet::Branching>;
    using History = stet::History<Document, 5, Kept>;
    using Group = decltype(std::declval<History&>().group());

    struct State {
        History history;
        std::vector<std::unique_ptr<Group>> groups;
        stet::Subscription watch;
        int before = 0, after = 0;

        // The ring has turned, and `undone` steps can be done again; or, of a tree and 3, they are on another branch.
        explicit State(bool watched, bool grouped, int undone) : history(Document()) {
            for (int n = 0; n < 10; ++n) history.commit(long_text(n), [&](Document& d) { edit(d, n); }).value();
            history.mark_saved();
            for (int n = 0; n < undone; ++n) history.undo().value();
            if (branching && undone > 0) history.commit("aside", [&](Document& d) { edit(d, 20); }).value();
            if constexpr (branching)
                if (undone > 0 && undone != 3) history.undo().value(), history.take_branch(0).value();
            if (watched)
                watch =
                    history.subscribe(field<&Document::part>, [this](const stet::Patch<Document>&, stet::When when) {
                        ++(when == stet::When::before ? before : after);
                    });
            if (!grouped) return;
            open("outer");
            history.commit([](Document& d) { edit(d, 11); }).value();
            open("inner");
            history.commit([](Document& d) { edit(d, 12); }).value();
            history.commit([](Document& d) { edit(d, 13); }).value();
        }
        void open(const char* name) {
            groups.reserve(groups.size() + 1);
            groups.push_back(std::unique_ptr<Group>(new Group(history.group(name))));
        }
        void end_inner() {
            if (groups.size() == 2) groups.pop_back();
        }
        std::string all() {
            std::string out = dump(history.current()) + '\n' + std::to_string(history.size()) + ' ' +
                              std::to_string(history.position()) + (history.dirty() ? " dirty " : " ") +
                              std::string(history.undo_name()) + ' ' + std::string(history.redo_name()) + '\n';
            if (!groups.empty()) return out;
            History copy(history);
            for (std::size_t i = 0; i < history.size(); ++i) {
                copy.go_to(i).value();
                out += dump(copy.current()) + ' ' + std::string(copy.name(i)) + '\n';
            }
            if constexpr (branching)
                history.each_state([&](const stet::StateInfo& state) {
                    copy.go_to_state(state.number).value();
                    out +=
                        std::to_string(state.number) + ' ' + dump(copy.current()) + (state.saved ? " saved\n" : "\n");
                });
            return out;
        }
        bool goes_on() {
            while (!groups.empty()) groups.pop_back();
            const std::string last = dump(history.current());
            for (int n = 40; n < 46; ++n)
                if (!history.commit("on", [&](Document& d) { edit(d, n); })) return false;
            for (int n = 0; n < 4; ++n)
                if (!history.undo()) return false;
            return !history.undo() && history.go_to(4) && history.redo_name().empty();
        }
    };

    using Verb = bool (*)(State&);
    struct Case {
        const char* name;
        bool grouped;
        int undone;
        Verb verb;
        bool of_tree = false;
    };

    static inline const Case cases[] = {
        {"commit(name)", false, 2,
         [](State& s) { return s.history.commit(long_text(7), [](Document& d) { edit(d, 21); }).has_value(); }},
        {"commit(name), full", false, 0,
         [](State& s) { return s.history.commit(long_text(7), [](Document& d) { edit(d, 21); }).has_value(); }},
        {"set(name)", false, 1,
         [](State& s) { return s.history.set(long_text(7), field<"part">, Fragile(77)).has_value(); }},
        {"go_to, back", false, 0, [](State& s) { return s.history.go_to(0).has_value(); }},
        {"go_to, forth", false, 4, [](State& s) { return s.history.go_to(3).has_value(); }},
        {"undo", false, 0, [](State& s) { return s.history.undo().has_value(); }},
        {"redo", false, 2, [](State& s) { return s.history.redo().has_value(); }},
        {"amend", false, 0, [](State& s) { return s.history.amend([](Document& d) { edit(d, 21); }).has_value(); }},
        {"group", false, 2,
         [](State& s) {
             auto group = s.history.group("a name that is too long for the place inside a string");
             return true;
         }},
        {"in groups: commit", true, 2,
         [](State& s) { return s.history.commit([](Document& d) { edit(d, 24); }).has_value(); }},
        {"in groups: set", true, 0, [](State& s) { return s.history.set(field<"name">, long_text(8)).has_value(); }},
        {"in groups: cancel", true, 1,
         [](State& s) {
             if (!s.groups.back()->cancel()) return false;
             s.groups.pop_back();
             return true;
         }},
        {"in groups: close", true, 2, [](State& s) { return s.end_inner(), s.groups.back()->close(), true; }},
        {"in groups: cancel the outer one", true, 0,
         [](State& s) { return s.end_inner(), s.groups.back()->cancel().has_value(); }},
        {"in groups: group", true, 1,
         [](State& s) {
             auto group = s.history.group("another");
             return true;
         }},
        {"go_to_state, on another branch", false, 2,
         [](State& s) {
             if constexpr (branching) return s.history.go_to_state(12).has_value();
             else return true;
         },
         true},
        {"go_to_state, to another branch", false, 3,
         [](State& s) {
             if constexpr (branching) return s.history.go_to_state(10).has_value();
             else return true;
         },
         true},
        {"at_state, take_branch", false, 2,
         [](State& s) {
             if constexpr (branching) return s.history.at_state(12) && s.history.take_branch(1);
             else return true;
         },
         true},
    };

    static bool joined(const char* what) {
        bool all = true;
        for (long k = 0, done = 0; done == 0; ++k) {
            State state(true, false, 0);
            state.history.coalesce([](const auto&, const auto&) { return true; });
            state.history.set("first", field<"part">, Fragile(1)).value();
            const std::string before = dump(state.history.current());
            const std::size_t size = state.history.size();
            try {
                steps_left = k;
                done = state.history.commit([](Document& d) { edit(d, 30); }).has_value() ? 1 : 2;
            } catch (...) {
            }
            steps_left = -1;
            const bool right = state.history.size() == size && (done != 0 || dump(state.history.current()) == before);
            if (!right || done == 2 || !state.history.undo() || !state.goes_on()) {
                std::printf("%s: coalesced: step %ld left something behind\n", what, k);
                all = false;
                break;
            }
        }
        return all;
    }

    // From the first state on.
    static bool grows(const char* what) {
        bool done = false;
        for (long k = 0; !done; ++k) {
            History history{Document()};
            std::size_t made = 1;
            try {
                steps_left = k;
                for (; made < 5; ++made) history.commit("grow", [&](Document& d) { edit(d, int(made)); }).value();
                done = true;
            } catch (...) {
            }
            steps_left = -1;
            if (history.size() == made && history.current().part.value() == int(made) - 1) continue;
            std::printf("%s: growing: step %ld left something behind\n", what, k);
            return false;
        }
        return true;
    }

    // A destructor that cannot make its step keeps the value, and no other step.
    static bool ends(const char* what) {
        std::size_t size = 1;
        for (long k = 0; size == 1; ++k) {
            History history{Document()};
            history.commit("before", [](Document& d) { edit(d, 1); }).value();
            {
                const auto group = history.group("group");
                for (int i = 2; i < 7; ++i) history.commit([&](Document& d) { edit(d, i); }).value();
                steps_left = k;
            }
            steps_left = -1;
            size = history.size();
            bool right = history.current().part.value() == 6 && history.dirty() && (size == 1 || (size == 3 && k > 0));
            history.commit("after", [](Document& d) { edit(d, 7); }).value();
            right = right && history.size() == size + 1 && history.undo() && history.current().part.value() == 6;
            right = right && history.can_undo() == (size == 3) && history.redo();
            if (right) continue;
            std::printf("%s: end of a group: step %ld left something behind\n", what, k);
            return false;
        }
        return true;
    }

    static bool assigned(const char* what) {
        History other{Document()};
        for (int i = 1; i < 5; ++i) other.commit("other", [&](Document& d) { edit(d, 10 + i); }).value();
        for (long k = 0, done = 0; done == 0; ++k) {
            History history{Document()};
            history.commit("mine", [](Document& d) { edit(d, 1); }).value();
            const std::string before = dump(history.current());
            try {
                steps_left = k;
                history = other;
                done = 1;
            } catch (...) {
            }
            steps_left = -1;
            const bool right = done != 0 ? history.size() == other.size() && history.undo_name() == "other"
                                         : dump(history.current()) == before && history.undo_name() == "mine";
            if (right && history.undo() && history.redo()) continue;
            std::printf("%s: assigned: step %ld left something behind\n", what, k);
            return false;
        }
        return true;
    }

    static bool holds(const char* what) {
        bool all = joined(what) && grows(what) && ends(what) && assigned(what);
        for (const Case& test : cases)
            for (const bool watched : {false, true}) {
                if (test.of_tree && !branching) continue;
                long k = 0;
                for (bool done = false; !done; ++k) {
                    State state(watched, test.grouped, test.undone);
                    const std::string before = state.all();
                    bool answer = false;
                    try {
                        steps_left = k;
                        answer = test.verb(state);
                        done = true;
                    } catch (...) {
                    }
                    steps_left = -1;
                    if (done && !answer) {
                        std::printf("%s: %s: refused\n", what, test.name);
                        all = false;
                    }
                    if (!done && state.all() != before) {
                        std::printf("%s: %s%s: step %ld failed and left something behind:\n%s---\n%s", what, test.name,
                                    watched ? ", watched" : "", k, before.c_str(), state.all().c_str());
                        all = false;
                        break;
                    }
                    if (!state.goes_on()) {
                        std::printf("%s: %s: after step %ld it does not go on\n", what, test.name, k);
                        all = false;
                        break;
                    }
                }
                if (k < 2 && allocations_count) std::printf("%s: %s: only %ld steps\n", what, test.name, k);
            }
        return all;
    }
};

}  // namespace

int main() {
    bool all = Tests<stet::Changes>::holds("copies and comparisons");
    all &= Tests<stet::Branching>::holds("a tree: copies and comparisons");
    allocations_count = true;
    all &= Tests<stet::Changes>::holds("allocations");
    all &= Tests<stet::Branching>::holds("a tree: allocations");
    return all ? 0 : 1;
}
