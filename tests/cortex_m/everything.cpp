// All that <stet/embedded.hpp> brings, for the Config of examples/firmware.cpp, in a program that has nothing else:
// what it must not bring is looked for in what was linked. What it does is checked elsewhere; here, that it works at
// all.

#define main example
#include "../../examples/firmware.cpp"
#undef main

using stet::field;

namespace {

int failures = 0;
void expect(bool ok) { failures += ok ? 0 : 1; }

// What must be known at run time only.
std::uint16_t asked(std::uint16_t rpm) {
    volatile std::uint16_t hidden = rpm;
    return hidden;
}
Config with_rpm(std::uint16_t rpm) {
    Config config = factory;
    config.motor.max_rpm = asked(rpm);
    return config;
}

template <class History>
void session(History& history) {
    expect(history.commit(with_rpm(1000)).has_value());
    expect(history.commit([](Config& c) { c.motor.max_rpm = asked(2000); }).has_value());
    expect(!history.commit([](Config&) { return false; }).has_value());
    expect(history.amend([](Config& c) { c.motor.mode = Mode::boost; }).has_value());
    expect(history.set(field<"motor.pid.kp">, 2).has_value());
    expect(!history.set(field<"motor.max_rpm">, asked(9) * 10000).has_value());
    expect(!history.set(field<"motor.max_rpm">, asked(9)).has_value());
    expect(history.undo().has_value() && history.redo().has_value() && !history.redo().has_value());
    expect(history.undo_to(1).has_value() && history.go_to(2).has_value() && !history.go_to(9).has_value());
    expect(history.at(1).value().motor.max_rpm == 1000 && !history.at(9).has_value());
    history.mark_saved();
    {
        auto group = history.group();
        expect(history.set(field<"id">, asked(7)).has_value() && !history.undo().has_value());
        auto inner = history.group();
        expect(inner.cancel().has_value());
    }
    expect(history.dirty() && history.undo().has_value() && !history.dirty() && history.saved(2));
    expect(history.can_redo() && history.name(1).empty());
    history.mark_unsaved();
}

void pure() {
    const Config ours = with_rpm(1000);
    const Config theirs = with_rpm(2000);
    const auto mine = stet::diff(factory, ours);
    const auto other = stet::diff(factory, theirs);
    expect(mine.touches(field<"motor">) && mine.size() == 1);
    expect(stet::apply(mine, factory).has_value() && !stet::apply(mine, theirs).has_value());
    expect(stet::equal(stet::apply(mine.inverted(), ours).value(), factory));
    expect(stet::then(mine.inverted(), other).size() == 1);
    expect(stet::rebase(other, mine).conflicts().size() == 1);
    const auto merged = stet::merge(factory, ours, theirs);
    expect(!merged && stet::resolve(merged, stet::Side::theirs).value().motor.max_rpm == 2000);
    int seen = 0;
    mine.visit([&](const stet::PathView&, const auto&, const auto&) { ++seen; });
    stet::each_change(ours, theirs, [&](const stet::PathView&, const auto&, const auto&) { ++seen; });
    expect(seen == 2);
    expect(stet::check(with_rpm(1)).size() == 1 && stet::check(with_rpm(1), stet::diff(factory, with_rpm(1))).refuse());
    expect(stet::fingerprint<Config> != 0 && stet::enum_name(ours.motor.mode) == "eco");
}

void printed() {
    stet::FixedText<400> text;
    const stet::Writer out(text);
    stet::History<Config, 8> history{factory};
    const auto refused = history.commit([](Config& c) { c.motor.pid.kp = 99; });
    refused.error().write(out);
    const auto made = stet::merge(factory, with_rpm(1000), with_rpm(2000));
    for (const auto conflict : made.conflicts()) out << conflict;
    expect(text.view().size() > 100 && text.view().size() < 400);
}

}  // namespace

int main() {
    stet::History<Config, 8> history{factory};
    session(history);
    stet::History<Config, 4, stet::NamedCopies> named{factory};
    session(named);
    expect(named.commit("faster", with_rpm(5000)).has_value() && named.undo_name() == "faster");
    auto own = stet::make_history<8>(factory, stet::rules(field<"motor.max_rpm">(stet::max(4000))));
    expect(!own.commit(with_rpm(5000)).has_value());
    pure();
    printed();
    return example() + failures;
}
