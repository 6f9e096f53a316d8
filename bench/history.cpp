// Recorded edits of one leaf, undo and redo beside a hand-written inverse of that one leaf; and the merge of two
// patches of one leaf each, which must not depend on the size of the struct (a leaf that lies deeper costs more).

#include "frame.hpp"
#include "inverse.hpp"
#include "structs.hpp"

#include <stet/stet.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>

namespace {

using namespace bench;

constexpr std::size_t kept = 100;

/// The leaf that is edited: the same one as by hand.
template <class T>
struct Leaf;
template <>
struct Leaf<S> {
    static constexpr auto path = field<"audio.sfx">;
    static float value(std::uint32_t n) { return static_cast<float>(n & 0xFFU) / 256; }
    static std::uint32_t place(const S& s) { return hand::place(s, s.audio.sfx); }
};
template <>
struct Leaf<M> {
    static constexpr auto path = field<"db.pool_max">;
    static int value(std::uint32_t n) { return 64 + static_cast<int>(n & 0xFFU); }
    static std::uint32_t place(const M& m) { return hand::place(m, m.db.pool_max); }
};
template <>
struct Leaf<L> {
    static float value(std::uint32_t n) { return static_cast<float>(n & 0xFFU); }
};
std::uint32_t entity(std::uint32_t n) { return n * 7919U % entity_count; }

template <class Kept>
struct Stet {
    template <class T, std::size_t N = kept>
    class History {
    public:
        explicit History(const T& value) : history_(value) {}
        bool edit(std::uint32_t n) {
            return static_cast<bool>(history_.edit([n](auto& edit) {
                if constexpr (std::is_same_v<T, L>)
                    edit.at(field<"entities">)[entity(n)].set(field<"hp">, Leaf<T>::value(n));
                else edit.set(Leaf<T>::path, Leaf<T>::value(n));
            }));
        }
        bool set(std::uint32_t n) {
            if constexpr (std::is_same_v<T, L>) return static_cast<bool>(history_.set(field<"tick">, n));
            else return static_cast<bool>(history_.set(Leaf<T>::path, Leaf<T>::value(n)));
        }
        bool undo() { return static_cast<bool>(history_.undo()); }
        bool redo() { return static_cast<bool>(history_.redo()); }
        auto group() { return history_.group(); }

    private:
        stet::History<T, N, Kept> history_;
    };
};
struct Hand {
    template <class T, std::size_t N = kept>
    class History {
    public:
        explicit History(const T& value) : history_(value) {}
        bool edit(std::uint32_t n) {
            if constexpr (std::is_same_v<T, L>) return history_.commit(entity(n), Leaf<T>::value(n));
            else return history_.commit(Leaf<T>::place(history_.current()), Leaf<T>::value(n));
        }
        bool set(std::uint32_t n) { return edit(n); }
        bool undo() { return history_.undo(); }
        bool redo() { return history_.redo(); }

    private:
        hand::Inverse<T, N> history_;
    };
};

template <class Who, class T>
void edit_one(State& state) {
    typename Who::template History<T> history(make<T>());
    benchmark::DoNotOptimize(&history);
    std::uint32_t n = 0;
    for (; n < 3 * kept; ++n)
        if (!history.edit(n)) wrong("an edit was refused");
    measure(state, [&] { return history.edit(n++); });
}
template <class Who, class T>
void set_one(State& state) {
    typename Who::template History<T> history(make<T>());
    benchmark::DoNotOptimize(&history);
    std::uint32_t n = 0;
    for (; n < 3 * kept; ++n)
        if (!history.set(n)) wrong("an edit was refused");
    measure(state, [&] { return history.set(n++); });
}
template <class Who, class T>
void undo_redo(State& state) {
    typename Who::template History<T> history(make<T>());
    benchmark::DoNotOptimize(&history);
    for (std::uint32_t n = 0; n < 3 * kept; ++n)
        if (!history.edit(n)) wrong("an edit was refused");
    std::size_t n = 0;
    measure(state, [&] { return n++ / (kept / 2) % 2 == 0 ? history.undo() : history.redo(); });  // down, and up again
}
// One more edit in a group that has a thousand already.
template <class T>
void edit_grouped(State& state) {
    Stet<stet::Changes>::History<T> history(make<T>());
    const auto group = history.group();
    std::uint32_t n = 0;
    for (; n < 1000; ++n)
        if (!history.edit(n)) wrong("an edit was refused");
    measure(state, [&] { return history.edit(n++); });
}

// `ours` and `theirs` of one leaf each.
template <class T>
void merge_one(State& state) {
    const T base = make<T>();
    T ours = base;
    T theirs = base;
    if constexpr (std::is_same_v<T, L>) {
        ours.entities[11].hp = 5;
        theirs.entities[7919].x = 6;
    } else if constexpr (std::is_same_v<T, M>) {
        ours.db.pool_max = 100;
        theirs.timeouts.read_ms = 7;
    } else {
        ours.audio.sfx = 0.25F;
        theirs.difficulty = 1;
    }
    const auto a = stet::diff(base, ours);
    const auto b = stet::diff(base, theirs);
    measure(state, [&] { return stet::rebase(a, b); });
}

// The same two changes of an L with more entities or fewer.
template <std::size_t Entities>
void merge_sized(State& state) {
    L base = make<L>();
    base.entities.resize(Entities, base.entities.front());
    L ours = base;
    L theirs = base;
    ours.entities[11].hp = 5;
    theirs.entities[79].x = 6;
    const auto a = stet::diff(base, ours);
    const auto b = stet::diff(base, theirs);
    measure(state, [&] { return stet::rebase(a, b); });
}

// What a retained step of one leaf takes.
template <class Who, class T>
void step_bytes(State& state) {
    const auto bytes = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
        const std::int64_t before = held;
        const auto history = std::make_unique<typename Who::template History<T, N>>(make<T>());
        for (std::uint32_t n = 0; n < 3 * N; ++n)
            if (!history->edit(n)) wrong("an edit was refused");
        return static_cast<double>(held - before);
    };
    weigh(state, [&] {
        const double few = bytes(std::integral_constant<std::size_t, 1000>{});
        return (bytes(std::integral_constant<std::size_t, 3000>{}) - few) / 2000;
    });
}

template <class Who, class T>
void add_all(const std::string& name, const std::string& who) {
    add("edit/one/" + name + "/" + who, edit_one<Who, T>);
    add("set/one/" + name + "/" + who, set_one<Who, T>);
    add("undo/one/" + name + "/" + who, undo_redo<Who, T>);
    add("bytes/step/" + name + "/" + who, step_bytes<Who, T>);
}
template <class T>
void add_struct(const std::string& name) {
    add_all<Hand, T>(name, "hand");
    add_all<Stet<stet::Changes>, T>(name, "stet");
    add("merge/disjoint/" + name + "/stet", merge_one<T>);
}

}  // namespace

int main(int argc, char** argv) {
    add_struct<S>("S");
    add_struct<M>("M");
    add_struct<L>("L");
    add("merge/of100/L/stet", merge_sized<100>);
    add("merge/of10000/L/stet", merge_sized<10'000>);
    add("merge/of1000000/L/stet", merge_sized<1'000'000>);
    add("group/one/L/stet", edit_grouped<L>);
    return run(argc, argv);
}
