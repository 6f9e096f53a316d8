#pragma once
// A script of what a FileLog can be asked for, what has to be there after each step, and whether it is.

#include <stet/test/files.hpp>
#include <stet/with/nlohmann_json/file_log.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace log_script {

using nlohmann::json;
using stet::Number;
using stet::Pin;
using stet::Result;
using stet::test::SimulatedFiles;
using Log = stet::FileLog<SimulatedFiles>;

/// What has to be there.
struct Model {
    std::map<Number, json> values{};
    Number floor = 0;
    std::vector<Pin> pins{};
    std::optional<std::string> shown{};
    std::optional<std::string> rejected{};

    Number head() const { return values.empty() ? 0 : values.rbegin()->first; }
};

inline std::string text_of(const json& value) { return value.dump(2) + "\n"; }
// More than one block of the disk.
inline json value(int port, char fill = 'x') {
    return {{"name", std::string(700, fill)}, {"port", port}, {"list", {port, 2, 3}}};
}
inline stet::LogEntry entry(Number number, const json& data, stet::Form form = stet::Form::whole) {
    stet::LogEntry made;
    made.revision = {number, number - 1, 1000 + static_cast<stet::Time>(number), "ann", "", "test"};
    made.form = form;
    made.data = stet::detail::to_cbor(data);
    return made;
}

/// A program that uses the log, and may be started again.
struct Run {
    SimulatedFiles files;
    std::optional<Log> log{};

    Result<void> start() {
        log.reset();
        log.emplace("settings.json", stet::FileOptions{}, files);
        if (const auto opened = log->open(); !opened) return stet::Failure(opened.error());
        return {};
    }
};

struct Step {
    std::function<Result<void>(Run&)> act;
    std::function<void(Model&)> effect;
};

inline Result<void> done(const Result<std::size_t>& written) {
    if (!written) return stet::Failure(written.error());
    return {};
}
inline Step append(Number number, const json& data) {
    return {[=](Run& run) { return done(run.log->append(entry(number, data))); },
            [=](Model& model) {
                if (model.floor == 0) model.floor = 1;
                model.values[number] = data;
                if (model.shown && *model.shown == "{ no json") model.rejected = model.shown;
                model.shown = text_of(data);
            }};
}
inline Step pin(const char* name, Number number) {
    return {[=](Run& run) { return run.log->pin(name, number); },
            [=](Model& model) { model.pins.push_back({name, number}); }};
}
inline void forget(Model& model) {
    std::erase_if(model.values, [&](const auto& kept) {
        for (const Pin& pin : model.pins)
            if (pin.number == kept.first) return false;
        return kept.first < model.floor;
    });
}

/// 21 steps. What a person writes by hand is safe at once, and no call.
inline std::vector<Step> script() {
    std::vector<Step> steps;
    const auto restart = Step{[](Run& run) { return run.start(); }, [](Model&) {}};
    const auto write = [&](const std::string& text) {
        steps.push_back({[=](Run& run) {
                             run.files.put("settings.json", text);
                             return Result<void>();
                         },
                         [=](Model& model) { model.shown = text; }});
    };
    steps.push_back(restart);
    steps.push_back(append(1, value(1)));
    steps.push_back(append(2, value(2)));
    steps.push_back(append(3, value(3, 'y')));
    steps.push_back(pin("good", 2));
    steps.push_back(append(4, value(4)));
    write(text_of(value(50, 'h')));
    steps.push_back({[](Run& run) -> Result<void> {
                         struct Unlock {
                             Log& log;
                             ~Unlock() { log.unlock(); }
                         };
                         if (const auto locked = run.log->lock(); !locked) return stet::Failure(locked.error());
                         const Unlock unlock{*run.log};
                         const auto edit = run.log->edited();
                         if (!edit) return stet::Failure(edit.error());
                         if (!*edit) return {};  // nothing to do: the last time, it had worked
                         run.log->accept_edit();
                         return done(run.log->append(entry(5, **edit)));
                     },
                     [](Model& model) {
                         model.values[5] = value(50, 'h');
                         model.shown = text_of(value(50, 'h'));
                     }});
    write("{ no json");
    steps.push_back(append(6, value(6)));
    steps.push_back({[](Run& run) { return run.log->revise(4, {}); },
                     [](Model& model) {
                         model.floor = 4;
                         forget(model);
                     }});
    steps.push_back(append(7, value(2)));  // a rollback
    steps.push_back(append(8, value(2)));  // nothing changed
    steps.push_back(restart);
    steps.push_back({[](Run& run) { return run.log->unpin("good"); },
                     [](Model& model) {
                         model.pins.clear();
                         forget(model);
                     }});
    steps.push_back(pin("last", 5));
    steps.push_back({[](Run& run) { return run.log->revise(7, {entry(5, value(50, '*')), entry(8, value(2, '*'))}); },
                     [](Model& model) {
                         model.floor = 7;
                         model.values[5] = value(50, '*');
                         model.values[8] = value(2, '*');
                         model.shown = text_of(value(2, '*'));
                         forget(model);
                     }});
    json nine = value(2, '*');
    nine["port"] = 9;
    steps.push_back({[](Run& run) {
                         const auto patch = json::parse(R"([{"op": "replace", "path": "/port", "value": 9}])");
                         return done(run.log->append(entry(9, patch, stet::Form::patch)));
                     },
                     [=](Model& model) {
                         model.values[9] = nine;
                         model.shown = text_of(nine);
                     }});
    steps.push_back({[](Run& run) { return run.log->revise(9, {}); },
                     [](Model& model) {
                         model.floor = 9;
                         forget(model);
                     }});
    return steps;
}

/// Empty, or what is wrong. `log` is open.
inline std::string differs(Log& log, const SimulatedFiles& files, const Model& model) {
    const auto state = log.state();
    if (!state) return "the state cannot be read";
    if (state->head != model.head()) return "the head is " + std::to_string(state->head);
    if (state->floor != model.floor) return "the floor is " + std::to_string(state->floor);
    if (state->size != model.values.size()) return "the size is " + std::to_string(state->size);
    const auto pins = log.pins();
    if (!pins || *pins != model.pins) return "other pins";
    for (Number number = 1; number <= model.head() + 1; ++number) {
        const auto read = log.read(number);
        const auto kept = model.values.find(number);
        if (kept == model.values.end()) {
            if (read) return "revision " + std::to_string(number) + " is there";
        } else if (!read || read->data != stet::detail::to_cbor(kept->second) || read->revision.number != number)
            return "revision " + std::to_string(number) + " is not what it was";
    }
    const auto contents = files.contents();
    const auto shown = contents.find("settings.json");
    if (model.shown.has_value() != (shown != contents.end())) return "there is a settings file, or none";
    if (model.shown && *model.shown != shown->second)
        return "the settings file shows something else: ..." +
               shown->second.substr(shown->second.size() > 20 ? shown->second.size() - 20 : 0);
    const bool by_hand =
        model.shown && (model.values.empty() || *model.shown != text_of(model.values.rbegin()->second));
    const auto edited = log.edited();
    if (by_hand ? edited && !edited->has_value() : !edited || edited->has_value()) return "an edit that is none";
    return {};
}
inline std::optional<std::string> rejected(const SimulatedFiles& files) {
    const auto contents = files.contents();
    const auto at = contents.find("settings.json.rejected");
    return at == contents.end() ? std::optional<std::string>() : at->second;
}

inline std::size_t from_environment(const char* name, std::size_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : static_cast<std::size_t>(std::strtoul(text, nullptr, 10));
}

}  // namespace log_script
