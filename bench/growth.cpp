// How the cost of one changed leaf grows with the size of the value, and with the number of states that are retained:
// for bench/plot. Names are size/edit/ENTITIES/who and kept/edit/STATES/who; `bytes` is all that is retained.

#include "frame.hpp"
#include "structs.hpp"

#include <stet/stet.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace bench;

L world(std::size_t entities) {
    L l = make<L>();
    l.entities.resize(entities, l.entities.front());
    return l;
}
std::uint32_t entity(const L& l, std::uint32_t n) { return n * 7919U % static_cast<std::uint32_t>(l.entities.size()); }
void change(L& l, std::uint32_t n) { l.entities[entity(l, n)].hp = static_cast<float>(n & 0xFFU); }
void change(M& m, std::uint32_t n) { m.db.pool_max = 64 + static_cast<int>(n & 0xFFU); }

/// Recorded edits.
template <class T, std::size_t N>
class Edits {
public:
    explicit Edits(const T& value) : history_(value) {}
    bool edit(std::uint32_t n) {
        return static_cast<bool>(history_.edit([&](auto& edit) {
            if constexpr (std::is_same_v<T, L>)
                edit.at(field<"entities">)[entity(history_.current(), n)].set(field<"hp">,
                                                                              static_cast<float>(n & 0xFFU));
            else edit.set(field<"db.pool_max">, 64 + static_cast<int>(n & 0xFFU));
        }));
    }

private:
    stet::History<T, N, stet::Changes> history_;
};
/// A function that changes whatever it likes: what changed is found by comparing.
template <class T, std::size_t N>
class Commits {
public:
    explicit Commits(const T& value) : history_(value) {}
    bool edit(std::uint32_t n) {
        return static_cast<bool>(history_.commit([n](T& value) { change(value, n); }));
    }

private:
    stet::History<T, N, stet::Changes> history_;
};
template <class T, std::size_t N>
class Copies {
public:
    explicit Copies(const T& value) : states_{value} {}
    bool edit(std::uint32_t n) {
        if (states_.size() == N) {  // its memory is used again
            states_.push_back(std::move(states_.front()));
            states_.pop_front();
            states_.back() = *(states_.end() - 2);
        } else states_.push_back(states_.back());
        change(states_.back(), n);
        return true;
    }

private:
    std::deque<T> states_;
};
template <class T, std::size_t N>
class Pointers {
public:
    explicit Pointers(const T& value) : states_{std::make_shared<const T>(value)} {}
    bool edit(std::uint32_t n) {
        auto next = std::make_shared<T>(*states_.back());
        change(*next, n);
        states_.push_back(std::move(next));
        if (states_.size() > N) states_.pop_front();
        return true;
    }

private:
    std::deque<std::shared_ptr<const T>> states_;
};

template <class Who, class T>
void grow(State& state, const T& value, std::size_t fill) {
    counts_bytes = true;
    held = 0;
    {
        auto who = std::make_unique<Who>(value);
        std::uint32_t n = 0;
        while (n < fill) who->edit(n++);
        const auto bytes = static_cast<double>(held);
        counts_bytes = false;
        measure(state, [&] { return who->edit(n++); });
        state.counters["bytes"] = bytes;
    }
}
template <std::size_t Entities, template <class, std::size_t> class Who>
void by_size(State& state) {
    grow<Who<L, 10>>(state, world(Entities), 20);
}
template <std::size_t N, template <class, std::size_t> class Who>
void by_kept(State& state) {
    grow<Who<M, N>>(state, make<M>(), 2 * N);
}

template <std::size_t Entities>
void add_size() {
    const std::string name = "size/edit/" + std::to_string(Entities) + '/';
    add(name + "stet", by_size<Entities, Edits>);
    add(name + "stet_commit", by_size<Entities, Commits>);
    add(name + "copies", by_size<Entities, Copies>);
    add(name + "shared_ptr", by_size<Entities, Pointers>);
}
template <std::size_t N>
void add_kept() {
    const std::string name = "kept/edit/" + std::to_string(N) + '/';
    add(name + "stet", by_kept<N, Edits>);
    add(name + "stet_commit", by_kept<N, Commits>);
    add(name + "copies", by_kept<N, Copies>);
    add(name + "shared_ptr", by_kept<N, Pointers>);
}

}  // namespace

int main(int argc, char** argv) {
    add_size<10>(), add_size<100>(), add_size<1'000>(), add_size<10'000>(), add_size<100'000>();
    add_kept<10>(), add_kept<100>(), add_kept<1'000>(), add_kept<10'000>();
    return run(argc, argv);
}
