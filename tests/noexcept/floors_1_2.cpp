// Fields, schema, checks, diff, patch and apply without exceptions and without run-time type information.

#include <stet/patch/check_records.hpp>
#include <stet/patch/record_patch.hpp>
#include <stet/reflect/enums.hpp>
#include <stet/reflect/fingerprint.hpp>
#include <stet/schema/check.hpp>
#include <stet/schema/path.hpp>
#include <stet/schema/violations.hpp>

#include "../every_kind.hpp"

#include <cstdio>
#include <string>

namespace {

struct Settings {
    std::string name = "bot";
    int port = 80;
    std::vector<int> ports{1, 2};
    static constexpr auto schema() {
        return stet::fields(stet::field<&Settings::name>(stet::not_empty),
                            stet::field<&Settings::port>(stet::in_range(1, 1024)),
                            stet::field<&Settings::ports>(stet::each(stet::min(1))));
    }
};

int failures = 0;
void expect(bool ok, const char* what) {
    if (ok) return;
    std::printf("failed: %s\n", what);
    ++failures;
}

template <class T>
void round_trip(std::uint8_t seed, const char* what) {
    std::vector<std::uint8_t> script;
    for (int i = 0; i < 200; ++i) script.push_back(seed = static_cast<std::uint8_t>(seed * 13 + 7));
    const T a;
    T b;
    every::edit_all(b, script);
    const auto patch = stet::diff(a, b);
    const auto there = stet::apply(patch, a);
    const auto back = stet::apply(patch.inverted(), *there);
    expect(stet::equal(*there, b) && stet::equal(*back, a), what);
    std::size_t visited = 0;
    patch.visit([&](const stet::PathView&, const auto&, const auto&) { ++visited; });
    std::size_t seen = 0;
    stet::each_change(a, b, [&](const stet::PathView&, const auto&, const auto&) { ++seen; });
    expect(visited == seen && visited >= patch.size(), what);
}

}  // namespace

int main() {
    for (int seed = 0; seed < 20; ++seed) {
        round_trip<every::Every>(static_cast<std::uint8_t>(seed), "every kind");
        round_trip<every::Flat>(static_cast<std::uint8_t>(seed), "flat");
    }

    Settings settings;
    settings.name.clear();
    settings.ports.push_back(0);
    const auto found = stet::check(settings);
    expect(found.size() == 2 && found.refuse() && found[1].path() == "ports[2]", "check");
    expect(stet::check(settings, stet::diff(Settings{}, settings)).size() == 2, "check of a patch");

    const stet::Error error(stet::Errc::rule_broken, found);
    std::string text;
    error.write(stet::Writer(text));
    expect(text.find("ports[2] is 0") != std::string::npos, "the text of an error");

    Settings other;
    other.port = 9;
    Settings changed;
    changed.port = 7;
    const auto conflict = stet::apply(stet::diff(Settings{}, changed), other);
    expect(!conflict && conflict.error().code() == stet::Errc::patch_conflict && conflict.value_or(other).port == 9,
           "conflict");

    const auto path = stet::Path<Settings>::parse("ports[1]");
    expect(path.has_value() && path->text() == "ports[1]", "path");
    expect(!stet::Path<Settings>::parse("prot") && stet::Path<Settings>::parse("prot").error().nearest() == "port",
           "no such field");
    expect(stet::enum_name(every::Mode::eco) == "eco", "enum_name");
    expect(stet::fingerprint<Settings> != stet::fingerprint<every::Every>, "fingerprint");
    return failures;
}
