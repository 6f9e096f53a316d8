// Several threads at once: what readers see is whole and stays as it is, and what all of them do and see can be put
// into one order that keeps everybody's own (linearizability: revision numbers are that order).
#include <stet/shared.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using stet::field;
using stet::Number;

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int scale = 20;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
constexpr int scale = 20;
#else
constexpr int scale = 1;
#endif
#else
constexpr int scale = 1;
#endif

[[noreturn]] void wrong(const char* what, std::uint64_t a = 0, std::uint64_t b = 0) {
    std::fprintf(stderr, "shared_threads: %s (%llu, %llu)\n", what, static_cast<unsigned long long>(a),
                 static_cast<unsigned long long>(b));
    std::abort();
}
void must(bool done, const char* what) {
    if (!done) wrong(what);
}

// Whole if all of it says the same number.
struct World {
    std::uint64_t first = 0;
    std::string text = std::string(40, '0');
    std::vector<std::uint64_t> numbers = std::vector<std::uint64_t>(64, 0);
    std::uint64_t last = 0;
};
struct Flat {
    std::array<std::uint64_t, 32> numbers{};
};
std::string digits(std::uint64_t n) {
    std::string text = std::to_string(n);
    return std::string(40 - text.size(), '0') + text;
}
void put(World& world, std::uint64_t n) {
    world.first = n;
    world.text = digits(n);
    world.numbers[n % 64] = n;
    world.numbers[0] = n;
    world.last = n;
}
std::uint64_t whole(const World& world) {
    const std::uint64_t n = world.first;
    if (world.last != n || world.numbers[0] != n || world.numbers[n % 64] != n || world.text != digits(n))
        wrong("a torn value", n, world.last);
    return n;
}
void put(Flat& flat, std::uint64_t n) { flat.numbers.fill(n); }
std::uint64_t whole(const Flat& flat) {
    for (const std::uint64_t n : flat.numbers)
        if (n != flat.numbers[0]) wrong("a torn value", n, flat.numbers[0]);
    return flat.numbers[0];
}

// Many reads under a writer that does not rest: by function, by edit, back, refused, and by a function that throws.
template <class T>
void reads_under_a_writer(int reads) {
    stet::Versioned settings{T{}, stet::Shared{}};
    std::atomic<bool> done = false;
    std::vector<std::thread> readers;
    for (int r = 0; r < 2; ++r) {
        readers.emplace_back([&, reads] {
            auto reader = settings.reader();
            Number newest = 0;
            for (int i = 0; i < reads / 2; ++i) {
                whole(reader.read());
                if (reader.revision() < newest) wrong("a reader went back", newest, reader.revision());
                newest = reader.revision();
            }
        });
    }
    std::thread sleeper([&] {  // holds what it has read for long
        std::vector<stet::Reader<T>> held;
        while (!done) {
            held.push_back(settings.reader());
            const std::uint64_t n = whole(held.back().read());
            for (int i = 0; i < 100 && !done; ++i) std::this_thread::yield();
            if (whole(held.back().read()) < n) wrong("a reader went back", n);
            if (held.size() == 4) held.clear();
        }
    });
    std::uint64_t n = 0;
    std::thread writer([&] {
        while (!done) {
            ++n;
            must(static_cast<bool>(settings.commit([&](T& value) { put(value, n); })), "a commit was refused");
            if constexpr (!stet::flat<T>) {
                ++n;
                must(static_cast<bool>(settings.edit([&](auto& edit) {
                         edit.set(field<"first">, n);
                         edit.set(field<"text">, digits(n));
                         edit.at(field<"numbers">)[n % 64].set(n);
                         edit.at(field<"numbers">)[0].set(n);
                         edit.set(field<"last">, n);
                     })),
                     "an edit was refused");
            }
            if (n % 8 == 0) {
                try {
                    static_cast<void>(settings.commit([&](T& value) {
                        put(value, n + 1);
                        throw 1;
                    }));
                } catch (int) {
                }
                must(!settings.commit([&](T& value) {
                    put(value, n + 1);
                    return false;
                }),
                     "it should have given up");
            }
        }
    });
    for (std::thread& reader : readers) reader.join();
    done = true;
    writer.join();
    sleeper.join();
    auto reader = settings.reader();
    if (whole(reader.read()) != n) wrong("the last value is not there", n);
}

// What threads did: when it began and when it had returned, by one clock, and the revision that it made or saw.
struct Event {
    std::uint64_t began, ended;
    Number revision;
    std::uint64_t value;
    bool writes;
};
void history_is_linearizable(int operations) {
    stet::Versioned settings{World{}, stet::Memory<World, 1'000'000>{}, stet::Shared{}};
    std::atomic<std::uint64_t> clock = 1;
    const auto tick = [&] { return clock.fetch_add(1, std::memory_order_seq_cst); };
    constexpr int threads = 4;
    std::vector<std::vector<Event>> logs(threads);
    std::vector<std::thread> all;
    std::atomic<int> ready = 0;
    std::atomic<std::uint64_t> conflicts = 0;
    for (int t = 0; t < threads; ++t) {
        all.emplace_back([&, t] {
            auto reader = settings.reader();
            for (++ready; ready < threads;) std::this_thread::yield();
            auto& log = logs[static_cast<std::size_t>(t)];
            for (int i = 0; i < operations; ++i) {
                const std::uint64_t began = tick();
                if ((i + t) % 3 != 0) {
                    const std::uint64_t value = whole(reader.read());
                    log.push_back({began, tick(), reader.revision(), value, false});
                } else {  // one more than what was there at the revision that is expected
                    const std::uint64_t value = whole(reader.read()) + 1;
                    const Number head = reader.revision();
                    if (i % 4 == 0) std::this_thread::yield();  // somebody else may be faster
                    const auto made = i % 5 == 0 && head > 1
                                          ? settings.rollback_to(head - 1, {.expected = head})
                                          : settings.commit([&](World& w) { put(w, value); }, {.expected = head});
                    if (made && *made != head + 1) wrong("not the next revision", head, *made);
                    if (made) log.push_back({began, tick(), *made, settings.at(*made)->value().first, true});
                    else if (made.error().code() == stet::Errc::revision_conflict) ++conflicts;
                    else wrong("refused", head);
                }
            }
        });
    }
    for (std::thread& thread : all) thread.join();
    if (conflicts == 0) wrong("nobody was in anybody's way");

    std::vector<Event> events{{0, 0, 1, 0, true}};
    for (const auto& log : logs) events.insert(events.end(), log.begin(), log.end());
    std::vector<std::uint64_t> value_of(settings.head() + 1);
    std::vector<std::uint64_t> made_from(settings.head() + 1, ~std::uint64_t{0});
    for (const Event& event : events) {
        if (!event.writes) continue;
        if (~made_from[event.revision] != 0) wrong("two made one revision", event.revision);
        made_from[event.revision] = event.began;
        value_of[event.revision] = event.value;
    }
    for (Number n = 1; n <= settings.head(); ++n)
        if (~made_from[n] == 0) wrong("nobody made a revision", n);
    // Whoever began after somebody had ended comes after it.
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.began < b.began; });
    std::vector<const Event*> by_end;
    for (const Event& event : events) by_end.push_back(&event);
    std::sort(by_end.begin(), by_end.end(), [](const Event* a, const Event* b) { return a->ended < b->ended; });
    Number known = 0;
    std::size_t at = 0;
    for (const Event& event : events) {
        for (; at < by_end.size() && by_end[at]->ended < event.began; ++at)
            known = std::max(known, by_end[at]->revision);
        if (event.writes ? event.revision <= known && event.revision != 1 : event.revision < known)
            wrong("something older than what was known before", event.revision, known);
        if (event.value != value_of[event.revision])
            wrong("not the value of its revision", event.revision, event.value);
        if (!event.writes && made_from[event.revision] > event.ended) wrong("seen before it was made");
    }
}

// Everybody goes back one: each brings back the state before the head that it found, and not one before another's.
void rollbacks_do_not_mix(int times) {
    stet::Versioned settings{World{}, stet::Memory<World, 1'000'000>{}, stet::Shared{}};
    must(static_cast<bool>(settings.commit([](World& w) { put(w, 1); })), "refused");
    std::vector<std::thread> all;
    for (int t = 0; t < 3; ++t)
        all.emplace_back([&] {
            for (int i = 0; i < times; ++i) must(static_cast<bool>(settings.rollback()), "a rollback was refused");
        });
    for (std::thread& thread : all) thread.join();
    for (Number n = 3; n <= settings.head(); ++n)
        if (settings.at(n)->value().first != (n % 2 == 0 ? 1U : 0U)) wrong("not the state before", n);
}

// Watches and waits come and go while others commit.
void watches_and_waits(int commits) {
    stet::Versioned settings{World{}, stet::Shared{}};
    std::atomic<int> told = 0;
    std::atomic<bool> done = false;
    std::thread watcher([&] {
        while (!done) {
            const auto watch = settings.watch(field<"last">, [&](const stet::Patch<World>& patch) {
                if (patch.empty()) wrong("an empty patch");
                ++told;
            });
            std::this_thread::yield();
        }
    });
    std::thread waiter([&] {
        auto reader = settings.reader();
        for (Number n = 2; n <= static_cast<Number>(commits) + 1; n += 7) {
            settings.wait_for(n);
            whole(reader.read());
            if (reader.revision() < n) wrong("waited too short", n, reader.revision());
        }
    });
    const auto always = settings.watch(field<"last">, [&] { told += 1'000'000'000 / commits / 4; });
    for (int i = 1; i <= commits; ++i)
        must(static_cast<bool>(settings.commit([&](World& w) { put(w, static_cast<std::uint64_t>(i)); })), "refused");
    waiter.join();
    done = true;
    watcher.join();
    if (told < commits * (1'000'000'000 / commits / 4)) wrong("a watch was not told");
}

}  // namespace

int main() {
    reads_under_a_writer<World>(2'000'000 / scale);
    reads_under_a_writer<Flat>(10'000'000 / scale);
    history_is_linearizable(20'000 / scale);
    rollbacks_do_not_mix(1'000 / scale);
    watches_and_waits(4'000 / scale);
    return 0;
}
