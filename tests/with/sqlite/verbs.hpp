#pragma once
// All that changes a store, one by one, for the proofs that each happens whole or not at all.

#include "with/sqlite/store.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace store {

using stet::field;
constexpr std::chrono::hours hour{1};

struct Answer {
    bool done = false;
    std::string why{};
};
/// Called when a verb is over.
inline void (*before_answer)() = [] {};

template <class R>
Answer answer(const R& result) {
    before_answer();
    if (result.has_value()) return {true};
    const auto& error = result.error();
    return {false, std::string(error.what()) + ": " + std::string(error.why().view())};
}

inline Settings other() {
    Settings settings;
    settings.name = "other";
    return settings;
}

template <class S>
using VerbOf = std::function<Answer(S&)>;
using Verb = VerbOf<Store>;
template <class S = Store>
std::vector<std::pair<const char*, VerbOf<S>>> verbs() {
    return {
        {"commit a function", [](S& s) { return answer(s.commit([](Settings& v) { v.counter = 77; })); }},
        {"commit a large value",
         [](S& s) { return answer(s.commit([](Settings& v) { v.notes.assign(20'000, 'n'); })); }},
        {"commit a value", [](S& s) { return answer(s.commit(other())); }},
        {"commit, merged",
         [](S& s) {
             return answer(s.commit([](Settings& v) { v.routes.push_back({9, "nine"}); },
                                    {.expected = s.head() - 2, .on_conflict = stet::merge}));
         }},
        {"set", [](S& s) { return answer(s.set(field<"llm.model">, "gpt-5", {.author = "me"})); }},
        {"edit",
         [](S& s) {
             return answer(s.edit([](auto& edit) { edit.at(field<"routes">).push_back(Route{7, "seven"}); }));
         }},
        {"together",
         [](S& s) {
             return answer(s.together([&] {
                 return s.commit([](Settings& v) { ++v.counter; }).has_value() &&
                        s.set(field<"name">, "both").has_value();
             }));
         }},
        {"commit for a while",
         [](S& s) { return answer(s.commit_confirmed([](Settings& v) { v.counter = 78; }, hour)); }},
        {"together, confirmed",
         [](S& s) {
             return answer(s.together([&] {
                 const auto token = s.commit_confirmed([](Settings& v) { v.counter = 78; }, hour);
                 return token && s.confirm(*token).has_value();
             }));
         }},
        {"rollback", [](S& s) { return answer(s.rollback()); }},
        {"rollback_to a name", [](S& s) { return answer(s.rollback_to("early")); }},
        {"revert", [](S& s) { return answer(s.revert(s.head() - 1)); }},
        {"snapshot", [](S& s) { return answer(s.snapshot("now")); }},
        {"release", [](S& s) { return answer(s.release("early")); }},
        {"release of an old one", [](S& s) { return answer(s.release("first")); }},
        {"prune", [](S& s) { return answer(s.prune(2)); }},
        {"refresh", [](S& s) { return answer(s.refresh()); }},
    };
}

// Some revisions, names and patches; the first ones are pruned.
template <class S>
bool prepare(S& s) {
    bool all = s.snapshot("first").has_value();
    for (int n = 0; n < 4; ++n) all = s.commit([&](Settings& v) { v.counter = n + 10; }) && all;
    all = s.snapshot("early") && s.prune(3) && all;
    all = s.commit([&](Settings& v) { v.name = "prepared"; }) && all;
    all = s.commit([&](Settings& v) { v.limits["new"] = 5; }) && all;
    return s.set(field<"port">, 99) && all;
}

}  // namespace store
