// Many threads read settings while one changes them: nobody waits, nobody sees half a change.
#include <stet/shared.hpp>
#include <stet/stet.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

struct Limits {
    int soft = 10;
    int hard = 20;
    static constexpr auto schema() {
        return stet::fields(stet::check<"soft", "hard">("soft must be below hard", [](int a, int b) { return a < b; }));
    }
};
struct Settings {
    std::string model = "gpt-4";
    Limits limits;
};

int main() {
    // [threads]
    stet::Versioned settings{Settings{}, stet::Shared{}};

    std::atomic<bool> stop = false;
    std::vector<std::thread> workers;
    for (int i = 0; i < 3; ++i) {
        workers.emplace_back([&] {
            auto reader = settings.reader();  // one for each thread
            while (!stop) {
                const Settings& now = reader.read();  // whole, and as it is until the next read()
                CHECK(now.limits.soft < now.limits.hard);
            }
        });
    }
    auto watch = settings.watch(stet::field<"model">, [](const stet::Patch<Settings>& patch) {
        std::printf("%s\n", stet::text(patch).c_str());  // in the thread that committed
    });

    for (int i = 1; i <= 1000; ++i) CHECK(settings.set(stet::field<"limits">, Limits{i, i + 1}, {.author = "tuner"}));
    CHECK(settings.set(stet::field<"model">, "gpt-5"));  // ~ model: "gpt-4" -> "gpt-5"
    settings.wait_for(1002);                             // there already; other threads may wait for it
    stop = true;
    // [/threads]
    for (std::thread& worker : workers) worker.join();
    CHECK(settings.snapshot().value().limits.soft == 1000);
}
