#pragma once
// Any value as the text of its JSON, and no JSON in between.

#include <stet/with/nlohmann_json/sentences.hpp>

#include <stet/text.hpp>
#include <stet/with/nlohmann_json/document.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace stet::detail {

// A field as it begins behind another.
template <class T, std::size_t I>
inline constexpr auto member_begin = [] {
    constexpr std::string_view name = field_name<T, I>();
    StaticText<name.size() + 4> text{{',', '"'}};
    for (std::size_t i = 0; i < name.size(); ++i) text.chars[i + 2] = name[i];
    text.chars[name.size() + 2] = '"';
    text.chars[name.size() + 3] = ':';
    return text;
}();

struct TextForm {
    static void begin_list(std::string& out, std::size_t) { out += '['; }
    static void next(std::string& out, bool first) {
        if (!first) out += ',';
    }
    static void end_list(std::string& out) { out += ']'; }

    static void begin_members(std::string& out, std::size_t) { out += '{'; }
    template <class T, std::size_t I>
    static void member(std::string& out, bool first) {
        out += member_begin<T, I>.view().substr(first ? 1 : 0);
    }
    static void key(std::string& out, std::string_view chars, bool first) {
        next(out, first);
        text(out, chars);
        out += ':';
    }
    static void end_members(std::string& out) { out += '}'; }

    static void null(std::string& out) { out += "null"; }
    template <class N>
    static void number(std::string& out, N value) {
        if constexpr (std::is_same_v<N, bool>) out += value ? "true" : "false";
        else if constexpr (std::is_floating_point_v<N>) tree(out, number_to_json(value));
        else Writer(out) << widened(value);
    }
    static void text(std::string& out, std::string_view chars) {
        const std::size_t begin = out.size();
        std::size_t written = 0;
        out += '"';
        for (std::size_t i = 0; i < chars.size(); ++i) {
            const char c = chars[i];
            if (c == '"' || c == '\\') {
                (out += chars.substr(written, i - written)) += '\\';
                written = i;
            } else if (c < 0x20 || c > 0x7e) {  // whether char has a sign or not
                out.resize(begin);
                tree(out, Json(json_text(chars)));
                return;
            }
        }
        (out += chars.substr(written)) += '"';
    }
    // That stands in JSON as it is.
    static void plain(std::string& out, std::string_view chars) { ((out += '"') += chars) += '"'; }
    static void tree(std::string& out, const Json& json) { out += json.dump(); }
};
using JsonText = DocumentWriter<TextForm>;

}  // namespace stet::detail
