// What a History<T, N, Changes> takes, counted: at most 40 bytes for a step of one leaf with its name and time,
// whatever the size of T; and nothing is allocated once it is full, nor by undo and redo.

#include "../../bench/structs.hpp"

#include <stet/stet.hpp>

#include <cstdio>
#include <cstdlib>
#include <new>

namespace {

long allocations = 0;
std::size_t in_use = 0;

}  // namespace

void* operator new(std::size_t size) {
    auto* const memory = static_cast<std::max_align_t*>(std::malloc(size + sizeof(std::max_align_t)));
    if (memory == nullptr) std::abort();
    *reinterpret_cast<std::size_t*>(memory) = size;
    ++allocations;
    in_use += size;
    return memory + 1;
}
void operator delete(void* memory) noexcept {
    if (memory == nullptr) return;
    auto* const block = static_cast<std::max_align_t*>(memory) - 1;
    in_use -= *reinterpret_cast<std::size_t*>(block);
    std::free(block);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace {

using namespace bench;

int failures = 0;
void expect(bool ok, const char* what, const char* of) {
    if (ok) return;
    std::printf("failed: %s: %s\n", of, what);
    ++failures;
}

template <class E, class T>
void edit_leaf(E& edit, const T&, int n) {
    if constexpr (std::is_same_v<T, S>) edit.set(field<"audio.sfx">, static_cast<float>(n) / 65536);
    else if constexpr (std::is_same_v<T, M>) edit.set(field<"db.pool_max">, 64 + n);
    else
        edit.at(field<"entities">)[static_cast<std::size_t>(n) * 7919 % entity_count].set(
            field<"hp">, static_cast<float>(n) / 64 + 101);
}

template <class T, std::size_t N>
void measure(const char* name, bool named) {
    stet::History<T, N, stet::Changes> history(make<T>());
    if (named) history.tick(1);
    const std::size_t before = in_use;
    int n = 0;
    const auto step = [&] {
        ++n;
        if (named) history.tick(1000 * n);
        const auto make_it = [&](auto& edit) { edit_leaf(edit, history.current(), n); };
        expect(static_cast<bool>(named ? history.edit(n % 2 == 0 ? "move shape" : "set colour", make_it)
                                       : history.edit(make_it)),
               "an edit was refused", name);
    };
    for (std::size_t i = 0; i < 3 * N; ++i) step();
    expect(history.size() == N, "it is full", name);
    const double each = static_cast<double>(in_use - before) / static_cast<double>(N - 1);
    std::printf("%s, %zu states%s: %.1f bytes for a step\n", name, N, named ? ", names and times" : "", each);
    expect(each <= 40, "a step takes at most 40 bytes", name);

    allocations = 0;
    for (std::size_t i = 0; i < 3 * N; ++i) step();
    expect(allocations == 0, "a full history allocates nothing", name);
    allocations = 0;
    for (std::size_t i = 1; i < N; ++i) expect(history.undo().has_value(), "undo", name);
    for (std::size_t i = 1; i < N; ++i) expect(history.redo().has_value(), "redo", name);
    expect(allocations == 0, "undo and redo allocate nothing", name);

    // what is undone and made again does not pile up
    const std::size_t full = in_use;
    for (int i = 0; i < 1000; ++i) {
        expect(history.undo().has_value(), "undo", name);
        step();
    }
    expect(in_use <= full + 4096, "holes are used again", name);
    while (history.can_undo()) expect(history.undo().has_value(), "undo", name);
    step();
    for (int i = 0; i < 1000; ++i) {
        expect(history.undo().has_value(), "undo", name);
        step();
    }
    expect(in_use <= full, "what was dropped is given back", name);
}
template <class T>
void measure_all(const char* name) {
    measure<T, 100>(name, false);
    measure<T, 100>(name, true);
    measure<T, 1000>(name, true);
}

}  // namespace

int main() {
    measure_all<S>("S");
    measure_all<M>("M");
    measure_all<L>("L");
    return failures;
}
