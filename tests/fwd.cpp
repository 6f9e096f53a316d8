#include <stet/fwd.hpp>

#include <type_traits>

// What can be named where only the map is known: declarations of one's own.
namespace declared {

struct Settings;
using Live = stet::Versioned<Settings>;
using Undo = stet::History<Settings, 64>;
using Log = stet::Memory<Settings>;
struct Owner {
    Live* live = nullptr;
    Undo* undo = nullptr;
    stet::Snapshot<Settings>* snapshot = nullptr;
    stet::Plan<Settings>* plan = nullptr;
    stet::Patch<Settings>* patch = nullptr;
    stet::Number number = 0;
};
stet::Result<stet::Number> change(Live& live);

}  // namespace declared

#include <stet/stet.hpp>

#include <doctest/doctest.h>

#include <string>

namespace declared {

struct Settings {
    int port = 1;
    std::string name = "n";
};
stet::Result<stet::Number> change(Live& live) { return live.set(stet::field<"port">, 2); }

}  // namespace declared

TEST_CASE("fwd.hpp: what is declared with it is what the headers define; the defaults are 10 and Automatic") {
    declared::Live live{declared::Settings{}};
    declared::Owner owner;
    owner.live = &live;
    CHECK(declared::change(*owner.live) == stet::Number{2});
    static_assert(std::is_same_v<declared::Log, stet::Memory<declared::Settings, 10>>);
    static_assert(
        std::is_same_v<declared::Undo, stet::History<declared::Settings, 64, stet::Automatic, stet::Rules<>>>);
    static_assert(std::is_same_v<stet::Result<int>, stet::Result<int, stet::Error>>);
}
