// Whatever fails in the middle of a verb, a copy, move, comparison or allocation, the k-th for every k: afterwards all
// is as it was, audit trail included, and goes on working; or the verb was done.
#include <stet/stet.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <string>
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

/// A user's type of which everything may throw; its moves too, if so asked.
template <bool MoveThrows>
class Fragile {
public:
    Fragile(int value = 0) : value_(std::make_unique<int>(value)) { step(); }
    Fragile(const Fragile& other) : value_(std::make_unique<int>(other.value())) { step(); }
    Fragile(Fragile&& other) noexcept(!MoveThrows) {
        if (MoveThrows) step();
        value_.swap(other.value_);
    }
    Fragile& operator=(const Fragile& other) {
        step();
        value_ = std::make_unique<int>(other.value());
        step();
        return *this;
    }
    Fragile& operator=(Fragile&& other) noexcept(!MoveThrows) {
        if (MoveThrows) step();
        value_.swap(other.value_);
        return *this;
    }
    bool operator==(const Fragile& other) const {
        step();
        return value() == other.value();
    }
    int value() const { return value_ == nullptr ? 0 : *value_; }

private:
    std::unique_ptr<int> value_;
};

template <bool MoveThrows>
struct Document {
    using Part = Fragile<MoveThrows>;
    struct Item {
        int id = 0;
        Part part;
    };
    Part part;
    std::vector<Part> list;
    std::vector<Item> items;
    std::map<int, Part> map;
    std::optional<Part> maybe;
    std::string name = "a name that is too long for the place inside a string";
    std::set<std::string> tags{"a tag that is too long for the place inside a string"};
    int number = 1;
    int hits = 0;

    static constexpr auto schema() {
        using stet::field;
        return stet::fields(field<&Document::number>(stet::in_range(1, 100)), field<&Document::hits>(stet::transient),
                            field<&Document::items>(stet::keyed_by<&Item::id>));
    }
};

template <class T>
T fresh() {  // g++ 12 fails inside on T{}
    T value;
    return value;
}

std::string long_text(int number) {
    return "a text that is too long for the place inside a string " + std::to_string(number);
}

template <bool M>
std::string dump(const Document<M>& d) {
    std::string out = std::to_string(d.part.value()) + " list";
    for (const auto& part : d.list) out += ' ' + std::to_string(part.value());
    out += " items";
    for (const auto& item : d.items) out += ' ' + std::to_string(item.id) + ':' + std::to_string(item.part.value());
    out += " map";
    for (const auto& [key, part] : d.map) out += ' ' + std::to_string(key) + ':' + std::to_string(part.value());
    out += d.maybe ? " maybe " + std::to_string(d.maybe->value()) : " none";
    out += ' ' + d.name;
    for (const auto& tag : d.tags) out += ' ' + tag;
    return out + ' ' + std::to_string(d.number) + ' ' + std::to_string(d.hits);
}

// Edits that reach every kind of leaf, in turn.
template <bool M>
void edit(Document<M>& d, int n) {
    d.number = 1 + n;
    switch (n % 5) {
        case 0:
            d.part = 100 + n;
            d.list.insert(d.list.begin(), n);
            d.maybe = n;
            break;
        case 1:
            d.items.push_back({n, n});
            d.map[n] = n;
            d.name = long_text(n);
            break;
        case 2:
            d.tags.insert(long_text(n));
            if (d.maybe) d.maybe = 50 + n;
            if (!d.list.empty()) d.list.back() = 60 + n;
            break;
        case 3:
            d.maybe.reset();
            d.tags.erase(d.tags.begin());
            if (!d.items.empty()) d.items[0].part = 70 + n;
            for (auto& [key, part] : d.map) part = key + n;
            break;
        case 4:
            if (!d.list.empty()) d.list.erase(d.list.begin());
            if (!d.items.empty()) d.items.erase(d.items.begin());
            if (!d.map.empty()) d.map.erase(d.map.begin());
            d.part = n;
            break;
    }
}

template <bool M>
struct WithVersioned {
    using T = Document<M>;
    using State = stet::Versioned<T, stet::Memory<T, 3>, stet::AuditLog>;

    static State start() {
        State state(fresh<T>(), {}, stet::AuditLog{});
        for (int n = 0; n < 7; ++n) {
            state.commit([&](T& d) { edit(d, n); }).value();
            if (n == 1) state.snapshot("early").value();
            if (n == 2) state.snapshot("middle").value();
            if (n == 5) state.snapshot("late").value();
        }
        return state;
    }
    static std::string dump_all(const State& state) {
        std::string out = std::to_string(state.head()) + '\n' + dump(state.current()) + '\n';
        for (const stet::Revision& revision : state.history())
            out += std::to_string(revision.number) + ' ' + revision.author + ' ' +
                   dump(state.at(revision.number)->value()) + '\n';
        for (const stet::Pin& pin : state.snapshots()) out += pin.name + std::to_string(pin.number) + '\n';
        for (const stet::AuditRecord& record : state.audit().records())
            out += std::to_string(record.sequence) + std::to_string(static_cast<int>(record.outcome)) + ' ';
        return out;
    }
    // Each returns whether it was done.
    static auto verbs() {
        using stet::field;
        using Verb = bool (*)(State&, const stet::Plan<T>&);
        static const stet::Change who{.author = "an author that is too long for the place inside a string",
                                      .metadata = {{"k", "v"}}};
        return std::vector<std::pair<const char*, Verb>>{
            {"commit 0", [](State& s, const auto&) { return s.commit([](T& d) { edit(d, 20); }, who).has_value(); }},
            {"commit 1", [](State& s, const auto&) { return s.commit([](T& d) { edit(d, 21); }, who).has_value(); }},
            {"commit 2", [](State& s, const auto&) { return s.commit([](T& d) { edit(d, 22); }, who).has_value(); }},
            {"commit 3", [](State& s, const auto&) { return s.commit([](T& d) { edit(d, 23); }, who).has_value(); }},
            {"commit 4", [](State& s, const auto&) { return s.commit([](T& d) { edit(d, 24); }, who).has_value(); }},
            {"commit(value)", [](State& s, const auto&) { return s.commit(fresh<T>(), who).has_value(); }},
            {"commit, transient only",
             [](State& s, const auto&) { return s.commit([](T& d) { d.hits = 5; }).has_value(); }},
            {"commit, refused",
             [](State& s, const auto&) { return !s.commit([](T& d) { d.number = 0; }).has_value(); }},
            {"set text", [](State& s, const auto&) { return s.set(field<"name">, long_text(9)).has_value(); }},
            {"set number", [](State& s, const auto&) { return s.set(field<"number">, 42, who).has_value(); }},
            {"set part", [](State& s, const auto&) { return s.set(field<"part">, Fragile<M>(9)).has_value(); }},
            {"set list",
             [](State& s, const auto&) {
                 return s.set(field<"list">, std::vector<Fragile<M>>{1, 2, 3, 4}).has_value();
             }},
            {"set, refused", [](State& s, const auto&) { return !s.set(field<"number">, 0).has_value(); }},
            {"edit",
             [](State& s, const auto&) {
                 return s
                     .edit(
                         [](auto& e) {
                             e.set(field<"part">, Fragile<M>(9));
                             e.at(field<"list">).insert(0, 8);
                             e.at(field<"list">).erase(1);
                             e.at(field<"items">).push_back({77, 7});
                             e.at(field<"items">)[0].set(field<"part">, Fragile<M>(6));
                             e.at(field<"map">).insert(77, 5);
                             e.at(field<"map">).erase(77);
                             e.at(field<"maybe">).set(4);
                             e.at(field<"name">).insert(3, long_text(1));
                             e.at(field<"tags">).insert(long_text(2));
                             e.set(field<"hits">, 3);
                         },
                         who)
                     .has_value();
             }},
            {"edit, refused",
             [](State& s, const auto&) {
                 return !s.edit([](auto& e) {
                              e.at(field<"list">).push_back(1);
                              e.at(field<"map">).insert(77, 5);
                              e.set(field<"number">, 0);
                          }).has_value();
             }},
            {"edit, no such element",
             [](State& s, const auto&) {
                 return !s.edit([](auto& e) {
                              e.at(field<"list">).push_back(1);
                              e.at(field<"items">)[99].set(field<"id">, 1);
                          }).has_value();
             }},
            {"set by path", [](State& s, const auto&) { return s.set("items[0].part", Fragile<M>(9)).has_value(); }},
            {"rollback", [](State& s, const auto&) { return s.rollback(who).has_value(); }},
            {"rollback_to 5", [](State& s, const auto&) { return s.rollback_to(5, who).has_value(); }},
            {"rollback_to early", [](State& s, const auto&) { return s.rollback_to("early", who).has_value(); }},
            {"revert head", [](State& s, const auto&) { return s.revert(8, who).has_value(); }},
            {"revert 7, refused", [](State& s, const auto&) { return !s.revert(7, who).has_value(); }},
            {"execute", [](State& s, const auto& plan) { return s.execute(plan, who).has_value(); }},
            {"plan_rollback", [](State& s, const auto&) { return s.plan_rollback(5).has_value(); }},
            {"snapshot", [](State& s, const auto&) { return s.snapshot(long_text(1), who).has_value(); }},
            {"release", [](State& s, const auto&) { return s.release("late", who).has_value(); }},
            {"release middle", [](State& s, const auto&) { return s.release("middle", who).has_value(); }},
            {"prune", [](State& s, const auto&) { return s.prune(2, who).has_value(); }},
            {"diff", [](State& s, const auto&) { return s.diff(5, 8).has_value(); }},
            {"at", [](State& s, const auto&) { return s.at(5).has_value() && s.at("early").has_value(); }},
            {"commit for a while", [](State& s, const auto&) { return for_a_while(s); }},
        };
    }
    static bool for_a_while(State& s) {
        return s.commit_confirmed([](T& d) { edit(d, 23); }, std::chrono::hours(1)).has_value();
    }
    static auto plan(const State& state) { return *state.plan_rollback("early"); }
    // It goes on working.
    static bool goes_on(State& state) {
        const std::string first = dump(state.at("early")->value());
        const int hits = state.current().hits;
        if (state.waiting() && !state.confirm(state.head())) return false;
        T next = state.current();
        edit(next, 31);
        if (!state.commit([](T& d) { edit(d, 31); }) || dump(state.current()) != dump(next)) return false;
        if (!state.rollback_to("early")) return false;
        return state.current().hits == hits && dump(state.current()) == first && state.rollback() &&
               state.revert(state.head());
    }
};

// With a provisional commit.
template <bool M>
struct Waiting : WithVersioned<M> {
    using typename WithVersioned<M>::State;

    static State start() {
        State state = WithVersioned<M>::start();
        if (!WithVersioned<M>::for_a_while(state)) std::abort();
        return state;
    }
    static auto verbs() {
        using Verb = bool (*)(State&, const stet::Plan<typename WithVersioned<M>::T>&);
        return std::vector<std::pair<const char*, Verb>>{
            {"confirm", [](State& s, const auto&) { return s.confirm(s.head()).has_value(); }},
            {"take_back", [](State& s, const auto&) { return s.take_back().has_value(); }},
            {"another one", [](State& s, const auto&) { return !s.rollback().has_value(); }},
        };
    }
};

// Few enough revisions that the storage grows.
template <bool M, int Revisions>
struct Young : WithVersioned<M> {
    using typename WithVersioned<M>::T;
    using typename WithVersioned<M>::State;

    static State start() {
        State state(fresh<T>(), {}, stet::AuditLog{});
        for (int n = 1; n < Revisions; ++n) state.commit([&](T& d) { edit(d, n); }).value();
        return state;
    }
    static auto verbs() {
        auto all = WithVersioned<M>::verbs();
        std::erase_if(all, [](const auto& verb) {
            const std::string name = verb.first;
            return name == "set by path" || (name.rfind("commit", 0) != 0 && name.rfind("set", 0) != 0);
        });
        return all;
    }
    static auto plan(const State& state) { return *state.plan_rollback(1); }
    static bool goes_on(State& state) {
        if (state.waiting() && !state.confirm(state.head())) return false;
        T next = state.current();
        edit(next, 31);
        return state.commit([](T& d) { edit(d, 31); }) && dump(state.current()) == dump(next) && state.rollback() &&
               state.revert(state.head());
    }
};

template <bool M>
struct WithHistory {
    using T = Document<M>;
    using State = stet::History<T, 4>;

    // The ring has turned, and two steps can be done again.
    static std::unique_ptr<State> start() {
        auto state = std::make_unique<State>(fresh<T>());
        for (int n = 0; n < 10; ++n) state->commit([&](T& d) { edit(d, n); }).value();
        state->undo().value();
        state->undo().value();
        return state;
    }
    static std::string dump_all(std::unique_ptr<State>& state) {
        std::string out = std::to_string(state->size()) + '\n' + dump(state->current()) + '\n';
        int back = 0;
        for (; state->can_undo(); ++back) {
            state->undo().value();
            out += dump(state->current()) + '\n';
        }
        for (; back > 0; --back) state->redo().value();
        int forth = 0;
        for (; state->can_redo(); ++forth) {
            state->redo().value();
            out += dump(state->current()) + '\n';
        }
        for (; forth > 0; --forth) state->undo().value();
        return out + dump(state->current());
    }
    static auto verbs() {
        using stet::field;
        using Verb = bool (*)(std::unique_ptr<State>&, int);
        return std::vector<std::pair<const char*, Verb>>{
            {"History commit 0", [](auto& s, int) { return s->commit([](T& d) { edit(d, 20); }).has_value(); }},
            {"History commit 1", [](auto& s, int) { return s->commit([](T& d) { edit(d, 21); }).has_value(); }},
            {"History commit 3", [](auto& s, int) { return s->commit([](T& d) { edit(d, 23); }).has_value(); }},
            {"History commit 4", [](auto& s, int) { return s->commit([](T& d) { edit(d, 24); }).has_value(); }},
            {"History commit(value)", [](auto& s, int) { return s->commit(fresh<T>()).has_value(); }},
            {"History commit, refused",
             [](auto& s, int) { return !s->commit([](T& d) { d.number = 0; }).has_value(); }},
            {"History set text", [](auto& s, int) { return s->set(field<"name">, long_text(9)).has_value(); }},
            {"History set part", [](auto& s, int) { return s->set(field<"part">, Fragile<M>(9)).has_value(); }},
            {"History set, refused", [](auto& s, int) { return !s->set(field<"number">, 0).has_value(); }},
            {"History undo", [](auto& s, int) { return s->undo().has_value(); }},
            {"History redo", [](auto& s, int) { return s->redo().has_value(); }},
        };
    }
    static int plan(const std::unique_ptr<State>&) { return 0; }
    static bool goes_on(std::unique_ptr<State>& state) {
        for (int n = 40; n < 46; ++n) {
            T next = state->current();
            edit(next, n);
            if (!state->commit([&](T& d) { edit(d, n); }) || dump(state->current()) != dump(next)) return false;
        }
        return state->undo() && state->undo() && state->undo() && !state->undo() && state->redo();
    }
};

template <class With>
bool holds(const char* with) {
    bool all = true;
    for (const auto& [name, verb] : With::verbs()) {
        long k = 0;
        for (bool done = false; !done; ++k) {
            auto state = With::start();
            const auto plan = With::plan(state);
            const std::string before = With::dump_all(state);
            bool answer = false;
            try {
                steps_left = k;
                answer = verb(state, plan);
                steps_left = -1;
                done = true;
            } catch (...) {
                steps_left = -1;
            }
            if (done && !answer) {
                std::printf("%s: %s: not as expected after %ld steps\n", with, name, k);
                all = false;
            }
            if (!done && With::dump_all(state) != before) {
                std::printf("%s: %s: step %ld failed and left something behind:\n%s---\n%s\n", with, name, k,
                            before.c_str(), With::dump_all(state).c_str());
                all = false;
                break;
            }
            if (!With::goes_on(state)) {
                std::printf("%s: %s: after step %ld it does not go on\n", with, name, k);
                all = false;
                break;
            }
        }
        if (k < 2 && allocations_count) std::printf("%s: %s: only %ld steps\n", with, name, k);
    }
    return all;
}

}  // namespace

int main() {
    bool all = true;
    for (const bool memory : {false, true}) {
        allocations_count = memory;
        all &= holds<WithVersioned<false>>(memory ? "allocations" : "copies and comparisons");
        all &= holds<Waiting<false>>(memory ? "allocations, waiting" : "copies and comparisons, waiting");
        all &= holds<WithHistory<false>>(memory ? "allocations" : "copies and comparisons");
        all &= holds<Young<false, 1>>(memory ? "allocations, of 1" : "copies and comparisons, of 1");
        all &= holds<Young<false, 2>>(memory ? "allocations, of 2" : "copies and comparisons, of 2");
        all &= holds<Young<true, 3>>(memory ? "allocations and moves, of 3" : "copies, comparisons and moves, of 3");
        all &= holds<WithVersioned<true>>(memory ? "allocations, moves" : "copies, comparisons and moves");
        all &= holds<WithHistory<true>>(memory ? "allocations, moves" : "copies, comparisons and moves");
    }
    return all ? 0 : 1;
}
