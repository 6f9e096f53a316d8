// A game's video settings: a flat struct, so the history is in place, never allocates and costs a copy.
#include <stet/stet.hpp>

#include <cstdio>
#include <cstdlib>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

// [game]
enum class Quality : unsigned char { low, medium, high };
struct Video {
    unsigned short width = 1920, height = 1080;
    Quality quality = Quality::medium;
    bool vsync = true;
    float gamma = 2.2f;

    static constexpr auto schema() {
        return stet::fields(stet::field<"width">(stet::in_range(640, 7680)),
                            stet::field<"height">(stet::in_range(480, 4320)),
                            stet::field<"gamma">(stet::in_range(1.0f, 3.0f)));  // NaN is in no range
    }
};

int main() {
    stet::History<Video, 32> history{Video{}};  // the last 32 states, in place

    CHECK(history.set(stet::field<"quality">, Quality::high));
    CHECK(history.commit([](Video& v) { v.width = 3840, v.height = 2160; }));
    CHECK(!history.commit([](Video& v) { v.gamma = 0; }));  // refused, and nothing has changed

    const stet::Patch<Video> changed = stet::diff(Video{}, history.current());
    if (changed.touches(stet::field<"width">)) std::puts(stet::text(changed).c_str());

    CHECK(history.undo() && history.undo() && !history.can_undo());
    CHECK(history.redo() && history.current().quality == Quality::high);
}
// [/game]
