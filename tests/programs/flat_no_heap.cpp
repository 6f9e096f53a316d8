// A flat struct needs no heap: every allocation is counted, and there is none in diff, apply, inverted, visit, touches,
// check with violations, the text of an error, frames of a history and their checksum.

#include <stet/checksum.hpp>
#include <stet/history.hpp>
#include <stet/patch/check.hpp>
#include <stet/patch/patch.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <optional>
#include <string_view>

namespace {

int allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size)) return memory;
    std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

struct Channel {
    int low = 0;
    int high = 10;
    double gain = 1;
    static constexpr auto schema() {
        return stet::fields(
            stet::field<&Channel::low>(stet::in_range(0, 100)),
            stet::field<&Channel::gain>(stet::warning(stet::max(2.0))),
            stet::check<"low", "high">("low must not exceed high", [](int a, int b) { return a <= b; }));
    }
};
struct Settings {
    std::array<Channel, 4> channels{};
    std::optional<Channel> spare;
    std::array<char, 16> name{};
    std::uint16_t port = 80;
    static constexpr auto schema() { return stet::fields(stet::field<&Settings::port>(stet::in_range(1, 1024))); }
};

struct Count {
    int& calls;
    template <class A, class B>
    void operator()(const stet::PathView& path, const A&, const B&) const {
        stet::FixedText<100> text;
        stet::Writer(text) << path;
        calls += text.empty() ? 0 : 1;
    }
};

int failures = 0;
void expect(bool ok, const char* what) {
    if (ok) return;
    std::printf("failed: %s\n", what);
    ++failures;
}

}  // namespace

int main() {
    const Settings a;
    Settings b = a;
    b.channels[2] = {-1, -2, 5};
    b.spare = Channel{};
    b.port = 0;

    const auto patch = stet::diff(a, b);
    const auto there = stet::apply(patch, a);
    expect(there.has_value() && stet::equal(*there, b), "apply");
    const auto back = stet::apply(patch.inverted(), b);
    expect(back.has_value() && stet::equal(*back, a), "inverted");
    expect(patch.touches(stet::field<"port">) && !patch.touches(stet::field<"name">), "touches");

    int calls = 0;
    patch.visit(Count{calls});
    stet::each_change(a, b, Count{calls});
    expect(calls == 10, "visit");

    const auto found = stet::check(b);
    expect(found.size() == 4 && found.refuse(), "check");
    expect(stet::check(b, patch).size() == 4, "check of a patch");
    const stet::ErrorOf<Settings> broken(stet::Errc::rule_broken, found);
    stet::FixedText<600> text;
    broken.write(stet::Writer(text));
    expect(std::string_view(text).find("channels[2].low is -1") != std::string_view::npos, "the text of an error");

    Settings other = a;
    other.port = 7;
    const auto conflict = stet::apply(patch, other);
    expect(!conflict && conflict.error().subject() == "port" && !conflict.error().why().empty(), "conflict");

    stet::History<Settings, 4> history{a};
    Settings world = a;
    for (int frame = 1; frame < 9; ++frame) {
        world.channels[0].low = frame;
        expect(history.save(frame, world).has_value(), "save");
    }
    expect(!history.restore(2, world) && history.restore(6, world).has_value(), "restore");
    expect(world.channels[0].low == 6 && stet::checksum(world) == stet::checksum(history.current()), "checksum");

    expect(allocations == 0, "no allocation");
    return failures;
}
