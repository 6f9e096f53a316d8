// History with frames against a map from numbers to values: random sequences of saves, restores, commits, undo and
// redo.

#include <stet/stet.hpp>

#include "../every_kind.hpp"
#include "cases.hpp"

#include <rapidcheck.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace {

using every::Dice;
using every::dumped;
using every::Flat;
using stet::Errc;

/// What a history is to do, without any cleverness.
template <std::size_t N>
struct Model {
    std::map<long, Flat> frames{{0, Flat{}}};
    long current = 0;

    void put(long frame, const Flat& value) {
        if (frame < frames.begin()->first || frame > frames.rbegin()->first + 1) frames.clear();
        frames.erase(frames.lower_bound(frame), frames.end());
        frames[frame] = value;
        if (frames.size() > N) frames.erase(frames.begin());
        current = frame;
    }
};

template <std::size_t N, class Kept>
bool check(const std::string& what) {
    return rc::check("frames of a History and a map tell the same: " + what, [] {
        const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(300, rc::gen::arbitrary<std::uint8_t>());
        Dice dice(bytes);
        stet::History<Flat, N, Kept> history{Flat{}};
        Model<N> model;
        Flat world;
        while (!dice.done()) {
            switch (dice.below(8)) {
                case 0:
                case 1:
                case 2: {
                    edit(world, dice);
                    const long frame = model.current + 1 - static_cast<long>(dice.below(3));
                    RC_ASSERT(history.save(frame, world));
                    model.put(frame, world);
                    break;
                }
                case 3: {
                    const long frame = model.current + static_cast<long>(dice.below(7)) - 3;
                    RC_ASSERT(history.save(frame, world));
                    model.put(frame, world);
                    break;
                }
                case 4:
                case 5: {
                    const long frame = model.current + static_cast<long>(dice.below(2 * N)) - static_cast<long>(N);
                    const Flat before = world;
                    const auto done = dice.below(2) == 0 ? history.restore(frame, world) : history.restore(frame);
                    RC_ASSERT(done.has_value() == model.frames.contains(frame));
                    if (done) model.current = frame;
                    else {
                        RC_ASSERT(done.error().code() == Errc::frame_not_kept);
                        RC_ASSERT(dumped(world) == dumped(before));
                    }
                    RC_ASSERT(world.cache == before.cache);
                    break;
                }
                case 6: {
                    Flat next = history.current();
                    edit(next, dice);
                    const bool changes = dumped(next) != dumped(history.current());
                    RC_ASSERT(history.commit(next));
                    if (changes) model.put(model.current + 1, next);
                    break;
                }
                default: {
                    const bool back = dice.below(2) == 0;
                    const bool done = (back ? history.undo() : history.redo()).has_value();
                    RC_ASSERT(done == model.frames.contains(model.current + (back ? -1 : 1)));
                    if (done) model.current += back ? -1 : 1;
                }
            }
            RC_ASSERT(history.frame() == static_cast<std::uint32_t>(model.current));
            RC_ASSERT(history.frame(0) == static_cast<std::uint32_t>(model.frames.begin()->first));
            RC_ASSERT(history.size() == model.frames.size());
            RC_ASSERT(dumped(history.current()) == dumped(model.frames[model.current]));
            std::size_t position = 0;
            for (const auto& [frame, value] : model.frames) RC_ASSERT(dumped(*history.at(position++)) == dumped(value));
        }
    });
}

}  // namespace

int main() {
    use_sequences(3, 100);
    bool all = check<8, stet::Copies>("8");
    all &= check<1, stet::Copies>("1");
    all &= check<3, stet::NamedCopies>("3, with names");
    return all ? 0 : 1;
}
