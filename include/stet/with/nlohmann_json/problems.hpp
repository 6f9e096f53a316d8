#pragma once
// What can be wrong with JSON from outside, as violations.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/schema/print.hpp>
#include <stet/schema/violations.hpp>
#include <stet/with/nlohmann_json/format.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace stet::detail {

/// The expected alternative that is spelled most like `text`; none if it is no misspelling.
class Nearest {
public:
    explicit Nearest(std::string_view text) : text_(text), least_(text.size() / 3 + 2) {}
    void offer(std::string_view candidate) {
        if (const std::size_t away = distance(text_, candidate); away < least_) {
            least_ = away;
            best_ = candidate;
        }
    }
    std::string hint() const { return best_.empty() ? std::string() : "; did you mean '" + best_ + "'?"; }

private:
    std::string_view text_;
    std::string best_;
    std::size_t least_;
};

/// Collects what is wrong; everything here returns false.
class JsonProblems {
public:
    JsonProblems(Violations& found, std::size_t depth) : found_(found), depth_(depth) {}

    bool refuse(const PathView& where, std::string value, std::string rule, std::string expected) {
        std::string path = to_text([&](const Writer& out) { out << where; });
        if (path.empty()) path = "(document)";
        found_.add(Violation(std::move(path), std::move(value), std::move(rule), std::move(expected)));
        return false;
    }
    bool wrong(const Json& from, const PathView& where, std::string rule, std::string expected) {
        std::string shown;
        if (where.secret()) shown = secret_dots;
        else if (from.is_structured() || from.is_binary()) shown = kind_of_json(from);
        else if (const auto* const held = from.get_ptr<const std::string*>(); held != nullptr) {
            FixedText<60> cut;
            write_quoted(Writer(cut), *held);
            shown = cut.view();
        } else shown = from.dump();
        return refuse(where, std::move(shown), std::move(rule), std::move(expected));
    }

protected:
    static std::string kind_of_json(const Json& json) {
        switch (json.type()) {
            case Json::value_t::null:
                return "null";
            case Json::value_t::object:
                return "an object";
            case Json::value_t::array:
                return "an array";
            case Json::value_t::string:
                return "a text";
            case Json::value_t::boolean:
                return "true or false";
            default:
                return json.is_number() ? "a number" : "binary data";
        }
    }
    bool container(const Json& from, const PathView& where, std::size_t depth) {
        if (depth > 0 || !from.is_structured()) return true;
        return refuse(where, {}, "too deep", "must not be nested deeper than " + std::to_string(depth_) + " levels");
    }

private:
    Violations& found_;
    std::size_t depth_;
};

}  // namespace stet::detail
