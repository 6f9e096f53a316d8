// A first value that breaks its own rules, and a storage that is not empty, are programming errors: STET_FAIL hears of
// them, with a sentence.
#include <stdexcept>
#define STET_FAIL(sentence) throw std::logic_error(sentence)
#include <stet/stet.hpp>

#include "../bot.hpp"
#include "../policy/own_storage.hpp"

#include <cstdio>
#include <string_view>

namespace {

template <class F>
bool fails_with(std::string_view sentence, F f) {
    try {
        f();
    } catch (const std::logic_error& error) {
        if (sentence == error.what()) return true;
        std::printf("another sentence: %s\n", error.what());
        return false;
    }
    std::printf("nothing failed: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
    return false;
}

}  // namespace

int main() {
    using bot::Settings;
    Settings wrong;
    wrong.port = 0;
    bool ok =
        fails_with("stet: Versioned: the first value breaks its own rules; use stet::create for values from outside",
                   [&] { stet::Versioned settings{wrong}; });
    ok &= fails_with("stet: Versioned: the first value breaks its own rules; use stet::create for values from outside",
                     [] { stet::Versioned settings{Settings{}, stet::rules(stet::field<"port">(stet::max(1)))}; });
    ok &= fails_with("stet: Versioned: the storage holds revisions already; use stet::open to go on with them", [] {
        stet::Versioned settings{Settings{}};
        stet::Versioned again{Settings{}, std::move(settings).release_storage()};
    });
    ok &= fails_with(
        "stet: Versioned: the storage or the audit refused the first revision; use stet::create, which says why", [] {
            OwnStorage<Settings> full;
            full.log().fails = true;
            stet::Versioned settings{Settings{}, full};
        });
    ok &= fails_with("stet: History: the first value breaks its own rules; check it before",
                     [&] { stet::History<Settings, 4> history{wrong}; });
    ok &= fails_with("stet: History: the first value breaks its own rules; check it before", [] {
        stet::History<bot::Motor, 4> history{bot::Motor{.rpm = 1, .pid = {}, .mode = {}, .pins = {}, .hits = 0}};
    });
    ok &= fails_with("stet: the result holds an error; test it before reading the value", [] {
        stet::Versioned settings{Settings{}};
        const auto result = settings.set("port", 0);
        static_cast<void>(*result);
    });
    return ok ? 0 : 1;
}
