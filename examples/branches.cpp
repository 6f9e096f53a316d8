// An editor that never loses work: a change after an undo opens a branch, and a panel shows them all.
#include <stet/history_branching.hpp>
#include <stet/stet.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#define CHECK(...) ((__VA_ARGS__) ? void() : (std::fprintf(stderr, "%d: %s\n", __LINE__, #__VA_ARGS__), std::abort()))

struct Poster {
    std::string title = "untitled";
    std::string colour = "white";
};

using stet::field;

int main() {
    // [branches]
    stet::History<Poster, 64, stet::Branching> history{Poster{}};  // 64 states in the whole tree
    CHECK(history.set("paint it red", field<"colour">, "red"));
    CHECK(history.set("call it Spring", field<"title">, "Spring"));
    const stet::Number red = history.state();

    CHECK(history.undo() && history.undo());
    CHECK(history.set("paint it blue", field<"colour">, "blue"));  // red stays, as a branch
    CHECK(!history.can_redo() && history.size() == 2 && history.states() == 4);

    CHECK(history.go_to_state(red) && history.current().title == "Spring" && history.current().colour == "red");
    CHECK(history.undo() && history.redo_name() == "call it Spring");  // redo goes to where one was last
    CHECK(history.undo() && history.branches() == 2);
    CHECK(history.take_branch(1) && history.redo_name() == "paint it blue");

    history.each_state([](const stet::StateInfo& state) {
        std::cout << state.number << " after " << state.parent << ": " << state.name
                  << (state.current ? " <-\n" : "\n");
    });
    // [/branches]
}
