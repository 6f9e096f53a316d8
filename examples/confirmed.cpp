// A change that may lock out who makes it: it goes back by itself unless it is confirmed.
#include <stet/stet.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

struct Network {
    std::string address = "10.0.0.2";
    int mtu = 1500;
};

int main() {
    bool reachable = true;
    const auto is_reachable = [&](const Network&) { return reachable; };
    // [confirmed]
    using namespace std::chrono_literals;
    stet::Versioned network(Network{});

    // in force at once, and for ten minutes
    auto token = network.commit_confirmed([](Network& n) { n.address = "10.0.0.3"; }, 10min, {.author = "dana"});
    CHECK(token && network.current().address == "10.0.0.3");
    CHECK(network.set(stet::field<"mtu">, 9000).error().code() == stet::Errc::provisional);   // one thing at a time
    if (is_reachable(network.current())) CHECK(network.confirm(*token, {.author = "dana"}));  // now it stays

    // any other verb, too
    CHECK(network.rollback({.author = "oncall", .confirm_within = 30s}));

    // called now and then: takes back what nobody confirmed in time, and says whether it did
    auto back = network.poll();
    CHECK(back && !*back && network.waiting());
    CHECK(network.take_back());  // or at once
    CHECK(network.current().address == "10.0.0.3");
    // [/confirmed]
    reachable = false;
}
