#pragma once
// `parse_json`: JSON text, read without exceptions; says where it is wrong, and that no key may be there twice.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/with/nlohmann_json/read.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stet {
namespace detail {

/// Takes what nlohmann's parser finds and builds a document of it.
class JsonBuilder {
public:
    JsonBuilder(std::string_view text, Violations& found, std::size_t depth)
        : text_(text), found_(found), depth_(depth) {}
    Json& document() { return document_; }

    bool null() { return add(Json(nullptr)); }
    bool boolean(bool value) { return add(Json(value)); }
    bool number_integer(Json::number_integer_t value) { return add(Json(value)); }
    bool number_unsigned(Json::number_unsigned_t value) { return add(Json(value)); }
    bool number_float(Json::number_float_t value, const std::string&) { return add(Json(value)); }
    bool string(std::string& value) { return add(Json(std::move(value))); }
    bool binary(Json::binary_t&) { return false; }
    bool key(std::string& name) {
        open_.back().key = std::move(name);
        return true;
    }
    bool start_object(std::size_t) { return start(Json(Json::object_t{})); }
    bool start_array(std::size_t) { return start(Json(Json::array_t{})); }
    bool end_object() { return end(); }
    bool end_array() { return end(); }

    template <class Exception>
    bool parse_error(std::size_t position, const std::string&, const Exception& error) {
        std::size_t line = 1;
        std::size_t column = 0;
        for (std::size_t i = 0; i < position && i < text_.size(); ++i) {
            if (i > 0 && text_[i - 1] == '\n') {
                ++line;
                column = 0;
            }
            if ((static_cast<unsigned char>(text_[i]) & 0xC0U) != 0x80U) ++column;
        }
        if (position > text_.size()) ++column;
        found_.add(Violation("line " + std::to_string(line) + ", column " + std::to_string(column), {}, "syntax",
                             reason(error.what())));
        return false;
    }

private:
    struct Open {
        Json* container;
        std::string key{};
    };

    // Without nlohmann's prefix, and without what was read last: it may be a part of a secret.
    static std::string reason(std::string_view what) {
        for (const std::string_view skip : {"syntax error", "] "})
            if (const std::size_t at = what.find(skip); at != std::string_view::npos) {
                what.remove_prefix(skip == "] " ? at + 2 : at);
                break;
            }
        std::string text(what.substr(0, what.find("; last read:")));
        if (const std::size_t expected = what.rfind("; expected ");
            expected != std::string_view::npos && text.size() < what.size())
            text += what.substr(expected);
        if (text.starts_with("number overflow")) text = "a number is larger than any double";
        return text;
    }

    Json* put(Json&& value) {
        if (open_.empty()) return &(document_ = std::move(value));
        Open& around = open_.back();
        if (auto* const array = around.container->get_ptr<Json::array_t*>()) {
            array->push_back(std::move(value));
            return &array->back();
        }
        auto& object = *around.container->get_ptr<Json::object_t*>();
        const auto [at, is_new] = object.insert_or_assign(around.key, std::move(value));
        if (!is_new) found_.add(Violation(here(), {}, "duplicate key", "must not be there twice"));
        return &at->second;
    }
    bool add(Json&& value) {
        put(std::move(value));
        return true;
    }
    bool start(Json&& container) {
        Json* const at = put(std::move(container));
        if (open_.size() < depth_) {
            open_.push_back({at});
            return true;
        }
        const std::string path = here();
        found_.add(Violation(path.empty() ? "(document)" : path, {}, "too deep",
                             "must not be nested deeper than " + std::to_string(depth_) + " levels"));
        return false;
    }
    bool end() {
        open_.pop_back();
        return true;
    }
    std::string here() const {
        std::string path;
        for (const Open& around : open_) {
            if (const auto* const array = around.container->get_ptr<const Json::array_t*>()) {
                path += '[' + std::to_string(array->empty() ? 0 : array->size() - 1) + ']';
            } else {
                if (!path.empty()) path += '.';
                path += around.key;
            }
        }
        return path;
    }

    std::string_view text_;
    Violations& found_;
    std::size_t depth_;
    Json document_;
    std::vector<Open> open_;
};

template <class T>
struct ParseJson {
    /// A value from JSON text. Errors: `malformed`; a syntax error with its line and column, else everything that
    /// `from_json` finds, and keys that are there twice.
    Result<T> operator()(std::string_view text, JsonInput input = {}) const {
        if constexpr (std::is_same_v<T, Json> || require_json_in<T>()) {
            Violations found;
            JsonBuilder builder(text, found, input.depth);
            const bool is_json = Json::sax_parse(text.data(), text.data() + text.size(), &builder,
                                                 Json::input_format_t::json, true, input.comments);
            if constexpr (std::is_same_v<T, Json>) {
                if (!found.empty()) return Failure(Error(Errc::malformed, std::move(found)));
                return std::move(builder.document());
            } else {
                T value{};
                if (is_json) JsonReader(found, input).read(builder.document(), value, PathView{}, input.depth);
                if (!found.empty()) return Failure(Error(Errc::malformed, std::move(found)));
                return value;
            }
        }
    }
};

}  // namespace detail

/// `parse_json<Settings>(text, {.comments = true})`; `parse_json<>(text)` gives the JSON itself.
template <class T = nlohmann::json>
inline constexpr detail::ParseJson<T> parse_json{};

}  // namespace stet
