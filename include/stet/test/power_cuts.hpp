#pragma once
// The proof that settings survive every power cut, for your own struct: for tests on the host.

#include <stet/patch/equal.hpp>
#include <stet/stored.hpp>
#include <stet/test/device.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace stet::test {

/// What came of it. True if everything held; a script that makes no revision fails.
struct PowerCuts {
    std::uint32_t steps = 0;        ///< of the script, without a cut: units that are programmed, pages that are erased
    std::uint32_t revisions = 0;    ///< that it made
    std::uint32_t erased = 0;       ///< pages that it had to erase, beside the first
    std::uint32_t starts = 0;       ///< after a cut, all told
    const char* failure = nullptr;  ///< the first
    std::uint32_t step = 0;         ///< where the power was cut then
    Cut cut = Cut::old_bits;

    explicit operator bool() const { return failure == nullptr; }
};

namespace detail {

template <class T, class Device, class Script, class Make>
class PowerCutRun {
public:
    PowerCutRun(const Device& blank, const Script& script, const Make& make)
        : blank_(copy_of(blank)), script_(script), make_(make) {}

    PowerCuts run() {
        learn();
        if (found_.revisions == 0) fail("the script makes no revision, which proves nothing");
        for (std::uint32_t step = 0; step < found_.steps && found_.failure == nullptr; ++step)
            for (const Cut cut : all_cuts) {
                cut_at(step, cut);
                if (cut == Cut::old_bits || cut == Cut::new_bits) fail_at(step, cut);
                if (found_.failure == nullptr) continue;
                found_.step = step;
                found_.cut = cut;
                break;
            }
        return found_;
    }

private:
    struct Moment {
        T value;
        Number head;
        Number rejected;
        bool waiting;
    };
    using Held = std::unique_ptr<Device>;  // a device may be larger than a stack
    static Held copy_of(const Device& device) { return std::make_unique<Device>(device); }

    // What is in force before each step, and at the end.
    void learn() {
        const Held device = copy_of(*blank_);
        device->power_on();
        auto settings = make_(*device);
        using Settings = decltype(settings);
        static constexpr auto now = [](Settings& of) {
            return Moment{of.read(), of.head(), of.rejected(), of.waiting()};
        };
        struct Watching {
            std::vector<Moment>* moments;
            Settings* watched;
        } watching{&moments_, &settings};
        device->watch(
            [](void* context) {
                const auto& here = *static_cast<Watching*>(context);
                here.moments->push_back(now(*here.watched));
            },
            &watching);
        static_cast<void>(settings.open());
        const Number before = settings.head();
        script_(settings);
        found_.steps = device->steps();
        found_.revisions = static_cast<std::uint32_t>(settings.head() - before);
        for (std::uint32_t page = 0; page < Device::pages; ++page) found_.erased += device->erased_times(page);
        if (found_.erased != 0) --found_.erased;
        moments_.push_back(now(settings));
        for (std::size_t i = 0; i < moments_.size(); ++i)  // what comes back while something waits
            good_.push_back(i == 0 || !moments_[i].waiting ? moments_[i].value : good_[i - 1]);
        if (device->fault() != nullptr) fail(device->fault());
    }

    // May this be in force after a cut at a step? What was, or what was about to be.
    bool allowed(std::uint32_t step, const T& value) const {
        const Moment& now = moments_[step];
        std::size_t later = step;
        while (later + 1 < moments_.size() && moments_[later].waiting == now.waiting &&
               equal(moments_[later].value, now.value))
            ++later;
        const Moment& next = moments_[later];
        if (now.waiting) {  // what waits stays only where it was being confirmed
            const bool confirming = !next.waiting && equal(next.value, now.value);
            return equal(value, good_[step]) || (confirming && equal(value, now.value));
        }
        return equal(value, now.value) || (!next.waiting && equal(value, next.value));
    }

    void cut_at(std::uint32_t step, Cut cut) {
        const Held device = copy_of(*blank_);
        device->power_on(step, cut, step + 7);
        {
            auto settings = make_(*device);
            static_cast<void>(settings.open());
            script_(settings);
            if (!moments_[step].waiting && !equal(settings.read(), moments_[step].value))
                fail("a verb that failed has changed the value");
        }
        restart(*device, step, 0);
    }
    // After a cut: with another one in every way at each step of the start, and after that a third one somewhere in the
    // next start; then without.
    void restart(const Device& before, std::uint32_t step, int depth) {
        for (std::uint32_t again = 0; depth < 2 && found_.failure == nullptr; ++again) {
            const Held device = copy_of(before);
            device->power_on();
            start(*device, step, depth);
            const std::uint32_t steps = device->steps();
            if (again >= steps) break;
            if (depth == 1) again = (step * 7 + again) % steps;
            for (const Cut cut : all_cuts) {
                if (depth == 1 && cut != Cut::random) continue;
                const Held twice = copy_of(before);
                twice->power_on(again, cut, again * 31 + step);
                start(*twice, step, 2);
                restart(*twice, step, depth + 1);
            }
            if (depth == 1) break;
        }
        const Held device = copy_of(before);
        device->power_on();
        start(*device, step, depth, depth == 0);
        if (device->fault() != nullptr) fail(device->fault());
    }
    void start(Device& device, std::uint32_t step, int depth, bool go_on = false) {
        ++found_.starts;
        auto settings = make_(device);
        static_cast<void>(settings.open());
        const Moment& cut = moments_[step];
        const T value = settings.read();
        if (!allowed(step, value)) fail("a start found neither the old value nor the new one");
        if (!device.is_dead() && settings.head() < (cut.waiting ? 1 : cut.head))
            fail("a start went back to an old number");
        // Remembered, but after cut upon cut while it was taken back.
        if (depth == 0 && cut.waiting && !equal(value, cut.value) && settings.rejected() != cut.head)
            fail("what was taken back is not remembered");
        if (!go_on) return;
        go_on_with(device, settings);
    }
    template <class Settings>
    void go_on_with(Device& device, Settings& settings) {
        script_(settings);
        if (settings.waiting()) static_cast<void>(settings.take_back());
        std::vector<Number> numbers;
        static_cast<void>(settings.each_revision([&](const SlotInfo& info) { numbers.push_back(info.number); }));
        for (std::size_t i = 0; i < numbers.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (numbers[i] == numbers[j]) fail("a number was given out twice");
        auto later = make_(device);
        static_cast<void>(later.open());
        if (!equal(later.read(), settings.read())) fail("what was committed after the cut is lost");
    }
    // A step that is said not to be done, while the power stays; then the script once more.
    void fail_at(std::uint32_t step, Cut cut) {
        const Held device = copy_of(*blank_);
        device->fail_at(step, cut);
        ++found_.starts;
        auto settings = make_(*device);
        static_cast<void>(settings.open());
        script_(settings);
        go_on_with(*device, settings);
        if (device->fault() != nullptr) fail(device->fault());
    }
    void fail(const char* what) {
        if (found_.failure == nullptr) found_.failure = what;
    }

    Held blank_;
    const Script& script_;
    const Make& make_;
    std::vector<Moment> moments_;
    std::vector<T> good_;
    PowerCuts found_;
};

}  // namespace detail

/// Runs `script(settings)` on a `Stored<T, Device, Policies...>` over a copy of `device`, and again with the power cut
/// before, in and after every step, and again with another cut at every step of the start that follows, and with every
/// unit said not to be done. Each time, the value that was in force is found, or the one that was about to be, whole; a
/// commit that waits for its confirmation is taken back, and remembered; no number is given out twice; the device was
/// used as a real one may be; and the script runs once more. Look at `revisions` and `erased`, too: a script that fills
/// no page proves nothing about the next one.
template <class T, class Device, class Script, class... Policies>
PowerCuts survives_power_cuts(const Device& device, const Script& script, const T& factory = T{},
                              Policies... policies) {
    const auto make = [&](Device& on) { return Stored<T, Device, Policies...>(on, factory, policies...); };
    return detail::PowerCutRun<T, Device, Script, decltype(make)>(device, script, make).run();
}

}  // namespace stet::test
